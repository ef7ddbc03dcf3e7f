"""The steps of the stage: base model, checkpoint, merged model; each for one recipe."""

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import polars as pl

from sft_assets.errors import SettingsError
from sft_assets.language_models.base_models import (
    POINTER_FILE,
    base_identity,
    find_base,
    open_base,
    pointer_to,
)
from sft_assets.language_models.jobs import MemoryRanOutError, run_job
from sft_assets.lineage.digests import digest_of, sha256_of_file
from sft_assets.store.folders import Folder
from sft_assets.train.memory import describe_memory
from sft_assets.train.plots import draw_training_curve
from sft_assets.train.recipe import Recipe, load_recipe
from sft_assets.train.scale import plan_batches
from sft_assets.train.teacher import teacher_digest
from sft_assets.walk.step import ExternalView, Grain, Inputs, Ledger, Step, StepResult

BUNDLED_BASE: Final = Path(__file__).parent / "base"
CONVERSATIONS: Final = "openai_messages"
LINEAGE: Final = "lineage.parquet"
CODE_VERSION: Final = "4"


def publish_base(inputs: Inputs) -> StepResult:
    """Return the recipe's base model: its files if it is the bundled one, else where it is."""
    recipe = load_recipe(inputs.partition, inputs.root)
    base = find_base(recipe.base_model, recipe.base_revision, BUNDLED_BASE)
    files: dict[str, bytes | Path] = {POINTER_FILE: _json(pointer_to(base))}
    if base.source == "bundled":
        files |= {name: base.folder / name for name in base.files}
    return StepResult(
        tables={},
        ledger=Ledger(unit="model file", rows_in=len(base.files), kept=len(base.files)),
        files=files,
        metadata={"base_model": base.name, "digest": base.digest},
    )


def train_checkpoint(inputs: Inputs) -> StepResult:
    """Return the weights that the recipe makes of the base, and how the loss went.

    A killed attempt left checkpoints in ``kept_dir``; training goes on from the newest good one.
    """
    recipe = load_recipe(inputs.partition, inputs.root)
    dataset = inputs.files("sft_dataset")
    data = dataset / CONVERSATIONS
    published = inputs.files("base_model")
    base = open_base(published)
    digests = {
        "recipe": recipe.digest,
        "dataset": folder_digest(data),
        "base": json.loads((published / POINTER_FILE).read_text("utf-8"))["digest"],
        "code_version": CODE_VERSION,
    }
    estimate = describe_memory(recipe, base)
    inputs.report_progress(0, 1, f"training, needs {estimate}")
    job = {
        "recipe": recipe.model_dump(mode="json"),
        "data": str(data),
        "base": str(base),
        "kept": str(inputs.kept_dir),
        "identity": digests,
        "general_rows": general_rows(dataset),
        "trackers": str(trackers_folder(inputs.root, recipe) / inputs.partition),
        "mlflow_uri": os.environ.get("MLFLOW_TRACKING_URI"),
    }

    def tell(line: Mapping[str, Any]) -> None:
        inputs.report_progress(
            int(line["done"]), int(line["total"]), f"training, loss {line['loss']:.3f}"
        )

    result = train_within_memory(job, recipe, inputs.work_dir, tell)
    out = inputs.work_dir / "out"
    told = {
        "recipe": inputs.partition,
        "recipe_digest": digests["recipe"],
        "dataset_digest": digests["dataset"],
        "base_digest": digests["base"],
        "code_version": CODE_VERSION,
        "method": recipe.method,
        "steps": result["steps"],
        "training_rows": result["kept"],
        "validation_loss_before": result["validation_loss_before"],
        "validation_loss_after": result["validation_loss_after"],
        "fit": result["fit"],
    }
    curve = draw_training_curve(out, title=inputs.partition, fit=result["fit"])
    of_this_run = {
        "memory_estimate": estimate,
        "rows_at_a_time": result["micro_rows"],
        "resumed_from_step": result["resumed_from"],
        "refused_checkpoints": "; ".join(result["refused_checkpoints"]) or "none",
    }
    return StepResult(
        tables={},
        ledger=Ledger(
            unit="training row",
            rows_in=result["rows_in"],
            kept=result["kept"],
            dropped=result["dropped"],
        ),
        files={**files_under(out), "checkpoint.json": _json(told)},
        measured={"training_curve.png": curve},
        metadata={name: str(value) for name, value in {**told, **of_this_run}.items()},
    )


