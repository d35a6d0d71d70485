"""The list of heads: of each seal of the audit one line, outside the database, so that what was cut off at
the end is missed. It belongs on another disk or machine; each line stands in the log too."""

from __future__ import annotations

import fcntl
import logging
import os
from pathlib import Path

from tracker.rules.audit_seals import Heads

log = logging.getLogger("tracker.audit")
BEGIN = "begin"


def append(path: Path, seal_id: int, digest: str, *, begins: bool) -> None:
    """Add the head of a seal, safe on the disk. begins: it is the first of a chain."""
    lines = [f"{BEGIN}\n"] if begins else []
    lines.append(f"{seal_id} {digest}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    with os.fdopen(handle, "a", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # over NFS, adding at the end is not one act
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())
    log.info("audit seal %s %s", seal_id, digest)


def read(path: Path) -> Heads | None:
    """The list, None if there is none. What a write left that broke off is passed over."""
    if not path.exists():
        return None
    begun = 0
    seals: list[tuple[int, str]] = []
    for line in path.read_text(encoding="ascii", errors="replace").splitlines():
        words = line.split()
        if words == [BEGIN]:
            begun, seals = begun + 1, []
        elif len(words) == 2 and words[0].isdigit():
            seals.append((int(words[0]), words[1]))
    return Heads(begun, seals)
