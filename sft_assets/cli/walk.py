"""``run``, ``demo``, ``train`` and ``evaluate``: the walk without the UI."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table

from sft_assets.audit.summary import seconds_by_stage, summarize
from sft_assets.cli.output import console, progress_bar, say, walk_progress
from sft_assets.cli.refused_files import describe_refused
from sft_assets.errors import SettingsError
from sft_assets.ingest.intake import RefusedFile, intake_folder, list_report_keys
from sft_assets.stages import STAGES, STEPS
from sft_assets.store.folders import Folder
from sft_assets.store.store import Store
from sft_assets.train.recipe import load_recipe
from sft_assets.walk.run import StepLine, run_chain, run_walk
from sft_assets.walk.settings import Settings
from sft_assets.walk.step import Grain, Step, order_steps


def walk_inbox(
    inbox: Path,
    data_root: str,
    recipes: Sequence[str],
    workers: int,
    *,
    until: str | None = None,
    force: bool = False,
) -> dict[str, Any]:
    """Take in the PDFs of ``inbox``, run the walk, and return what ``run`` prints."""
    steps = steps_until(until)
    check_recipes(recipes, data_root)
    check_data_root(data_root)
    settings = Settings.load(data_root, STEPS)
    say(f"taking in {inbox}")
    refused: list[RefusedFile] = []
    with progress_bar() as listen:
        intake = intake_folder(inbox, data_root, progress=listen, refuse=refused.append)
    for line in describe_refused(refused):
        say(line)
    keys = list_report_keys(data_root)
    if not keys:
        refusals = [step for step in STEPS if step.name == "rejected_files"]
        run_walk(refusals, data_root, settings, report_keys=[])
        told = summarize(data_root)
        where = f", listed in {told['paths']['rejected_files']}" if told["rejected_files"] else ""
        raise SettingsError(
            f"{inbox} gave no annual report of {intake['files']} files{where}. "
            "hint: name a folder of annual-report PDFs with --inbox"
        )
    with walk_progress(len(keys)) as tell:
        lines = run_walk(
            steps,
            data_root,
            settings,
            report_keys=keys,
            recipes=recipes,
            workers=workers,
            listen=tell,
            force=force,
        )
    summary = {"intake": intake, **_told(lines), **summarize(data_root)}
    tell_empty_splits(summary["splits"])
    return summary


def tell_empty_splits(splits: Mapping[str, int]) -> None:
    """Say which split no company fell into, and how to fill it."""
    empty = [split for split in _SPLITS if splits and not splits.get(split)]
    if empty:
        say(
            f"{' and '.join(empty)}: no company fell into it, since a company's split follows from "
            "its name alone. hint: hold one out for good with dataset_splits: "
            f"{{pinned: {{<company_id>: {empty[-1]}}}}} in settings.yaml, or set fill_empty_splits"
        )


def run_recipe_steps(data_root: str, recipe: str, names: tuple[str, ...]) -> dict[str, Any]:
    """Run the named recipe steps (and those before them) and return what the command prints."""
    check_recipes([recipe], data_root)
    check_released(data_root)
    check_data_root(data_root)
    settings = Settings.load(data_root, STEPS)
    wanted = [s for s in order_steps(STEPS) if s.grain is Grain.RECIPE and _leads_to(s, names)]
    with walk_progress(0) as tell:
        lines = run_chain(wanted, recipe, root=data_root, settings=settings, tell=tell)
    return {**_told(lines), "scores": summarize(data_root)["scores"]}


def steps_until(stage: str | None) -> list[Step]:
    """Return the steps of the walk up to and with ``stage``.

    Raises:
        SettingsError: If there is no such stage.
    """
    if stage is None:
        return list(STEPS)
    names = list(STAGES)
    if stage not in names:
        raise SettingsError(f"stage is {stage!r}; expected one of {', '.join(names)}")
    wanted = set(names[: names.index(stage) + 1])
    return [step for step in STEPS if step.stage in wanted]


def check_recipes(recipes: Sequence[str], data_root: str) -> None:
    """Refuse a recipe that is unknown or cannot work before any work is done.

    Raises:
        SettingsError: If a recipe does not exist, or a value of it cannot work.
    """
    for recipe in recipes:
        load_recipe(recipe, data_root)


def check_data_root(data_root: str) -> None:
    """Refuse a data folder that cannot be written before any work is done.

    Raises:
        SettingsError: If it cannot.
    """
    try:
        folder = Folder(data_root)
        folder.write_new(".writable", b"")
        folder.remove_file(".writable")
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise SettingsError(
            f"data root is {data_root} ({why}); expected a folder that can be "
            "written. hint: name another one with --data-root"
        ) from None


def check_released(data_root: str) -> None:
    """Refuse a data folder that holds no data set, as one with a mistyped name does.

    Raises:
        SettingsError: If nothing was released there.
    """
    if not Store(data_root).partitions("sft_dataset"):
        raise SettingsError(
            f"data root {data_root} holds no released data set; expected one. hint: name another "
            f"one with --data-root, or: sft-assets run --inbox FOLDER --data-root {data_root}"
        )


def show_demo(summary: dict[str, Any], data_root: str, recipe: str) -> None:
    """Print the summary table of the demo and where to look next."""
    table = Table(title="What the walk made of the sample", show_header=False)
    for name, value in demo_rows(summary, recipe):
        table.add_row(name, value)
    console.print(table)
    for name, path in demo_paths(summary, recipe):
        say(f"{name}: {path}")  # whole, so that it can be copied
    say(f"published: {summary['published']} partitions, unchanged: {summary['unchanged']}")
    say(f"next: sft-assets verify --data-root {data_root}, or make ui")


def demo_rows(summary: dict[str, Any], recipe: str) -> list[tuple[str, str]]:
    """Return the lines of the demo's table."""
    rows = summary["rows"]
    scores = summary["scores"].get(recipe, {})
    splits = summary["splits"]
    return [
        ("reports", f"{summary['reports']} ({summary['rejected_files']} files rejected)"),
        ("pages", str(rows.get("extracted_pages", 0))),
        ("facts", str(rows.get("financial_facts", 0))),
        ("quarantined facts", str(rows.get("fact_quarantine", 0))),
        ("instruction pairs", str(summary["pairs"])),
        ("duplicates dropped", str(rows.get("dropped_duplicates", 0))),
        ("train / validation / test", " / ".join(str(splits.get(s, 0)) for s in _SPLITS)),
        ("numbers exact, base model", str(scores.get("baseline", "-"))),
        ("numbers exact, tuned model", str(scores.get("tuned", "-"))),
        ("its rise, 95 % interval", _rise(scores)),
    ]


