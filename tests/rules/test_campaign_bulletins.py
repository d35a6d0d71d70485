"""Templates of bulletins in a campaign file: what is wrong is told, and no goal is passed over."""

from __future__ import annotations

import pytest

from tests.maker import SHIPPED
from tracker.rules.bulletin_text import placeholders_of
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.rule_versions import rule_version

TEXT = SHIPPED.read_text(encoding="utf-8")


def with_text(words: str) -> str:
    keys = 'code = "more"\nname = "通报"\nhead = "通报"\ntitle = "通报"'
    return f'{TEXT}\n[[bulletins]]\n{keys}\ntext = "{words}"\n'


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("{no.such}", "is not the id of a figure"),
        ("{essays.shared:约}", "asks for no hedge there is"),
        ("{service.group_mean_hours:以上}", "asks for what can never be true"),
        ("{study.slowest_reaches_100_on:近}", "it may have: none"),
        ("{tasks.done:全覆盖}", "asks for what can never be true"),
        ("{tasks.done=60件}", "typed by hand"),
        ("{quoted.beds:余}", "takes no hedge"),
    ],
)
def test_a_template_that_asks_for_what_cannot_be_is_refused_with_its_line(words: str, fault: str) -> None:
    with pytest.raises(CampaignFileError) as caught:
        read_campaign(with_text(words))
    (found,) = caught.value.faults
    assert found.key == "bulletins[1].text" and found.line and fault in found.message


def test_a_template_may_quote_figures_words_and_the_register() -> None:
    spec = read_campaign(with_text("{as_of}{tasks.done:余}{study.reached_100:全覆盖}{quoted.beds}{{7*7}}"))
    assert spec.bulletins[1].name == "通报"


def test_the_sentence_of_a_figure_is_held_to_the_same() -> None:
    text = TEXT.replace('分享心得{essays.shared:余}篇"', '分享心得{no.such:余}篇"')
    with pytest.raises(CampaignFileError, match="is not the id of a figure") as caught:
        read_campaign(text)
    assert caught.value.faults[0].key.endswith(".sentence")


@pytest.mark.parametrize(
    ("charts", "fault"),
    [
        ('["pie"]', "“pie” is not known; there are goals, units"),
        ('["goals", "goals"]', "names a chart twice"),
        ('"goals"', "list"),
    ],
)
def test_a_template_names_only_charts_there_are_and_each_once(charts: str, fault: str) -> None:
    with pytest.raises(CampaignFileError) as caught:
        read_campaign(with_text("x") + f"charts = {charts}\n")
    assert caught.value.faults[0].key == "bulletins[1].charts"
    assert fault in caught.value.faults[0].message


def test_the_charts_of_a_template_keep_their_order_where_goals_are_added_to_its_text() -> None:
    spec = read_campaign(with_text("x") + 'charts = ["units", "goals"]\n')
    assert templates_of(spec)[1].charts == ("units", "goals")


def test_two_templates_of_one_code_are_refused() -> None:
    with pytest.raises(CampaignFileError, match="stands twice"):
        read_campaign(with_text("x").replace('code = "more"', 'code = "progress"'))


def test_a_goal_that_a_template_does_not_quote_gets_a_line_of_its_own() -> None:
    spec = read_campaign(with_text("完成{tasks.done}。"))
    shipped, short = templates_of(spec)
    assert shipped.text == spec.bulletins[0].text
    for goal in spec.goals:
        assert (f"{goal.name}：" in short.text) == (goal.code != "tasks")


@pytest.mark.parametrize("path", sorted(SHIPPED.parent.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_campaign_can_write_a_bulletin_of_all_its_goals(path: object) -> None:
    assert hasattr(path, "read_text")
    spec = read_campaign(path.read_text(encoding="utf-8"))
    for template in templates_of(spec):
        quoted = {part.ref for part in placeholders_of(template.text)}
        assert all(goal.figure in quoted for goal in spec.goals)


def test_the_version_of_a_rule_changes_with_what_is_counted_and_with_nothing_else() -> None:
    spec = read_campaign(TEXT)
    done = spec.figure("tasks.done")
    assert done is not None
    version = rule_version(done, spec)
    renamed = read_campaign(TEXT.replace('title = "微实事完成"', 'title = "办成的微实事"'))
    other = read_campaign(
        TEXT.replace('{ name = "完成", aliases', '{ name = "完成", bureau_only = true, aliases')
    )
    sooner = read_campaign(TEXT.replace('before = "在办", asks', 'before = "领办", asks'))
    versions = [rule_version(one.figure("tasks.done") or done, one) for one in (renamed, other, sooner)]
    assert versions[:2] == [version, version] and versions[2] != version
    taken = spec.figure("tasks.section.taken")
    assert taken is not None and rule_version(taken, spec) != version
