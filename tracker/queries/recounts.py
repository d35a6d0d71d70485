"""The recount: every cell counted again from the rows, and what differs from what is kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import cast, func, null, select, union_all

from tracker.db import INT, db
from tracker.models import Campaign, Tally, TallyCell
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
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

    The comparison runs in the database: one statement for each tally.
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
    """Cells as they are kept and what the rows add, laid upon one another and added up once."""
    rows = contributions(question, spec.kind(question.kind), tally.kind_id)
    none = cast(null(), INT)
    both = union_all(
        select(rows.c.place_id, rows.c.entity, rows.c.day, none.label("kept"), rows.c.value.label("counted")),
        select(TallyCell.place_id, TallyCell.entity, TallyCell.day, TallyCell.value, none).where(
            TallyCell.tally_id == tally.id
        ),
    ).subquery()
    key = both.c.place_id, both.c.entity, both.c.day
    # What adds up to nothing has no cell.
    kept, counted = func.sum(both.c.kept), func.nullif(func.sum(both.c.counted), 0)
    found = db.session.execute(
        select(*key, cast(kept, INT), cast(counted, INT))
        .group_by(*key)
        .having(kept.is_distinct_from(counted))
        .order_by(*key)
    )
    for place, entity, day, have, should in found:
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
