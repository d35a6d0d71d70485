"""flask doctor, and the start of production, which refuses with the same sentences."""

from __future__ import annotations

import datetime as dt
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text

from config import ConfigError, load_config
from tests.conftest import close_app, make_app
from tracker import doctor
from tracker.db import db
from tracker.files import doctor as reading
from tracker.models import AuditEvent
from tracker.rules.doctor import SILENT, State

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

KEY = "Jx9_qfB2mZ0vKc7TnWd4RhYpLs8eAgUo"
SAFE = {"environment": "production", "secret_key": KEY, "says_proxies": True, "jobs": "inline", "today": None}


@pytest.fixture
def set_app(fresh_app):
    """The application with other settings, as far as the doctor reads them."""

    def set_to(**fields):
        config = replace(fresh_app.config["TRACKER"], **{**SAFE, **fields})
        fresh_app.config["TRACKER"] = config
        return fresh_app

    return set_to


def states(app):
    with app.app_context():
        found = doctor.look_at_settings() + doctor.look_at_database()
    return {finding.id: finding.state for finding in found}


def test_the_table_names_each_check_with_what_to_do_and_ends_with_1(set_app):
    app = set_app(debug=True)
    run = app.test_cli_runner().invoke(args=["doctor"])
    assert run.exit_code == 1
    line = next(line for line in run.output.splitlines() if "\tdebug " in line)
    assert line.startswith("不安全")
    assert "FLASK_DEBUG" in line
    assert len(run.output.splitlines()) == len(states(app)) + 1


def test_json_says_the_same_for_a_program(set_app):
    app = set_app(debug=True)
    run = app.test_cli_runner().invoke(args=["doctor", "--json"])
    rows = json.loads(run.output)
    assert {row["id"]: row["state"] for row in rows} == {
        name: str(state) for name, state in states(app).items()
    }
    assert all(row["says"] and row["looks_at"] for row in rows)


def test_a_sound_database_passes_every_check_of_it(set_app, database):
    found = states(set_app())
    refused = {name for name, state in found.items() if state is State.REFUSED}
    # The server of the tests is a throw-away one: its account is a superuser, and it waits for no disk.
    assert refused == (set() if database.name == "sqlite" else {"superuser", "durability"})


def test_faults_that_lie_in_the_database_are_found_there(set_app):
    app = set_app()
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        at = dt.datetime.now(dt.UTC) + dt.timedelta(days=1)
        db.session.add(AuditEvent(at=at, action="x:y", subject_type="x"))
        db.session.commit()
    found = states(app)
    assert (found["schema"], found["clock"]) == (State.REFUSED, State.REFUSED)
    assert states(set_app(accepted=frozenset({"clock"})))["clock"] is State.WARNED


def test_a_connection_that_forgets_what_it_acknowledged_is_found(set_app, database):
    app, weak = set_app(), {"synchronous", "pragmas"}
    with app.app_context():
        if database.name == "sqlite":
            raw = db.engine.raw_connection()
            raw.cursor().execute("PRAGMA synchronous=NORMAL")
            raw.cursor().execute("PRAGMA foreign_keys=OFF")
            raw.close()  # goes back to the pool, and is the next one that is asked
        else:  # the tests' server waits for no disk
            weak = {"durability"}
        found = {finding.id: finding.state for finding in doctor.look_at_database()}
    assert {found[name] for name in weak} == {State.REFUSED}


