"""Backups: what a neutral row is, which files rows name, when one is made, how long one is kept."""

from __future__ import annotations

import datetime as dt
import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tracker.rules.refusal import N_, Refused

DAY = dt.timedelta(days=1)
NAME = re.compile(r"tracker-(\d{8}T\d{6}Z)\.backup")
STAMP = "%Y%m%dT%H%M%SZ"
# What holds for one running installation only: whoever was signed in there is not signed in elsewhere.
NOT_KEPT = frozenset(("alembic_version", "heartbeat", "user_session"))
SAFE_FILE = re.compile(r"(?:evidence|uploads|jobs)/[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}")
SAFE_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
DAMAGED = N_("The backup is damaged or incomplete: it cannot be used. Nothing was changed; take another one.")


class Sort(enum.StrEnum):
    """What a column holds. In a neutral row it is an int, a text or null, the same from either database."""

    INT = "int"
    TEXT = "text"
    FLAG = "flag"  # 0 or 1
    DAY = "day"  # 2021-07-31
    MOMENT = "moment"  # 2021-07-31 08:00:00.000000, in UTC
    JSON = "json"  # its text as it stands, so that an absent value and null stay two things
    BYTES = "bytes"  # in hexadecimal digits


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table of an archive: its name and its columns with what each holds, in the order of the rows."""

    name: str
    columns: tuple[tuple[str, Sort], ...]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.columns]


@dataclass(frozen=True, slots=True)
class About:
    """What stands at the beginning of an archive.

    revision:   of the schema that the rows have.
    tables:     in the order in which rows can be written: what is referred to comes first.
    secret:     a digest by which another TRACKER_SECRET_KEY is noticed; it tells nothing of it.
    seal_names: of the keys of which sealed particulars need one. The keys themselves are never in it.
    """

    revision: str
    made_at: dt.datetime
    database: str
    secret: str
    seal_names: tuple[str, ...]
    tables: tuple[TableShape, ...]

    def as_json(self) -> dict[str, Any]:
        """For `about_from`."""
        return asdict(self) | {"made_at": self.made_at.isoformat()}


def about_from(data: Mapping[str, Any]) -> About:
    """What an archive says of itself. Raises Refused if it is not as `as_json` made it."""
    try:
        tables = tuple(
            TableShape(_safe(one["name"]), tuple((_safe(name), Sort(sort)) for name, sort in one["columns"]))
            for one in data["tables"]
        )
        return About(
            str(data["revision"]), dt.datetime.fromisoformat(data["made_at"]), str(data["database"]),
            str(data["secret"]), tuple(str(name) for name in data["seal_names"]), tables,
        )  # fmt: skip
    except (KeyError, TypeError, ValueError):
        raise Refused(DAMAGED) from None


def _safe(name: str) -> str:
    if not SAFE_NAME.fullmatch(name):
        raise ValueError(name)
    return name


# Which columns name a file below the data folder: table → column, folder before it, digest, when it is gone.
_FILES: dict[str, tuple[str, str, str | None, str | None]] = {
    "evidence": ("stored_as", "evidence/", "sha256", "removed_at"),
    "batch": ("path", "", "digest", None),
    "job": ("path", "", None, None),
}


def names_files(table: str) -> bool:
    """Whether rows of this table may name a file."""
    return table in _FILES


def file_named(table: TableShape, row: Sequence[Any]) -> tuple[str, str | None] | None:
    """The file that a neutral row names, below the data folder, and its SHA-256 where the row has it."""
    column, folder, digest, gone = _FILES[table.name]
    values = dict(zip(table.names, row, strict=True))
    if values[column] is None or (gone is not None and values[gone] is not None):
        return None
    return f"{folder}{values[column]}", values[digest] if digest else None


def archive_name(at: dt.datetime) -> str:
    """How the archive of a moment is called: it says when, and nothing else."""
    return f"tracker-{at.astimezone(dt.UTC).strftime(STAMP)}.backup"


def moment_of(name: str) -> dt.datetime | None:
    """The moment of an archive by its name; None if it is not called so."""
    found = NAME.fullmatch(name)
    return dt.datetime.strptime(found[1], STAMP).replace(tzinfo=dt.UTC) if found else None


def to_let_go(names: Iterable[str], *, keep: int, days: int, zone: dt.tzinfo) -> list[str]:
    """Which archives are old enough to go: neither among the newest `keep`, nor the last one of one of the
    newest `days` days that have any. The newest always stays; what is not called as an archive is left alone.

    zone: in which a day is meant.
    """
    moments = {name: moment for name in names if (moment := moment_of(name)) is not None}
    newest = sorted(moments, key=lambda name: (moments[name], name), reverse=True)
    kept = set(newest[: max(keep, 1)])
    seen: list[dt.date] = []
    for name in newest:
        day = moments[name].astimezone(zone).date()
        if day not in seen and len(seen) < days:
            seen.append(day)
            kept.add(name)
    return [name for name in reversed(newest) if name not in kept]


@dataclass(frozen=True, slots=True)
class LastBackup:
    """The last try: when it began, whether it gave an archive, and the last act of the audit before it."""

    started_at: dt.datetime
    is_done: bool
    last_event_id: int


def is_due(last: LastBackup | None, last_event_id: int, *, every: dt.timedelta, at: dt.datetime) -> bool:
    """Whether a backup is to be made by schedule: as often as `every` where something was done since the
    last good one, and once a day in any case. every: none for no schedule."""
    if not every:
        return False
    if last is None:
        return True
    age = at - last.started_at
    if age < dt.timedelta(0):  # the clock was set back
        return True
    is_changed = not last.is_done or last_event_id != last.last_event_id
    return age >= DAY or (age >= every and is_changed)


def is_late(last_good: dt.datetime | None, *, every: dt.timedelta, at: dt.datetime) -> bool:
    """Whether the last good backup is older than the schedule allows: the administrator is to look."""
    return bool(every) and (last_good is None or at - last_good > DAY + max(every, dt.timedelta(hours=1)))
