"""flask reminders: sends what the schedule has for today. The worker does it by itself, once an hour."""

from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.clock import now, today
from tracker.db import db
from tracker.queries.campaigns import current_campaign
from tracker.services.reminders import remind_by_schedule

group = AppGroup("reminders", help="Gentle reminders by schedule.")


@group.command("send")
@click.option("--commit", is_flag=True, help="Send; without it the command only counts.")
def send(commit: bool) -> None:
    """Send reminders if today is the campaign's weekday for them. A second time sends nothing."""
    campaign = current_campaign()
    if campaign is None:
        raise click.ClickException(_("There is no campaign yet."))
    count = remind_by_schedule(campaign, at=now(), today=today())
    if not commit:
        db.session.rollback()
        click.echo(_("%(count)s would be sent. Nothing was written.", count=count))
        return
    db.session.commit()
    click.echo(_("%(count)s sent.", count=count))
