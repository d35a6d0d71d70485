"""Samples: frozen frames, independent checkers, results that stay, and rounds that cannot be hidden."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.maker import NOW
from tests.samples import EVERYTHING, a_sample, judge, rows_of
from tracker.db import db
from tracker.models import (
    AuditEvent,
    Fault,
    Role,
    SampleReopening,
    SampleRow,
    Status,
    Verdict,
)
from tracker.queries.samples import frames_of, line_of, samples_of
from tracker.rules.periods import month_of
from tracker.rules.refusal import Refused
from tracker.rules.samples import SamplePlan, draw, frame_digest, most_wrong
from tracker.services.records import CHANGED, reverse_record
from tracker.services.samples import (
    FROZEN,
    NOT_THEIRS,
    NOTHING,
    complete_sample,
    draw_samples,
    give_verdict,
    reopen_sample,
)

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MARCH = dt.date(2021, 3, 1)


class Here:
    """Two branches with verified hours in March, and somebody who had no hand in them."""

    def __init__(self, make):
        self.make, self.campaign = make, make.campaign()
        self.branch, self.other = make.branch("南湖党支部"), make.branch("北山党支部")
        self.member, self.stranger = make.member(self.branch), make.member(self.other)
        self.checker = make.user(Role.OFFICE)
        with make.counted_once(self.campaign):
            self.records = [self.hours(day=day) for day in (1, 5, 9, 20, 31)]
            self.hours(day=30, month=4)
            self.hours(day=5, status=Status.SUBMITTED)
            self.foreign = [self.hours(day=day, member=self.stranger) for day in (2, 3)]
        self.kind = self.records[0].kind
        self.month = month_of(MARCH, self.campaign)

    def hours(self, day, month=3, member=None, **fields):
        day = dt.date(2021, month, day)
        return self.make.record(
            self.campaign, member=member or self.member, happened_on=day, minutes=60, **fields
        )

    def sample(self, plan=EVERYTHING, **said):
        return a_sample(self.make, self.campaign, self.branch, plan=plan, day=MARCH, **said)


@pytest.fixture
def here(make):
    return Here(make)


def refused(call, *args, **kwargs):
    with pytest.raises(Refused) as caught:
        call(*args, **kwargs)
    return caught.value


def test_a_frame_is_what_is_verified_of_the_unit_and_kind_in_the_month_from_its_first_day_to_its_last(here):
    frames = frames_of(here.campaign, here.kind, here.month.starts_on, here.month.ends_on)
    assert [(one.unit, one.ids) for one in frames] == [
        (here.branch, tuple(one.id for one in here.records)),
        (here.other, tuple(one.id for one in here.foreign)),
    ]


def test_each_record_is_in_one_frame_the_section_s_before_the_branch_s_before_the_committee_s(here, make):
    section = make.section("办公室")
    owners = {"section": section, "branch": here.branch, "bureau": None}
    kind = {"section": "task", "branch": "task", "bureau": "activity"}
    made = {
        name: make.record(here.campaign, kind[name], owner=unit, happened_on=MARCH, title=name)
        for name, unit in owners.items()
    }
    make.committee()
    tasks = frames_of(here.campaign, made["section"].kind, MARCH, MARCH)
    assert {one.unit: one.ids for one in tasks} == {
        section: (made["section"].id,), here.branch: (made["branch"].id,),
    }  # fmt: skip
    (bureau,) = frames_of(here.campaign, made["bureau"].kind, MARCH, MARCH)
    assert (bureau.unit.level, bureau.ids) == ("committee", (made["bureau"].id,))


def test_it_is_drawn_again_from_seed_and_frame_after_entries_and_reversals(here):
    sample = here.sample(SamplePlan(95, size=3), seed="2021-03")
    drawn = [row.record_id for row in rows_of(sample)]
    reverse_record(here.records[0], version=1, why="记错了", by=here.make.office, at=NOW)
    here.hours(day=15)
    db.session.expire_all()
    assert drawn == draw(sample.seed, sample.frame, sample.size) == [row.record_id for row in rows_of(sample)]
    assert sample.frame == [one.id for one in here.records]
    assert (sample.frame_size, sample.frame_digest) == (5, frame_digest(sample.frame))
    assert (sample.seed, sample.is_seed_typed, sample.period) == ("2021-03", True, "2021-03")


def test_every_unit_gets_a_sample_of_its_own_with_one_drawn_seed(here):
    made = draw_samples(
        here.campaign, here.kind, here.month, SamplePlan(90, most_percent=10), unit_id=None, seed="",
        by=here.make.office, at=NOW,
    )  # fmt: skip
    assert [one.unit for one in made] == [here.branch, here.other]
    assert len({one.seed for one in made}) == 1
    assert not made[0].is_seed_typed
    assert len(made[0].seed) == 16
    assert [one.size for one in made] == [5, 2], "so few that all are checked"
    events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sample:draw")).all()
    assert [one.detail for one in events] == [
        {"records": 5, "unit_id": here.branch.id}, {"records": 2, "unit_id": here.other.id},
    ]  # fmt: skip


def test_without_records_or_while_one_is_being_checked_there_is_nothing_to_draw(here):
    may = month_of(dt.date(2021, 5, 1), here.campaign)
    said = {"unit_id": None, "seed": "", "by": here.make.office, "at": NOW}
    assert refused(draw_samples, here.campaign, here.kind, may, EVERYTHING, **said).msgid == NOTHING
    first = here.sample()
    assert refused(here.sample).msgid == NOTHING
    made = draw_samples(here.campaign, here.kind, here.month, EVERYTHING, **said)
    assert [one.unit for one in made] == [here.other], "the others are drawn"
    judge(first, here.checker)
    complete_sample(first, version=first.version, by=here.checker, at=NOW)
    assert here.sample(seed="seed-2").round == 2
    for bad in ({"seed": "x"}, {"plan": SamplePlan(94, size=1)}, {"plan": SamplePlan(95, size=0)}):
        refused(here.sample, **bad)


def test_what_was_found_is_kept_with_its_bound_and_unclear_ones_count_as_wrong_in_it(here):
    sample = here.sample(SamplePlan(95, size=3))
    judge(sample, here.checker, (Verdict.WRONG, Fault.AMOUNT), (Verdict.UNCLEAR, None), note="少记半小时")
    assert line_of(sample).checked == 3
    assert sample.bound is None
    complete_sample(sample, version=sample.version, by=here.checker, at=NOW)
    db.session.refresh(sample)
    assert (sample.wrong, sample.unclear, sample.bound) == (1, 1, most_wrong(5, 3, 2, 95))
    line = line_of(sample)
    assert line.bound_parts == 8000
    assert line.endless_parts is not None
    row = rows_of(sample)[0]
    assert (row.verdict, row.fault, row.note, row.checked_by_id) == (
        Verdict.WRONG, Fault.AMOUNT, "少记半小时", here.checker.id,
    )  # fmt: skip
    details = json.dumps([one.detail for one in db.session.scalars(select(AuditEvent))], ensure_ascii=False)
    assert "少记半小时" not in details


def test_a_completed_sample_is_frozen_until_it_is_opened_again_with_a_reason(here):
    sample = here.sample()
    judge(sample, here.checker, (Verdict.WRONG, Fault.DAY))
    complete_sample(sample, version=sample.version, by=here.checker, at=NOW)
    row = rows_of(sample)[0]
    late = {"fault": None, "note": "", "version": row.version, "by": here.checker, "at": NOW}
    assert refused(give_verdict, row, Verdict.RIGHT, **late).msgid == FROZEN
    assert refused(complete_sample, sample, version=2, by=here.checker, at=NOW).msgid == FROZEN
    db.session.refresh(sample)
    opened = {"version": sample.version, "by": here.make.office, "at": NOW}
    assert refused(reopen_sample, sample, why=" ", **opened).field == "why"
    reopen_sample(sample, why="看错了日期", **opened)
    assert refused(reopen_sample, sample, why="又来", **opened).msgid == CHANGED
    kept = db.session.scalars(select(SampleReopening)).one()
    assert (kept.wrong, kept.unclear, kept.bound, kept.why) == (1, 0, 1, "看错了日期")
    give_verdict(row, Verdict.RIGHT, **late)
    db.session.refresh(sample)
    complete_sample(sample, version=sample.version, by=here.checker, at=NOW)
    db.session.refresh(sample)
    assert (sample.wrong, sample.bound) == (0, 0), "all were checked, so nothing is left open"


def test_it_cannot_be_completed_before_every_record_has_a_verdict(here):
    sample = here.sample()
    row = rows_of(sample)[0]
    give_verdict(row, Verdict.RIGHT, fault=None, note="", version=1, by=here.checker, at=NOW)
    told = refused(complete_sample, sample, version=1, by=here.checker, at=NOW)
    assert told.params == {"count": 4}


def test_two_verdicts_at_once_the_second_is_told(here):
    row = rows_of(here.sample())[0]
    said = {"fault": None, "note": "", "version": row.version, "by": here.checker, "at": NOW}
    give_verdict(row, Verdict.RIGHT, **said)
    assert refused(give_verdict, row, Verdict.RIGHT, **said).msgid == CHANGED


def test_a_verdict_that_lacks_something_is_refused_beside_its_field(here):
    row = rows_of(here.sample())[0]
    said = {"version": row.version, "by": here.checker, "at": NOW}
    for verdict, fault, note, field in (
        (Verdict.WRONG, None, "少记", "fault"),
        (Verdict.UNCLEAR, None, "", "note"),
        (Verdict.WRONG, Fault.OTHER, " ", "note"),
    ):
        assert refused(give_verdict, row, verdict, fault=fault, note=note, **said).field == field
    give_verdict(row, Verdict.RIGHT, fault=Fault.DAY, note="", **said)
    db.session.refresh(row)
    assert row.fault is None, "nothing is wrong in what is right"


def test_nobody_checks_what_they_had_a_hand_in(here, make):
    sample = here.sample()
    row = rows_of(sample)[0]
    said = {"fault": None, "note": "", "version": row.version, "at": NOW}
    keeper = make.user(Role.SECRETARY, here.branch)
    themselves = make.user(Role.OFFICE, member=here.member)
    for by in (make.office, keeper, themselves):  # the office entered and verified
        assert refused(give_verdict, row, Verdict.RIGHT, by=by, **said).msgid == NOT_THEIRS
    verifier = make.user(Role.OFFICE, member=make.member(here.other))
    row.record.verified_by_member_id = verifier.member_id
    db.session.flush()
    assert refused(give_verdict, row, Verdict.RIGHT, by=verifier, **said).msgid == NOT_THEIRS
    assert db.session.scalars(select(SampleRow).where(SampleRow.verdict.is_not(None))).all() == []
    give_verdict(row, Verdict.RIGHT, by=here.checker, **said)


def test_who_was_at_a_session_does_not_check_it(here, make):
    guest = make.member(here.other)
    make.record(here.campaign, "activity", owner=here.branch, people=[guest], happened_on=MARCH, title="参观")
    sample = a_sample(make, here.campaign, here.branch, "activity", day=MARCH)
    (row,) = rows_of(sample)
    said = {"fault": None, "note": "", "version": row.version, "at": NOW}
    by = make.user(Role.OFFICE, member=guest)
    assert refused(give_verdict, row, Verdict.RIGHT, by=by, **said).msgid == NOT_THEIRS


def test_a_close_finds_the_samples_whose_whole_period_lies_in_its_days(here):
    sample = here.sample()
    first, last = dt.date(2021, 2, 26), dt.date(2021, 6, 30)
    assert [one.sample for one in samples_of(here.campaign, first, last)] == [sample]
    assert [one.sample for one in samples_of(here.campaign, MARCH, dt.date(2021, 3, 31))] == [sample]
    assert samples_of(here.campaign, MARCH, dt.date(2021, 3, 30)) == []
    assert samples_of(here.campaign, first, last, here.other.id) == []
    (line,) = samples_of(here.campaign, first, last, here.branch.id)
    assert (line.sample.size, line.sample.wrong, line.sample.bound, line.bound_parts) == (5, None, None, None)


@pytest.mark.parametrize(
    "change",
    [
        {"wrong": 1},
        {"completed_at": NOW},
        {"size": 0},
        {"size": 6},
        {"level": 100},
    ],
)
def test_the_tables_themselves_refuse_a_result_that_is_half(here, change):
    sample = here.sample()
    for name, value in change.items():
        setattr(sample, name, value)
    with pytest.raises(IntegrityError):
        db.session.flush()
