"""Pages, lines and cells of one report.

``clean_pages``, ``normalized_pages`` and ``redacted_pages`` rewrite ``text`` row for row and
never add or drop a page; ``edits`` replays the stage's own step from the text before it.
Boxes are in PDF points with the origin at the top left of the page as displayed (after /Rotate),
``top`` < ``bottom``, as in pdfplumber.
"""

import polars as pl

from sft_assets.schemas.tables import columns

EDITS = pl.List(
    pl.Struct(
        {
            "start": pl.Int32,  # in the text of the stage before, code points
            "end": pl.Int32,  # exclusive
            "replacement": pl.String,
            "rule": pl.String,  # e.g. running_line, page_number, wrapped_line, width, term, id_card
        }
    )
)

EXTRACTED_PAGES = columns(
    {
        "doc_id": pl.String,  # SHA-256 of the PDF bytes
        "page_no": pl.Int32,  # 1-based position in the PDF's page tree
        "page_label": pl.String,  # page number as printed on the page; null when none is
        "width": pl.Float64,  # points, as displayed
        "height": pl.Float64,
        "text_source": pl.String,  # text_layer, ocr, or none
        "readability": pl.Float64,  # 0..1, of the text layer
        "text": pl.String,  # lines joined by "\n"; "" for a blank page
        "hidden_chars": pl.Int32,  # characters of the text layer that nobody can see; not in text
        "ocr_confidence": pl.Float64,  # mean over lines, 0..1; null for a text layer
        "status": pl.String,  # ok, or failed
        "reason": pl.String,  # why it failed (a rejection reason); null when ok
    }
)

LINES = columns(
    {
        "doc_id": pl.String,
        "page_no": pl.Int32,
        "line_no": pl.Int32,  # 0-based, reading order
        "start": pl.Int32,  # of the line in the page's text, code points
        "end": pl.Int32,  # exclusive; page text[start:end] == text
        "text": pl.String,
        "x0": pl.Float64,
        "top": pl.Float64,
        "x1": pl.Float64,
        "bottom": pl.Float64,
        "char_x0": pl.List(pl.Float32),  # one a code point of text
        "char_x1": pl.List(pl.Float32),
        "font_size": pl.Float64,  # median of the line, points
        "confidence": pl.Float64,  # of OCR, 0..1; null for a text layer; 0 where a number's
        # readings do not agree: it is doubtful
    }
)

CELLS = columns(
    {
        "doc_id": pl.String,
        "page_no": pl.Int32,
        "table_no": pl.Int32,  # 0-based, on the page, top to bottom
        "row_no": pl.Int32,  # 0-based
        "col_no": pl.Int32,  # 0-based
        "text": pl.String,  # wrapped lines of a cell joined by "\n"; "" for a blank cell
        "x0": pl.Float64,
        "top": pl.Float64,
        "x1": pl.Float64,
        "bottom": pl.Float64,
        "method": pl.String,  # ruled (pdfplumber, lines), aligned (columns of words), ocr
        "confidence": pl.Float64,  # lowest of the OCR words in it; 0 and null as for lines
    }
)

PAGES = columns(
    {
        "doc_id": pl.String,
        "page_no": pl.Int32,
        "text": pl.String,
        "edits": EDITS,
    }
)

JOINED_TABLES = columns(
    {
        "doc_id": pl.String,
        "page_no": pl.Int32,
        "table_no": pl.Int32,  # a table of extracted_cells
        "joined_no": pl.Int32,  # 0-based; the same for all parts of one table
        "part_no": pl.Int32,  # 0 for the part that begins it
        "header_page_no": pl.Int32,  # where the heads of its columns stand
        "header_table_no": pl.Int32,
        "header_rows": pl.Int32,  # how many first rows of that table they are; 0: none
        "repeated_rows": pl.Int32,  # first rows of this part that print the heads again
        "continues_row": pl.Boolean,  # its first row is the rest of the row before the page break
        "unit_line": pl.String,  # as printed, carried on from the part or page before; may be null
        "unit_page_no": pl.Int32,
        "caption": pl.String,  # line above the first part; null when none is near
        "caption_page_no": pl.Int32,
    }
)

REDACTIONS = columns(
    {
        "doc_id": pl.String,
        "page_no": pl.Int32,
        "start": pl.Int32,  # in normalized_pages.text
        "end": pl.Int32,
        "kind": pl.String,  # id_card, mobile, landline, email, bank_card, address ...
        "surrogate": pl.String,  # what stands there now; never the value
    }
)
