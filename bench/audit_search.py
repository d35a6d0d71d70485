"""How long "who read or changed this member since a day" takes, beside reading every event, in the same run.

    python bench/audit_search.py [EVENTS]

Makes 500 members with records and EVENTS events (100,000 unless told), on each database that the tests know.
Prints milliseconds of the page's two statements, of the same over all events, and the plan. Decides no test.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import flask_migrate
from sqlalchemy import insert, select, text

from tests import databases
from tests.conftest import close_app, config_for, make_app
from tests.maker import NOW, Maker
from tracker.db import db
from tracker.models import AuditEvent, Member, Participation, Record
from tracker.queries.audit import EventFilter, _listed, event_page

MEMBERS, RECORDS, TURNS = 500, 20, 7


def fill(events: int) -> Member:
    """The bureau and its events; gives back one of the members."""
    make, chance = Maker(), random.Random(7)
    campaign = make.campaign()
    branches = [make.branch() for _ in range(20)]
    members = [make.member(branches[n % 20], name=f"张{chr(0x4E00 + n)}") for n in range(MEMBERS)]
    pattern = make.record(campaign, member=members[0], minutes=60)
    copied = {column.name: getattr(pattern, column.name) for column in Record.__table__.columns}
    rows = [
        {**copied, "id": pattern.id + 1 + n, "member_id": members[n % MEMBERS].id}
        for n in range(MEMBERS * RECORDS)
    ]
    db.session.execute(insert(Record), rows)
    people = [{"record_id": row["id"], "member_id": row["member_id"], "version": 1} for row in rows]
    db.session.execute(insert(Participation), people)
    made = []
    for n in range(events):
        is_record = n % 3 != 0
        made.append(
            {
                "at": NOW + dt.timedelta(minutes=n), "actor_id": make.office.id, "detail": {},
                "action": "record:read" if is_record else "member:read",
                "subject_type": "record" if is_record else "member",
                "subject_id": chance.choice(rows)["id"] if is_record else chance.choice(members).id,
            }
        )  # fmt: skip
    db.session.execute(insert(AuditEvent), made)
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()
    return members[7]


def took(act: Callable[[], Any]) -> float:
    """Milliseconds, the median of some turns."""
    seconds = []
    for _ in range(TURNS):
        start = time.perf_counter()
        act()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds) * 1000


def measure(name: str, events: int) -> None:
    backend = databases.BACKENDS[name]()
    backend.start()
    app = make_app(config_for(backend.create(), Path(tempfile.mkdtemp())))
    try:
        with app.app_context():
            flask_migrate.upgrade()
            member = fill(events)
            chosen = EventFilter(member=member, since=NOW + dt.timedelta(minutes=events // 2))
            found = event_page(chosen).total
            one, every = (
                took(lambda: event_page(chosen)),
                took(lambda: db.session.execute(select(AuditEvent)).all()),
            )
            print(
                f"{name}: {events} events, {found} of the member since T: {one:.1f} ms;"
                f" reading all: {every:.0f} ms"
            )
            explain = "EXPLAIN QUERY PLAN" if name == "sqlite" else "EXPLAIN"
            statement = _listed(chosen).limit(50).compile(db.engine, compile_kwargs={"literal_binds": True})
            for row in db.session.connection().exec_driver_sql(f"{explain} {statement}"):
                if "audit_event" in str(row[-1]):
                    print("   ", row[-1].strip())
    finally:
        close_app(app)
        backend.stop()


if __name__ == "__main__":
    for one in databases.wanted():
        measure(one, int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
