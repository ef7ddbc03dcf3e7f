"""Read a page from its picture: words with boxes and confidence, ruling lines, the way it stands.

Runs in an isolated child only.
"""

import math
import statistics
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sft_assets.extract.reading.lines import Word, build_lines
from sft_assets.extract.reading.page_content import Obj
from sft_assets.extract.reading.page_frame import Box
from sft_assets.extract.reading.picture_frame import PictureFrame
from sft_assets.extract.reading.picture_rules import find_rules
from sft_assets.worker.ocr import OcrLine, find_turn, read_image

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_PIXELS = 12_000_000  # about A3 at 200 dpi; a larger page is drawn coarser
OUTLIER = 0.02  # of slope, from the median
MIN_SKEW = 0.0005  # radians: three tenths of a point over a page's width
WIDE = 1.1  # of the line's height: a wider gap parts two words though no space was read


@dataclass(frozen=True, slots=True)
class PictureReading:
    """What was read, in the straightened picture; ``frame`` leads to the page as displayed."""

    frame: PictureFrame
    words: list[Word]
    edges: list[Obj]


def read_picture(page: Any, engine: str, dpi: int) -> PictureReading:
    """Return what an OCR engine reads on ``page`` (a ``pypdfium2.PdfPage``)."""
    import numpy as np

    width, height = page.get_size()
    scale = min(dpi / 72, math.sqrt(MAX_PIXELS / max(width * height, 1.0)))
    picture = _draw(page, scale)
    lines = read_image(picture, engine)
    turn = find_turn(picture, lines)
    if turn:
        picture = np.ascontiguousarray(np.rot90(picture, -turn // 90))  # clockwise
        lines = read_image(picture, engine)
    frame = PictureFrame(width, height, turn, _skew_of(lines))
    words = [word for line in lines for word in _words_of(line, scale, frame)]
    return PictureReading(frame, words, find_rules(picture, scale, frame.skew))


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


def _draw(page: Any, scale: float) -> "NDArray[np.uint8]":
    import numpy as np

    bitmap = page.render(scale=scale, rev_byteorder=True)
    try:
        drawn = np.array(bitmap.to_numpy()[:, :, :3], dtype=np.uint8)
    finally:
        bitmap.close()
    return drawn


def _skew_of(lines: list[OcrLine]) -> float:
    """Return the slope that the long lines agree on, in radians; 0 for a straight page.

    Corners are whole pixels, so a line's own slope is coarse: falls and lengths are summed up.
    """
    runs = []
    for line in lines:
        if len(line.quad) == 4 and line.x1 - line.x0 > 5 * (line.bottom - line.top):
            (xa, ya), (xb, yb), (xc, yc), (xd, yd) = line.quad
            runs.append((xb - xa + xc - xd, yb - ya + yc - yd))
    if len(runs) < 3:
        return 0.0
    middle = statistics.median(fall / run for run, fall in runs)
    agreed = [(run, fall) for run, fall in runs if abs(fall / run - middle) < OUTLIER]
    skew = math.atan(math.fsum(f for _, f in agreed) / math.fsum(r for r, _ in agreed))
    return skew if MIN_SKEW < abs(skew) < 0.2 else 0.0


def _words_of(line: OcrLine, scale: float, frame: PictureFrame) -> list[Word]:
    """Return the words of a line in points, straightened."""
    quad = line.quad or (
        (line.x0, line.top), (line.x1, line.top), (line.x1, line.bottom), (line.x0, line.bottom),
    )  # fmt: skip
    corners = [frame.straighten(x / scale, y / scale) for x, y in quad]
    x0, x1 = min(c[0] for c in corners), max(c[0] for c in corners)
    top = (corners[0][1] + corners[1][1]) / 2
    bottom = (corners[2][1] + corners[3][1]) / 2
    top, bottom = min(top, bottom), max(top, bottom)
    spans = _straight_spans(line, scale, x0, x1)
    words, start = [], 0
    for end in [*_breaks(line.text, spans, bottom - top), len(line.text)]:
        text = line.text[start:end]
        if text.strip():
            cut = len(text) - len(text.lstrip())
            part = spans[start + cut : start + len(text.rstrip())]
            words.append(
                Word(
                    text.strip(), part[0][0], top, part[-1][1], bottom,
                    tuple(part), bottom - top, line.confidence,
                )
            )  # fmt: skip
        start = end
    return words


def _straight_spans(line: OcrLine, scale: float, x0: float, x1: float) -> list[tuple[float, float]]:
    """Return x0, x1 of each code point, stretched from the line's own extent to ``x0``, ``x1``."""
    count = max(len(line.text), 1)
    if not line.spans or line.spans[-1][1] <= line.spans[0][0]:
        step = (x1 - x0) / count
        return [(x0 + i * step, x0 + (i + 1) * step) for i in range(count)]
    left, right = line.x0, max(line.x1, line.x0 + 1.0)
    factor = (x1 - x0) / ((right - left) / scale)
    return [
        (x0 + (a - left) / scale * factor, x0 + (b - left) / scale * factor) for a, b in line.spans
    ]


def _breaks(text: str, spans: list[tuple[float, float]], height: float) -> list[int]:
    """Return where a new word begins: after a space, and after a wide gap."""
    return [
        i
        for i in range(1, len(text))
        if text[i - 1] == " " or spans[i][0] - spans[i - 1][1] > WIDE * height
    ]
