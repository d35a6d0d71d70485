"""What goes wrong with backups: killed, full, older, at once. Nothing is left behind, nobody comes back."""

from __future__ import annotations

import datetime as dt
import errno
import os
import shutil
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import func, select, update

from tests import databases
from tests.backups import Installation, small
from tracker import worker
from tracker.clock import now
from tracker.db import db
from tracker.files import backup_folders, erasure_list
from tracker.files.sealed_stream import SealingWriter
from tracker.models import AuditEvent, Backup, Evidence, Member, Suggestion, User
from tracker.services import erasures
from tracker.services.audit import record_event
from tracker.services.deletions import delete_once_committed
from tracker.services.evidence import path_of
from tracker.services.restores import restoring
from tracker.services.suggestions import add_suggestion
from tracker.worker.backups import keys_at
from tracker.worker.runs import NO_ROOM
from tracker.worker.schemas import schema

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ROOT = Path(__file__).parents[2]
FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def places(database, template_url, tmp_path):
    """Makes installations with the newest schema and without a row."""
    made = []

    def make(name, on=None, **settings):
        backend = on or database
        url = backend.create(None if on else template_url)
        made.append((backend, Installation(url, tmp_path / name, **settings)))
        return made[-1][1]

    yield make
    for backend, place in made:
        place.close()
        backend.drop(place.url)


@pytest.fixture
def old(places):
    """A small installation: one member with a record, and a file at it."""
    place = places("old")
    small(place)
    return place


def is_empty(place):
    """Whether a restore left nothing: no row, no file, no half-done work."""
    with place.here():
        rows = db.session.scalar(select(func.count()).select_from(Member))
    return not rows and place.files() == {} and not list((place.data_dir / backup_folders.WORK).iterdir())


# A restore whose process dies in the middle, or between its files' coming into place and its commit.
DIES = """
import os, sys
from pathlib import Path
from config import load_config
from tracker import create_app
from tracker.clock import now
from tracker.services.restores import restoring
from tracker.worker.backups import keys_at
from tracker.worker.schemas import schema

when, archive, key = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
app = create_app(load_config())
with app.app_context():
    import tracker.files.backup_folders as folders
    if when == "unpacked":
        folders.make_room(folders.Path(app.config["TRACKER"].data_dir / folders.WORK), Path("/nowhere"))
        folders.placed = lambda work, data_dir: os._exit(9)
    with restoring(
        archive, keys_at(key), "", data_dir=app.config["TRACKER"].data_dir, schema=schema(), at=now()
    ):
        os._exit(9)
"""


@pytest.mark.parametrize("when", [pytest.param("unpacked", marks=pytest.mark.full), "placed"])
def test_a_restore_that_is_killed_leaves_no_row_and_the_next_one_clears_its_files(old, places, when):
    archive, new = old.back_up(), places("new")
    (new.data_dir / backup_folders.WORK).mkdir()
    environ = {
        **os.environ, "TRACKER_DATABASE_URL": new.url, "TRACKER_DATA_DIR": str(new.data_dir),
        "TRACKER_JOBS": "manual", "TRACKER_ENVIRONMENT": "testing", "TRACKER_SECRET_KEY": "k" * 40,
    }  # fmt: skip
    command = [sys.executable, "-c", DIES, when, str(archive), str(old.key)]
    killed = subprocess.run(command, cwd=ROOT, env=environ, check=False)
    assert killed.returncode == 9
    assert (new.files() != {}) is (when == "placed")
    with new.here():
        assert db.session.scalar(select(func.count()).select_from(Member)) == 0
    done = new.restore(archive, old.key)
    assert done.exit_code == 0, done.output
    assert new.files() == old.files()


def test_a_restore_that_fails_at_its_last_step_leaves_nothing(old, places):
    archive, new = old.back_up(), places("new")
    with new.app.app_context(), pytest.raises(RuntimeError):
        _fails(archive, old.key, new)
    assert is_empty(new)
    assert new.restore(archive, old.key).exit_code == 0


def _fails(archive, key, new):
    with restoring(archive, keys_at(key), "", data_dir=new.data_dir, schema=schema(), at=now()):
        raise RuntimeError("the database is gone")


def test_a_disk_that_is_full_leaves_nothing_and_is_noted(old, places, monkeypatch):
    archive, new = old.back_up(), places("new")
    with monkeypatch.context() as patch:
        patch.setattr(SealingWriter, "_seal", lambda *_args, **_more: _raise(FULL))
        assert old.run("backup", "create").exit_code == 1
        patch.setattr(backup_folders, "unpack", lambda *_args: _raise(FULL))
        done = new.restore(archive, old.key)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert [*(old.data_dir / "backups").iterdir(), *(old.data_dir / backup_folders.WORK).iterdir()] == []
    assert is_empty(new)
    with old.here():
        last = db.session.scalars(select(Backup).order_by(Backup.id.desc()).limit(1)).one()
        assert (last.name, last.error["msgid"]) == (None, NO_ROOM)
        acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_type == "backup")).all()
        assert acts == ["backup:create", "backup:fail"]
    assert new.restore(archive, old.key).exit_code == 0


def _raise(error):
    raise error


