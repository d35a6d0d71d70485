"""Who was not at a session: kept by who keeps the branch, carried along by corrections, counted nowhere."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.entry_desk import Desk
from tests.ledger_rows import records, session
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Absence, AuditEvent, Role
from tracker.queries.absences import absences_of, attendance_of
from tracker.queries.figures import figures_json
from tracker.rules.absences import TypedAbsence
from tracker.rules.refusal import Refused
from tracker.services.absences import keep_absences
from tracker.services.records import CHANGED

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LESSON = {"happened_on": "2021-05-01", "type": "现场教学", "title": "参观", "organiser": "第一党支部"}


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


@pytest.fixture
def lesson(desk):
    (record,) = desk.enter(desk.secretary, {**LESSON, "people": "张三"}, kind="activity")
    return record


def there(desk, record, by=None):
    return attendance_of(record, desk.kind("activity"), by or desk.secretary)


def keep(desk, record, typed, by=None, seen=None):
    by = by or desk.secretary
    seen = there(desk, record, by).seen if seen is None else seen
    kind = desk.kind("activity")
    return keep_absences(record, kind, typed, seen=seen, by=by, at=NOW, last=TODAY)


def test_who_belonged_to_the_organisers_on_that_day_is_expected(desk, lesson):
    desk.make.member(desk.bureau.first, name="后来", starts_on=dt.date(2021, 5, 2))
    found = there(desk, lesson)
    assert [(line.name, line.is_present) for line in found.lines] == [("张三", True), ("李四", False)]


def test_reasons_are_kept_with_one_event_and_change_no_figure(desk, lesson):
    before = figures_json(desk.campaign, TODAY)
    typed = {desk.bureau.li.id: TypedAbsence("因公请假", "2021-05-08", "参加补课")}
    assert keep(desk, lesson, typed) == 1
    found = there(desk, lesson)
    assert (found.explained, found.made_up, found.present) == (1, 1, 1)
    assert figures_json(desk.campaign, TODAY) == before
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:note_absences")).one()
    assert (event.subject_id, event.detail) == (lesson.id, {"people": 1})
    assert [row.reason for row in absences_of(desk.bureau.li)] == ["因公请假"]
    assert keep(desk, lesson, {}) == 0
    assert list(absences_of(desk.bureau.li)) == []


def test_who_was_there_and_who_is_not_theirs_cannot_be_noted_as_absent(desk, lesson):
    strangers = {person.id: TypedAbsence("未请假") for person in (desk.bureau.zhang, desk.bureau.other_li)}
    assert keep(desk, lesson, strangers) == 0
    assert db.session.scalars(select(Absence)).all() == []


def test_each_keeper_of_a_joint_session_sees_and_notes_the_own_branch(desk):
    other = desk.make.user(Role.SECRETARY, desk.bureau.second)
    joint = {**LESSON, "organiser": "第一党支部、第二党支部", "people": "张三"}
    (record,) = desk.enter(desk.make.office, joint, kind="activity")
    assert [line.number for line in there(desk, record, other).absent] == ["M0003"]
    assert [line.number for line in there(desk, record).absent] == ["M0002"]
    assert [line.number for line in there(desk, record, desk.make.office).absent] == ["M0002", "M0003"]
    auditor = desk.make.user(Role.AUDITOR)
    assert not there(desk, record, auditor).may_note
    with pytest.raises(Refused):
        keep(desk, record, {}, by=auditor)


def test_a_headcount_and_a_session_without_names_expect_nobody(desk):
    for cells in ({"headcount": "5"}, {}):
        row = {**LESSON, **cells, "title": f"会{cells}"}
        (record,) = desk.enter(desk.secretary, row, kind="activity")
        assert there(desk, record) is None


def test_a_form_that_saw_something_else_is_refused(desk, lesson):
    seen = there(desk, lesson).seen
    keep(desk, lesson, {desk.bureau.li.id: TypedAbsence("未请假")})
    with pytest.raises(Refused, match="meanwhile") as caught:
        keep(desk, lesson, {}, seen=seen)
    assert caught.value.msgid == CHANGED


def test_who_turns_out_to_have_been_there_was_not_absent(desk, lesson):
    keep(desk, lesson, {desk.bureau.li.id: TypedAbsence("未请假")})
    desk.correct(desk.secretary, lesson, **LESSON, people="张三、李四（M0002）")
    assert db.session.scalars(select(Absence)).all() == []


def test_a_file_that_corrects_a_session_keeps_who_was_absent(desk, bureau):
    bureau.bring(学习活动=[session(参加人员="张三（M0001）")])
    keep(desk, records()[0], {bureau.li.id: TypedAbsence("因事请假")})
    bureau.bring(学习活动=[session(参加人员="张三（M0001）", 地点="礼堂")])
    assert [line.word.reason for line in there(desk, records()[1]).absent] == ["因事请假"]
    bureau.bring(学习活动=[session(参加人员="张三（M0001）、李四（M0002）", 地点="礼堂")])
    assert there(desk, records()[2]).absent == []
    assert {row.record_id for row in db.session.scalars(select(Absence))} == {r.id for r in records()[:2]}
