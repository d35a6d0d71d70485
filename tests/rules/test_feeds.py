"""Which goals take which rows, read from the definitions."""

from __future__ import annotations

from dataclasses import replace

from tests.maker import SHIPPED
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import Filter
from tracker.rules.feeds import Take, feed_rows, figures_of, takes_type

SPEC = read_campaign(SHIPPED.read_text(encoding="utf-8"))
ROWS = {(row.kind.code, row.type): row.takes for row in feed_rows(SPEC)}
AT = {goal.code: n for n, goal in enumerate(SPEC.goals)}


def test_every_kind_and_type_stands_in_the_matrix_once():
    expected = [(kind.code, choice.name) for kind in SPEC.kinds for choice in kind.types]
    expected += [(kind.code, None) for kind in SPEC.kinds if not kind.types]
    assert sorted(map(str, ROWS)) == sorted(map(str, expected))
    assert all(len(takes) == len(SPEC.goals) for takes in ROWS.values())


def test_one_session_feeds_several_goals():
    takes = ROWS["activity", "党校培训"]
    assert (takes[AT["stories"]], takes[AT["classroom"]], takes[AT["study"]]) == (
        Take.SOME, Take.COUNTS, None,
    )  # fmt: skip


def test_further_conditions_and_figures_beside_are_told_apart():
    assert ROWS["task", None][AT["tasks"]] is Take.SOME  # only those that are done
    goal = SPEC.goals[AT["classroom"]]
    beside = replace(goal, figure="classroom.lecture.person_times", show=("classroom.persons",))
    spec = replace(SPEC, goals=(beside,))
    takes = {(row.kind.code, row.type): row.takes[0] for row in feed_rows(spec)}
    assert (takes["activity", "党校培训"], takes["activity", "专题宣讲"]) == (Take.BESIDE, Take.COUNTS)


def test_what_is_left_out_is_not_taken():
    figure = SPEC.figure("essays.works")
    kind = SPEC.kind(figure.kind)
    left_out = figure.where_not.values["type"][0]
    assert [takes_type(figure, kind, one.name) for one in kind.types].count(False) == 1
    assert not takes_type(figure, kind, left_out)
    assert takes_type(replace(figure, where_not=Filter()), kind, left_out)


def test_a_goal_shows_each_of_its_figures_once():
    for goal in SPEC.goals:
        ids = [figure.id for figure in figures_of(goal, SPEC)]
        assert ids[0] == goal.figure
        assert len(ids) == len(set(ids))