def test_a_file_that_is_removed_just_after_the_moment_lets_a_later_moment_be_taken(old, monkeypatch):
    hold, looks = backup_folders.hold, []

    def removes(work, data_dir, names):
        looks.append(1)
        if len(looks) == 1:
            db.session.rollback()
            file = db.session.scalars(select(Evidence)).one()
            file.removed_at, file.removed_by_id, file.removed_why = now(), file.added_by_id, "拿错了"
            delete_once_committed(path_of(file.stored_as, data_dir))
            record_event(None, "evidence:remove", file, now())
            db.session.commit()
        return hold(work, data_dir, names)

    monkeypatch.setattr(backup_folders, "hold", removes)
    done = old.run("backup", "create")  # exits 2 if a row lacked its file
    assert (done.exit_code, len(looks)) == (0, 2)


@pytest.mark.both
def test_an_archive_of_an_older_schema_is_restored_and_brought_to_the_newest(old, places):
    with old.app.app_context():
        flask_migrate.downgrade(revision="0037")
    done = old.run("backup", "create", "--out", old.data_dir / "older.backup")
    assert done.exit_code == 0, done.output
    new = places("new")
    done = new.restore(old.data_dir / "older.backup", old.key)
    assert done.exit_code == 0, done.output
    assert "0037" in done.output
    with new.app.app_context():
        flask_migrate.check()
    assert new.run("data", "check").exit_code == 0
    with old.app.app_context():
        flask_migrate.upgrade()
    assert {name: len(rows) for name, rows in new.rows().items()} == {
        name: len(rows) for name, rows in old.rows().items()
    }


@pytest.mark.both
def test_whoever_was_erased_after_the_backup_does_not_come_back(old, places):
    archive, new = old.back_up(), places("new")
    with old.here():
        member = db.session.scalars(select(Member)).one()
        name, number = member.name, member.number
        gone = erasures.Erasure(
            now(), member.id, erasures.proof_of(member.id, number, old.app.config["TRACKER"].secret_key)
        )
    erasure_list.append(new.app.config["TRACKER"].erasures_path, gone)
    done = new.restore(archive, old.key)
    assert done.exit_code == 0, done.output
    with new.here():
        member = db.session.scalars(select(Member)).one()
        assert (member.name == member.number, member.name != name) == (True, True)
    assert new.files() == {}  # their file, too
    assert new.run("data", "check").exit_code == 0
    other = places("other")
    erasure_list.append(
        other.app.config["TRACKER"].erasures_path, erasures.Erasure(now(), gone.member_id, "0" * 64)
    )
    assert other.restore(archive, old.key).exit_code == 1  # the list of another installation
    assert is_empty(other)


def test_what_this_database_cannot_hold_is_refused_with_its_table(database, places):
    """SQLite keeps a NUL in a text; PostgreSQL does not."""
    backend = databases.SQLite()
    backend.start()
    odd = places("odd", on=backend)
    with odd.app.app_context():
        flask_migrate.upgrade()
    small(odd)
    with odd.here():
        db.session.execute(update(Member).values(pinyin="a\0b"))
    new = places("new")
    done = new.restore(odd.back_up(), odd.key)
    if database.name == "postgresql":
        assert done.exit_code == 1
        assert "member" in done.output
        assert is_empty(new)
    else:
        assert done.exit_code == 0
        with new.here():
            assert db.session.scalars(select(Member.pinyin)).one() == "a\0b"
    backend.stop()


def test_the_worker_makes_one_when_it_is_due_and_lets_old_ones_go(places, monkeypatch):
    place = places("old", backup_minutes=15, backup_keep=2, backup_days=1)
    small(place)
    folder = place.data_dir / "backups"
    start = now()

    def goes_on(minutes):
        monkeypatch.setattr("tracker.clock.now", lambda: start + dt.timedelta(minutes=minutes))
        return worker.back_up(place.app)

    assert goes_on(0)
    (folder / "tracker-20200101T000000Z.backup.part").touch()  # a killed one's
    assert not goes_on(14)
    assert not goes_on(16)  # nothing was done
    with place.here():
        by = db.session.scalars(select(User).limit(1)).one()
        add_suggestion("少填一张表", page="/", by=by, at=start)
    assert goes_on(17)
    assert not goes_on(18)
    assert goes_on(17 + 24 * 60)
    assert goes_on(17 + 48 * 60)
    assert len(list(folder.iterdir())) == 2
    with place.here():
        assert [row.is_scheduled for row in db.session.scalars(select(Backup))] == [True] * 4


def test_while_one_is_made_the_schedule_waits_without_a_word(places):
    place = places("old", backup_minutes=15)
    small(place)
    with backup_folders.alone(place.data_dir):
        assert not worker.back_up(place.app)
        assert place.run("backup", "create").exit_code == 1
    with place.here():
        assert db.session.scalars(select(Backup)).all() == []
        assert db.session.scalars(select(Suggestion)).all() == []
    assert worker.back_up(place.app)


def test_a_lost_key_is_asked_for_and_drawn_anew_only_where_no_archive_needs_it(places):
    place = places("lost")
    assert place.run("backup", "create").exit_code == 0
    place.key.unlink()
    refused = place.run("backup", "create")
    assert refused.exit_code == 1
    assert "放回" in refused.output
    assert not place.key.exists()
    for archive in (place.data_dir / "backups").iterdir():
        archive.unlink()
    assert place.run("backup", "create").exit_code == 0
    assert place.key.exists()


def test_the_schedule_goes_on_after_a_failure(places, monkeypatch):
    place = places("old", backup_minutes=15)
    small(place)
    place.key.write_text("no key")
    assert not worker.back_up(place.app)
    place.key.unlink()
    soon = now() + dt.timedelta(minutes=16)
    monkeypatch.setattr("tracker.clock.now", lambda: soon)
    assert worker.back_up(place.app)
    shutil.rmtree(place.data_dir / "backups")
