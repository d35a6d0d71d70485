"""What sources, categories and goals come to, counted by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bureau import DAY, Bureau
from tracker.db import db
from tracker.models import Participation, Status
from tracker.queries.breakdowns import breakdown, breakdowns_of
from tracker.queries.campaigns import spec_of
from tracker.queries.figures import standing_on
from tracker.queries.goal_overlaps import people_of_goals
from tracker.queries.session_days import kinds_with_sessions, session_days

pytestmark = pytest.mark.slow


@pytest.fixture
def bureau(make):
    return Bureau(make)


def parts(bureau, code, by, day=DAY, most_people=99):
    found = breakdown(bureau.campaign, spec_of(bureau.campaign).kind(code), by, day, most_people)
    return {part.value: part for part in found}


def test_hours_by_source_take_verified_rows_up_to_the_day(bureau):
    found = parts(bureau, "study", "source")
    part = found["学习强国"]
    assert (part.rows, part.minutes, part.times, part.least, part.most) == (5, 6225, 5, 4, 4)
    assert part.by_month == {dt.date(2021, 3, 1): (5, 6225)}
    assert set(found) == {"学习强国"}


def test_a_row_that_says_no_source_stands_by_itself(bureau):
    found = parts(bureau, "study", "source", dt.date(2021, 7, 31))
    assert found[None].minutes == 30
    assert found[None].by_month == {dt.date(2021, 7, 1): (1, 30)}


def test_people_without_names_are_an_interval_that_the_roster_caps(bureau, make):
    for heads in (5, 9):
        make.record(
            bureau.campaign, "activity", owner=bureau.one, headcount=heads, type="现场教学", title="又一场"
        )
    part = parts(bureau, "activity", "type")["现场教学"]
    assert (part.rows, part.times) == (4, 4 + 14)
    assert (part.least, part.most) == (9, 3 + 14)
    assert parts(bureau, "activity", "type", most_people=12)["现场教学"].most == 12


def test_a_reversed_attendance_is_nobodys(bureau):
    row = db.session.query(Participation).filter_by(record_id=bureau.visit.id).first()
    row.reversed_at = row.record.entered_at
    db.session.flush()
    assert parts(bureau, "activity", "type")["现场教学"].times == 3


def test_a_breakdown_is_one_statement(bureau, statements):
    kind = spec_of(bureau.campaign).kind("activity")
    with statements() as seen:
        breakdown(bureau.campaign, kind, "type", DAY, 9)
    assert len(seen) == 1


def test_a_kind_about_people_in_hardship_is_not_broken_down(bureau):
    spec = spec_of(bureau.campaign)
    assert [kind.code for kind in spec.kinds if kind.sealed_subject]
    assert not any(kind.sealed_subject for kind, _ in breakdowns_of(spec))


def test_days_of_sessions_count_a_joint_one_once_and_only_what_is_verified(bureau, make):
    kind = next(one for one in kinds_with_sessions(spec_of(bureau.campaign)) if one.code == "activity")
    make.record(bureau.campaign, "activity", type="主题党日", title="待核实", status=Status.SUBMITTED)
    make.record(bureau.campaign, "activity", type="主题党日", title="无日期", is_dated=False)
    make.record(bureau.campaign, "activity", type="主题党日", title="另一天", happened_on=dt.date(2021, 6, 1))
    assert session_days(bureau.campaign, kind, DAY) == [(dt.date(2021, 3, 5), 7), (dt.date(2021, 6, 1), 1)]
    assert session_days(bureau.campaign, kind, dt.date(2021, 3, 4)) == []


def test_people_of_goals_are_those_in_the_rows_that_the_goals_count(bureau, statements):
    standing = standing_on(bureau.campaign, DAY)
    with statements() as seen:
        found = people_of_goals(standing)
    assert len(seen) == 2
    zhang, li, wang, zhao = (one.id for one in bureau.people)
    assert found == {
        "study": {zhang, li, wang, zhao},
        "stories": {zhang, li, wang},
        "classroom": {wang},
        "essays": {zhang},
        "pairing": {zhang, li},  # the third has ended
        "service": {zhang, li},
        "tasks": None,
    }


def test_before_a_day_nobody_counts(bureau):
    found = people_of_goals(standing_on(bureau.campaign, dt.date(2021, 3, 4)))
    assert {len(one) for one in found.values() if one is not None} == {0}
