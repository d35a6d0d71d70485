"""What the rows behind a figure come to, counted from the rows themselves and not from the tallies."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import Integer, cast, func, select

from tracker.db import db
from tracker.models import Campaign, Record, User
from tracker.queries.access import sees_bureau
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
from tracker.queries.figures import standing_on
from tracker.queries.record_filters import places_asked, question_asked, rows_behind
from tracker.queries.records import Ledger
from tracker.queries.rosters import roster_as_of
from tracker.rules.campaigns import Figure, Scope
from tracker.rules.figures import FigureValue, Fold, evaluate, fold_value, reduce_value
from tracker.rules.tallies import question_of


@dataclass(frozen=True, slots=True)
class Change:
    """A figure that would change, before and after."""

    before: FigureValue
    after: FigureValue


def total_of(campaign: Campaign, asked: Ledger, user: User) -> FigureValue | None:
    """What the listed rows come to; None without a figure.

    With nothing chosen but the figure (and a unit) this is the figure itself (or the unit's part of it).
    """
    chosen, figure = asked.chosen, asked.chosen.figure
    behind = rows_behind(campaign, chosen, figure) if figure else None
    question = question_asked(figure, chosen.unit) if figure else None
    if figure is None or behind is None or question is None:
        return None
    rows = behind
    statement = select(rows.c.place_id, rows.c.entity, func.sum(rows.c.value))
    if chosen.narrows or not sees_bureau(user):
        statement = statement.where(rows.c.record_id.in_(asked.ids.with_only_columns(Record.id)))
    fold: dict[int, dict[str, int]] = {}
    for place, entity, value in db.session.execute(statement.group_by(rows.c.place_id, rows.c.entity)):
        fold.setdefault(place, {})[entity] = int(value)
    return _evaluated(campaign, asked, figure, fold, question.is_distinct)


def _evaluated(
    campaign: Campaign, asked: Ledger, figure: Figure, fold: Fold, is_distinct: bool
) -> FigureValue:
    spec, chosen = spec_of(campaign), asked.chosen
    roster = roster_as_of(chosen.day)
    if chosen.unit is None:
        return evaluate(figure, spec, fold, roster, chosen.day, is_distinct)
    bounds = {
        place: fold_value(figure.measure, is_distinct, fold.get(place, {}))
        for place in places_asked(figure, chosen.unit, roster) or []
    }
    amounts = {place: Fraction(low, figure.divide_by) for place, (low, _) in bounds.items()}
    upper = None
    if figure.scope is Scope.BUREAU:
        upper = Fraction(bounds[chosen.unit.id][1], figure.divide_by)
    return reduce_value(figure, spec, amounts, chosen.day, upper)


def changes_by_reversal(campaign: Campaign, record: Record) -> list[Change]:
    """The figures that reversing this record would change, as of the campaign's last day, before and after.

    Nothing is written: the record's own contributions are taken out of the folded cells.
    """
    standing = standing_on(campaign, campaign.ends_on)
    spec, code = standing.spec, record.kind.code
    found: list[Change] = []
    own: dict[str, dict[int, dict[str, int]]] = {}
    for figure in spec.figures:
        question = question_of(figure)
        if figure.kind != code or question is None:
            continue
        if question.code not in own:
            rows = contributions(question, spec.kind(code), record.kind_id)
            cells: dict[int, dict[str, int]] = {}
            for place, entity, value in db.session.execute(
                select(rows.c.place_id, rows.c.entity, cast(func.sum(rows.c.value), Integer))
                .where(rows.c.record_id == record.id)
                .group_by(rows.c.place_id, rows.c.entity)
            ):
                cells.setdefault(place, {})[entity] = int(value)
            own[question.code] = cells
        if not own[question.code]:
            continue
        before, less = standing.value(figure), _without(standing.fold(question), own[question.code])
        after = evaluate(figure, spec, less, standing.roster, standing.day, question.is_distinct)
        if (before.value, before.high, before.date) != (after.value, after.high, after.date):
            found.append(Change(before, after))
    return found


def _without(fold: Fold, cells: Fold) -> Fold:
    less = {place: dict(entities) for place, entities in fold.items()}
    for place, entities in cells.items():
        for entity, value in entities.items():
            less.setdefault(place, {})[entity] = less.get(place, {}).get(entity, 0) - value
    return less