def _rise(scores: Mapping[str, Any]) -> str:
    if "rise_interval" not in scores:
        return "-"
    low, high = scores["rise_interval"]
    verdict = "promoted" if scores["promoted"] else "not promoted"
    return f"{low} to {high}: {scores['rise']}; {verdict}"


def demo_paths(summary: dict[str, Any], recipe: str) -> list[tuple[str, str]]:
    """Return where the results of the demo lie."""
    paths = summary["paths"]
    return [
        ("data set", paths.get("sft_dataset", "-")),
        ("its quality plot", paths.get("quality_plot", "-")),
        ("checkpoint", paths.get(f"checkpoint[{recipe}]", "-")),
        ("eval page", paths.get(f"eval_page[{recipe}]", "-")),
    ]


_SPLITS = ("train", "validation", "test")


def _leads_to(step: Step, names: tuple[str, ...]) -> bool:
    if step.name in names:
        return True
    return any(
        step.name in reader.inputs and _leads_to(reader, names)
        for reader in STEPS
        if reader.grain is Grain.RECIPE
    )


def _told(lines: Sequence[StepLine]) -> dict[str, Any]:
    failed = [
        {"step": x.step, "partition": x.partition, "status": x.status, "error": x.error}
        for x in lines
        if x.error is not None
    ]
    return {
        "published": sum(line.status == "published" for line in lines),
        "unchanged": sum(line.status == "unchanged" for line in lines),
        "failed": failed,
        "seconds_by_stage": seconds_by_stage(lines),
    }
