"""All edits of a report's pages: dropped lines and joined ones, in order and without overlap."""

from collections.abc import Mapping, Sequence

from sft_assets.clean.contents_lines import find_contents
from sft_assets.clean.page_lines import PageText
from sft_assets.clean.running_lines import Dropped, find_running_lines
from sft_assets.clean.wrapped_lines import common_margins, find_wraps
from sft_assets.lineage.text_edits import Edit


def find_edits(pages: Sequence[PageText]) -> Mapping[int, list[Edit]]:
    """Return the edits of each page of one report, by page number."""
    dropped = find_running_lines(pages)
    margins = common_margins([page.lines for page in pages])
    return {page.page_no: _page_edits(page, dropped[page.page_no], margins) for page in pages}


def _page_edits(page: PageText, dropped: Sequence[Dropped], margins: Sequence[float]) -> list[Edit]:
    gone = {line.start: "table_of_contents" for line in find_contents(page)}
    gone |= {d.line.start: d.rule for d in dropped}
    kept = [line for line in page.lines if line.start not in gone]
    edits = find_wraps(kept, margins)
    last_kept = kept[-1].end if kept else 0
    for line in page.lines:
        if line.start not in gone:
            continue
        if line.start > last_kept and kept:  # after the last line: its line feed stands before
            edits.append(Edit(line.start - 1, line.end, "", gone[line.start]))
        else:
            end = min(line.end + 1, len(page.text))
            edits.append(Edit(line.start, end, "", gone[line.start]))
    return sorted(edits)
