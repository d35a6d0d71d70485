"""Samples for tests: one drawn over one month, and verdicts on its records."""

from __future__ import annotations

from sqlalchemy import select

from tests.maker import NOW
from tracker.db import db
from tracker.models import SampleRow, Verdict
from tracker.rules.periods import month_of
from tracker.rules.samples import SamplePlan
from tracker.services.samples import draw_samples, give_verdict

EVERYTHING = SamplePlan(95, size=500)


def a_sample(make, campaign, unit, kind="study", plan=EVERYTHING, seed="seed-1", by=None, day=None):
    """A sample of the unit's records of that kind in the month of `day`, the campaign's first if None."""
    row = next(one for one in campaign.kinds if one.code == kind)
    month = month_of(day or campaign.starts_on, campaign)
    (sample,) = draw_samples(
        campaign, row, month, plan, unit_id=unit.id, seed=seed, by=by or make.office, at=NOW
    )
    return sample


def rows_of(sample):
    """Its rows in the order in which they were drawn."""
    return list(
        db.session.scalars(
            select(SampleRow).where(SampleRow.sample_id == sample.id).order_by(SampleRow.ordinal)
        )
    )


def judge(sample, by, *others, note=""):
    """Find the first records to be what `others` say, pairs of verdict and fault, and the rest right."""
    for n, row in enumerate(rows_of(sample)):
        verdict, fault = others[n] if n < len(others) else (Verdict.RIGHT, None)
        give_verdict(row, verdict, fault=fault, note=note, version=row.version, by=by, at=NOW)
