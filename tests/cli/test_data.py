"""flask data: files without a row are swept, and a row without its file is found."""

from __future__ import annotations

import os

import pytest

from tests.maker import Maker
from tracker.db import db
from tracker.files.store import EVIDENCE

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

OLD = 1_000_000_000  # seconds: long before any transaction that is open


@pytest.fixture
def folder(fresh_app):
    """The folder of evidence with a file that has its row."""
    with fresh_app.app_context():
        make = Maker()
        campaign = make.campaign()
        make.evidence(make.record(campaign, member=make.member(), minutes=60))
        db.session.commit()
        return fresh_app.config["TRACKER"].data_dir / EVIDENCE


def test_what_a_killed_process_left_is_shown_and_then_deleted(fresh_app, folder):
    (kept,) = folder.iterdir()
    orphan = folder / "0a"
    orphan.write_bytes(b"x")
    for path in (kept, orphan):
        os.utime(path, (OLD, OLD))
    run = fresh_app.test_cli_runner()
    shown = run.invoke(args=["data", "sweep"])
    assert (shown.exit_code, orphan.exists()) == (0, True)
    assert str(orphan) in shown.output
    assert str(kept) not in shown.output
    assert run.invoke(args=["data", "sweep", "--commit"]).exit_code == 0
    assert list(folder.iterdir()) == [kept]


def test_a_file_that_is_gone_is_told(fresh_app, folder):
    run = fresh_app.test_cli_runner()
    assert run.invoke(args=["data", "check"]).exit_code == 0
    (kept,) = folder.iterdir()
    kept.unlink()
    assert run.invoke(args=["data", "check"]).exit_code == 1
