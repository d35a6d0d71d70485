"""The command line: what loads, brings in, reverses or takes back is a dry run until --commit."""

from __future__ import annotations

import copy
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import inspect
from sqlalchemy.exc import DBAPIError

from config import ConfigError
from tracker.cli import (
    audit,
    backup,
    batches,
    bulletin_check,
    bulletins,
    campaigns,
    claims,
    closes,
    data,
    demo,
    doctor,
    figures,
    ledger,
    members,
    packs,
    records,
    reminders,
    sealed,
    users,
    worker,
)
from tracker.db import db
from tracker.doctor import hold_to_settings
from tracker.models import Campaign

# What a database without a table does not stop: it makes them, or asks it nothing. The doctor tells of it.
WITHOUT_TABLES = {"backup list", "backup restore", "backup verify", "demo start"}


def init_app(app: Flask) -> None:
    """Register every group and command. In production only the doctor runs on settings that it refuses."""
    app.cli.add_command(doctor.command)
    for module in (
        audit, backup, bulletins, campaigns, closes, members, ledger, batches, records, data, sealed,
        reminders, users, demo,
    ):  # fmt: skip
        app.cli.add_command(_held(module.group))
    for single in (bulletin_check, bulletins, claims, figures, packs, worker):
        app.cli.add_command(_held(single.command))


def _held(command: click.Command) -> click.Command:
    """The command, or the group of commands, which asks the doctor first, and then for tables."""
    held = _with_tables(command, str(command.name))
    runs = held.callback

    @with_appcontext
    def run(*args: Any, **options: Any) -> Any:
        try:
            hold_to_settings()
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
        return runs(*args, **options) if runs else None

    held.callback = run
    return held


def _with_tables(command: click.Command, path: str) -> click.Command:
    """The command, or the group with each of its commands, which ends with one sentence where no migration
    has run. path: how it is called, after `flask`."""
    held, runs = copy.copy(command), command.callback
    if isinstance(held, click.Group):
        held.commands = {name: _with_tables(one, f"{path} {name}") for name, one in held.commands.items()}
        return held
    if runs is None or path in WITHOUT_TABLES:
        return held

    @with_appcontext
    def run(*args: Any, **options: Any) -> Any:
        if _has_no_tables():
            raise click.ClickException(
                _("The database has no tables yet: run %(command)s first.", command="flask db upgrade")
            )
        return runs(*args, **options)

    held.callback = run
    return held


def _has_no_tables() -> bool:
    """Whether the database answers and is empty. One that does not answer is the command's own matter."""
    try:
        return not inspect(db.engine).has_table(Campaign.__tablename__)
    except DBAPIError:
        return False
