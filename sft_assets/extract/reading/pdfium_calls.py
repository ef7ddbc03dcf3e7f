"""pdfium's functions with plain integers for pointers, so that ``map`` can call them in a row.

The bindings of pypdfium2 make a Python object of each pointer; a page asks ten thousand times.
Arguments and results are those of the functions of the same name in pdfium's public headers;
what a function writes goes to an address inside a ``Buffer``. Not for use in threads: the calls
keep the interpreter's lock.
"""

from collections.abc import Callable, Iterable
from ctypes import PYFUNCTYPE, c_double, c_float, c_int, c_size_t, c_uint, c_void_p, cast
from itertools import repeat
from typing import TYPE_CHECKING, Any

import pypdfium2.raw as pdfium

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

POINTER, INT = c_size_t, c_int


def _plain(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    return PYFUNCTYPE(result, *arguments)(cast(function, c_void_p).value)  # type: ignore[arg-type]


count_chars = _plain(pdfium.FPDFText_CountChars, INT, POINTER)
unicode_of = _plain(pdfium.FPDFText_GetUnicode, c_uint, POINTER, INT)
is_generated = _plain(pdfium.FPDFText_IsGenerated, INT, POINTER, INT)
is_hyphen = _plain(pdfium.FPDFText_IsHyphen, INT, POINTER, INT)
has_map_error = _plain(pdfium.FPDFText_HasUnicodeMapError, INT, POINTER, INT)
loose_box = _plain(pdfium.FPDFText_GetLooseCharBox, INT, POINTER, INT, POINTER)
text_object_of = _plain(pdfium.FPDFText_GetTextObject, POINTER, POINTER, INT)
tight_box = _plain(
    pdfium.FPDFText_GetCharBox, INT, POINTER, INT, POINTER, POINTER, POINTER, POINTER
)
char_matrix = _plain(pdfium.FPDFText_GetMatrix, INT, POINTER, INT, POINTER)
char_origin = _plain(pdfium.FPDFText_GetCharOrigin, INT, POINTER, INT, POINTER, POINTER)
char_font_size = _plain(pdfium.FPDFText_GetFontSize, c_double, POINTER, INT)
fill_color = _plain(
    pdfium.FPDFText_GetFillColor, INT, POINTER, INT, POINTER, POINTER, POINTER, POINTER
)
render_mode = _plain(pdfium.FPDFTextObj_GetTextRenderMode, INT, POINTER)
set_render_mode = _plain(pdfium.FPDFTextObj_SetTextRenderMode, INT, POINTER, INT)
font_of = _plain(pdfium.FPDFTextObj_GetFont, POINTER, POINTER)
font_ascent = _plain(pdfium.FPDFFont_GetAscent, INT, POINTER, c_float, POINTER)
font_descent = _plain(pdfium.FPDFFont_GetDescent, INT, POINTER, c_float, POINTER)
font_name = _plain(pdfium.FPDFFont_GetBaseFontName, c_size_t, POINTER, POINTER, c_size_t)
is_embedded = _plain(pdfium.FPDFFont_GetIsEmbedded, INT, POINTER)
glyph_width = _plain(pdfium.FPDFFont_GetGlyphWidth, INT, POINTER, c_uint, c_float, POINTER)

count_objects = _plain(pdfium.FPDFPage_CountObjects, INT, POINTER)
object_at = _plain(pdfium.FPDFPage_GetObject, POINTER, POINTER, INT)
count_form_objects = _plain(pdfium.FPDFFormObj_CountObjects, INT, POINTER)
form_object_at = _plain(pdfium.FPDFFormObj_GetObject, POINTER, POINTER, c_uint)
object_type = _plain(pdfium.FPDFPageObj_GetType, INT, POINTER)
object_bounds = _plain(
    pdfium.FPDFPageObj_GetBounds, INT, POINTER, POINTER, POINTER, POINTER, POINTER
)
object_matrix = _plain(pdfium.FPDFPageObj_GetMatrix, INT, POINTER, POINTER)
object_fill = _plain(
    pdfium.FPDFPageObj_GetFillColor, INT, POINTER, POINTER, POINTER, POINTER, POINTER
)
transform_object = _plain(pdfium.FPDFPageObj_TransformF, INT, POINTER, POINTER)
set_active = _plain(pdfium.FPDFPageObj_SetIsActive, INT, POINTER, INT)
set_stroke_width = _plain(pdfium.FPDFPageObj_SetStrokeWidth, INT, POINTER, c_float)
count_marks = _plain(pdfium.FPDFPageObj_CountMarks, INT, POINTER)
mark_at = _plain(pdfium.FPDFPageObj_GetMark, POINTER, POINTER, c_size_t)
remove_mark_param = _plain(pdfium.FPDFPageObjMark_RemoveParam, INT, POINTER, POINTER, POINTER)

draw_mode = _plain(pdfium.FPDFPath_GetDrawMode, INT, POINTER, POINTER, POINTER)
count_segments = _plain(pdfium.FPDFPath_CountSegments, INT, POINTER)
segment_at = _plain(pdfium.FPDFPath_GetPathSegment, POINTER, POINTER, INT)
segment_point = _plain(pdfium.FPDFPathSegment_GetPoint, INT, POINTER, POINTER, POINTER)
segment_type = _plain(pdfium.FPDFPathSegment_GetType, INT, POINTER)
segment_closes = _plain(pdfium.FPDFPathSegment_GetClose, INT, POINTER)


class Buffer:
    """Rows of ``width`` numbers that pdfium writes; ``rows`` are their addresses."""

    def __init__(self, count: int, width: int, dtype: str = "float32") -> None:
        import numpy as np

        self.values: NDArray[Any] = np.zeros((max(count, 1), width), dtype=dtype)
        start, step = self.values.ctypes.data, self.values.strides[0]
        self.rows = range(start, start + step * count, step)
        self.item = self.values.itemsize

    def column(self, number: int) -> range:
        """Return the addresses of one number of each row."""
        shift = number * self.item
        return range(self.rows.start + shift, self.rows.stop + shift, self.rows.step)


def address(handle: Any) -> int:
    """Return the address that a handle of pypdfium2 holds."""
    return cast(handle, c_void_p).value or 0


def each(function: Callable[..., Any], *arguments: Iterable[Any]) -> list[Any]:
    """Return what ``function`` answers for each row of ``arguments``."""
    return list(map(function, *arguments))


def numbers(values: Iterable[int], count: int) -> "NDArray[np.int64]":
    """Return ``count`` integers as an array."""
    import numpy as np

    return np.fromiter(values, dtype=np.int64, count=count)


def ask_text(function: Callable[..., Any], text_page: int, count: int) -> "NDArray[np.int64]":
    """Return what ``function`` answers for each of ``count`` characters of a text page."""
    return numbers(map(function, repeat(text_page), range(count)), count)
