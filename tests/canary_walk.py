"""How the canary test walks: every address of the application, every form of its pages."""

from __future__ import annotations

import math
import os
import re
import secrets
from contextlib import contextmanager, nullcontext
from unittest.mock import patch
from urllib.parse import urlsplit

from flask import url_for
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, select

from tests import html
from tests.clients import Client
from tests.summary import FULL, in_turn
from tracker.access import Permission, mark_of, permissions_of
from tracker.db import Model, db
from tracker.views.frame import Frame

MISSING = 987_654_321
MOST = 12 if os.environ.get(FULL) else 4  # of each sort of thing that a page is opened of
ROOM = "records"  # of the help: each of its pages is the same to everybody
# Nobody is signed in after these, so the walk leaves them to their own tests.
ENDS = {"sessions.sign_out"}
# Tables that keep what a request itself leaves: who asked for what, and that a form was taken.
OWN_TRACES = {"audit_event", "submission", "user_session", "known_device", "try_count"}
# Names of fields that may hold an id of whatever sort.
ANY_ID = {
    "ids",
    "people",
    "unit",
    "owner",
    "record",
    "records",
    "who",
    "by",
    "to",
    "branch",
    "group",
    "section",
}


class Quick(Client):
    """A browser that does not read each page strictly: other tests do, and this walk opens hundreds.

    The menu is that of the first page on every other one: it is left out of them, a quarter of a page's time.
    """

    has_seen_menu = False

    def open(self, *args, buffered=True, **kwargs):
        db.session.commit()
        with self.application.app_context(), _menu(not self.has_seen_menu):
            response = FlaskClient.open(self, *args, buffered=buffered, **kwargs)
        self.has_seen_menu = self.has_seen_menu or b'id="menu-1"' in response.data
        db.session.expire_all()
        return response


def _menu(is_shown):
    return nullcontext() if is_shown else patch.object(Frame, "menu", None)


def quick(app):
    return Quick(app, app.response_class, use_cookies=True)


def rules(app, method):
    """The addresses of the application that take `method`, in a fixed order."""
    found = [
        rule for rule in app.url_map.iter_rules() if method in rule.methods and rule.endpoint != "static"
    ]
    return sorted((rule for rule in found if rule.endpoint not in ENDS), key=lambda rule: rule.endpoint)


def values_of(rule, pool, marked, at=0):
    """Arguments for an address: ids out of `pool`, or one that nothing has where `pool` is None."""
    found = {}
    for name in sorted(rule.arguments):
        match name:
            case "figure_id":
                found[name] = marked.spec.figures[at % len(marked.spec.figures)].id
            case "code":
                found[name] = marked.spec.goals[at % len(marked.spec.goals)].code
            case "campaign_code":
                found[name] = marked.campaign.code
            case "kind_code":
                found[name] = marked.spec.kinds[at % len(marked.spec.kinds)].code
            case "room":
                found[name] = ROOM
            case _ if pool is None:
                found[name] = MISSING
            case _:
                assert pool[name], f"tests/canaries.py has no ids for {name} of {rule.endpoint}"
                found[name] = pool[name][at % len(pool[name])]
    return found


def has_ids(rule):
    return any(name.endswith("_id") and name != "figure_id" for name in rule.arguments)


def address(app, rule, values, **query):
    with app.test_request_context():
        return url_for(rule.endpoint, **values, **query)


def is_barred(app, rule, user):
    """Whether the roles of `user` bar them from the view itself: it runs for no id then, whatever the id."""
    mark = mark_of(app, rule.endpoint)
    return isinstance(mark, Permission) and mark not in permissions_of(user)


