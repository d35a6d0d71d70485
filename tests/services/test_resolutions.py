"""What a session resolved: by whom, until when, done or not; each act leaves its event."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.entry_desk import Desk
from tests.ledger_rows import records, session
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import AuditEvent, Resolution, Role
from tracker.queries.access_sessions import resolution_for
from tracker.queries.resolutions import agenda_of, open_resolutions, owners_offered, resolutions_of
from tracker.rules.refusal import Refused
from tracker.rules.resolutions import digest_of
from tracker.services import resolutions as services
from tracker.services.records import CHANGED, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LESSON = {"happened_on": "2021-05-01", "type": "专题学习", "title": "支委会", "organiser": "第一党支部"}


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


@pytest.fixture
def meeting(desk):
    (record,) = desk.enter(desk.secretary, {**LESSON, "people": "张三"}, kind="activity")
    return record


def resolve(desk, record, owner=None, due_on="2021-05-20", by=None):
    owner = owner or f"unit:{desk.bureau.first.id}"
    by = by or desk.secretary
    return services.add_resolution(
        record, text="修路灯", owner=owner, due_on=due_on, by=by, at=NOW, today=TODAY
    )


def acts():
    wanted = AuditEvent.action.like("record:%resolution") | (AuditEvent.action == "record:set_agenda")
    return list(db.session.scalars(select(AuditEvent.action).where(wanted).order_by(AuditEvent.id)))


def set_agenda(record, typed, by, seen=None):
    seen = digest_of(agenda_of(record)) if seen is None else seen
    services.set_agenda(record, typed, seen=seen, by=by, at=NOW)


def test_an_agenda_is_kept_in_its_order_and_written_anew(desk, meeting):
    set_agenda(meeting, "甲（张三）\n乙", desk.secretary)
    assert agenda_of(meeting) == [("甲", "张三"), ("乙", None)]
    set_agenda(meeting, "甲（张三）\n乙", desk.secretary)  # nothing changed, so no event
    set_agenda(meeting, "乙", desk.secretary)
    assert agenda_of(meeting) == [("乙", None)]
    assert acts() == ["record:set_agenda"] * 2
    with pytest.raises(Refused) as caught:
        set_agenda(meeting, "丙", desk.secretary, seen="0")
    assert caught.value.msgid == CHANGED


def test_a_resolution_is_open_on_the_branchs_page_until_it_is_done(desk, meeting):
    resolution = resolve(desk, meeting)
    (line,) = open_resolutions(desk.bureau.first, desk.secretary, TODAY)
    assert (line.owner, line.deadline, line.may_mark, line.opens) == ("第一党支部", "overdue", True, True)
    services.finish_resolution(resolution, on=TODAY, by=desk.secretary, at=NOW)
    assert open_resolutions(desk.bureau.first, desk.secretary, TODAY) == []
    with pytest.raises(Refused):
        services.finish_resolution(resolution, on=TODAY, by=desk.secretary, at=NOW)
    with pytest.raises(Refused):
        services.drop_resolution(resolution, by=desk.secretary, at=NOW)
    services.reopen_resolution(resolution, by=desk.secretary, at=NOW)
    services.drop_resolution(resolution, by=desk.secretary, at=NOW)
    assert db.session.scalars(select(Resolution)).all() == []
    assert [action.split(":")[1].split("_")[0] for action in acts()] == ["add", "finish", "reopen", "drop"]


def test_only_who_belongs_to_the_session_takes_care_of_something(desk, meeting):
    offered = {one.key for one in owners_offered(meeting, desk.secretary, TODAY)}
    bureau = desk.bureau
    assert {f"unit:{bureau.first.id}", f"unit:{bureau.group.id}", f"member:{bureau.li.id}"} <= offered
    for stranger in (f"unit:{bureau.second.id}", f"member:{bureau.other_li.id}", "nobody", "unit:x"):
        with pytest.raises(Refused) as caught:
            resolve(desk, meeting, owner=stranger)
        assert caught.value.field == "owner"


def test_the_unit_in_charge_marks_what_the_bureau_resolved_and_others_do_not_see_it(desk):
    other = desk.make.user(Role.SECRETARY, desk.bureau.second)
    record = desk.make.record(desk.campaign, "activity", type="中心组学习", title="研讨")
    resolution = resolve(desk, record, owner=f"unit:{desk.bureau.second.id}", by=desk.make.office)
    (line,) = open_resolutions(desk.bureau.second, other, TODAY)
    assert (line.may_mark, line.opens) == (True, False)
    assert resolution_for(other, resolution.id) is resolution
    assert resolution_for(desk.secretary, resolution.id) is None
    assert open_resolutions(desk.bureau.first, desk.secretary, TODAY) == []


def test_a_member_of_another_branch_in_charge_is_not_named(desk):
    other = desk.make.user(Role.SECRETARY, desk.bureau.second)
    joint = {**LESSON, "organiser": "第一党支部、第二党支部"}
    (record,) = desk.enter(desk.make.office, joint, kind="activity")
    resolve(desk, record, owner=f"member:{desk.bureau.li.id}")
    assert [line.owner for line in resolutions_of(record, other, TODAY)] == [None]
    assert [line.owner for line in resolutions_of(record, desk.secretary, TODAY)] == ["李四"]


def test_what_a_reversed_session_resolved_is_open_no_more(desk):
    record = desk.make.record(desk.campaign, "activity", owner=desk.bureau.first, type="专题学习")
    resolve(desk, record)
    reverse_record(record, version=1, why="重复", by=None, at=NOW)
    assert open_resolutions(desk.bureau.first, desk.secretary, TODAY) == []
    with pytest.raises(Refused):
        resolve(desk, record)


def test_a_file_that_corrects_a_session_takes_along_what_it_resolved(desk, bureau):
    bureau.bring(学习活动=[session(参加人员="张三（M0001）")])
    resolve(desk, records()[0])
    set_agenda(records()[0], "甲", desk.secretary)
    bureau.bring(学习活动=[session(参加人员="张三（M0001）", 地点="礼堂")])
    (line,) = open_resolutions(bureau.first, desk.secretary, TODAY)
    assert line.resolution.record_id == records()[1].id
    assert agenda_of(records()[1]) == [("甲", None)]
    assert line.resolution.due_on == dt.date(2021, 5, 20)
