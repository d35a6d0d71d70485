"""An id of somebody else's, one that nothing has and one beyond every database: all are simply not found."""

from __future__ import annotations

import pytest

from tests import html
from tests.canary_walk import quick
from tests.test_access import ALLOWED, OFFICE, OTHER, STRANGER, ask, peopled
from tests.world import address_of, rules


@pytest.fixture
def world(make):
    return peopled(make)


@pytest.mark.slow
@pytest.mark.parametrize("role", [OTHER, STRANGER])
def test_a_foreign_id_and_a_missing_one_get_the_same_answer_by_the_same_statements(
    app, world, statements, role
):
    """The same statements are the same time, but for the row that one of them finds and does not show."""
    client = quick(app).sign_in(world.users[role])
    fields = html.hidden_fields(client.page("/help"))
    missing = dict.fromkeys(world.values, 999_999)
    asked = [rule for rule in rules(app) if names_a_row(rule) and role not in ALLOWED[rule.endpoint]]
    assert len(asked) > 100
    for rule in asked:
        urls = [address_of(app, rule, values) for values in (world.values, missing)]
        ask(client, rule, urls[1], fields)  # what a process reads once has been read
        answers, seen = [], []
        for url in urls:
            with statements() as said:
                answers.append(ask(client, rule, url, fields))
            seen.append(list(said))
        assert [answer.status_code for answer in answers] == [404, 404], rule.endpoint
        assert answers[0].text == answers[1].text, rule.endpoint
        assert seen[0] == seen[1], rule.endpoint


def test_a_foreign_row_and_a_missing_one_are_one_page(app, client, world):
    client.sign_in(world.users[OTHER])
    rule = next(rule for rule in rules(app) if rule.endpoint == "records.show")
    missing = dict.fromkeys(world.values, 999_999)
    said = [
        html.text_of(html.parse(client.get(address_of(app, rule, values)).text).find(".//main"))
        for values in (world.values, missing)
    ]
    assert said[0] == said[1]


def test_an_id_beyond_every_database_is_simply_not_found(app, client, world):
    client.sign_in(world.users[OFFICE])
    for rule in rules(app):
        if names_a_row(rule) and "GET" in rule.methods:
            assert client.get(address_of(app, rule, {**world.values, **huge(rule)})).status_code == 404, (
                rule.endpoint
            )


def names_a_row(rule):
    return any(name.endswith("_id") and name != "figure_id" for name in rule.arguments)


def huge(rule):
    return {
        name: 9_007_199_254_740_991 for name in rule.arguments if name.endswith("_id") and name != "figure_id"
    }
