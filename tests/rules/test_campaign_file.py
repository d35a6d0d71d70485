"""The campaign file: what is taken, and what is refused with key, line and cure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError, key_lines
from tracker.rules.campaigns import Measure, Reduce, Scope

SHIPPED = Path("tracker/campaigns/qigeyibai-2021.toml")
SMALL = """format = 1
code = "small"
name = "小"
starts_on = 2021-01-01
ends_on = 2021-12-31

[[kinds]]
code = "walk"
name = "走"
sheet = "走"
owners = ["member"]
columns = [{ field = "member_name", heading = "姓名", required = true }]

[[figures]]
id = "walks"
title = "走"
kind = "walk"
measure = "records"
unit = "次"

[[goals]]
code = "walk"
name = "走一百次"
figure = "walks"
target = 100
unit = "次"
"""


def faults(text: str) -> str:
    with pytest.raises(CampaignFileError) as caught:
        read_campaign(text)
    return str(caught.value)


def test_the_shipped_campaign_is_without_fault():
    spec = read_campaign(SHIPPED.read_text(encoding="utf-8"))
    assert (len(spec.kinds), len(spec.goals)) == (8, 7)
    figure = spec.figure("study.min_hours")
    assert figure is not None
    assert (figure.measure, figure.scope, figure.reduce) == (Measure.MINUTES, Scope.MEMBER, Reduce.MIN)


def test_a_goal_without_its_own_dates_runs_with_the_campaign():
    goal = read_campaign(SMALL).goals[0]
    assert (goal.starts_on, goal.due_on, goal.is_due_stated) == (
        dt.date(2021, 1, 1),
        dt.date(2021, 12, 31),
        False,
    )
    assert goal.short_name == goal.name


def test_lines_are_counted_table_by_table():
    lines = key_lines(SMALL)
    assert lines["kinds[0].code"] == 8
    assert lines["goals[0].target"] == 25


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("target = 100", 'target = "many"', "line 25, goals[0].target: must be a whole number"),
        ("target = 100", "target = 0", "goals[0].target: must be above 0"),
        ("target = 100", "", "goals[0].target: is missing; add target"),
        ('figure = "walks"', 'figure = "runs"', "'runs' is not the id of a figure"),
        (
            'measure = "records"',
            'measure = "points"',
            "line 18, figures[0].measure: is 'points'; it must be one of",
        ),
        ('kind = "walk"', 'kind = "run"', "'run' is not one of the kinds"),
        (
            'unit = "次"\n\n',
            'unit = "次"\ncolour = "red"\n\n',
            "figures[0].colour: is not a key of this table",
        ),
        ("ends_on = 2021-12-31", "ends_on = 2020-12-31", "ends_on: must be later than starts_on"),
        ("ends_on = 2021-12-31", "ends_on = soon", "is not TOML"),
        ("format = 1", "format = 9", "format: must be 1"),
        ('code = "small"', 'code = "Small Campaign"', "code: may hold only a-z"),
        ('owners = ["member"]', 'owners = ["king"]', "'king' is unknown; known are member"),
        ('field = "member_name"', 'field = "mood"', "field: is 'mood'"),
        (
            "required = true }",
            'required = true }, { field = "type", heading = "类型" }',
            "list what it may be",
        ),
        ('unit = "次"\n\n', 'unit = "次"\nreduce = "mean"\n\n', "needs a scope below the bureau"),
        (
            'unit = "次"\n\n',
            'unit = "次"\nreduce = "count_reached"\n\n',
            "needs to know what is to be reached",
        ),
        (
            'unit = "次"\n\n',
            'unit = "次"\nwhere = { stage = ["完成"] }\n\n',
            "where.stage: '完成' is none of",
        ),
        ('measure = "records"', 'measure = "persons"\nscope = "branch"', "distinct things do not add up"),
        ('measure = "records"', 'measure = "members"', "counts the roster; take out kind"),
        ('measure = "records"', 'measure = "stories"', "has no column with field = 'stories'"),
        ("target = 100", 'target = 100\nuntil_reported = "walks"', "must have another unit than the goal"),
        ("target = 100", 'target = 100\nuntil_reported = "runs"', "'runs' is not the id of a figure"),
    ],
)
def test_a_fault_is_named_with_its_place_and_cure(old, new, said):
    assert said in faults(SMALL.replace(old, new, 1))


def test_all_faults_are_told_at_once():
    text = SMALL.replace("target = 100", "target = 0").replace('measure = "records"', 'measure = "points"')
    assert faults(text).count("\n") == 1


def test_two_kinds_may_not_share_a_code_or_sheet():
    text = SMALL + '[[kinds]]\ncode = "walk"\nname = "走"\nsheet = "走"\nowners = ["member"]\n'
    assert "'walk' stands twice" in faults(text)
    assert "'走' stands twice" in faults(text)


@pytest.mark.parametrize("name", ["走/跑", "a[1]", "什么?", "'走", "走'"])
def test_a_sheet_is_called_only_what_excel_takes(name):
    """Else the blank ledger could not be written."""
    assert "Excel takes neither" in faults(SMALL.replace('sheet = "走"', f'sheet = "{name}"'))


def test_a_stage_must_be_one_of_the_kinds_own():
    text = SMALL.replace(
        'owners = ["member"]', 'owners = ["member"]\nstages = [{ name = "始", before = "无" }]'
    )
    assert "before = '无' is not one of the stages" in faults(text)
    assert "default_stage: is missing" in faults(text)


def test_what_is_due_needs_stages_to_be_done_at():
    column = '{ field = "due_on", heading = "期限" }'
    text = SMALL.replace("required = true }]", f"required = true }}, {column}]", 1)
    assert "kinds[0].stages: are missing; what is due is done at the last of them" in faults(text)


def test_a_stage_that_asks_for_the_community_s_word_needs_those_who_may_give_it():
    stages = (
        'stages = [{ name = "始" }, { name = "终", asks = ["confirmation", "mood"] }]\ndefault_stage = "始"\n'
    )
    said = faults(SMALL.replace('owners = ["member"]\n', f'owners = ["member"]\n{stages}', 1))
    assert "asks 'mood', which is unknown" in said
    assert "kinds[0].confirmers: is missing" in said


def test_hours_overlap_only_with_kinds_that_there_are():
    text = SHIPPED.read_text(encoding="utf-8")
    wrong = text.replace('overlaps_with = ["activity"]', 'overlaps_with = ["activities"]')
    assert "kinds[0].overlaps_with: 'activities' is no kind" in faults(wrong)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('measure = "quantity"\nscope = "member"', 'measure = "persons"\nscope = "member"'),
        ('where = { type = ["专题"] }', 'where = { type = ["专题", "书目"] }'),
    ],
)
def test_ticks_need_a_figure_that_counts_each_as_one(before, after):
    text = SHIPPED.read_text(encoding="utf-8")
    assert before in text
    assert "phases[0].topics_figure: 'reading.topics'" in faults(text.replace(before, after, 1))


def test_hours_are_certified_only_where_there_are_some():
    text = SMALL.replace('owners = ["member"]\n', 'owners = ["member"]\ncertifies_hours = true\n', 1)
    assert "kinds[0].certifies_hours: needs a column with field = 'minutes'" in faults(text)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        ('types = ["没有"], most = 100', "kinds[1].results.types: '没有' is not one of the types"),
        ('types = ["考试竞赛"], most = 0', "kinds[1].results.most: must be above 0"),
        ('types = ["考试竞赛"], rank = true, most = 100', "kinds[1].results.rank: is not a key"),
    ],
)
def test_results_are_of_types_that_there_are_and_are_never_ranked(after, said):
    text = SHIPPED.read_text(encoding="utf-8")
    before = 'types = ["考试竞赛"], most = 100'
    assert before in text
    assert said in faults(text.replace(before, after, 1))


def test_an_average_of_two_would_tell_on_people():
    text = SHIPPED.read_text(encoding="utf-8").replace("shown_from = 5", "shown_from = 2", 1)
    assert "kinds[1].results.shown_from: must be at least 3" in faults(text)


@pytest.mark.parametrize("word", ["\\u0001", "\\u202E", "\\u0000"])
def test_no_text_of_the_file_holds_a_control_character(word):
    assert "control character" in faults(SMALL.replace('name = "走"', f'name = "走{word}"', 1))
    assert "control character" in faults(SMALL.replace("owners =", f'confirmers = ["街{word}"]\nowners =', 1))
