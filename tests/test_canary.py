"""No text of another branch shows on any page, list, search, export or error, and no form of theirs is obeyed.

The world of tests/canaries.py marks every text. The walk goes over the addresses that the application has, so a
new endpoint is covered by itself; what an exception allows stands in a table with its reason.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from urllib.parse import urlsplit

import hypothesis
import pytest
from flask import url_for
from hypothesis import strategies as st
from sqlalchemy import select

from tests import html
from tests.canaries import SEARCHED, SEES, Marked, text_within
from tracker.db import Model, db

MISSING = 987_654_321
ROLES = sorted(SEES)
# Nobody is signed in after these, so a walk leaves them to their own tests.
ENDS = {"sessions.sign_out"}
# Tables that keep what a request itself leaves: who asked for what, and that a form was taken.
OWN_TRACES = {"audit_event", "submission", "user_session", "known_device", "try_count"}
# An address that answers a foreign id otherwise than a missing one, and why that tells nothing.
TELLS_APART: dict[str, str] = {}


@pytest.fixture
def marked(make):
    return Marked(make)


def rules(app, method):
    """The addresses of the application that take `method`, in a fixed order."""
    found = [
        rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"
    ]
    return sorted((rule for rule in found if rule.endpoint not in ENDS), key=lambda rule: rule.endpoint)


def values_of(rule, pool, marked, at=0):
    """Arguments for an address, ids out of `pool`; None where the pool has none of that sort."""
    found = {}
    for name in sorted(rule.arguments):
        match name:
            case "figure_id":
                found[name] = marked.spec.figures[at % len(marked.spec.figures)].id
            case "code":
                found[name] = marked.spec.goals[at % len(marked.spec.goals)].code
            case "kind_code":
                found[name] = marked.spec.kinds[at % len(marked.spec.kinds)].code
            case _ if pool is None:
                found[name] = MISSING
            case _:
                assert name in pool, f"tests/canaries.py has no ids for {name} of {rule.endpoint}"
                if not pool[name]:
                    return None
                found[name] = pool[name][at % len(pool[name])]
    return found


def has_ids(rule):
    return any(name.endswith("_id") and name != "figure_id" for name in rule.arguments)


def address(app, rule, values, **query):
    with app.test_request_context():
        return url_for(rule.endpoint, **values, **query)


def depth(rule, pool, marked):
    """How many different sets of arguments there are for an address."""
    sizes = [len(pool.get(name, ())) for name in rule.arguments]
    plain = {"figure_id": marked.spec.figures, "code": marked.spec.goals, "kind_code": marked.spec.kinds}
    return max([1, *sizes, *(len(plain[name]) for name in rule.arguments if name in plain)])


@contextmanager
def undone():
    """Whatever is written inside is taken back: the next request finds the world as it was."""
    db.session.commit()
    point = db.engine.begin_nested()
    try:
        yield
    finally:
        db.session.rollback()
        point.rollback()
        db.session.expire_all()


def shown(answer):
    """The visible text of a page: what a reader could compare."""
    return (
        html.text_of(html.parse(answer.text).find(".//main"))
        if answer.mimetype == "text/html"
        else answer.data
    )


@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_a_mark_of_somebody_else(app, client, marked, role):
    client.sign_in(marked.users[role])
    found = []
    for rule in rules(app, "GET"):
        for pool in (marked.own, marked.foreign):
            for at in range(depth(rule, pool, marked)):
                values = values_of(rule, pool, marked, at)
                if values is None:
                    continue
                url = address(app, rule, values)
                answer = client.get(url)
                assert answer.status_code < 500, url
                found += [(rule.endpoint, leak) for leak in marked.leaks(role, text_within(answer))]
    assert sorted(set(found)) == []


@pytest.mark.parametrize("role", ROLES)
def test_a_foreign_id_and_a_missing_one_answer_alike(app, client, marked, role):
    client.sign_in(marked.users[role])
    apart = []
    for rule in rules(app, "GET"):
        if not has_ids(rule):
            continue
        nowhere = client.get(address(app, rule, values_of(rule, None, marked)))
        for at in range(depth(rule, marked.foreign, marked)):
            values = values_of(rule, marked.foreign, marked, at)
            foreign = client.get(address(app, rule, values))
            if (foreign.status_code, shown(foreign)) != (nowhere.status_code, shown(nowhere)):
                apart.append((rule.endpoint, values, foreign.status_code, nowhere.status_code))
            elif nowhere.status_code not in (302, 404):
                apart.append((rule.endpoint, values, nowhere.status_code, "neither is refused"))
    assert [one for one in apart if one[0] not in TELLS_APART] == []


def contents():
    """Every row of every table but the traces of a request: what a refused form must leave as it was."""
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Model.metadata.sorted_tables
        if table.name not in OWN_TRACES
    }


def keys(client):
    return html.hidden_fields(client.page("/help"))


@pytest.mark.parametrize("role", ROLES)
def test_a_form_for_a_foreign_id_is_not_found_and_writes_nothing(app, client, marked, role):
    client.sign_in(marked.users[role])
    before, wrong = contents(), []
    for rule in rules(app, "POST"):
        if not has_ids(rule):
            continue
        for at in (0, depth(rule, marked.foreign, marked) - 1):
            values = values_of(rule, marked.foreign, marked, at)
            fields = {**keys(client), "version": "1", "why": "不对", "text": "一句话", "reason": "不对"}
            foreign = client.post(address(app, rule, values), data=fields)
            nowhere = client.post(
                address(app, rule, values_of(rule, None, marked)), data={**fields, **keys(client)}
            )
            if (foreign.status_code, nowhere.status_code) != (404, 404):
                wrong.append((rule.endpoint, values, foreign.status_code, nowhere.status_code))
            elif shown(foreign) != shown(nowhere):
                wrong.append((rule.endpoint, "said", shown(foreign), shown(nowhere)))
            wrong += [(rule.endpoint, leak) for leak in marked.leaks(role, text_within(foreign))]
    assert wrong == []
    assert contents() == before


@pytest.mark.parametrize("role", ROLES)
def test_no_form_and_no_export_shows_or_touches_what_is_foreign(app, client, marked, role):
    """Each form of each page, sent as it is, then with ids of the other branch wherever it holds an id."""
    client.sign_in(marked.users[role])
    foreign_before, found = foreign_rows(marked), []
    for action, fields in forms_of(app, client, marked):
        for sent in (fields, *swapped(fields, marked)):
            with undone():
                answer = client.post(action, data={**sent, **fresh(client, sent)})
                where = urlsplit(action).path
                assert answer.status_code < 500, (where, sent)
                found += [(where, leak) for leak in marked.leaks(role, text_within(answer))]
                if answer.status_code == 303:
                    found += [
                        (where, leak) for leak in marked.leaks(role, text_within(client.get(answer.location)))
                    ]
                if foreign_rows(marked) != foreign_before:
                    found.append((where, "touched what is foreign", sent))
    assert found == []


def fresh(client, sent):
    """The key and the token of a form that was not sent yet."""
    return {name: value for name, value in keys(client).items() if name in ("csrf_token", "submission_key")}


def forms_of(app, client, marked):
    """Each form with which a page of the reader's own writes: its address and the fields as they stand there."""
    seen: dict[tuple[str, tuple[str, ...]], tuple[str, dict[str, list[str]]]] = {}
    for rule in rules(app, "GET"):
        for at in range(min(3, depth(rule, marked.own, marked))):
            values = values_of(rule, marked.own, marked, at)
            if values is None:
                continue
            url = address(app, rule, values)
            answer = client.get(url)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            for form in html.parse(answer.text).iter("form"):
                action = form.get("action") or url
                path = re.sub(r"[0-9]+", "0", urlsplit(action).path)
                if (form.get("method") or "get").lower() == "post" and path not in ("/language", "/sign-out"):
                    fields = fields_of(form)
                    seen.setdefault((path, tuple(sorted(fields))), (action, fields))
    return list(seen.values())


