"""Text set aslant over a scanned page, such as a watermark: it belongs to none of its lines."""

import math
from collections.abc import Sequence
from statistics import median

from sft_assets.extract.reading.lines import Line, Word
from sft_assets.extract.reading.number_readings import find_numbers
from sft_assets.extract.reading.picture_frame import PictureFrame
from sft_assets.worker.ocr import OcrLine, Quad

ASLANT = math.radians(10)  # from the page's lines, and from a right angle to them
TOWERS = 3.5  # times the height of the page's lines: a letter that is none of them
LONG = 3.0  # times its height: a shorter line tells no slope


def part_slanted_quads(quads: Sequence[Quad], skew: float) -> tuple[list[Quad], list[Quad]]:
    """Return the lines that stand as the page's do (or at a right angle to them), and the others.

    Corners of the others begin where the line is read from, whichever way it climbs. One letter of
    a watermark has no slope, but towers above the page's lines.

    Args:
        quads: Corners in pixels.
        skew: Slope of the page's lines in radians.
    """
    straight: list[Quad] = []
    slanted: list[Quad] = []
    usual = median([_sides(quad)[0] for quad in quads]) if quads else 0.0
    for quad in quads:
        laid = _from_its_left(quad)
        if laid is not None and _is_slanted(laid, skew):
            slanted.append(laid)
        elif laid is None and _sides(quad)[0] > TOWERS * usual:
            slanted.append(quad)
        else:
            straight.append(quad)
    return straight, slanted


def _sides(quad: Quad) -> tuple[float, float]:
    """Return the shorter and the longer side."""
    a, b, c, _ = quad
    first, second = math.dist(a, b), math.dist(b, c)
    return min(first, second), max(first, second)


def _from_its_left(quad: Quad) -> Quad | None:
    """Return ``quad`` from the left end of its long sides; None where neither pair is long."""
    a, b, c, d = quad
    for first, second, third, fourth in (quad, (b, c, d, a), (c, d, a, b), (d, a, b, c)):
        is_long = math.dist(first, second) >= LONG * math.dist(second, third)
        if is_long and first[0] < second[0]:
            return first, second, third, fourth
    return None


def _is_slanted(quad: Quad, skew: float) -> bool:
    (xa, ya), (xb, yb) = quad[:2]
    slope = (math.atan2(yb - ya, xb - xa) - skew) % (math.pi / 2)
    return ASLANT < slope < math.pi / 2 - ASLANT


def slanted_line(found: OcrLine, scale: float, frame: PictureFrame) -> Line:
    """Return ``found`` as a line of one word, in points of the straightened picture.

    A number in it was read once only, so that the line then has confidence 0.
    """
    x0, x1, top, bottom = found.x0, found.x1, found.top, found.bottom
    quad = found.quad or ((x0, top), (x1, top), (x1, bottom), (x0, bottom))
    a, b, c, d = (frame.straighten(x / scale, y / scale) for x, y in quad)
    spans = tuple(
        (
            min(a[0] + start * (b[0] - a[0]), d[0] + start * (c[0] - d[0])),
            max(a[0] + end * (b[0] - a[0]), d[0] + end * (c[0] - d[0])),
        )
        for start, end in found.spans
    )
    xs, ys = zip(a, b, c, d, strict=True)
    confidence = 0.0 if find_numbers(found.text) else found.confidence
    box = min(xs), min(ys), max(xs), max(ys)
    word = Word(found.text, *box, spans, math.dist(a, d), confidence)
    return Line((word,))
