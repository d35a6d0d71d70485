"""flask audit: is the audit as it was sealed? Seal it now; let go of what was kept long enough."""

from __future__ import annotations

import json
import sys
from typing import cast

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from werkzeug.local import LocalProxy

from tracker.clock import now
from tracker.db import db
from tracker.files import audit_heads
from tracker.files.seal_keys import load_keys
from tracker.queries.audit_seals import faults, last_seal, sealed_events
from tracker.rules.audit_seals import Broken, Fault
from tracker.rules.refusal import N_, Refused
from tracker.rules.seals import SealKey
from tracker.worker.audit import line_of, purge_due, seal_waiting

group = AppGroup("audit", help="The audit: verify its seals, seal it, let go of what is old.")
MOST = 100  # findings that are told one by one
SAID = {
    Broken.CHANGED: N_("event %(event)s is not as it was sealed (seal %(seal)s)"),
    Broken.GONE: N_("event %(event)s is gone (seal %(seal)s)"),
    Broken.ADDED: N_("event %(event)s was put in later (seal %(seal)s)"),
    Broken.SEAL_CHANGED: N_("seal %(seal)s is not as it was made"),
    Broken.SEAL_GONE: N_("the seal before seal %(seal)s is gone"),
    Broken.NO_KEY: N_("the key of seal %(seal)s is not in the file of keys; put the file back"),
    Broken.CUT_OFF: N_("seal %(seal)s stands in the list of heads and not in the database, or is another"),
    Broken.BEGUN_ANEW: N_("the chain of seals was begun anew, and no demo was removed"),
    Broken.UNSEALED: N_("event %(event)s has waited for its seal for more than a day; let the worker run"),
}


@group.command("verify")
def verify() -> None:
    """Compare every event with its seal, and the seals with the list of heads; exit 1 naming what differs."""
    config = current_app.config["TRACKER"]
    db.session.connection(execution_options={"read_only": True})
    heads = audit_heads.read(config.audit_heads_path)
    found = 0
    for fault in faults(_keys(), heads, now()):
        found += 1
        if found <= MOST:
            click.echo(_told(fault), err=True)
    if found:
        click.echo(_("Not as it was sealed: %(count)s findings.", count=found), err=True)
        sys.exit(1)
    newest = last_seal()
    if newest is None:
        click.echo(_("Nothing is sealed yet."))
        return
    click.echo(
        _("The audit is as it was sealed, to event %(event)s. The digest of seal %(seal)s is %(digest)s.",
          event=newest.last_id, seal=newest.id, digest=newest.digest)
    )  # fmt: skip
    if heads is None:
        click.echo(_("There is no list of heads, so it is not known whether later seals were cut off."))


@group.command("seal")
def seal() -> None:
    """Seal the events that wait for it. The worker does it by itself, once a minute."""
    try:
        count = seal_waiting(_app())
    except Refused as refusal:
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    click.echo(_("Events sealed: %(count)s.", count=count))


@group.command("lines")
@click.option("--after", default=0, help="The number of the last event that the other system has.")
def lines(after: int) -> None:
    """Write each sealed event as a line of JSON, as the worker's log has it: for a log that missed some."""
    db.session.connection(execution_options={"read_only": True})
    for event in sealed_events(after):
        click.echo(json.dumps(line_of(event)))


@group.command("purge")
def purge() -> None:
    """Delete events that were kept long enough (TRACKER_AUDIT_DAYS). The worker does it by itself."""
    count = purge_due(_app())
    click.echo(_("Events deleted: %(count)s.", count=count))


def _app() -> Flask:
    return cast("LocalProxy[Flask]", current_app)._get_current_object()


def _keys() -> list[SealKey]:
    try:
        return load_keys(current_app.config["TRACKER"].seal_keys_path)
    except Refused as refusal:
        if last_seal() is None:
            return []
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal


def _told(fault: Fault) -> str:
    return _(SAID[fault.broken], seal=fault.seal_id, event=fault.event_id)
