"""Verifying, giving back and taking it back: what the rules hold below the web."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.queue_rows import LATER, Branch, handed_in, seen
from tracker.db import db
from tracker.models import AuditEvent, BatchState, Comment, Role, Status
from tracker.queries.figures import figure_values
from tracker.queries.recounts import differences
from tracker.queries.verifications import (
    QueueFilter,
    kept_by_others,
    latest_act,
    may_decide,
    own_reasons,
    queue_page,
    waiting_count,
)
from tracker.queries.waiting_counts import waiting_counts
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch
from tracker.services.records import CHANGED, reverse_record
from tracker.services.verifications import return_records, undo_act, verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def here(make):
    return Branch(make)


def total(here):
    return figure_values(here.campaign, LATER.date())["study.total_minutes"].value


def actions(record):
    found = select(AuditEvent.action).where(
        AuditEvent.subject_type == "record", AuditEvent.subject_id == record.id
    )
    return list(db.session.scalars(found.order_by(AuditEvent.id)))


def is_true(here):
    return not list(differences(here.campaign))


def test_a_verified_record_counts_and_says_who_verified_it(here):
    record, before = here.hours(), total(here)
    assert verify_records(seen(record), by=here.secretary, at=LATER) == [record.id]
    db.session.refresh(record)
    assert (record.status, record.version) == (Status.VERIFIED, 2)
    assert (record.verified_by_id, record.verified_at) == (here.secretary.id, LATER)
    assert record.verified_by_member_id == here.keeper.id
    assert total(here) - before == 120 / 60 or total(here) - before == 120
    assert (actions(record), is_true(here)) == (["record:verify"], True)


def test_nobody_verifies_what_they_entered(here):
    record = here.hours(by=here.secretary)
    with pytest.raises(Refused, match="Somebody changed"):
        verify_records(seen(record), by=here.secretary, at=LATER)
    assert verify_records(seen(record), by=here.deputy, at=LATER) == [record.id]


def test_nobody_verifies_what_is_about_them_alone_even_if_another_entered_it(here):
    own = here.hours(here.keeper, by=here.deputy)
    with pytest.raises(Refused):
        verify_records(seen(own), by=here.secretary, at=LATER)
    with pytest.raises(Refused):
        return_records(seen(own), why="不对", by=here.secretary, at=LATER)
    assert verify_records(seen(own), by=here.office, at=LATER) == [own.id]


def test_a_session_with_others_in_it_may_be_verified_by_one_of_them_but_not_one_of_theirs_alone(here):
    fields = {"owner": here.branch, "status": Status.SUBMITTED, "type": "现场教学", "title": "参观"}
    both = here.make.record(here.campaign, "activity", people=[here.keeper, here.zhang], **fields)
    alone = here.make.record(here.campaign, "activity", people=[here.keeper], **fields)
    for record in (both, alone):
        handed_in(record, here.member)
    assert verify_records(seen(both, alone), by=here.secretary, at=LATER) == [both.id]


def test_another_branch_s_records_are_left_alone(here):
    record = here.hours()
    stranger = here.make.user(Role.SECRETARY, here.make.branch())
    with pytest.raises(Refused):
        verify_records(seen(record), by=stranger, at=LATER)
    with pytest.raises(Refused):
        verify_records(seen(record), by=here.member, at=LATER)
    db.session.refresh(record)
    assert (record.status, record.version) == (Status.SUBMITTED, 1)


def test_what_changed_since_it_was_seen_is_left_and_the_rest_is_done(here):
    first, second = here.hours(), here.hours(here.li)
    stale = [(first.id, first.version - 1), *seen(second)]
    assert verify_records(stale, by=here.secretary, at=LATER) == [second.id]
    with pytest.raises(Refused) as refusal:
        verify_records(seen(second), by=here.deputy, at=LATER)
    assert refusal.value.msgid == CHANGED


def test_an_act_names_at_least_one_record_and_at_most_two_hundred(here):
    with pytest.raises(Refused, match="at least one"):
        verify_records([], by=here.secretary, at=LATER)
    with pytest.raises(Refused, match="at most 200"):
        verify_records([(n, 1) for n in range(201)], by=here.secretary, at=LATER)


def test_giving_back_keeps_the_reason_as_a_remark_for_reuse(here):
    records = [here.hours(), here.hours(here.li)]
    return_records(seen(*records), why="  请补充\n学习内容 ", by=here.secretary, at=LATER)
    for record in records:
        db.session.refresh(record)
        assert (record.status, record.returned_why) == (Status.RETURNED, "请补充 学习内容")
    said = db.session.scalars(select(Comment)).all()
    assert [(comment.is_return, comment.by_id) for comment in said] == [(True, here.secretary.id)] * 2
    assert own_reasons(here.secretary) == ["请补充 学习内容"]
    assert own_reasons(here.deputy) == []
    with pytest.raises(Refused) as refusal:
        return_records(seen(here.hours()), why=" ", by=here.secretary, at=LATER)
    assert refusal.value.field == "why"


def test_an_act_is_taken_back_as_a_whole_within_the_minute(here):
    records, before = [here.hours(), here.hours(here.li)], total(here)
    other = here.hours(here.li)
    verify_records(seen(other), by=here.secretary, at=LATER - SECOND)
    verify_records(seen(*records), by=here.secretary, at=LATER)
    assert latest_act(here.secretary, LATER - SECOND).verified == 2
    assert undo_act(LATER, by=here.secretary, at=LATER + 30 * SECOND) == [one.id for one in records]
    for record in records:
        db.session.refresh(record)
        assert (record.status, record.verified_at, record.version) == (Status.SUBMITTED, None, 3)
        assert actions(record) == ["record:verify", "record:undo_verify"]
    db.session.refresh(other)
    assert other.status is Status.VERIFIED
    assert is_true(here)
    assert total(here) > before
    assert latest_act(here.secretary, LATER - SECOND) is None
    with pytest.raises(Refused):
        undo_act(LATER, by=here.secretary, at=LATER + 31 * SECOND)


def test_a_return_is_taken_back_and_waits_again(here):
    record = here.hours()
    return_records(seen(record), why="日期不对", by=here.secretary, at=LATER)
    assert latest_act(here.secretary, LATER - SECOND).returned == 1
    undo_act(LATER, by=here.secretary, at=LATER + SECOND)
    db.session.refresh(record)
    assert (record.status, record.returned_why) == (Status.SUBMITTED, None)
    assert actions(record) == ["record:return", "record:undo_return"]


def test_only_one_s_own_act_is_taken_back_and_only_in_time(here):
    record = here.hours()
    verify_records(seen(record), by=here.secretary, at=LATER)
    for by, at in (
        (here.deputy, LATER + SECOND),
        (here.office, LATER + SECOND),
        (here.secretary, LATER + 76 * SECOND),
        (here.secretary, LATER - SECOND),
    ):
        with pytest.raises(Refused):
            undo_act(LATER, by=by, at=at)
    db.session.refresh(record)
    assert record.status is Status.VERIFIED


def test_what_was_reversed_since_is_not_taken_back(here):
    first, second = here.hours(), here.hours(here.li)
    verify_records(seen(first, second), by=here.secretary, at=LATER)
    db.session.refresh(first)
    reverse_record(first, version=first.version, why="录错了", by=here.office, at=LATER + SECOND)
    assert undo_act(LATER, by=here.secretary, at=LATER + 2 * SECOND) == [second.id]
    db.session.refresh(first)
    assert first.status is Status.REVERSED
    assert is_true(here)


def test_an_import_as_verified_is_no_act_that_this_takes_back(here):
    record = here.make.record(here.campaign, member=here.zhang, minutes=60)
    with pytest.raises(Refused):
        undo_act(record.verified_at, by=here.make.office, at=record.verified_at + SECOND)
    db.session.refresh(record)
    assert record.status is Status.VERIFIED


def test_an_import_of_which_a_row_was_given_back_can_still_be_undone(here):
    batch = here.make.batch(here.campaign, BatchState.COMMITTED)
    records = [
        here.make.record(
            here.campaign, member=here.zhang, minutes=60, status=Status.SUBMITTED, batch=batch, title=str(n)
        )
        for n in range(2)
    ]
    return_records(seen(records[0]), why="日期不对", by=here.secretary, at=LATER)
    undo_batch(batch, by=here.office, at=LATER + SECOND)
    for record in records:
        db.session.refresh(record)
        assert record.status is Status.REVERSED


def test_the_office_s_own_queue_is_what_nobody_in_the_branch_can_verify(make):
    here = Branch(make)
    record = handed_in(
        make.record(here.campaign, "task", owner=make.section(), status=Status.SUBMITTED, title="修灯"),
        here.office,
    )
    member_s, own, entered = (
        here.hours(),
        here.hours(here.keeper, by=here.secretary),
        here.hours(by=here.secretary),
    )

    def office_s():
        chosen = QueueFilter(needs_office=True)
        total = waiting_counts(here.campaign, make.office, chosen).total
        return {row.id for row, _ in queue_page(here.campaign, make.office, chosen, total).items}

    assert office_s() == {record.id, own.id}
    assert waiting_count(here.campaign.id, make.office) == 2
    assert waiting_count(here.campaign.id, here.office) == 1  # the section's task is their own entry
    here.deputy.is_disabled = True
    db.session.flush()
    assert office_s() == {record.id, own.id, entered.id}
    here.secretary.is_disabled = True
    db.session.flush()
    assert office_s() == {record.id, own.id, entered.id, member_s.id}


def test_who_may_decide_on_a_record(here):
    record, own = here.hours(), here.hours(here.keeper, by=here.secretary)
    assert [may_decide(record, user) for user in (here.secretary, here.office, here.member)] == [
        True,
        True,
        None,
    ]
    assert may_decide(own, here.secretary) is False
    assert kept_by_others(here.secretary, [here.branch.id, None]) == {here.branch.id}
    verify_records(seen(record), by=here.secretary, at=LATER)
    assert may_decide(record, here.office) is None


def test_the_count_of_what_waits_is_one_statement(here, statements):
    here.hours()
    with statements() as told:
        assert waiting_count(here.campaign.id, here.secretary) == 1
    assert len(told) == 1
