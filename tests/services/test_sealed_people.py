"""Sealing, opening and deleting: what holds below the pages, and what the command line does."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.maker import NOW, Maker
from tests.pairings import put_opening
from tracker.db import db
from tracker.models import AuditEvent, OpenedWhy, Role, SealedOpening, SealedPerson
from tracker.rules.refusal import Refused
from tracker.rules.seals import WRONG_KEY
from tracker.services.sealed_people import open_person, seal_person
from tracker.worker import sweep

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

DAY = dt.date(2021, 7, 31)
WORDS = {"name": "欧阳秀兰", "contact": "13912345678", "address": ""}


def seal(record, by, path, suite="aes-256-gcm", delete_on=dt.date(2022, 1, 31), **words):
    return seal_person(
        record, {**WORDS, **words}, delete_on=delete_on, version=0, keys_file=path, suite=suite, by=by,
        at=NOW, today=DAY,
    )  # fmt: skip


def opened(row, record, by, path):
    return open_person(put_opening(row, record, by).id, keys_file=path)


class Pair:
    """Two pairings of one branch, and its secretary."""

    def __init__(self, make):
        self.campaign, branch = make.campaign(), make.branch()
        member = make.member(branch)
        self.one = make.record(self.campaign, "pairing", member=member, subject="KN001")
        self.two = make.record(self.campaign, "pairing", member=member, subject="KN002")
        self.by = make.user(Role.SECRETARY, branch)


@pytest.fixture
def pair(make):
    return Pair(make)


@pytest.mark.parametrize("suite", ["aes-256-gcm", "sm4-gcm"])
def test_rows_that_were_swapped_do_not_open(pair, tmp_path, suite):
    path = tmp_path / "keys"
    one = seal(pair.one, pair.by, path, suite)
    two = seal(pair.two, pair.by, path, suite, name="周桂英")
    assert opened(one, pair.one, pair.by, path)["name"] == "欧阳秀兰"
    one.nonce, one.sealed, two.nonce, two.sealed = two.nonce, two.sealed, one.nonce, one.sealed
    db.session.flush()
    for row, record in ((one, pair.one), (two, pair.two)):
        with pytest.raises(Refused) as caught:
            opened(row, record, pair.by, path)
        assert caught.value.msgid == WRONG_KEY


@pytest.mark.parametrize("role", [Role.OFFICE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_who_may_not_open_does_not_seal_either(make, pair, tmp_path, role):
    with pytest.raises(Refused):
        seal(pair.one, make.user(role), tmp_path / "keys")
    assert not (tmp_path / "keys").exists()


@pytest.fixture
def installed(fresh_app):
    """An installation with one sealed person whose day has come, and one whose day has not."""
    path = fresh_app.config["TRACKER"].seal_keys_path
    with fresh_app.app_context():
        pair = Pair(Maker())
        due = seal(pair.one, pair.by, path)
        due.delete_on = DAY
        later = seal(pair.two, pair.by, path)
        db.session.commit()
        fresh_app.config["SEALED"] = [(row.id, bytes(row.sealed)) for row in (due, later)]
    return fresh_app


def rows(app):
    with app.app_context():
        return [(row.id, row.sealed) for row in db.session.scalars(select(SealedPerson).order_by("id"))]


def deletions(app):
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "sealed:delete"))
        return [(event.actor_id, event.subject_id) for event in events]


@pytest.mark.parametrize("how", ["command", "worker"])
def test_what_is_due_is_deleted_and_really_gone(installed, tmp_path, how):
    due, later = installed.config["SEALED"]
    run = installed.test_cli_runner()
    if how == "command":
        assert run.invoke(args=["sealed", "delete-due"]).exit_code == 0
        assert rows(installed)[0][1] is not None, "without --commit it only counts"
        assert run.invoke(args=["sealed", "delete-due", "--commit"]).exit_code == 0
    else:
        assert (sweep(installed), sweep(installed)) == (1, 0)
    assert rows(installed) == [(due[0], None), later]
    assert deletions(installed) == [(None, due[0])]
    with installed.app_context():
        if db.engine.dialect.name == "sqlite":
            database = db.engine.url.database
            from pathlib import Path

            files = list(Path(database).parent.glob(Path(database).name + "*"))
            assert not [file for file in files if due[1] in file.read_bytes()]
            assert [file for file in files if later[1] in file.read_bytes()], "the search does find"


def test_another_key_opens_what_the_first_one_sealed(installed):
    path = installed.config["TRACKER"].seal_keys_path
    before = dict(rows(installed))
    done = installed.test_cli_runner().invoke(args=["sealed", "change-key", "--suite", "sm4-gcm"])
    assert done.exit_code == 0, done.output
    assert "欧阳" not in done.output
    assert all(before[id_] != sealed for id_, sealed in rows(installed))
    path.write_text(path.read_text().splitlines()[1] + "\n")  # the first key is thrown away
    with installed.app_context():
        for row in db.session.scalars(select(SealedPerson)):
            opening = SealedOpening(
                sealed_person_id=row.id, record_id=1, by_id=row.created_by_id, at=NOW, why=OpenedWhy.CHECK
            )
            db.session.add(opening)
            db.session.flush()
            assert open_person(opening.id, keys_file=path) == WORDS


def test_a_key_that_is_gone_stops_the_change_before_any_row(installed):
    path = installed.config["TRACKER"].seal_keys_path
    before = rows(installed)
    path.write_text("1-other aes-256-gcm " + "A" * 43 + "=\n")
    assert installed.test_cli_runner().invoke(args=["sealed", "change-key"]).exit_code == 1
    assert rows(installed) == before
