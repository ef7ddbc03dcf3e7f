"""Read a page from its picture: words with boxes and confidence, ruling lines, the way it stands.

Runs in an isolated child only.
"""

import math
import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sft_assets.extract.reading.lines import Line, Word, build_lines
from sft_assets.extract.reading.page_content import Edge
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.reading.picture_frame import PictureFrame
from sft_assets.extract.reading.picture_rules import find_rules
from sft_assets.extract.reading.picture_words import PictureView, reread_numbers
from sft_assets.extract.reading.slanted_quads import part_slanted_quads, slanted_line
from sft_assets.extract.reading.specks import is_speckled
from sft_assets.worker.ocr import Quad, find_quads, read_lines, turn_upright

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

MAX_PIXELS = 12_000_000  # about A3 at 200 dpi; a larger page is drawn coarser
LONG = 5  # times its height: a shorter line tells no slope
OUTLIER = 0.02  # of slope, from the median
MAX_SKEW = 0.2  # radians; more is no slip of the paper
STEEP = 0.01  # radians; a picture that falls more is straightened before it is read
MIN_SKEW = 0.0005  # radians: three tenths of a point over a page's width


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What was read, in the straightened picture; ``frame`` leads to the page as displayed."""

    frame: PictureFrame
    words: list[Word]
    edges: list[Edge]
    slanted: list[Line]  # set aslant over the others, such as a watermark


def read_picture(page: Any, engine: str, dpi: int) -> PictureReading:
    """Return what an OCR engine reads on ``page`` (a ``pypdfium2.PdfPage``)."""
    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    upright = turn_upright(_draw(page, scale))
    picture, quads, skew = upright.image, upright.quads, _skew_of(upright.quads)
    straightened = 0.0
    if abs(skew) > STEEP:
        straightened = skew
        picture = _straighten(picture, skew)
        quads = find_quads(picture)
        skew = _skew_of(quads)
    quads, aslant = part_slanted_quads(quads, skew)
    view = PictureView(picture, scale, PictureFrame(width, height, upright.turn, skew))
    edges = find_rules(picture, scale, skew)
    walls = [edge for edge in edges if edge[3] - edge[1] > edge[2] - edge[0]]
    found = [
        word for line in read_lines(picture, quads, engine) for word in view.words_of(line, walls)
    ]
    slanted = [slanted_line(line, scale, view.frame) for line in read_lines(picture, aslant)]
    frame = replace(view.frame, skew=straightened + skew)
    speckled = is_speckled(picture, [*quads, *aslant], scale)
    words = reread_numbers(found, view, is_speckled=speckled)
    return PictureReading(frame, words, edges, slanted)


def _straighten(picture: "Picture", skew: float) -> "Picture":
    """Return ``picture`` turned about its middle, so that lines of slope ``skew`` lie level."""
    import cv2
    import numpy as np

    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), math.degrees(skew), 1.0)
    turned = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(turned, dtype=np.uint8)


def text_within(reading: PictureReading, box: Box) -> str:
    """Return the text whose characters' centres lie in ``box`` of the displayed page."""
    words = [part for word in reading.words for part in _part_within(word, box, reading.frame)]
    return "\n".join(line.text for line in build_lines(words))


def _part_within(word: Word, box: Box, frame: PictureFrame) -> list[Word]:
    kept = []
    for i, (a, b) in enumerate(word.spans):
        x0, top, x1, bottom = frame.to_page((a, word.top, b, word.bottom))
        x, y = (x0 + x1) / 2, (top + bottom) / 2
        if box[0] <= x <= box[2] and box[1] <= y <= box[3]:
            kept.append(i)
    if not kept:
        return []
    spans = tuple(word.spans[i] for i in kept)
    text = "".join(word.text[i] for i in kept)
    return [replace(word, text=text, x0=spans[0][0], x1=spans[-1][1], spans=spans)]


def _draw(page: Any, scale: float) -> "Picture":
    import numpy as np

    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        drawn = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
    finally:
        bitmap.close()
    return drawn


def _skew_of(quads: list[Quad]) -> float:
    """Return the slope that the long lines agree on, in radians; 0 for a straight page.

    Corners are whole pixels, so a line's own slope is coarse: falls and lengths are summed up.
    """
    runs = []
    for (xa, ya), (xb, yb), (xc, yc), (xd, yd) in quads:
        width, height = xb - xa + xc - xd, yd - ya + yc - yb
        if width > LONG * height > 0:
            runs.append((width, yb - ya + yc - yd))
    if len(runs) < 3:
        return 0.0
    middle = statistics.median(fall / run for run, fall in runs)
    agreed = [(run, fall) for run, fall in runs if abs(fall / run - middle) < OUTLIER]
    skew = math.atan(math.fsum(f for _, f in agreed) / math.fsum(r for r, _ in agreed))
    return skew if MIN_SKEW < abs(skew) < MAX_SKEW else 0.0
