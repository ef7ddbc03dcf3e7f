"""Find running heads and feet, printed page numbers and watermarks."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sft_assets.clean.page_lines import PageLine, PageText

MIN_PAGES = 3  # one line that repeats on two pages is content
OUTER_SHARE = 0.08  # of the pages: sections have heads of their own, odd and even pages too
TABLE_SHARE = 0.25  # a line of a table may be its header, printed again on each page
EDGE = 0.15  # of the page's height, above and below
SAME_PLACE = 4.0  # points that a running line may wander
WATERMARK_SHARE = 0.5
PAGE_NUMBER = re.compile(
    r"[-–—~·\s]*(?:page|第)?\s*[A-Z]?-?(?:\d{1,4}|[ivxlc]{1,7})\s*(?:页|頁)?"
    r"(?:\s*(?:/|of|共)\s*\d{1,4}\s*(?:页|頁)?)?[-–—~·\s]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is no content, and the rule that says so."""

    line: PageLine
    rule: str  # running_line, page_number, watermark


def find_running_lines(pages: Sequence[PageText]) -> dict[int, list[Dropped]]:
    """Return the lines to drop, by page number, in order of the page's text.

    A line at the edge of a page is a running one when its text, with digits masked and spaces
    left out, stands at the same height on enough pages. Edges are peeled until nothing more is
    found, so that cleaning what was cleaned changes nothing. The body repeats no line at the
    edge of three pages in the same place, but a table's header may: it needs more pages.
    """
    dropped: dict[int, dict[int, str]] = {page.page_no: {} for page in pages}
    watermarks = _watermarks(pages)
    for page in pages:
        for line in page.lines:
            if _mark_key(line) in watermarks:
                at_edge = _is_at_edge(line, page, True) or _is_at_edge(line, page, False)
                dropped[page.page_no][line.start] = "running_line" if at_edge else "watermark"
    offset = _label_offset(pages)
    while _peel(pages, dropped, offset):
        pass
    return {
        page.page_no: [
            Dropped(line, dropped[page.page_no][line.start])
            for line in page.lines
            if line.start in dropped[page.page_no]
        ]
        for page in pages
    }


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


def _label_offset(pages: Sequence[PageText]) -> int | None:
    """Return printed number minus position, as on most pages; None when no three agree."""
    offsets = Counter(
        int(page.label) - page.page_no for page in pages if page.label and page.label.isdecimal()
    )
    if not offsets:
        return None
    offset, count = min(offsets.items(), key=lambda item: (-item[1], item[0]))
    return offset if count >= MIN_PAGES else None


def _is_at_edge(line: PageLine, page: PageText, at_top: bool) -> bool:
    if at_top:
        return line.box[3] <= page.height * EDGE
    return line.box[1] >= page.height * (1 - EDGE)


def _peel(
    pages: Sequence[PageText], dropped: Mapping[int, dict[int, str]], offset: int | None
) -> bool:
    """Drop the outermost lines that qualify, once; return whether there were any."""
    found = False
    for at_top in (True, False):
        edge = {page.page_no: _outermost(page, dropped[page.page_no], at_top) for page in pages}
        near = {
            page.page_no: line
            for page in pages
            if (line := edge[page.page_no]) is not None and _is_at_edge(line, page, at_top)
        }
        running = _running(near, len(pages))
        for page in pages:
            line = edge[page.page_no]
            if line is None:
                continue
            is_number = _is_page_number(line, page, offset, _is_at_edge(line, page, at_top))
            rule = "page_number" if is_number else "running_line"
            if rule == "page_number" or page.page_no in running:
                dropped[page.page_no][line.start] = rule
                found = True
    return found


def _outermost(page: PageText, gone: Mapping[int, str], at_top: bool) -> PageLine | None:
    """Return the first or last line that is still there."""
    left = [line for line in page.lines if line.start not in gone]
    if not left:
        return None
    return left[0] if at_top else left[-1]


def _running(edge: Mapping[int, PageLine], page_count: int) -> set[int]:
    """Return the pages whose outermost line repeats on enough others, in the same place."""
    groups: dict[str, list[tuple[float, int]]] = defaultdict(list)
    for page_no, line in edge.items():
        if key := masked(line.text):
            groups[key].append((line.box[1], page_no))
    running: set[int] = set()
    for members in groups.values():
        for cluster in _same_place(members):
            in_tables = sum(edge[page_no].in_table for page_no in cluster)
            share = TABLE_SHARE if in_tables * 2 > len(cluster) else OUTER_SHARE
            if len(cluster) >= max(MIN_PAGES, share * page_count):
                running.update(cluster)
    return running


def _same_place(members: Iterable[tuple[float, int]]) -> list[list[int]]:
    clusters: list[list[int]] = []
    last = None
    for top, page_no in sorted(members):
        if last is None or top - last > SAME_PLACE:
            clusters.append([])
        clusters[-1].append(page_no)
        last = top
    return clusters


def masked(text: str) -> str:
    """Return what stays the same when page numbers and years change; "" for a line of figures.

    >>> masked("2021 年年度报告"), masked("1,234.56 - 7")
    ('#年年度报告', '')
    """
    key = re.sub(r"[\d０-９]+", "#", "".join(text.split()))
    letters = sum(char.isalpha() for char in key)
    return key if letters >= 2 else ""


def _is_page_number(line: PageLine, page: PageText, offset: int | None, at_edge: bool) -> bool:
    """Return whether ``line`` is nothing but the page's printed number.

    On a short page it stands in the middle: there the count of the other pages has to agree.
    """
    if not PAGE_NUMBER.fullmatch(line.text) or line.in_table:
        return False
    if not at_edge and (offset is None or page.label != str(page.page_no + offset)):
        return False
    numbers = re.findall(r"\d+|[ivxlcIVXLC]+", line.text)
    return page.label is not None and page.label.rsplit("-", 1)[-1] in numbers
