"""flask pack: the summary of a campaign with everything behind it, as one ZIP."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from tracker.clock import now, today
from tracker.db import db
from tracker.models import Campaign
from tracker.queries.campaigns import campaign_by_code, current_campaign, spec_of
from tracker.rules.packs import Part
from tracker.services.audit import record_event
from tracker.worker.packs import build_pack


@click.command("pack")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="The day; today if left out.")
@click.option("--campaign", "code", help="Code of the campaign; the current one if left out.")
@click.option(
    "--part", "parts", multiple=True, type=click.Choice([str(one) for one in Part]),
    help="What else than the workbook; everything if left out.",
)  # fmt: skip
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP.")
@with_appcontext
def command(as_of: dt.datetime | None, code: str | None, parts: tuple[str, ...], out: Path) -> None:
    """Write the summary pack: workbook with charts, figures with rules, ledger of verified records."""
    db.session.connection(execution_options={"read_only": True})
    campaign = campaign_by_code(code) if code else current_campaign()
    if campaign is None:
        raise click.ClickException(
            _("There is no campaign yet. Load one: flask campaigns load FILE --commit")
        )
    spec, campaign_id = spec_of(campaign), campaign.id
    day = min(max(as_of.date() if as_of else today(), spec.starts_on), spec.ends_on)
    part = out.with_name(f"{out.name}.part")
    try:
        config = current_app.config["TRACKER"]
        made = build_pack(
            campaign, day, {Part(one) for one in parts or Part}, part,
            key=str(config.secret_key), made_on=today(), chromium=config.chromium,
        )  # fmt: skip
        part.rename(out)
    except OSError as error:
        raise click.ClickException(
            _("The file could not be written: %(why)s", why=os.strerror(error.errno or 0))
        ) from error
    finally:
        part.unlink(missing_ok=True)
    db.session.rollback()
    record_event(None, "pack:export", db.session.get_one(Campaign, campaign_id), now(), rows=made["rows"])
    db.session.commit()
    click.echo(
        _("%(file)s: as of %(day)s, %(files)s files, %(rows)s rows of the ledger", file=str(out),
          day=made["as_of"], files=made["files"], rows=made["rows"])
    )  # fmt: skip
