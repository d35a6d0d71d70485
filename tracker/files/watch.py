"""Whether a folder takes files just now: not read-only, not full, still there."""

from __future__ import annotations

import tempfile
from pathlib import Path

TRIED = bytes(4096)  # one block: a full disk has room for an empty file


def takes_files(folder: Path) -> bool:
    """Write a file without a name and let it go; nothing is left behind, whenever the process ends."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(TRIED)
            file.flush()
    except OSError:
        return False
    return True
