"""The lines of a page's body, and apart from them the text that runs aslant, up or down."""

from sft_assets.extract.reading.chars import Chars
from sft_assets.extract.reading.lines import Line
from sft_assets.extract.reading.page_content import PageContent
from sft_assets.extract.reading.slanted_text import part_slanted
from sft_assets.extract.reading.vertical_text import part_vertical


def part_body(content: PageContent) -> tuple[Chars, list[Line]]:
    """Return the characters that stand in lines, and each mark that runs another way as a line."""
    straight, slanted = part_slanted(content.chars)
    body, vertical = part_vertical(straight, content.edges)
    return body, [*slanted, *vertical]
