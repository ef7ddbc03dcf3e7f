"""The command line's documentation is what its own help says."""

import subprocess
import sys
from pathlib import Path

import typer

from sft_assets.cli import app


def test_docs_are_up_to_date(repository: Path, tmp_path: Path) -> None:
    generated = tmp_path / "cli.md"
    command = [sys.executable, "-m", "typer", "sft_assets.cli.app", "utils", "docs"]
    command += ["--name", "sft-assets", "--output", str(generated)]
    subprocess.run(command, check=True, capture_output=True)
    written = (repository / "docs" / "cli.md").read_text(encoding="utf-8")
    assert written == generated.read_text(encoding="utf-8"), "hint: make docs"


def test_every_command_explains_itself() -> None:
    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    assert {"run", "demo", "extract", "facts", "trace", "verify", "train", "evaluate"} <= set(
        commands
    )
    assert [name for name, command in commands.items() if not command.help] == []
