"""The drill: a backup is made, proved, and brought into an empty installation on either database."""

from __future__ import annotations

import secrets
import shutil
import stat
import threading
from itertools import count

import pytest
from sqlalchemy import inspect, select

from tests import databases
from tests.backups import Installation, fill
from tests.signing_in import is_in, sign_in
from tracker.clock import now
from tracker.db import db
from tracker.files.seal_keys import first_keys
from tracker.models import AuditEvent, Backup, Suggestion, User, UserSession
from tracker.queries.neutral_rows import rows_of
from tracker.services.suggestions import add_suggestion

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture(scope="module")
def old(database, template_url, tmp_path_factory):
    """An installation with a row of nearly everything. It stays as it is, but for what tests add to it."""
    place = Installation(database.create(template_url), tmp_path_factory.mktemp("old"))
    fill(place)
    yield place
    place.close()
    database.drop(place.url)


@pytest.fixture(scope="module")
def archive(old):
    """A backup of it, as it was at the beginning."""
    return old.back_up("first.backup")


@pytest.fixture(scope="module")
def rows(old, archive):
    """The rows of that moment."""
    return old.rows()


@pytest.fixture
def elsewhere(database, template_url, tmp_path):
    """Makes installations that are empty: of this database, of SQLite, with a schema or without."""
    made = []

    def make(name, *, on=None, is_bare=False):
        backend = on or database
        url = backend.create(None if is_bare or on else template_url)
        place = Installation(url, tmp_path / name)
        made.append((backend, place))
        return place

    yield make
    for backend, place in made:
        place.close()
        backend.drop(place.url)


@pytest.fixture
def sqlite():
    backend = databases.SQLite()
    backend.start()
    yield backend
    backend.stop()


@pytest.fixture
def nowhere(tmp_path):
    """An installation whose database cannot be reached."""
    place = Installation("postgresql+psycopg://nobody@localhost:1/none", tmp_path / "nowhere")
    yield place
    place.close()


def differing(one, other):
    """Tables that are not the same, for a short message."""
    assert one.keys() == other.keys()
    return [name for name in one if one[name] != other[name]]


@pytest.mark.both
def test_everything_comes_back_on_the_same_database(old, archive, rows, elsewhere, quick_hashes):
    new = elsewhere("new")
    done = new.restore(archive, old.key)
    assert done.exit_code == 0, done.output
    assert differing(new.rows(), rows) == []
    assert new.files() == old.files()
    assert len(new.files()) >= 3
    assert {stat.S_IMODE(path.stat().st_mode) for path in (new.data_dir / "evidence").iterdir()} == {0o600}
    check = new.run("data", "check")
    assert check.exit_code == 0, check.output
    assert str(new.data_dir / "seal_keys") in done.output  # the keys of what is sealed are not in it
    shutil.copy(old.data_dir / "seal_keys", new.data_dir)
    shutil.copy(old.data_dir / "audit_heads", new.data_dir)
    check = new.run("audit", "verify")
    assert check.exit_code == 0, check.output
    with new.here():
        assert db.session.scalars(select(UserSession)).all() == []
        acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_type == "backup")).all()
        assert acts == ["backup:restore"]
    browser = new.app.test_client()
    sign_in(browser)
    assert is_in(browser)
    with new.here():  # the next row comes after those that were brought
        before = db.session.scalars(select(Suggestion.id)).all()
        assert suggest("新的一条").id not in before


def suggest(text):
    author = db.session.scalars(select(User).where(User.login == "office")).one()
    return add_suggestion(text, page="/", by=author, at=now())


def test_rows_are_the_same_after_a_way_over_the_other_database_and_back(
    old, archive, rows, elsewhere, sqlite
):
    """PostgreSQL, SQLite, PostgreSQL; or SQLite three times. The two last ones had no schema yet."""
    middle = elsewhere("middle", on=sqlite)
    done = middle.restore(archive, old.key)
    assert done.exit_code == 0, done.output
    assert differing(middle.rows(), rows) == []
    last = elsewhere("last", is_bare=True)
    done = last.restore(middle.back_up(), middle.key)
    assert done.exit_code == 0, done.output
    assert differing(last.rows(), rows) == []
    assert last.files() == old.files()
    assert last.run("data", "check").exit_code == 0


@pytest.mark.tried("i")
def test_what_was_acknowledged_before_the_start_is_in_it_while_sixteen_write(old, elsewhere):
    acknowledged, stop, errors, time = [], threading.Event(), [], secrets.token_hex(4)

    def write(number):
        try:
            for said in (f"{time}/{number}/{n}" for n in count()):
                with old.here():
                    suggest(said)
                acknowledged.append(said)
                if stop.wait(0.05):
                    return
        except Exception as error:  # seen by the test
            errors.append(error)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(16)]
    for writer in writers:
        writer.start()
    try:
        while len(acknowledged) < 50 and not errors:
            stop.wait(0.01)
        before = list(acknowledged)
        made = old.back_up(f"{time}.backup")
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert errors == []
    assert len(acknowledged) > len(before)  # they went on
    new = elsewhere("new")
    assert new.restore(made, old.key).exit_code == 0
    with new.here():
        found = db.session.scalars(select(Suggestion.text)).all()
        acts = db.session.scalars(select(AuditEvent.id).where(AuditEvent.action == "suggestion:add")).all()
    assert set(before) - set(found) == set()
    assert len(found) == len(set(found))
    of_writers = [text for text in found if "/" in text]
    assert len(of_writers) == len(acts)  # of one moment: no row without its act, no act without its row


