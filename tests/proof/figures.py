"""The figures of the proofs: how often each is tried in `make test`, and in `make test-full`."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import NamedTuple

from tests.summary import FULL, PROOFS


class Figure(NamedTuple):
    """What is counted, and how many of it in an ordinary run and in a full one."""

    counted: str
    merge: int
    full: int


FIGURES = {
    "a1": Figure("kills of the server and the worker under 16 writers", 10, 200),
    "a2": Figure("power cuts", 1_000, 20_000),
    "d": Figure("hands that send one form at once", 50, 50),
    "d2": Figure("kills of a worker in the middle of an import", 4, 40),
    "e": Figure("requests that no page makes", 300, 2_000),
    "e2": Figure("ways of fifty acts on records", 6, 60),
    "e3": Figure("texts of every sort of character", 2_000, 50_000),
    "f": Figure("hostile files changed at random", 40, 600),
    "h": Figure("guesses at one account", 1_000, 10_000),
    "i": Figure("backups while sixteen write", 1, 10),
    "j2": Figure("times that PostgreSQL is away in each of four ways", 1, 4),
    "m": Figure("tampers of the audit at random", 200, 1_000),
    "n": Figure("people erased while others write", 1, 10),
    "o": Figure("kills within an upgrade from the oldest schema", 2, 20),
    "j3": Figure("month edges", 192, 192),
}


def is_full() -> bool:
    """Whether this is the run that takes an hour and more."""
    return bool(os.environ.get(FULL))


def count(line: str) -> int:
    """How often the proof `line` is to be tried in this run."""
    return FIGURES[line].full if is_full() else FIGURES[line].merge


def reached(record_property: Callable[[str, object], None], line: str, said: str) -> None:
    """Show at the end of the run what a proof came to."""
    record_property(PROOFS, f"{line:4} {said}")
