"""The doctor's checks of the database: what holds for a connection as the tracker opens it."""

from __future__ import annotations

import datetime as dt

from tracker.rules.doctor import Check, Fault, State
from tracker.rules.doctor_facts import Ledger
from tracker.rules.refusal import N_

FULL, EXTRA = "2", "3"  # values of SQLite's synchronous
PRAGMAS = {"foreign_keys": "1", "secure_delete": "1", "trusted_schema": "0", "mmap_size": "0"}
STANDBYS, COMMIT = "synchronous_standby_names", "synchronous_commit"
DURABLE = ("fsync", COMMIT, "full_page_writes")
SLACK = dt.timedelta(minutes=5)  # the clocks of two hosts may be so far apart


def _is_of_sqlite(ledger: Ledger) -> bool:
    return ledger.dialect == "sqlite"


def _has_reset_bug(ledger: Ledger) -> Fault:
    is_old = not ledger.is_wal_safe and ledger.settings.get("journal_mode") == "wal"
    return {"version": ledger.version} if _is_of_sqlite(ledger) and is_old else None


def _forgets_commits(ledger: Ledger) -> Fault:
    value = ledger.settings.get("synchronous")
    return {"value": value or "?"} if _is_of_sqlite(ledger) and value not in (FULL, EXTRA) else None


def _has_weak_pragmas(ledger: Ledger) -> Fault:
    weak = [name for name, value in PRAGMAS.items() if ledger.settings.get(name, value) != value]
    return {"names": ", ".join(weak)} if _is_of_sqlite(ledger) and weak else None


def _server_forgets(ledger: Ledger) -> Fault:
    off = [name for name in DURABLE if ledger.settings.get(name) == "off"]
    return {"names": ", ".join(off)} if off else None


def _standby_lags(ledger: Ledger) -> Fault:
    """Another server may take over, and a commit is answered before that one has it."""
    settings = ledger.settings
    waits = settings.get(STANDBYS) and settings.get(COMMIT) != "local"
    if ledger.hosts < 2 or waits:
        return None
    return {"hosts": ledger.hosts, "names": STANDBYS, "mode": "synchronous_mode", "commit": COMMIT}


def _is_superuser(ledger: Ledger) -> Fault:
    return {} if ledger.settings.get("is_superuser") == "on" else None


def _rewrites_audit(ledger: Ledger) -> Fault:
    return {} if ledger.rewrites else None


def _has_other_schema(ledger: Ledger) -> Fault:
    if ledger.schema == ledger.wanted:
        return None
    return {"schema": ledger.schema or "—", "wanted": ledger.wanted or "—"}


def _has_no_backup(ledger: Ledger) -> Fault:
    if not ledger.is_late:
        return None
    return {"last": f"{ledger.backup_at:%Y-%m-%d %H:%M}" if ledger.backup_at else "—"}


def _is_behind(ledger: Ledger) -> Fault:
    if ledger.newest is None or ledger.at + SLACK >= ledger.newest:
        return None
    return {"now": f"{ledger.at:%Y-%m-%d %H:%M}", "newest": f"{ledger.newest:%Y-%m-%d %H:%M}"}


REFUSED = State.REFUSED
DATABASE: tuple[Check[Ledger], ...] = (
    Check(
        "schema", N_("Whether the tables are those of this program"), REFUSED,
        N_("The tables stand at migration %(schema)s, this program needs %(wanted)s. Make a backup, then "
           "run flask db upgrade."),
        _has_other_schema,
    ),
    Check(
        "sqlite-library", N_("The SQLite library"), REFUSED,
        N_("SQLite's library is %(version)s and the ledger is in WAL: older than 3.51.3 it can damage it. "
           "Install pysqlite3 of requirements.txt."),
        _has_reset_bug,
    ),
    Check(
        "synchronous", N_("Whether SQLite waits for the disk"), REFUSED,
        N_("PRAGMA synchronous is %(value)s: what was acknowledged may be lost when the power fails. It must "
           "be FULL (2)."),
        _forgets_commits,
    ),
    Check(
        "pragmas", N_("SQLite's other settings"), REFUSED,
        N_("SQLite's settings are not the tracker's (%(names)s): another program has opened the connection. "
           "Start the tracker as the operator's guide says."),
        _has_weak_pragmas,
    ),
    Check(
        "durability", N_("Whether PostgreSQL waits for the disk"), REFUSED,
        N_("PostgreSQL runs with %(names)s off: what was acknowledged may be lost. Switch it on in "
           "postgresql.conf."),
        _server_forgets, bends=True,
    ),
    Check(
        "standby", N_("Whether the server that would take over has what was acknowledged"), State.WARNED,
        N_("The address names %(hosts)s servers, but PostgreSQL waits for no standby: what was acknowledged "
           "just before one takes over may be lost. Set %(names)s (Patroni: %(mode)s), and %(commit)s to "
           "on."),
        _standby_lags,
    ),
    Check(
        "superuser", N_("The rights of the database's account"), REFUSED,
        N_("The database's account is a superuser. Make one that owns nothing but the tracker's database, "
           "and put it into TRACKER_DATABASE_URL."),
        _is_superuser,
    ),
    Check(
        "audit-rows", N_("Whether events of the audit can be changed"), REFUSED,
        N_("The triggers that keep events of the audit from being changed or deleted are gone. Restore a "
           "backup that has them, and find out who took them out."),
        _rewrites_audit,
    ),
    Check(
        "backup", N_("When the last backup was made"), State.WARNED,
        N_("The last good backup is of %(last)s. Make one with flask backup create, and see why the planned "
           "one did not come."),
        _has_no_backup,
    ),
    Check(
        "clock", N_("The clock"), REFUSED,
        N_("The clock says %(now)s (UTC), but the newest event of the audit is of %(newest)s. Set the clock "
           "right; if the event is wrong, TRACKER_ACCEPT=clock lets the tracker start."),
        _is_behind, bends=True,
    ),
)  # fmt: skip
