"""The doctor's checks: of each, an installation with the fault beside one without."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from config import Config
from tracker.rules.doctor import State, examine, judge_accepted
from tracker.rules.doctor_database import DATABASE
from tracker.rules.doctor_facts import Installation, Ledger, Room
from tracker.rules.doctor_machine import MACHINE
from tracker.rules.doctor_settings import SETTINGS

ROOT = Path("/opt/tracker")
AT = dt.datetime(2026, 7, 1, tzinfo=dt.UTC)
GIB = 2**30
SAFE = Config(
    environment="production", database_url="sqlite:////srv/data/tracker.sqlite3",
    secret_key="Jx9_qfB2mZ0vKc7TnWd4RhYpLs8eAgUo", data_dir=Path("/srv/data"), says_proxies=True,
    trusted_proxies=1, chromium="/usr/bin/chromium", scanner=("clamdscan",),
    backups=Path("/mnt/archives"),
)  # fmt: skip
HERE = Installation(
    config=SAFE, root=ROOT, mounts=(("/", "ext4"), ("/srv", "nfs4"), ("/srv/data", "xfs"), ("/mnt", "cifs")),
    rooms=(Room(Path("/srv/data"), 90 * GIB, 100 * GIB),),
)  # fmt: skip
LEDGER = Ledger(
    dialect="sqlite", version="3.53.4", is_wal_safe=True, schema="0037", wanted="0037", at=AT, newest=AT,
    rewrites=False, settings={"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1",
                              "secure_delete": "1", "trusted_schema": "0", "mmap_size": "0"},
)  # fmt: skip
SERVER = replace(
    LEDGER, dialect="postgresql", version="15.1",
    settings={"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "is_superuser": "off"},
)  # fmt: skip
FAR = "postgresql+psycopg://ledger:Kq7vTz2m@db.bureau.lan/tracker"
TWO = "postgresql+psycopg://ledger:Kq7vTz2m@/tracker?host=db1.bureau.lan:5432&host=db2.bureau.lan:5432"


def set_to(**fields):
    """The safe installation with other settings."""
    return replace(HERE, config=replace(SAFE, **fields))


def on(url, **environ):
    """The safe installation on a database at this address."""
    return replace(set_to(database_url=url), environ=environ)


# id of the check → what it refuses or warns of, and what is just good enough.
INSTALLATIONS = {
    "environment": ([set_to(environment="development")], [HERE]),
    "debug": ([set_to(debug=True)], [HERE]),
    "today": ([set_to(today=dt.date(2021, 7, 31))], [HERE]),
    "secret-key": ([set_to(secret_key="")], [HERE]),
    "written-key": (
        [set_to(secret_key="k" * 40), set_to(secret_key="abcabcabc" * 5), set_to(secret_key="0123456" * 5),
         set_to(secret_key="please-change-me-before-you-start"), set_to(secret_key="only-for-tests-" * 4)],
        [HERE, set_to(secret_key="9f86d081884c7d659a2feaa0c55ad015")],
    ),
    "memory": ([on("sqlite://"), on("sqlite:///:memory:")], [HERE, on(FAR)]),
    "sqlite-address": (
        [on("sqlite:////srv/x.db?synchronous=OFF"), on("sqlite:////srv/x.db?nolock=1")],
        [HERE, on("sqlite:////srv/x.db?timeout=9")],
    ),
    "network-files": (
        [on("sqlite:////srv/x.db"), on("sqlite:////mnt/tracker/x.db"), replace(HERE, mounts=None),
         replace(HERE, mounts=(("/", "nfs"),)), replace(HERE, mounts=(("/srv", "ext4"), ("/srv", "nfs")))],
        [HERE, on("sqlite:////srvx/x.db"), replace(on(FAR), mounts=None)],
    ),
    "postgres-tls": (
        [on(FAR), on(f"{FAR}?sslmode=require"), on(f"{FAR}?sslmode=verify-ca"), on(FAR, PGSSLMODE="prefer"),
         on("postgresql+psycopg://l:p@/tracker", PGHOST="db.bureau.lan"),
         on("postgresql+psycopg://l@/tracker?host=/run,db.bureau.lan"),
         on(TWO), on("postgresql+psycopg://l@/t?host=db.bureau.lan:5432&host=localhost:5432")],
        [on("postgresql+psycopg://l@/t?host=localhost:5432&host=/run/pg"), on(f"{FAR}?sslmode=verify-full"),
         on(FAR, PGSSLMODE="verify-full"), HERE,
         on("postgresql+psycopg://l:p@localhost/tracker"), on("postgresql+psycopg:///tracker?host=/run/pg")],
    ),
    "several-hosts": (
        [on(f"{TWO}&sslmode=verify-full"), on(f"{TWO}&target_session_attrs=any"),
         on(f"{TWO}&target_session_attrs=prefer-standby"), on("postgresql+psycopg:///t", PGHOST="a,b"),
         on("postgresql+psycopg://l:p@/t?host=a,b&port=5432,5432")],
        [on(f"{TWO}&target_session_attrs=read-write"), on(f"{TWO}&target_session_attrs=primary"),
         on(TWO, PGTARGETSESSIONATTRS="read-write"), on(FAR), HERE],
    ),
    "database-password": (
        [on("postgresql+psycopg://postgres:postgres@localhost/t"), on("postgresql+psycopg://l:Tracker@h/t"),
         on("postgresql+psycopg://ledger:ledger@h/t"), on("postgresql+psycopg://ledger@h/t"),
         on("postgresql+psycopg://ledger@h/t", PGPASSWORD="123456")],
        [on(FAR), on("postgresql+psycopg:///t?host=/run/postgresql"), HERE,
         on("postgresql+psycopg://ledger@h/t", PGPASSFILE="/etc/pgpass")],
    ),
    "proxies": ([set_to(says_proxies=False)], [HERE, set_to(trusted_proxies=0)]),
    "many-proxies": ([set_to(trusted_proxies=3)], [HERE, set_to(trusted_proxies=2)]),
    "plain-http": ([set_to(plain_http=True)], [HERE]),
    "plain-dengbao": (
        [set_to(plain_http=True, profile="dengbao")],
        [HERE, set_to(plain_http=True), set_to(profile="dengbao")],
    ),
    "idle": (
        [set_to(idle_minutes=31, profile="dengbao"),
         set_to(idle_minutes=9, profile="dengbao")],
        [set_to(idle_minutes=31), set_to(idle_minutes=30, profile="dengbao")],
    ),
    "scanner": ([set_to(scanner=())], [HERE]),
    "jobs": ([set_to(jobs="manual")], [HERE, set_to(jobs="worker")]),
    "second-step": (
        [set_to(profile="dengbao"),
         set_to(profile="dengbao", second_factor_roles=frozenset({"office", "auditor"}))],
        [HERE, set_to(profile="dengbao", second_factor_roles=frozenset({"office", "administrator"}))],
    ),
    "ledger-files": ([replace(HERE, exposed=(Path("/srv/data/tracker.sqlite3-wal"),))], [HERE]),
    "backup-apart": (
        [set_to(backups=None), set_to(backups=Path("/srv/data/archives")),  # in one folder
         set_to(backups=Path("/srv/other/archives"), backup_key=Path("/srv/keys/backup_key")),  # on one disk
         replace(set_to(backup_key=Path("/mnt/archives/keys/backup_key")), mounts=None)],
        [HERE, set_to(backups=Path("/srv/archives")),
         replace(set_to(backups=Path("/srv/archives")), mounts=None)],
    ),
    "key-files": ([replace(HERE, readable=(Path("/srv/data/seal_keys"),))], [HERE]),
    "data-folder": (
        [set_to(data_dir=ROOT), set_to(data_dir=ROOT / "static" / "x"), set_to(data_dir=ROOT / "tracker")],
        [HERE, set_to(data_dir=ROOT / "data"), set_to(data_dir=Path("/opt/tracker-data"))],
    ),
    "data-beside": ([set_to(data_dir=ROOT / "data")], [HERE, set_to(data_dir=Path("/opt/tracker-data"))]),
    "disk": (
        [replace(HERE, rooms=(*HERE.rooms, Room(Path("/srv/swap"), GIB - 1, 10 * GIB))),
         replace(HERE, rooms=(Room(Path("/srv/swap"), 4 * GIB, 100 * GIB),))],
        [HERE, replace(HERE, rooms=()),
         replace(HERE, rooms=(Room(Path("/srv/swap"), 2 * GIB, 10 * GIB),))],
    ),
    "chromium": ([set_to(chromium="")], [HERE]),
}  # fmt: skip


def sqlite(**settings):
    return replace(LEDGER, settings={**LEDGER.settings, **settings})


def server(**settings):
    return replace(SERVER, settings={**SERVER.settings, **settings})


LEDGERS = {
    "schema": ([replace(LEDGER, schema="0036"), replace(LEDGER, schema=None)], [LEDGER, SERVER]),
    "sqlite-library": (
        [replace(LEDGER, is_wal_safe=False, version="3.40.1")],
        [LEDGER, SERVER, replace(sqlite(journal_mode="delete"), is_wal_safe=False)],
    ),
    "synchronous": (
        [sqlite(synchronous="1"), sqlite(synchronous="0")], [LEDGER, sqlite(synchronous="3"), SERVER],
    ),
    "pragmas": (
        [sqlite(foreign_keys="0"), sqlite(secure_delete="0"), sqlite(trusted_schema="1"),
         sqlite(mmap_size="9")],
        [LEDGER, SERVER],
    ),
    "durability": (
        [server(fsync="off"), server(synchronous_commit="off"), server(full_page_writes="off")],
        [SERVER, server(synchronous_commit="local"), LEDGER],
    ),
    "standby": (
        [replace(SERVER, hosts=2), replace(server(synchronous_standby_names=""), hosts=2),
         replace(server(synchronous_standby_names="*", synchronous_commit="local"), hosts=2)],
        [SERVER, LEDGER, replace(server(synchronous_standby_names="*"), hosts=2)],
    ),
    "superuser": ([server(is_superuser="on")], [SERVER, LEDGER]),
    "audit-rows": ([replace(SERVER, rewrites=True), replace(LEDGER, rewrites=True)], [SERVER, LEDGER]),
    "backup": (
        [replace(LEDGER, is_late=True), replace(LEDGER, is_late=True, backup_at=AT)],
        [LEDGER, replace(LEDGER, backup_at=AT)],
    ),
    "clock": (
        [replace(LEDGER, newest=AT + dt.timedelta(minutes=6)),
         replace(LEDGER, newest=AT + dt.timedelta(days=3650))],
        [LEDGER, replace(LEDGER, newest=None),
         replace(LEDGER, newest=AT + dt.timedelta(minutes=4))],
    ),
}  # fmt: skip
CHECKS = {check.id: check for check in (*SETTINGS, *MACHINE, *DATABASE)}
CASES = {**INSTALLATIONS, **LEDGERS}


def test_every_check_has_a_bad_case_and_a_good_one():
    assert list(CHECKS) == list(dict.fromkeys(CHECKS)), "two checks share an id"
    assert len(CHECKS) == len(SETTINGS) + len(MACHINE) + len(DATABASE)
    assert set(CHECKS) == set(CASES)
    assert all(bad and good for bad, good in CASES.values())


@pytest.mark.parametrize("name", CASES)
def test_a_check_finds_its_fault_and_nothing_where_all_is_well(name):
    check, (bad, good) = CHECKS[name], CASES[name]
    for subject in bad:
        (found,) = examine([check], subject)
        assert found.state is check.level, subject
        assert found.says % found.params, "every value of the sentence is there"
        assert "%(" not in found.says % found.params
    assert [examine([check], subject)[0].state for subject in good] == [State.GOOD] * len(good)


def test_a_safe_installation_has_no_finding_at_all():
    found = [*examine([*SETTINGS, *MACHINE], HERE), *examine(DATABASE, LEDGER), *examine(DATABASE, SERVER)]
    assert {finding.state for finding in found} == {State.GOOD}


def test_what_could_not_be_looked_at_is_not_called_good():
    assert {finding.state for finding in examine(DATABASE, None)} == {State.UNKNOWN}


def test_an_operator_takes_upon_himself_only_what_bends():
    late = replace(LEDGER, newest=AT + dt.timedelta(days=1), schema="0001")
    accepted = frozenset({"clock", "schema"})
    states = {finding.id: finding.state for finding in examine(DATABASE, late, accepted)}
    assert (states["clock"], states["schema"]) == (State.WARNED, State.REFUSED)
    bendable = frozenset(name for name, check in CHECKS.items() if check.bends)
    assert bendable == {"clock", "durability", "network-files"}
    assert judge_accepted(accepted, bendable).params == {"ids": "schema"}
    assert judge_accepted(frozenset({"clock"}), bendable).state is State.GOOD
