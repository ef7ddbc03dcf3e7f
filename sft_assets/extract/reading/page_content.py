"""What a reader finds on one page: characters and ruling lines in the page's displayed frame."""

from dataclasses import dataclass, field

from sft_assets.extract.reading.chars import Chars, chars_of

Edge = tuple[float, float, float, float]
"""A horizontal or vertical line: x0, top, x1, bottom in points."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything later modules need from a page.

    The frame is the page as displayed: crop box, after /Rotate, origin at the top left, points.
    """

    page_no: int  # 1-based
    width: float
    height: float
    chars: Chars  # visible only
    edges: list[Edge] = field(default_factory=list)
    hidden: Chars = field(default_factory=lambda: chars_of([]))  # that nobody can see
    image_share: float = 0.0  # of the page's area that images cover, 0..1
    shapes: int = 0  # painted paths
    is_doubtful: bool = False  # the reader may have lost characters

    @property
    def hidden_chars(self) -> int:
        """Return how many characters nobody can see, spaces not counted."""
        return int((~self.hidden.blank).sum())


def make_edge(x0: float, top: float, x1: float, bottom: float) -> Edge:
    """Return the edge between two points of one line, the upper left one first."""
    return x0, top, x1, bottom
