"""Find running heads and feet, printed page numbers and watermarks."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from sft_assets.clean.page_lines import PageLine, PageText
from sft_assets.clean.page_numbers import PageNumbers, count_labels

MIN_PAGES = 3  # one line that repeats on two pages is content
RUNNING_SHARE = 0.6  # of the pages with a line at that height: their lines there repeat too
NEAR = 2  # pages: a section's head is on all of them, or on every other one
IN_A_ROW = 0.6  # of its pages that have another one near
RUN_PAGES = 8  # one after the other: so long no chance, and no statement, repeats a line
MAX_GAP = 2.0  # of the font size: a wider blank parts the heads of a table's columns
MAX_CHARS = 120  # no head is longer
MOST_PAGES = 0.5  # a line on so many pages needs no others that repeat
WHOLE_SPAN = 0.8  # of the report: a head from the first pages to the last is no section's
EDGE = 0.15  # of the page's height, above and below
SAME_PLACE = 4.0  # points that a running line may wander
WATERMARK_SHARE = 0.5
AMOUNT = re.compile(r"\d{1,3}(?:[,，]\d{3})+|\d\.\d")
TICKS = re.compile(r"[□■√☐☑☒]|适用|適用")
UNIT = re.compile(r"(?:单位|單位)[:：]|\bin (?:thousands|millions|billions)\b", re.IGNORECASE)
CONTINUED = re.compile(r"[（(\s]*(?:continued|cont['’]?d\.?|续|續|續上頁|续上页)\s*[)）]?$", re.I)
LABEL = re.compile(
    r"(?:exhibit|schedule|annex|appendix|attachment|附件|附表|附录|附錄)(?:\s*no\.?)?"
    r"\s*[(（]?(?:\d+(?:[.-]\d+)*[a-z]?|[a-z]|[ivx]+|[一二三四五六七八九十]+)[)）]?[.:：]?",
    re.IGNORECASE,
)
ROMAN_END = re.compile(r"^[ivxlc]+(?=\s)|(?<=\s)[ivxlc]+$")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is no content, and the rule that says so."""

    line: PageLine
    rule: str  # running_line, page_number, watermark


def find_running_lines(pages: Sequence[PageText]) -> dict[int, list[Dropped]]:
    """Return the lines to drop, by page number, in order of the page's text.

    A line at the edge of a page is a running one when its text, with digits masked and spaces
    left out, stands at the same height on enough pages, and when what stands at that height on
    the other pages repeats too: a table's header or a tick line may open many pages, but the
    body's first lines differ. The head of a section stays on the first of its pages, where it is
    the section's title; "Exhibit 23", "Exhibit 24" on a page each are a title each. Edges are
    peeled until nothing more is found, so that cleaning what was cleaned changes nothing.
    """
    state = _State(pages, count_labels(pages))
    watermarks = _watermarks(pages)
    for page in pages:
        for line in page.lines:
            if _mark_key(line) in watermarks and not _is_at_an_edge(line, page):
                state.dropped[page.page_no][line.start] = "watermark"
    while any([_peel(state, at_top=True), _peel(state, at_top=False)]):
        pass
    return {
        page.page_no: [
            Dropped(line, state.dropped[page.page_no][line.start])
            for line in page.lines
            if line.start in state.dropped[page.page_no]
        ]
        for page in pages
    }


def without_running_lines(pages: Sequence[PageText]) -> list[PageText]:
    """Return ``pages`` without the lines that are no content; their texts stay as they are."""
    dropped = find_running_lines(pages)
    gone = {page_no: {d.line.start for d in found} for page_no, found in dropped.items()}
    return [
        replace(
            page, lines=tuple(line for line in page.lines if line.start not in gone[page.page_no])
        )
        for page in pages
    ]


Head = tuple[bool, str]  # at the top?, what tells it


@dataclass(slots=True)
class _State:
    """What has been decided so far."""

    pages: Sequence[PageText]
    numbers: PageNumbers
    dropped: dict[int, dict[int, str]] = field(init=False)
    titles: dict[int, set[int]] = field(init=False)  # starts of heads that stay, by page
    with_unit: set[int] = field(default_factory=set)  # pages whose unit line was passed over
    heads: dict[Head, range] = field(default_factory=dict)  # known ones, and their pages

    def __post_init__(self) -> None:
        self.dropped = {page.page_no: {} for page in self.pages}
        self.titles = {page.page_no: set() for page in self.pages}

    @property
    def decided(self) -> int:
        """How many lines have been dropped or taken for titles."""
        return sum(len(found[no]) for found in (self.dropped, self.titles) for no in found)

    def left(self, page: PageText) -> list[PageLine]:
        """Return the lines of the body that are still on ``page``, titles left out."""
        gone = {*self.dropped[page.page_no], *self.titles[page.page_no]}
        return [line for line in page.lines if line.start not in gone and not line.runs_across]


