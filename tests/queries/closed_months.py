"""Closes in the random ledger of test_figures_model: what comes after one counts only late, with a reason."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import strategies as st

from tests.canary_closes import a_close
from tests.maker import NOW, Maker
from tests.queries.ledger_model import Fact, World
from tracker.db import db
from tracker.models import Campaign, Close, Record, Role, Status, Unit
from tracker.queries.closes import unmarked
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch
from tracker.services.verifications import verify_records

MONTHS = {
    3: (dt.date(2021, 3, 1), dt.date(2021, 3, 31)),
    4: (dt.date(2021, 4, 1), dt.date(2021, 4, 30)),
    5: (dt.date(2021, 5, 1), dt.date(2021, 5, 31)),
}
SOON, LATER = NOW + dt.timedelta(minutes=1), NOW + dt.timedelta(hours=1)  # what counts, counts since NOW


def reaches(close: Close, fact: Fact) -> bool:
    """Whether a fact changes figures of the close's days and place."""
    days = [day for day in (fact.day, fact.ended) if day is not None]
    places = {fact.branch, *fact.others, *(person[1] for person in fact.people)}
    return any(close.starts_on <= day <= close.ends_on for day in days) and (
        close.unit_id is None or close.unit_id in places
    )


def close_and_go_on(
    draw: Any,
    make: Maker,
    campaign: Campaign,
    world: World,
    branches: list[Unit],
    batches: Any,
    records: list[Record],
) -> None:
    """Close some months of some places; then let what waits count if it may, and try to undo an import."""
    months, places = st.sampled_from(sorted(MONTHS)), st.sampled_from([None, *branches])
    closes = [
        a_close(campaign, unit, make.office, code=f"2021-{month:02}", days=MONTHS[month], at=SOON)
        for month, unit in draw(st.sets(st.tuples(months, places), max_size=2))
    ]
    verifier = make.user(Role.OFFICE)
    for record, fact in zip(records, world.facts, strict=True):
        if record.status is not Status.SUBMITTED:
            continue
        seen, is_held = [(record.id, record.version)], any(reaches(close, fact) for close in closes)
        if is_held:
            with pytest.raises(Refused, match="late"):
                verify_records(seen, by=verifier, at=LATER)
        if draw(st.booleans()):
            verify_records(seen, by=verifier, at=LATER, late_why="出差" if is_held else "")
            db.session.refresh(record)
            assert record.late_why == ("出差" if is_held else None)
            fact.counts = True
    assert unmarked(campaign) is None
    own = [n for n, record in enumerate(records) if record.batch_id == batches[1].id]
    if any(world.facts[n].counts and any(reaches(close, world.facts[n]) for close in closes) for n in own):
        with pytest.raises(Refused, match="but by reversal"):
            undo_batch(batches[1], by=make.office, at=LATER)
