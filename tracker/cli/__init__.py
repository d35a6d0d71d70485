"""The command line: what loads, brings in, reverses or takes back is a dry run until --commit."""

from __future__ import annotations

import copy
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

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
from tracker.doctor import hold_to_settings


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
    """The command, or the group of commands, which asks the doctor first."""
    held, runs = copy.copy(command), command.callback

    @with_appcontext
    def run(*args: Any, **options: Any) -> Any:
        try:
            hold_to_settings()
        except ConfigError as error:
            raise click.ClickException(str(error)) from None
        return runs(*args, **options) if runs else None

    held.callback = run
    return held
