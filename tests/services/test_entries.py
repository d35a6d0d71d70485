"""Records that people type: for whom, by the import's rules, recognised by it later."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.entry_desk import STUDY, Desk, study
from tests.ledger_rows import DAY, TASK, hour, records, total
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, OwnerType, Participation, Record, Role, Status, Work
from tracker.rules.refusal import Refused
from tracker.services.entries import correct_record, enter_records, withdraw_record
from tracker.services.records import CHANGED, reverse_record


@pytest.fixture
def desk(bureau):
    return Desk(bureau)


def test_a_record_waits_with_who_entered_it_and_its_event(desk):
    (record,) = desk.enter(desk.secretary, study())
    assert (record.status, record.entered_by_id, record.minutes) == (Status.SUBMITTED, desk.secretary.id, 90)
    assert (record.branch_id, record.group_id) == (desk.bureau.first.id, desk.bureau.group.id)
    assert desk.bureau.figure("study.total_minutes") == 0
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:enter")).one()
    assert (event.subject_id, event.detail) == (record.id, {})


def test_a_stranger_and_nobody_get_the_same_sentence(desk):
    for by in (desk.secretary, desk.leader, desk.member):
        foreign, nobody = (desk.said(by, study(number)) for number in ("M0003", "M9999"))
        assert foreign == ["Nobody in the roster has the number M0003."]
        assert nobody == ["Nobody in the roster has the number M9999."]
    named = [desk.said(desk.leader, {**STUDY, "member_name": name}) for name in ("李四", "无此人")]
    assert named == [["李四 is not in the roster."], ["无此人 is not in the roster."]]


def test_a_leader_enters_for_the_group_and_a_secretary_for_the_branch(desk):
    assert len(desk.enter(desk.leader, study())) == 1
    assert desk.said(desk.leader, study("M0002"))  # of the branch, of no group
    assert len(desk.enter(desk.secretary, study("M0002"))) == 1


def test_who_was_in_the_branch_on_another_day_is_not_entered_for(desk):
    moved = desk.make.member(desk.bureau.first, name="钱七", ends_on=dt.date(2021, 4, 1))
    desk.make.membership(moved, desk.bureau.second, starts_on=dt.date(2021, 4, 1))
    assert desk.said(desk.secretary, study(moved.number, happened_on="2021-03-31")) == []
    late = desk.said(desk.secretary, study(moved.number, happened_on="2021-04-01"))
    assert late == ["On that day this was not yours to enter: it belongs to another unit."]
    event = {"happened_on": "2021-05-01", "type": "专题学习", "title": "会", "organiser": "第一党支部"}
    sentences = desk.said(desk.secretary, {**event, "people": "钱七"}, kind="activity")
    assert sentences == ["钱七 belonged to another unit on that day."]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"minutes": "0"}, "not above zero"),
        ({"minutes": "25"}, "more than one entry may have"),
        ({"minutes": "NaN"}, "not a duration"),
        ({"minutes": "1e9"}, "not a duration"),
        ({"minutes": "-1"}, "not above zero"),
        ({"minutes": ""}, "Fill in this cell"),
        ({"happened_on": "2021-02-25"}, "before the campaign"),
        ({"happened_on": "2021-08-01"}, "not come yet"),
        ({"happened_on": "2021-02-30"}, "no day"),
        ({"source": "看电视"}, "not in the list"),
        ({"title": "a\x00b"}, "control character"),
        ({"title": "长" * 10_000}, "at most 200"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(desk, cells, sentence):
    plan = desk.check(desk.secretary, study(**cells))
    assert sentence in plan.problems[0].message
    with pytest.raises(Refused):
        enter_records(plan, desk.kind("study"), desk.campaign, by=desk.secretary, at=NOW)
    assert total(Record) == 0


def test_rare_characters_and_line_breaks_are_kept_as_one_line(desk):
    (record,) = desk.enter(desk.secretary, study(title="  𠮷田\n的书  "))
    assert record.title == "𠮷田 的书"


def test_a_day_has_24_hours_over_all_rows_and_what_is_there(desk):
    desk.enter(desk.secretary, study(minutes="13"))
    assert "1500 minutes" in desk.said(desk.secretary, study(minutes="12"))[0]
    assert desk.said(desk.secretary, study(minutes="11")) == []
    assert "1560 minutes" in desk.said(desk.secretary, *[study("M0002", minutes="13")] * 2)[0]


def test_a_fact_entered_twice_is_two_facts(desk):
    for _ in range(2):
        desk.enter(desk.secretary, study())
    first, second = records()
    assert (first.content, first.identity == second.identity) == (second.content, False)


def test_a_file_that_brings_typed_rows_finds_them_there(desk):
    desk.enter(desk.secretary, study(minutes="1"), study(minutes="1"))
    batch = desk.bureau.study(hour(), hour(), hour())
    assert (batch.report["counts"]["unchanged"], batch.report["counts"]["new"]) == (2, 1)


def test_a_corrected_record_is_recognised_as_what_it_says_now(desk):
    (record,) = desk.enter(desk.secretary, study(minutes="3"))
    desk.correct(desk.secretary, record, **study(minutes="1"))
    assert (record.minutes, record.version, record.status) == (60, 2, Status.SUBMITTED)
    assert desk.bureau.study(hour()).report["counts"]["unchanged"] == 1
    person = db.session.scalars(select(Participation)).one()
    assert person.minutes == 60


def test_a_correction_does_not_count_its_own_minutes_twice(desk):
    (record,) = desk.enter(desk.secretary, study(minutes="23"))
    desk.correct(desk.secretary, record, **study(minutes="24"))
    assert record.minutes == 1440


def test_an_existing_number_is_refused_and_a_reversed_one_gives_it_up(desk):
    row = {"ref": "W1", "happened_on": "2021-03-05", "owner_type": "支部", "owner_name": "第一党支部",
           "title": "修灯", "stage": "在办"}  # fmt: skip
    (record,) = desk.enter(desk.secretary, row, kind="task")
    sentences = desk.said(desk.secretary, {**row, "title": "别的"}, kind="task")
    assert [one.split(".")[0] for one in sentences] == [
        "A record with the same particulars is in the ledger already"
    ]
    record.status, record.verified_at, record.verified_by_id = Status.VERIFIED, NOW, desk.make.office.id
    db.session.flush()
    reverse_record(record, version=record.version, why="写错了", by=desk.make.office, at=NOW)
    (again,) = desk.enter(desk.secretary, {**row, "title": "别的"}, kind="task")
    db.session.refresh(record)
    assert record.identity is None
    changed = desk.bureau.importer.ledger(
        desk.campaign, {"微实事": [TASK, ["W1", DAY, "支部", "第一党支部", "别的", None, "在办", None]]}
    )
    assert changed.report["counts"]["unchanged"] == 1
    assert again.identity


def test_the_same_number_twice_in_one_act_is_refused(desk):
    row = {"ref": "W1", "happened_on": "2021-03-05", "owner_type": "支部", "owner_name": "第一党支部",
           "title": "修灯", "stage": "领办"}  # fmt: skip
    assert desk.said(desk.secretary, row, row, kind="task")


def test_two_columns_that_are_records_of_their_own_give_two_and_one_is_corrected_alone(desk):
    reading = {"member_number": "M0001", "quantity#3": "4", "quantity#4": "2"}
    made = desk.enter(desk.secretary, reading, kind="reading")
    assert [(one.type, one.quantity, one.is_dated) for one in made] == [
        ("专题", 4, False),
        ("书目", 2, False),
    ]
    desk.correct(desk.secretary, made[1], **{"member_number": "M0001", "quantity#4": "3"})
    assert [one.quantity for one in records()] == [4, 3]


def test_stages_and_their_ends_hold_in_a_form_too(desk):
    row = {"happened_on": "2021-03-05", "owner_type": "支部", "owner_name": "第一党支部", "title": "修灯"}
    assert desk.said(desk.secretary, {**row, "stage": "完成"}, kind="task") == [
        "At the stage 完成 the day on which it was reached is needed."
    ]
    assert desk.said(desk.secretary, {**row, "stage": "领办", "ended_on": "2021-04-01"}, kind="task")
    (done,) = desk.enter(desk.secretary, {**row, "stage": "完成", "ended_on": "2021-04-01"}, kind="task")
    assert (done.stage, done.ended_on) == ("完成", dt.date(2021, 4, 1))


def test_each_type_of_owner_is_entered_by_its_own_people_only(desk):
    head = desk.make.user(Role.SECTION_HEAD, desk.bureau.section)
    other = desk.make.user(Role.SECRETARY, desk.bureau.second)
    service = {"happened_on": "2021-03-05", "branch": "第一党支部", "group": "第一党小组", "category": "慰问",
               "community": "北园", "minutes": "2", "people": "张三"}  # fmt: skip
    task = {"happened_on": "2021-03-05", "owner_type": "科室", "owner_name": "办公室", "title": "修灯",
            "stage": "领办"}  # fmt: skip
    session = {"happened_on": "2021-03-05", "type": "专题学习", "title": "会", "organiser": "第一党支部"}
    whole = {**session, "organiser": "市民政局机关党委"}
    allowed = [
        ("service", service, {"leader", "secretary", "office"}),
        ("task", task, {"head", "office"}),
        ("activity", session, {"secretary", "office"}),
        ("activity", whole, {"office"}),
        ("study", study(), {"leader", "secretary", "office", "member"}),
    ]
    people = {
        "leader": desk.leader, "secretary": desk.secretary, "head": head, "other": other,
        "member": desk.member, "office": desk.make.office,
    }  # fmt: skip
    for kind, row, those in allowed:
        assert {name for name, by in people.items() if not desk.said(by, row, kind=kind)} == those, kind
    (owned,) = desk.enter(desk.leader, service, kind="service")
    assert (owned.owner_type, owned.branch_id) == (OwnerType.GROUP, desk.bureau.first.id)
    assert owned.participations[0].member_id == desk.bureau.zhang.id


def test_a_head_names_the_people_of_the_section_and_nobody_else(desk):
    head = desk.make.user(Role.SECTION_HEAD, desk.bureau.section)
    inside = desk.make.member(desk.bureau.second, section=desk.bureau.section, name="科里人")
    row = {"happened_on": "2021-03-05", "organiser": "办公室", "category": "慰问", "title": "走访"}
    assert desk.said(head, {**row, "people": inside.name}, kind="other") == []
    assert desk.said(head, {**row, "people": "张三"}, kind="other") == ["张三 is not in the roster."]
    assert desk.said(head, study(inside.number))  # their own hours are not the section's


def test_an_organiser_in_no_roster_is_a_problem_and_names_nobody(desk):
    row = {"happened_on": "2021-03-05", "type": "专题学习", "title": "会", "organiser": "某某局"}
    assert desk.said(desk.make.office, row, kind="activity") == ["某某局 is in no roster."]


def test_an_essay_needs_its_text_and_a_correction_keeps_it_beside(desk):
    row = {"member_number": "M0001", "happened_on": "2021-05-08", "type": "征文", "title": "初心"}
    plan = desk.check(desk.member, row, kind="work")
    for text in (None, "太短", "长" * 50_001):
        with pytest.raises(Refused):
            enter_records(plan, desk.kind("work"), desk.campaign, by=desk.member, at=NOW, text=text)
    (record,) = desk.enter(desk.member, row, kind="work", text="我的入党初心。" * 5)
    desk.correct(desk.member, record, **row, text="改过的初心，一字不少。" * 5)
    assert db.session.scalars(select(Work.text)).all() == ["改过的初心，一字不少。" * 5]
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "record:correct")).one()
    assert event.detail["fields"] == ["text"]


def test_only_who_entered_it_or_whom_it_is_about_changes_it(desk):
    (record,) = desk.enter(desk.secretary, study())
    with pytest.raises(Refused, match="Only whoever entered"):
        withdraw_record(record, version=1, by=desk.leader, at=NOW)
    desk.correct(desk.member, record, **study(minutes="2"))
    assert record.entered_by_id == desk.member.id
    withdraw_record(record, version=2, by=desk.member, at=NOW)
    assert (record.status, record.identity) == (Status.WITHDRAWN, None)


@pytest.mark.parametrize("status", [Status.VERIFIED, Status.WITHDRAWN])
def test_what_counts_or_was_taken_back_is_changed_no_more(desk, status):
    (record,) = desk.enter(desk.secretary, study())
    record.status = status
    if status is Status.VERIFIED:
        record.verified_at, record.verified_by_id = NOW, desk.make.office.id
    db.session.flush()
    with pytest.raises(Refused) as refused:
        withdraw_record(record, version=1, by=desk.secretary, at=NOW)
    assert refused.value.msgid == CHANGED
    with pytest.raises(Refused) as refused:
        desk.correct(desk.secretary, record, **study(minutes="2"))
    assert refused.value.msgid == CHANGED


def test_a_version_that_is_not_the_last_is_refused(desk):
    (record,) = desk.enter(desk.secretary, study())
    desk.correct(desk.secretary, record, **study(minutes="2"))
    plan = desk.check(desk.secretary, study(minutes="3"), correcting=record)
    with pytest.raises(Refused) as refused:
        correct_record(record, plan, desk.kind("study"), version=1, by=desk.secretary, at=NOW)
    assert refused.value.msgid == CHANGED


def test_a_returned_record_is_returned_no_more_once_corrected(desk):
    (record,) = desk.enter(desk.secretary, study())
    record.status, record.returned_at, record.returned_by_id = Status.RETURNED, NOW, desk.make.office.id
    record.returned_why = "时长不对"
    db.session.flush()
    desk.correct(desk.secretary, record, **study(minutes="2"))
    assert (record.status, record.returned_at, record.returned_why) == (Status.SUBMITTED, None, None)


def test_an_empty_roster_leaves_nobody_to_enter_for(desk):
    lonely = desk.make.user(Role.SECRETARY, desk.make.branch())
    assert desk.said(lonely, study()) == ["Nobody in the roster has the number M0001."]
