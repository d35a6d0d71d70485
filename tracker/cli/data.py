"""flask data: is what is kept what the rows come to?"""

from __future__ import annotations

import sys

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _

from tracker.clock import now
from tracker.db import db
from tracker.filters import said as in_words
from tracker.models import Beat
from tracker.queries.campaigns import campaigns, spec_of
from tracker.queries.closes import unmarked
from tracker.queries.inner_proofs import first_fault
from tracker.queries.recounts import Difference, cell_count, differences
from tracker.services import evidence
from tracker.services.audit import record_event
from tracker.services.heartbeats import note_beat
from tracker.services.tallies import sync_tallies
from tracker.services.terms import missing_terms, recount_terms

group = AppGroup("data", help="Check and mend what is kept: folded cells, files of evidence.")


@group.command("check")
def check() -> None:
    """Recount everything and look for every file; exit 1 naming the first thing that differs.

    When that was and whether all agreed is kept, for whoever watches the machine.
    """
    differs = _first_difference()
    db.session.rollback()  # what was read may be minutes old
    note_beat(Beat.TOTALS, now(), is_well=differs is None)
    db.session.commit()
    if differs is not None:
        click.echo(differs, err=True)
        sys.exit(1)


def _first_difference() -> str | None:
    """The sentence of the first thing that differs; of each campaign whose cells agree, says so."""
    for campaign in campaigns():
        first = next(differences(campaign), None)
        if first is not None:
            return f"{campaign.code}: {_told(first)}"
        slipped = unmarked(campaign)
        if slipped is not None:
            said = _("record %(id)s came to count in a closed period and is not marked late", id=slipped)
            return f"{campaign.code}: {said}"
        broken = first_fault(campaign)
        if broken is not None:
            said = _("%(name)s no. %(number)s: %(fault)s", name=broken[0].name, number=broken[0].number,
                     fault=in_words(broken[1]))  # fmt: skip
            return f"{campaign.code}: {said}"
        cells = cell_count(campaign)
        click.echo(_("%(code)s: %(cells)s cells agree with the ledger.", code=campaign.code, cells=cells))
    if lacks := missing_terms(1):
        return _("No search finds “%(text)s”: write the recount.", text=lacks[0])
    lost = evidence.missing(current_app.config["TRACKER"].data_dir)
    if lost is not None:
        return _("The file of evidence %(id)s is missing, or not as it was kept.", id=lost)
    return None


@group.command("sweep")
@click.option("--commit", is_flag=True, help="Delete them.")
def sweep(commit: bool) -> None:
    """Delete files of evidence that belong to no record: what a process that was killed left behind."""
    found = evidence.sweep(current_app.config["TRACKER"].data_dir, now())
    for path in found:
        click.echo(path)
        if commit:
            path.unlink(missing_ok=True)
    click.echo(_("Files that belong to nothing: %(count)s.", count=len(found)))
    if found and not commit:
        click.echo(_("Nothing was deleted. Add --commit to delete them."))


@group.command("recount")
def recount() -> None:
    """Replace every cell, and every text that searches find, by a recount of its rows."""
    for campaign in campaigns():
        sync_tallies(campaign, spec_of(campaign))
        record_event(None, "data:recount", campaign, now())
    recount_terms()
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