MarkKey = tuple[str, int, int]


def _mark_key(line: PageLine) -> MarkKey:
    return (
        "".join(line.text.split()),
        round(line.box[0] / SAME_PLACE),
        round(line.box[1] / SAME_PLACE),
    )


def _watermarks(pages: Sequence[PageText]) -> set[MarkKey]:
    """Return the lines that stand at one spot of most pages, whatever stands around them."""
    counts: dict[MarkKey, int] = defaultdict(int)
    for page in pages:
        for key in {_mark_key(line) for line in page.lines if line.text.strip()}:
            counts[key] += 1
    needed = max(MIN_PAGES + 1, WATERMARK_SHARE * len(pages))
    return {key for key, count in counts.items() if count >= needed and masked(key[0])}


def _is_at_an_edge(line: PageLine, page: PageText) -> bool:
    return _is_at_edge(line, page, at_top=True) or _is_at_edge(line, page, at_top=False)


def _is_at_edge(line: PageLine, page: PageText, *, at_top: bool) -> bool:
    if at_top:
        return line.box[3] <= page.height * EDGE
    return line.box[1] >= page.height * (1 - EDGE)


def _place(line: PageLine, page: PageText, *, at_top: bool) -> float:
    """Return how far ``line`` is from its edge, in points: pages may differ in height."""
    return line.box[1] if at_top else page.height - line.box[3]


@dataclass(frozen=True, slots=True)
class _Outermost:
    """The first or last line of a page."""

    page: PageText
    line: PageLine
    head: Head
    place: float  # points from the edge

    @property
    def page_no(self) -> int:
        """Position of the page."""
        return self.page.page_no


def _peel(state: _State, *, at_top: bool) -> bool:
    """Drop the outermost lines that qualify, once; return whether there were any."""
    before = state.decided
    outermost = [
        (page, (min if at_top else max)(left, key=lambda li: (li.box[1], li.box[0], li.start)))
        for page in state.pages
        if (left := state.left(page))
    ]
    state.numbers = state.numbers.with_lines(outermost)
    edge: list[_Outermost] = []
    for page, line in outermost:
        at_edge = _is_at_edge(line, page, at_top=at_top)
        if state.numbers.holds(line, page, at_edge=at_edge):
            state.dropped[page.page_no][line.start] = "page_number"
        elif at_edge and line.in_table and page.page_no in state.with_unit:
            continue  # the header of the table whose unit stands above it
        elif at_edge and (key := _key(line)):
            edge.append(_Outermost(page, line, (at_top, key), _place(line, page, at_top=at_top)))
    for group in _running_groups(edge, state, at_top=at_top):
        if UNIT.search(group[0].line.text):  # it stays, and other heads may stand below it
            for item in group:
                state.titles[item.page_no].add(item.line.start)
                state.with_unit.add(item.page_no)
            continue
        whole = _is_whole(group, state)
        if (at_top and not whole) or _is_label(group[0].line):
            for title in _titles(group, state):
                state.titles[title.page_no].add(title.line.start)
        first, last = (
            (0, state.pages[-1].page_no) if whole else (group[0].page_no, group[-1].page_no)
        )
        known = state.heads.get(group[0].head, range(first, first))
        state.heads[group[0].head] = range(
            min(first, known.start), max(last + NEAR + 1, known.stop)
        )
    for item in edge:
        is_title = item.line.start in state.titles[item.page_no]
        if item.page_no in state.heads.get(item.head, ()) and not is_title:
            state.dropped[item.page_no][item.line.start] = "running_line"
    return state.decided > before


def _key(line: PageLine) -> str:
    """Return what tells a running line; "" for a line that must be content."""
    key = masked(line.text)
    if not key or TICKS.search(line.text):
        return ""
    return "".join(line.text.split()) if AMOUNT.search(line.text) else key


def _running_groups(
    edge: Sequence[_Outermost], state: _State, *, at_top: bool
) -> list[list[_Outermost]]:
    """Return the outermost lines that repeat in one place, where what else stands there does."""
    groups: dict[Head, list[_Outermost]] = defaultdict(list)
    for item in edge:
        groups[item.head].append(item)
    clusters = [
        sorted(found, key=lambda item: item.page_no)
        for members in groups.values()
        for found in _same_place(members)
    ]
    places = _lines_at_edge(state, at_top=at_top)
    return [c for c in clusters if _is_running(c, clusters, places, len(state.pages))]