def train_within_memory(
    job: Mapping[str, Any],
    recipe: Recipe,
    work_dir: Path,
    tell: Callable[[Mapping[str, Any]], None] = lambda _line: None,
) -> dict[str, Any]:
    """Train, with half the rows at a time whenever memory ran out; the batch stays the same.

    Each attempt is a process of its own, so that nothing of the failed one is left in memory, and
    goes on from its last checkpoint.

    Raises:
        MemoryRanOutError: If a single row does not fit.
    """
    rows = plan_batches(recipe).micro_rows
    while True:
        try:
            return run_job(
                "sft_assets.train.run",
                {**job, "micro_rows": rows},
                work_dir,
                threads=recipe.threads,
                ranks=recipe.scale.ranks,
                on_progress=tell,
            )
        except MemoryRanOutError:
            if rows == 1:
                raise
            rows = plan_batches(recipe, at_most=rows // 2).micro_rows


def trackers_folder(root: str, recipe: Recipe) -> Path:
    """Return where trackers write: below a local data root.

    Raises:
        SettingsError: If the recipe asks for trackers and the root is remote.
    """
    folder = Folder(root)
    if folder.is_local:
        return folder.local_path("trackers").absolute()
    if recipe.trackers:
        raise SettingsError(
            f"trackers names {', '.join(recipe.trackers)} and the data root is {root}; expected a "
            "local root, since event files are appended to"
        )
    return Path("trackers")


def general_rows(dataset: Path) -> list[int]:
    """Return the lines of the training file that are of general data; none without lineage."""
    path = dataset / LINEAGE
    if not path.exists():
        return []
    general = (pl.col("split") == "train") & (pl.col("origin") == "general")
    return pl.read_parquet(path).filter(general)["row_no"].sort().to_list()


def merge_checkpoint(inputs: Inputs) -> StepResult:
    """Return the trained model in one piece, checked against the trained one."""
    recipe = load_recipe(inputs.partition, inputs.root)
    job = {
        "checkpoint": str(inputs.files("checkpoint")),
        "base": str(open_base(inputs.files("base_model"))),
    }
    result = run_job("sft_assets.train.merge", job, inputs.work_dir, threads=recipe.threads)
    files = files_under(inputs.work_dir / "out")
    parity = {
        "largest_logit_difference": result["largest_difference"],
        "tolerance": "1e-4",
        "not_merged": result["not_merged"],
    }
    return StepResult(
        tables={},
        ledger=Ledger(unit="model file", rows_in=len(files), kept=len(files)),
        files={**files, "parity.json": _json(parity)},
        metadata=parity,
    )


def base_digests(view: ExternalView, partition: str) -> Mapping[str, str]:
    """Return the identity of the base that the recipe names."""
    recipe = load_recipe(partition, view.root)
    identity = base_identity(recipe.base_model, recipe.base_revision, BUNDLED_BASE)
    return {"base_model": identity}


def recipe_digests(view: ExternalView, partition: str) -> Mapping[str, str]:
    """Return the digest of the recipe's settings, and of its teacher's files."""
    recipe = load_recipe(partition, view.root)
    teacher = {"teacher": teacher_digest(recipe.teacher)} if recipe.teacher else {}
    return {"recipe": recipe.digest, **teacher}


def merge_digests(view: ExternalView, partition: str) -> Mapping[str, str]:
    """Return what merging reads beside the checkpoint: only the recipe's number of threads."""
    recipe: Recipe = load_recipe(partition, view.root)
    return {"threads": str(recipe.threads)}


def files_under(folder: Path) -> dict[str, bytes | Path]:
    """Return every file below ``folder`` by its relative path, in order."""
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path for path in paths}


def folder_digest(folder: Path) -> str:
    """Return the digest of the names and bytes of a folder's files."""
    return digest_of(
        "files", {path.name: sha256_of_file(path) for path in sorted(folder.iterdir())}
    )


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


STEPS: tuple[Step, ...] = (
    Step(
        name="base_model",
        stage="train",
        grain=Grain.RECIPE,
        tables=(),
        inputs=(),
        code_version=CODE_VERSION,
        description="The model that training starts from, by digest",
        compute=publish_base,
        external=base_digests,
    ),
    Step(
        name="checkpoint",
        stage="train",
        grain=Grain.RECIPE,
        tables=(),
        inputs=("sft_dataset", "base_model"),
        code_version=CODE_VERSION,
        description="Weights that the recipe makes of the base, with the loss of each step",
        compute=train_checkpoint,
        external=recipe_digests,
        isolated=True,
    ),
    Step(
        name="merged_model",
        stage="train",
        grain=Grain.RECIPE,
        tables=(),
        inputs=("checkpoint", "base_model"),
        code_version=CODE_VERSION,
        description="The trained model in one piece, its logits equal to the trained ones",
        compute=merge_checkpoint,
        external=merge_digests,
        isolated=True,
    ),
)
