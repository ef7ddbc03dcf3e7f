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
    found = _rapidocr()(image[:, :, ::-1])  # it expects BGR
    if found.boxes is None or found.txts is None:
        return []
    lines = []
    for box, text, confidence in zip(found.boxes, found.txts, found.scores, strict=True):
        xs, ys = [float(p[0]) for p in box], [float(p[1]) for p in box]
        lines.append(OcrLine(min(xs), min(ys), max(xs), max(ys), text, float(confidence)))
    return lines


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
