"""flask batches: what was imported, and taking it back."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cli.endings import finish_act
from tracker.cli.imports import refusals, show, shown
from tracker.clock import local, now, today
from tracker.db import db
from tracker.models import Batch, Campaign
from tracker.queries.campaigns import current_campaign
from tracker.queries.figures import figures_json
from tracker.services.batches import undo_batch
from tracker.services.users import command_line_user

group = AppGroup("batches", help="Imported files: list, show, undo.")


def _batch(number: int) -> Batch:
    batch = db.session.get(Batch, number)
    if batch is None:
        raise click.ClickException(_("There is no import %(number)s.", number=number))
    return batch


@group.command("list")
def list_batches() -> None:
    """Show the imports, newest first."""
    for batch in db.session.scalars(select(Batch).order_by(Batch.id.desc()).limit(100)):
        when = f"{local(batch.uploaded_at):%Y-%m-%d %H:%M}"
        counts = batch.report.get("counts", {})
        click.echo(
            f"{batch.id}  {when}  {batch.sort}  {batch.state}  {batch.filename}  "
            + " ".join(f"{name} {count}" for name, count in counts.items())
        )


@group.command("show")
@click.argument("number", type=int)
def show_batch(number: int) -> None:
    """Print what import NUMBER did, or what stood in its way."""
    batch = _batch(number)
    if batch.report.get("sheets") is not None:
        show(batch)


@group.command("undo")
@click.argument("number", type=int)
@click.option("--commit", is_flag=True, help="Take it back; without it, only show what would change.")
def undo(number: int, commit: bool) -> None:
    """Take import NUMBER back as one act: its rows are reversed, and what it corrected counts again."""
    batch = _batch(number)
    campaign = db.session.get(Campaign, batch.campaign_id) if batch.campaign_id else current_campaign()
    before = figures_json(campaign, today())["figures"] if campaign else {}
    with refusals():
        undo_batch(batch, by=command_line_user(), at=now())
    after = figures_json(campaign, today())["figures"] if campaign else {}
    for figure, value in before.items():
        if value != after[figure]:
            click.echo(f"  {figure}: {shown(value)} → {shown(after[figure])}")
    finish_act(commit)
