"""A sealed name stands nowhere in clear: no page, list, search, export, log, file, table or backup has it.

It is planted through the pages, on the right way and on the wrong ones; then everything is looked through.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from collections import Counter
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from tests import html
from tests.canaries import Marked
from tests.canary_texts import text_within
from tests.canary_walk import address, is_barred, keys, places, quick, rules, values_of, walkers
from tests.maker import Maker
from tests.summary import FULL
from tracker.db import Model, db
from tracker.models import Record, Role, SealedPerson, Status

pytestmark = pytest.mark.slow  # some hundred requests on each database

PLANTED = ("闫芷柔", "13698745201", "榆树巷七号院")
SEARCHED = {
    form
    for text in PLANTED
    for form in (
        text.encode(), text.encode("utf-16-le"), text.encode("gbk"), quote(text).encode(),
        text.encode("unicode_escape"), text.encode("unicode_escape").replace(b"\\", b"\\\\"),
    )
}  # fmt: skip
OF_EACH = 2 if os.environ.get(FULL) else 1  # things that a page is opened of


def found_in(content):
    """What of it stands in these bytes."""
    content = content.encode() if isinstance(content, str) else content
    return [form for form in SEARCHED if form in content]


def send(client, record, act="", **fields):
    page = f"/pairings/{record.id}/sealed"
    hidden = html.hidden_fields(html.parse(client.get(page).text), page + act)
    return client.post(page + act, data={**hidden, **fields})


def plant(marked, app):
    """Seal it as its member: sent wrongly, sent right, written anew, opened, sent after the session ended."""
    name, contact, place = PLANTED
    values = {"name": name, "contact": contact, "address": place}
    record = db.session.scalars(
        select(Record).where(Record.member_id == marked.myself.id, Record.status == Status.VERIFIED,
                             Record.kind_id == marked.rows["pairing"].id)
    ).one()  # fmt: skip
    db.session.query(SealedPerson).delete()  # those of the marked world have no key
    member, secretary = (quick(app).sign_in(marked.users[who]) for who in ("member", "secretary"))
    assert send(member, record, delete_on="2001-01-01", **values).status_code == 422
    assert send(member, record, delete_on="2022-01-31", **values).status_code == 303
    assert send(secretary, record, delete_on="2022-01-30", **values).status_code == 303
    assert send(secretary, record, version="1", delete_on="2022-01-29", **values).status_code == 409
    assert name in send(secretary, record, "/open", why="visit").text, "the search does find it"
    assert name in send(member, record, "/open", why="call").text
    with member.session_transaction() as session:
        session.clear()
    page = f"/pairings/{record.id}/sealed"
    member.post(page, data={**values, **keys(member), "delete_on": "2022-01-31"})
    assert db.session.query(SealedPerson).one().version == 2
    return record


def walk(app, marked, record):
    """What every page, list, search and export says to everybody; of rows with a page, the planted one's."""
    users = {**marked.users, "office": marked.office, "auditor": marked.auditor}
    own = {**marked.own, "record_id": [record.id], "pairing_id": [record.id], "member_id": [record.member_id]}
    for role, user in sorted(walkers(users, "member", "office").items()):
        client = quick(app).sign_in(user)
        for rule in rules(app, "GET"):
            for at in places(rule, own, marked, is_barred(app, rule, user))[:OF_EACH]:
                url = address(app, rule, values_of(rule, own, marked, at))
                yield role, url, text_within(client.get(url))
            if not rule.arguments:
                url = address(app, rule, {}, q=PLANTED[0])
                said = text_within(client.get(url))  # which may repeat what was sought, and nothing else
                yield role, url, said.replace(PLANTED[0], "").replace(quote(PLANTED[0]), "")
        for rule in rules(app, "POST"):
            if rule.rule.endswith(".xlsx"):
                yield role, rule.rule, text_within(client.post(rule.rule, data=keys(client)))


def test_what_is_sealed_stands_nowhere_in_clear(fresh_app, tmp_path, caplog):
    caplog.set_level(logging.DEBUG)
    with fresh_app.app_context():
        make = Maker()
        marked = Marked(make)
        marked.auditor = make.user(Role.AUDITOR)
        record = plant(marked, fresh_app)
        said = [(role, url, found_in(text)) for role, url, text in walk(fresh_app, marked, record)]
        assert [one for one in said if one[2]] == []
        assert min(Counter(role for role, _, _ in said).values()) > 100
        for table in Model.metadata.sorted_tables:
            for row in db.session.execute(select(table)):
                for value in row:
                    raw = bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                    assert not found_in(raw), table.name
        files = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert [path for path in files if path.name == "seal_keys"], "the file of keys is there"
        if db.engine.dialect.name == "sqlite":
            files += database_files(Path(db.engine.url.database), tmp_path / "backup.sqlite3")
        assert [path.name for path in files if found_in(path.read_bytes())] == []
    assert not found_in(caplog.text)


def database_files(database, backup):
    """The database with its journals, and a backup as SQLite makes it."""
    with sqlite3.connect(database) as source, sqlite3.connect(backup) as target:
        source.backup(target)
    found = [*database.parent.glob(database.name + "*"), backup]
    assert any(b"sealed_person" in path.read_bytes() for path in found), "the search does find tables"
    return found
