"""The command line: what loads, brings in, reverses or takes back is a dry run until --commit."""

from __future__ import annotations

from flask import Flask

from tracker.cli import (
    audit,
    batches,
    bulletin_check,
    bulletins,
    campaigns,
    claims,
    closes,
    data,
    demo,
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


def init_app(app: Flask) -> None:
    """Register every group and command."""
    for module in (
        audit, bulletins, campaigns, closes, members, ledger, batches, records, data, sealed, reminders,
        users, demo,
    ):  # fmt: skip
        app.cli.add_command(module.group)
    for single in (bulletin_check, bulletins, claims, figures, packs, worker):
        app.cli.add_command(single.command)
