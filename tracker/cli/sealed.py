"""flask sealed: what is kept sealed behind codes is deleted on its day, and gets another key."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from config import SEAL_SUITES
from tracker.clock import now, today
from tracker.db import db, empty_journal
from tracker.rules.refusal import Refused
from tracker.services import sealed_people

group = AppGroup("sealed", help="Sealed particulars: delete what is due, change the key.")


@group.command("delete-due")
@click.option("--commit", is_flag=True, help="Delete; without it the command only counts.")
def delete_due(commit: bool) -> None:
    """Delete what is sealed and whose day has come. The worker does it by itself, once an hour."""
    count = sealed_people.delete_due(today(), at=now())
    if not commit:
        db.session.rollback()
        click.echo(_("%(count)s would be deleted. Nothing was written.", count=count))
        return
    db.session.commit()
    empty_journal(db.engine)
    click.echo(_("%(count)s deleted.", count=count))


@group.command("change-key")
@click.option("--suite", type=click.Choice(SEAL_SUITES), default=SEAL_SUITES[0], show_default=True)
def change_key(suite: str) -> None:
    """Draw another key and seal everything with it anew. The file keeps the old keys, for older backups."""
    path = current_app.config["TRACKER"].seal_keys_path
    try:
        count = sealed_people.change_key(path, suite, at=now())
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    db.session.commit()
    empty_journal(db.engine)
    click.echo(_("%(count)s sealed anew. The older keys still stand in %(file)s.", count=count, file=path))
