"""The recount: every cell counted again from the rows, and what differs from what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from tracker.db import db
from tracker.models import Campaign, Tally, TallyCell
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import cells
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.tallies import Question, questions_of


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that is not what its rows come to. None: the cell is missing, or should not be there."""

    question: Question | None
    tally_id: int
    place_id: int
    entity: str
    day: dt.date | None
    kept: int | None
    counted: int | None


def differences(campaign: Campaign) -> Iterator[Difference]:
    """Cells that differ from a recount, in the order of tally, place, entity and day.

    The comparison runs in the database: one statement for missing or wrong cells and one for cells that no
    row supports, for each tally.
    """
    spec = spec_of(campaign)
    tallies = {
        tally.code: tally
        for tally in db.session.scalars(
            select(Tally).where(Tally.campaign_id == campaign.id).order_by(Tally.id)
        )
    }
    for question in questions_of(spec):
        tally = tallies.pop(question.code, None)
        if tally is None:
            yield Difference(question, 0, 0, "", None, None, None)
        else:
            yield from _of_tally(spec, question, tally)
    for tally in tallies.values():
        yield Difference(None, tally.id, 0, "", None, None, None)


def _of_tally(spec: CampaignSpec, question: Question, tally: Tally) -> Iterator[Difference]:
    counted = cells(question, spec.kind(question.kind), tally.kind_id).subquery()
    kept = select(TallyCell).where(TallyCell.tally_id == tally.id).subquery()
    same = and_(
        counted.c.place_id == kept.c.place_id,
        counted.c.entity == kept.c.entity,
        counted.c.day == kept.c.day,
    )
    wrong = (
        select(counted.c.place_id, counted.c.entity, counted.c.day, kept.c.value, counted.c.value)
        .outerjoin_from(counted, kept, same)
        .where(kept.c.value.is_(None) | (kept.c.value != counted.c.value))
        .order_by(counted.c.place_id, counted.c.entity, counted.c.day)
    )
    extra = (
        select(kept.c.place_id, kept.c.entity, kept.c.day, kept.c.value, counted.c.value)
        .outerjoin_from(kept, counted, same)
        .where(counted.c.value.is_(None))
        .order_by(kept.c.place_id, kept.c.entity, kept.c.day)
    )
    for statement in (wrong, extra):
        for place, entity, day, have, should in db.session.execute(statement):
            yield Difference(question, tally.id, place, entity, day, have, should)


def cell_count(campaign: Campaign) -> int:
    """How many cells the campaign keeps."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(TallyCell)
            .join(Tally, Tally.id == TallyCell.tally_id)
            .where(Tally.campaign_id == campaign.id)
        )
        or 0
    )
