"""The two typefaces of the reports: Droid Sans Fallback for Chinese, Liberation for the rest.

Both are free to embed (Apache 2.0 and SIL OFL) and are Debian packages: ``fonts-droid-fallback``
and ``fonts-liberation``. The Chinese font has no Latin letters, digits or ticked boxes, so every
line is drawn in runs.
"""

from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from sft_assets.errors import SettingsError

HAN = "Han"
FOLDERS = (
    Path("/usr/share/fonts/truetype/droid"),
    Path("/usr/share/fonts-droid-fallback/truetype"),
    Path("/usr/share/fonts/truetype/liberation"),
    Path("/usr/share/fonts/truetype/liberation2"),
)
FILES = {
    HAN: "DroidSansFallbackFull.ttf",
    "Serif": "LiberationSerif-Regular.ttf",
    "Serif-Bold": "LiberationSerif-Bold.ttf",
    "Sans": "LiberationSans-Regular.ttf",
    "Sans-Bold": "LiberationSans-Bold.ttf",
}


def _find_font(name: str) -> Path | None:
    return next((folder / name for folder in FOLDERS if (folder / name).is_file()), None)


def missing_fonts() -> list[str]:
    """Font files that this machine does not have; the generator needs all of them."""
    return sorted(name for name in FILES.values() if _find_font(name) is None)


def register_fonts() -> None:
    """Makes the fonts known to reportlab.

    Raises:
        SettingsError: A font file is not installed.
    """
    if missing := missing_fonts():
        raise SettingsError(
            f"fonts {', '.join(missing)} are not installed; expected them in a folder below "
            "/usr/share/fonts\nhint: apt-get install fonts-droid-fallback fonts-liberation"
        )
    for name, file_name in FILES.items():
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(_find_font(file_name))))


def is_han(char: str) -> bool:
    """Whether the character is drawn with the Chinese font."""
    return "\u2e80" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"


def split_runs(text: str, latin: str) -> list[tuple[str, str]]:
    """Stretches of text with the font that each is drawn in."""
    runs: list[tuple[str, str]] = []
    for char in text:
        font = HAN if is_han(char) else latin
        if runs and runs[-1][0] == font:
            runs[-1] = (font, runs[-1][1] + char)
        else:
            runs.append((font, char))
    return runs


def text_width(text: str, latin: str, size: float) -> float:
    """Width in points."""
    return sum(
        float(pdfmetrics.stringWidth(run, font, size)) for font, run in split_runs(text, latin)
    )
