"""Backups: when one is made by itself, how long one stays, and what an archive says of itself."""

from __future__ import annotations

import datetime as dt
import json
from zoneinfo import ZoneInfo

import pytest

from tracker.rules import backups
from tracker.rules.backups import About, LastBackup, Sort, TableShape, archive_name, is_due, to_let_go
from tracker.rules.refusal import Refused

AT = dt.datetime(2021, 7, 31, 2, 0, tzinfo=dt.UTC)
QUARTER = dt.timedelta(minutes=15)
SHANGHAI = ZoneInfo("Asia/Shanghai")


def last(minutes, *, done=True, event=7):
    return LastBackup(AT - dt.timedelta(minutes=minutes), done, event)


@pytest.mark.parametrize(
    ("before", "event", "due"),
    [
        (None, 0, True),
        (last(14), 8, False),  # not yet
        (last(15), 8, True),
        (last(15), 7, False),  # nothing was done since
        (last(15, done=False), 7, True),  # the one before failed
        (last(14, done=False), 7, False),  # but not at once again
        (last(24 * 60), 7, True),  # once a day in any case
        (last(-60), 7, True),  # the clock was set back
    ],
)
def test_a_backup_is_due_where_something_was_done_and_once_a_day(before, event, due):
    assert is_due(before, event, every=QUARTER, at=AT) is due


def test_without_a_schedule_none_is_due():
    assert not is_due(None, 0, every=dt.timedelta(0), at=AT)
    assert not backups.is_late(None, every=dt.timedelta(0), at=AT)


def test_a_backup_is_late_a_day_after_it_was_due():
    assert backups.is_late(None, every=QUARTER, at=AT)
    assert not backups.is_late(AT - dt.timedelta(hours=24), every=QUARTER, at=AT)
    assert backups.is_late(AT - dt.timedelta(hours=26), every=QUARTER, at=AT)


def test_the_newest_and_the_last_of_each_day_stay():
    names = [archive_name(AT - dt.timedelta(hours=6 * n)) for n in range(40)]  # ten days, four a day
    gone = to_let_go(names, keep=3, days=5, zone=SHANGHAI)
    stays = [name for name in names if name not in gone]
    assert stays[:3] == names[:3]
    days = [backups.moment_of(name).astimezone(SHANGHAI).date() for name in stays]
    assert len(set(days)) == 5
    assert len(stays) == 3 + 3  # the last ones of two days are among the three newest
    assert to_let_go(stays, keep=3, days=5, zone=SHANGHAI) == []


def test_the_newest_always_stays_and_what_is_no_archive_is_left_alone():
    names = [archive_name(AT), "notes.txt", "tracker-20210731T020000Z.backup.part", "tracker-x.backup"]
    assert to_let_go(names, keep=0, days=0, zone=SHANGHAI) == []


def test_a_day_is_meant_as_the_office_has_it():
    """23:30 and 00:30 in Shanghai are two days, though one in UTC."""
    late = dt.datetime(2021, 7, 30, 15, 30, tzinfo=dt.UTC)
    names = [archive_name(late), archive_name(late + dt.timedelta(hours=1)), archive_name(AT)]
    assert to_let_go(names, keep=1, days=2, zone=SHANGHAI) == [names[1]]


ABOUT = About(
    "0001", AT, "sqlite", "0" * 16, ("1-ab",), (TableShape("unit", (("id", Sort.INT), ("name", Sort.TEXT))),)
)


def test_what_an_archive_says_of_itself_is_read_as_it_was_written():
    assert backups.about_from(json.loads(json.dumps(ABOUT.as_json()))) == ABOUT


@pytest.mark.parametrize(
    "change",
    [
        {"tables": [{"name": 'unit"; DROP', "columns": []}]},
        {"tables": [{"name": "unit", "columns": [["id", "float"]]}]},
        {"tables": [{"name": "unit"}]},
        {"made_at": "yesterday"},
        {"revision": None, "tables": 3},
    ],
)
def test_an_archive_that_says_something_strange_of_itself_is_refused(change):
    with pytest.raises(Refused, match="damaged"):
        backups.about_from(json.loads(json.dumps(ABOUT.as_json())) | change)


def test_files_are_named_by_rows_as_long_as_they_are_kept():
    names = ("stored_as", "sha256", "removed_at")
    evidence = TableShape("evidence", tuple((name, Sort.TEXT) for name in names))
    assert backups.file_named(evidence, ["0a", "ff", None]) == ("evidence/0a", "ff")
    assert backups.file_named(evidence, ["0a", "ff", "2021-07-31 02:00:00.000000"]) is None
    job = TableShape("job", (("path", Sort.TEXT),))
    assert backups.file_named(job, ["jobs/1.zip"]) == ("jobs/1.zip", None)
    assert backups.file_named(job, [None]) is None
