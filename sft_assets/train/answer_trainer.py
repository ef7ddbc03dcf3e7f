"""``transformers.Trainer`` with the loss on answers only, in an order fixed before it starts.

Loaded only inside a training process: importing this module loads torch and transformers.
"""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch  # noqa: TID253 - runs only in a training process
from transformers import Trainer, TrainerCallback  # noqa: TID253

from sft_assets.language_models.chat import IGNORED_LABEL, EncodedConversation
from sft_assets.language_models.job_child import report
from sft_assets.language_models.jobs import NonFiniteLossError
from sft_assets.train.rows import pad_rows


class RowDataset(torch.utils.data.Dataset[EncodedConversation]):
    """Encoded rows in the order in which they are learned."""

    def __init__(self, rows: Sequence[EncodedConversation]) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: int) -> EncodedConversation:
        return self._rows[at]


class AnswerTrainer(Trainer):  # type: ignore[misc]
    """A Trainer that takes rows as they come and learns the answers."""

    def __init__(self, *, pad_id: int, rows: Sequence[EncodedConversation], **given: Any) -> None:
        super().__init__(
            train_dataset=RowDataset(rows),
            data_collator=lambda batch: pad_rows(batch, pad_id),
            **given,
        )

    def _get_train_sampler(self, *_given: Any) -> torch.utils.data.Sampler[int]:
        return torch.utils.data.SequentialSampler(self.train_dataset)

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,  # the Trainer's own signature
        num_items_in_batch: torch.Tensor | int | None = None,
    ) -> torch.Tensor:
        """Return the summed loss of the answers' tokens over the tokens of the whole step.

        Averaging each micro-batch by itself would weigh rows with short answers more.
        """
        del return_outputs
        total, tokens = answer_loss(model, inputs)
        loss = total / (tokens if num_items_in_batch is None else num_items_in_batch)
        if not torch.isfinite(loss):
            raise NonFiniteLossError(
                f"loss is {loss.item()} at step {self.state.global_step + 1}; expected a number. "
                "hint: lower learning_rate, or precision: fp32"
            )
        return loss


def answer_loss(model: Any, batch: dict[str, torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the summed cross entropy of the answers' tokens and their number.

    Only hidden states that predict an answer token go through the output layer, whose width is
    the vocabulary: for short answers to long contexts it would be most of the work.
    """
    whole = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = whole.get_decoder()(
        input_ids=batch["input_ids"], attention_mask=batch["attention_mask"], use_cache=False
    ).last_hidden_state[:, :-1]  # [rows, width - 1, hidden]
    wanted = batch["labels"][:, 1:]  # position t predicts token t + 1
    learned = wanted != IGNORED_LABEL
    logits = whole.get_output_embeddings()(hidden[learned]).float()  # [answer tokens, vocabulary]
    total = torch.nn.functional.cross_entropy(logits, wanted[learned], reduction="sum")
    return total, learned.sum()


def mean_answer_loss(
    model: Any, rows: Sequence[EncodedConversation], pad_id: int, batch_rows: int
) -> float:
    """Return the mean loss of an answer token over ``rows``."""
    total, tokens = 0.0, 0
    model.eval()
    with torch.no_grad():
        for start in range(0, len(rows), batch_rows):
            batch = pad_rows(rows[start : start + batch_rows], pad_id)
            loss, count = answer_loss(model, {k: v.to(model.device) for k, v in batch.items()})
            total += loss.item()
            tokens += int(count)
    return total / tokens


class StepLog(TrainerCallback):  # type: ignore[misc]
    """Write each step's loss to a file and tell the parent process."""

    def __init__(self, path: Path, total: int) -> None:
        self._path = path
        self._total = total
        path.write_text("", encoding="utf-8")

    def on_log(self, _arguments: Any, state: Any, _control: Any, **given: Any) -> None:
        """Take down one step.

        Raises:
            NonFiniteLossError: If the gradient is infinite or not a number.
        """
        logs: dict[str, float] = given["logs"]
        if "loss" not in logs:
            return  # the summary at the end holds only times
        if not all(math.isfinite(logs[name]) for name in ("loss", "grad_norm")):
            raise NonFiniteLossError(
                f"gradient is {logs['grad_norm']} at step {state.global_step}; expected a number. "
                "hint: lower learning_rate, or precision: fp32"
            )
        row = {
            "step": state.global_step,
            "loss": round(logs["loss"], 6),
            "learning_rate": round(logs["learning_rate"], 9),
            "grad_norm": round(logs["grad_norm"], 6),
        }
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row) + "\n")
        report(state.global_step, self._total, loss=row["loss"])
