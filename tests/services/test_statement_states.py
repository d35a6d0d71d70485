"""Statements in a long row of acts, and two at once: the state follows from what was said and what stands."""

from __future__ import annotations

import datetime as dt
import random
from contextlib import suppress

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.maker import NOW, Maker
from tests.services.test_imports_at_once import at_once
from tests.statements import MARCH, TODAY, Place
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Said, Statement, Status, Unit, User
from tracker.queries.campaigns import spec_of
from tracker.queries.statements import reporting_on
from tracker.rules.periods import months, period_by_code
from tracker.rules.refusal import Refused
from tracker.rules.statements import STANDING, Choice, kinds_to_state, state_of
from tracker.services.statements import state_month


@pytest.fixture
def place(make):
    return Place(make)


@pytest.mark.slow
def test_two_browsers_that_state_the_same_month_at_once_leave_one_statement(fresh_app):
    with fresh_app.app_context():
        place = Place(Maker())
        ids = place.campaign.id, place.here.id, place.secretary.id
        place.row()
        db.session.commit()

    def say():
        with fresh_app.app_context():
            campaign, unit, by = (
                db.session.get_one(model, id_) for model, id_ in zip((Campaign, Unit, User), ids, strict=True)
            )
            period = period_by_code(MARCH, campaign, ())
            choices = {"study": Choice(Said.HANDED_IN, 0)}
            state_month(campaign, unit, period, choices, by=by, at=NOW, today=TODAY)
            db.session.commit()

    raised = [error for error in at_once(say, say) if error is not None]
    assert all(isinstance(error, (Refused, IntegrityError)) for error in raised)
    with fresh_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Statement)) == 1
        acts = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "statement:say")
        assert db.session.scalar(acts) == 1


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_what_is_shown_is_a_function_of_the_statement_and_the_rows_whatever_happened_before(place, seed):
    """Rows come, wait, go; months are stated and taken back: both readers agree with a recount each time."""
    dice = random.Random(seed)
    kinds = [kind.code for kind in kinds_to_state(spec_of(place.campaign), "serving")][:2]
    periods = months(place.campaign, dt.date(2021, 4, 1))
    rows: list[tuple[int, str, str, object]] = []
    said: dict[tuple[int, str, str], tuple[Said, int]] = {}
    units = {place.here.id: (place.here, place.member), place.there.id: (place.there, place.stranger)}
    for _ in range(25):
        unit_id, kind, month = dice.choice(list(units)), dice.choice(kinds), dice.choice(periods)
        unit, member = units[unit_id]
        if dice.random() < 0.5:
            day = dice.choice((month.starts_on, month.ends_on))
            status = dice.choice((Status.SUBMITTED, Status.VERIFIED))
            owner = (
                {"member": member}
                if "member" in spec_of(place.campaign).kind(kind).owners
                else {"owner": unit}
            )
            fields = {} if "member" in owner else {"type": "主题党日", "title": "学习"}
            record = place.make.record(
                place.campaign, kind, minutes=60, happened_on=day, status=status, **owner, **fields
            )
            rows.append((unit_id, kind, month.code, record))
        elif rows and dice.random() < 0.4:
            record = dice.choice(rows)[-1]
            record.status, record.verified_at, record.verified_by_id = Status.WITHDRAWN, None, None
            db.session.flush()
        else:
            choice = dice.choice([Said.HANDED_IN, Said.NOTHING, None])
            version = said.get((unit_id, kind, month.code), (None, 0))[1]
            with suppress(Refused):  # what the ledger contradicts stays as it was
                place.say(choice, kind, month.code, place.office, version, unit, told_by="电话")
                line = place.line(kind, month.code, unit)
                said[unit_id, kind, month.code] = (line.said, line.version)
        reporting = reporting_on(place.campaign, TODAY)
        for unit_id in units:
            for kind in kinds:
                for month in periods:
                    key = (unit_id, kind, month.code)
                    standing = sum(
                        1 for *there, one in rows if tuple(there) == key and one.status in STANDING
                    )
                    wanted = state_of(said.get(key, (None, 0))[0], standing)
                    assert reporting.branches[unit_id].states[kind][month.code] is wanted
                    assert place.line(kind, month.code, units[unit_id][0]).state is wanted
