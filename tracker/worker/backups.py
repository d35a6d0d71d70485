"""Makes backups: by the command, and by schedule as the worker's loop comes round."""

from __future__ import annotations

import datetime as dt
import logging
import os
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from config import Config
from tracker import clock
from tracker.db import db
from tracker.files import backup_folders, store
from tracker.files.backup_archive import Contents, check_archive
from tracker.files.seal_keys import first_keys, load_keys
from tracker.queries.backups import archives_in, last_event_id, last_try
from tracker.queries.neutral_rows import revision_of
from tracker.rules.backups import archive_name, is_due, to_let_go
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import SealKey
from tracker.services.backups import Written, note_backup, note_failure, write_backup
from tracker.worker.runs import FULL, NO_ROOM
from tracker.worker.schemas import schema

SUITE = "aes-256-gcm"
NO_KEY = N_("The file of keys for backups %(file)s is missing. Put it back, or name it with --key.")
LOST_KEY = N_(
    "The file of keys for backups %(file)s is missing, and %(folder)s holds archives that it opens. Put it"
    " back; if it is lost for good, move those archives away, and a new key is drawn."
)
NOT_WRITTEN = N_("The backup could not be written (%(why)s). Look at the folder of backups and at its disk.")
EXISTS = N_("The file %(file)s is there already and stays as it is. Name another one.")
NOT_SAME = N_("The backup was read again and is not what was written. Use another disk.")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made and proved.

    is_new_key: the key was drawn for it: it must be copied to another place now.
    is_noted:   it stands in the database; not so where the schema is an older one, or everybody is writing.
    dropped:    older archives that were deleted.
    """

    path: Path
    size: int
    contents: Contents
    is_new_key: bool
    is_noted: bool
    dropped: int


def keys_at(path: Path) -> list[SealKey]:
    """The keys that open backups. Raises Refused, naming the file, if it is not there."""
    if not path.exists():
        raise Refused(NO_KEY, file=path)
    return load_keys(path)


def make_backup(config: Config, head: str, *, out: Path | None = None, is_scheduled: bool = False) -> Made:
    """Make a backup, prove it, note it, and let the oldest go. head: the newest revision of the schema.

    out: the file to write; None: in the folder of backups, and only that folder is tidied.
    Raises Refused; why it failed is noted too, but for another one that runs.
    """
    with backup_folders.alone(config.data_dir) as work:
        started_at = clock.now()
        try:
            return _make(config, head, work, out, started_at, is_scheduled)
        except (Refused, OSError) as error:
            refused = error if isinstance(error, Refused) else _refused(error)
            db.session.rollback()
            _note_failure(refused, head, started_at, is_scheduled)
            raise refused from error


def _refused(error: OSError) -> Refused:
    if isinstance(error, FileExistsError):
        return Refused(EXISTS, file=error.filename2 or error.filename)
    if error.errno in FULL:
        return Refused(NO_ROOM)
    return Refused(NOT_WRITTEN, why=os.strerror(error.errno or 0))


def _make(
    config: Config, head: str, work: Path, out: Path | None, started_at: dt.datetime, is_scheduled: bool
) -> Made:
    key_path = config.backup_key_path
    is_new_key = not key_path.exists()
    if is_new_key and archives_in(config.backups_path):
        raise Refused(LOST_KEY, file=key_path, folder=config.backups_path)
    if is_new_key:
        log.warning("a key for backups was drawn: copy %s to a place away from this machine", key_path)
    keys = first_keys(key_path, SUITE) if is_new_key else load_keys(key_path)
    path = out or config.backups_path / archive_name(started_at)
    backup_folders.drop_parts(config.backups_path)
    with store.whole_file(path) as target:
        written = write_backup(
            target, keys[-1], secret_key=config.secret_key, data_dir=config.data_dir, work=work, at=started_at
        )
        target.flush()
        part = path.with_name(path.name + store.PART)
        if check_archive(part, keys, str(key_path)) != written.contents:
            raise Refused(NOT_SAME)
        size = target.tell()
    is_noted = _note(written, path, size, head, started_at, is_scheduled)
    dropped = _let_go(config) if out is None else 0
    return Made(path, size, written.contents, is_new_key, is_noted, dropped)


def _has_schema(head: str) -> bool:
    """Whether the schema is the newest, so that there is a table to note it in."""
    found = revision_of(db.session.connection(execution_options={"read_only": True})) == head
    db.session.rollback()
    return found


def _note(
    written: Written, path: Path, size: int, head: str, started_at: dt.datetime, is_scheduled: bool
) -> bool:
    if not _has_schema(head):
        return False
    try:
        note_backup(
            written, path.name[-120:], size, started_at=started_at, at=clock.now(), is_scheduled=is_scheduled
        )
        db.session.commit()
    except SQLAlchemyError:  # the archive is there and proved, whether it stands in the list or not
        log.exception("a backup was made and could not be noted")
        db.session.rollback()
        return False
    return True


def _note_failure(refused: Refused, head: str, started_at: dt.datetime, is_scheduled: bool) -> None:
    try:
        if _has_schema(head):
            note_failure(refused, started_at=started_at, at=clock.now(), is_scheduled=is_scheduled)
            db.session.commit()
    except SQLAlchemyError:  # the disk that is full may be the database's too
        log.exception("a backup was not made, and that could not be noted")
        db.session.rollback()


def _let_go(config: Config) -> int:
    names = [archive.name for archive in archives_in(config.backups_path)]
    old = to_let_go(names, keep=config.backup_keep, days=config.backup_days, zone=clock.ZONE)
    for name in old:
        (config.backups_path / name).unlink(missing_ok=True)
    return len(old)


def back_up(app: Flask) -> bool:
    """Make the backup of the schedule, if it is due. Returns whether one was made. Looking takes no lock."""
    config: Config = app.config["TRACKER"]
    every = dt.timedelta(minutes=config.backup_minutes)
    with app.app_context():
        try:
            head = schema().head
            if not every or not _has_schema(head):
                return False
            db.session.connection(execution_options={"read_only": True})
            due = is_due(last_try(), last_event_id(), every=every, at=clock.now())
            db.session.rollback()
            if due:
                make_backup(config, head, is_scheduled=True)
            return due
        except (Refused, SQLAlchemyError) as error:
            if isinstance(error, Refused) and error.msgid == backup_folders.BUSY:
                return False  # another host's worker is at it
            log.exception("the backup of the schedule was not made")
            return False
        finally:
            db.session.remove()
