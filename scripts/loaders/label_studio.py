"""Bring a review queue into a real Label Studio, answer it through its API, and export it again.

    python -m scripts.loaders.label_studio REVIEW_FILES EXPORT

The server runs on SQLite in a folder of its own that is removed afterwards. The first tasks get a
verdict each: accept, correct, reject in turn. ``EXPORT`` is what `sft-assets review` takes in.
"""

import json
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

VERDICTS = ("accept", "correct", "reject")
ANSWERED = 6  # tasks that get a verdict
START_SECONDS = 600


@contextmanager
def server(folder: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the address and the headers of a server that answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(20)
    command = [
        *(str(Path(sys.executable).parent / "label-studio"), "start", "--no-browser"),
        *("--agree-fix-sqlite", "--enable-legacy-api-token", "--data-dir", str(folder)),
        *("--port", str(port), "--internal-host", "127.0.0.1", "--user-token", token),
        *("--username", "reviewer@example.org", "--password", secrets.token_hex(12)),
    ]
    env = os.environ | {"LABEL_STUDIO_BASE_DATA_DIR": str(folder), "COLLECT_ANALYTICS": "false"}
    with (folder / "server.log").open("wb") as log:
        running = subprocess.Popen(command, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        end = time.monotonic() + START_SECONDS
        while not _answers(address):
            if running.poll() is not None or time.monotonic() > end:
                tail = (folder / "server.log").read_text(errors="replace")[-2000:]
                raise SystemExit(f"Label Studio does not start:\n{tail}")
            time.sleep(1)
        yield address, {"Authorization": f"Token {token}"}
    finally:
        running.terminate()
        running.wait(timeout=60)


def _answers(address: str) -> bool:
    try:
        return requests.get(f"{address}/health", timeout=5).ok
    except requests.RequestException:
        return False


def imported(address: str, headers: dict[str, str], files: Path) -> int:
    """Make a project with the labelling page and import all tasks; return the project's id."""
    project = _sent(
        requests.post(
            f"{address}/api/projects",
            headers=headers,
            json={
                "title": "Answers to review",
                "label_config": (files / "label_config.xml").read_text(encoding="utf-8"),
            },
            timeout=120,
        )
    )
    tasks = (files / "label_studio_tasks.json").read_bytes()
    _sent(
        requests.post(
            f"{address}/api/projects/{project['id']}/import",
            headers=headers,
            files={"file": ("tasks.json", tasks, "application/json")},
            timeout=600,
        )
    )
    expected = len(json.loads(tasks))
    found = _sent(
        requests.get(f"{address}/api/projects/{project['id']}", headers=headers, timeout=120)
    )["task_number"]
    if found != expected or not expected:
        raise SystemExit(f"Label Studio holds {found} tasks; expected {expected}")
    return int(project["id"])


def answered(address: str, headers: dict[str, str], project: int) -> dict[str, str]:
    """Give the first tasks a verdict as the page does; return pair_id -> verdict."""
    tasks = _sent(
        requests.get(
            f"{address}/api/tasks",
            headers=headers,
            params={"project": project, "page_size": ANSWERED, "fields": "all"},
            timeout=120,
        )
    )["tasks"]
    given = {}
    for number, task in enumerate(tasks):
        verdict = VERDICTS[number % len(VERDICTS)]
        result: list[dict[str, Any]] = [_choice("verdict", "choices", {"choices": [verdict]})]
        if verdict == "correct":
            corrected = f"{task['data']['answer']} "
            result.append(_choice("corrected_answer", "textarea", {"text": [corrected]}))
        url = f"{address}/api/tasks/{task['id']}/annotations/"
        _sent(requests.post(url, headers=headers, json={"result": result}, timeout=120))
        given[task["data"]["pair_id"]] = verdict
    return given


def _choice(name: str, kind: str, value: dict[str, Any]) -> dict[str, Any]:
    return {"from_name": name, "to_name": "answer", "type": kind, "value": value}


def _sent(response: requests.Response) -> Any:
    if not response.ok:
        raise SystemExit(f"{response.url} answers {response.status_code}: {response.text[:500]}")
    return response.json()


def main() -> None:
    files, export = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (address, headers):
        project = imported(address, headers, files)
        given = answered(address, headers, project)
        tasks = _sent(
            requests.get(
                f"{address}/api/projects/{project}/export",
                headers=headers,
                params={"exportType": "JSON"},
                timeout=600,
            )
        )
    export.write_text(json.dumps(tasks, ensure_ascii=False), encoding="utf-8")
    print(f"Label Studio: tasks imported, {len(given)} answered, {len(tasks)} exported")


if __name__ == "__main__":
    main()
