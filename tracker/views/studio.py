"""The import studio: what was sent at once, and how a file was understood."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_login import current_user

from tracker.access import Permission, requires
from tracker.models import Batch
from tracker.queries.access import batch_for
from tracker.queries.batches import sent_together
from tracker.views import batch_words as words

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


def _together(batch: Batch) -> dict[str, object]:
    lines = sent_together(batch)
    return {
        "batch": batch,
        "lines": lines,
        "is_working": any(line.job for line in lines),
        "waits_for_roster": words.waits_for_roster(lines),
        "words": words,
    }
