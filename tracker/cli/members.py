"""flask members: bring a roster in; copy what is kept about a person; erase one who has left."""

from __future__ import annotations

import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select, text

from tracker.cli.imports import import_file
from tracker.clock import now
from tracker.db import db, empty_journal
from tracker.files import erasure_list
from tracker.models import BatchSort, Member
from tracker.queries.copied_rows import person_of_member
from tracker.rules.copies import COMMAND_LINE
from tracker.rules.refusal import Refused
from tracker.services import erasures
from tracker.services.copies import note_copy
from tracker.worker import copies

group = AppGroup("members", help="The roster: import, export, erase.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="Write the changes; without it, only show them.")
@click.option("--bureau", help="Name of the bureau's committee, where the file does not say it.")
def import_roster(file: Path, commit: bool, bureau: str | None) -> None:
    """Bring in the roster FILE (.xlsx): units, members, changes with their day. Twice changes nothing."""
    import_file(file, BatchSort.ROSTER, None, as_verified=False, commit=commit, bureau=bureau)


@group.command("export")
@click.argument("number")
@click.option(
    "--into", required=True, type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder for the ZIP. It is personal: hand it over, then delete it.",
)  # fmt: skip
def export(number: str, into: Path) -> None:
    """Copy everything that is kept about the member with this NUMBER: JSON, a workbook, their files."""
    config, at = current_app.config["TRACKER"], now()
    member = db.session.scalar(select(Member).where(Member.number == number))
    if member is None:
        raise click.ClickException(_("No member has the number %(number)s.", number=number))
    person, target = person_of_member(member), into / copies.zip_name(at, f"-{member.id}")
    try:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as error:
        raise click.ClickException(_("%(file)s is there already.", file=target)) from error
    try:
        made = copies.build_copy(
            person, target, made_by=COMMAND_LINE, at=at, data_dir=config.data_dir, keys=config.keys
        )
        note_copy(person, by=None, at=at, **made)
        db.session.commit()
    except BaseException as error:
        target.unlink()
        if isinstance(error, Refused):
            raise click.ClickException(_(error.msgid, **error.params)) from error
        raise
    click.echo(_("%(file)s: rows %(rows)s, files %(files)s.", file=target, **made))


@group.command("erase")
@click.argument("number")
@click.option(
    "--commit", is_flag=True, help="Write it; without it, only show what would go. It cannot be undone."
)
def erase(number: str, commit: bool) -> None:
    """Erase the member with this NUMBER, who has left. What they did stays counted, under a code."""
    config = current_app.config["TRACKER"]
    member = db.session.scalar(select(Member).where(Member.number == number))
    if member is None:
        raise click.ClickException(_("No member has the number %(number)s.", number=number))
    try:
        done = erasures.erase_member(member, keys=config.keys, data_dir=config.data_dir, at=now())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    tell_erased(done)
    if not commit:
        db.session.rollback()
        click.echo(_("Nothing was written. Add --commit to erase; it cannot be undone."))
        return
    erasure_list.append(config.erasures_path, done.erasure)
    db.session.commit()
    leave_nothing_behind()
    click.echo(_("Written."))


@group.command("replay-erasures")
@click.option("--commit", is_flag=True, help="Write it; without it, only show whom it concerns.")
def replay_erasures(commit: bool) -> None:
    """After a backup was restored: erase again whom it brought back (TRACKER_ERASURES)."""
    config = current_app.config["TRACKER"]
    try:
        listed = erasure_list.read(config.erasures_path)
        done, fine = erasures.replay(listed, keys=config.keys, data_dir=config.data_dir, at=now())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    for one in done:
        tell_erased(one)
    click.echo(_("Erased again: %(count)s. As they should be: %(fine)s.", count=len(done), fine=fine))
    if not commit:
        db.session.rollback()
        click.echo(_("Nothing was written. Add --commit to erase; it cannot be undone."))
        return
    db.session.commit()
    leave_nothing_behind()


def tell_erased(done: erasures.Erased) -> None:
    """Say what went, and where others wrote the name."""
    click.echo(
        _("%(code)s: records %(records)s, works %(works)s, files %(files)s; imported files %(imports)s, files"
          " made %(made)s.", code=done.code, **done.counts)
    )  # fmt: skip
    for mention in done.mentions:
        click.echo(
            _(
                "Others wrote the name in %(column)s %(row)s: look there.",
                column=mention.column,
                row=mention.row_id,
            )
        )


def leave_nothing_behind() -> None:
    """No old page of the database keeps a word: SQLite overwrites (secure_delete) and empties its journal,
    PostgreSQL has its tables cleaned."""
    if db.engine.dialect.name == "sqlite":
        empty_journal(db.engine)
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM"))
