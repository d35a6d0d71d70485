"""Samples for the bureau whose every text is marked."""

from __future__ import annotations

from sqlalchemy import update

from tests.maker import NOW
from tests.samples import a_sample, rows_of
from tracker.db import db
from tracker.models import Record, SampleReopening, SampleRow, Verdict
from tracker.services.samples import complete_sample


def add_samples(marked, own, other):
    """One of each branch's hours, completed and opened again, with words beside each verdict."""
    for whose, unit, pool in ((own, marked.here, marked.own), (other, marked.there, marked.foreign)):
        kind = next(code for code, one in marked.kinds.items() if one.owners == ("member",))
        day = marked.campaign.starts_on.replace(month=3, day=5)
        sample = a_sample(
            marked.make, marked.campaign, unit, kind, seed=marked.mark(whose, "sample.seed"), day=day
        )
        pool["sample_id"] = [sample.id]
        rows = rows_of(sample)
        pool["sample_row_id"] = [row.id for row in rows]
        for row in rows:
            note = marked.mark(owner_of(marked, row.record, whose), "sample_row.note")
            judged = {
                "verdict": Verdict.UNCLEAR,
                "note": note,
                "checked_by_id": marked.office.id,
                "checked_at": NOW,
            }
            db.session.execute(update(SampleRow).where(SampleRow.id == row.id).values(**judged))
        complete_sample(sample, version=1, by=marked.office, at=NOW)
        why = marked.mark(whose, "sample_reopening.why")
        db.session.add(
            SampleReopening(
                sample_id=sample.id, why=why, wrong=0, unclear=1, bound=1, by_id=marked.office.id, at=NOW
            )
        )
        db.session.flush()


def owner_of(marked, record: Record, whose):
    """Words on the member's own record are theirs to read too."""
    return "g" if record.member_id == marked.myself.id else whose
