"""Read the text of a picture with one of the known engines; call it only inside a child.

rapidocr needs no system package and reads amounts best, so it is the default; tesseract is the
other reader. Both get one thread: the workers are what runs side by side.

Lines are found first, then each is cut out and read alone, so that what is read in a line does
not depend on the other lines of the picture.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from sft_assets.errors import SettingsError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Picture = NDArray[np.uint8]

ENGINES = ("rapidocr", "tesseract")
FIND_SIDE = 1600  # pixels of the longer side in which lines are looked for; they are read in full
MIN_SCORE = 0.5  # mean confidence of a line; below it marks were taken for letters
ON_SIDE = 1.5  # height / width from which a line is read as standing on its side
TURN_WIDTH = 2.5  # times its height: a shorter line tells no direction
TURN_LINES = 9  # that are asked for their direction
READ_LINES = 5  # of them that are read both ways, at most, where one stands on its head
DECIDED = 0.4  # of confidence, by which one way is ahead
WIDE_CHAR = 0.5  # half of a Chinese character's width, of the line's height
CHAR = 0.3  # ... and of another one's
LANGUAGES = ("chi_sim", "eng")  # of tesseract
DPI = 200  # of the pictures that the engines were measured with

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners of a line in pixels, clockwise from the upper left."""


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as an engine sees it; the box is in pixels, origin at the top left."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    confidence: float  # 0..1
    quad: Quad | None = None
    spans: tuple[tuple[float, float], ...] = ()  # of each code point, 0..1 of the line's length
    confidences: tuple[float, ...] = ()  # of each code point; () if not told


@dataclass(frozen=True, slots=True)
class Recognized:
    """What one line says."""

    text: str
    confidences: tuple[float, ...]  # of each code point, 0..1
    spans: tuple[tuple[float, float], ...]  # of each code point, 0..1 of the line's length

    @property
    def confidence(self) -> float:
        """Return the mean over the code points; 0 for no text."""
        return sum(self.confidences) / len(self.confidences) if self.confidences else 0.0


@dataclass(frozen=True, slots=True)
class Upright:
    """A picture turned so that its text stands upright, and where its lines are."""

    image: "Picture"
    quads: list[Quad]
    turn: int  # degrees clockwise by which it was turned: 0, 90, 180, 270


def require_engine(engine: str) -> None:
    """Refuse an engine that cannot read here.

    Raises:
        SettingsError: If tesseract or one of its languages is not installed.
    """
    if engine != "tesseract":
        return
    import pytesseract

    try:
        missing = {*LANGUAGES} - {*pytesseract.get_languages()}
    except pytesseract.TesseractNotFoundError:
        missing = {"tesseract"}
    if missing:
        raise SettingsError(
            f"ocr_engine is tesseract without {', '.join(sorted(missing))}; expected an installed "
            "engine. hint: apt-get install tesseract-ocr tesseract-ocr-chi-sim, or choose rapidocr"
        )


def read_image(image: "Picture") -> list[OcrLine]:
    """Return what rapidocr reads in an RGB picture of shape (height, width, 3), top to bottom.

    Boxes are those of the picture turned upright.
    """
    upright = turn_upright(image)
    return read_lines(upright.image, upright.quads)


