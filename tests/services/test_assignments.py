"""Items of the plan: set, put off, reported, confirmed; minutes; each act leaves its event."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.assignments import an_assignment, minutes
from tests.ledger_rows import records, session
from tests.maker import NOW
from tests.workbooks import TODAY
from tracker.db import db
from tracker.models import Assignment, AssignmentState, AuditEvent, Meeting, Resolution, Role
from tracker.queries.assignment_access import assignment_for
from tracker.queries.assignment_sums import plan_sums
from tracker.queries.assignments import PlanChoice, plan_page, steps_of
from tracker.queries.meetings import looked_at_ids, regularity_of, studied_at
from tracker.rules.assignments import AssignmentAct
from tracker.rules.refusal import Refused
from tracker.services import assignments as services
from tracker.services import meetings
from tracker.services.assignments import Said
from tracker.services.meetings import SaidOfMeeting
from tracker.services.records import CHANGED, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WHY = "张三说材料没齐"


@pytest.fixture
def here(bureau, make):
    """The bureau with its secretary, another branch's, and an item of the first branch."""
    bureau.secretary = make.user(Role.SECRETARY, bureau.first)
    bureau.other = make.user(Role.SECRETARY, bureau.second)
    bureau.row = an_assignment(make, bureau.campaign, bureau.first)
    return bureau


def say(here, act, words=WHY, by=None, version=None):
    services.say_of_assignment(
        here.row, AssignmentAct(act), words, version=version or here.row.version, by=by or here.make.office,
        at=NOW, today=TODAY,
    )  # fmt: skip


def acts():
    wanted = AuditEvent.action.like("assignment:%") | AuditEvent.action.like("meeting:%")
    return list(db.session.scalars(select(AuditEvent.action).where(wanted).order_by(AuditEvent.id)))


def said_of_meeting(**fields):
    given = {
        "number": "第1次",
        "held_on": "2021-04-09",
        "chair": "书记",
        "studied": "甲",
        "text": "",
        **fields,
    }
    return SaidOfMeeting(**given)


def test_the_office_puts_an_item_into_the_plan(here, make):
    row = services.set_assignment(
        here.campaign, Said("修订制度", "2021-07-01", in_charge="党史办"), by=make.office, at=NOW
    )
    assert (row.state, row.in_charge, acts()) == (AssignmentState.NOT_BEGUN, "党史办", ["assignment:set"])


@pytest.mark.parametrize("fields", [{"unit_id": 987654}, {"unit_id": 0}])
def test_only_a_branch_a_section_or_the_bureau_is_in_charge(here, make, fields):
    with pytest.raises(Refused) as caught:
        services.set_assignment(here.campaign, Said("修订", "2021-07-01", **fields), by=make.office, at=NOW)
    assert caught.value.field == "owner"
    said = Said("修订", "2021-07-01", unit_id=here.group.id)
    with pytest.raises(Refused):
        services.set_assignment(here.campaign, said, by=make.office, at=NOW)


def test_only_a_meeting_of_the_campaign_decided_it(here, make):
    said = Said("修订", "2021-07-01", in_charge="党史办", meeting_id=987654)
    with pytest.raises(Refused) as caught:
        services.set_assignment(here.campaign, said, by=make.office, at=NOW)
    assert caught.value.field == "meeting"


def test_those_in_charge_report_and_the_office_confirms(here):
    say(here, "progress", by=here.secretary)
    say(here, "report", by=here.secretary)
    assert (here.row.state, here.row.reported_on) == (AssignmentState.REPORTED, TODAY)
    say(here, "give_back")
    assert (here.row.state, here.row.reported_on) == (AssignmentState.UNDER_WAY, None)
    say(here, "report", by=here.secretary)
    say(here, "confirm", "")
    assert (here.row.state, here.row.ended_on) == (AssignmentState.DONE, TODAY)
    say(here, "reopen")
    say(here, "drop")
    assert (here.row.state, here.row.ended_on) == (AssignmentState.DROPPED, TODAY)
    assert [action.partition(":")[2] for action in acts()] == [
        "progress", "report", "give_back", "report", "confirm", "reopen", "drop",
    ]  # fmt: skip
    assert len(steps_of(here.row)) == 7


def test_no_reason_stands_in_the_audit(here):
    say(here, "progress")
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "assignment:progress")).one()
    assert event.detail == {}


