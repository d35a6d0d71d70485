"""The list of persons who were erased, outside the database and its backups: a restored backup does not bring
them back. It holds ids and keyed digests, no names."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from tracker.rules.erasures import Erasure, line_of, read_lines


def append(path: Path, erasure: Erasure) -> None:
    """Add a person, safe on the disk before the erasing is committed: one line too many erases nobody else,
    one too few brings a person back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # over NFS, adding at the end is not one act
        file.write(line_of(erasure))
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[Erasure]:
    """The list; nothing if there is none yet. Raises Refused if a line cannot be read."""
    if not path.exists():
        return []
    return read_lines(path.read_text(encoding="ascii", errors="replace").splitlines())
