"""Whether a text layer says what the page shows, or has to be read from the picture."""

import re
import unicodedata

MIN_CHARS = 20  # fewer visible characters say nothing about a page with a picture
IMAGE_SHARE = 0.3  # of the page covered by pictures: a scan, not a logo
DRAWN = 400  # painted shapes without any text: letters turned into outlines
MIN_CJK = 80  # characters from which frequencies mean something
MIN_COMMON_SHARE = 0.08  # of the characters below in Chinese prose and tables: 0.2 to 0.5

GARBLED = 150  # Latin letters in garbled lines that no address or list of names explains
MIN_LATIN = 12  # letters of a line from which their frequencies mean something
LOW_LATIN = 0.45  # share of the letters below in a line of words: 0.5 to 0.75
LOWER_LATIN = 0.35  # ... that needs no odd sign to be told
COMMON_LATIN = frozenset("etaoinsr")
ODD_SIGN = re.compile(r"[A-Za-z][\[\]\\^`{|}<>=~?!;:@][A-Za-z]")
NAMELESS = re.compile("\ufffd{4,}")  # a word, not a bullet or a ligature
ADDRESS = re.compile(r"\S*(?:www\.|://|@\w+\.)\S*|\S+\.(?:com|cn|hk|org|net)\S*", re.I)

COMMON = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产"
    "面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本"
    "去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你明看原又么利比"
    "或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果料象员革位入常文总"
    "次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做"
    "必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权"
    "收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信"
    "股份司董告限财净額额資產損益團團報務會計應減項動產權發為個國時們來這後對說過於與間實現業開關東長門機"
    "元币银售净润投债负款券货账户监审董监营东票购销付减存款项息税准备余额"
)
WORD = re.compile(
    r"[\"'“”‘’(（\[{<*•·]*(?:[A-Za-z]+(?:['’.&/\-–—,_@][A-Za-z0-9]+)*|[A-Z](?:\.[A-Z])+\.?)"
    r"[\"'“”‘’)）\]}>.,;:!?%*®™©†‡…\-–—/]*(?:\d{1,2})?"
)
NUMBER = re.compile(r"[\W_]*[A-Z]{0,4}[\W_]*\d[\d.,，:/\-–—%年月日()（）]*[A-Za-z]{0,3}[\W_]*")


def readability_of(text: str) -> float:
    r"""Return the share of ``text``'s characters that belong to words or numbers, 0..1.

    >>> readability_of("Net income 72,361"), readability_of("\ufffd\ufffd\ufffd 净利润")
    (1.0, 0.5)
    """
    total = good = 0
    for token in text.split():
        total += len(token)
        good += _readable_chars(token)
    if not total:
        return 0.0
    share = good / total
    cjk = [c for c in text if "\u4e00" <= c <= "\u9fff"]
    if len(cjk) >= MIN_CJK and sum(c in COMMON for c in cjk) < MIN_COMMON_SHARE * len(cjk):
        share *= 1 - len(cjk) / total  # Chinese characters, but not Chinese
    return round(share, 4)


def _readable_chars(token: str) -> int:
    if any(p.fullmatch(token) for p in (WORD, NUMBER, ADDRESS)) or not any(map(str.isalnum, token)):
        return len(token) - sum(_is_broken(c) for c in token)
    wide = sum(c >= "\u2e80" and not _is_broken(c) for c in token)
    if wide:  # Chinese with what stands in it
        return len(token) - sum(_is_broken(c) for c in token)
    return sum(c.isalnum() for c in token) // 2  # letters and signs mixed: hardly a word


def _is_broken(char: str) -> bool:
    return unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") or char == "\ufffd"


def garbled_letters(text: str) -> int:
    """Return the letters that have no name, or stand in lines of shifted codes, not words.

    A font with a broken map turns "Officer" into "4KܪHJW": capital letters that hardly occur in
    words, odd signs between letters, letters of scripts that no report is written in. One such
    font among good ones leaves a page that is readable for the most part.

    >>> garbled_letters("(MNJK *]JHZYN[J 4KHJW"), garbled_letters("Chief Executive Officer")
    (14, 0)
    """
    lost = sum(len(run) for run in NAMELESS.findall(text))
    return lost + sum(_garbled_in(line) for line in text.split("\n"))


def _garbled_in(line: str) -> int:
    line = ADDRESS.sub("", line)
    letters = [char for char in line.lower() if "a" <= char <= "z"]
    if len(letters) < MIN_LATIN:
        return 0
    share = sum(char in COMMON_LATIN for char in letters) / len(letters)
    is_odd = bool(ODD_SIGN.search(line)) or any(map(_is_foreign, line))
    return len(letters) if share < (LOW_LATIN if is_odd else LOWER_LATIN) else 0


def _is_foreign(char: str) -> bool:
    """Return whether ``char`` is a letter of a script between Cyrillic and Chinese."""
    return "\u0500" <= char < "\u1e00" and char.isalpha()


def needs_ocr(
    text: str,
    image_share: float,
    shapes: int,
    *,
    is_readable: bool,
    hidden_chars: int = 0,
) -> bool:
    """Return whether the page's picture has to be read instead of its text layer.

    A scan may have a text layer that nobody sees under its picture, and a stamp over it: where
    most characters are hidden, the picture is what people read.

    Args:
        text: What the text layer says.
        image_share: Of the page covered by pictures, 0..1.
        shapes: Painted shapes.
        is_readable: Whether ``readability_of`` the text is high enough.
        hidden_chars: Characters of the layer that nobody sees.
    """
    visible = len("".join(text.split()))
    if image_share >= IMAGE_SHARE and hidden_chars > visible:
        return True
    if visible < MIN_CHARS:
        return image_share >= IMAGE_SHARE or shapes >= DRAWN
    return not is_readable or garbled_letters(text) >= GARBLED
