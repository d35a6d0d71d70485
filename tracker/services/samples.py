"""Draws samples, takes verdicts, and freezes what a sample found."""

from __future__ import annotations

import datetime as dt
import secrets

from sqlalchemy import insert, select, update

from tracker.db import db
from tracker.models import Campaign, Fault, Kind, Sample, SampleReopening, SampleRow, User, Verdict
from tracker.queries.samples import Frame, barred_records, frames_of, verdicts_of
from tracker.rules.periods import Period
from tracker.rules.refusal import N_, Refused
from tracker.rules.samples import (
    SamplePlan,
    check_plan,
    check_seed,
    check_verdict,
    draw,
    frame_digest,
    most_wrong,
)
from tracker.services.audit import record_event
from tracker.services.records import CHANGED, check_reason

NOTHING = N_("Nothing to draw: no verified records there, or a sample of them is still being checked.")
FROZEN = N_("This sample is completed. The office can open it again, with a reason.")
NOT_THEIRS = N_("You entered or verified it, were in it, or keep its branch: somebody else checks it.")
WITHOUT_VERDICT = N_("%(count)s records have no verdict yet.")


def draw_samples(
    campaign: Campaign,
    kind: Kind,
    period: Period,
    plan: SamplePlan,
    *,
    unit_id: int | None,
    seed: str,
    by: User,
    at: dt.datetime,
) -> list[Sample]:
    """Draw one sample of each unit's verified records of a kind in a period, or of one unit's.

    unit_id: None for all that have such records and none that is still being checked.
    seed:    '' to have one drawn.
    Raises Refused if plan or seed will not do, or if there is nothing to draw.
    """
    check_plan(plan)
    used = check_seed(seed) if seed.strip() else secrets.token_hex(8)
    frames = frames_of(campaign, kind, period.starts_on, period.ends_on, unit_id)
    made = [
        _draw(campaign, kind, period, plan, frame, seed=used, is_typed=bool(seed.strip()), by=by, at=at)
        for frame in frames
        if not frame.is_busy
    ]
    if not made:
        raise Refused(NOTHING, "unit")
    return made


def _draw(
    campaign: Campaign,
    kind: Kind,
    period: Period,
    plan: SamplePlan,
    frame: Frame,
    *,
    seed: str,
    is_typed: bool,
    by: User,
    at: dt.datetime,
) -> Sample:
    size = plan.size_of(len(frame.ids))
    sample = Sample(
        campaign_id=campaign.id, kind_id=kind.id, unit_id=frame.unit.id, period=period.code,
        starts_on=period.starts_on, ends_on=period.ends_on,
        round=frame.rounds + 1,  # two who draw at once take the same one: the constraint refuses the second
        seed=seed, is_seed_typed=is_typed, level=plan.level,
        most_percent=plan.most_percent if plan.size is None else None,
        frame=list(frame.ids), frame_size=len(frame.ids), frame_digest=frame_digest(frame.ids), size=size,
        drawn_by_id=by.id, drawn_at=at,
    )  # fmt: skip
    db.session.add(sample)
    db.session.flush()  # its rows and the event name it
    db.session.execute(
        insert(SampleRow),
        [
            {"sample_id": sample.id, "record_id": record_id, "ordinal": ordinal}
            for ordinal, record_id in enumerate(draw(seed, frame.ids, size), start=1)
        ],
    )
    record_event(by, "sample:draw", sample, at, records=size, unit_id=frame.unit.id)
    return sample


def give_verdict(
    row: SampleRow,
    verdict: Verdict,
    *,
    fault: Fault | None,
    note: str,
    version: int,
    by: User,
    at: dt.datetime,
) -> None:
    """Say what was found of a record of an open sample; a later verdict takes the place of an earlier one.

    fault:   what is wrong, where something is.
    version: of the row that was seen. Raises Refused if somebody was faster, if the sample is completed, if
             the checker had a hand in the record, or, at the field at fault, if something is missing.
    """
    words = check_verdict(
        is_wrong=verdict is Verdict.WRONG,
        is_unclear=verdict is Verdict.UNCLEAR,
        has_fault=fault is not None,
        needs_words=verdict is Verdict.WRONG and fault is Fault.OTHER,
        note=note,
    )
    if barred_records(by, [row.record_id]):
        raise Refused(NOT_THEIRS)
    _hold(row.sample)
    changed = db.session.execute(
        update(SampleRow)
        .where(SampleRow.id == row.id, SampleRow.version == version)
        .values(
            verdict=verdict,
            fault=fault if verdict is Verdict.WRONG else None,
            note=words or None,
            checked_by_id=by.id,
            checked_at=at,
            version=version + 1,
        )
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    record_event(by, "sample:check", row.sample, at, record_id=row.record_id, verdict=str(verdict))


def complete_sample(sample: Sample, *, version: int, by: User, at: dt.datetime) -> None:
    """Freeze the verdicts of a sample and what follows from them. Those that could not be checked are taken
    for wrong in the bound, so that it holds whatever they are.

    Raises Refused if a record has no verdict, or if somebody was faster.
    """
    _hold(sample)
    counts = verdicts_of(sample)
    if counts.get(None):
        raise Refused(WITHOUT_VERDICT, count=counts[None])
    wrong, unclear = counts.get(Verdict.WRONG, 0), counts.get(Verdict.UNCLEAR, 0)
    bound = most_wrong(sample.frame_size, sample.size, wrong + unclear, sample.level)
    _change(
        sample, version, is_completed=False, completed_by_id=by.id, completed_at=at, wrong=wrong,
        unclear=unclear, bound=bound,
    )  # fmt: skip
    record_event(by, "sample:complete", sample, at, wrong=wrong, unclear=unclear, bound=bound)


def reopen_sample(sample: Sample, *, why: str, version: int, by: User, at: dt.datetime) -> None:
    """Let verdicts of a completed sample be changed again; the reason and what it had come to are kept.

    Raises Refused without a reason, or if somebody was faster.
    """
    why = check_reason(why)
    before = {"wrong": sample.wrong, "unclear": sample.unclear, "bound": sample.bound}
    _change(
        sample, version, is_completed=True, completed_by_id=None, completed_at=None, wrong=None,
        unclear=None, bound=None,
    )  # fmt: skip
    db.session.add(SampleReopening(sample_id=sample.id, why=why, by_id=by.id, at=at, **before))
    record_event(by, "sample:reopen", sample, at)


def _hold(sample: Sample) -> None:
    """Let nobody complete or judge at the same time. Raises Refused if the sample is completed."""
    is_open = select(Sample.id).where(Sample.id == sample.id, Sample.completed_at.is_(None))
    if db.session.scalar(is_open.with_for_update()) is None:
        raise Refused(FROZEN)


def _change(sample: Sample, version: int, *, is_completed: bool, **values: object) -> None:
    is_as_seen = Sample.completed_at.is_not(None) if is_completed else Sample.completed_at.is_(None)
    changed = db.session.execute(
        update(Sample)
        .where(Sample.id == sample.id, Sample.version == version, is_as_seen)
        .values(version=version + 1, **values)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
