"""The power goes while records are written: none that was acknowledged is lost, and none is half there."""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from pathlib import Path
from random import Random
from typing import NamedTuple

import flask_migrate
import pytest
from sqlalchemy import make_url

from tests.conftest import close_app, config_for, make_app
from tests.databases import SQLite
from tests.maker import NOW, Maker
from tests.proof import forgetful_disk as disk
from tests.proof.figures import count, reached
from tracker.db import db, empty_journal, prepare_engine, sqlite_module
from tracker.models import Campaign, Record, Role, User
from tracker.queries.campaigns import spec_of
from tracker.services.entries import Row, check_entries, enter_records

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

ACTS = 60
MEMORY = Path("/dev/shm")  # noqa: S108  (a folder of its own is made there)
DAY = dt.date(2021, 3, 5)


class Written(NamedTuple):
    """What an application wrote: the files before, all steps, after which of them a record was promised."""

    before: dict[str, bytes]
    steps: list[disk.Step]
    acknowledged: list[tuple[int, int]]


def write(url: str, folder: Path, **changed: str) -> Written:
    """Run the application on a disk that notes everything: records are entered one by one.

    changed: settings of the connection that differ from the application's own, to see that it matters.
    """
    disk.Connection.disk = disk.Disk()
    app = make_app(config_for(url, folder))
    acknowledged: list[tuple[int, int]] = []
    path = str(make_url(url).database)
    with app.app_context():
        make = Maker()
        campaign_id = make.campaign().id
        branch = make.branch("第一党支部")
        make.member(branch, number="M0001")
        keeper_id = make.user(Role.SECRETARY, branch).id
        db.session.commit()
        empty_journal(db.engine)
        for name, value in changed.items():
            db.session.connection().exec_driver_sql("COMMIT")
            db.session.connection().exec_driver_sql(f"PRAGMA {name}={value}")
            db.session.connection().exec_driver_sql("BEGIN")
            db.session.commit()
    files = {str(one): one.read_bytes() for one in Path(path).parent.glob(Path(path).name + "*")}
    steps = disk.Connection.disk.steps
    steps.clear()
    for n in range(ACTS):
        with app.app_context():
            record = enter(campaign_id, keeper_id, n)
            db.session.commit()
            acknowledged.append((len(steps), record))
            if n == ACTS // 2:
                db.session.remove()
                empty_journal(db.engine)
    taken = list(steps)
    close_app(app)
    return Written(files, taken, acknowledged)


def enter(campaign_id: int, keeper_id: int, number: int) -> int:
    """An hour of the member's, as the page of entries has it made."""
    campaign, keeper = db.session.get_one(Campaign, campaign_id), db.session.get_one(User, keeper_id)
    kind = spec_of(campaign).kind("study")
    cells = {
        "happened_on": str(DAY + dt.timedelta(days=number)), "minutes": "1", "source": "学习强国",
        "member_number": "M0001", "title": f"第{number}篇",
    }  # fmt: skip
    plan = check_entries(campaign, kind, [Row(1, cells)], by=keeper, today=dt.date(2021, 7, 31), at=NOW)
    (record,) = enter_records(plan, kind, campaign, by=keeper, at=NOW)
    db.session.flush()
    assert isinstance(record, Record)
    return record.id


class Losses(NamedTuple):
    """What was found after the power had gone so many times."""

    cuts: int
    lost: int
    spoilt: int


def cut(written: Written, cuts: int, random: Random) -> Losses:
    """Let the power go at so many moments, spread over all that was written, and look what is there."""
    moments = sorted(random.randrange(len(written.steps) + 1) for _ in range(cuts))
    remains, taken, lost, spoilt = disk.Remains(written.before), 0, 0, 0
    folder = Path(tempfile.mkdtemp(prefix="tracker-power-", dir=MEMORY if MEMORY.is_dir() else None))
    name = Path(next(path for path in written.before if path.endswith("sqlite3"))).name
    try:
        for moment in moments:
            while taken < moment:
                remains.take(written.steps[taken])
                taken += 1
            disk.put(remains.lost(random), folder)
            promised = {record for step, record in written.acknowledged if step <= moment}
            found = look(folder / name)
            lost += found is not None and not promised <= found
            spoilt += found is None
    finally:
        shutil.rmtree(folder)
    return Losses(cuts, lost, spoilt)


def look(path: Path) -> set[int] | None:
    """The records of a database that is opened again, with member and event each; None if it is spoilt."""
    driver = sqlite_module()
    connection = driver.connect(path)
    try:
        if connection.execute("PRAGMA quick_check").fetchall() != [("ok",)]:
            return None
        records, people, events = (
            {row[0] for row in connection.execute(statement)}
            for statement in (
                "SELECT id FROM record",
                "SELECT record_id FROM participation",
                "SELECT subject_id FROM audit_event WHERE action = 'record:enter'",
            )
        )
        return records if records == people == events else None
    except driver.DatabaseError:
        return None
    finally:
        connection.close()


@pytest.fixture(scope="module")
def migrated(tmp_path_factory):
    """A migrated database in a file; PostgreSQL writes a log of its own and promises for itself."""
    backend = SQLite()
    backend.start()
    url = backend.create()
    app = make_app(config_for(url, tmp_path_factory.mktemp("template")))
    with app.app_context():
        flask_migrate.upgrade()
    close_app(app)
    yield backend, url
    backend.stop()


@pytest.fixture
def sqlite_url(migrated):
    """A copy of it."""
    backend, template = migrated
    url = backend.create(template)
    yield url
    backend.drop(url)


@pytest.fixture
def forgetful(monkeypatch):
    """The application takes the disk that forgets for its SQLite."""
    monkeypatch.setattr("tracker.sqlite_module", lambda: disk)
    monkeypatch.setitem(prepare_engine.__globals__, "sqlite_module", lambda: disk)


@pytest.mark.parametrize(
    ("version", "mode"),
    [(disk.sqlite_version_info, "WAL"), ((3, 51, 2), "DELETE, as an older SQLite has it")],
)
def test_a_power_cut_loses_nothing_that_was_acknowledged(
    sqlite_url, forgetful, tmp_path, monkeypatch, record_property, version, mode
):
    monkeypatch.setattr(disk, "sqlite_version_info", version)
    written = write(sqlite_url, tmp_path)
    cuts = count("a2") if mode == "WAL" else count("a2") // 5
    found = cut(written, cuts, Random(2))
    assert (found.lost, found.spoilt) == (0, 0)
    reached(record_property, "a2", f"{mode}: {cuts} cuts in {len(written.steps)} writes and syncs, 0 losses")


def test_on_a_weaker_setting_the_same_cuts_lose_records(sqlite_url, forgetful, tmp_path, record_property):
    """The control: a proof that finds nothing here does not look."""
    cuts = count("a2") // 5
    found = cut(write(sqlite_url, tmp_path, synchronous="NORMAL"), cuts, Random(2))
    assert found.lost > cuts // 4
    reached(record_property, "a2", f"control with NORMAL: {found.lost} of {cuts} cuts lose records")