def fields_of(form):
    """What a browser would send if every box were ticked and every choice were its last."""
    found: dict[str, list[str]] = {}
    for field in form.iter():
        name = field.get("name") if isinstance(field.tag, str) else None
        if not name or field.tag == "button":
            continue
        if field.tag == "select":
            choices = [option.get("value", html.text_of(option)) for option in field.iter("option")]
            found[name] = choices[-1:]
        elif field.get("type") in ("checkbox", "radio"):
            found.setdefault(name, []).append(field.get("value") or "y")
        else:
            found[name] = [field.get("value") or html.text_of(field)]
    return found


def swapped(fields, marked):
    """The same form with ids of the other branch in every field that holds a number or is named after a thing."""
    for sort in sorted(marked.foreign):
        ids = [str(id_) for id_ in marked.foreign[sort]][:60]
        noun = sort.removesuffix("_id")
        named = [
            name for name in fields if noun in name or name in ("ids", "people", "unit", "owner", "record")
        ]
        named = [name for name in named if name not in ("csrf_token", "submission_key", "version")]
        if named and ids:
            yield {**fields, **dict.fromkeys(named, ids)}


def foreign_rows(marked):
    """The rows of the other side, and how many rows point to them."""
    found = {}
    ids = {"record": marked.foreign["record_id"], "member": marked.foreign["member_id"]}
    ids["user_account"] = marked.foreign["user_id"]
    ids["unit"] = marked.foreign["unit_id"] + marked.foreign["group_id"] + marked.foreign["section_id"]
    for table in Model.metadata.sorted_tables:
        if table.name in OWN_TRACES:
            continue
        for column in table.columns:
            for key in column.foreign_keys:
                target = key.column.table.name
                if target in ids:
                    where = select(table).where(column.in_(ids[target]))
                    found[str(column)] = sorted(map(repr, db.session.execute(where).all()))
        if table.name in ids:
            where = select(table).where(table.c.id.in_(ids[table.name]))
            found[table.name] = sorted(map(repr, db.session.execute(where).all()))
    return found


