"""A virus scanner that the operator names: asked about one file, in a process of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from typing import BinaryIO

SECONDS = 30
CLEAN, FOUND = 0, 1  # how it ends: clamscan, clamdscan and others do so; anything else is a failure


class ScannerAway(Exception):  # noqa: N818  (it is away, as a database can be)
    """The scanner gave no answer: not there, broken off, or too slow. `why` says which, for the log."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_infected(stream: BinaryIO, command: Sequence[str]) -> bool:
    """Whether the scanner finds something in a file; the stream stands at its beginning afterwards.

    command: the program and its arguments, without a shell; the path of a copy is added as the last.
    Raises   ScannerAway if there is no answer; OSError if there is no room for the copy.
    """
    stream.seek(0)
    with tempfile.NamedTemporaryFile(prefix="scan-") as copy:
        shutil.copyfileobj(stream, copy)
        copy.flush()
        stream.seek(0)
        status = _ask([*command, copy.name])
    if status not in (CLEAN, FOUND):
        raise ScannerAway(f"it ended with {status}")
    return status == FOUND


def _ask(command: list[str]) -> int:
    """How the scanner ended. It is given no variable of ours: the secret key is among them."""
    quiet = subprocess.DEVNULL
    environ = {"PATH": os.environ.get("PATH", os.defpath)}
    try:
        return subprocess.run(
            command, stdin=quiet, stdout=quiet, stderr=quiet, env=environ, timeout=SECONDS, check=False
        ).returncode
    except subprocess.TimeoutExpired:
        raise ScannerAway(f"no answer within {SECONDS} seconds") from None
    except OSError as error:
        raise ScannerAway(f"it cannot be started: {error.strerror}") from None
