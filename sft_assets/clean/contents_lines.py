"""Find a report's table of contents: its lines name what stands elsewhere and prove nothing."""

import re
from collections.abc import Sequence
from itertools import pairwise

from sft_assets.clean.page_lines import PageLine, PageText

TITLE = re.compile(
    r"(?:table\s+of\s+)?contents|index|form\s+10-k\s+(?:table\s+of\s+contents|index)|"
    r"目\s*[录錄]|(?:contents\s*目\s*[录錄])|(?:目\s*[录錄]\s*contents)",
    re.IGNORECASE,
)
LEADERS = r"(?:[.．·…・‧_]\s?){4,}"
NUMBER = r"[-–—\s]*(?P<number>\d{1,3})[-–—\s]*"
WITH_LEADERS = re.compile(rf".*[^\s\d.].*?{LEADERS}\s*{NUMBER}")
WITHOUT = re.compile(rf"(?=.*[^\W\d]{{2}}).*[^\d\s$%—–-](?:\s+|\s*{LEADERS}\s*){NUMBER}")
FIGURES = re.compile(r"\d[,，]\d{3}|[$%￥]|\d\s+\d")  # a table's, or two columns of them
HEADS = re.compile(
    r"(?:item no\.?\s*)?page(?: no\.?| number)?|part [ivx]+|页码|頁次|頁碼", re.IGNORECASE
)
MIN_ENTRIES = 4  # under a title
MIN_LEADERS = 6  # without one
ASCENDING = 0.8  # of the numbers from one entry to the next
MAX_BETWEEN = 3  # lines without a number from one entry to the next: parts, wrapped entries


def find_contents(page: PageText) -> list[PageLine]:
    """Return the lines of a table of contents on ``page``, its title included; often none.

    Each entry ends in a page number and has no other figures, and the numbers go up. Without a
    title, dots have to lead to them: a list of figures may go up too.
    """
    titles = [i for i, line in enumerate(page.lines) if TITLE.fullmatch(line.text.strip())]
    for start in titles:
        found = _entries(page.lines, start + 1, WITHOUT)
        if len(found) >= MIN_ENTRIES and _all_text(page.lines[start : found[-1] + 1]):
            above = page.lines[start + 1 : found[0]]
            heads = [line for line in above if HEADS.fullmatch(line.text.strip())]
            return [page.lines[start], *heads, *page.lines[found[0] : found[-1] + 1]]
    found = _entries(page.lines, 0, WITH_LEADERS)
    if len(found) < MIN_LEADERS or not _all_text(page.lines[found[0] : found[-1] + 1]):
        return []
    return list(page.lines[found[0] : found[-1] + 1])


def _all_text(lines: Sequence[PageLine]) -> bool:
    return not any(FIGURES.search(line.text) for line in lines)


def _entries(lines: Sequence[PageLine], start: int, pattern: re.Pattern[str]) -> list[int]:
    """Return the lines from ``start`` on that are entries, up to where they end."""
    found: list[int] = []
    numbers: list[int] = []
    for i, line in enumerate(lines[start:], start):
        if found and i - found[-1] > MAX_BETWEEN + 1:
            break
        entry = pattern.fullmatch(line.text)
        if entry is not None:
            found.append(i)
            numbers.append(int(entry["number"]))
    up = sum(a <= b for a, b in pairwise(numbers))
    return found if found and up >= ASCENDING * (len(numbers) - 1) else []
