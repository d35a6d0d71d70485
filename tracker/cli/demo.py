"""flask demo: the invented bureau that shows what the tracker does, loaded and removed."""

from __future__ import annotations

import os

import click
import flask_migrate
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from config import Config
from tracker.cli.imports import refusals
from tracker.clock import now
from tracker.db import db
from tracker.models import User
from tracker.queries.campaigns import current_campaign
from tracker.services.demo import remove_demo
from tracker.worker.demo import PASSWORDS, fill_demo

group = AppGroup("demo", help="The invented bureau that shows what the tracker does.")


@group.command("start")
def start() -> None:
    """Bring the schema up to date, load the demo bureau if the ledger is empty, say where to go."""
    config: Config = current_app.config["TRACKER"]
    flask_migrate.upgrade()
    if current_campaign() is None and db.session.scalar(select(User.id).limit(1)) is None:
        _load(config)
    db.session.rollback()
    port = os.environ.get("PORT", "8000")
    click.echo(_("Open http://127.0.0.1:%(port)s in a browser.", port=port))
    _say_where(config)


@group.command("load")
def load() -> None:
    """Load the demo bureau into an installation that holds nothing but administrators."""
    config: Config = current_app.config["TRACKER"]
    _load(config)
    _say_where(config)


@group.command("remove")
@click.option("--commit", is_flag=True, help="Do it; without it, only say what would go.")
def remove(commit: bool) -> None:
    """Take the demo bureau out again, with all that was tried out in it."""
    config: Config = current_app.config["TRACKER"]
    with refusals():
        gone = remove_demo(data_dir=config.data_dir, by=None, at=now())
    click.echo(
        _(
            "Goes: %(members)s members, %(records)s records, %(imports)s imports, %(bulletins)s bulletins, "
            "%(accounts)s accounts, %(events)s events of the audit.",
            **gone,
        )
    )
    if not commit:
        db.session.rollback()
        click.echo(_("Nothing was written. Use --commit to write it."))
        return
    db.session.commit()
    (config.data_dir / PASSWORDS).unlink(missing_ok=True)
    click.echo(_("The demo bureau is removed."))


def _load(config: Config) -> None:
    click.echo(_("Loading the demo bureau …"))
    with refusals():
        fill_demo(config, by=None)
    db.session.commit()


def _say_where(config: Config) -> None:
    if (path := config.data_dir / PASSWORDS).exists():
        click.echo(_("The demo accounts and their passwords are in %(path)s", path=path))
