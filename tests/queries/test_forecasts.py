"""What lies ahead, from the ledger: each week is what the figures say as of it, in few statements."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

import pytest

from tracker.db import db
from tracker.models import Status
from tracker.queries.boards import board_on
from tracker.queries.figures import standing_on
from tracker.queries.forecasts import back_test_of, levels_of, levels_on, outlooks_on
from tracker.rules.campaigns import Reduce, Scope

pytestmark = pytest.mark.slow

DAY = dt.date(2021, 6, 26)  # day 120


def study(make, campaign, member, *hours):
    """Hours, each on a day that is so many weeks before DAY."""
    for weeks, count in hours:
        make.record(
            campaign, member=member, minutes=count * 60, happened_on=DAY - dt.timedelta(days=7 * weeks)
        )


@pytest.fixture
def here(make):
    """Four are asked: one there, one on the way, one who stands still, one who came late. One is exempt."""
    campaign, branch = make.campaign(), make.branch()
    group = make.group(branch)
    there, way, still, free = (make.member(branch, group) for _ in range(4))
    late = make.member(branch, group, starts_on=dt.date(2021, 5, 1))
    make.exemption(free)
    with make.counted_once(campaign):
        study(make, campaign, there, (10, 60), (3, 60))
        study(make, campaign, way, *((n, 5) for n in range(17)))
        study(make, campaign, still, (12, 30))
        study(make, campaign, late, (6, 40), (1, 40))
        make.record(campaign, "service", owner=group, minutes=600, community="北园", happened_on=DAY)
        make.record(campaign, "service", owner=group, minutes=600, status=Status.SUBMITTED)
    db.session.flush()
    return campaign


def outlook(campaign, day, scope, reduce):
    board = board_on(campaign, day)
    found = outlooks_on(board)
    return next(
        (one, levels, board)
        for one, levels in found
        if one and one.scope is scope and one.standing.figure.figure.reduce is reduce
    )


def test_the_hand_counted_bureau(here):
    found, _, _ = outlook(here, DAY, Scope.MEMBER, Reduce.MIN)
    assert (found.slowest.amount, found.whole.amount) == (30, Fraction(120 + 85 + 30 + 80, 4))
    assert (found.n, found.reached) == (4, 1)
    # 85 and 80 hours in 120 days come to 100 within the 35 that are left; 30 hours do not.
    assert found.late == 1
    assert found.still == 1
    assert found.beyond == 0
    assert found.slowest.needs == 14
    assert found.slowest.reaches_on == DAY + dt.timedelta(days=280)


def test_each_week_is_what_the_figures_say_as_of_it(here):
    standing = standing_on(here, DAY)
    goals = standing.spec.goals
    levels = levels_of(standing, goals, DAY)
    for goal in goals:
        for day, level in levels[goal.code].items():
            as_of = standing_on(here, day)
            value = as_of.value(standing.figure_of(goal))
            if goal.starts_on <= day:
                assert level.slowest == min(value.by.values(), default=value.value), (goal.code, day)
            if level.by is not None and value.by:
                assert dict(level.by) == dict(value.by)


def test_those_who_came_later_are_not_missed_before(here):
    standing = standing_on(here, DAY)
    goal = next(one for one in standing.spec.goals if standing.figure_of(one).scope is Scope.MEMBER)
    day = dt.date(2021, 4, 30)
    levels = levels_on(standing, [goal], [day, dt.date(2021, 5, 1)], kept=[day, dt.date(2021, 5, 1)])
    assert [len(one.by) for one in levels[goal.code].values()] == [3, 4]


def test_what_was_foretold_is_held_against_what_came(here):
    found, levels, board = outlook(here, DAY, Scope.MEMBER, Reduce.MIN)
    test = back_test_of(found, levels, board.standing)
    said = test.slowest.ago(4, DAY)
    assert (said.on, said.amount) == (dt.date(2021, 5, 29), 30)
    assert said.reaches_on == said.on + dt.timedelta(days=-(-70 * 92 // 30))
    assert said.lag == 28  # it has stood still since
    assert test.slowest.came_on is None


def test_the_day_on_which_a_goal_was_reached_is_found(make, here):
    standing = standing_on(here, DAY)
    figure = next(standing.figure_of(goal) for goal in standing.spec.goals if goal.unit == "件")
    assert figure.scope is Scope.BUREAU
    branch = make.branch()
    with make.counted_once(here):
        for n in range(100):
            day = dt.date(2021, 3, 1) + dt.timedelta(days=n // 2)
            make.record(
                here, "task", owner=branch, title=f"第{n}件", stage="完成", happened_on=day, ended_on=day
            )
    board = board_on(here, DAY)
    card = next(one for one in board.cards if one.standing.goal.unit == "件")
    [(found, levels)] = outlooks_on(board, [card])
    test = back_test_of(found, levels, board.standing)
    assert found.whole.is_reached
    assert test.whole.came_on == dt.date(2021, 3, 1) + dt.timedelta(days=49)
    assert test.whole == test.slowest
    assert all(one.on < test.whole.came_on for one in test.whole.says)


def test_all_goals_together_are_few_statements_however_many_weeks(here, statements):
    counts = []
    for day in (dt.date(2021, 3, 20), DAY, dt.date(2021, 12, 31)):
        board = board_on(here, day)
        with statements() as seen:
            for one, levels in outlooks_on(board):
                if one:
                    back_test_of(one, levels, board.standing)
        counts.append(len(seen))
    assert max(counts) <= 5


@pytest.mark.parametrize("day", [dt.date(2021, 2, 26), dt.date(2021, 3, 1), dt.date(2021, 12, 31)])
def test_without_a_row_nothing_is_foretold(make, day):
    campaign = make.campaign()
    make.member()
    board = board_on(campaign, day)
    for found, levels in outlooks_on(board):
        if found is not None:
            assert found.slowest.reaches_on is found.whole.reaches_on is None
            test = back_test_of(found, levels, board.standing)
            assert test is None or test.slowest.tested == ()


def test_with_nobody_to_count_over_there_is_no_outlook(make):
    board = board_on(make.campaign(), DAY)
    none = [one for one, _ in outlooks_on(board) if one is None]
    assert len(none) >= len([card for card in board.cards if card.standing.state == "no_data"]) > 0
