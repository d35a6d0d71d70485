"""From start to the first answer, and what a worker holds after many requests, beside Flask with an ORM."""

from __future__ import annotations

import contextlib
import itertools
import time
from collections.abc import Callable

from bench.load import LINES, Line, Told, WrongContentError, get, load
from bench.sides import Goal, Result, bare, beside, ours, result, session_of
from bench.turns import Turn
from bench.worlds import Size
from tests.proof.memory import bytes_of, children
from tests.proof.server import Server

MOST_SECONDS = 20.0  # of requests in an ordinary run; a full one has as many as it takes
PARTS = 4  # after the first of them the worker counts as warm


def starting(turn: Turn) -> list[Result]:
    """Seconds until the sign-in page is answered, beside a page with one row by Flask-SQLAlchemy."""
    size = Size(turn.records[0])
    with turn.place.copy(size) as world:

        def tracker() -> float:
            start = time.perf_counter()
            with ours(world) as server:
                return answered(server, get("/sign-in"), start)

        def orm() -> float:
            start = time.perf_counter()
            with bare(world, module="bare_orm", BARE_ORM=world.config.database_url) as server:
                return answered(server, get("/orm"), start)

        pairs = beside(tracker, orm, turn.rounds)
    line = "start to first answer, beside Flask-SQLAlchemy"
    return [result(line, turn.place, pairs, "s", Goal(at_most=3))]


def answered(server: Server, request: bytes, start: float) -> float:
    line = Line(server.port)
    line.ask(request)
    status, taken = line.status, time.perf_counter() - start
    line.close()
    if status != 200:
        raise WrongContentError(f"the first answer was a {status}")
    return taken


def memory(turn: Turn) -> list[Result]:
    """MiB of a worker after many requests of four pages, beside the ORM's worker after as many."""
    size = Size(turn.records[0])
    with contextlib.ExitStack() as stack:
        world = stack.enter_context(turn.place.copy(size))
        server = stack.enter_context(ours(world))
        limit = stack.enter_context(bare(world, module="bare_orm", BARE_ORM=world.config.database_url))
        member = session_of(world, world.large.member_user_id)
        asked = [get("/me", member), get("/sign-in"), get("/me/records", member), get("/help", member)]
        most = MOST_SECONDS if turn.requests <= 10_000 else float("inf")
        warm, after, count = held(server, asked, turn.requests, most)
        _, bare_after, _ = held(limit, [get("/orm")], count, most)
    said = f"after {count:,} requests"
    flat = [(after, warm)]
    return [
        result("memory of a worker, beside Flask-SQLAlchemy", turn.place, [(after, bare_after)], "MiB",
               Goal(at_most=3), said),
        result("memory of a worker, beside itself when warm", turn.place, flat, "MiB",
               Goal(at_most=1.05), said),
    ]  # fmt: skip


def held(server: Server, asked: list[bytes], count: int, most: float) -> tuple[float, float, int]:
    """MiB after the first part of the requests and after all, and how many there were."""
    assert server.running is not None
    (worker,) = children(server.running.pid)
    requests, done, marks = itertools.cycle(asked), 0, []
    for part in range(PARTS):
        told = until(
            lambda seconds: load(server.port, requests, seconds, LINES), count // PARTS, most / PARTS
        )
        done += len(told.taken)
        if set(told.statuses) != {200}:
            raise WrongContentError(f"in part {part} answers had the statuses {told.statuses}")
        marks.append(bytes_of(worker, "VmRSS") / 2**20)
    return marks[0], marks[-1], done


def until(ask: Callable[[float], Told], count: int, most: float) -> Told:
    """Loads of a second until there were so many answers, or `most` seconds are over."""
    told, start = Told(), time.perf_counter()
    while len(told.taken) < count and time.perf_counter() - start < most:
        more = ask(1.0)
        told.taken += more.taken
        for status, times in more.statuses.items():
            told.statuses[status] = told.statuses.get(status, 0) + times
    return told
