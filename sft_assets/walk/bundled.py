"""The data files that a step brings along: dictionaries, templates, formulas.

They decide rows as code does, so an edit of one makes new versions. The recipes and weights of
the train room are left out: a recipe step names the ones that it uses in ``Step.external``.
"""

from functools import cache
from pathlib import Path

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.walk.step import Step

PACKAGE = Path(__file__).parents[1]
SHARED = ("concepts", "numbers", "programs")
SUFFIXES = (".yaml", ".json", ".jsonl", ".txt")


def bundled_digests(step: Step) -> dict[str, str]:
    """Return file -> SHA-256 of the data files of the step's own room and of the shared ones."""
    module = step.compute.__module__.split(".")
    room = module[1] if module[0] == PACKAGE.name and len(module) > 2 else None
    rooms = (*SHARED, room) if room is not None else ()
    return {name: digest for each in rooms for name, digest in _digests_of(each)}


@cache
def _digests_of(room: str) -> tuple[tuple[str, str], ...]:
    found = sorted(p for p in (PACKAGE / room).glob("*") if p.suffix in SUFFIXES)
    return tuple((f"{room}/{path.name}", sha256_of_file(path)) for path in found)
