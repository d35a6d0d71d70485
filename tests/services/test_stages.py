"""From stage to stage: a record that follows another, verified in its turn, and nothing counted twice."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests.bureau import Bureau
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Record, Role, Status
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.rules.refusal import Refused
from tracker.services.entries import withdraw_record
from tracker.services.ledger_undo import CARRIED_ON, undo_ledger
from tracker.services.records import CHANGED, reverse_record
from tracker.services.stages import UNDER_WAY, carry_on
from tracker.services.verifications import return_records, undo_act, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LAST = dt.date(2021, 7, 31)
MINE = "f" * 64


class Town:
    """A task of the first branch that was taken on, its secretary and the deputy who verifies."""

    def __init__(self, make):
        self.make, self.bureau = make, Bureau(make)
        self.campaign = self.bureau.campaign
        self.secretary = make.user(Role.SECRETARY, self.bureau.one)
        self.deputy = make.user(Role.DEPUTY, self.bureau.one)
        row = {"title": "修井盖", "stage": "领办", "ref": "W9", "identity": MINE}
        self.task = make.record(self.campaign, "task", owner=self.bureau.one, **row)

    def on(self, record, to, day, by=None, note="", version=None):
        version = version or record.version
        by = by or self.secretary
        return carry_on(record, to=to, on=day, note=note, version=version, by=by, at=NOW, last=LAST)

    def verify(self, *records, by=None, at=NOW):
        seen = [(record.id, record.version) for record in records]
        done = verify_records(seen, by=by or self.deputy, at=at)
        db.session.expire_all()
        return done

    def events(self, action):
        return db.session.scalars(select(AuditEvent.subject_id).where(AuditEvent.action == action)).all()

    def counting(self):
        where = Record.campaign_id == self.campaign.id, Record.status == Status.VERIFIED
        return db.session.scalar(select(func.count()).select_from(Record).where(*where))

    def values(self, day):
        return {id_: one.value for id_, one in figure_values(self.campaign, day).items()}


@pytest.fixture
def town(make):
    return Town(make)


def test_a_later_stage_counts_in_place_of_the_earlier_once_it_is_verified(town):
    before, day = town.counting(), dt.date(2021, 6, 10)
    done = town.on(town.task, "完成", day, note="换了新井盖")
    assert (done.status, done.follows_id) == (Status.SUBMITTED, town.task.id)
    assert (done.since_on, done.ended_on, done.note) == (day, day, "换了新井盖")
    assert town.task.status is Status.VERIFIED
    assert town.counting() == before
    town.verify(done)
    assert (town.task.status, town.task.identity) == (Status.CONTINUED, None)
    assert (done.status, done.identity) == (Status.VERIFIED, MINE)
    assert town.counting() == before
    assert list(differences(town.campaign)) == []
    assert town.events("record:carry_on") == [done.id]
    assert town.events("record:continue") == [town.task.id]


def test_figures_of_days_before_the_end_do_not_change(town):
    eve, day = dt.date(2021, 6, 9), dt.date(2021, 6, 10)
    before = town.values(eve), town.values(day)
    town.verify(town.on(town.task, "完成", day))
    assert town.values(eve) == before[0]
    moved = {id_: value for id_, value in town.values(day).items() if value != before[1][id_]}
    assert moved, "from the day on which it was done it counts as done"


def test_a_way_of_three_stages_is_one_fact(town):
    count = town.counting()
    under_way = town.on(town.task, "在办", dt.date(2021, 4, 1))
    town.verify(under_way)
    done = town.on(under_way, "完成", dt.date(2021, 6, 10))
    town.verify(done)
    states = [one.status for one in (town.task, under_way, done)]
    assert states == [Status.CONTINUED, Status.CONTINUED, Status.VERIFIED]
    assert (town.counting(), done.identity) == (count, MINE)


def test_undone_within_the_minute_the_earlier_stage_counts_again(town):
    done = town.on(town.task, "完成", dt.date(2021, 6, 10))
    town.verify(done)
    undo_act(NOW, by=town.deputy, at=NOW + dt.timedelta(seconds=20))
    db.session.expire_all()
    assert (done.status, done.identity) == (Status.SUBMITTED, None)
    assert (town.task.status, town.task.identity) == (Status.VERIFIED, MINE)
    assert list(differences(town.campaign)) == []
    town.verify(done, at=NOW + dt.timedelta(seconds=40))
    assert town.task.status is Status.CONTINUED


@pytest.mark.parametrize(
    ("to", "day", "field"),
    [
        ("领办", dt.date(2021, 6, 10), "to"),
        ("没有", dt.date(2021, 6, 10), "to"),
        ("完成", dt.date(2021, 3, 4), "on"),
        ("完成", LAST + dt.timedelta(days=1), "on"),
        ("完成", None, "on"),
    ],
)
def test_a_stage_or_a_day_that_cannot_be_is_refused(town, to, day, field):
    with pytest.raises(Refused) as refused:
        town.on(town.task, to, day)
    assert refused.value.field == field


def test_one_next_stage_waits_at_a_time_and_a_withdrawn_one_makes_room(town):
    first = town.on(town.task, "在办", dt.date(2021, 4, 1))
    with pytest.raises(Refused) as refused:
        town.on(town.task, "完成", dt.date(2021, 6, 10))
    assert refused.value.msgid == UNDER_WAY
    withdraw_record(first, version=first.version, by=town.secretary, at=NOW)
    assert town.on(town.task, "完成", dt.date(2021, 6, 10)).follows_id == town.task.id


def test_who_comes_second_and_what_does_not_count_are_refused(town):
    with pytest.raises(Refused) as refused:
        town.on(town.task, "在办", dt.date(2021, 4, 1), version=town.task.version + 1)
    assert refused.value.msgid == CHANGED
    row = {"title": "还没核实", "stage": "领办", "status": Status.SUBMITTED}
    waiting = town.make.record(town.campaign, "task", owner=town.bureau.one, **row)
    with pytest.raises(Refused):
        town.on(waiting, "完成", dt.date(2021, 6, 10))


def test_another_branch_s_secretary_does_not_take_it_on(town):
    stranger = town.make.user(Role.SECRETARY, town.bureau.two)
    with pytest.raises(Refused):
        town.on(town.task, "完成", dt.date(2021, 6, 10), by=stranger)


def test_nobody_verifies_the_stage_that_they_said(town):
    done = town.on(town.task, "完成", dt.date(2021, 6, 10))
    with pytest.raises(Refused):
        town.verify(done, by=town.secretary)


def test_what_follows_a_reversed_record_is_not_verified_but_can_be_returned(town):
    done = town.on(town.task, "完成", dt.date(2021, 6, 10))
    reverse_record(town.task, version=town.task.version, why="重复登记", by=town.make.office, at=NOW)
    with pytest.raises(Refused):
        town.verify(done)
    db.session.refresh(done)
    seen = [(done.id, done.version)]
    assert return_records(seen, why="前一条已冲正", by=town.deputy, at=NOW) == [done.id]


def test_the_distinction_of_a_work_is_the_office_s_alone(town):
    person = town.bureau.people[0]
    essay = town.make.record(town.campaign, "work", member=person, type="征文", title="又一篇")
    with pytest.raises(Refused):
        town.on(essay, "优秀", dt.date(2021, 6, 10))
    with pytest.raises(Refused) as refused:
        town.on(essay, "优秀", dt.date(2021, 6, 10), by=town.make.office)
    assert refused.value.field == "note", "a distinction is given with a reason"
    chosen = town.on(essay, "优秀", dt.date(2021, 6, 10), by=town.make.office, note="立意好")
    town.verify(chosen)
    assert (chosen.stage, essay.status) == ("优秀", Status.CONTINUED)


def test_an_import_whose_rows_were_taken_on_is_not_undone(town):
    batch = town.task.batch
    town.on(town.task, "完成", dt.date(2021, 6, 10))
    with pytest.raises(Refused) as refused:
        undo_ledger(batch, town.campaign, by=town.make.office, at=NOW)
    assert refused.value.msgid == CARRIED_ON
