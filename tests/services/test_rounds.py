"""What comes round by the clock: nothing that breaks off keeps the rest from its turn."""

from __future__ import annotations

import logging

import pytest

from tracker import worker
from tracker.db import db
from tracker.models import AuditSeal, Beat, Heartbeat
from tracker.worker import HOUR, MINUTE
from tracker.worker.rounds import all_of, come_round, if_due

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_one_that_breaks_off_is_logged_and_the_others_have_their_turn(app, caplog):
    done = []

    def breaks(_app):
        raise RuntimeError("on purpose")

    with caplog.at_level(logging.ERROR):
        all_of(app, [breaks, done.append])
    assert done == [app]
    assert "breaks broke off" in caplog.text


def test_what_is_not_due_is_not_done(fresh_app):
    assert if_due(fresh_app, lambda: False, lambda: pytest.fail("done all the same")) == 0
    assert if_due(fresh_app, lambda: True, lambda: 3) == 3


def test_backups_go_on_where_the_audit_cannot_be_sealed(fresh_app, monkeypatch, caplog):
    config = fresh_app.config["TRACKER"]
    config.seal_keys_path.write_text("no key", encoding="ascii")
    with fresh_app.app_context():
        from tests.audit_seals import write
        from tests.maker import Maker
        from tracker.db import db

        write(Maker().office, 1)
        db.session.commit()
    turns = []
    all_of(fresh_app, [MINUTE[0], turns.append])
    assert turns == [fresh_app]
    assert "seal_waiting broke off" in caplog.text
    with fresh_app.app_context():
        assert db.session.query(AuditSeal).count() == 0


def test_it_is_kept_when_a_round_was_and_whether_something_in_it_broke_off(fresh_app):
    def breaks(_app):
        raise RuntimeError("on purpose")

    def kept():
        with fresh_app.app_context():
            return [(one.beat, one.is_well, one.at) for one in db.session.query(Heartbeat)]

    come_round(fresh_app, Beat.MINUTE, [breaks])
    ((beat, is_well, first),) = kept()
    assert (beat, is_well) == (Beat.MINUTE, False)
    come_round(fresh_app, Beat.MINUTE, [])
    ((_, is_well, second),) = kept()
    assert is_well
    assert second > first
    come_round(fresh_app, Beat.HOUR, [])
    assert len(kept()) == 2


def test_a_worker_says_that_it_is_there_before_its_first_work(fresh_app, monkeypatch):
    def break_off(_app):
        raise SystemExit

    monkeypatch.setattr(worker, "run_one", break_off)
    with pytest.raises(SystemExit):
        worker.work(fresh_app)
    with fresh_app.app_context():
        assert [(one.beat, one.is_well) for one in db.session.query(Heartbeat)] == [(Beat.MINUTE, True)]


def test_every_round_has_a_name_to_be_logged_by():
    assert [one.__name__ for one in (*MINUTE, *HOUR)] == [
        "seal_waiting", "back_up", "sweep", "sweep_files", "purge_due", "sweep_rows", "remind",
    ]  # fmt: skip
