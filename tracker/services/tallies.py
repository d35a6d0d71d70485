"""Keeps the tallies true: cells that a write touched are replaced by a recount of their rows."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, insert, literal, select, update

from tracker.db import INT, db
from tracker.models import Campaign, Kind, Record, Tally, TallyCell
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import cells, contributions
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.tallies import Question, questions_of
from tracker.services.archive_gate import check_open

VERSION_BITS = 62
MOST_KEYS = 400  # above it whole days are recounted: fewer, longer statements


def sync_tallies(
    campaign: Campaign,
    spec: CampaignSpec,
    *,
    within: Collection[str] | None = None,
    recount: Collection[str] | None = None,
) -> None:
    """Make the tallies those that the campaign's figures ask for; new ones are counted from all rows.

    within:  the codes of kinds whose tallies are looked at; None for all.
    recount: the codes of kinds whose other tallies are counted anew too, since their rows are read otherwise
             now; None for all.
    """
    kind_ids = {kind.code: kind.id for kind in campaign.kinds if within is None or kind.code in within}
    wanted = {question.code: question for question in questions_of(spec) if question.kind in kind_ids}
    hold_kinds(kind_ids.values(), alone=True)
    have = {tally.code: tally for tally in tallies_of(campaign.id, kind_ids.values(), lock=True)}
    for code, tally in have.items():
        if code not in wanted:
            db.session.execute(delete(TallyCell).where(TallyCell.tally_id == tally.id))
            db.session.delete(tally)
    for code, question in wanted.items():
        if code not in have:
            tally = Tally(
                campaign_id=campaign.id,
                kind_id=kind_ids[question.kind],
                code=code,
                question=question.as_json(),
            )
            db.session.add(tally)
    db.session.flush()  # the new tallies need their ids
    if db.session.scalar(select(Record.id).where(Record.campaign_id == campaign.id).limit(1)):
        replaced = []
        for tally in tallies_of(campaign.id, kind_ids.values()):
            question = wanted[tally.code]
            if tally.code not in have or recount is None or question.kind in recount:
                _replace(tally, question, spec, [])
                replaced.append(tally.id)
        _draw_versions(replaced)


def hold_kinds(kind_ids: Iterable[int], *, alone: bool = False) -> None:
    """Keep the tallies of these kinds from becoming more or fewer until this transaction ends.

    alone: the one who makes them more or fewer waits for all who write rows of these kinds, and they for it.
           A tally that is not there yet cannot be locked: who counted a row meanwhile would not know of it,
           and who counts the tally would not see the row. The others do not wait for one another by this: a
           row that is entered holds its kind in the same way.
    """
    held = select(Kind.id).where(Kind.id.in_(list(kind_ids))).order_by(Kind.id)
    others = not alone
    db.session.execute(held.with_for_update(read=others, key_share=others))


def tallies_of(campaign_id: int, kind_ids: Iterable[int] | None = None, *, lock: bool = False) -> list[Tally]:
    """The tallies of a campaign in a fixed order.

    lock: keep every other writer of these tallies out until this transaction ends. The rows are read in a
          later statement, so that what the others committed meanwhile is seen (READ COMMITTED): two writers
          who each count only what they see would leave a wrong cell.
    """
    statement = select(Tally).where(Tally.campaign_id == campaign_id).order_by(Tally.id)
    if kind_ids is not None:
        statement = statement.where(Tally.kind_id.in_(list(kind_ids)))
    if lock:
        statement = statement.with_for_update()
    return list(db.session.scalars(statement))


def recount_all(campaign: Campaign, spec: CampaignSpec | None = None) -> None:
    """Replace every cell of a campaign by a recount."""
    spec = spec or spec_of(campaign)
    questions = {question.code: question for question in questions_of(spec)}
    tallies = tallies_of(campaign.id, lock=True)
    for tally in tallies:
        _replace(tally, questions[tally.code], spec, [])
    _draw_versions([tally.id for tally in tallies])


def recount_batch(campaign: Campaign, batch_id: int) -> None:
    """Replace the cells that the records of one import touch, or touched before they were undone."""
    theirs = (Record.batch_id == batch_id) | (Record.replaced_in_id == batch_id)
    kind_ids = db.session.scalars(select(Record.kind_id).where(theirs).distinct())
    _recount(campaign, dict.fromkeys(kind_ids, select(Record.id).where(theirs)))


def recount_records(campaign: Campaign, record_ids: Sequence[int]) -> None:
    """Replace the cells that these records touch, or touched before they ceased to count."""
    ids: dict[int, list[int]] = {}  # by kind: a question of one kind need not hear of the others' records
    rows = select(Record.kind_id, Record.id).where(Record.id.in_(list(record_ids)))
    for kind_id, record_id in db.session.execute(rows):
        ids.setdefault(kind_id, []).append(record_id)
    if ids:
        _recount(campaign, ids)


def _recount(campaign: Campaign, which: Mapping[int, list[int] | Select[int]]) -> None:
    """which: the ids of the records by the id of their kind, or what selects them."""
    spec = spec_of(campaign)
    hold_kinds(which)
    tallies = tallies_of(campaign.id, which, lock=True)
    check_open(campaign.id, anew=True)  # whoever put it away meanwhile held the tallies
    replaced = []
    for tally in tallies:
        question = Question.of(tally.question)  # the campaign may have been read before it came
        rows = contributions(question, spec.kind(question.kind), tally.kind_id, counted=False)
        touched = (
            select(rows.c.place_id, rows.c.entity, rows.c.day)
            .where(rows.c.record_id.in_(which[tally.kind_id]))
            .distinct()
        )
        keys = db.session.execute(touched).all()
        if keys:
            _replace(tally, question, spec, list(keys))
            replaced.append(tally.id)
    _draw_versions(replaced)


def _draw_versions(tally_ids: list[int]) -> None:
    """Say of these tallies that cells of theirs were replaced: by a number that was never drawn before, also
    not by somebody whose act was rolled back.
    """
    if tally_ids:
        version = 1 + secrets.randbits(VERSION_BITS)
        db.session.execute(update(Tally).where(Tally.id.in_(tally_ids)).values(version=version))


def _replace(
    tally: Tally, question: Question, spec: CampaignSpec, keys: list[tuple[int, str, dt.date]]
) -> None:
    """Replace the cells at least at `keys` (place, entity, day); all cells if there are none.

    The box around the keys is recounted (their places × entities × days): a superset is as right as the
    keys themselves, and two plain statements do it.
    """
    bounds: list[tuple[str, list[Any]]] = []
    if keys:
        bounds.append(("day", sorted({key[2] for key in keys})))
        if len(keys) <= MOST_KEYS:
            bounds.append(("place_id", sorted({key[0] for key in keys})))
            bounds.append(("entity", sorted({key[1] for key in keys})))
    gone = delete(TallyCell).where(TallyCell.tally_id == tally.id)
    fresh = cells(question, spec.kind(question.kind), tally.kind_id)
    for name, values in bounds:
        gone = gone.where(getattr(TallyCell, name).in_(values))
        fresh = fresh.where(_column(fresh, name).in_(values))
    db.session.execute(gone)
    counted = fresh.subquery()
    db.session.execute(
        insert(TallyCell).from_select(
            ["tally_id", "place_id", "entity", "day", "value"],
            select(
                literal(tally.id, INT), counted.c.place_id, counted.c.entity, counted.c.day, counted.c.value
            ),
        )
    )


def _column(statement: Select[Any], name: str) -> ColumnElement[Any]:
    """The column of the contributions that `statement` folds."""
    return next(column for column in statement.selected_columns if column.name == name)
