"""Samples of the demo: drawn by the office, one checked to its end, one begun."""

from __future__ import annotations

import datetime as dt
import tomllib
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import select

from tracker.db import db
from tracker.models import Campaign, Fault, Sample, SampleRow, User, Verdict
from tracker.queries.campaigns import spec_of
from tracker.queries.users import user_by_login
from tracker.rules.periods import period_by_code
from tracker.rules.samples import SamplePlan
from tracker.services.samples import complete_sample, draw_samples, give_verdict

SAMPLES = Path(__file__).resolve().parent.parent / "demo" / "samples.toml"


def fill_samples(campaign: Campaign, *, at: dt.datetime) -> None:
    """Draw what tracker/demo/samples.toml says, and give the verdicts that stand there."""
    spec = spec_of(campaign)
    for said in tomllib.loads(SAMPLES.read_text(encoding="utf-8"))["samples"]:
        period = period_by_code(said["period"], spec, spec.phases)
        kind = next(one for one in campaign.kinds if one.code == said["kind"])
        assert period is not None  # the demo's own campaign has it
        made = draw_samples(
            campaign, kind, period, SamplePlan(said["level"], size=said["size"]), unit_id=None,
            seed=said["seed"], by=_account(said["by"]), at=at,
        )  # fmt: skip
        for sample, checked in zip(made, said["checked"], strict=False):
            _check(sample, checked, at)


def _check(sample: Sample, said: dict[str, Any], at: dt.datetime) -> None:
    by = _account(said["by"])
    rows = db.session.scalars(
        select(SampleRow).where(SampleRow.sample_id == sample.id).order_by(SampleRow.ordinal)
    ).all()
    rest = {"verdict": said["rest"]} if "rest" in said else None
    for row, one in zip_longest(rows, said["verdicts"][: len(rows)], fillvalue=None):
        found = one or rest
        if row is None or found is None:
            return
        fault = Fault(found["fault"]) if "fault" in found else None
        give_verdict(
            row, Verdict(found["verdict"]), fault=fault, note=found.get("note", ""), version=row.version,
            by=by, at=at,
        )  # fmt: skip
    complete_sample(sample, version=sample.version, by=by, at=at)


def _account(login: str) -> User:
    user = user_by_login(login)
    assert user is not None  # the demo has just made its accounts
    return user
