"""Imported files: kept, checked without a trace, written once."""

from __future__ import annotations

import stat
from io import BytesIO

import pytest
from sqlalchemy import func, select

from tests.maker import NOW
from tests.workbooks import ARTICLE, TODAY
from tracker.db import db
from tracker.models import AuditEvent, BatchSort, BatchState, Record, User
from tracker.rules.refusal import Refused
from tracker.services import batches, users

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LEDGER = (ARTICLE / "ledger.xlsx").read_bytes()


def test_a_file_is_kept_under_a_name_that_says_nothing_for_its_owner_only(importer):
    batch = importer.upload(b"PK", BatchSort.ROSTER)
    path = importer.folder / batch.path
    assert path.read_bytes() == b"PK"
    assert "文件" not in path.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (batch.filename, batch.state, len(batch.digest)) == ("文件.xlsx", BatchState.UPLOADED, 64)


@pytest.mark.parametrize(("content", "sentence"), [(b"", "empty"), (b"x" * 2_000_000, "larger than 1 MiB")])
def test_a_file_that_is_empty_or_too_large_is_not_kept(importer, content, sentence):
    with pytest.raises(Refused, match=sentence):
        batches.store_upload(
            BytesIO(content), "a.xlsx", BatchSort.ROSTER, None, as_verified=False, data_dir=importer.folder,
            most=2**20, by=importer.by, at=NOW,
        )  # fmt: skip
    assert list((importer.folder / "uploads").iterdir()) == []


def test_a_path_in_the_name_of_a_file_is_left_out(importer, make):
    batch = batches.store_upload(
        BytesIO(b"x"), "..\\..\\etc/台账.xlsx", BatchSort.ROSTER, None, as_verified=False,
        data_dir=importer.folder, most=10, by=importer.by, at=NOW,
    )  # fmt: skip
    assert batch.filename == "台账.xlsx"


def test_the_same_file_as_one_that_is_written_is_said(importer):
    first = importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    second = importer.check(importer.upload((ARTICLE / "roster.xlsx").read_bytes(), BatchSort.ROSTER))
    assert second.report["same_as"] == first.id


def test_a_batch_that_was_not_checked_is_not_written(importer):
    batch = importer.upload((ARTICLE / "roster.xlsx").read_bytes(), BatchSort.ROSTER)
    with pytest.raises(Refused, match="Somebody else was faster"):
        batches.commit_batch(batch, importer.plan(batch), today=TODAY, by=importer.by, at=NOW)


def test_whoever_comes_second_is_refused(importer):
    batch = importer.check(importer.upload((ARTICLE / "roster.xlsx").read_bytes(), BatchSort.ROSTER))
    batch.version -= 1
    db.session.flush()
    seen = batches.Batch(id=batch.id, version=batch.version + 1)
    with pytest.raises(Refused, match="Somebody else was faster"):
        batches.discard_batch(seen, data_dir=importer.folder, by=importer.by, at=NOW)


def test_a_discarded_batch_loses_its_file_and_cannot_be_checked(importer):
    batch = importer.check(importer.upload((ARTICLE / "roster.xlsx").read_bytes(), BatchSort.ROSTER))
    plan, path = importer.plan(batch), importer.folder / batch.path
    batches.discard_batch(batch, data_dir=importer.folder, by=importer.by, at=NOW)
    assert path.exists()  # until it is committed that nobody names it
    db.session.commit()
    assert (batch.state, batch.path, path.exists()) == (BatchState.DISCARDED, None, False)
    with pytest.raises(Refused, match="Somebody else was faster"):
        batches.check_batch(batch, plan, today=TODAY, by=importer.by, at=NOW)


def test_a_ledger_without_a_campaign_is_refused(importer):
    with pytest.raises(Refused, match="no campaign"):
        importer.plan(importer.upload(LEDGER, BatchSort.LEDGER))


def test_a_ledger_without_a_roster_is_refused_row_by_row_and_its_problems_are_capped(importer, make):
    batch = importer.check(importer.upload(LEDGER, BatchSort.LEDGER, make.campaign()))
    assert batch.state is BatchState.REFUSED
    assert batch.report["problem_count"] > 12_000
    assert len(batches.problems_of(batch)) == 5_000
    assert db.session.scalar(select(func.count()).select_from(Record)) == 0


def test_each_change_of_a_batch_is_in_the_audit(importer):
    batch = importer.roster((ARTICLE / "roster.xlsx").read_bytes())
    batches.undo_batch(batch, by=importer.by, at=NOW)
    db.session.flush()
    of_batch = select(AuditEvent.action).where(AuditEvent.subject_type == "batch").order_by(AuditEvent.id)
    assert list(db.session.scalars(of_batch)) == [
        "batch:upload", "batch:check", "roster:import", "batch:commit", "batch:undo",
    ]  # fmt: skip


def test_the_account_of_the_command_line_is_one_row_that_nobody_signs_in_with(make):
    first, second = users.command_line_user(), users.command_line_user()
    assert first is second
    assert (first.is_disabled, first.password_hash) == (True, "")
    assert db.session.scalar(select(func.count()).where(User.login == users.COMMAND_LINE)) == 1
