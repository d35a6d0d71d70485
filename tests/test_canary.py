"""No text of another branch shows on any page, list, search, export or error; no form of theirs is obeyed.

The world of tests/canaries.py marks every text. The walk goes over the addresses that the application has, so
a new endpoint is covered by itself; what an exception allows stands in a table with its reason.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.canaries import OTHER, SEARCHED, SEES, Marked
from tests.canary_texts import text_within
from tests.canary_walk import (
    MISSING,
    address,
    contents,
    foreign_rows,
    forms_of,
    has_ids,
    is_barred,
    keys,
    places,
    quick,
    rules,
    shown,
    swapped,
    undone,
    values_of,
    walkers,
    written_into,
)

pytestmark = pytest.mark.slow  # some two thousand requests on each database

ROLES = sorted(SEES)


def assert_none(found):
    """Fail with one line for each thing found."""
    lines = sorted({": ".join(map(str, one)) for one in found})
    assert not lines, "\n" + "\n".join(lines)


@pytest.fixture
def marked(make):
    return Marked(make)


def browsers(app, marked):
    """Each role with a browser in which somebody of it is signed in."""
    for role, user in walkers({role: marked.users[role] for role in ROLES}, "member", "secretary").items():
        yield role, quick(app).sign_in(user)


def test_no_page_shows_a_mark_of_somebody_else(app, marked):
    found = []
    for role, client in browsers(app, marked):
        for rule in rules(app, "GET"):
            urls = [
                address(app, rule, values_of(rule, marked.own, marked, at))
                for at in places(rule, marked.own, marked, is_barred(app, rule, marked.users[role]))
            ]
            if not rule.arguments:  # a list: look there for what begins every mark of the other branch
                urls.append(address(app, rule, {}, q=SEARCHED.format(OTHER)))
            for url in urls:
                answer = client.get(url)
                assert answer.status_code < 500, url
                found += [(role, rule.endpoint, leak) for leak in marked.leaks(role, text_within(answer))]
    assert_none(found)


def test_a_foreign_id_and_a_missing_one_answer_alike(app, marked):
    apart = []
    for role, client in browsers(app, marked):
        for rule in filter(has_ids, rules(app, "GET")):
            nowhere = client.get(address(app, rule, values_of(rule, None, marked)))
            for at in places(rule, marked.foreign, marked, is_barred(app, rule, marked.users[role])):
                foreign = client.get(address(app, rule, values_of(rule, marked.foreign, marked, at)))
                apart += [(role, rule.endpoint, leak) for leak in marked.leaks(role, text_within(foreign))]
                if (foreign.status_code, shown(foreign)) != (nowhere.status_code, shown(nowhere)):
                    apart.append((role, rule.endpoint, foreign.status_code, nowhere.status_code))
                elif nowhere.status_code != 404:
                    apart.append((role, rule.endpoint, nowhere.status_code, "neither is refused"))
    assert_none(apart)


def test_a_form_for_a_foreign_id_is_not_found_and_writes_nothing(app, marked):
    before, wrong = contents(), []
    for role, client in browsers(app, marked):
        for rule in filter(has_ids, rules(app, "POST")):
            fields = {"version": "1", "why": "不对", "text": "一句话", "reason": "不对"}
            missing = address(app, rule, values_of(rule, None, marked))
            nowhere = client.post(missing, data={**fields, **keys(client)})
            for at in places(rule, marked.foreign, marked, is_barred(app, rule, marked.users[role]))[::6]:
                url = address(app, rule, values_of(rule, marked.foreign, marked, at))
                foreign = client.post(url, data={**fields, **keys(client)})
                wrong += [(role, rule.endpoint, leak) for leak in marked.leaks(role, text_within(foreign))]
                if (foreign.status_code, nowhere.status_code) != (404, 404):
                    wrong.append((role, rule.endpoint, url, foreign.status_code, nowhere.status_code))
                elif shown(foreign) != shown(nowhere):
                    wrong.append((role, rule.endpoint, shown(foreign), shown(nowhere)))
    assert_none(wrong)
    assert contents() == before


def test_no_form_and_no_export_shows_or_touches_what_is_foreign(app, marked):
    """Each form of each page, sent as it is, then with ids of the other branch wherever it holds an id."""
    before, found = foreign_rows(marked), []
    for role, client in browsers(app, marked):
        for action, fields in forms_of(app, client, marked.users[role], marked):
            where = urlsplit(action).path
            for sent in (fields, *swapped(fields, marked)):
                with undone():
                    with written_into() as names:
                        answer = client.post(action, data={**sent, **keys(client)})
                    assert answer.status_code < 500, (role, where, sent)
                    said = text_within(answer)
                    if answer.status_code == 303:
                        said += text_within(client.get(answer.location))
                    found += [(role, where, leak) for leak in marked.leaks(role, said)]
                    if any(rows != before[name] for name, rows in foreign_rows(marked, names).items()):
                        found.append((role, where, "touched what is foreign", sent))
    assert_none(found)


# What an address may be asked with beside its ids, and what it is asked for.
PARAMETERS = (
    "about actor as_of attendance branch by campaign category date day draft exempt figure group group_id"
    " kind member member_id page paper people q record record_id section section_id show since sort stage"
    " standing status tab type unit unit_id until user user_id"
)
WORDS = "-day minutes name 2021-03-05 9999-12-31 1 -1 2 verified submitted returned yes % _ ' 张"


def test_no_search_filter_or_order_shows_a_mark_of_somebody_else(app, marked):
    numbers = [str(id_) for ids in marked.foreign.values() for id_ in ids] + [str(MISSING)]
    searches = [SEARCHED.format(letter) for letter in "abcdefghi"]
    codes = [kind.code for kind in marked.spec.kinds] + [figure.id for figure in marked.spec.figures]
    words = [*searches, *numbers, *codes, *WORDS.split(), ""]
    clients = dict(browsers(app, marked))
    opened = [
        (role, rule)
        for role in clients
        for rule in rules(app, "GET")
        if not is_barred(app, rule, marked.users[role])  # who is barred is refused before anything is read
    ]

    @hypothesis.settings(
        max_examples=150, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=False
    )
    @hypothesis.given(
        opened=st.sampled_from(opened),
        at=st.integers(0, 40),
        is_own=st.booleans(),
        query=st.dictionaries(st.sampled_from(PARAMETERS.split()), st.sampled_from(words), max_size=4),
    )
    def walk(opened, at, is_own, query):
        role, rule = opened
        values = values_of(rule, marked.own if is_own else marked.foreign, marked, at)
        asked = {name: value for name, value in query.items() if name not in values}
        answer = clients[role].get(address(app, rule, values, **asked))
        assert answer.status_code < 500
        assert marked.leaks(role, text_within(answer)) == []

    walk()


def test_the_marks_are_where_they_should_be(app, marked):
    """The control: each sees the own marks, and the office sees the other branch's."""
    for role, whose in (("secretary", "a"), ("member", "g")):
        client = quick(app).sign_in(marked.users[role])
        page = "/records" if role == "secretary" else "/me/records"
        assert SEARCHED.format(whose) in client.get(page).text
    client = quick(app).sign_in(marked.office)
    assert SEARCHED.format("b") in client.get("/records").text
    assert marked.leaks("secretary", client.get("/records").text) != []
