"""Writing: one entry through its form beside one INSERT, and an act of verifying beside bare UPDATEs."""

from __future__ import annotations

import datetime as dt
import itertools
import re
import secrets
import time
from collections.abc import Iterator
from urllib.parse import urlencode

from sqlalchemy import func, select

from bench.large_ledger import DAYS, FIRST
from bench.load import LINES, Line, WrongContentError, load, post
from bench.sides import Goal, Result, bare, bare_url, beside, ours, result, session_of
from bench.turns import Turn
from bench.worlds import Size, World
from tests import html
from tests.conftest import TODAY
from tests.proof.server import Browser
from tests.proof.server import pairs as fields_of
from tests.proof.writers import FORM
from tracker.db import db
from tracker.models import Record, Status
from tracker.queries.verifications import MOST_AT_ONCE

PEOPLE = 24  # who enter
FREE = [FIRST + dt.timedelta(days=n) for n in range(DAYS, (TODAY - FIRST).days + 1)]
ROW = "CREATE TABLE IF NOT EXISTS bare_row (id {key}, who INTEGER, day VARCHAR(10), minutes TEXT, title TEXT)"
KEYS = {"sqlite": "INTEGER PRIMARY KEY", "postgresql": "BIGSERIAL PRIMARY KEY"}
TITLE = "量测第"


class Desk:
    """Members with the form of an entry open. Each entry is another one, with a key of its own."""

    def __init__(self, world: World, port: int) -> None:
        self.people = []
        for user_id in world.large.account_ids[:PEOPLE]:
            browser = Browser(port, cookies={"session": session_of(world, user_id)})
            hidden = browser.hidden(FORM)  # its token stands in the cookie too
            self.people.append((browser.cookies["session"], hidden))
        self.numbers = itertools.count()

    def entries(self) -> Iterator[bytes]:
        """Requests without end."""
        while True:
            number = next(self.numbers)
            session, hidden = self.people[number % len(self.people)]
            turn = number // len(self.people)
            # No two of a day alike: the form would ask whether that is meant.
            typed = {
                "happened_on": FREE[turn % len(FREE)].isoformat(), "minutes": f"{turn // len(FREE) + 1}分钟",
                "source": "学习强国", "title": f"{TITLE}{number % 90}讲",
                "submission_key": secrets.token_urlsafe(24),
            }  # fmt: skip
            yield post(FORM, urlencode({**hidden, **typed}).encode(), session)


def make_row(world: World) -> None:
    """The bare table, where the limit writes."""
    from bench.bare import connect_anew

    line = connect_anew(bare_url(world))
    line.execute(ROW.format(key=KEYS[world.place.name]))
    line.close()


def entries(turn: Turn) -> list[Result]:
    """Acknowledged entries a second. Raises WrongContentError unless each of them is a row afterwards."""
    with turn.place.copy(turn.size) as world, ours(world) as server:
        make_row(world)
        desk, acknowledged = Desk(world, server.port), 0
        requests = desk.entries()
        with bare(world, BARE_URL=bare_url(world)) as limit:
            same = [post("/insert", request.partition(b"\r\n\r\n")[2]) for request in
                    itertools.islice(desk.entries(), 200)]  # fmt: skip
            bodies = itertools.cycle(same)

            def tracker() -> float:
                nonlocal acknowledged
                told = load(server.port, requests, turn.seconds).hold_to(303)
                acknowledged += len(told.taken)
                return told.rate

            pairs = beside(
                tracker, lambda: load(limit.port, bodies, turn.seconds).hold_to(303).rate, turn.rounds
            )
        with world.app.app_context():
            kept = db.session.scalar(select(func.count()).where(Record.title.startswith(TITLE)))
            db.session.remove()
        if kept != acknowledged:
            raise WrongContentError(f"{acknowledged} entries were acknowledged, {kept} are there")
    said = f"{acknowledged} entered by {PEOPLE} members on {LINES} connections"
    line = "log an entry through the form, beside one INSERT"
    return [result(line, turn.place, pairs, "/s", Goal(at_least=0.35), said)]


def verifying(turn: Turn) -> list[Result]:
    """Records a second that one act of 200 verifies, and that as many UPDATEs in one transaction change."""
    size = Size(10_000, waiting=turn.queue)
    with turn.place.copy(size) as world, ours(world) as server:
        browser = Browser(server.port, cookies={"session": session_of(world, world.large.secretary_id)})
        with world.app.app_context():
            waits = select(Record.id).where(Record.status == Status.SUBMITTED).order_by(Record.id.desc())
            spare = list(db.session.scalars(waits.limit(MOST_AT_ONCE * turn.rounds)))
            before = db.session.scalar(select(func.count()).where(Record.status == Status.VERIFIED)) or 0
            db.session.remove()

        def act() -> float:
            text = browser.get("/verify?whole=1").text
            seen = re.findall(r'name="seen" value="(\d+:\d+)"', text)
            if len(seen) != MOST_AT_ONCE:
                raise WrongContentError(f"the queue offers {len(seen)} records for one act")
            hidden = html.hidden_fields(html.parse(text))
            body = urlencode(fields_of({**hidden, "act": "verify", "seen": seen})).encode()
            line = Line(server.port)
            taken = line.ask(post("/verify", body, browser.cookies["session"]))
            status = line.status
            line.close()
            if status != 303:
                raise WrongContentError(f"the act was answered with {status}")
            return MOST_AT_ONCE / taken

        def updates() -> float:
            ids = [spare.pop() for _ in range(MOST_AT_ONCE)]
            return MOST_AT_ONCE / bare_updates(world, ids)

        pairs = beside(act, updates, turn.rounds)
        with world.app.app_context():
            after = db.session.scalar(select(func.count()).where(Record.status == Status.VERIFIED)) or 0
            db.session.remove()
    if after - before != 2 * MOST_AT_ONCE * turn.rounds:
        raise WrongContentError(
            f"{after - before} records were verified, not 200 by each act and transaction"
        )
    line = f"verify {MOST_AT_ONCE} records in one act, beside as many UPDATEs"
    return [result(line, turn.place, pairs, "records/s", Goal(at_least=0.20))]


def bare_updates(world: World, ids: list[int]) -> float:
    """Seconds of one transaction that lets these records count, and does nothing else."""
    mark = "?" if world.place.name == "sqlite" else "%s"
    change = (
        "UPDATE record SET status = 'verified', version = version + 1,"  # noqa: S608  (marks of the driver)
        f" verified_at = {mark}, verified_by_id = {mark} WHERE id = {mark} AND status = 'submitted'"
    )
    at, by = dt.datetime(2021, 7, 30, 8, 0), world.large.office_id  # noqa: DTZ001  (as the column keeps it)
    line = world.ask()
    begin = "BEGIN IMMEDIATE" if world.place.name == "sqlite" else "BEGIN"
    start = time.perf_counter()
    line.execute(begin)
    for id_ in ids:
        line.execute(change, (at.isoformat(" "), by, id_))
    line.execute("COMMIT")
    taken = time.perf_counter() - start
    line.close()
    return taken
