"""The audit is only added to, and what is done to it behind the tracker's back is found and named."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError

from tests.audit_seals import DAY, behind_the_back, found, last_id, write
from tests.maker import NOW
from tests.proof.figures import count, reached
from tracker.db import db
from tracker.files import audit_heads
from tracker.files.seal_keys import first_keys
from tracker.models import AuditEvent
from tracker.queries.audit_seals import last_seal, unsealed
from tracker.rules import audit_seals as rules
from tracker.rules.audit_seals import Broken, Fault
from tracker.services import audit_seals

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def user(make):
    return make.office


def test_a_seal_takes_in_all_that_waited_and_the_next_one_goes_on_from_there(user, seal_key):
    write(user, 3)
    first = audit_seals.seal_next(seal_key, NOW)
    assert first.begins
    assert last_seal().last_id == last_id()
    assert audit_seals.seal_next(seal_key, NOW) is None
    write(user, 2)
    second = audit_seals.seal_next(seal_key, NOW)
    assert (len(second.events), second.begins, last_seal().before) == (2, False, first.digest)
    assert found(seal_key) == []


def test_many_events_take_several_seals(user, seal_key, monkeypatch):
    write(user, 7)
    monkeypatch.setattr("tracker.queries.audit_seals.MOST", 3)
    waiting = db.session.scalar(select(func.count(AuditEvent.id)))
    counts = []
    while (sealed := audit_seals.seal_next(seal_key, NOW)) is not None:
        counts.append(len(sealed.events))
    assert sum(counts) == waiting
    assert max(counts) == 3
    assert unsealed(last_id()) == []
    assert found(seal_key) == []


@pytest.mark.parametrize("table", ["audit_event", "audit_seal"])
@pytest.mark.parametrize("act", ["UPDATE {} SET id = id + 1000000", "DELETE FROM {}"])
def test_the_database_refuses_to_change_or_delete(user, seal_key, table, act):
    write(user, 1)
    audit_seals.seal_next(seal_key, NOW)
    with pytest.raises(DatabaseError, match="only added to"), db.session.begin_nested():
        db.session.execute(text(act.format(table)))
    assert found(seal_key) == []


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgresql_refuses_to_empty_the_audit_at_once(user):
    write(user, 1)
    with pytest.raises(DatabaseError, match="only added to"), db.session.begin_nested():
        db.session.execute(text("TRUNCATE audit_event"))
    assert last_id()


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit_event SET action = 'user:sign_out' WHERE id = {0}", Broken.CHANGED),
        ("UPDATE audit_event SET at = '2021-07-01 00:00:00' WHERE id = {0}", Broken.CHANGED),
        ("UPDATE audit_event SET actor_id = NULL WHERE id = {0}", Broken.CHANGED),
        ("UPDATE audit_event SET subject_id = 0 WHERE id = {0}", Broken.CHANGED),
        ("UPDATE audit_event SET detail = '{{}}' WHERE id = {0}", Broken.CHANGED),
        ("DELETE FROM audit_event WHERE id = {0}", Broken.GONE),
    ],
)  # fmt: skip
def test_an_event_that_was_changed_or_taken_out_is_named(user, seal_key, statement, broken):
    write(user, 5)
    audit_seals.seal_next(seal_key, NOW)
    write(user, 1)
    audit_seals.seal_next(seal_key, NOW)
    which = last_id() - 3
    behind_the_back(statement.format(which))
    assert found(seal_key) == [Fault(broken, last_seal().id - 1, which)]


def test_an_event_that_was_put_in_is_named(user, seal_key):
    write(user, 3)
    audit_seals.seal_next(seal_key, NOW)
    gap = last_id() + 1
    behind_the_back(f"UPDATE audit_event SET id = {gap} WHERE id = {gap - 1}")
    write_at(gap + 5, user)
    audit_seals.seal_next(seal_key, NOW)
    assert found(seal_key) == [Fault(Broken.GONE, last_seal().id - 1, gap - 1)]
    write_at(gap + 2, user)
    assert Fault(Broken.ADDED, last_seal().id, gap + 2) in found(seal_key)


def write_at(event_id, user):
    db.session.add(
        AuditEvent(id=event_id, at=NOW, actor_id=user.id, action="user:sign_in", subject_type="user_account")
    )
    db.session.flush()


def test_two_events_that_changed_places_are_both_named(user, seal_key):
    write(user, 4)
    audit_seals.seal_next(seal_key, NOW)
    one, two = last_id() - 1, last_id()
    behind_the_back(
        f"UPDATE audit_event SET id = 0 WHERE id = {one}",
        f"UPDATE audit_event SET id = {one} WHERE id = {two}",
        f"UPDATE audit_event SET id = {two} WHERE id = 0",
    )  # fmt: skip
    assert [(fault.broken, fault.event_id) for fault in found(seal_key)] == [
        (Broken.CHANGED, one), (Broken.CHANGED, two),
    ]  # fmt: skip


def test_a_seal_that_was_changed_or_taken_out_is_named(user, seal_key):
    seals = []
    for _round in range(3):
        write(user, 1)
        seals.append(audit_seals.seal_next(seal_key, NOW).id)
    behind_the_back(f"UPDATE audit_seal SET digest = '{'0' * 64}' WHERE id = {seals[1]}")
    assert [fault.broken for fault in found(seal_key)] == [Broken.SEAL_CHANGED, Broken.SEAL_GONE]
    db.session.execute(text(f"DELETE FROM audit_seal WHERE id = {seals[1]}"))
    assert found(seal_key)[0] == Fault(Broken.SEAL_GONE, seals[2])


def test_without_the_key_a_seal_cannot_be_made_anew_and_a_lost_key_is_said(user, seal_key, tmp_path):
    write(user, 2)
    other = first_keys(tmp_path / "others", "aes-256-gcm")[0]
    audit_seals.seal_next(other, NOW)
    assert [fault.broken for fault in found(seal_key)] == [Broken.NO_KEY]
    behind_the_back(f"UPDATE audit_seal SET key_name = '{seal_key.name}'")
    assert {fault.broken for fault in found(seal_key)} >= {Broken.SEAL_CHANGED, Broken.CHANGED}


def test_what_was_cut_off_at_the_end_is_missed_by_the_list_of_heads(user, seal_key, tmp_path):
    path, ids = tmp_path / "heads", []
    for _round in range(2):
        write(user, 2)
        sealed = audit_seals.seal_next(seal_key, NOW)
        ids.append(sealed.id)
        audit_heads.append(path, sealed.id, sealed.digest, begins=sealed.begins)
    assert found(seal_key, audit_heads.read(path)) == []
    first_of_last = last_seal().first_id
    behind_the_back(
        f"DELETE FROM audit_seal WHERE id = {ids[1]}", f"DELETE FROM audit_event WHERE id >= {first_of_last}"
    )
    assert found(seal_key) == []
    assert found(seal_key, audit_heads.read(path)) == [Fault(Broken.CUT_OFF, ids[1])]


def test_a_chain_that_was_begun_anew_is_found(user, seal_key, tmp_path):
    path = tmp_path / "heads"
    for _round in range(2):
        write(user, 1)
        sealed = audit_seals.seal_next(seal_key, NOW)
        audit_heads.append(path, sealed.id, sealed.digest, begins=True)
    assert Fault(Broken.BEGUN_ANEW) in found(seal_key, audit_heads.read(path))


def test_events_that_nobody_seals_are_said_after_a_day(user, seal_key):
    write(user, 1)
    assert found(seal_key) == []
    assert found(seal_key, at=NOW + 2 * DAY)[0].broken == Broken.UNSEALED


def test_of_random_tampers_each_is_found(user, seal_key, record_property):
    """A bit of any column, a row less, a row more, two rows for one another: none passes."""
    write(user, 40, note="甲" * 5)
    audit_seals.seal_next(seal_key, NOW)
    secret = rules.key_of([seal_key], seal_key.name)
    seal = last_seal()
    rows = [dict(row) for row in unsealed(0)]
    drawn = random.Random(20210701)  # which tries are made, no secret
    for _try in range(count("m")):
        changed = [dict(row) for row in rows]
        row = drawn.choice(changed)
        match drawn.choice(["bit", "less", "more", "order"]):
            case "bit":
                column = drawn.choice(
                    ["id", "at", "actor_id", "action", "subject_type", "subject_id", "detail"]
                )
                row[column] = {
                    "id": row["id"] + 1000, "at": row["at"] + dt.timedelta(microseconds=1), "detail": {},
                    "action": row["action"] + "x", "subject_type": "x",
                }.get(column, (row[column] or 0) ^ 1 if column.endswith("_id") else None)  # fmt: skip
            case "less":
                changed.remove(row)
            case "more":
                changed.append({**row, "id": row["id"] + 500})
            case "order":
                other = drawn.choice([one for one in changed if one["detail"] != row["detail"]])
                row["id"], other["id"] = other["id"], row["id"]
        assert list(rules.event_faults(seal, changed, secret))
    reached(record_property, "m", f"{count('m')} random tampers, each found")
