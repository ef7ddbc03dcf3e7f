"""Pages drawn from the top down: paragraphs, headings, tables that go on over page breaks.

A small composer of our own, because the truth file needs the page on which each number came to
stand, and because reports break tables in ways that layout libraries avoid.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from sft_assets.sample.companies import PageStyle
from sft_assets.sample.facts import Fact, Placed
from sft_assets.sample.fonts import register_fonts, split_runs, text_width

WIDTH, HEIGHT = A4
LEFT, RIGHT, TOP, BOTTOM = 64.0, WIDTH - 64.0, HEIGHT - 72.0, 58.0
NO_LINE_START = "，。、；：！？）》”％%,.;:)]"  # closing marks stay with the text before them

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell; ``merged`` continues the cell above it (no line between them)."""

    text: str = ""
    fact: Fact | None = None
    align: Align = "left"
    span: int = 1
    indent: int = 0
    merged: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows below header rows, on columns of the given widths in points."""

    widths: tuple[float, ...]
    header: tuple[tuple[Cell, ...], ...]
    rows: tuple[tuple[Cell, ...], ...]
    size: float = 9.0
    repeat_header: bool = True
    shaded: bool = False
    rules: Literal["grid", "horizontal", "none"] = "grid"
    striped: bool = False  # every other row on grey, in place of rules


@dataclass(slots=True)
class Sheet:
    """A document that is being drawn; ``close`` returns its bytes."""

    style: PageStyle
    running_head: str
    total_pages: int  # as known from an earlier pass; 0 in the first
    title: str = ""
    placed: list[Placed] = field(default_factory=list)
    sections: list[tuple[str, int]] = field(default_factory=list)  # for the table of contents
    page_no: int = 1
    y: float = TOP
    _buffer: io.BytesIO = field(default_factory=io.BytesIO)
    _canvas: Canvas = None

    def __post_init__(self) -> None:
        register_fonts()
        # invariant: no clock and no random id in the file, so the same pages are the same bytes
        self._canvas = Canvas(self._buffer, pagesize=A4, invariant=1, pageCompression=1)
        self._canvas.setTitle(self.title)
        self._canvas.setAuthor("fictional sample")
        self._canvas.setLineWidth(0.5)

    # -- pages ---------------------------------------------------------------------------------

    def printed_number(self, page_no: int) -> int | None:
        """Number that the page shows, None for a page without."""
        number = page_no - self.style.unnumbered
        return number if number > 0 else None

    def _furniture(self) -> None:
        if self.page_no > 1 and self.running_head:
            self._draw(self.running_head, LEFT, HEIGHT - 50, 9, "center", RIGHT - LEFT)
            self._canvas.line(LEFT, HEIGHT - 56, RIGHT, HEIGHT - 56)
        number = self.printed_number(self.page_no)
        if number is not None:
            last = max(0, self.total_pages - self.style.unnumbered)
            text = self.style.footer.format(n=number, total=last)
            self._draw(text, LEFT, 36, 9, "center", RIGHT - LEFT)

    def new_page(self) -> None:
        """Finishes the page and starts the next."""
        self._furniture()
        self._canvas.showPage()
        self._canvas.setLineWidth(0.5)
        self.page_no += 1
        self.y = TOP

    def close(self) -> bytes:
        """Finishes the last page and returns the PDF."""
        self._furniture()
        self._canvas.showPage()
        self._canvas.save()
        return self._buffer.getvalue()

    def keep(self, height: float) -> None:
        """Goes to the next page unless so much room is left."""
        if self.y - height < BOTTOM:
            self.new_page()

    # -- text ----------------------------------------------------------------------------------

    def _draw(
        self, text: str, x: float, y: float, size: float, align: Align = "left", width: float = 0.0
    ) -> None:
        latin = self.style.latin_font
        if align != "left":
            free = width - text_width(text, latin, size)
            x += free if align == "right" else free / 2
        for font, run in split_runs(text, latin):
            self._canvas.setFont(font, size)
            self._canvas.drawString(x, y, run)
            x += float(self._canvas.stringWidth(run, font, size))

    def wrap(self, text: str, size: float, width: float, first_indent: float = 0.0) -> list[str]:
        """Lines that fit; a number or Latin word is never broken."""
        latin = self.style.latin_font
        lines, line, room = [""], "", width - first_indent
        for token in _tokens(text):
            grown = line + token
            if line and text_width(grown, latin, size) > room and token not in NO_LINE_START:
                lines.append("")
                line, room = token.lstrip(" "), width
            else:
                line = grown
            lines[-1] = line
        return lines

    def paragraph(
        self,
        text: str,
        facts: Sequence[tuple[str, Fact]] = (),
        *,
        size: float = 10.5,
        leading: float = 18.0,
        align: Align = "left",
        indent: float = 21.0,
        space_after: float = 3.0,
    ) -> None:
        """Text with a first-line indent; ``facts`` are (printed text, fact) in reading order."""
        waiting = list(facts)
        first = indent if align == "left" else 0.0
        for no, line in enumerate(self.wrap(text, size, RIGHT - LEFT, first)):
            self.keep(leading)
            self.y -= leading
            self._draw(line, LEFT + (first if no == 0 else 0), self.y, size, align, RIGHT - LEFT)
            rest = line
            while waiting and waiting[0][0] in rest:
                printed, fact = waiting.pop(0)
                rest = rest.split(printed, 1)[1]
                self.placed.append(Placed(fact, printed, self.page_no))
        if waiting:
            raise ValueError(
                f"{len(waiting)} numbers are not in their sentence; expected all of them"
            )
        self.y -= space_after

    def heading(
        self, text: str, size: float = 12.0, align: Align = "left", gap: float = 8.0
    ) -> None:
        """A heading in heavy type, kept with some lines of what follows."""
        self.keep(size + gap + (48 if self.style.keeps_captions else 5))
        self.y -= size + gap
        self._canvas.saveState()
        text_object = self._canvas.beginText()
        text_object.setTextRenderMode(2)  # fill and stroke: the Chinese font has no bold face
        self._canvas.setLineWidth(0.35)
        x = LEFT
        if align == "center":
            x += (RIGHT - LEFT - text_width(text, self.style.latin_font, size)) / 2
        text_object.setTextOrigin(x, self.y)
        for font, run in split_runs(text, self.style.latin_font):
            text_object.setFont(font, size)
            text_object.textOut(run)
        text_object.setTextRenderMode(0)
        self._canvas.drawText(text_object)
        self._canvas.restoreState()
        self.y -= 5

    def section(self, title: str, text: str) -> None:
        """A numbered section, noted for the table of contents."""
        self.keep(120)
        self.sections.append((f"{title}  {text}", self.page_no))
        self.heading(f"{title}  {text}", 14, "center", 14)
        self.y -= 4

    def contents_line(self, text: str, number: str) -> None:
        """One line of the table of contents with dot leaders."""
        self.y -= 22
        latin, size = self.style.latin_font, 10.5
        room = RIGHT - LEFT - text_width(text, latin, size) - text_width(number, latin, size) - 6
        dots = "." * int(room / text_width(".", latin, size))
        self._draw(f"{text} {dots}", LEFT, self.y, size)
        self._draw(number, LEFT, self.y, size, "right", RIGHT - LEFT)

    def aside(self, text: str, align: Align = "right", size: float = 9.0) -> None:
        """A short line such as a unit line, kept with the table that follows."""
        self.keep(60 if self.style.keeps_captions else 18)
        self.y -= 14
        self._draw(text, LEFT, self.y, size, align, RIGHT - LEFT)
        self.y -= 4

    def gap(self, points: float) -> None:
        """Empty space."""
        self.y -= points

    # -- tables --------------------------------------------------------------------------------

    def table(self, table: Table) -> None:
        """Draws the rows, over as many pages as they need."""
        head = sum(self._height(row, table) for row in table.header)
        first = self._height(table.rows[0], table) if table.rows else 0
        self.keep(head + first + 2)
        self._header(table)
        for no, row in enumerate(table.rows):
            height = self._height(row, table)
            if self.y - height < BOTTOM:
                self._close_table(table)
                self.new_page()
                if table.repeat_header:
                    self._header(table)
            self._row(row, table, height, grey=table.striped and no % 2 == 0)
        self._close_table(table)
        self.y -= 8

    def _header(self, table: Table) -> None:
        for row in table.header:
            self._row(row, table, self._height(row, table), head=True)

    def _spans(self, row: Sequence[Cell], table: Table) -> list[tuple[Cell, float, float]]:
        placed, at, x = [], 0, LEFT
        for cell in row:
            width = sum(table.widths[at : at + cell.span])
            placed.append((cell, x, width))
            at, x = at + cell.span, x + width
        return placed

    def _lines(self, cell: Cell, width: float, table: Table) -> list[str]:
        return self.wrap(cell.text, table.size, width - 6 - cell.indent * 9)

    def _height(self, row: Sequence[Cell], table: Table) -> float:
        most = max(
            len(self._lines(cell, width, table)) for cell, _, width in self._spans(row, table)
        )
        return most * (table.size + 2.2) + 3.2

    def _row(
        self,
        row: Sequence[Cell],
        table: Table,
        height: float,
        *,
        head: bool = False,
        grey: bool = False,
    ) -> None:
        bottom = self.y - height
        leading = table.size + 2.2
        for no, (cell, x, width) in enumerate(self._spans(row, table)):
            if grey or (table.shaded and (head or no == 0)):
                self._canvas.setFillGray(0.92 if grey else 0.85)
                self._canvas.rect(x, bottom, width, height, stroke=0, fill=1)
                self._canvas.setFillGray(0)
            lines = self._lines(cell, width, table)
            y = self.y - (height - len(lines) * leading) / 2 - table.size + 0.5
            for line in lines:
                inset = 3 + cell.indent * 9
                self._draw(line, x + inset, y, table.size, cell.align, width - 3 - inset)
                y -= leading
            if cell.fact is not None and cell.text:
                self.placed.append(Placed(cell.fact, cell.text, self.page_no))
            if table.rules == "grid":
                self._canvas.line(x, self.y, x, bottom)
                self._canvas.line(x + width, self.y, x + width, bottom)
            if table.rules != "none" and not cell.merged:
                self._canvas.line(x, self.y, x + width, self.y)
        self.y = bottom

    def _close_table(self, table: Table) -> None:
        if table.rules != "none":
            self._canvas.line(LEFT, self.y, LEFT + sum(table.widths), self.y)


def _tokens(text: str) -> list[str]:
    """Single Chinese characters, and whole numbers and Latin words."""
    tokens: list[str] = []
    for char in text:
        glued = char.isascii() and not char.isspace()
        if glued and tokens and tokens[-1][-1].isascii() and not tokens[-1][-1].isspace():
            tokens[-1] += char
        else:
            tokens.append(char)
    return tokens
