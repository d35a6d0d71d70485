"""flask campaigns: load and list campaign files."""

from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.cli.endings import finish_act
from tracker.clock import now, today
from tracker.db import db
from tracker.queries.campaigns import campaign_by_code, campaigns
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.refusal import Refused
from tracker.services.campaigns import Change, load_campaign, open_campaign

group = AppGroup("campaigns", help="Campaign files: load, list, open.")
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@group.command("load")
@click.argument("file", type=FILE)
@click.option("--commit", is_flag=True, help="Write the changes; without it, only show them.")
def load(file: Path, commit: bool) -> None:
    """Create or update the campaign described in FILE (.toml), and show the effect on each figure."""
    try:
        text = file.read_text(encoding="utf-8-sig")
        loaded = load_campaign(text, by=None, at=now(), as_of=today())
    except UnicodeDecodeError as error:
        raise click.ClickException(_("%(file)s is not UTF-8 text.", file=file.name)) from error
    except CampaignFileError as error:
        db.session.rollback()
        for fault in error.faults:
            click.echo(f"{file.name}: {fault}", err=True)
        raise click.ClickException(
            _("%(count)s faults; nothing was written.", count=len(error.faults))
        ) from error
    except Refused as refusal:
        db.session.rollback()
        raise click.ClickException(_(refusal.msgid, **refusal.params)) from refusal
    for change in loaded.changes:
        click.echo(_line(change))
    for effect in loaded.effects:
        click.echo(f"  {effect.figure}: {_shown(effect.before)} → {_shown(effect.after)}")
    if not loaded.changes:
        click.echo(_("Nothing changes."))
    finish_act(commit)


def _line(change: Change) -> str:
    words = {"added": _("added"), "changed": _("changed"), "removed": _("removed")}
    nouns = {"campaign": _("campaign"), "kind": _("kind"), "figure": _("figure"), "goal": _("goal")}
    return f"{nouns[change.what]} {change.code}: {words[change.how]}"


def _shown(value: object) -> str:
    return "—" if value is None else str(value)


@group.command("list")
def list_campaigns() -> None:
    """Show the campaigns; the one that pages open unasked has a star."""
    for campaign in campaigns():
        star = "*" if campaign.is_current else " "
        click.echo(f"{star} {campaign.code}  {campaign.name}  {campaign.starts_on} – {campaign.ends_on}")


@group.command("open")
@click.argument("code")
def open_code(code: str) -> None:
    """Make CODE the campaign that pages open unasked."""
    campaign = campaign_by_code(code)
    if campaign is None:
        raise click.ClickException(_("There is no campaign %(code)s.", code=code))
    open_campaign(campaign, by=None, at=now())
    db.session.commit()
    click.echo(_("Written."))
