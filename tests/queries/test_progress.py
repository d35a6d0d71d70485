"""A member's progress: the same amounts as in every figure, what waits never among them."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest
from sqlalchemy import select

from tests.bureau import DAY, Bureau
from tracker.db import db
from tracker.models import Exemption, Status
from tracker.queries.figures import standing_on
from tracker.queries.progress import COUNTED, own_folds, progress_of
from tracker.rules.campaigns import Scope
from tracker.rules.goals import GoalState
from tracker.rules.progress import amount, is_one_by_one
from tracker.rules.tallies import question_of


@pytest.fixture
def bureau(make):
    return Bureau(make)


def own_goal(bureau, person, day=DAY):
    (own,) = progress_of(bureau.campaign, person, day).goals
    return own


def test_each_member_s_amounts_are_those_that_the_figures_have(bureau):
    standing = standing_on(bureau.campaign, DAY)
    checked = 0
    for person in bureau.people:
        progress = progress_of(bureau.campaign, person, DAY)
        for own in progress.goals:
            cells = standing.fold(question_of(own.figure)).get(person.id, {})
            assert own.verified == amount(own.figure, cells)
            if own.standing:
                assert own.verified == standing.value(own.figure).by[person.id]
            checked += 1
    assert checked == len(bureau.people)


def test_what_is_counted_for_one_is_what_the_fold_holds(bureau):
    standing = standing_on(bureau.campaign, DAY)
    questions = [question_of(f) for f in standing.spec.figures if f.scope is Scope.MEMBER and question_of(f)]
    assert questions
    for person in bureau.people:
        found = own_folds(bureau.campaign, standing, questions, person.id, COUNTED)
        for question in questions:
            assert found.get(question.code, {}) == dict(standing.fold(question).get(person.id, {}))


def test_what_waits_stands_beside_and_counts_nowhere(bureau, make):
    li = bureau.people[1]
    before = own_goal(bureau, li)
    values = standing_on(bureau.campaign, DAY).values()
    for status in (Status.SUBMITTED, Status.WITHDRAWN):
        make.record(bureau.campaign, member=li, minutes=90, status=status, happened_on=dt.date(2021, 6, 1))
    after = own_goal(bureau, li)
    assert (after.verified, after.standing.forecast_on) == (before.verified, before.standing.forecast_on)
    assert after.waiting - before.waiting == Fraction(90, 60)
    assert standing_on(bureau.campaign, DAY).values() == values


def test_what_waits_for_a_later_day_is_not_in_an_earlier_picture(bureau, make):
    li = bureau.people[1]
    make.record(
        bureau.campaign, member=li, minutes=600, status=Status.SUBMITTED, happened_on=dt.date(2021, 7, 2)
    )
    assert own_goal(bureau, li).waiting == Fraction(30, 60)
    assert own_goal(bureau, li, dt.date(2021, 7, 2)).waiting == Fraction(630, 60)


def test_who_is_exempt_is_told_why_and_needs_nothing(bureau):
    zhao = bureau.people[3]
    progress = progress_of(bureau.campaign, zhao, DAY)
    assert progress.exempt_why == db.session.scalar(
        select(Exemption.reason).where(Exemption.member_id == zhao.id)
    )
    (own,) = progress.goals
    assert (own.standing, own.verified) == (None, Fraction(30, 60))
    assert progress_of(bureau.campaign, bureau.people[0], DAY).exempt_why is None


def test_who_belongs_to_nobody_on_the_day_keeps_what_counts(bureau, make):
    gone = make.member(bureau.one, ends_on=dt.date(2021, 5, 1))
    make.record(bureau.campaign, member=gone, minutes=60, happened_on=dt.date(2021, 4, 1))
    progress = progress_of(bureau.campaign, gone, DAY)
    assert (progress.place, progress.units) == (None, ())
    (own,) = progress.goals
    assert (own.standing, own.verified) == (None, 1)


def test_no_entry_means_no_forecast(bureau, make):
    new = make.member(bureau.one, bureau.groups[0])
    own = own_goal(bureau, new)
    assert (own.standing.state, own.standing.forecast_on) == (GoalState.NO_FORECAST, None)


def test_shared_goals_show_the_own_group_the_own_branch_and_the_own_part(bureau):
    zhang, _, wang, _ = bureau.people
    spec = standing_on(bureau.campaign, DAY).spec
    for person, group in ((zhang, bureau.groups[0]), (wang, bureau.groups[1])):
        shared = progress_of(bureau.campaign, person, DAY).shared
        assert len(shared) == sum(1 for g in spec.goals if not is_one_by_one(spec.figure(g.figure)))
        by_group = next(item for item in shared if item.figure.scope is Scope.GROUP)
        assert (by_group.state, by_group.unit.id) == ("unit", group.id)
        assert by_group.value == (3 if person is zhang else 1)  # hours of the own group, not the mean
        assert all(item.state == "share" for item in shared if item.figure.scope is Scope.BUREAU)
    mine = {item.goal.code: item.own for item in progress_of(bureau.campaign, zhang, DAY).shared}
    theirs = {item.goal.code: item.own for item in progress_of(bureau.campaign, wang, DAY).shared}
    assert (mine["pairing"], theirs["pairing"]) == (1, 0)  # the other's has ended
    assert (mine["essays"], theirs["essays"]) == (1, 0)
    assert mine["tasks"] is None  # its rows name nobody


def test_own_parts_are_a_part_of_what_the_bureau_counts(bureau):
    for person in bureau.people:
        for item in progress_of(bureau.campaign, person, DAY).shared:
            if item.own is not None and item.figure.scope is Scope.BUREAU:
                assert 0 <= item.own <= item.standing.value


def test_phases_show_topics_and_books_of_the_one_member(bureau, make):
    ((phase, parts),) = progress_of(bureau.campaign, bureau.people[0], DAY).phases
    assert phase.starts_on <= DAY
    assert [(part.what, part.done, part.of) for part in parts] == [
        ("topics", 1, len(phase.topics)),
        ("books", 1, len(phase.books)),
    ]
    new = make.member(bureau.one)
    ((_, parts),) = progress_of(bureau.campaign, new, DAY).phases
    assert [part.done for part in parts] == [0, 0]


def test_statements_do_not_grow_with_the_rows(bureau, make, statements):
    li = bureau.people[1]

    def asked():
        db.session.expire_all()
        with statements() as seen:
            progress_of(bureau.campaign, li, DAY)
        return len(seen)

    before = asked()
    for _ in range(3):
        make.record(bureau.campaign, member=li, minutes=10, status=Status.SUBMITTED)
    assert asked() == before <= 12
