"""Out to Label Studio and back: the import file, its labelling page, and the export read again.

Formats: Label Studio's task JSON (``data`` a task) and JSON export (``annotations`` a task, each
with ``result``, ``completed_by`` and ``updated_at``).
"""

import json
from collections.abc import Mapping, Sequence

from sft_assets.errors import SettingsError
from sft_assets.lineage.digests import canonical_json
from sft_assets.review.risk import Queued

LABEL_CONFIG = """\
<View>
  <Header value="Question" size="5"/>
  <Text name="question" value="$question"/>
  <Header value="Passage" size="5"/>
  <View style="max-height: 16em; overflow: auto">
    <Text name="context" value="$context"/>
  </View>
  <Header value="Answer" size="5"/>
  <Text name="answer" value="$answer"/>
  <Choices name="verdict" toName="answer" choice="single" required="true" showInline="true">
    <Choice value="accept"/>
    <Choice value="correct"/>
    <Choice value="reject"/>
  </Choices>
  <View visibleWhen="choice-selected" whenTagName="verdict" whenChoiceValue="correct">
    <TextArea name="corrected_answer" toName="answer" value="$answer" editable="true" rows="4"
              maxSubmissions="1"/>
  </View>
  <Header value="Steps and origin" size="5"/>
  <Text name="reasoning" value="$reasoning"/>
  <Text name="about" value="$about"/>
</View>
"""


def tasks_json(queue: Sequence[Queued], pairs: Mapping[str, Mapping[str, object]]) -> bytes:
    """Return the queue as a Label Studio import file, in the order of the queue."""
    tasks = []
    for rank, queued in enumerate(queue, start=1):
        pair = pairs[queued.pair_id]
        pages = pair["pages"] if isinstance(pair["pages"], list) else []
        about = {
            "pair": queued.pair_id,
            "report": pair["report_key"],
            "pages": ", ".join(str(page) for page in pages),
            "kind": pair["kind"],
            "risk": f"{queued.risk} ({', '.join(queued.reasons)})",
            "shows": "" if pair["is_target"] else "a wrong answer in the question",
        }
        data = {
            "pair_id": queued.pair_id,
            "rank": rank,
            "question": pair["question"],
            "context": pair["context"],
            "answer": pair["answer"],
            "reasoning": pair["reasoning"] or "",
            "about": "; ".join(f"{what}: {value}" for what, value in about.items() if value),
        }
        tasks.append(canonical_json({"data": data}))
    return ("[\n" + ",\n".join(tasks) + "\n]\n").encode("utf-8")


def verdicts_from_label_studio(export_json: str) -> list[dict[str, str | None]]:
    """Return the rows for ``review/verdicts.jsonl`` that a Label Studio JSON export holds.

    Cancelled annotations and tasks without a verdict give none. A reviewer is the user's number,
    never the address.

    Raises:
        SettingsError: If it is no such export; the task is named, its text is not shown.
    """
    try:
        tasks = json.loads(export_json)
    except json.JSONDecodeError as error:
        raise _not_an_export("no JSON in it") from error
    if not isinstance(tasks, list):
        raise _not_an_export("no list of tasks")
    rows = []
    for number, task in enumerate(tasks, start=1):
        try:
            pair_id = task["data"]["pair_id"]
            annotations = [a for a in task.get("annotations", ()) if not a.get("was_cancelled")]
            rows += [row for a in annotations if (row := _row(pair_id, a)) is not None]
        except (KeyError, TypeError, IndexError, AttributeError) as error:
            raise _not_an_export(f"a broken task {number}") from error
    return sorted(rows, key=lambda row: (str(row["time"]), str(row["pair_id"]), row["reviewer"]))


def _row(pair_id: str, annotation: Mapping[str, object]) -> dict[str, str | None] | None:
    values: dict[str, str] = {}
    results = annotation["result"]
    for result in results if isinstance(results, list) else ():
        value = result["value"]
        chosen = value.get("choices") or value.get("text") or [""]
        values[result["from_name"]] = chosen[0] if isinstance(chosen, list) else str(chosen)
    if "verdict" not in values:
        return None
    by = annotation["completed_by"]
    corrected = values.get("corrected_answer") if values["verdict"] == "correct" else None
    return {
        "pair_id": pair_id,
        "verdict": values["verdict"],
        "corrected_answer": corrected,
        "reviewer": f"user-{by['id'] if isinstance(by, dict) else by}",
        "time": str(annotation.get("updated_at") or annotation["created_at"]),
    }


def _not_an_export(what: str) -> SettingsError:
    return SettingsError(
        f"the Label Studio export has {what}; expected a JSON export with annotations\n"
        "hint: export the project as JSON (not JSON-MIN, not CSV)"
    )
