"""Pages made for the tests of clean."""

from collections.abc import Callable, Sequence

import pytest

from sft_assets.clean.page_lines import PageLine, PageText

HEIGHT = 800.0
MakePage = Callable[..., PageText]


def make_page(
    page_no: int,
    lines: Sequence[tuple[str, float] | str],
    *,
    label: str | None = None,
    tables: Sequence[int] = (),
) -> PageText:
    """A page of lines at heights ``top``; lines without one stand in the middle of the page."""
    made, start, middle = [], 0, 200.0
    for number, line in enumerate(lines):
        middle += 20
        text, top = line if isinstance(line, tuple) else (line, middle)
        box = (50.0, top, 50.0 + 5 * len(text), top + 10)
        made.append(PageLine(text, start, start + len(text), box, 10.0, number in tables))
        start += len(text) + 1
    text = "\n".join(line.text for line in made)
    return PageText(page_no, text, HEIGHT, label, tuple(made))


@pytest.fixture(scope="session")
def page() -> MakePage:
    """The maker of pages."""
    return make_page
