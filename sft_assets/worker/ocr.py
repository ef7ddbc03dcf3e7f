"""Read the text of a picture with one of the known engines; call it only inside a child.

rapidocr needs no system package and reads amounts best, so it is the default; tesseract is the
second reader. Both get one thread: the workers are what runs side by side.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ENGINES = ("rapidocr", "tesseract")
TURN_CHARS = 4  # a line with fewer tells no direction
TURN_LINES = 9  # that are asked for their direction
DPI = 200  # of the pictures that the engines were measured with


@dataclass(frozen=True, slots=True)
class OcrLine:
    """A line as an engine sees it; the box is in pixels, origin at the top left."""

    x0: float
    top: float
    x1: float
    bottom: float
    text: str
    confidence: float  # 0..1
    quad: tuple[tuple[float, float], ...] = ()  # corners, clockwise from the text's upper left
    spans: tuple[tuple[float, float], ...] = ()  # x0, x1 of each code point; () if not told


def read_image(image: "NDArray[np.uint8]", engine: str = "rapidocr") -> list[OcrLine]:
    """Return the lines of an RGB picture of shape (height, width, 3), top to bottom.

    Raises:
        ValueError: If ``engine`` is unknown.
    """
    if engine not in ENGINES:
        raise ValueError(f"engine is {engine}; expected one of {', '.join(ENGINES)}")
    lines = _read_rapidocr(image) if engine == "rapidocr" else _read_tesseract(image)
    return sorted(lines, key=lambda line: (line.top, line.x0, line.text))


@cache
def _rapidocr() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _read_rapidocr(image: "NDArray[np.uint8]") -> list[OcrLine]:
    found = _rapidocr()(
        image[:, :, ::-1],  # it expects BGR
        use_det=True,  # it remembers what the last call asked for
        use_cls=True,
        use_rec=True,
        return_word_box=True,
        return_single_char_box=True,
    )
    if found.boxes is None or found.txts is None:
        return []
    lines = []
    known = zip(found.boxes, found.txts, found.scores, found.word_results, strict=True)
    for box, text, confidence, chars in known:
        quad = tuple((float(p[0]), float(p[1])) for p in box)
        xs, ys = [p[0] for p in quad], [p[1] for p in quad]
        bounds = (min(xs), min(ys), max(xs), max(ys))
        lines.append(OcrLine(*bounds, text, float(confidence), quad, _spans(text, chars)))
    return lines


def _spans(text: str, chars: Any) -> tuple[tuple[float, float], ...]:
    """Return x0, x1 of each code point of ``text``; () when the engine's pieces do not make it."""
    spans: list[tuple[float, float]] = []
    pieces = [(piece, [float(p[0]) for p in box]) for piece, _, box in chars if box and piece]
    at = 0
    for piece, xs in pieces:
        start = text.find(piece, at)
        if start < 0 or text[at:start].strip():
            return ()
        edge = spans[-1][1] if spans else min(xs)
        spans += [(edge, max(edge, min(xs)))] * (start - at)  # spaces between
        width = (max(xs) - min(xs)) / len(piece)
        spans += [(min(xs) + i * width, min(xs) + (i + 1) * width) for i in range(len(piece))]
        at = start + len(piece)
    return tuple(spans) if at == len(text) else ()


def find_turn(image: "NDArray[np.uint8]", lines: list[OcrLine]) -> int:
    """Return by how many degrees clockwise the picture has to be turned to stand upright.

    The engine reads lines that stand on their head or on their side, so only their direction
    tells; asked are the longest ones.
    """
    import numpy as np

    wide = [line for line in lines if len(line.text) >= TURN_CHARS]
    if not wide:
        return 0
    sideways = [line for line in wide if line.bottom - line.top > line.x1 - line.x0]
    on_side = len(sideways) * 2 > len(wide)
    asked = sorted(sideways if on_side else wide, key=lambda li: (-len(li.text), li.top, li.x0))
    votes = []
    for line in asked[:TURN_LINES]:
        crop = image[int(line.top) : int(line.bottom) + 1, int(line.x0) : int(line.x1) + 1]
        upright = np.rot90(crop) if on_side else crop  # counter-clockwise
        votes.append(_is_upside_down(np.ascontiguousarray(upright)))
    on_head = sum(votes) * 2 > len(votes)
    if on_side:
        return 90 if on_head else 270
    return 180 if on_head else 0


def _is_upside_down(crop: "NDArray[np.uint8]") -> bool:
    found = _rapidocr()(crop[:, :, ::-1], use_det=False, use_cls=True, use_rec=False)
    return any(label == "180" for label, _ in found.cls_res or [])


def _read_tesseract(image: "NDArray[np.uint8]") -> list[OcrLine]:
    import pytesseract
    from PIL import Image

    found = pytesseract.image_to_data(
        Image.fromarray(image),
        lang="chi_sim+eng",
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
    text = ""
    for i in line:
        word = found["text"][i].strip()
        glued = not text or not (text[-1].isascii() and word[0].isascii())
        text += word if glued else f" {word}"
    left = [found["left"][i] for i in line]
    top = [found["top"][i] for i in line]
    right = [found["left"][i] + found["width"][i] for i in line]
    bottom = [found["top"][i] + found["height"][i] for i in line]
    confidence = sum(float(found["conf"][i]) for i in line) / len(line) / 100
    return OcrLine(min(left), min(top), max(right), max(bottom), text, confidence)
