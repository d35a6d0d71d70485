"""What a campaign asks of a branch a week: bounds from its goals, and nothing where nothing can be said."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tests.maker import SHIPPED
from tracker.rules.burden import Sizes, burden_of, rounded_up
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.campaigns import BurdenRule

TEXT = SHIPPED.read_text(encoding="utf-8")
SIZES = Sizes(branches=10, groups=20, sections=5, members=200)


def kinds(text=TEXT, sizes=SIZES):
    return {one.kind.code: one for one in burden_of(read_campaign(text), sizes).kinds}


def test_hours_of_each_member_become_records_of_an_hour_of_a_branch_in_a_week():
    study = kinds()["study"]
    weeks = Fraction(156, 7)  # 26 February to 31 July 2021, both included
    assert study.records == Fraction(200 * 100, 10) / weeks
    assert (study.required, study.optional, study.seconds) == (4, 3, 32)
    assert study.fields_a_week == study.records * 4
    assert study.minutes_a_week == study.records * Fraction(32, 60)


def test_of_other_things_a_record_gives_one_and_a_record_that_feeds_several_goals_is_counted_once():
    weeks = Fraction(309, 7)
    assert kinds()["activity"].records == Fraction(100, 10) / weeks, "stories and people in class"
    assert [goal.code for goal in kinds()["activity"].goals] == ["stories", "classroom"]
    assert kinds()["task"].records == Fraction(100, 10) / weeks


def test_where_no_goal_counts_a_kind_or_units_differ_nothing_is_said():
    assert kinds()["other"].records is None
    assert kinds()["other"].minutes_a_week is None
    other_unit = TEXT.replace('unit = "篇"\nscope_note', 'unit = "次"\nscope_note', 1)
    assert kinds(other_unit)["work"].records is None


def test_without_branches_there_is_nothing_to_spread_over():
    burden = burden_of(read_campaign(TEXT), Sizes(0, 0, 0, 0))
    assert [one.records for one in burden.kinds if one.records is not None] == []
    assert (burden.records, burden.fields, burden.minutes) == (0, 0, 0)


def test_together_it_is_the_sum_over_the_kinds():
    burden = burden_of(read_campaign(TEXT), SIZES)
    assert burden.minutes == sum(one.minutes_a_week or 0 for one in burden.kinds)
    assert burden.fields > burden.records > 0


def test_the_file_may_state_how_long_a_field_takes():
    said = TEXT.replace(
        "quotations = [", "burden = { seconds_per_field = 5, minutes_per_record = 120 }\nquotations = [", 1
    )
    assert read_campaign(TEXT).burden == BurdenRule(8, 60)
    study = kinds(said)["study"]
    assert study.seconds == 20
    assert study.records == kinds()["study"].records / 2


@pytest.mark.parametrize(
    "wrong", ["{ seconds_per_field = 0 }", "{ seconds = 3 }", "3", '{ minutes_per_record = "60" }']
)
def test_a_faulty_statement_is_told(wrong):
    with pytest.raises(CampaignFileError) as caught:
        read_campaign(TEXT.replace("quotations = [", f"burden = {wrong}\nquotations = [", 1))
    assert any(fault.key.startswith("burden") for fault in caught.value.faults)


def test_a_bound_is_rounded_up():
    assert rounded_up(Fraction(1, 3)) == Fraction(4, 10)
    assert rounded_up(Fraction(2)) == 2


def test_where_only_a_stage_counts_it_says_that_others_come_on_top():
    assert [code for code, one in kinds().items() if one.is_part] == ["work", "pairing", "task"]
