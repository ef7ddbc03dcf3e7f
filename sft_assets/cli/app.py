"""The commands, each a thin call of what the assets call too."""

import errno
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sft_assets.cli.output import print_json, print_text, say
from sft_assets.errors import SettingsError, SftAssetsError

app = typer.Typer(
    name="sft-assets",
    help="Annual-report PDFs in, fine-tuning data with traceable numbers and a trained model out.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

OUTPUT_IN_THE_WAY = {  # a place that the operator named cannot be written; no fault of the program
    errno.EEXIST,
    errno.EISDIR,
    errno.ENOTDIR,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.ENAMETOOLONG,
}

DataRoot = Annotated[
    str,
    typer.Option(envvar="SFT_ASSETS_DATA_ROOT", help="Data folder: a path or an fsspec URL."),
]
Recipe = Annotated[str, typer.Option(help="Name of a training recipe.")]
Workers = Annotated[int, typer.Option(min=1, help="Reports worked on at once.")]


@contextmanager
def errors_as_exit_codes() -> Iterator[None]:
    """Turn the project's own errors into one line and an exit code; others show their traceback."""
    try:
        yield
    except SftAssetsError as error:
        say(f"error: {error}")
        raise typer.Exit(error.exit_code) from None
    except OSError as error:
        if error.errno not in OUTPUT_IN_THE_WAY:
            raise
        place = error.filename or "an output"
        say(f"error: {place}: {error.strerror}. hint: name another place, or free this one")
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        say("interrupted. hint: what is published stays; the same command goes on from there")
        raise typer.Exit(128 + signal.SIGINT) from None


@app.command()
def run(
    inbox: Annotated[Path, typer.Option(exists=True, file_okay=False, help="Folder of PDFs.")],
    data_root: DataRoot,
    recipe: Annotated[list[str] | None, typer.Option(help="Also train and evaluate this.")] = None,
    workers: Workers = 2,
    until: Annotated[str | None, typer.Option(help="Stop after this stage.")] = None,
    force: Annotated[bool, typer.Option(help="Compute again what is up to date.")] = False,
) -> None:
    """Take in a folder of PDFs and bring every stage up to date; train when a recipe is named."""
    from sft_assets.cli.walk import walk_inbox

    with errors_as_exit_codes():
        summary = walk_inbox(inbox, data_root, recipe or [], workers, until=until, force=force)
    print_json(summary)
    raise typer.Exit(1 if summary["failed"] else 0)


@app.command()
def demo(data_root: DataRoot = "data", recipe: Recipe = "lora", workers: Workers = 2) -> None:
    """Run the whole walk on the bundled sample reports and show what came of it."""
    from sft_assets.cli.walk import show_demo, walk_inbox
    from sft_assets.sample import sample_inbox

    with errors_as_exit_codes():
        summary = walk_inbox(sample_inbox(), data_root, [recipe], workers)
        show_demo(summary, data_root, recipe)
    raise typer.Exit(1 if summary["failed"] else 0)


@app.command()
def extract(
    pdf: Annotated[Path, typer.Argument(exists=True, dir_okay=False)],
    out: Annotated[
        Path | None, typer.Option(help="Folder for pages, lines and cells as Parquet.")
    ] = None,
    render: Annotated[
        Path | None,
        typer.Option(help="Folder for pictures of the pages with boxes around what was read."),
    ] = None,
    pages: Annotated[
        str | None, typer.Option(help="Pages to draw, such as 3-5,9; all when not given.")
    ] = None,
    dpi: Annotated[int, typer.Option(min=40, max=200, help="Resolution of the pictures.")] = 110,
) -> None:
    """Read one PDF into pages, lines and cells, or draw what is read on its pages.

    ``--out`` takes an annual report through the gates of the walk; ``--render`` draws any PDF.
    """
    from sft_assets.cli.single import extract_one

    with errors_as_exit_codes():
        if out is None and render is None:
            raise SettingsError("nothing to do. hint: name --out, --render or both")
        summary = extract_one(pdf, out) if out else {}
        if render:
            from sft_assets.cli.pictures import render_pages

            summary |= render_pages(pdf, render, pages, dpi)
        print_json(summary)


@app.command()
def facts(
    pdf: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False)],
    out: Annotated[Path | None, typer.Option(help="JSONL file, one fact a line.")] = None,
    page: Annotated[
        Path | None,
        typer.Option("--html", help="HTML file: what was read beside the pages; for one PDF."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            exists=True,
            dir_okay=False,
            help="An earlier report of the company: what changed since is set aside; for one PDF.",
        ),
    ] = None,
    workers: Workers = 2,
) -> None:
    """Read the financial facts of annual reports, with page, box, period, scope and proof."""
    from sft_assets.cli.single import facts_of

    with errors_as_exit_codes():
        counts = facts_of(pdf, out, workers, page, against)
    print_json(counts)
    raise typer.Exit(5 if counts["rejected"] else 0)


