"""The two sides of a line: servers set alike, turns that alternate, and what comes of them."""

from __future__ import annotations

import contextlib
import itertools
import statistics
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.worlds import Place, World, driver_url
from tests.proof.server import Server, serving
from tests.signing_in import cookie
from tracker.db import db
from tracker.models import User

THREADS = 4  # of a server


@dataclass(frozen=True, slots=True)
class Goal:
    """What a ratio is to reach. at_least: for rates, ours over the limit's. at_most: for times and memory."""

    at_least: float | None = None
    at_most: float | None = None

    def reached(self, ratio: float) -> bool | None:
        if self.at_least is not None:
            return ratio >= self.at_least
        return ratio <= self.at_most if self.at_most is not None else None

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"≥ {self.at_least:g}"
        return f"≤ {self.at_most:g}" if self.at_most is not None else "–"


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the table: medians of both sides, and the ratio of the rounds."""

    line: str
    database: str
    ours: float
    limit: float
    unit: str
    ratio: float
    least: float
    most: float
    goal: Goal
    note: str = ""

    @property
    def reached(self) -> bool | None:
        return self.goal.reached(self.ratio)


Side = Callable[[], float]


def beside(ours: Side, limit: Side, rounds: int) -> list[tuple[float, float]]:
    """Both sides in turn, which of them goes first changing, so that a slow minute hits both."""
    pairs = []
    for turn in range(rounds):
        if turn % 2:
            theirs = limit()
            pairs.append((ours(), theirs))
        else:
            pairs.append((ours(), limit()))
    return pairs


def result(
    line: str, place: Place, pairs: list[tuple[float, float]], unit: str, goal: Goal, note: str = ""
) -> Result:
    """A line from its rounds. Its ratio is the median of the ratios of the rounds."""
    ratios = [one / other for one, other in pairs]
    ours, limit = (statistics.median(side) for side in zip(*pairs, strict=True))
    return Result(
        line, place.name, ours, limit, unit, statistics.median(ratios), min(ratios), max(ratios), goal, note,
    )  # fmt: skip


def session_of(world: World, user_id: int) -> str:
    """The cookie of a session of this user."""
    with world.app.app_context():
        client = world.app.test_client().sign_in(db.session.get_one(User, user_id))
        db.session.remove()
    client.get("/help")  # from its first page with a form a browser has the token in its cookie
    return cookie(client)


@contextlib.contextmanager
def ours(world: World, **settings: Any) -> Iterator[Server]:
    """The tracker on a world."""
    with serving(world.config, world.folder, **{"workers": 1, "threads": THREADS, **settings}) as server:
        yield server


class BareServer(Server):
    """The same gunicorn with another application."""

    def __init__(self, world: World, module: str, **more: str) -> None:
        super().__init__(world.config, world.folder, 1, THREADS, **more)
        self.command[-1] = f"bench.{module}:app"
        self.log = world.folder / "bare.log"


@contextlib.contextmanager
def bare(
    world: World, pages: dict[str, bytes] | None = None, module: str = "bare", **more: str
) -> Iterator[Server]:
    """Bare Flask that answers with these pages, or writes into the database that `more` names.

    module: bare, or bare_orm for one that reads by Flask-SQLAlchemy.
    """
    folder = Path(world.folder) / f"pages-{next(_numbers)}"
    folder.mkdir()
    for name, content in (pages or {}).items():
        (folder / name).write_bytes(content)
    server = BareServer(world, module, BARE_PAGES=str(folder), **more)
    server.start()
    try:
        yield server
    finally:
        server.kill()


_numbers = itertools.count(1)


def bare_url(world: World) -> str:
    """A database for a bare row, beside the world's: a file on the same disk, or the same database."""
    if world.place.name == "sqlite":
        return f"sqlite:///{world.folder / 'bare.sqlite3'}"
    return driver_url(world.config.database_url)
