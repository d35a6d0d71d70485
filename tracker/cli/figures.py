"""flask figures: every figure of a campaign as of a day."""

from __future__ import annotations

import datetime as dt
import json

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from tracker.clock import today
from tracker.queries.campaigns import campaign_by_code, current_campaign
from tracker.queries.figures import figures_json


@click.command("figures")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if left out.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
@click.option("--json", "as_json", is_flag=True, help='Print {"as_of": …, "figures": {id: value}}.')
@with_appcontext
def command(as_of: dt.datetime | None, code: str | None, as_json: bool) -> None:
    """Print every figure of the campaign as of a day, counted from verified rows."""
    campaign = campaign_by_code(code) if code else current_campaign()
    if campaign is None:
        raise click.ClickException(
            _("There is no campaign yet. Load one: flask campaigns load FILE --commit")
        )
    answer = figures_json(campaign, as_of.date() if as_of else today())
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=1))
        return
    click.echo(f"{answer['bureau'] or '—'}  {answer['as_of']}")
    for figure, value in answer["figures"].items():
        click.echo(f"{figure:34} {value}")
