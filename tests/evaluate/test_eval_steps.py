"""Both steps for real, each in a process of its own, on a model with random weights."""

import json
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from sft_assets.errors import SettingsError
from sft_assets.evaluate.settings import EvalSettings
from sft_assets.evaluate.steps import STEPS, report_baseline, report_both
from sft_assets.walk.step import StepResult

pytestmark = pytest.mark.xdist_group("training")
SETTINGS = EvalSettings(
    max_rows=6, max_new_tokens=8, batch_rows=4, latency_rows=2, max_prompt_tokens=60
)


@dataclass
class FolderInputs:
    """Inputs read from folders."""

    work_dir: Path
    folders: dict[str, Path]
    settings: EvalSettings = SETTINGS
    partition: str = "smoke"
    root: str = "none"

    def config(self, _of):
        return self.settings

    def files(self, name):
        return self.folders[name]

    def report_progress(self, done, total, what):
        assert done <= total
        assert what == "answering"


@pytest.fixture(scope="module")
def base(tmp_path_factory) -> Path:
    import torch
    from transformers import AutoTokenizer, Qwen3Config, Qwen3ForCausalLM

    import sft_assets

    folder = tmp_path_factory.mktemp("base")
    shipped = Path(sft_assets.__file__).parent / "train" / "base"
    tokenizer = AutoTokenizer.from_pretrained(str(shipped))
    torch.manual_seed(1)
    config = Qwen3Config(
        vocab_size=len(tokenizer),
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        num_key_value_heads=1,
        head_dim=8,
        max_position_embeddings=512,
        tie_word_embeddings=True,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        bos_token_id=None,
    )
    Qwen3ForCausalLM(config).save_pretrained(str(folder))
    tokenizer.save_pretrained(str(folder))
    return folder


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sft_dataset")
    (folder / "openai_messages").mkdir()
    lines, lineage = [], []
    for at in range(9):
        question = "长" * 80 if at == 8 else f"[第{at}页] 收入 {at}5元\n\n收入？"
        turns = [("user", question), ("assistant", f"收入为{at}5元（第{at}页）。")]
        messages = [{"role": role, "content": content} for role, content in turns]
        lines.append(json.dumps({"messages": messages}, ensure_ascii=False) + "\n")
        kind = "lookup" if at % 2 else "growth"
        lineage.append(
            {"split": "test", "row_no": at, "pair_id": f"p{at}", "kind": kind, "pages": [at]}
        )
    (folder / "openai_messages" / "test.jsonl").write_text("".join(lines), encoding="utf-8")
    pl.DataFrame(lineage).write_parquet(folder / "lineage.parquet")
    return folder


def publish(result: StepResult, folder: Path) -> Path:
    folder.mkdir()
    for name, content in {**result.files, **result.measured}.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.read_bytes())
    return folder


@pytest.fixture(scope="module")
def reports(base, dataset, tmp_path_factory):
    place = tmp_path_factory.mktemp("reports")
    folders = {"sft_dataset": dataset, "base_model": base, "merged_model": base}
    baseline = report_baseline(FolderInputs(place / "one", folders))
    folders["baseline_report"] = publish(baseline, place / "baseline")
    folders["checkpoint"] = place / "checkpoint"
    folders["checkpoint"].mkdir()
    (folders["checkpoint"] / "training_log.jsonl").write_text('{"loss": 2.0}\n{"loss": 1.0}\n')
    both = report_both(FolderInputs(place / "two", folders))
    return folders, baseline, both, publish(both, place / "both"), place


def test_every_held_out_row_is_accounted_for(reports):
    _, baseline, both, _, _ = reports
    for ledger in (baseline.ledger, both.ledger):
        assert ledger.rows_in == 9
        assert ledger.kept + sum(ledger.dropped.values()) == 9
        assert ledger.dropped["over_max_rows"] == 3


def test_the_report_has_both_models_and_the_verdict(reports):
    _, _, _, folder, _ = reports
    report = json.loads((folder / "eval_report.json").read_text())
    assert set(report["number_exact_match"]) == {"baseline", "tuned", "delta", "delta_interval"}
    assert report["number_exact_match"]["delta"] == 0.0
    assert report["promoted"] is True  # the same model twice: not worse
    assert report["models"]["baseline"]["perplexity"] > 1000  # it knows nothing


def test_the_same_model_gives_the_same_predictions(reports):
    folders, _, _, folder, _ = reports
    first = (folders["baseline_report"] / "predictions.jsonl").read_bytes()
    assert (folder / "predictions.jsonl").read_bytes() == first
    rows = [json.loads(line) for line in first.decode().split("\n") if line]
    assert 5 <= len(rows) <= 6
    assert {"pair_id", "answer", "reference", "pages", "kind"} <= set(rows[0])


def test_seconds_are_measured_and_never_part_of_the_version(reports):
    _, baseline, both, folder, _ = reports
    assert set(both.files) == {"eval_report.json", "predictions.jsonl"}
    assert set(both.measured) == {"latency.json", "eval_report.html"}
    assert set(baseline.measured) == {"latency.json"}
    latency = json.loads((folder / "latency.json").read_text())
    assert latency["base"]["answers"] == latency["tuned"]["answers"] == 2


def test_a_baseline_of_other_rows_is_refused(reports, tmp_path):
    folders, _, _, _, _ = reports
    other = tmp_path / "other"
    other.mkdir()
    lines = (folders["baseline_report"] / "predictions.jsonl").read_text().split("\n")
    (other / "predictions.jsonl").write_text("\n".join(lines[1:]))
    inputs = FolderInputs(tmp_path / "work", {**folders, "baseline_report": other})
    with pytest.raises(SettingsError, match="expected the same"):
        report_both(inputs)


def test_the_steps_name_what_they_read():
    assert [step.name for step in STEPS] == ["baseline_report", "eval_report"]
    assert all(step.isolated for step in STEPS)
