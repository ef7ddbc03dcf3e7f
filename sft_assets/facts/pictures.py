"""Pictures of pages, drawn in isolated children."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sft_assets.errors import RejectedDocumentError
from sft_assets.facts.child import PICTURES
from sft_assets.worker.answers import NoValues
from sft_assets.worker.isolated import run_isolated
from sft_assets.worker.limits import text_limits

PNG = b"\x89PNG\r\n\x1a\n"
DPI = 100


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as a picture; ``width`` and ``height`` in points."""

    width: float
    height: float
    png: bytes

    @property
    def source(self) -> str:
        """The picture as the source of an HTML image."""
        return "data:image/png;base64," + base64.b64encode(self.png).decode("ascii")


def draw_pages(pdf: Path, pages: Iterable[int]) -> dict[int, Picture]:
    """Return the pictures of ``pages`` (1-based); a page that cannot be drawn has none."""
    found: dict[int, Picture] = {}
    for page_no in sorted(set(pages)):
        payload = {"pdf": str(pdf.resolve()), "pages": [page_no], "dpi": DPI}
        try:
            answer = run_isolated(
                "sft_assets.facts.child:draw_pages",
                payload,
                values=NoValues,
                tables={"pictures": PICTURES},
                limits=text_limits(4),
            )
        except RejectedDocumentError:
            continue
        for number, width, height, png in answer.tables["pictures"].iter_rows():
            if number == page_no and width > 0 and height > 0 and png.startswith(PNG):
                found[page_no] = Picture(width, height, png)
    return found
