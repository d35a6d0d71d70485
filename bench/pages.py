"""Pages beside bare Flask that returns the same bytes: the bureau, a branch, a member, the queue."""

from __future__ import annotations

import datetime as dt
import itertools
import re

from sqlalchemy import select

from bench.load import WrongContentError, fetch, get, load, one_by_one
from bench.sides import Goal, Result, bare, beside, ours, result, session_of
from bench.turns import Turn
from bench.worlds import Size, World
from tests.proof.server import Server
from tracker.clock import now, today
from tracker.db import db
from tracker.models import Campaign, Kind, Record, Status, User
from tracker.queries.figures import figure_values
from tracker.queries.paging import PER_PAGE
from tracker.services.verifications import verify_records

SHOWN = "service.people_served"  # a figure that the bureau page shows as a whole number, and its kind
SHOWN_KIND = "service"
COUNTS_FROM = dt.date(2021, 3, 1)


class Writes:
    """Writes from another process than the server's: each lets one waiting record count."""

    def __init__(self, world: World) -> None:
        self.world = world
        with world.app.app_context():
            kinds = select(Kind.id).where(Kind.code == SHOWN_KIND)
            waits = select(Record.id).where(
                Record.status == Status.SUBMITTED,
                Record.kind_id.in_(kinds),
                Record.happened_on >= COUNTS_FROM,
            )
            self.ids = list(db.session.scalars(waits.order_by(Record.id)))
            db.session.remove()

    def one(self) -> None:
        with self.world.app.app_context():
            office = db.session.get_one(User, self.world.large.office_id)
            verify_records([(self.ids.pop(), 1)], by=office, at=now())
            db.session.commit()
            db.session.remove()

    def figure(self) -> int:
        """What the figure is now."""
        with self.world.app.test_request_context():
            campaign = db.session.get_one(Campaign, self.world.large.campaign_id)
            value = figure_values(campaign, today())[SHOWN].value
            db.session.remove()
        if value is None:
            raise WrongContentError(f"{SHOWN} has no value")
        return int(value)


def check_fresh(server: Server, request: bytes, writes: Writes, times: int = 3) -> None:
    """Raises WrongContentError unless the first answer after a write shows it."""
    fetch(server.port, request)
    for _ in range(times):
        before = writes.figure()
        writes.one()
        after = writes.figure()
        said = re.sub(r"[,\u202f\u00a0 ]", "", fetch(server.port, request).decode())
        if after == before or not re.search(rf"(?<!\d){after}(?!\d)", said):
            raise WrongContentError(
                f"{SHOWN} went from {before} to {after}: the next answer does not show it"
            )


def pages(turn: Turn) -> list[Result]:
    """Each page again and again while nothing is written, and with a write before each."""
    found = []
    with turn.place.copy(turn.size) as world, ours(world) as server:
        large = world.large
        asked = {
            "bureau": (get("/", session_of(world, large.office_id)), Goal(at_least=0.30)),
            "branch": (
                get(f"/branches/{large.branch_id}", session_of(world, large.secretary_id)),
                Goal(at_least=0.25),
            ),
            "member": (get("/me", session_of(world, large.member_user_id)), Goal(at_least=0.30)),
        }
        bytes_of = {name: fetch(server.port, request) for name, (request, _) in asked.items()}
        writes = Writes(world)
        check_fresh(server, asked["bureau"][0], writes)
        with bare(world, bytes_of) as limit:
            for name, (request, goal) in asked.items():
                same = get(f"/bytes/{name}")
                said = f"{len(bytes_of[name]) / 1024:.0f} KiB"
                pairs = beside(
                    lambda request=request: load(server.port, itertools.repeat(request), turn.seconds)
                    .hold_to(200).rate,
                    lambda same=same: load(limit.port, itertools.repeat(same), turn.seconds)
                    .hold_to(200).rate,
                    turn.rounds,
                )  # fmt: skip
                line = f"{name} page, nothing written between"
                found.append(result(line, turn.place, pairs, "/s", goal, said))
                pairs = beside(
                    lambda request=request: 1000 / one_by_one(server.port, request, turn.times, writes.one)
                    .hold_to(200).p50,
                    lambda same=same: 1000 / one_by_one(limit.port, same, turn.times, writes.one)
                    .hold_to(200).p50,
                    turn.rounds,
                )  # fmt: skip
                line = f"{name} page, a write before each"
                found.append(result(line, turn.place, pairs, "/s, one by one", goal, said))
        check_fresh(server, asked["bureau"][0], writes)
    return found


def queue(turn: Turn) -> list[Result]:
    """The queue's first and last page beside one another, and beside bare Flask."""
    size = Size(10_000, waiting=turn.queue)
    found = []
    with turn.place.copy(size) as world, ours(world) as server:
        session = session_of(world, world.large.office_id)
        first = get("/verify?all=1", session)
        pages_there = -(-size.waiting // PER_PAGE)
        last = get(f"/verify?all=1&page={pages_there}", session)
        if fetch(server.port, last) == fetch(server.port, first):
            raise WrongContentError("the last page of the queue is the first one")
        goal, times = Goal(at_most=1.2), turn.times
        pairs = beside(
            lambda: one_by_one(server.port, last, times).hold_to(200).p50,
            lambda: one_by_one(server.port, first, times).hold_to(200).p50,
            turn.rounds,
        )
        line = f"queue of {turn.queue:,} rows: last page beside the first"
        found.append(result(line, turn.place, pairs, "ms", goal, f"page {pages_there}"))
        with bare(world, {"first": fetch(server.port, first)}) as limit:
            pairs = beside(
                lambda: load(server.port, itertools.repeat(first), turn.seconds).hold_to(200).rate,
                lambda: load(limit.port, itertools.repeat(get("/bytes/first")), turn.seconds).rate,
                turn.rounds,
            )
        found.append(result("queue, first page", turn.place, pairs, "/s", Goal()))
    return found


def sizes(turn: Turn) -> list[Result]:
    """The bureau page over ledgers of growing size, then over growing rosters, beside the smallest."""
    found = []
    for small, others, most in (
        (Size(turn.records[0]), [Size(one) for one in turn.records[1:]], 1.1),
        (Size(turn.rosters[0][0]), [Size(*one) for one in turn.rosters[1:]], 2.0),
    ):
        for large in others:
            found += _two_sizes(turn, small, large, most)
    return found


def _two_sizes(turn: Turn, small: Size, large: Size, most: float) -> list[Result]:
    place, found = turn.place, []
    with place.copy(small) as one, place.copy(large) as two, ours(one) as first, ours(two) as second:
        asked = [get("/", session_of(world, world.large.office_id)) for world in (one, two)]
        for server, request in zip((first, second), asked, strict=True):
            fetch(server.port, request)
        writes = [Writes(one), Writes(two)]
        for said, before in (("a write before each", True), ("nothing written between", False)):
            pairs = beside(
                lambda before=before: one_by_one(
                    second.port, asked[1], turn.times, writes[1].one if before else None
                ).hold_to(200).p50,
                lambda before=before: one_by_one(
                    first.port, asked[0], turn.times, writes[0].one if before else None
                ).hold_to(200).p50,
                turn.rounds,
            )  # fmt: skip
            what = f"{large.records:,} records" if most < 2 else (
                f"{large.members:,} members, {large.branches:,} branches, {large.records:,} records"
            )  # fmt: skip
            line = f"bureau page, {what}: {said}"
            note = f"beside {small.records:,} records, {small.members:,} members"
            found.append(result(line, place, pairs, "ms", Goal(at_most=most), note))
    return found
