"""What runs inside the child: open a file with two parsers and read who it is from."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from sft_assets.errors import RejectedDocumentError
from sft_assets.ingest.identity import find_identity
from sft_assets.ingest.page_texts import is_readable
from sft_assets.worker.pdf_start import open_at_header

READ_PAGES = 80  # a form 10-K may start that deep inside a glossy report
LAST_PAGES = 5  # some reports print their stock code at the very end only
OCR_FRONT_PAGES = 3
OCR_PAGES = 8  # the company profile with the code stands within these
GARBLED_CHARS = 30  # as many without words are a broken font; fewer say nothing
DENSE_CHARS = 600  # a front with more than these on it would have told
OCR_DPI = 150
OCR_MAX_SIDE = 1600  # pixels, enough for titles; a larger page is scaled down


def inspect(payload: Mapping[str, Any]) -> dict[str, object]:
    """Return page count, modification date and identity; raise the reason of a refusal."""
    path = Path(str(payload["pdf"]))
    pdf = _open(path)
    try:
        pages = len(pdf)
        if pages == 0:
            raise RejectedDocumentError("no_pages", "the page tree is empty")
        if pages > int(payload["max_pages"]):
            raise RejectedDocumentError("too_large", f"{pages} pages, limit {payload['max_pages']}")
        _compare_page_count(path, pages)
        return {
            "page_count": pages,
            "modified": _modified(pdf),
            **_identity_from_text(pdf, payload),
        }
    finally:
        pdf.close()


def recognize(payload: Mapping[str, Any]) -> dict[str, object]:
    """Return the identity of a report whose first pages need OCR, in part or all of them."""
    pdf = _open(Path(str(payload["pdf"])))
    texts = _page_texts(pdf)
    outcome: dict[str, object] = _outcome(texts, payload)
    recognized = 0
    for index in range(min(OCR_PAGES, len(pdf))):
        if is_readable(texts[index]):
            continue
        texts[index] = _recognize_page(pdf, index)
        recognized += len(texts[index])
        outcome = _outcome(texts, payload)
        if _is_complete(outcome):
            break
        enough = index + 1 >= OCR_FRONT_PAGES or recognized >= DENSE_CHARS
        if enough and outcome["reason"] == "not_an_annual_report":
            break
    return outcome


def _is_complete(outcome: Mapping[str, Any]) -> bool:
    """Tell whether more pages could add nothing: a Chinese report has its code some pages in."""
    identity = outcome["identity"]
    if identity is None:
        return False
    return identity["language"] != "zh" or bool(identity["code"] and not outcome["hinted"])


def _open(path: Path) -> Any:
    try:
        return pdfium.PdfDocument(path)
    except pdfium.PdfiumError:
        if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
            raise RejectedDocumentError("password", "it does not open without one") from None
        raise RejectedDocumentError("unreadable", "pdfium does not open it") from None


def _compare_page_count(path: Path, pages: int) -> None:
    """Refuse a file of which two parsers see different pages: a cited page would be ambiguous."""
    from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
    from pdfminer.pdfpage import PDFPage
    from pdfminer.pdfparser import PDFParser

    with open_at_header(path) as stream:
        try:
            other = sum(1 for _ in PDFPage.create_pages(PDFDocument(PDFParser(stream))))
        except PDFPasswordIncorrect:
            raise RejectedDocumentError("password", "the second parser asks for one") from None
        except (MemoryError, RecursionError):
            raise
        except Exception as error:  # noqa: BLE001  # pdfminer raises whatever a file provokes
            detail = f"pdfium counts {pages}, pdfminer fails with {type(error).__name__}"
            raise RejectedDocumentError("page_count_disagrees", detail) from None
    if other != pages:
        detail = f"pdfium counts {pages}, pdfminer {other}"
        raise RejectedDocumentError("page_count_disagrees", detail)


def _modified(pdf: Any) -> str | None:
    """Return the digits of the modification (else creation) date, as YYYYMMDDHHMMSS."""
    for key in ("ModDate", "CreationDate"):
        digits = "".join(c for c in pdf.get_metadata_value(key)[:18] if c.isdecimal())
        if len(digits) >= 8:
            return digits[:14].ljust(14, "0")
    return None


def _identity_from_text(pdf: Any, payload: Mapping[str, Any]) -> dict[str, object]:
    texts = _page_texts(pdf)
    outcome = _outcome(texts, payload)
    needs_ocr = outcome["identity"] is None and any(
        not is_readable(text) and (len(text) >= GARBLED_CHARS or _has_picture(pdf, index))
        for index, text in enumerate(texts[:OCR_FRONT_PAGES])
    )
    return {**outcome, "needs_ocr": needs_ocr}


def _has_picture(pdf: Any, index: int) -> bool:
    """Tell whether a page without text shows something: an image, or drawn letters."""
    try:
        page = pdf[index]
        kinds = [
            obj.type for obj, _ in zip(page.get_objects(max_depth=3), range(500), strict=False)
        ]
        page.close()
    except pdfium.PdfiumError:
        return False
    return pdfium_c.FPDF_PAGEOBJ_IMAGE in kinds or len(kinds) == 500


def _page_texts(pdf: Any) -> list[str]:
    last = range(max(READ_PAGES, len(pdf) - LAST_PAGES), len(pdf))
    return [_page_text(pdf, i) for i in (*range(min(READ_PAGES, len(pdf))), *last)]


def _page_text(pdf: Any, index: int) -> str:
    """Return a page's text; a page that does not load is a page without text."""
    try:
        page = pdf[index]
        textpage = page.get_textpage()
        text = str(textpage.get_text_bounded())
        textpage.close()
        page.close()
    except pdfium.PdfiumError:
        return ""
    return text


def _outcome(texts: list[str], payload: Mapping[str, Any]) -> dict[str, object]:
    try:
        identity, hinted = find_identity(
            texts, year_hint=payload["year_hint"], code_hint=payload["code_hint"]
        )
    except RejectedDocumentError as error:
        return {"identity": None, "reason": error.reason, "detail": error.detail, "hinted": False}
    found = identity.model_dump(mode="json")
    return {"identity": found, "reason": None, "detail": "", "hinted": hinted}


def _recognize_page(pdf: Any, index: int) -> str:
    from sft_assets.worker.ocr import read_image

    try:
        page = pdf[index]
        scale = min(OCR_DPI / 72, OCR_MAX_SIDE / max(page.get_width(), page.get_height(), 1))
        image = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3].copy()
        page.close()
    except pdfium.PdfiumError:
        return ""
    return _join_rows(read_image(image))


def _join_rows(lines: Sequence[Any]) -> str:
    """Return the text of OCR ``lines``, those side by side on one line from left to right.

    A scan is never quite straight: by their tops alone, a value could come before its label.
    """
    rows: list[list[Any]] = []
    for line in sorted(lines, key=lambda li: (li.top + li.bottom, li.x0)):
        middle = (line.top + line.bottom) / 2
        last = rows[-1][-1] if rows else None
        if last is not None and last.top < middle < last.bottom:
            rows[-1].append(line)
        else:
            rows.append([line])
    return "\n".join(" ".join(li.text for li in sorted(r, key=lambda li: li.x0)) for r in rows)
