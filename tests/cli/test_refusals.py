"""What cannot work is refused in one line before any work is done."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sft_assets.cli import app
from sft_assets.cli.walk import check_data_root, check_recipes
from sft_assets.errors import SettingsError
from sft_assets.train.recipes import recipe_text


def test_own_recipe_of_the_data_folder_is_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="expected one of"):
        check_recipes(["mine"], str(tmp_path))
    (tmp_path / "recipes").mkdir()
    (tmp_path / "recipes" / "mine.yaml").write_text(recipe_text("smoke", str(tmp_path)))
    check_recipes(["mine", "lora"], str(tmp_path))


def test_data_root_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(SettingsError, match="expected a folder that can be written"):
        check_data_root(str(tmp_path / "file"))
    check_data_root(str(tmp_path / "new"))


def test_inbox_without_a_report(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "text.pdf").write_text("no PDF")
    arguments = ["run", "--inbox", str(inbox), "--data-root", str(tmp_path / "data")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 2
    assert "gave no annual report" in result.stderr
