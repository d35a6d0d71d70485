"""A branch states its month; rows that come and go afterwards show; nobody states for another branch."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from tests.maker import NOW, SHIPPED
from tests.statements import MARCH, TODAY, Place, put_statement
from tracker.db import db
from tracker.models import AuditEvent, Said, Statement, Status, UnitCategory
from tracker.queries.figures import figure_values
from tracker.queries.statements import reporting_on
from tracker.rules.periods import period_by_code
from tracker.rules.refusal import Refused
from tracker.rules.statements import (
    CLOSED,
    HAS_ROWS,
    NO_ROWS,
    NOT_ASKED,
    NOT_OVER,
    WHO_SAID,
    Choice,
    State,
)
from tracker.services.closes import close_period, reopen_period
from tracker.services.statements import STATEMENT_CHANGED, state_month


@pytest.fixture
def place(make):
    return Place(make)


def test_a_secretary_states_changes_and_takes_back_and_each_of_it_is_kept(place):
    place.row()
    assert place.say(Said.HANDED_IN) == 1
    assert place.line().state is State.HANDED_IN
    assert place.say(None, version=1) == 1
    assert place.line().state is State.SILENT
    assert place.line().said is None
    assert place.say(Said.HANDED_IN, version=2, by=place.deputy) == 1
    assert place.line().statement.stated_by_id == place.deputy.id
    assert place.acts() == [
        ("statement:say", "handed_in", 1),
        ("statement:take_back", "taken_back", 1),
        ("statement:say", "handed_in", 1),
    ]


def test_saying_the_same_twice_writes_once(place):
    place.row()
    assert (place.say(Said.HANDED_IN), place.say(Said.HANDED_IN)) == (1, 0)
    assert place.say(None, kind="work") == 0  # nothing was said of it anyhow
    assert len(place.acts()) == 1
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 1


def test_nothing_to_report_is_refused_where_rows_stand_and_handed_in_where_none_does(place):
    place.row(status=Status.SUBMITTED)
    with pytest.raises(Refused) as refused:
        place.say(Said.NOTHING)
    assert (refused.value.msgid, refused.value.field) == (HAS_ROWS, "study")
    with pytest.raises(Refused) as refused:
        place.say(Said.HANDED_IN, kind="work")
    assert (refused.value.msgid, refused.value.field) == (NO_ROWS, "work")
    place.say(Said.NOTHING, kind="work")
    assert place.line("work").state is State.NOTHING


def test_a_returned_or_reversed_row_is_none(place):
    row = place.row()
    row.status, row.reversed_at, row.reversed_why = Status.REVERSED, NOW, "记错了"
    db.session.flush()
    with pytest.raises(Refused, match="no row"):
        place.say(Said.HANDED_IN)
    assert place.say(Said.NOTHING) == 1


def test_rows_that_come_after_nothing_was_said_contradict_it_until_it_is_said_anew(place):
    place.say(Said.NOTHING)
    assert place.line().state is State.NOTHING
    place.row(status=Status.SUBMITTED)
    assert place.line().state is State.CONTRADICTED
    assert reporting_on(place.campaign, TODAY).told("study", place.here.id).contradicted == 1
    with pytest.raises(Refused, match="something to report"):
        place.say(Said.NOTHING, version=1)
    place.say(Said.HANDED_IN, version=1)
    assert place.line().state is State.HANDED_IN


def test_rows_that_go_after_handed_in_contradict_it(place):
    row = place.row()
    place.say(Said.HANDED_IN)
    row.status, row.reversed_at, row.reversed_why = Status.REVERSED, NOW, "记错了"
    db.session.flush()
    assert place.line().state is State.CONTRADICTED


def test_a_session_held_together_is_a_row_of_each_branch(place):
    place.make.record(
        place.campaign,
        "activity",
        owner=place.there,
        co_organisers=[place.here],
        type="主题党日",
        title="联合",
    )
    with pytest.raises(Refused, match="something to report"):
        place.say(Said.NOTHING, kind="activity")
    place.say(Said.HANDED_IN, kind="activity")
    assert reporting_on(place.campaign, TODAY).told("activity", place.here.id).contradicted == 0
    assert place.line("activity").counts == {Status.VERIFIED: 1}


def test_a_month_that_is_not_over_cannot_be_stated(place):
    place.row(day=dt.date(2021, 7, 5))
    with pytest.raises(Refused, match="2021-07-31") as refused:
        place.say(Said.HANDED_IN, month="2021-07", today=dt.date(2021, 7, 30))
    assert refused.value.msgid == NOT_OVER
    assert place.say(Said.HANDED_IN, month="2021-07", today=dt.date(2021, 7, 31)) == 1


def test_first_and_last_day_of_a_month_are_in_it(place):
    for day in (dt.date(2021, 3, 1), dt.date(2021, 3, 31)):
        place.row(day=day)
    place.row(day=dt.date(2021, 2, 28))
    place.row(day=dt.date(2021, 4, 1))
    counted = [place.line(month=month).standing for month in ("2021-02", MARCH, "2021-04")]
    assert counted == [1, 2, 1]


@pytest.mark.parametrize("whose", ["bureau", "branch"])
def test_what_was_stated_of_a_closed_month_stands_until_it_is_opened_again(place, whose):
    place.row()
    place.say(Said.HANDED_IN)
    unit = None if whose == "bureau" else place.here
    close = close_period(
        place.campaign, period_by_code(MARCH, place.campaign, ()), unit,
        grace_until=None, holds_at=None, today=TODAY, by=place.office, at=NOW,
    )  # fmt: skip
    for said, kind, version in ((None, "study", 1), (Said.NOTHING, "work", 0)):
        with pytest.raises(Refused, match="closed") as refused:
            place.say(said, kind, version=version)
        assert refused.value.msgid == CLOSED
    assert place.say(Said.HANDED_IN) == 0  # nothing changes, so nothing is refused
    assert place.say(Said.NOTHING, "work", "2021-04") == 1
    reopen_period(close, why="漏报", version=close.version, by=place.office, at=NOW)
    assert place.say(None, version=1) == 1


def test_the_close_of_another_branch_holds_nothing_here(place):
    close_period(
        place.campaign, period_by_code(MARCH, place.campaign, ()), place.there,
        grace_until=None, holds_at=None, today=TODAY, by=place.office, at=NOW,
    )  # fmt: skip
    assert place.say(Said.NOTHING, "work") == 1


def test_nobody_states_for_another_branch(place):
    place.row()
    for user in (place.other, place.auditor):
        with pytest.raises(Refused, match="not yours"):
            place.say(Said.HANDED_IN, by=user)
    assert place.acts() == []


def test_the_office_says_who_told_it(place):
    place.row()
    with pytest.raises(Refused) as refused:
        place.say(Said.HANDED_IN, by=place.office)
    assert (refused.value.msgid, refused.value.field) == (WHO_SAID, "told_by")
    place.say(Said.HANDED_IN, by=place.office, told_by="  李四 电话 ")
    assert place.line().statement.told_by == "李四 电话"
    details = db.session.scalars(select(AuditEvent.detail).where(AuditEvent.action == "statement:say")).all()
    assert "李四" not in str(details)
    place.say(None, version=1)
    assert place.line().statement.told_by is None


def test_what_is_not_asked_is_not_stated(place):
    with pytest.raises(Refused) as refused:
        place.say(Said.NOTHING, kind="reading")
    assert refused.value.msgid == NOT_ASKED
    retired = place.make.branch(category=UnitCategory.RETIRED)
    with pytest.raises(Refused, match="not asked"):
        place.say(Said.NOTHING, kind="task", unit=retired, by=place.office, told_by="电话")


def test_one_refusal_leaves_the_whole_month_unwritten(place):
    place.row()
    period = period_by_code(MARCH, place.campaign, ())
    choices = {"study": Choice(Said.HANDED_IN, 0), "work": Choice(Said.HANDED_IN, 0)}
    with pytest.raises(Refused):
        state_month(place.campaign, place.here, period, choices, by=place.secretary, at=NOW, today=TODAY)
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 0


def test_whoever_comes_second_with_what_they_saw_is_refused(place):
    place.row()
    place.say(Said.HANDED_IN)
    with pytest.raises(Refused) as refused:
        place.say(None, version=0)  # from a page that had shown silence
    assert refused.value.msgid == STATEMENT_CHANGED
    place.say(None, version=1)
    with pytest.raises(Refused) as refused:
        place.say(Said.HANDED_IN, version=1)
    assert refused.value.msgid == STATEMENT_CHANGED


def test_a_version_of_what_was_never_said_is_refused(place):
    place.row()
    with pytest.raises(Refused) as refused:
        place.say(Said.HANDED_IN, version=3)
    assert refused.value.msgid == STATEMENT_CHANGED


def test_two_statements_of_one_month_cannot_stand(place):
    put_statement(place.make, place.campaign, place.here, "study", MARCH)
    with pytest.raises(IntegrityError), db.session.begin_nested():
        put_statement(place.make, place.campaign, place.here, "study", MARCH)


def test_no_figure_heeds_what_is_stated(place):
    place.row()
    before = figure_values(place.campaign, TODAY)
    place.say(Said.HANDED_IN)
    place.say(Said.NOTHING, kind="work")
    put_statement(place.make, place.campaign, place.there, "study", MARCH)
    assert figure_values(place.campaign, TODAY) == before


def test_on_the_last_day_of_a_month_nobody_is_silent_yet_and_what_was_said_stands(place):
    assert place.say(Said.NOTHING, month="2021-07") == 1
    on_the_day = reporting_on(place.campaign, TODAY)
    after = reporting_on(place.campaign, TODAY + dt.timedelta(days=1))
    states = [found.branches[place.there.id].states["study"].get("2021-07") for found in (on_the_day, after)]
    assert states == [None, State.SILENT]
    assert on_the_day.ending.code == "2021-07"
    assert after.ending is None
    assert on_the_day.branches[place.here.id].states["study"]["2021-07"] is State.NOTHING


def test_a_branch_owes_no_month_before_it_was_founded_and_none_after_it_ended(make):
    campaign = make.campaign()
    young = make.branch(starts_on=dt.date(2021, 5, 10))
    gone = make.branch(ends_on=dt.date(2021, 4, 1))
    found = reporting_on(campaign, TODAY)
    assert sorted(found.branches[young.id].states["study"]) == ["2021-05", "2021-06"]
    assert sorted(found.branches[gone.id].states["study"]) == ["2021-02", "2021-03"]


def test_a_kind_of_which_months_were_stated_stays_in_the_campaign(make):
    text = SHIPPED.read_text(encoding="utf-8")
    start, end = text.index('[[kinds]]\ncode = "other"'), text.index("# ---------- 目标")
    block = text[start:end].replace('"other"', '"extra"').replace("其他工作", "临时工作")
    campaign = make.campaign(text[:end] + block + text[end:])
    statement = put_statement(make, campaign, make.branch(), "extra", MARCH)
    with pytest.raises(Refused, match="extra") as refused:
        make.campaign(text)
    assert refused.value.field == "kinds"
    db.session.delete(statement)
    db.session.flush()
    assert "extra" not in [kind.code for kind in make.campaign(text).kinds]
