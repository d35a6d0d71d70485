"""Every page that somebody reaches by links is whole, whichever campaign is the current one."""

from __future__ import annotations

import datetime as dt
import html as entities
import os
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import make_url, select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from tests import html, small_truths
from tests.acceptance.test_small_bureau import FILES, run
from tests.browser.looking import ENGLISH_WORDS, RAW
from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.summary import FULL
from tracker.db import db
from tracker.models import Grant, Member, Role, Unit, User

pytestmark = pytest.mark.slow

# Addresses of one endpoint that are opened; one more in `make test-everything`. What differs between
# databases is the statements, and the first address of an endpoint makes them.
SAMPLES = {"sqlite": 2 if os.environ.get(FULL) else 1, "postgresql": 1}
# The campaign → the day on which it is looked at.
CAMPAIGNS = {
    "qigeyibai-2021": dt.date(2021, 7, 31),
    small_truths.THEME: dt.date(2023, 11, 15),
    small_truths.VOLUNTEER: dt.date(2024, 10, 15),
}
# login → role, at which unit, whose account
PEOPLE = {
    "office": (Role.OFFICE, None, "Z002"),
    "auditor": (Role.AUDITOR, None, None),
    "secretary": (Role.SECRETARY, "第一党支部", "Z001"),
    "leader": (Role.GROUP_LEADER, "第一党小组", "Z003"),
    "head": (Role.SECTION_HEAD, "办公室", "Z009"),
    "member": (Role.MEMBER, None, "Z005"),
    "retired": (Role.MEMBER, None, "Z022"),
}


@pytest.fixture(scope="module")
def bureau(database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The small bureau with its campaigns, ledgers and people; a part of each ledger waits to be verified."""
    url = database.create(template_url)
    app = make_app(config_for(url, tmp_path_factory.mktemp("walk"), today=dt.date(2024, 12, 31)))
    for path in sorted(FILES.glob("*.toml")):
        run(app, "campaigns", "load", str(path), "--commit")
    run(app, "members", "import", str(small_truths.DATA / "small" / "roster.xlsx"), "--commit")
    for code, more in ((small_truths.THEME, ["--verified"]), (small_truths.VOLUNTEER, [])):
        path = small_truths.DATA / code / "ledger.xlsx"
        run(app, "ledger", "import", str(path), "--campaign", code, *more, "--commit")
    with app.app_context():
        for login, (role, place, number) in PEOPLE.items():
            unit = db.session.scalar(select(Unit).where(Unit.name == place)) if place else None
            member = db.session.scalar(select(Member).where(Member.number == number)) if number else None
            user = User(login=login, name=f"用户{login}", password_hash="", member_id=member and member.id)
            user.grants = [Grant(role=role, unit=unit)]
            user.grants += [Grant(role=Role.MEMBER)] if member and role is not Role.MEMBER else []
            db.session.add(user)
        db.session.commit()
    yield app
    close_app(app)
    database.drop(url)


@pytest.fixture
def current(bureau: Flask, request: pytest.FixtureRequest) -> Iterator[str]:
    """Each campaign in turn, on a day in the midst of it."""
    run(bureau, "campaigns", "open", request.param)
    config = bureau.config["TRACKER"]
    bureau.config["TRACKER"] = replace(config, today=CAMPAIGNS[request.param])
    yield request.param
    bureau.config["TRACKER"] = config


def endpoint_of(app, path):
    try:
        return app.url_map.bind("localhost").match(path, method="GET")[0]
    except (HTTPException, RequestRedirect):
        return None


def links(text):
    return [entities.unescape(href) for href in re.findall(r'<a\b[^>]*?\bhref="(/[^"#]+)', text)]


def raw_words(root):
    main = root.find(".//main")
    if main is None:
        return []
    words = html.words_of(main)
    patterns = {**RAW, "English words": ENGLISH_WORDS}
    return [f"{what}: {match[0]}" for what, one in patterns.items() for match in re.finditer(one, words)]


# Who walks through every campaign; the others' pages have the same parts, and in `make test` they walk
# through the first one.
IN_EACH = {"office", "member"}
FIRST = next(iter(CAMPAIGNS))
WALKS = [
    pytest.param(code, login, id=f"{code}-{login}")
    for code in CAMPAIGNS
    for login in PEOPLE
    if login in IN_EACH or code == FIRST or os.environ.get(FULL)
]
LEFT_OUT = ("sessions.sign_out", "style.show")  # the page of components links to what it only shows


@pytest.mark.on_postgresql_as("office", "member")
@pytest.mark.parametrize(("current", "login"), WALKS, indirect=["current"])
def test_every_page_that_somebody_reaches_is_whole_in_each_campaign(bureau, current, login):
    with bureau.app_context():
        user = db.session.scalars(select(User).where(User.login == login)).one()
        db.session.expunge(user)
    client = bureau.test_client().sign_in(user)
    plain = [
        rule.rule for rule in bureau.url_map.iter_rules()
        if "GET" in rule.methods and not rule.arguments and rule.endpoint not in LEFT_OUT
    ]  # fmt: skip
    samples = SAMPLES[make_url(bureau.config["SQLALCHEMY_DATABASE_URI"]).get_backend_name()]
    opened: dict[str, set[str]] = {}
    found = []
    queue = deque([("", "/"), *(("", path) for path in sorted(plain))])
    while queue:
        source, address = queue.popleft()
        endpoint = endpoint_of(bureau, urlsplit(address).path)
        if endpoint is None or endpoint == "static":
            found += [f"{source} leads to {address}, which is no page"] if endpoint is None else []
            continue
        seen = opened.setdefault(endpoint, set())
        if address in seen or (len(seen) >= samples and source):
            continue
        seen.add(address)
        answer = client.get(address)
        if answer.status_code == 302 and endpoint == "figures.show":
            queue.append((address, answer.location))
            continue
        allowed = (200,) if source else (200, 302, 303, 400, 403, 404)
        if (
            endpoint == "sessions.sign_in"
        ):  # a note that waits on a phone offers it; who is signed in is led on
            allowed = (*allowed, 303)
        if endpoint == "bureau.show":  # without a ledger the office is led to the first steps
            allowed = (*allowed, 302)
        if endpoint.startswith("chart_pictures."):
            allowed = (*allowed, 422)  # a machine without a Chromium says so; the tests' has none
        if answer.status_code not in allowed:
            found.append(f"{source or 'the map'} leads to {address}, which answers {answer.status_code}")
        if answer.status_code == 200 and answer.mimetype == "text/html" and answer.data:
            found += [f"{address}: {one}" for one in raw_words(answer.root)]
            queue.extend((address, one) for one in links(answer.text))
    assert found == [], "\n".join(found)
