"""An id of somebody else's, one that nothing has and one beyond every database: all are simply not found."""

from __future__ import annotations

import pytest

from tests import html
from tests.test_access import OFFICE, OTHER, peopled
from tests.world import address_of, rules


@pytest.fixture
def world(make):
    return peopled(make)


@pytest.mark.parametrize(
    "endpoint",
    [
        "records.show",
        "evidence.download",
        "shares.show",
        "assignments.show",
        "branches.show",
        "groups.show",
        "sections.show",
        "members.show",
        "members.move",
        "pairings.sealed",
        "plans.show",
        "samples.show",
        "series.show",
        "plans.change",
        "statements.branch",
    ],
)
def test_a_foreign_id_and_a_missing_one_get_the_same_answer(app, client, world, endpoint):
    client.sign_in(world.users[OTHER])
    rule = next(rule for rule in rules(app) if rule.endpoint == endpoint)
    missing = dict.fromkeys(world.values, 999_999)
    foreign, nowhere = (client.get(address_of(app, rule, values)) for values in (world.values, missing))
    assert (foreign.status_code, nowhere.status_code) == (404, 404)
    said = [html.text_of(html.parse(answer.text).find(".//main")) for answer in (foreign, nowhere)]
    assert said[0] == said[1]


def test_an_id_beyond_every_database_is_simply_not_found(app, client, world):
    client.sign_in(world.users[OFFICE])
    for rule in rules(app):
        if (
            any(name.endswith("_id") and name != "figure_id" for name in rule.arguments)
            and "GET" in rule.methods
        ):
            assert client.get(address_of(app, rule, {**world.values, **huge(rule)})).status_code == 404, (
                rule.endpoint
            )


def huge(rule):
    return {
        name: 9_007_199_254_740_991 for name in rule.arguments if name.endswith("_id") and name != "figure_id"
    }
