"""The list of passwords that everybody tries: 19,640 from breaches, as Django ships them (BSD, 5.2.8)."""

from __future__ import annotations

import functools
import gzip
from pathlib import Path

LIST = Path(__file__).resolve().parent.parent / "common_passwords.txt.gz"


@functools.cache
def common_passwords() -> frozenset[str]:
    """Each of them in small letters. Read once, the first time that somebody chooses a password."""
    with gzip.open(LIST, "rt", encoding="utf-8") as file:
        return frozenset(line.strip().lower() for line in file)
