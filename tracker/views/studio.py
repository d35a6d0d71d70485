"""The import studio: what was sent at once, and how a file was understood."""

from __future__ import annotations

from flask import Blueprint, abort, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug import Response as Answer

from tracker.access import Permission, requires
from tracker.models import Batch, BatchSort
from tracker.queries.access import batch_for
from tracker.queries.batches import sent_together
from tracker.queries.campaigns import spec_of
from tracker.queries.mappings import mapping_specs
from tracker.rules.mappings import mappings_of
from tracker.rules.refusal import Refused
from tracker.rules.understanding import ledger_views, roster_views
from tracker.services.batches import UNWRITTEN, campaign_of, read_batch
from tracker.views import batch_words as words
from tracker.worker import limits_of

bp = Blueprint("studio", __name__)
ID = "<int(max=9007199254740991):batch_id>"


@bp.get(f"/imports/{ID}/together")
@requires(Permission.BATCH_SEE)
def together(batch_id: int) -> str:
    """All files of one form: how far each is, rosters first."""
    batch = batch_for(current_user, batch_id) or abort(404)
    return render_template("studio/together.html", **_together(batch))


@bp.get(f"/imports/{ID}/together/rows")
@requires(Permission.BATCH_SEE)
def rows(batch_id: int) -> str:
    """The same as a part of the page, to be swapped in while work is under way."""
    batch = batch_for(current_user, batch_id) or abort(404)
    return render_template("studio/_together.html", **_together(batch))


@bp.get(f"/imports/{ID}/understood")
@requires(Permission.BATCH_WRITE)
def understood(batch_id: int) -> str | Answer:
    """Each sheet and each column of a file: as what it is read, with its first values, and how to change it.

    It shows whatever the file holds, so it is for those who may send files.
    """
    batch = batch_for(current_user, batch_id) or abort(404)
    config = current_app.config["TRACKER"]
    try:
        sheets = read_batch(batch.path, config.data_dir, limits_of(config)).sheets
        if batch.sort is BatchSort.ROSTER:
            views = roster_views(sheets)
        else:
            campaign = campaign_of(batch)
            spec = spec_of(campaign)
            mappings = mappings_of(batch.mapping, sheets, mapping_specs(campaign.id), spec)
            views = ledger_views(sheets, mappings, spec)
    except Refused as refusal:
        flash(gettext(refusal.msgid, **refusal.params), "warning")
        return redirect(url_for("batches.show", batch_id=batch.id), 303)
    may_map = batch.sort is BatchSort.LEDGER and batch.state in UNWRITTEN
    return render_template(
        "studio/understood.html", batch=batch, views=views, may_map=may_map, words=words, uses=words.USES
    )


def _together(batch: Batch) -> dict[str, object]:
    lines = sent_together(batch)
    return {
        "batch": batch,
        "lines": lines,
        "is_working": any(line.job for line in lines),
        "waits_for_roster": words.waits_for_roster(lines),
        "words": words,
    }
