"""The stamp of what was done: each change is another one, and who only came or looked is none."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from tests.queue_rows import Branch
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent
from tracker.models.audit import QUIET
from tracker.queries import stamps
from tracker.services.audit import record_event
from tracker.services.audit_seals import seal_next
from tracker.views.audit_acts import ACTS, Sort

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_who_comes_looks_or_is_refused_changes_no_stamp_and_a_seal_over_that_neither(
    app, make, client, seal_key
):
    here = Branch(make)
    record = here.hours()
    before = stamp_now()
    secretary = app.test_client().sign_in(here.secretary)
    assert secretary.get(f"/records/{record.id}").status_code == 200
    assert secretary.get("/audit").status_code == 404
    record_event(here.office, "user:sign_in", here.office, now())
    db.session.flush()
    acts = set(db.session.scalars(select(AuditEvent.action)))
    assert {"record:read", "access:denied", "user:sign_in"} <= acts
    assert stamp_now() == before
    assert seal_next(seal_key, now()) is not None
    sealed = stamp_now()
    record_event(here.office, "user:sign_out", here.office, now())
    db.session.flush()
    assert seal_next(seal_key, now()) is not None
    assert stamp_now() == sealed
    record_event(here.office, "user:enable", here.office, now())
    db.session.flush()
    assert stamp_now() != sealed


def test_each_quiet_act_is_one_of_coming_going_looking_or_being_refused():
    assert {ACTS[act].sort for act in QUIET} <= {Sort.READING, Sort.SESSION, Sort.REFUSAL}


def test_the_newest_change_is_found_by_an_index_however_many_only_looked(session):
    explain = "EXPLAIN QUERY PLAN " if db.engine.dialect.name == "sqlite" else "EXPLAIN "
    session.add_all(AuditEvent(at=now(), action="record:read", subject_type="record") for _ in range(3_000))
    session.flush()
    session.execute(text("ANALYZE audit_event"))
    newest = select(*stamps.STAMP).compile(db.engine, compile_kwargs={"literal_binds": True})
    told = " ".join(str(row) for row in session.execute(text(explain + str(newest).replace(":", r"\:"))))
    assert "ix_audit_event_change" in told


def stamp_now():
    return stamps.stamp_of(*db.session.execute(select(*stamps.STAMP)).one())


def test_an_event_that_is_committed_late_changes_the_stamp(fresh_app):
    """Ids are given before the commit: on PostgreSQL the lower one can come last."""
    event = {"at": now(), "action": "a:b", "subject_type": "x", "detail": {}}
    with fresh_app.app_context():
        engine = db.engine
        found = [stamp_now()]
        db.session.rollback()
        if engine.dialect.name == "sqlite":
            with engine.begin() as only:
                only.execute(AuditEvent.__table__.insert(), event)
        else:
            with engine.connect() as late, engine.connect() as early:
                late.execute(AuditEvent.__table__.insert(), event)
                early.execute(AuditEvent.__table__.insert(), event)
                early.commit()
                found.append(stamp_now())
                db.session.rollback()
                late.commit()
        found.append(stamp_now())
        db.session.rollback()
    assert len(set(found)) == len(found)
    assert len({stamp.newest for stamp in found}) == 2
