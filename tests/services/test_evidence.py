"""Files of a record: a row never without its file, and nothing taken from what was verified."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from flask import current_app
from sqlalchemy import select

from tests.bureau import Bureau
from tests.files import evidence_files as made
from tests.maker import NOW
from tracker.db import db
from tracker.files import store
from tracker.files.evidence import CheckedFile
from tracker.models import AuditEvent, Evidence, Role, Status
from tracker.queries.evidence import evidence_counts, evidence_of
from tracker.rules.refusal import Refused
from tracker.services import evidence as services
from tracker.services.evidence import add_evidence, missing, remove_evidence, sweep
from tracker.services.verifications import verify_records

HOUR = dt.timedelta(hours=1)


class Case:
    """A record of the first member's that waits, and the people around it."""

    def __init__(self, make):
        self.make, self.bureau = make, Bureau(make)
        self.member = make.user(Role.MEMBER, member=self.bureau.people[0])
        self.secretary = make.user(Role.SECRETARY, self.bureau.one)
        self.stranger = make.user(Role.SECRETARY, self.bureau.two)
        self.record = make.record(
            self.bureau.campaign, "work", member=self.bureau.people[0], title="长卷", type="绘画",
            status=Status.SUBMITTED,
        )  # fmt: skip
        self.data_dir = current_app.config["TRACKER"].data_dir

    def add(self, *contents, by=None, at=NOW, most=10, record=None):
        files = [CheckedFile(f"画{n}.pdf", "application/pdf", one) for n, one in enumerate(contents)]
        return add_evidence(
            record or self.record, files, data_dir=self.data_dir, most=most, by=by or self.member, at=at
        )

    def remove(self, evidence, by=None, why="拿错了", at=NOW):
        remove_evidence(evidence, why=why, data_dir=self.data_dir, by=by or self.member, at=at)

    def on_disk(self):
        folder = self.data_dir / "evidence"
        return sorted(path.name for path in folder.iterdir()) if folder.exists() else []

    def acts(self):
        return db.session.scalars(
            select(AuditEvent.action).where(AuditEvent.subject_type == "evidence").order_by(AuditEvent.id)
        ).all()


@pytest.fixture
def case(make):
    return Case(make)


def test_files_are_kept_under_a_name_that_says_nothing(case):
    version = case.record.version
    one, other = case.add(b"a", b"bb")
    assert case.on_disk() == sorted([one.stored_as, other.stored_as])
    assert services.path_of(other.stored_as, case.data_dir).read_bytes() == b"bb"
    assert "画" not in one.stored_as
    assert case.acts() == ["evidence:add", "evidence:add"]
    assert case.record.version == version + 1, "who has it open to verify it looks again"
    assert evidence_counts([case.record]) == {case.record.id: 2}
    assert os.stat(case.data_dir / "evidence" / one.stored_as).st_mode & 0o077 == 0


def test_a_transaction_that_is_taken_back_leaves_no_row_and_a_file_that_is_swept(case):
    db.session.commit()
    case.add(b"a")
    db.session.rollback()
    assert db.session.scalars(select(Evidence)).all() == []
    (left,) = case.on_disk()
    path, now = case.data_dir / "evidence" / left, dt.datetime.now(dt.UTC)
    assert sweep(case.data_dir, now) == [], "it may belong to a transaction that is still open"
    assert sweep(case.data_dir, now + 2 * HOUR) == [path]


def test_the_sweep_leaves_what_belongs_to_a_row_and_finds_what_was_half_written(case):
    (kept,) = case.add(b"a")
    half = case.data_dir / "evidence" / f"x{store.PART}"
    half.write_bytes(b"")
    assert sweep(case.data_dir, dt.datetime.now(dt.UTC) + 2 * HOUR) == [half]
    assert missing(case.data_dir) is None
    services.path_of(kept.stored_as, case.data_dir).unlink()
    assert missing(case.data_dir) == kept.id


def test_a_removed_file_leaves_the_disk_once_the_transaction_has_ended(case):
    one, other = case.add(b"a", b"b")
    db.session.commit()
    case.remove(one)
    assert len(case.on_disk()) == 2
    db.session.rollback()
    db.session.commit()
    assert len(case.on_disk()) == 2, "the removal was taken back"
    case.remove(one)
    db.session.commit()
    assert case.on_disk() == [other.stored_as]
    assert (one.removed_why, one.removed_by_id) == ("拿错了", case.member.id)
    assert [row.id for row in evidence_of(case.record)] == [other.id]
    assert case.acts()[-1] == "evidence:remove"


def test_what_was_there_when_it_was_verified_stays_and_what_came_later_may_go(case):
    (early,) = case.add(b"a")
    verify_records([(case.record.id, case.record.version)], by=case.secretary, at=NOW + HOUR)
    db.session.refresh(case.record)
    (late,) = case.add(b"b", at=NOW + 2 * HOUR)
    with pytest.raises(Refused):
        case.remove(early)
    with pytest.raises(Refused):
        case.remove(early, by=case.secretary)
    case.remove(late, by=case.secretary)
    assert late.removed_at is not None


def test_who_verified_what_they_saw_before_a_file_came_decides_anew(case):
    seen = [(case.record.id, case.record.version)]
    case.add(b"a")
    with pytest.raises(Refused):
        verify_records(seen, by=case.secretary, at=NOW)


def test_the_same_file_too_many_files_and_another_s_record_are_refused(case):
    case.add(b"a")
    for refused in (
        lambda: case.add(b"a"),
        lambda: case.add(b"x", b"x"),
        lambda: case.add(b"b", b"c", most=2),
        lambda: case.add(b"b", by=case.stranger),
    ):
        with pytest.raises(Refused):
            refused()


@pytest.mark.parametrize("status", [Status.WITHDRAWN, Status.CONTINUED])
def test_what_counts_no_more_takes_no_file(case, status):
    case.record.status = status
    db.session.flush()
    with pytest.raises(Refused):
        case.add(b"a")


def test_neither_a_stranger_nor_nobody_s_reason_removes_a_file(case):
    (one,) = case.add(b"a")
    with pytest.raises(Refused):
        case.remove(one, by=case.stranger)
    with pytest.raises(Refused) as refused:
        case.remove(one, why=" ")
    assert refused.value.field == "why"


def test_a_later_stage_shows_the_files_of_the_earlier_one(case):
    case.add(made.PDF)
    later = case.make.record(
        case.bureau.campaign, "work", member=case.bureau.people[0], title="长卷", stage="优秀",
        follows_id=case.record.id, since_on=NOW.date(), status=Status.SUBMITTED,
    )  # fmt: skip
    assert len(evidence_of(later)) == 1
    assert evidence_counts([later]) == {later.id: 1}