def test_what_is_written_between_two_tables_is_in_neither(old, elsewhere, monkeypatch):
    def write():
        with old.here():
            suggest("写在两张表之间")

    def rows_then_write(connection, shape, table):
        yield from rows_of(connection, shape, table)
        if shape.name == "audit_event":
            writer = threading.Thread(target=write)
            writer.start()
            writer.join()

    monkeypatch.setattr("tracker.services.backups.rows_of", rows_then_write)
    made = old.back_up("between.backup")
    new = elsewhere("new")
    assert new.restore(made, old.key).exit_code == 0
    for place, there in ((old, ["写在两张表之间"]), (new, [])):
        with place.here():
            found = db.session.scalars(select(Suggestion.text)).all()
            assert [text for text in found if text == "写在两张表之间"] == there


def test_a_backup_is_proved_without_a_database(old, archive, nowhere):
    done = nowhere.run("backup", "verify", archive, "--key", old.key)
    assert done.exit_code == 0, done.output


def test_it_is_noted_and_only_its_owner_can_read_it(old):
    assert old.run("backup", "create").exit_code == 0
    (made,) = (old.data_dir / "backups").iterdir()
    assert stat.S_IMODE(made.stat().st_mode) == 0o600
    assert stat.S_IMODE(old.key.stat().st_mode) == 0o600
    assert made.name in old.run("backup", "list").output
    with old.here():
        row = db.session.scalars(select(Backup).order_by(Backup.id.desc()).limit(1)).one()
        noted = select(AuditEvent).where(AuditEvent.subject_type == "backup", AuditEvent.subject_id == row.id)
        event = db.session.scalars(noted).one()
        assert (row.name, row.size, row.lacking_count) == (made.name, made.stat().st_size, 0)
        assert (event.action, event.detail["rows"]) == ("backup:create", row.row_count)
    assert "张三".encode() not in made.read_bytes()


def test_the_key_is_told_once_and_loudly(elsewhere):
    new = elsewhere("new")
    first, again = new.run("backup", "create"), new.run("backup", "create", "--out", new.data_dir / "b")
    assert str(new.key) in first.output
    assert str(new.key) not in again.output


def test_a_file_that_is_lost_or_changed_does_not_stop_the_backup_and_is_told(old):
    files = sorted((old.data_dir / "evidence").iterdir())
    lost = next((old.data_dir / "uploads").iterdir())
    kept, made = [files[0].read_bytes(), lost.read_bytes()], old.data_dir / "lacking.backup"
    files[0].write_bytes(b"other")
    lost.unlink()
    try:
        for done in (old.run("backup", "create", "--out", made), old.run("backup", "verify", made)):
            assert done.exit_code == 2
            assert f"evidence/{files[0].name}" in done.output
            assert f"uploads/{lost.name}" in done.output
    finally:
        files[0].write_bytes(kept[0])
        lost.write_bytes(kept[1])


def test_a_file_that_exists_is_not_written_over(old):
    made = old.data_dir / "exists.backup"
    made.write_bytes(b"x")
    assert old.run("backup", "create", "--out", made).exit_code == 1
    assert made.read_bytes() == b"x"
    with old.here():
        failed = db.session.scalars(select(Backup).order_by(Backup.id.desc()).limit(1)).one()
        assert (failed.name, failed.error["params"]) == (None, {"file": str(made)})


def test_an_installation_with_rows_or_files_is_not_restored_into(old, archive, elsewhere):
    before = old.rows()
    for commit in ((), ("--commit",)):
        done = old.run("backup", "restore", archive, *commit)
        assert done.exit_code == 1
    assert differing(old.rows(), before) == []
    new = elsewhere("new")
    (new.data_dir / "evidence").mkdir()
    (new.data_dir / "evidence" / "0a").write_bytes(b"x")
    assert new.restore(archive, old.key).exit_code == 1
    assert new.rows()["member"] == []
    assert list(new.files()) == ["evidence/0a"]


def test_a_damaged_one_is_refused_before_anything_is_touched(old, archive, nowhere, tmp_path):
    content = bytearray(archive.read_bytes())
    content[len(content) // 2] ^= 1
    damaged = tmp_path / "damaged.backup"
    damaged.write_bytes(content)
    before = sorted(nowhere.data_dir.iterdir())
    done = nowhere.restore(damaged, old.key)
    assert (done.exit_code, type(done.exception)) == (1, SystemExit)
    assert sorted(nowhere.data_dir.iterdir()) == before


def test_another_key_and_a_newer_schema_are_refused(old, archive, elsewhere, monkeypatch):
    new = elsewhere("new")
    assert new.run("backup", "verify", archive).exit_code == 1  # no key at all
    first_keys(new.key, "aes-256-gcm")
    assert new.restore(archive, new.key).exit_code == 1
    monkeypatch.setattr("tracker.services.backups.revision_of", lambda connection: "9999")
    done = new.restore(old.back_up("newer.backup"), old.key)
    assert done.exit_code == 1
    assert "9999" in done.output


def test_without_commit_nothing_is_written(old, archive, elsewhere):
    new = elsewhere("new", is_bare=True)
    assert new.run("backup", "restore", archive, "--key", old.key).exit_code == 0
    assert new.files() == {}
    with new.here():
        assert inspect(db.engine).get_table_names() == []


def test_where_there_is_no_schema_there_is_nothing_to_back_up(elsewhere):
    new = elsewhere("new", is_bare=True)
    assert new.run("backup", "create").exit_code == 1
    assert list(new.data_dir.glob("backups/*")) == []