def places(rule, pool, marked, barred=False):
    """Which sets of arguments are asked for: of records all on their own page, elsewhere some of each.

    barred: what `is_barred` says. The view never reads the id then, and tests/test_access.py shows that it is
    refused; one in `make test-full`.
    """
    if barred:
        return range(1 if os.environ.get(FULL) else 0)
    plain = {
        "figure_id": marked.spec.figures,
        "code": marked.spec.goals,
        "kind_code": marked.spec.kinds,
        "campaign_code": (marked.campaign,),
        "room": (ROOM,),
    }
    depth = max([1, *(len(plain.get(name) or pool[name]) for name in rule.arguments)])
    return range(0, depth, 1 if rule.endpoint == "records.show" else math.ceil(depth / MOST))


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


def walkers(people, *on_postgresql):
    """Those of `people` (name → account) who walk: all of them; on PostgreSQL these, since only the
    statements differ there and these make them; in `make test` the others on SQLite. In `make test-full` all
    of them on both."""
    if os.environ.get(FULL):
        return people
    if db.engine.dialect.name == "postgresql":
        return {name: people[name] for name in on_postgresql}
    left_out = on_postgresql if in_turn() else ()
    return {name: user for name, user in people.items() if name not in left_out}


WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "?(\w+)', re.IGNORECASE)


@contextmanager
def written_into():
    """The names of the tables that statements insert into, change or delete from meanwhile."""
    names = set()

    def note(_connection, _cursor, statement, *_):
        if match := WRITES.match(statement):
            names.add(match[1])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield names
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def shown(answer):
    """The visible text of a page: what a reader could compare."""
    if answer.mimetype != "text/html":
        return answer.data
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split())


def contents(names=None):
    """Every row of every table but the traces of a request: what a refused form must leave as it was.

    names: of these tables alone.
    """
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all()))
        for table in Model.metadata.sorted_tables
        if table.name not in OWN_TRACES and (names is None or table.name in names)
    }


def keys(client):
    """The token and a new key, as a form of ours carries them.

    The token belongs to the browser's session: a page is opened for it only when that changed.
    """
    cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
    kept = getattr(client, "token_of", None)
    if kept is None or kept[0] != cookie:
        token = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', client.get("/help").text)
        assert token, "the help page has no form"
        cookie = client.get_cookie(client.application.config["SESSION_COOKIE_NAME"])
        client.token_of = kept = (cookie, token[1])
    return {"csrf_token": kept[1], "submission_key": secrets.token_urlsafe(24)}


def forms_of(app, client, user, marked):
    """Each form with which a page of the reader's own writes: its address, and its fields filled in."""
    seen: dict[tuple[str, tuple[str, ...]], tuple[str, dict[str, list[str]]]] = {}
    for rule in rules(app, "GET"):
        # The page of style has forms to look at, whose addresses are none.
        if rule.endpoint == "style.show" or is_barred(app, rule, user):
            continue
        for at in places(rule, marked.own, marked)[:3]:
            url = address(app, rule, values_of(rule, marked.own, marked, at))
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
    """The same form with ids of the other branch in every field that is named after a thing."""
    for sort in sorted(marked.foreign):
        ids = [str(id_) for id_ in marked.foreign[sort]][:60]
        noun = sort.removesuffix("_id")
        named = [
            name for name in fields if noun in name or name in ("ids", "people", "unit", "owner", "record")
        ]
        named = [name for name in named if name not in ("csrf_token", "submission_key", "version")]
        if named and ids:
            yield {**fields, **dict.fromkeys(named, ids)}
        if sort == "record_id" and "seen" in fields:  # what stands in a box of the queue: id and version
            yield {**fields, "seen": [f"{id_}:{version}" for id_ in ids for version in (1, 2)]}


def foreign_rows(marked, names=None):
    """The rows of the other side and those that point to them; of these tables alone, if they are named."""
    found = {}
    ids = {"record": marked.foreign["record_id"], "member": marked.foreign["member_id"]}
    ids["user_account"] = marked.foreign["user_id"]
    ids["unit"] = marked.foreign["unit_id"] + marked.foreign["group_id"] + marked.foreign["section_id"]
    for table in Model.metadata.sorted_tables:
        if table.name in OWN_TRACES or (names is not None and table.name not in names):
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
