"""Who needs a hand: by the distance to the needed pace, and for the branch's own keepers only."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.models import Status
from tracker.queries.figures import standing_on
from tracker.queries.help_wanted import help_wanted

DAY = dt.date(2021, 6, 26)  # 120 of 155 days: an even pace is at 77.4 hours


@pytest.fixture
def branch(make):
    make.the_campaign = make.campaign()
    return make.branch("东湖党支部")


def study(make, member, hours, **fields):
    return make.record(make.the_campaign, member=member, minutes=int(hours * 60), source="学习强国", **fields)


def wanted(make, branch, day=DAY):
    found = help_wanted(make.the_campaign, standing_on(make.the_campaign, day), branch)
    assert len(found) == 1  # one goal of the shipped campaign is taken member by member
    return found[0]


def names(found):
    return [one.member.name for one in found.people]


def test_those_behind_come_first_who_are_farthest_from_the_pace(make, branch):
    group = make.group(branch, "第一党小组")
    people = {name: make.member(branch, group, name=name) for name in ("张三", "李四", "王五", "赵六")}
    with make.counted_once(make.the_campaign):
        for name, hours in (("张三", 70), ("李四", 20), ("王五", 90)):
            study(make, people[name], hours)
        study(make, people["李四"], 2, status=Status.SUBMITTED)
        study(make, people["李四"], 3, status=Status.WITHDRAWN)
    found = wanted(make, branch)
    assert found.are_behind
    assert names(found) == ["赵六", "李四", "张三"]
    assert found.others == 1
    nothing, li, zhang = found.people
    assert (nothing.forecast_on, nothing.early, nothing.missing) == (None, None, 100)
    assert (li.verified, li.missing, li.waiting, li.group) == (20, 80, 2, "第一党小组")
    assert li.early < zhang.early < 0


def test_if_nobody_is_behind_those_who_arrive_in_the_last_ten_days_are_named(make, branch):
    late, early, full = (make.member(branch, name=name) for name in ("张三", "李四", "王五"))
    with make.counted_once(make.the_campaign):
        for person, hours in ((late, 80), (early, 95), (full, 100)):
            study(make, person, hours)
    found = wanted(make, branch)
    assert not found.are_behind
    assert names(found) == ["张三"]
    assert (found.people[0].forecast_on, found.people[0].early) == (dt.date(2021, 7, 26), 5)
    assert found.others == 2


def test_nobody_needs_a_hand_where_all_are_well_on_their_way(make, branch):
    study(make, make.member(branch), 99)
    found = wanted(make, branch)
    assert (found.people, found.others, found.are_behind) == ((), 1, False)


def test_the_exempt_and_those_of_other_branches_are_not_in_it(make, branch):
    exempt, away, moved = make.member(branch), make.member(make.branch()), make.member(make.branch())
    make.exemption(exempt)
    left = make.member(branch, ends_on=dt.date(2021, 6, 1))
    make.membership(moved, branch, starts_on=DAY + dt.timedelta(1))
    here = make.member(branch, name="张三")
    assert names(wanted(make, branch)) == ["张三"]
    assert {exempt.id, away.id, left.id, moved.id, here.id}  # all five were there


def test_an_exemption_of_another_time_does_not_count(make, branch):
    person = make.member(branch, name="张三")
    make.exemption(person, ends_on=dt.date(2021, 6, 1))
    assert names(wanted(make, branch)) == ["张三"]
    make.exemption(person, starts_on=DAY)
    found = help_wanted(make.the_campaign, standing_on(make.the_campaign, DAY), branch)
    assert found == []  # nobody is asked any more


def test_on_the_first_day_nobody_can_be_behind(make, branch):
    make.member(branch)
    assert wanted(make, branch, dt.date(2021, 2, 26)).people == ()


def test_after_the_due_day_everybody_short_of_the_target_is_behind(make, branch):
    person = make.member(branch, name="张三")
    study(make, person, 99)
    found = wanted(make, branch, dt.date(2021, 8, 15))
    assert names(found) == ["张三"]
    assert found.people[0].behind == 1


def test_statements_do_not_grow_with_the_people(make, branch, statements):
    make.member(branch)
    standing = standing_on(make.the_campaign, DAY)
    with statements() as few:
        help_wanted(make.the_campaign, standing, branch)
    for _ in range(20):
        make.member(branch)
    standing = standing_on(make.the_campaign, DAY)
    with statements() as many:
        help_wanted(make.the_campaign, standing, branch)
    assert len(many) <= len(few) <= 4
