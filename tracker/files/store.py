"""The files that rows name: evidence, imports, what long work made. One store for all of them.

It is the data folder, which several hosts share (docs/operating.md, decision 0075). Nothing else in the
tracker knows where such a file lies or how one is written; a row names it as "evidence/4f…", and whoever
reads it gets a path, for the libraries and child processes that read files want one.

A file is complete on the disk before the transaction that names it ends, and it is deleted only after the one
that no longer names it has ended (tracker/services/deletions.py). What a killed process leaves behind is a
file that no row names: `unnamed`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

EVIDENCE, JOBS, UPLOADS = "evidence", "jobs", "uploads"
FOLDERS = (EVIDENCE, JOBS, UPLOADS)
PART = ".part"  # the ending of a file that is still being written


def path_of(name: str, data_dir: Path) -> Path:
    """Where the file of a row lies, or will lie. name: as the row names it, "evidence/4f…"."""
    return data_dir / name


def found(name: str | None, data_dir: Path) -> Path | None:
    """Where the file of a row can be read; None if the row names none, or it is not there."""
    if name is None:
        return None
    path = path_of(name, data_dir)
    return path if path.is_file() else None


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Write a new file that only its owner can read: complete on the disk afterwards, or not there at all.

    Until it is complete it is at `file.name`. Raises FileExistsError if there is one of that name.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = path.with_name(path.name + PART)
    if path.exists():
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    try:
        with open(part, "w+b", opener=_own) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _own(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def unnamed(folder: str, names: Collection[str | None], latest: float, data_dir: Path) -> list[Path]:
    """Files and folders of one of FOLDERS that no row names, for the caller to delete.

    names:  those of the rows.
    latest: only what is older than this moment, in seconds of the epoch: a transaction may be open still.
    """
    place = data_dir / folder
    if not place.is_dir():
        return []
    wanted = {path_of(name, data_dir) for name in names if name}
    return sorted(path for path in place.iterdir() if path not in wanted and path.stat().st_mtime < latest)
