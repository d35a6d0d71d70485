"""How we count: every figure with its rule, and the way from a figure to its rows."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.queries.campaigns import spec_of
from tracker.rules.wording import rule_in_words


@pytest.fixture
def bureau(make):
    return small_bureau(make)


def test_every_figure_stands_there_with_a_rule(client, bureau):
    root = client.sign_in(bureau.office).page(f"/figures?as_of={DAY}")
    shown = {row.get("id") for row in root.iter("tr") if row.get("id")}
    assert shown == {figure.id for figure in spec_of(bureau.campaign).figures}
    assert inline_things(root) == []


def test_rules_fill_all_their_places(bureau):
    spec = spec_of(bureau.campaign)
    for figure in spec.figures:
        for sentence in rule_in_words(figure, spec):
            assert "%(" not in sentence.msgid % sentence.params


def test_a_target_has_its_unit(client, bureau):
    text = html.text_of(client.sign_in(bureau.office).page("/figures"))
    assert "已满100小时" in text


def test_a_figure_leads_to_its_rows(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/figures/stories.sessions?as_of={DAY}&unit={bureau.west.id}")
    assert answer.status_code == 302
    assert answer.location == f"/records?figure=stories.sessions&as_of={DAY}&unit={bureau.west.id}"


def test_a_figure_that_is_not_there_is_not_found(client, bureau):
    client.sign_in(bureau.office).page("/figures/nothing", 404)


@pytest.mark.parametrize("reader", ["auditor", "secretary"])
def test_rules_are_for_everybody_with_a_role(client, bureau, reader):
    client.sign_in(getattr(bureau, reader)).page("/figures")


def test_who_has_no_role_is_refused(client, make, bureau):
    client.sign_in(make.user(role=None)).page("/figures", 404)


def test_who_is_not_signed_in_is_sent_to_the_sign_in(client, bureau):
    assert client.get("/figures").location.startswith("/sign-in")
    assert client.get("/figures/stories.sessions").location.startswith("/sign-in")


def test_without_a_campaign_the_page_says_so(client, make):
    assert "还没有行动计划" in html.text_of(client.sign_in(make.user()).page("/figures"))


def test_a_secretary_sees_the_value_of_the_own_branch_and_of_no_other(client, bureau):
    def each(reader):
        row = (
            client.sign_in(reader).page(f"/figures?as_of={DAY}").find(".//tr[@id='study.by_branch_minutes']")
        )
        return html.text_of(row)

    assert (bureau.east.name in each(bureau.office), bureau.west.name in each(bureau.office)) == (True, True)
    assert (bureau.east.name in each(bureau.secretary), bureau.west.name in each(bureau.secretary)) == (
        True,
        False,
    )
