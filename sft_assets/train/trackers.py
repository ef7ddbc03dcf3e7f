"""TensorBoard and MLflow, where a recipe asks for them and they are installed.

Loaded only inside a training process: importing this module loads transformers.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transformers import TrainerCallback  # noqa: TID253 - runs only in a training process

from sft_assets.language_models.job_child import is_first_rank
from sft_assets.train.journal import Journal
from sft_assets.train.recipe import Recipe


def trackers_of(job: Mapping[str, Any], recipe: Recipe, journal: Journal) -> list[Any]:
    """Return the recipe's trackers; what they write goes below ``job["trackers"]``."""
    if not recipe.trackers or not is_first_rank():
        return []
    folder = Path(job.get("trackers") or Path(job["out"]).parent / "trackers")
    made: dict[str, Any] = {
        "tensorboard": lambda: TensorBoardTracker(folder / "tensorboard", journal),
        "mlflow": lambda: MlflowTracker(folder, recipe, journal, job.get("mlflow_uri")),
    }
    return [made[name]() for name in recipe.trackers]


class _Tracker(TrainerCallback):  # type: ignore[misc]
    """Tells each step's figures, and each validation once."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._validations = len(journal.validation)

    def on_log(self, _arguments: Any, state: Any, _control: Any, **given: Any) -> None:
        """Tell the figures of the step, and of the validations since the last one."""
        for name in ("loss", "learning_rate", "grad_norm"):
            self.tell(f"train/{name}", given["logs"][name], state.global_step)
        for row in self._journal.validation[self._validations :]:
            self.tell("validation/loss", row["validation_loss"], int(row["step"]))
        self._validations = len(self._journal.validation)

    def tell(self, name: str, value: float, step: int) -> None:
        """Write down one figure."""
        raise NotImplementedError


class TensorBoardTracker(_Tracker):
    """Event files; a training that goes on hides what its killed attempt wrote beyond."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        super().__init__(journal)
        from torch.utils.tensorboard import SummaryWriter

        self._writer = SummaryWriter(str(folder), purge_step=len(journal.training) + 1)

    def tell(self, name: str, value: float, step: int) -> None:
        """Write down one figure."""
        self._writer.add_scalar(name, value, step)

    def on_train_end(self, *_given: Any, **_named: Any) -> None:
        """Write what is still buffered."""
        self._writer.close()


class MlflowTracker(_Tracker):
    """One MLflow run a training; a training that goes on goes on in the same run."""

    def __init__(self, folder: Path, recipe: Recipe, journal: Journal, uri: str | None) -> None:
        super().__init__(journal)
        import mlflow

        folder.mkdir(parents=True, exist_ok=True)
        self._client = mlflow.MlflowClient(uri or f"sqlite:///{folder / 'mlflow.db'}")
        marker = folder / "mlflow_run"
        if journal.training and marker.exists():
            self._run_id = marker.read_text(encoding="utf-8")
            return
        name = "sft_assets"
        known = self._client.get_experiment_by_name(name)
        experiment = known.experiment_id if known else self._client.create_experiment(name)
        run = self._client.create_run(experiment, tags={"recipe_digest": recipe.digest})
        self._run_id = run.info.run_id
        for key in ("method", "base_model", "seed", "precision"):
            self._client.log_param(self._run_id, key, getattr(recipe, key))
        marker.write_text(self._run_id, encoding="utf-8")

    def tell(self, name: str, value: float, step: int) -> None:
        """Write down one figure."""
        self._client.log_metric(self._run_id, name, value, step=step)

    def on_train_end(self, *_given: Any, **_named: Any) -> None:
        """Close the run."""
        self._client.set_terminated(self._run_id)
