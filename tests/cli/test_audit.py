"""flask audit: sealing, verifying and letting go, with real commits and a real file of heads."""

from __future__ import annotations

import json
import logging
import stat
import threading

import pytest
from sqlalchemy import func, select, text

from config import LEAST_AUDIT_DAYS
from tracker import clock
from tracker.db import db
from tracker.models import AuditEvent, AuditSeal, Role, User
from tracker.rules.audit_seals import LEAST_DAYS
from tracker.services.audit import record_event
from tracker.worker import work
from tracker.worker.audit import seal_waiting

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def people(fresh_app):
    """Two accounts, and three events that wait for a seal."""
    from tests.maker import Maker

    with fresh_app.app_context():
        user = Maker().user(Role.OFFICE)
        write(user, 3)
        db.session.commit()
    return fresh_app


def write(user, count):
    for _number in range(count):
        record_event(user, "user:sign_in", user, clock.now())


def run(app, *words):
    return app.test_cli_runner().invoke(args=["audit", *words])


def count(app, model):
    with app.app_context():
        return db.session.scalar(select(func.count(model.id)))


def test_sealing_and_verifying_say_how_far_and_leave_a_head_that_only_its_owner_reads(people):
    assert "还没有封存" in run(people, "verify").output
    assert "3" in run(people, "seal").output
    shown = run(people, "verify")
    assert shown.exit_code == 0
    path = people.config["TRACKER"].audit_heads_path
    begin, head = path.read_text().splitlines()
    assert begin == "begin"
    assert head.split()[1] in shown.output
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_what_was_changed_is_named_and_the_command_fails(people):
    run(people, "seal")
    with people.app_context():
        first = db.session.scalar(select(func.min(AuditEvent.id)))
        drop = {
            "sqlite": "DROP TRIGGER audit_event_is_never_changed",
            "postgresql": "DROP TRIGGER audit_event_is_never_changed ON audit_event",
        }
        db.session.execute(text(drop[db.engine.dialect.name]))
        db.session.execute(text(f"UPDATE audit_event SET action = 'user:sign_out' WHERE id = {first}"))
        db.session.commit()
    shown = run(people, "verify")
    assert shown.exit_code == 1
    assert f"第{first}号事件与封存时不一样" in shown.stderr


def test_a_lost_file_of_keys_is_said_in_a_sentence(people):
    run(people, "seal")
    people.config["TRACKER"].seal_keys_path.unlink()
    with people.app_context():
        write(db.session.scalars(select(User)).first(), 1)
        db.session.commit()
    for command in ("verify", "seal"):
        shown = run(people, command)
        assert shown.exit_code == 1
        assert "密钥文件" in shown.stderr
        assert "Traceback" not in shown.stderr
    assert not people.config["TRACKER"].seal_keys_path.exists()


def test_without_the_list_of_heads_it_is_said_what_is_not_known(people):
    run(people, "seal")
    people.config["TRACKER"].audit_heads_path.unlink()
    shown = run(people, "verify")
    assert shown.exit_code == 0
    assert "没有封存清单" in shown.output


def test_the_worker_seals_by_itself(people):
    work(people, once=True)
    assert count(people, AuditSeal) == 1
    assert "与封存时一样" in run(people, "verify").output


def told(caplog):
    return [record.fields for record in caplog.records if getattr(record, "fields", {}).get("event")]


def test_each_event_is_told_to_the_log_once_and_only_when_it_is_sealed(people, caplog):
    with caplog.at_level(logging.INFO, logger="tracker.audit"):
        run(people, "seal")
        first = told(caplog)
        run(people, "seal")
        assert told(caplog) == first
    with people.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
        assert [line["event"] for line in first] == [event.id for event in events]
        last, line = events[-1], first[-1]
        assert line == {
            "event": last.id, "happened": last.at.isoformat(), "actor": last.actor_id, "act": "user:sign_in",
            "subject": "user_account", "subject_id": last.subject_id, "detail": {},
        }  # fmt: skip
        assert line["happened"].endswith("+00:00")


def test_what_another_system_missed_is_told_once_more_and_what_waits_for_its_seal_is_not(people, caplog):
    assert run(people, "lines").output == ""
    with caplog.at_level(logging.INFO, logger="tracker.audit"):
        run(people, "seal")
    with people.app_context():
        write(db.session.scalars(select(User)).first(), 1)
        db.session.commit()
    lines = [json.loads(line) for line in run(people, "lines").output.splitlines()]
    assert lines == told(caplog)
    after = run(people, "lines", "--after", str(lines[0]["event"])).output
    assert [json.loads(line) for line in after.splitlines()] == lines[1:]


def test_nothing_is_deleted_before_its_time_and_the_number_of_the_law_stands_in_both_places(people):
    run(people, "seal")
    assert "0" in run(people, "purge").output
    assert LEAST_AUDIT_DAYS == LEAST_DAYS


def test_sealing_while_many_write_leaves_nothing_out_and_no_chain_forks(people):
    """Writers keep their transactions open over a seal; two workers seal at once."""
    stop = threading.Event()
    faults = []

    def writes():
        try:
            while not stop.is_set():
                with people.app_context():
                    db.session.add(
                        AuditEvent(at=clock.now(), action="user:sign_in", subject_type="user_account")
                    )
                    db.session.flush()
                    stop.wait(0.005)
                    db.session.commit()
                    db.session.remove()
                stop.wait(0.03)  # SQLite wakes those who wait for its lock now and then only
        except Exception as fault:
            faults.append(fault)

    def seals():
        try:
            for _round in range(8):
                seal_waiting(people)
                stop.wait(0.02)
        except Exception as fault:
            faults.append(fault)

    writers = [threading.Thread(target=writes) for _number in range(4)]
    sealers = [threading.Thread(target=seals) for _number in range(2)]
    for thread in writers + sealers:
        thread.start()
    for thread in sealers:
        thread.join()
    stop.set()
    for thread in writers:
        thread.join()
    seal_waiting(people)
    assert faults == []
    shown = run(people, "verify")
    assert shown.exit_code == 0, shown.stderr
    with people.app_context():
        sealed = sum(len(seal.tags) // 24 for seal in db.session.scalars(select(AuditSeal)))
        assert sealed == db.session.scalar(select(func.count(AuditEvent.id)))
