"""``extract --render`` and the words that stand for a progress bar off a terminal."""

import json
import time
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas
from typer.testing import CliRunner

from sft_assets.cli import app
from sft_assets.cli.output import spoken_progress
from sft_assets.cli.pictures import parse_pages
from sft_assets.errors import SettingsError


def _made(tmp_path: Path) -> Path:
    canvas = Canvas(str(tmp_path / "made.pdf"), pagesize=(300, 200), invariant=True)
    for page in range(1, 6):
        canvas.drawString(30, 185, "The Same Company")
        canvas.drawString(30, 100, f"words of page {'abcde'[page - 1]}")
        canvas.showPage()
    canvas.save()
    return tmp_path / "made.pdf"


def test_any_pdf_is_drawn(tmp_path: Path) -> None:
    out = tmp_path / "pictures"
    arguments = ["extract", str(_made(tmp_path)), "--render", str(out), "--pages", "2,4-5"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert (told["pictures"], told["pages_not_drawn"], told["pages_not_read"]) == (3, {}, {})
    assert [p.name for p in sorted(out.glob("*.png"))] == [f"page_000{n}.png" for n in (2, 4, 5)]
    index = (out / "index.html").read_text()
    assert index.count('class="dropped">The Same Company') == 3
    assert "words of page b" in index
    assert "words of page c" not in index


def test_nothing_to_do_and_pages_that_are_not_there(tmp_path: Path) -> None:
    pdf = str(_made(tmp_path))
    result = CliRunner().invoke(app, ["extract", pdf])
    assert (result.exit_code, "name --out, --render or both" in result.stderr) == (2, True)
    result = CliRunner().invoke(app, ["extract", pdf, "--render", str(tmp_path), "--pages", "6"])
    assert (result.exit_code, "from 1 to 5" in result.stderr) == (2, True)


def test_what_does_not_open_has_a_typed_reason(tmp_path: Path) -> None:
    path = tmp_path / "no.pdf"
    path.write_bytes(b"no pdf")
    result = CliRunner().invoke(app, ["extract", str(path), "--render", str(tmp_path / "out")])
    assert result.exit_code == 5
    assert "unreadable" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text", ["", "0", "3-1", "a", "1-", "-1", "1,,2", "7", "7-9", "6-5", "1-99999999", "²"]
)
def test_pages_that_are_none(text: str) -> None:
    with pytest.raises(SettingsError, match="3-5,9"):
        parse_pages(text, 6)


def test_pages() -> None:
    assert parse_pages(None, 3) == [1, 2, 3]
    assert parse_pages(" 2 , 1-2", 3) == [1, 2]


def test_words_every_so_often() -> None:
    told: list[str] = []
    with spoken_progress(0.01, told.append) as under_way:
        under_way[""] = "1 of 3 pages"
        deadline = time.monotonic() + 60
        while not told and time.monotonic() < deadline:
            time.sleep(0.01)
        under_way["other"] = "step 2"
        while told[-1] == "1 of 3 pages" and time.monotonic() < deadline:
            time.sleep(0.01)
    assert told == ["1 of 3 pages", "1 of 3 pages; step 2"]  # each once
    count = len(told)
    time.sleep(0.05)
    assert len(told) == count  # it ends with what it speaks of


def test_a_short_run_says_nothing() -> None:
    told: list[str] = []
    with spoken_progress(60, told.append) as under_way:
        under_way[""] = "1 of 3 pages"
    assert told == []


def test_a_range_beyond_the_end_ends_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert parse_pages("4-6", 6) == [4, 5, 6]
    assert capsys.readouterr().err == ""
    assert parse_pages("5-999,2", 6) == [2, 5, 6]
    assert "pages 5-999 end at 6, the last page of the PDF" in capsys.readouterr().err
