"""flask members: bring a roster in; erase a person who has left."""

from __future__ import annotations

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
from tracker.rules.refusal import Refused
from tracker.services import erasures

group = AppGroup("members", help="The roster: import, erase.")


@group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--commit", is_flag=True, help="Write the changes; without it, only show them.")
@click.option("--bureau", help="Name of the bureau's committee, where the file does not say it.")
def import_roster(file: Path, commit: bool, bureau: str | None) -> None:
    """Bring in the roster FILE (.xlsx): units, members, changes with their day. Twice changes nothing."""
    import_file(file, BatchSort.ROSTER, None, as_verified=False, commit=commit, bureau=bureau)


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
        done = erasures.erase_member(member, secret=config.secret_key, data_dir=config.data_dir, at=now())
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
        done, fine = erasures.replay(listed, secret=config.secret_key, data_dir=config.data_dir, at=now())
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