def _is_running(
    cluster: Sequence[_Outermost],
    clusters: Sequence[Sequence[_Outermost]],
    places: Sequence[tuple[int, float]],
    page_count: int,
) -> bool:
    pages, found = len(cluster), [item.place for item in cluster]
    if pages >= max(MIN_PAGES, MOST_PAGES * page_count):
        return True
    if pages < MIN_PAGES or len(cluster[0].line.text) > MAX_CHARS or not _is_in_a_row(cluster):
        return False
    is_run = cluster[-1].page_no - cluster[0].page_no + 1 == pages >= RUN_PAGES
    parted = any(item.line.widest_gap > MAX_GAP * item.line.size for item in cluster)
    if not (parted or _is_in_tables(cluster)) and (
        is_run or CONTINUED.search(cluster[0].line.text)
    ):
        return True
    low, high = min(found) - SAME_PLACE, max(found) + SAME_PLACE
    here = len({page_no for page_no, place in places if low <= place <= high})
    beside = [c for c in clusters if all(low <= item.place <= high for item in c)]
    if _is_in_tables(cluster):  # a table's header, unless the other lines here are heads
        beside = [c for c in beside if not _is_in_tables(c)]
    repeated = sum(len(c) for c in beside if len(c) >= MIN_PAGES)
    return repeated >= max(MIN_PAGES, RUNNING_SHARE * here)


def _is_in_a_row(cluster: Sequence[_Outermost]) -> bool:
    """Return whether most pages of ``cluster`` have another one near."""
    pages = [item.page_no for item in cluster]
    gaps = [b - a for a, b in pairwise(pages)]
    near = sum(min(a, b) <= NEAR for a, b in pairwise([NEAR + 1, *gaps, NEAR + 1]))
    return near >= IN_A_ROW * len(pages)


def _is_in_tables(cluster: Sequence[_Outermost]) -> bool:
    return sum(item.line.in_table for item in cluster) * 2 > len(cluster)


def _lines_at_edge(state: _State, *, at_top: bool) -> list[tuple[int, float]]:
    """Return page and place of each line that is still at the edge."""
    return [
        (page.page_no, _place(line, page, at_top=at_top))
        for page in state.pages
        for line in state.left(page)
        if _is_at_edge(line, page, at_top=at_top)
    ]


def _same_place(members: Iterable[_Outermost]) -> list[list[_Outermost]]:
    """Return ``members`` in clusters of one place."""
    clusters: list[list[_Outermost]] = []
    for item in sorted(members, key=lambda m: (m.place, m.page_no)):
        if not clusters or item.place - clusters[-1][-1].place > SAME_PLACE:
            clusters.append([])
        clusters[-1].append(item)
    return clusters


def _is_whole(group: Sequence[_Outermost], state: _State) -> bool:
    """Return whether ``group`` goes from the first pages of the report to the last."""
    filled = [page.page_no for page in state.pages if page.lines]
    span = sum(group[0].page_no <= page_no <= group[-1].page_no for page_no in filled)
    return span >= WHOLE_SPAN * len(filled)


def _titles(group: Sequence[_Outermost], state: _State) -> list[_Outermost]:
    """Return the first line of each section's head in ``group`` that is printed only there.

    "Item 7" and "Item 8" are two heads; "page 7" and "page 8", another one a page, are one. The
    label of an exhibit counts no pages, however short exhibits are.
    """
    first: dict[str, _Outermost] = {}
    for item in group:
        first.setdefault("".join(item.line.text.split()), item)
    are_few = len(first) * 2 <= len(group)
    heads = [head for head in first.values() if are_few or head is group[0] or _is_label(head.line)]
    return [
        head for head in heads if not CONTINUED.search(head.line.text) and not _stands(head, state)
    ]


def _is_label(line: PageLine) -> bool:
    return bool(LABEL.fullmatch(line.text.strip()))


def _stands(head: _Outermost, state: _State) -> bool:
    """Return whether the head's text is printed in the body of its page or of the one before."""
    near = [page for page in state.pages if 0 <= head.page_no - page.page_no <= 1]
    return any(
        _key(line) == head.head[1] and not _is_at_edge(line, page, at_top=head.head[0])
        for page in near
        for line in page.lines
    )


def masked(text: str) -> str:
    """Return what stays the same when page numbers and years change; "" for a line of figures.

    >>> masked("2021 年年度报告"), masked("1,234.56 - 7"), masked("xii Annual report")
    ('#年年度报告', '', '#Annualreport')
    """
    plain = ROMAN_END.sub("1", text.strip())
    key = re.sub(r"[\d０-９]+", "#", "".join(plain.split()))
    letters = sum(char.isalpha() for char in key)
    return key if letters >= 2 else ""
