"""The data files that a step brings along: dictionaries, templates, formulas.

They decide rows as code does, so an edit of one makes new versions of the steps that can read it,
and of no others: a new synonym does not read the scans of the corpus again. The recipes and weights
of the train room are left out: a recipe step names the ones that it uses in ``Step.external``.
"""

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from sft_assets.lineage.digests import sha256_of_file
from sft_assets.walk.step import Step

PACKAGE = Path(__file__).parents[1]
SHARED = ("concepts", "numbers", "programs")
SUFFIXES = (".yaml", ".json", ".jsonl", ".txt")
FOR_DAGSTER = "assets"  # the module of a room that hands its steps to Dagster


def bundled_digests(step: Step) -> dict[str, str]:
    """Return file -> SHA-256 of the data files of the step's own room and the shared ones it uses.

    A shared room counts when a module of the step's room imports it, itself or through others.
    """
    module = step.compute.__module__.split(".")
    room = module[1] if module[0] == PACKAGE.name and len(module) > 2 else None
    if room is None:
        return {}
    rooms = (*(shared for shared in SHARED if shared in rooms_imported_by(room)), room)
    return {name: digest for each in rooms for name, digest in _digests_of(each)}


@cache
def rooms_imported_by(room: str) -> frozenset[str]:
    """Return the rooms whose code can run for ``room``: its own imports and theirs, to the end."""
    waiting = [path for path in (PACKAGE / room).rglob("*.py") if path.stem != FOR_DAGSTER]
    seen: set[Path] = set()
    while waiting:
        path = waiting.pop()
        if path not in seen:
            seen.add(path)
            waiting += _imported_files(path)
    return frozenset(path.relative_to(PACKAGE).parts[0] for path in seen if path.parent != PACKAGE)


@cache
def _imported_files(path: Path) -> tuple[Path, ...]:
    """Return the files of this package that a module imports, wherever in it."""
    names: list[str] = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
    return tuple(_files_of(names))


def _files_of(names: Iterable[str]) -> Iterable[Path]:
    for name in names:
        first, *rest = name.split(".")
        if first == PACKAGE.name:
            place = PACKAGE.joinpath(*rest)
            candidates = (place.with_suffix(".py"), place / "__init__.py")
            yield from (found for found in candidates if found.is_file())


@cache
def _digests_of(room: str) -> tuple[tuple[str, str], ...]:
    found = sorted(p for p in (PACKAGE / room).glob("*") if p.suffix in SUFFIXES)
    return tuple((f"{room}/{path.name}", sha256_of_file(path)) for path in found)
