"""Reminders: of what is open, one a week for one matter at most, none to who wants none, gone once done."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.assignments import an_assignment
from tests.maker import NOW
from tests.reminders import give_back, put_right, with_rule
from tracker.db import db
from tracker.models import AuditEvent, Matter, Reminder, Resolution, Role, Said, Statement, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.matters import member_matters, members_below_pace, unit_matters
from tracker.queries.reminders import branch_lines, due_today, open_reminders, reminder_for
from tracker.queries.statements import due_months
from tracker.rules.refusal import Refused
from tracker.services import reminders as services
from tracker.services.archives import archive_campaign

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MONDAY = dt.date(2021, 7, 26)
SILENT = {Matter.STATEMENT}  # no branch of these tests has stated a month
WEEK = dt.timedelta(days=7)


@pytest.fixture
def here(bureau, make):
    """The first branch with its secretary; a member with a record that came back, another without."""
    bureau.campaign.definition = with_rule(bureau.campaign, "weekday = 1")
    bureau.secretary = make.user(Role.SECRETARY, bureau.first)
    bureau.secretary.is_reminded = False  # the branch has stated no month: that is for its own tests
    bureau.user = make.user(Role.MEMBER, member=bureau.zhang)
    bureau.li_user = make.user(Role.MEMBER, member=bureau.li)
    bureau.record = give_back(bureau, make, bureau.zhang)
    return bureau


def resolved(here, make, due_on=dt.date(2021, 7, 1), **owner):
    record = make.record(here.campaign, "activity", owner=here.first, type="专题学习", title="支委会")
    row = Resolution(
        record_id=record.id, text="修路灯", due_on=due_on, noted_by_id=make.office.id, noted_at=NOW, **owner
    )
    db.session.add(row)
    db.session.flush()
    return row


def remind(here, today=MONDAY, ids=None):
    ids = {here.zhang.id, here.li.id, here.other_li.id} if ids is None else ids
    return services.remind_members(here.campaign, here.first, ids, by=here.secretary, at=NOW, today=today)


def by_schedule(here, today=MONDAY):
    return services.remind_by_schedule(here.campaign, at=NOW, today=today)


def test_who_has_something_open_is_reminded_once_a_week(here):
    assert remind(here) == 1
    assert remind(here) == 0
    assert remind(here, MONDAY + WEEK - dt.timedelta(days=1)) == 0
    assert remind(here, MONDAY + WEEK) == 1
    assert [row.sent_on for row in db.session.scalars(select(Reminder))] == [MONDAY + WEEK]


def test_secretary_and_schedule_together_remind_once(here):
    assert remind(here) == 1
    assert by_schedule(here) == 0
    assert by_schedule(here, MONDAY + WEEK) == 1
    assert remind(here, MONDAY + WEEK) == 0


def test_another_matter_is_another_reminder(here, make):
    remind(here)
    resolved(here, make, member_id=here.zhang.id)
    assert remind(here) == 1
    assert {row.matter for row in db.session.scalars(select(Reminder))} == {
        Matter.RETURNED, Matter.RESOLUTION,
    }  # fmt: skip


def test_what_is_done_is_shown_no_more_and_what_is_open_again_is(here):
    remind(here)
    (row,) = open_reminders(here.campaign, here.user, MONDAY)
    assert (row.matter, row.sent_by_id) == (Matter.RETURNED, here.secretary.id)
    put_right(here.record)
    assert open_reminders(here.campaign, here.user, MONDAY) == []
    assert remind(here, MONDAY + WEEK) == 0


def test_what_was_put_away_comes_back_with_the_next_reminder_only(here):
    remind(here)
    (row,) = open_reminders(here.campaign, here.user, MONDAY)
    services.dismiss_reminder(row, at=NOW)
    db.session.expire_all()
    assert open_reminders(here.campaign, here.user, MONDAY) == []
    assert remind(here, MONDAY + WEEK) == 1
    db.session.expire_all()
    assert len(open_reminders(here.campaign, here.user, MONDAY + WEEK)) == 1


def test_who_wants_no_reminders_gets_none_and_looks_like_who_has_no_account(here, make):
    services.switch_reminders(here.user, on=False)
    db.session.expire_all()
    stranger = make.member(here.first, name="周八")
    give_back(here, make, stranger)
    lines = branch_lines(here.campaign, here.first, MONDAY)
    assert [(line.user_id, line.reminded_on, line.is_due) for line in lines] == [(None, None, False)] * 2
    assert remind(here) == 0
    assert (here.user.id, Matter.RETURNED) not in due_today(here.campaign, MONDAY)
    assert by_schedule(here) == 0
    services.switch_reminders(here.user, on=True)
    db.session.expire_all()
    assert remind(here) == 1
    services.switch_reminders(here.user, on=False)
    db.session.expire_all()
    assert open_reminders(here.campaign, here.user, MONDAY) == []


def test_a_choice_made_a_moment_ago_holds_for_what_was_found_before(here):
    pairs = due_today(here.campaign, MONDAY)
    assert (here.user.id, Matter.RETURNED) in pairs
    services.switch_reminders(here.user, on=False)
    assert services.remind_by_schedule(here.campaign, at=NOW, today=MONDAY, pairs=pairs) == 0


def test_a_disabled_account_is_not_reminded(here):
    here.user.is_disabled = True
    db.session.flush()
    assert remind(here) == 0
    assert by_schedule(here) == 0


def test_a_campaign_that_is_off_sends_nothing(here):
    remind(here)
    here.campaign.definition = with_rule(here.campaign, "off = true\nweekday = 1")
    with pytest.raises(Refused):
        remind(here, MONDAY + WEEK)
    assert by_schedule(here, MONDAY + WEEK) == 0
    assert open_reminders(here.campaign, here.user, MONDAY) == []


def test_the_schedule_sends_on_its_day_only_and_a_second_time_nothing(here):
    for n in range(1, 7):
        assert by_schedule(here, MONDAY - dt.timedelta(days=n)) == 0
    assert by_schedule(here) >= 1
    assert by_schedule(here) == 0
    here.campaign.definition = with_rule(here.campaign, "")
    assert by_schedule(here, MONDAY + WEEK) == 0


def test_members_of_another_branch_are_not_reminded(here, make):
    give_back(here, make, here.other_li)
    make.user(Role.MEMBER, member=here.other_li)
    assert remind(here, ids={here.other_li.id}) == 0
    assert here.other_li.id not in {
        line.member.id for line in branch_lines(here.campaign, here.first, MONDAY)
    }


def test_the_audit_says_how_many_and_names_nobody(here):
    remind(here)
    by_schedule(here, MONDAY + WEEK)
    events = db.session.scalars(
        select(AuditEvent).where(AuditEvent.action == "reminder:send").order_by(AuditEvent.id)
    ).all()
    assert [(one.subject_type, one.detail) for one in events] == [
        ("unit", {"people": 1}), ("campaign", {"people": 1}),
    ]  # fmt: skip


def test_what_is_open_in_a_branch_is_for_who_keeps_it(here, make):
    assert unit_matters(here.campaign, here.secretary, MONDAY) == SILENT
    make.record(here.campaign, "study", member=here.li, minutes=60, status=Status.SUBMITTED, title="自学")
    an_assignment(make, here.campaign, here.first, due_on=dt.date(2021, 7, 1))
    assert unit_matters(here.campaign, here.secretary, MONDAY) == {Matter.VERIFY, Matter.ASSIGNMENT} | SILENT
    other = make.user(Role.SECRETARY, here.second)
    assert unit_matters(here.campaign, other, MONDAY) == SILENT
    head = make.user(Role.SECTION_HEAD, here.section)
    assert unit_matters(here.campaign, head, MONDAY) == set()
    assert unit_matters(here.campaign, here.user, MONDAY) == set()
    here.secretary.is_reminded = True
    by_schedule(here)
    assert {row.matter for row in open_reminders(here.campaign, here.secretary, MONDAY)} == {
        Matter.VERIFY, Matter.ASSIGNMENT, Matter.STATEMENT,
    }  # fmt: skip


def test_a_resolution_that_a_unit_takes_care_of_is_the_units(here, make):
    row = resolved(here, make, unit_id=here.group.id)
    assert unit_matters(here.campaign, here.secretary, MONDAY) == {Matter.ASSIGNMENT} | SILENT
    row.due_on = MONDAY
    db.session.flush()
    assert unit_matters(here.campaign, here.secretary, MONDAY) == SILENT
    assert member_matters(here.campaign, [here.li.id], MONDAY) == {}


def test_a_visit_that_is_due_is_a_matter_until_it_is_noted(here, make):
    make.record(here.campaign, "pairing", member=here.li, subject="KN001", community="北园")
    assert Matter.VISIT in member_matters(here.campaign, [here.li.id], MONDAY)[here.li.id]
    assert member_matters(here.campaign, [here.li.id], dt.date(2022, 1, 10)) == {}


def test_the_own_pace_is_told_to_nobody_else_and_only_if_the_campaign_asks(here, make):
    assert here.li.id in members_below_pace(here.campaign, MONDAY)
    assert here.li.id not in {line.member.id for line in branch_lines(here.campaign, here.first, MONDAY)}
    assert (here.li_user.id, Matter.PACE) not in due_today(here.campaign, MONDAY)
    here.campaign.definition = with_rule(here.campaign, "weekday = 1\npace = true")
    assert (here.li_user.id, Matter.PACE) in due_today(here.campaign, MONDAY)
    by_schedule(here)
    assert [row.matter for row in open_reminders(here.campaign, here.li_user, MONDAY)] == [Matter.PACE]
    make.exemption(here.li)
    assert here.li.id not in members_below_pace(here.campaign, MONDAY)
    assert open_reminders(here.campaign, here.li_user, MONDAY) == []


def test_an_empty_bureau_has_nothing_to_remind_of(make):
    campaign = make.campaign()
    assert due_today(campaign, MONDAY) == []
    assert member_matters(campaign, [], MONDAY) == {}


def test_a_month_that_is_over_is_a_matter_until_the_branch_states_it(here):
    spec = spec_of(here.campaign)
    months = due_months(here.campaign, MONDAY)
    assert Matter.STATEMENT in unit_matters(here.campaign, here.secretary, MONDAY)
    assert unit_matters(here.campaign, here.secretary, here.campaign.starts_on) == set()
    for kind in here.campaign.kinds:
        for month in months:
            if spec.kind(kind.code).stated:
                db.session.add(
                    Statement(
                        campaign_id=here.campaign.id, kind_id=kind.id, unit_id=here.first.id,
                        month=month.code,
                        said=Said.NOTHING, stated_by_id=here.secretary.id, stated_at=NOW,
                    )
                )  # fmt: skip
    db.session.flush()
    assert unit_matters(here.campaign, here.secretary, MONDAY) == set()
    put_right(here.record)  # now the ledger has a row of a month of which nothing was said to be there
    assert Matter.STATEMENT in unit_matters(here.campaign, here.secretary, MONDAY)


def test_a_campaign_in_the_archive_reminds_nobody_any_more_and_shows_nothing(here, make):
    assert remind(here) == 1
    (row,) = db.session.scalars(select(Reminder))
    assert open_reminders(here.campaign, here.user, MONDAY) == [row]
    archive_campaign(
        here.campaign,
        why="已结束",
        by=make.office,
        at=NOW,
        today=here.campaign.ends_on + dt.timedelta(days=1),
    )
    assert open_reminders(here.campaign, here.user, MONDAY) == []
    assert reminder_for(here.user, row.id) is None
    assert due_today(here.campaign, MONDAY + WEEK) == []
    with pytest.raises(Refused):
        remind(here, MONDAY + WEEK)
