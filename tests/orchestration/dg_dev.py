"""A real ``dg dev`` in folders of its own, and what a person could ask its UI."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")

RUNS = """query { runsOrError { ... on Runs { results {
  runId jobName status tags { key value } assetSelection { path } } } } }"""
PARTITIONS = """query Partitions($asset: [String!]!) { assetNodeOrError(assetKey: {path: $asset}) {
  ... on AssetNode { partitionKeys
    assetPartitionStatuses { ... on DefaultPartitionStatuses {
      materializedPartitions failedPartitions materializingPartitions } } } } }"""
LATEST = """query Latest($asset: [String!]!, $partitions: [String!]) {
  assetOrError(assetKey: {path: $asset}) { ... on Asset {
    assetMaterializations(partitions: $partitions, limit: 20) {
      partition runId timestamp metadataEntries {
        label ... on IntMetadataEntry { intValue } ... on MarkdownMetadataEntry { mdStr }
        ... on TextMetadataEntry { text } } } } } }"""
CHECKS = """query Checks($asset: AssetKeyInput!, $check: String!) {
  assetCheckExecutions(assetKey: $asset, checkName: $check, limit: 50) {
    status runId evaluation { partition success severity description
      metadataEntries { label ... on MarkdownMetadataEntry { mdStr }
        ... on IntMetadataEntry { intValue } } } } }"""
LAUNCH = """mutation Launch($params: ExecutionParams!) { launchPipelineExecution(
  executionParams: $params) { __typename ... on LaunchRunSuccess { run { runId } }
    ... on PythonError { message } ... on RunConfigValidationInvalid { errors { message } } } }"""
EVENTS = """query Events($run: ID!) { logsForRun(runId: $run) { ... on EventConnection { events {
  __typename ... on ExecutionStepFailureEvent { stepKey error { message }
    failureMetadata { description } } } } } }"""
JOB = "__ASSET_JOB"


def free_port() -> int:
    """Return a TCP port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class DgDev:
    """``dg dev`` as a user starts it, with its own DAGSTER_HOME, data root and inbox."""

    def __init__(self, repository: Path, folder: Path, suites: Path) -> None:
        self.repository = repository
        self.inbox = folder / "inbox"
        self.data_root = folder / "data"
        self.home = folder / "dagster_home"
        self.log = folder / "dg_dev.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        for made in (self.inbox, self.home):
            made.mkdir(parents=True)
        shutil.copy(repository / "dagster_home" / "dagster.yaml", self.home)
        self.environment = {
            **os.environ,
            "DAGSTER_HOME": str(self.home),
            "SFT_ASSETS_DATA_ROOT": str(self.data_root),
            "SFT_ASSETS_INBOX": str(self.inbox),
            "SFT_ASSETS_EXPECTATIONS": str(suites),
            "OMP_NUM_THREADS": "1",
        }
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the server and wait until its code location is loaded."""
        command = [str(Path(sys.executable).parent / "dg"), "dev"]
        # A test run in the background ignores Ctrl-C, and its children would inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                [*command, "--port", str(self.port), "--host", "127.0.0.1"],
                cwd=self.repository,
                env={**self.environment, "PATH": f"{Path(command[0]).parent}:{os.environ['PATH']}"},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.wait_for("the server", self._is_up, seconds=180)

    def stop(self) -> None:
        """End the server and all its children."""
        if self._server is None:
            return
        for sent, seconds in ((signal.SIGINT, 20), (signal.SIGKILL, 10)):
            try:
                os.killpg(self._server.pid, sent)
                self._server.wait(seconds)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue

    def _is_up(self) -> bool:
        try:
            loaded = self.ask(
                "query { repositoriesOrError { ... on RepositoryConnection { nodes { name } } } }"
            )
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False
        return bool(loaded["repositoriesOrError"].get("nodes"))

    def ask(self, query: str, **variables: Any) -> Any:
        """Return the data that GraphQL answers."""
        body = json.dumps({"query": query, "variables": variables}).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(f"{self.url}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=60) as answer:
            told = json.load(answer)
        assert "errors" not in told, told["errors"]
        return told["data"]

    def wait_for(self, what: str, look: Callable[[], T], *, seconds: float) -> T:
        """Return what ``look`` returns once it is true."""
        deadline = time.monotonic() + seconds
        while True:
            found = look()
            if found:
                return found
            assert self._server is None or self._server.poll() is None, self.tail()
            assert time.monotonic() < deadline, f"{what}: not within {seconds} s\n{self.tail()}"
            time.sleep(1)

    def tail(self) -> str:
        """Return the end of the server's log."""
        return self.log.read_text(errors="replace")[-6000:]

    def runs(self) -> list[dict[str, Any]]:
        """Return all runs, the newest first."""
        found: list[dict[str, Any]] = self.ask(RUNS)["runsOrError"]["results"]
        return found

    def busy(self) -> bool:
        """Return whether any run is queued or under way."""
        return any(run["status"] not in ("SUCCESS", "FAILURE", "CANCELED") for run in self.runs())

    def partitions(self, asset: str) -> list[str]:
        """Return the partitions that the UI knows of ``asset``."""
        return list(self.ask(PARTITIONS, asset=[asset])["assetNodeOrError"]["partitionKeys"])

    def materializations(self, asset: str, partition: str | None = None) -> list[dict[str, Any]]:
        """Return the materialisations of ``asset``, the newest first."""
        asked = self.ask(LATEST, asset=[asset], partitions=[partition] if partition else None)
        return list(asked["assetOrError"].get("assetMaterializations", []))

    def checks(self, asset: str, check: str) -> list[dict[str, Any]]:
        """Return the evaluations of the asset's check, the newest first."""
        asked = self.ask(CHECKS, asset={"path": [asset]}, check=check)
        return [one for one in asked["assetCheckExecutions"] if one["evaluation"]]

    def materialize(self, asset: str, partition: str) -> dict[str, Any]:
        """Click on Materialize and return the finished run."""
        siblings, checks = self._made_together(asset)
        params = {
            "mode": "default",
            "executionMetadata": {"tags": [{"key": "dagster/partition", "value": partition}]},
            "selector": {
                "repositoryLocationName": "sft_assets",
                "repositoryName": "__repository__",
                "pipelineName": JOB,
                "assetSelection": [{"path": [name]} for name in siblings],
                "assetCheckSelection": checks,
            },
        }
        launched = self.ask(LAUNCH, params=params)["launchPipelineExecution"]
        assert launched["__typename"] == "LaunchRunSuccess", launched
        run_id = launched["run"]["runId"]
        return self.wait_for("the run", lambda: self._finished(run_id), seconds=300)

    def _made_together(self, asset: str) -> tuple[list[str], list[dict[str, Any]]]:
        from sft_assets.orchestration.told_to_dagster import CHECK_NAME, names_of
        from sft_assets.stages import STEPS

        (names,) = [names_of(step) for step in STEPS if asset in names_of(step)]
        checks = [{"assetKey": {"path": [name]}, "name": CHECK_NAME} for name in names]
        return list(names), checks

    def _finished(self, run_id: str) -> dict[str, Any] | None:
        (run,) = [run for run in self.runs() if run["runId"] == run_id]
        return run if run["status"] in ("SUCCESS", "FAILURE") else None

    def failures(self, run_id: str) -> list[str]:
        """Return why steps of the run failed, in the words shown to a person."""
        events = self.ask(EVENTS, run=run_id)["logsForRun"]["events"]
        return [
            f"{event['failureMetadata']} {event['error']}"
            for event in events
            if event["__typename"] == "ExecutionStepFailureEvent"
        ]