@pytest.mark.parametrize("act", ["confirm", "give_back", "drop", "reopen"])
def test_those_in_charge_do_not_end_it(here, act):
    with pytest.raises(Refused):
        say(here, act, by=here.secretary)


def test_a_secretary_of_another_branch_says_nothing(here):
    with pytest.raises(Refused):
        say(here, "progress", by=here.other)
    assert acts() == []


def test_the_second_of_two_who_say_something_is_refused(here):
    say(here, "progress", version=1)
    with pytest.raises(Refused) as caught:
        say(here, "drop", version=1)
    assert caught.value.msgid == CHANGED


def test_what_the_state_does_not_allow_is_refused(here):
    say(here, "confirm", "")
    with pytest.raises(Refused):
        say(here, "confirm", "")
    with pytest.raises(Refused):
        change(here, "2021-08-01")


def change(here, due_on, why=WHY, version=None, **fields):
    said = Said(here.row.text, due_on, **{"unit_id": here.first.id, **fields})
    services.change_assignment(
        here.row,
        here.campaign,
        said,
        why=why,
        version=version or here.row.version,
        by=here.make.office,
        at=NOW,
    )


def test_a_day_is_put_off_with_a_reason_and_the_old_one_is_kept(here):
    change(here, "2021-08-01")
    (step,) = steps_of(here.row)
    assert (step.was_due_on, step.due_on, step.text) == (dt.date(2021, 7, 10), dt.date(2021, 8, 1), WHY)
    assert plan_sums(here.campaign, here.make.office, TODAY).put_off == 1
    change(here, "2021-07-20")
    assert plan_sums(here.campaign, here.make.office, TODAY).put_off == 1
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "assignment:change")).first()
    assert event.detail == {"due_on": ["2021-07-10", "2021-08-01"]}


def test_another_day_without_a_reason_is_refused_and_other_words_need_none(here):
    with pytest.raises(Refused) as caught:
        change(here, "2021-08-01", why=" ")
    assert caught.value.field == "why"
    change(here, "2021-07-10", why="")
    assert steps_of(here.row) == []
    with pytest.raises(Refused) as caught:
        change(here, "2021-07-10", version=1)
    assert caught.value.msgid == CHANGED


def test_minutes_are_kept_changed_and_taken_out(here, make):
    said = said_of_meeting(looked_at=[here.row.id])
    meeting = meetings.note_meeting(here.campaign, said, by=make.office, at=NOW, today=TODAY)
    assert looked_at_ids(meeting) == {here.row.id}
    meetings.change_meeting(
        meeting, here.campaign, said_of_meeting(studied="乙"), version=1, by=make.office, at=NOW, today=TODAY
    )
    assert (looked_at_ids(meeting), studied_at(meeting)) == (set(), ("乙",))
    with pytest.raises(Refused) as caught:
        meetings.drop_meeting(meeting, version=1, by=make.office, at=NOW)
    assert caught.value.msgid == CHANGED
    db.session.expire_all()
    meetings.drop_meeting(meeting, version=2, by=make.office, at=NOW)
    assert db.session.scalars(select(Meeting)).all() == []
    assert acts()[-1] == "meeting:drop"


def test_minutes_at_which_something_was_decided_stay(here, make):
    meeting = minutes(make, here.campaign)
    here.row.meeting_id = meeting.id
    with pytest.raises(Refused):
        meetings.drop_meeting(meeting, version=1, by=make.office, at=NOW)


def test_a_number_is_given_once_and_only_assignments_of_the_plan_are_looked_at(here, make):
    meetings.note_meeting(here.campaign, said_of_meeting(), by=make.office, at=NOW, today=TODAY)
    for fields, field in (({}, "number"), ({"number": "第2次", "looked_at": [987654]}, "looked_at")):
        with pytest.raises(Refused) as caught:
            meetings.note_meeting(
                here.campaign, said_of_meeting(**fields), by=make.office, at=NOW, today=TODAY
            )
        assert caught.value.field == field


def a_session(here, make, **fields):
    given = {"type": "中心组学习", "title": "研讨", "happened_on": dt.date(2021, 5, 7), **fields}
    return make.record(here.campaign, "activity", **given)