def turn_upright(image: "Picture") -> Upright:
    """Return ``image`` turned so that its lines stand upright."""
    import numpy as np

    quads = find_quads(image)
    turn = find_turn(image, quads)
    if turn:
        image = np.ascontiguousarray(np.rot90(image, -turn // 90))  # clockwise
        quads = find_quads(image)
    return Upright(image, quads, turn)


def read_lines(image: "Picture", quads: list[Quad], engine: str = "rapidocr") -> list[OcrLine]:
    """Return the lines of an upright picture, top to bottom; tesseract finds its own.

    Raises:
        ValueError: If ``engine`` is unknown.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine}; expected one of {', '.join(ENGINES)}")
    lines = _read_quads(image, quads) if engine == "rapidocr" else _read_tesseract(image)
    return sorted(lines, key=lambda line: (line.top, line.x0, line.text))


def find_quads(image: "Picture") -> list[Quad]:
    """Return where the lines of text are, whichever way they stand."""
    found = _rapidocr()(_bgr(image), use_det=True, use_cls=False, use_rec=False)
    if found.boxes is None:
        return []
    quads = ([(float(x), float(y)) for x, y in box] for box in found.boxes)
    return [(a, b, c, d) for a, b, c, d in quads]


def _read_quads(image: "Picture", quads: list[Quad]) -> list[OcrLine]:
    lines = []
    for quad in quads:
        found = recognize(cut_out(image, quad))
        if found.text.strip() and found.confidence >= MIN_SCORE:
            xs, ys = [x for x, _ in quad], [y for _, y in quad]
            box = (min(xs), min(ys), max(xs), max(ys))
            lines.append(
                OcrLine(
                    *box, found.text, found.confidence, quad, found.spans, found.confidences
                )
            )  # fmt: skip
    return lines


def cut_out(image: "Picture", quad: Quad) -> "Picture":
    """Return the part of ``image`` in ``quad``, laid straight; a line on its side is laid down."""
    import cv2
    import numpy as np

    a, b, c, d = (np.array(point, dtype=np.float32) for point in quad)
    width = max(int(max(np.linalg.norm(a - b), np.linalg.norm(c - d))), 1)
    height = max(int(max(np.linalg.norm(a - d), np.linalg.norm(b - c))), 1)
    flat = np.array([(0, 0), (width, 0), (width, height), (0, height)], dtype=np.float32)
    matrix = cv2.getPerspectiveTransform(np.stack([a, b, c, d]), flat)
    cut = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    laid = np.rot90(cut) if height >= ON_SIDE * width else cut
    return np.ascontiguousarray(laid, dtype=np.uint8)


def recognize(line: "Picture") -> Recognized:
    """Return what rapidocr reads in a picture of one line, shape (height, width, 3)."""
    height, width = line.shape[:2]
    return _recognize(line.tobytes(), height, width)


@lru_cache(maxsize=4 * READ_LINES)
def _recognize(pixels: bytes, height: int, width: int) -> Recognized:
    """Read a line; those that told which way the page stands are not read again."""
    import numpy as np

    line = np.frombuffer(pixels, dtype=np.uint8).reshape(height, width, 3)
    found = _rapidocr()(
        _bgr(line), use_det=False, use_cls=False, use_rec=True, return_word_box=True
    )
    if not found.txts or not found.txts[0]:
        return Recognized("", (), ())
    text, info = str(found.txts[0]), found.word_results[0]
    columns = [column for word in info.word_cols for column in word]
    spans = _spans(text, columns, float(info.line_txt_len), height / width)
    return Recognized(text, tuple(float(c) for c in info.confs), spans)


def find_turn(image: "Picture", quads: list[Quad]) -> int:
    """Return by how many degrees clockwise the picture has to be turned to stand upright.

    Lines that stand on their head or on their side are found like others, so only their direction
    tells; asked are the longest ones. The engine's own test of a line's direction takes a page of
    small type for one on its head, so that lines are read both ways where it says so of any.
    """
    sized = [(*_size(quad), quad) for quad in quads]
    long = [s for s in sized if max(s[0], s[1]) >= TURN_WIDTH * min(s[0], s[1])]
    if not long:
        return 0
    sideways = [s for s in long if s[1] > s[0]]
    on_side = len(sideways) * 2 > len(long)
    asked = sideways if on_side else [s for s in long if s[1] <= s[0]]
    asked.sort(key=lambda s: (-max(s[0], s[1]), s[2]))
    lines = [cut_out(image, quad) for _, _, quad in asked[:TURN_LINES]]
    votes = [_is_upside_down(line) for line in lines]
    on_head = (on_side or any(votes)) and _reads_better_on_head(lines[:READ_LINES])
    if on_side:
        return 90 if on_head else 270
    return 180 if on_head else 0


@cache
def _rapidocr() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": FIND_SIDE,
            "Global.min_side_len": 1,  # a line that was cut out is read as it is
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _bgr(image: "Picture") -> "Picture":
    import numpy as np

    return np.ascontiguousarray(image[:, :, ::-1])


def _size(quad: Quad) -> tuple[float, float]:
    """Return width and height of the box around ``quad``."""
    xs, ys = [x for x, _ in quad], [y for _, y in quad]
    return max(xs) - min(xs), max(ys) - min(ys)


def _is_upside_down(line: "Picture") -> bool:
    found = _rapidocr()(_bgr(line), use_det=False, use_cls=True, use_rec=False)
    return any(label == "180" for label, _ in found.cls_res or [])


def _reads_better_on_head(lines: list["Picture"]) -> bool:
    import numpy as np

    lead = 0.0
    for line in lines:
        lead += recognize(np.rot90(line, 2)).confidence - recognize(line).confidence
        if abs(lead) > DECIDED:
            break
    return lead > 0


def _spans(
    text: str, columns: list[int], count: float, height: float
) -> tuple[tuple[float, float], ...]:
    """Return where each code point stands, 0..1, from the steps in which the engine saw it.

    Args:
        text: What was read.
        columns: The engine's step for each code point that is no space, from 0.
        count: Steps of the whole line.
        height: Of the line, in its length.
    """
    if len(columns) != sum(not char.isspace() for char in text) or count <= 0:
        step = 1 / len(text)
        return tuple((i * step, (i + 1) * step) for i in range(len(text)))
    chars = [char for char in text if not char.isspace()]
    middles = [(column + 0.5) / count for column in columns]
    known = []
    for i, (char, x) in enumerate(zip(chars, middles, strict=True)):
        reach = height * (WIDE_CHAR if char >= "\u2e80" else CHAR)
        left = max(x - reach, (middles[i - 1] + x) / 2 if i else 0.0)
        right = min(x + reach, (x + middles[i + 1]) / 2 if i + 1 < len(middles) else 1.0)
        known.append((min(left, 1.0), min(max(left, right), 1.0)))
    spans, at = [], 0
    for char in text:
        if char.isspace():  # fills the gap it stands for
            left = known[at - 1][1] if at else 0.0
            spans.append((left, max(left, known[at][0] if at < len(known) else 1.0)))
        else:
            spans.append(known[at])
            at += 1
    return tuple(spans)


def _read_tesseract(image: "Picture") -> list[OcrLine]:
    import pytesseract
    from PIL import Image

    found = pytesseract.image_to_data(
        Image.fromarray(image),
        lang="+".join(LANGUAGES),
        config=f"--dpi {DPI}",
        output_type=pytesseract.Output.DICT,
    )
    words: dict[tuple[int, int, int], list[int]] = {}
    for i, text in enumerate(found["text"]):
        if text.strip() and float(found["conf"][i]) >= 0:
            place = (found["block_num"][i], found["par_num"][i], found["line_num"][i])
            words.setdefault(place, []).append(i)
    return [_join_words(found, line) for line in words.values()]


def _join_words(found: dict[str, list[Any]], line: list[int]) -> OcrLine:
    """Return one line of tesseract's words; Chinese words are joined without a space."""
    left = min(found["left"][i] for i in line)
    top = min(found["top"][i] for i in line)
    right = max(found["left"][i] + found["width"][i] for i in line)
    bottom = max(found["top"][i] + found["height"][i] for i in line)
    text, length = "", max(right - left, 1)
    spans: list[tuple[float, float]] = []
    confidences: list[float] = []
    for i in line:
        word, share = found["text"][i].strip(), float(found["conf"][i]) / 100
        start, width = (found["left"][i] - left) / length, found["width"][i] / length
        if text and text[-1].isascii() and word[0].isascii():
            text += " "
            spans.append((spans[-1][1], max(spans[-1][1], start)))
            confidences.append(share)
        text += word
        step = width / len(word)
        spans += [(start + k * step, start + (k + 1) * step) for k in range(len(word))]
        confidences += [share] * len(word)
    mean = sum(confidences) / len(confidences)
    return OcrLine(
        left, top, right, bottom, text, mean, None, tuple(spans), tuple(confidences)
    )  # fmt: skip