def guard(name):
    """Take every guard of the audit out, then put one in if a database's `name` is given."""
    connection = db.session.connection()
    if db.engine.dialect.name == "sqlite":
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_event'"
        for trigger in connection.execute(text(triggers)).scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        for act in ("UPDATE", "DELETE") if name else ():
            connection.exec_driver_sql(
                f"CREATE TRIGGER no_{act} BEFORE {act} ON audit_event BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
    else:
        connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER ALL")
        if name:
            connection.exec_driver_sql(
                "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
            )
            connection.exec_driver_sql(
                "CREATE TRIGGER no BEFORE UPDATE OR DELETE ON audit_event EXECUTE FUNCTION no()"
            )
    db.session.commit()


def test_an_audit_that_nothing_guards_is_found(set_app):
    app = set_app()
    for name, state in (("", State.REFUSED), ("a guard", State.GOOD)):
        with app.app_context():
            guard(name)
        assert states(app)["audit-rows"] is state


def test_a_ledger_without_a_backup_is_told(set_app):
    assert states(set_app(backup_minutes=60))["backup"] is State.WARNED
    assert states(set_app(backup_minutes=0))["backup"] is State.GOOD, "no backup is planned here"


def test_files_of_keys_that_others_read_are_found_and_closed_ones_are_not(set_app, tmp_path):
    keys = tmp_path / "seal_keys"
    keys.write_text("x", encoding="ascii")
    for mode, state in ((0o644, State.REFUSED), (0o640, State.REFUSED), (0o600, State.GOOD)):
        keys.chmod(mode)
        assert states(set_app(data_dir=tmp_path))["key-files"] is state


@pytest.mark.parametrize("ending", ["", "-wal"])
def test_files_of_an_sqlite_ledger_that_others_come_to_are_found(set_app, tmp_path, ending):
    folder = tmp_path / "open"
    folder.mkdir(mode=0o755)
    ledger = folder / "tracker.sqlite3"
    (folder / f"tracker.sqlite3{ending}").write_bytes(b"")
    config = set_app(database_url=f"sqlite:///{ledger}").config["TRACKER"]
    for file, around, state in (
        (0o644, 0o755, State.REFUSED),
        (0o640, 0o750, State.REFUSED),
        (0o600, 0o755, State.GOOD),
        (0o644, 0o700, State.GOOD),
    ):
        (folder / f"tracker.sqlite3{ending}").chmod(file)
        folder.chmod(around)
        here = reading.read_installation(config, tmp_path, {})
        assert (State.REFUSED if here.exposed else State.GOOD) is state, (oct(file), oct(around))


def test_a_mount_table_is_read_as_the_kernel_writes_it(tmp_path):
    table = tmp_path / "mounts"
    table.write_text("/dev/a / ext4 rw 0 0\nsrv:/x /mnt/my\\040data nfs4 rw 0 0\n", encoding="utf-8")
    assert reading.read_mounts(table) == (("/", "ext4"), ("/mnt/my data", "nfs4"))
    assert reading.read_mounts(tmp_path / "none") is None


def test_production_does_not_start_on_what_the_doctor_refuses(set_app, monkeypatch):
    monkeypatch.setattr(doctor, "refusals", lambda found: [one for one in found if one.id == "debug" and
                                                           one.state is State.REFUSED])  # fmt: skip
    doctor.hold_to_all(set_app())
    with pytest.raises(ConfigError, match="FLASK_DEBUG"):
        doctor.hold_to_all(set_app(debug=True))
    doctor.hold_to_all(set_app(debug=True, environment="development"))


def test_in_production_no_command_but_the_doctor_runs_on_what_it_refuses(set_app):
    refused = set_app(debug=True).test_cli_runner().invoke(args=["users", "list"])
    assert refused.exit_code == 1
    assert "FLASK_DEBUG" in refused.output
    assert set_app(debug=False).test_cli_runner().invoke(args=["users", "list"]).exit_code == 0


def test_a_database_that_is_away_at_the_start_is_looked_at_before_anybody_is_served(tmp_path):
    environ = {
        "TRACKER_ENVIRONMENT": "production", "TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(tmp_path),
        "TRACKER_TRUSTED_PROXIES": "0",
        "TRACKER_DATABASE_URL": f"postgresql+psycopg://ledger@/tracker?host={tmp_path}",
    }  # fmt: skip
    app = make_app(load_config(environ))
    assert states(app)[SILENT.id] is State.REFUSED
    assert states(app)["clock"] is State.UNKNOWN
    doctor.hold_to_all(app)
    assert app.test_client().get("/help").status_code == 503
    close_app(app)


def test_a_server_ends_with_the_list_and_is_not_started_for_ever(tmp_path):
    """A gunicorn starts a worker that ended with 1 again and again; with 4 it ends."""
    environ = {
        **os.environ, "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_ENVIRONMENT": "production",
        "TRACKER_SECRET_KEY": KEY, "TRACKER_TRUSTED_PROXIES": "1", "FLASK_DEBUG": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], capture_output=True, text=True, env=environ, check=False,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert done.returncode == 4
    assert "FLASK_DEBUG" in done.stderr
    assert "schema" in done.stderr
    assert "Traceback" not in done.stderr
