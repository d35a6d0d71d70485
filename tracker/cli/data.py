"""flask data: is what is kept what the rows come to?"""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.db import db
from tracker.queries.campaigns import campaigns, spec_of
from tracker.queries.recounts import Difference, cell_count, differences
from tracker.services.tallies import sync_tallies

group = AppGroup("data", help="Check and mend the folded cells.")


@group.command("check")
def check() -> None:
    """Recount everything; exit 1 naming the first cell that differs."""
    for campaign in campaigns():
        first = next(differences(campaign), None)
        if first is not None:
            click.echo(f"{campaign.code}: {_told(first)}", err=True)
            sys.exit(1)
        cells = cell_count(campaign)
        click.echo(_("%(code)s: %(cells)s cells agree with the ledger.", code=campaign.code, cells=cells))


@group.command("recount")
def recount() -> None:
    """Replace every cell by a recount of its rows."""
    for campaign in campaigns():
        sync_tallies(campaign, spec_of(campaign))
    db.session.commit()
    click.echo(_("Written."))


def _told(difference: Difference) -> str:
    question = difference.question
    if question is None:
        return _("tally %(id)s belongs to no figure", id=difference.tally_id)
    name = f"{question.kind}/{question.measure}/{question.scope}"
    if difference.day is None:
        return _("the tally of %(name)s is missing", name=name)
    return _(
        "cell %(name)s, place %(place)s, entity %(entity)s, day %(day)s: kept %(kept)s, counted %(counted)s",
        name=name, place=difference.place_id, entity=difference.entity or "—", day=difference.day,
        kept=difference.kept, counted=difference.counted,
    )  # fmt: skip