PARAMETERS = (
    "q", "sort", "page", "branch", "unit", "group", "section", "kind", "status", "since", "until", "figure",
    "as_of", "member", "member_id", "record", "record_id", "about", "by", "actor", "category", "standing", "show",
    "type", "stage", "tab", "user", "user_id", "draft", "paper", "campaign", "attendance", "date", "day",
)  # fmt: skip


def test_no_search_filter_or_order_shows_a_mark_of_somebody_else(app, client, marked):
    numbers = [str(id_) for ids in marked.foreign.values() for id_ in ids] + [str(MISSING)]
    searches = [SEARCHED.format(letter) for letter in "abcdefghi"]
    codes = [kind.code for kind in marked.spec.kinds] + [figure.id for figure in marked.spec.figures]
    words = [*searches, *numbers, *codes, "-day", "minutes", "name", "2021-03-05", "9999-12-31", "", "1", "-1", "2",
             "verified", "submitted", "returned", "yes", "%", "_", "'", "张"]  # fmt: skip
    pages = rules(app, "GET")
    browsers = {}
    for role in ROLES:
        browsers[role] = app.test_client()
        browsers[role].sign_in(marked.users[role])

    @hypothesis.settings(
        max_examples=250, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=False
    )
    @hypothesis.given(
        role=st.sampled_from(ROLES),
        rule=st.sampled_from(pages),
        at=st.integers(0, 40),
        is_own=st.booleans(),
        query=st.dictionaries(st.sampled_from(PARAMETERS), st.sampled_from(words), max_size=4),
    )
    def walk(role, rule, at, is_own, query):
        values = values_of(rule, marked.own if is_own else marked.foreign, marked, at)
        if values is None:
            return
        answer = browsers[role].get(
            address(app, rule, values, **{k: v for k, v in query.items() if k not in values})
        )
        assert answer.status_code < 500
        assert marked.leaks(role, text_within(answer)) == []

    walk()


def test_the_marks_are_where_they_should_be(client, marked):
    """The control: each sees the own marks, and the office sees the other branch's."""
    for role, whose in (("secretary", "a"), ("member", "g")):
        client.sign_in(marked.users[role])
        page = "/records" if role == "secretary" else "/me/records"
        assert SEARCHED.format(whose) in client.get(page).text
    client.sign_in(marked.office)
    assert SEARCHED.format("b") in client.get("/records").text
    assert marked.leaks("secretary", client.get("/records").text) != []
