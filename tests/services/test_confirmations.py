"""The community's word on what was done: with the stage or afterwards, and never a person's name."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.bureau import Bureau
from tests.maker import NOW
from tracker.db import db
from tracker.models import AuditEvent, Confirmation, Heard, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.stages import board
from tracker.rules.confirmations import NO_NUMBERS, Answers, Word
from tracker.rules.refusal import Refused
from tracker.services.confirmations import STANDS, confirm, end_confirmation
from tracker.services.stages import carry_on
from tracker.services.verifications import verify_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY, LAST = dt.date(2021, 6, 10), dt.date(2021, 7, 31)
WORD = Word("居委会主任", DAY, Heard.IN_PERSON)


@pytest.fixture
def town(make):
    bureau = Bureau(make)
    bureau.secretary = make.user(Role.SECRETARY, bureau.one)
    bureau.deputy = make.user(Role.DEPUTY, bureau.one)
    rows = {"kind": "task", "owner": bureau.one}
    bureau.task = make.record(bureau.campaign, **rows, title="修井盖", stage="在办", ref="W9")
    bureau.done = make.record(bureau.campaign, **rows, title="装扶手", stage="完成", ended_on=DAY, ref="W8")
    return bureau


def on(town, said, to="完成"):
    return carry_on(
        town.task, to=to, on=DAY, note="", said=said, version=town.task.version, by=town.secretary, at=NOW,
        last=LAST,
    )  # fmt: skip


def test_what_the_stage_asks_is_kept_with_it_and_counts_once_it_is_verified(town):
    done = on(town, Answers("井盖破了", "换了新的", WORD))
    assert (done.before_note, done.after_note) == ("井盖破了", "换了新的")
    kept = db.session.scalars(select(Confirmation)).one()
    assert (kept.record_id, kept.said_by, kept.heard) == (done.id, "居委会主任", Heard.IN_PERSON)
    kind = spec_of(town.campaign).kind("task")

    def last():
        column = board(town.campaign, kind, town.secretary, LAST, town.one)[-1]
        return column.total, column.confirmed

    before = last()
    verify_records([(done.id, done.version)], by=town.deputy, at=NOW)
    db.session.expire_all()
    assert last() == (before[0] + 1, before[1] + 1)


@pytest.mark.parametrize(
    ("said", "to", "field"),
    [
        (Answers("张三 13800138000", ""), "完成", "before"),
        (Answers("", "11010519491231002X"), "完成", "after"),
        (Answers("", "", Word("张三", DAY, Heard.PHONE)), "完成", "said_by"),
        (Answers("", "", Word("居委会主任", DAY - dt.timedelta(days=1), Heard.PHONE)), "完成", "said_on"),
        (Answers("", "", Word("居委会主任", LAST + dt.timedelta(days=1), Heard.PHONE)), "完成", "said_on"),
    ],
)
def test_numbers_names_and_impossible_days_are_refused(town, said, to, field):
    with pytest.raises(Refused) as refused:
        on(town, said, to)
    assert refused.value.field == field
    assert (refused.value.msgid == NO_NUMBERS) == (field in ("before", "after"))


def test_a_stage_that_does_not_ask_takes_no_word(town, make):
    town.task = make.record(town.campaign, "task", owner=town.one, title="刷墙", stage="领办")
    with pytest.raises(Refused):
        on(town, Answers("旧", "", None), "在办")
    with pytest.raises(Refused):
        confirm(town.task, WORD, by=town.secretary, at=NOW, last=LAST)


def test_the_word_is_noted_later_once_and_ended_with_a_reason(town):
    confirm(town.done, WORD, by=town.secretary, at=NOW, last=LAST)
    with pytest.raises(Refused) as refused:
        confirm(town.done, WORD, by=town.secretary, at=NOW, last=LAST)
    assert refused.value.msgid == STANDS
    with pytest.raises(Refused):
        end_confirmation(town.done, why="", by=town.secretary, at=NOW)
    end_confirmation(town.done, why="听错了", by=town.secretary, at=NOW)
    with pytest.raises(Refused):
        end_confirmation(town.done, why="听错了", by=town.secretary, at=NOW)
    confirm(town.done, WORD, by=town.secretary, at=NOW, last=LAST)
    assert [one.ended_why for one in db.session.scalars(select(Confirmation))] == ["听错了", None]
    acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_id == town.done.id)).all()
    assert acts == ["record:confirm", "record:end_confirmation", "record:confirm"]


def test_another_branch_and_a_record_that_does_not_count_are_refused(town, make):
    stranger = make.user(Role.SECRETARY, town.two)
    with pytest.raises(Refused):
        confirm(town.done, WORD, by=stranger, at=NOW, last=LAST)
    waiting = make.record(
        town.campaign, "task", owner=town.one, title="待核实", stage="完成", ended_on=DAY,
        status=Status.SUBMITTED,
    )  # fmt: skip
    with pytest.raises(Refused):
        confirm(waiting, WORD, by=town.secretary, at=NOW, last=LAST)
