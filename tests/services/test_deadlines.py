"""The due day of a verified record is changed with a reason; files and later stages take it along."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.ledger_rows import TASK
from tests.maker import NOW
from tests.workbooks import Importer
from tracker.db import db
from tracker.models import AuditEvent, DeadlineChange, Record, Role, Status
from tracker.queries.deadlines import due_in
from tracker.queries.recounts import differences
from tracker.rules.deadlines import Deadline
from tracker.rules.refusal import Refused
from tracker.services.deadlines import change_deadline
from tracker.services.records import CHANGED
from tracker.services.stages import UNDER_WAY, carry_on

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DUE, LATER, LAST = dt.date(2021, 5, 31), dt.date(2021, 6, 30), dt.date(2021, 7, 31)


@pytest.fixture
def town(make):
    bureau = Bureau(make)
    bureau.secretary = make.user(Role.SECRETARY, bureau.one)
    bureau.stranger = make.user(Role.SECRETARY, bureau.two)
    row = {"title": "修井盖", "stage": "领办", "ref": "W9", "due_on": DUE, "content": "c" * 64}
    bureau.task = make.record(bureau.campaign, "task", owner=bureau.one, **row)
    return bureau


def change(town, to, *, by=None, why="材料晚到", version=None):
    record = town.task
    version = version or record.version
    return change_deadline(record, to, why=why, version=version, by=by or town.secretary, at=NOW)


def test_the_new_day_holds_and_the_old_one_is_kept_with_the_reason(town):
    change(town, LATER)
    assert (town.task.due_on, town.task.version, town.task.content) == (LATER, 2, "c" * 64)
    kept = db.session.scalars(select(DeadlineChange)).one()
    assert (kept.was_on, kept.becomes_on, kept.why) == (DUE, LATER, "材料晚到")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:change_deadline")).one()
    assert event.detail == {"due_on": [DUE.isoformat(), LATER.isoformat()]}
    change(town, None)
    assert town.task.due_on is None
    assert list(differences(town.campaign)) == []


def test_without_a_reason_a_new_version_or_reach_it_stays(town):
    with pytest.raises(Refused) as refused:
        change(town, LATER, why=" ")
    assert refused.value.field == "why"
    with pytest.raises(Refused) as refused:
        change(town, LATER, version=9)
    assert refused.value.msgid == CHANGED
    with pytest.raises(Refused):
        change(town, LATER, by=town.stranger)
    assert town.task.due_on == DUE


def test_what_does_not_count_or_waits_for_its_next_stage_is_not_put_off(town, make):
    carry_on(town.task, to="在办", on=DUE, note="", version=1, by=town.secretary, at=NOW, last=LAST)
    with pytest.raises(Refused) as refused:
        change(town, LATER)
    assert refused.value.msgid == UNDER_WAY
    town.task = make.record(
        town.campaign, "task", owner=town.one, title="还没核实", due_on=DUE, status=Status.SUBMITTED
    )
    with pytest.raises(Refused):
        change(town, LATER)


def test_a_later_stage_takes_the_due_day_along(town):
    change(town, LATER)
    after = carry_on(
        town.task, to="在办", on=DUE, note="", version=town.task.version, by=town.secretary, at=NOW, last=LAST
    )
    assert after.due_on == LATER


def test_a_unit_sees_what_is_overdue_and_what_is_near(town, make):
    near = make.record(town.campaign, "task", owner=town.one, title="近", stage="在办", due_on=LATER)
    make.record(town.campaign, "task", owner=town.one, title="完", stage="完成", ended_on=DUE, due_on=DUE)
    make.record(town.campaign, "task", owner=town.two, title="别家", stage="在办", due_on=DUE)
    due = due_in(town.campaign, town.one, town.secretary, dt.date(2021, 6, 26))
    assert (due.overdue, due.soon) == (1, 1)
    assert due.rows == ((town.task, Deadline.OVERDUE), (near, Deadline.SOON))
    assert due_in(town.campaign, town.one, town.secretary, dt.date(2021, 4, 1)).rows == ()


def test_the_same_file_again_does_not_bring_the_old_day_back(make, tmp_path):
    campaign, branch = make.campaign(), make.branch("第一党支部")
    importer = Importer(make.office, tmp_path)
    heads = [*TASK, "计划完成日期"]
    row = ["W1", dt.date(2021, 3, 5), "支部", "第一党支部", "修灯", None, "在办", None, DUE]
    importer.ledger(campaign, {"微实事": [heads, row]}, True)
    record = db.session.scalars(select(Record).where(Record.branch_id == branch.id)).one()
    assert record.due_on == DUE
    change_deadline(record, LATER, why="材料晚到", version=record.version, by=make.office, at=NOW)
    again = importer.ledger(campaign, {"微实事": [heads, row]}, True)
    assert again.report["counts"]["unchanged"] == 1
    assert record.due_on == LATER
