"""What a reader finds on one page: characters and ruling lines in the page's displayed frame."""

from dataclasses import dataclass, field
from typing import Any

Obj = dict[str, Any]
"""A character or an edge with pdfplumber's keys, so that its word and table functions take it."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything later modules need from a page.

    The frame is the page as displayed: crop box, after /Rotate, origin at the top left, points.
    """

    page_no: int  # 1-based
    width: float
    height: float
    chars: list[Obj] = field(default_factory=list)  # visible only
    edges: list[Obj] = field(default_factory=list)  # horizontal and vertical
    hidden: list[Obj] = field(default_factory=list)  # characters that nobody can see
    image_share: float = 0.0  # of the page's area that images cover, 0..1
    shapes: int = 0  # painted paths
    is_doubtful: bool = False  # the reader may have lost characters

    @property
    def hidden_chars(self) -> int:
        """Return how many characters nobody can see, spaces not counted."""
        return sum(not char["text"].isspace() for char in self.hidden)


def make_char(text: str, box: tuple[float, float, float, float], size: float, upright: bool) -> Obj:
    """Return a character in pdfplumber's shape; ``box`` is x0, top, x1, bottom."""
    x0, top, x1, bottom = box
    return {
        "object_type": "char",
        "text": text,
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "doctop": top,
        "width": x1 - x0,
        "height": bottom - top,
        "size": size,
        "upright": upright,
    }


def make_edge(x0: float, top: float, x1: float, bottom: float) -> Obj:
    """Return a horizontal or vertical edge in pdfplumber's shape."""
    return {
        "object_type": "line",
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "doctop": top,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if bottom - top <= x1 - x0 else "v",
    }
