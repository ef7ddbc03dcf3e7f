"""What lies in an inbox: files, and entries that are none, found without opening any of them."""

import os
import stat
from pathlib import Path

PARTIAL = (".part", ".crdownload", ".tmp", ".download", "~")


def find_files(inbox: Path) -> list[Path]:
    """Return the files below ``inbox`` in a stable order, hidden and partial ones left out."""
    return [path for path in find_entries(inbox) if why_no_file(path) is None]


def find_entries(inbox: Path) -> list[Path]:
    """Return what ``find_files`` does, and between it pipes, sockets, devices and links.

    A link to a folder is not followed: it may lead round in a circle, or to all of the disk.
    """
    found = []
    for folder, subfolders, names in os.walk(inbox, followlinks=False):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        links = [name for name in subfolders if (Path(folder) / name).is_symlink()]
        found += [
            Path(folder) / name
            for name in (*links, *names)
            if not name.startswith((".", "~")) and not name.endswith(PARTIAL)
        ]
    return sorted(found)


def find_empty_folders(inbox: Path, entries: list[Path]) -> list[Path]:
    """Return the folders below ``inbox`` that hold none of ``entries``, the outermost of each."""
    filled = {parent for path in entries for parent in path.parents}
    found = []
    for folder, subfolders, _names in os.walk(inbox, followlinks=False):
        here = [Path(folder) / n for n in subfolders if not n.startswith(".")]
        found += [path for path in here if path not in filled and not path.is_symlink()]
        subfolders[:] = [path.name for path in here if path in filled]
    return sorted(found)


def why_no_file(path: Path) -> str | None:
    """Return what the entry is instead of a file that can be read; None if it is one.

    Nothing is opened: opening a named pipe waits for somebody to write into it.
    """
    try:
        mode = path.stat().st_mode
    except OSError:
        return "a link that leads nowhere" if path.is_symlink() else None
    kinds = [
        (stat.S_ISREG, None),
        (stat.S_ISDIR, "a link to a folder" if path.is_symlink() else "a folder without a report"),
        (stat.S_ISFIFO, "a named pipe"),
        (stat.S_ISSOCK, "a socket"),
    ]
    return next((told for holds, told in kinds if holds(mode)), "a device")
