"""What a process has worked out from the cells of a tally, kept until one of them is replaced.

A tally has a version, drawn anew in the transaction that replaces its cells (services/tallies.py). Whoever
reads the version first and the cells after it has cells that are as new as the version or newer, never older.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Any, NamedTuple

MOST_SUMS = 500_000  # of one process, some 100 bytes each


class Version(NamedTuple):
    """A tally as it stood at one moment."""

    tally_id: int
    drawn: int  # 0: nobody knows since when the cells are as they are


class _Kept(NamedTuple):
    version: Version
    basis: Any
    value: Any
    sums: int


class WorkedOut:
    """Values by the tally and what they are of. The newest alone; what was not asked for longest goes."""

    def __init__(self, most: int = MOST_SUMS) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[int, Hashable], _Kept] = OrderedDict()
        self._most, self._sums = most, 0

    def recall(self, version: Version, of: Hashable, basis: object = None) -> Any:
        """What was kept of this version; None if nothing was, or on another basis (compared as a whole)."""
        key = (version.tally_id, of)
        with self._lock:
            kept = self._kept.get(key)
            if kept is None or kept.version != version or kept.basis != basis:
                return None
            self._kept.move_to_end(key)
            return kept.value

    def keep(self, version: Version, of: Hashable, value: object, sums: int, basis: object = None) -> None:
        """Keep a value that nobody changes any more. sums: how large it is."""
        if not version.drawn or sums > self._most:
            return
        with self._lock:
            before = self._kept.pop((version.tally_id, of), None)
            self._sums += sums - (before.sums if before else 0)
            self._kept[version.tally_id, of] = _Kept(version, basis, value, sums)
            while self._sums > self._most:
                self._sums -= self._kept.popitem(last=False)[1].sums


WORKED_OUT = WorkedOut()