@app.command()
def trace(
    what: Annotated[str, typer.Argument(help="A pair_id, fact_id, number, or words of an answer.")],
    data_root: DataRoot,
    limit: Annotated[int, typer.Option(min=1, help="Show at most this many matches.")] = 5,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print all of it, with cells and spans of the text.")
    ] = False,
) -> None:
    """Show where an answer comes from: program, facts, page, box and the printed text."""
    from sft_assets.audit.trace import trace_answers
    from sft_assets.cli.trace_words import describe_chains

    with errors_as_exit_codes():
        chains = trace_answers(what, data_root, limit=limit)
    if as_json:
        print_json(chains)
    elif chains:
        print_text(describe_chains(chains))
    if not chains:
        say("nothing matches. hint: try a pair_id, a number as printed, or words of the answer")
        raise typer.Exit(1)


@app.command()
def verify(data_root: DataRoot, workers: Workers = 2) -> None:
    """Re-open the PDFs and derive every number of the released answers again."""
    from sft_assets.audit.verify import verify_release
    from sft_assets.cli.output import progress_bar

    with errors_as_exit_codes(), progress_bar() as listen:
        report = verify_release(data_root, workers=workers, progress=listen)
    print_json(report.as_dict())
    raise typer.Exit(0 if report.passed else 1)


@app.command()
def derive(
    program: Annotated[str, typer.Argument(help="For instance 'ratio(f1, f2)'.")],
    figure: Annotated[list[str], typer.Option(help="Printed amount: f1, then f2 ...")],
    answer: Annotated[str | None, typer.Option(help="A claimed answer to be checked.")] = None,
) -> None:
    """Derive a number from printed figures as the pairs do; refuse an answer that says another."""
    from sft_assets.pairs.claims import derive as derive_claim

    with errors_as_exit_codes():
        derived = derive_claim(program, figure, answer)
    print_json(
        {"result": derived.result, "formula": derived.formula, "refused": list(derived.refused)}
    )
    raise typer.Exit(1 if derived.refused else 0)


@app.command()
def train(data_root: DataRoot, recipe: Recipe = "lora") -> None:
    """Train a model on the released data set."""
    _run_recipe(data_root, recipe, ("base_model", "checkpoint", "merged_model"))


@app.command("recipe")
def show_recipe(
    data_root: DataRoot,
    recipe: Recipe = "lora",
    rows: Annotated[
        int, typer.Option(min=0, help="Rows shown with what is learned in colour.")
    ] = 2,
) -> None:
    """Show what a recipe would need and do before it is trained, and its first rows."""
    from sft_assets.cli.recipe import show_recipe as show

    with errors_as_exit_codes():
        print_json(show(recipe, data_root, rows))


@app.command()
def evaluate(data_root: DataRoot, recipe: Recipe = "lora") -> None:
    """Evaluate the base model and the trained one on the held-out companies."""
    _run_recipe(data_root, recipe, ("baseline_report", "eval_report"))


def _run_recipe(data_root: str, recipe: str, steps: tuple[str, ...]) -> None:
    from sft_assets.cli.walk import run_recipe_steps

    with errors_as_exit_codes():
        summary: dict[str, Any] = run_recipe_steps(data_root, recipe, steps)
    print_json(summary)
    raise typer.Exit(1 if summary["failed"] else 0)


@app.command()
def review(
    export: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="JSON export.")],
    data_root: DataRoot,
) -> None:
    """Take in the verdicts of a Label Studio export; the next run applies them."""
    from sft_assets.cli.review import import_verdicts

    with errors_as_exit_codes():
        print_json(import_verdicts(export, data_root))


@app.command()
def doubts(data_root: DataRoot, recipe: Recipe = "lora") -> None:
    """Put the held-out answers that the tuned model got wrong first in the next review queue."""
    from sft_assets.cli.review import import_doubts

    with errors_as_exit_codes():
        print_json(import_doubts(recipe, data_root))


@app.command()
def status(data_root: DataRoot) -> None:
    """Show what is published: reports, rows by stage, ledger, scores and paths."""
    from sft_assets.audit.summary import summarize

    with errors_as_exit_codes():
        summary = summarize(data_root)
    if not summary["ledger"]:
        say(f"nothing is published in {data_root}. hint: name another folder with --data-root")
    print_json(summary)
