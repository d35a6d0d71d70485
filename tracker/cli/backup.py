"""flask backup: make an archive of everything, prove one, bring one into an empty installation."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from config import Config
from tracker.cli.members import leave_nothing_behind, tell_erased
from tracker.clock import now
from tracker.db import db
from tracker.files import erasure_list
from tracker.files.backup_archive import Contents, check_archive
from tracker.files.seal_keys import load_keys
from tracker.filters import file_size, moment
from tracker.queries.backups import archives_in
from tracker.rules.refusal import Refused
from tracker.services import erasures
from tracker.services.backups import secret_digest
from tracker.services.restores import check_target, restoring
from tracker.worker.backups import keys_at, make_backup
from tracker.worker.schemas import schema

group = AppGroup("backup", help="Archives of everything: make, prove, restore.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
KEY = click.option(
    "--key", "key", type=FILE, help="The file of keys; TRACKER_BACKUP_KEY if left out."
)  # fmt: skip


def _config() -> Config:
    config: Config = current_app.config["TRACKER"]
    return config


def _refuse(refusal: Refused) -> click.ClickException:
    return click.ClickException(_(refusal.msgid, **refusal.params))


@group.command("create")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write; in the folder of backups if left out.",
)  # fmt: skip
def create(out: Path | None) -> None:
    """Make an archive of this moment while everybody goes on working; exit 2 if files are missing in it."""
    config = _config()
    try:
        made = make_backup(config, schema().head, out=out)
    except Refused as refusal:
        raise _refuse(refusal) from refusal
    click.echo(f"{made.path}  {file_size(made.size)}")
    _say(made.contents)
    if made.dropped:
        click.echo(_("Older backups deleted: %(count)s.", count=made.dropped))
    if not made.is_noted:
        click.echo(_("It could not be noted: it is not listed on the page of the machine."))
    if made.is_new_key:
        click.echo(
            _("A key was drawn: %(file)s. Copy it now to a place away from this machine: without it no backup"
              " can be opened, and who has both can read everything.", file=config.backup_key_path)
        )  # fmt: skip
    _stop_if_lacking(made.contents)


@group.command("verify")
@click.argument("archive", type=FILE)
@KEY
def verify(archive: Path, key: Path | None) -> None:
    """Read ARCHIVE from end to end and prove every row and file. Needs no database; exit 2: files missing."""
    contents = _proved(archive, key or _config().backup_key_path)
    click.echo(_("The backup is whole."))
    _say(contents)
    _stop_if_lacking(contents)


@group.command("list")
def list_backups() -> None:
    """Show the archives in the folder of backups."""
    for archive in archives_in(_config().backups_path):
        click.echo(f"{moment(archive.at)}  {file_size(archive.size):>10}  {archive.name}")


@group.command("restore")
@click.argument("archive", type=FILE)
@KEY
@click.option("--commit", is_flag=True, help="Restore; without it the command only proves and looks.")
def restore(archive: Path, key: Path | None, commit: bool) -> None:
    """Bring ARCHIVE into an empty installation, on either database."""
    config, where, known = _config(), key or _config().backup_key_path, schema()
    contents = _proved(archive, where)
    _say(contents)
    try:
        check_target(config.data_dir, contents.about, known)
        if not commit:
            click.echo(_("It can be restored here. Nothing was written; add --commit."))
            return
        listed = erasure_list.read(config.erasures_path)
        again: list[erasures.Erased] = []
        with restoring(
            archive, keys_at(where), str(where), data_dir=config.data_dir, schema=known, at=now(),
            replay=lambda: again.extend(
                erasures.replay(listed, keys=config.keys, data_dir=config.data_dir, at=now())[0]
            ),
        ) as contents:  # fmt: skip
            db.session.commit()
    except Refused as refusal:
        raise _refuse(refusal) from refusal
    except OSError as error:
        why = os.strerror(error.errno or 0)
        raise click.ClickException(_("The file could not be written: %(why)s", why=why)) from error
    click.echo(_("Restored. Nobody is signed in. Now run %(command)s.", command="flask data check"))
    for one in again:
        tell_erased(one)
    if again:
        leave_nothing_behind()
        click.echo(_("Persons erased again, whom the backup still had: %(count)s.", count=len(again)))
    _warn(contents, config)
    _stop_if_lacking(contents)


def _proved(archive: Path, key: Path) -> Contents:
    try:
        return check_archive(archive, keys_at(key), str(key))
    except Refused as refusal:
        raise _refuse(refusal) from refusal


def _say(contents: Contents) -> None:
    about = contents.about
    click.echo(
        _("As of %(moment)s: %(rows)s rows, %(files)s files, schema %(revision)s, from %(database)s.",
          moment=moment(about.made_at), rows=contents.row_count, files=len(contents.files),
          revision=about.revision, database=about.database)
    )  # fmt: skip


def _warn(contents: Contents, config: Config) -> None:
    """What an archive leaves out on purpose, and this installation must have besides."""
    if not config.erasures_path.exists():
        click.echo(
            _("There is no list of erased persons (%(file)s): whoever was erased since the backup is back."
              " Put the list there and run %(command)s.",
              file=config.erasures_path, command="flask members replay-erasures --commit")
        )  # fmt: skip
    try:
        here = {one.name for one in load_keys(config.seal_keys_path)}
    except Refused:
        here = set()
    if set(contents.about.seal_names) - here:
        click.echo(
            _("Sealed particulars need the file of keys %(file)s of the old installation: put it there.",
              file=config.seal_keys_path)
        )  # fmt: skip
    if contents.about.secret not in map(secret_digest, config.keys):
        click.echo(
            _(
                "%(setting)s is another one. Name that of the archive in %(former)s, or whoever has a code at"
                " sign-in needs it turned off once.",
                setting="TRACKER_SECRET_KEY",
                former=erasures.FORMER_KEYS,
            )
        )


def _stop_if_lacking(contents: Contents) -> None:
    """Say which files rows name that are not in the archive, and exit 2."""
    if not contents.lacking:
        return
    click.echo(_("Files that are missing or changed: %(count)s.", count=len(contents.lacking)), err=True)
    for name in contents.lacking:
        click.echo(f"  {name}", err=True)
    raise SystemExit(2)
