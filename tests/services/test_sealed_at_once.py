"""Two who seal, open or delete the same person at the same moment; and a process that dies in between."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.maker import NOW, Maker
from tests.services.test_imports_at_once import at_once
from tracker.db import db
from tracker.models import DeletedWhy, OpenedWhy, Record, Role, SealedOpening, SealedPerson, User
from tracker.rules.refusal import Refused
from tracker.security_events import note_opening
from tracker.services.records import CHANGED
from tracker.services.sealed_people import delete_person, open_person, seal_person

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

WORDS = {"name": "欧阳秀兰", "contact": "", "address": ""}


@pytest.fixture
def place(fresh_app):
    """A pairing in a database of its own, and its two keepers (ids)."""
    with fresh_app.app_context():
        make = Maker()
        branch = make.branch()
        record = make.record(make.campaign(), "pairing", member=make.member(branch), subject="KN001")
        keepers = [make.user(role, branch).id for role in (Role.SECRETARY, Role.DEPUTY)]
        record_id = record.id
        db.session.commit()
    return fresh_app, record_id, keepers


def seal(place, by, version=0):
    app, record_id, _ = place
    with app.app_context():
        seal_person(
            db.session.get_one(Record, record_id), WORDS, delete_on=dt.date(2022, 1, 31), version=version,
            keys_file=app.config["TRACKER"].seal_keys_path, suite="aes-256-gcm",
            by=db.session.get_one(User, by), at=NOW, today=dt.date(2021, 7, 31),
        )  # fmt: skip
        db.session.commit()


def delete(place, by, version):
    app, _, _ = place
    with app.app_context():
        row = db.session.scalars(select(SealedPerson)).one()
        user = db.session.get_one(User, by)
        delete_person(row, DeletedWhy.ASKED, version=version, by=user, at=NOW)
        db.session.commit()


def became(*acts):
    """What became of acts at the same moment."""
    errors = at_once(*acts)
    return sorted("done" if error is None else getattr(error, "msgid", repr(error)) for error in errors)


def rows(app):
    with app.app_context():
        found = db.session.scalars(select(SealedPerson)).all()
        return [(row.version, row.sealed is not None) for row in found]


def test_of_two_who_seal_at_once_one_is_told_and_the_other_one_s_opens(place):
    app, record_id, keepers = place
    assert became(*(lambda by=by: seal(place, by) for by in keepers)) == sorted([CHANGED, "done"])
    assert rows(app) == [(1, True)]
    with app.app_context():
        row = db.session.scalars(select(SealedPerson)).one()
        opening = note_opening(keepers[0], row.id, record_id, OpenedWhy.CHECK)
        assert open_person(opening, keys_file=app.config["TRACKER"].seal_keys_path) == WORDS


def test_of_one_who_writes_anew_and_one_who_deletes_one_is_told(place):
    app, _, keepers = place
    seal(place, keepers[0])
    done = became(lambda: seal(place, keepers[0], version=1), lambda: delete(place, keepers[1], version=1))
    assert done == sorted([CHANGED, "done"])
    assert len(rows(app)) == 1


def test_a_process_that_dies_after_the_log_leaves_the_opening(place):
    app, record_id, keepers = place
    seal(place, keepers[0])
    with app.app_context():
        row_id = db.session.scalars(select(SealedPerson.id)).one()
        note_opening(keepers[0], row_id, record_id, OpenedWhy.CALL)
        db.session.rollback()  # all that a dead process would have left
    with app.app_context():
        kept = db.session.scalars(select(SealedOpening)).one()
        assert (kept.by_id, kept.why) == (keepers[0], "call")


def test_what_is_deleted_between_log_and_opening_is_not_shown(place):
    app, record_id, keepers = place
    seal(place, keepers[0])
    with app.app_context():
        row_id = db.session.scalars(select(SealedPerson.id)).one()
        opening = note_opening(keepers[0], row_id, record_id, OpenedWhy.CALL)
    delete(place, keepers[1], version=1)
    with app.app_context(), pytest.raises(Refused):
        open_person(opening, keys_file=app.config["TRACKER"].seal_keys_path)
