"""Paraphrases from a real HTTP server that speaks OpenAI's protocol: right, wrong, slow, failing."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import polars as pl
import pytest

from sft_assets.pairs.settings import AugmentationSettings, PairSettings
from sft_assets.pairs.source import ReportSource, current_reports, read_source
from sft_assets.pairs.steps import augment_pairs, make_pairs
from sft_assets.walk.step import StepResult

Speak = Callable[[str], tuple[int, bytes]]


def reply(text: str) -> tuple[int, bytes]:
    return 200, json.dumps(
        {"choices": [{"message": {"role": "assistant", "content": text}}]}
    ).encode()


@contextmanager
def server(speak: Speak, asked: list[dict[str, Any]]) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
            code, content = speak(body["messages"][-1]["content"])
            try:
                self.send_response(code)
                self.end_headers()
                self.wfile.write(content)
            except OSError:  # the client has gone
                pass

        def log_message(self, *_: object) -> None:
            pass

    running = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{running.server_port}/v1"
    finally:
        running.shutdown()
        thread.join()
        running.server_close()


@pytest.fixture(scope="module")
def source(invent_report: Callable[..., Any]) -> ReportSource:
    report = invent_report()
    return read_source(current_reports(report.raw_reports)[0], report.facts, report.pages)


@pytest.fixture(scope="module")
def pairs(source: ReportSource) -> pl.DataFrame:
    return make_pairs(source, PairSettings(max_pairs_per_report=60)).tables["instruction_pairs"]


@pytest.fixture(scope="module")
def without(source: ReportSource, pairs: pl.DataFrame) -> StepResult:
    return augment_pairs(source, pairs, AugmentationSettings())


def augment(source: ReportSource, pairs: pl.DataFrame, url: str, **more: Any) -> StepResult:
    endpoint = {"url": url, "model": "m", "share": 15, **more}
    return augment_pairs(source, pairs, AugmentationSettings.model_validate({"endpoint": endpoint}))


def by_endpoint(result: StepResult) -> pl.DataFrame:
    return result.tables["augmented_pairs"].filter(
        pl.col("template_id").str.ends_with("endpoint:m")
    )


def test_good_paraphrases_are_taken(
    source: ReportSource, pairs: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SFT_ASSETS_ENDPOINT_KEY", "k")
    asked: list[dict[str, Any]] = []
    with server(lambda question: reply(f"劳驾，{question}"), asked) as url:
        result = augment(source, pairs, url)
    taken = by_endpoint(result)
    assert taken.height == len(asked) == pairs.height * 15 // 100
    assert asked[0]["path"] == "/v1/chat/completions"
    assert asked[0]["key"] == "Bearer k"
    parents = {row["pair_id"]: row for row in pairs.iter_rows(named=True)}
    for row in taken.iter_rows(named=True):
        parent = parents[row["parent_id"]]
        assert row["question"] == f"劳驾，{parent['question']}"
        assert (row["answer"], row["program"]) == (parent["answer"], parent["program"])


@pytest.mark.parametrize(
    ("speak", "reason"),
    [
        pytest.param(
            lambda q: reply(f"{q.replace('2023', '2021')}！"), "changed_number", id="year"
        ),
        pytest.param(lambda q: reply(f"{q}（12%）"), "changed_number", id="more-numbers"),
        pytest.param(
            lambda q: reply(q.replace("青禾", "蓝潮") + "！"), "changed_name", id="company"
        ),
        pytest.param(reply, "same_words", id="same"),
        pytest.param(lambda q: reply(f"好的！\n{q}"), "no_question", id="chatter"),
        pytest.param(lambda _: (200, b"{}"), "failed", id="another-protocol"),
        pytest.param(lambda _: (200, b"x" * 70_000), "failed", id="too-long"),
        pytest.param(lambda _: (500, b""), "failed", id="error"),
    ],
)
def test_wrong_replies_are_refused_and_counted(
    source: ReportSource, pairs: pl.DataFrame, without: StepResult, speak: Speak, reason: str
) -> None:
    with server(speak, []) as url:
        result = augment(source, pairs, url, failures_in_a_row=100)
    count = result.ledger.dropped[f"endpoint_{reason}"]
    accepted = by_endpoint(result).height
    assert count >= 3
    assert count + accepted + sum(
        found
        for name, found in result.ledger.dropped.items()
        if name.startswith("endpoint_") and name != f"endpoint_{reason}"
    ) == (pairs.height * 15 // 100)
    assert reason != "failed" or accepted == 0
    ledger = result.ledger
    assert ledger.rows_in == ledger.kept + sum(ledger.dropped.values()) + sum(
        ledger.quarantined.values()
    )
    plain = without.tables["augmented_pairs"].filter(~pl.col("kind").is_in(["critique"]))
    assert set(plain["pair_id"]) <= set(result.tables["augmented_pairs"]["pair_id"])


def test_a_slow_server_is_given_up(source: ReportSource, pairs: pl.DataFrame) -> None:
    release = threading.Event()
    asked: list[dict[str, Any]] = []

    def slow(question: str) -> tuple[int, bytes]:
        release.wait(30)
        return reply(f"请问，{question}")

    with server(slow, asked) as url:
        result = augment(source, pairs, url, timeout_seconds=0.2, failures_in_a_row=2)
        release.set()
    assert by_endpoint(result).height == 0
    assert result.ledger.dropped["endpoint_failed"] == 2
    assert result.ledger.dropped["endpoint_given_up"] == pairs.height * 15 // 100 - 2
    assert len(asked) == 2


def test_a_dead_server_costs_only_its_paraphrases(
    source: ReportSource, pairs: pl.DataFrame, without: StepResult
) -> None:
    with server(reply, []) as url:
        pass
    result = augment(source, pairs, url)
    expected = without.tables["augmented_pairs"].filter(pl.col("kind") != "critique")
    found = result.tables["augmented_pairs"].filter(pl.col("kind") != "critique")
    assert found.equals(expected)
    assert result.ledger.dropped["endpoint_failed"] == 3


@pytest.mark.parametrize("url", ["file:///etc/passwd", "127.0.0.1:80", ""])
def test_only_http_is_asked(url: str) -> None:
    with pytest.raises(ValueError, match="url"):
        AugmentationSettings.model_validate({"endpoint": {"url": url, "model": "m"}})
