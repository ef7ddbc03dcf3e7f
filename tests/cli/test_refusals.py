"""What cannot work is refused in one line before any work is done."""

import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from sft_assets.cli import app
from sft_assets.cli.refused_files import NEXT_ACTIONS, describe_refused
from sft_assets.cli.walk import check_data_root, check_recipes
from sft_assets.errors import SettingsError
from sft_assets.ingest.intake import RefusedFile
from sft_assets.sample import sample_inbox
from sft_assets.schemas.reports import REASONS
from sft_assets.stages import STEPS
from sft_assets.train.recipes import recipe_text
from sft_assets.walk.settings import Settings


def test_own_recipe_of_the_data_folder_is_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected one that ships"):
        check_recipes(["mine"], str(tmp_path))
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mine.yaml").write_text(recipe_text("smoke", str(tmp_path)))
    check_recipes(["mine", "lora"], str(tmp_path))
    with pytest.raises(
        SettingsError, match=r"\(adalora, .*, smoke\) or your own \(mine of recipes/"
    ):
        check_recipes(["other"], str(tmp_path))
    (tmp_path / "recipes" / "mine.yaml").write_text("method: lora")
    with pytest.raises(SettingsError, match="seed is missing"):
        check_recipes(["lora", "mine"], str(tmp_path))  # before any report is read


def test_data_root_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingsError, match="expected a folder that can be written"):
        check_data_root(str(tmp_path / "file"))
    check_data_root(str(tmp_path / "new"))
    with pytest.raises(SettingsError, match="data root is empty"):
        check_data_root("")
    with pytest.raises(SettingsError, match="expected a path or a URL that fsspec knows"):
        check_data_root("nosuch://bucket/data")


def test_inbox_without_a_report(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    arguments = ["run", "--inbox", str(inbox), "--data-root", str(tmp_path / "data")]
    empty = CliRunner().invoke(app, arguments)
    assert empty.exit_code == 2
    assert "gave no annual report of 0 files. hint:" in empty.stderr
    (inbox / "text.pdf").write_text("no PDF")
    os.mkfifo(inbox / "a pipe")
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "gave no annual report of 2 files, listed in " in result.stderr
    lines = [x for x in result.stderr.split("\n") if x.startswith("not taken in: ")]
    assert lines == [
        "not taken in: a pipe: not_a_file (a named pipe); next: put the PDF itself there",
        "not taken in: text.pdf: not_a_pdf (no PDF header in the first 1024 bytes); "
        "next: put the report's PDF there",
    ]
    assert "{" not in result.stderr
    told = re.search(r"listed in (\S+\.parquet)", result.stderr)
    assert told is not None
    assert set(pl.read_parquet(told[1])["reason"]) == {"not_a_pdf", "not_a_file"}


def test_each_reason_has_a_next_action_and_a_long_list_ends() -> None:
    assert set(NEXT_ACTIONS) == {*REASONS, "unread"}
    refused = [RefusedFile(f"{n}.pdf", "unread", "PermissionError") for n in range(25)]
    lines = describe_refused(refused)
    assert len(lines) == 21
    assert lines[-1] == "not taken in: 5 more"
    assert "24.pdf" in describe_refused(refused[5:])[-1]
    (line,) = describe_refused([RefusedFile("年\n\x1b[2J.pdf", "no_pages", "0 pages")])
    assert line.startswith("not taken in: 年\\n\\x1b[2J.pdf: no_pages (0 pages); next: ")


def test_folder_without_a_data_set_is_no_place_to_train(tmp_path: Path) -> None:
    root = tmp_path / "mistyped"
    for command in ("train", "evaluate"):
        result = CliRunner().invoke(app, [command, "--data-root", str(root)])
        assert result.exit_code == 2
        assert "holds no released data set" in result.stderr
    shown = CliRunner().invoke(app, ["status", "--data-root", str(root)])
    assert shown.exit_code == 0
    assert "nothing is published in" in shown.stderr
    assert not root.exists()


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("extract: {ocr_enginee: rapidocr}", r"ocr_enginee is unknown; expected ocr_engine$"),
        ("eval_report: {colour: 1}", r"colour is unknown; expected one of split, max_rows, "),
        ("eval_report: {split: train}", r"split is 'train'; expected test, validation$"),
        ("extrakt: {}", "names extrakt; .* hint: the steps are .*extract"),
        ("eval_report: {max_rows: 0}", "max_rows is 0; expected a whole number of at least 1$"),
    ],
)
def test_settings_with_a_mistake_name_what_there_is(
    tmp_path: Path, written: str, told: str
) -> None:
    (tmp_path / "settings.yaml").write_text(written)
    with pytest.raises(SettingsError, match=told) as refused:
        Settings.load(str(tmp_path), STEPS)
    assert "\n" not in str(refused.value)


def test_trace_where_nothing_is_published_names_the_folder(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["trace", "1,234", "--data-root", str(tmp_path / "typo")])
    assert result.exit_code == 3
    assert "--data-root" in result.stderr


def test_output_that_is_in_the_way_is_told_in_one_line(tmp_path: Path) -> None:
    pdf = str(sample_inbox() / "309452_2024_annual.pdf")
    (tmp_path / "taken").write_text("a file")
    for arguments in (
        ["facts", pdf, "--out", str(tmp_path)],
        ["extract", pdf, "--out", str(tmp_path / "taken")],
    ):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2
        assert "hint: name another place" in result.stderr


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder of a file system that is mounted read-only; skipped where none can be mounted."""
    folder = tmp_path / "read_only"
    folder.mkdir()
    options = ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs"]
    if subprocess.run(["mount", *options, folder], check=False, capture_output=True).returncode:
        pytest.skip("this user may not mount a file system here")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_place_that_is_mounted_read_only_is_told_in_one_line(
    read_only: Path, tmp_path: Path
) -> None:
    pdf = str(sample_inbox() / "309452_2024_annual.pdf")
    for arguments in (
        ["facts", pdf, "--out", str(read_only / "facts.jsonl")],
        ["extract", pdf, "--render", str(read_only / "pictures"), "--pages", "1"],
        ["run", "--inbox", str(tmp_path), "--data-root", str(read_only / "data")],
    ):
        result = CliRunner().invoke(app, arguments)
        assert result.exit_code == 2, result.exception
        (line,) = [x for x in result.stderr.split("\n") if x.startswith("error: ")]
        assert "Read-only file system" in line
        assert "hint: name another" in line