def test_a_session_of_the_ledger_says_day_and_agenda_itself(here, make):
    record = a_session(here, make)
    said = said_of_meeting(held_on="", studied="", record_id=record.id)
    meeting = meetings.note_meeting(here.campaign, said, by=make.office, at=NOW, today=TODAY)
    assert (meeting.held_on, meeting.studied) == (record.happened_on, None)
    assert regularity_of(here.campaign, TODAY).total == 1
    again = said_of_meeting(number="第2次", held_on="", studied="", record_id=record.id)
    with pytest.raises(Refused) as caught:  # it tells of one meeting only
        meetings.note_meeting(here.campaign, again, by=make.office, at=NOW, today=TODAY)
    assert caught.value.field == "record"


def test_a_session_of_a_branch_tells_of_no_meeting_of_the_leading_group(here, make):
    record = a_session(here, make, owner=here.first)
    said = said_of_meeting(studied="", record_id=record.id)
    with pytest.raises(Refused) as caught:
        meetings.note_meeting(here.campaign, said, by=make.office, at=NOW, today=TODAY)
    assert caught.value.field == "record"


def test_minutes_follow_the_record_that_corrects_their_session(here, make):
    row = {"kind": "中心组学习", "organiser": make.committee().name, "参加人员": "张三（M0001）"}
    here.bring(学习活动=[session(**row)])
    (record,) = records()
    meeting = minutes(make, here.campaign, studied=None, record_id=record.id, held_on=record.happened_on)
    here.bring(学习活动=[session(**row, 地点="礼堂")])
    db.session.expire_all()
    assert meeting.record_id == records()[1].id


def test_what_the_bureau_resolved_stands_in_the_plan_as_long_as_the_session_stands(here, make):
    record = a_session(here, make)
    db.session.add(
        Resolution(
            record_id=record.id, text="修路灯", unit_id=here.second.id, due_on=dt.date(2021, 7, 1),
            noted_by_id=make.office.id, noted_at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    office = make.office
    sums = plan_sums(here.campaign, office, TODAY)
    assert (sums.total, sums.not_begun, sums.resolved, sums.overdue, sums.open) == (2, 1, 1, 2, 2)
    for user, seen in ((office, 2), (here.secretary, 1), (here.other, 1)):
        page = plan_page(here.campaign, user, PlanChoice(), TODAY)
        assert (page.total, plan_sums(here.campaign, user, TODAY).total) == (seen, seen)
    reverse_record(record, version=1, why="重复", by=None, at=NOW)
    assert plan_sums(here.campaign, office, TODAY).total == 1


def test_what_is_overdue_stands_first_then_what_waits_then_what_is_next_then_the_rest(here, make):
    state = AssignmentState
    rows = {
        "done": {"state": state.DONE, "ended_on": TODAY},
        "later": {"due_on": dt.date(2021, 9, 1)},
        "next": {"due_on": dt.date(2021, 8, 2)},
        "reported": {"state": state.REPORTED, "reported_on": TODAY},
        "dropped": {"state": state.DROPPED, "ended_on": dt.date(2021, 7, 1)},
    }
    for text, fields in rows.items():
        an_assignment(make, here.campaign, here.first, text=text, **fields)
    found = plan_page(here.campaign, make.office, PlanChoice(), TODAY, per_page=10).items
    assert [line.assignment.text for line in found] == [
        here.row.text, "reported", "next", "later", "done", "dropped",
    ]  # fmt: skip
    for shown, count in (("open", 4), ("overdue", 1), ("reported", 1), ("done", 1), ("dropped", 1)):
        assert plan_page(here.campaign, make.office, PlanChoice(shown), TODAY).total == count
    assert plan_page(here.campaign, make.office, PlanChoice(text="50%"), TODAY).total == 0
    sums = plan_sums(here.campaign, make.office, TODAY)
    assert (sums.done, sums.late, sums.dropped, sums.soon, sums.reported) == (1, 1, 1, 1, 1)
    second = plan_page(here.campaign, make.office, PlanChoice(page=2, sort="-due"), TODAY, per_page=5)
    assert [line.assignment.text for line in second.items] != []


def test_a_secretary_reads_the_own_items_and_the_bureaus_and_no_others(here, make):
    ours = an_assignment(make, here.campaign)
    bureaus = an_assignment(make, here.campaign, make.committee())
    for row, seen in ((here.row, False), (ours, True), (bureaus, True)):
        assert (assignment_for(here.other, row.id) is not None) == seen
    assert assignment_for(here.secretary, here.row.id) is here.row
    assert db.session.scalars(select(Assignment)).all() != []
