"""Figures of the office's own: their rows, what can be chosen for one, and what an unsaved one comes to."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Bulletin, BulletinState, Campaign, Membership, OwnFigure, Record, User
from tracker.queries.campaigns import spec_of
from tracker.queries.paging import Page
from tracker.queries.record_filters import RecordFilter, hidden_kinds
from tracker.queries.record_totals import total_of
from tracker.queries.records import LedgerRow, ledger, ledger_page
from tracker.queries.rosters import roster_as_of
from tracker.rules.bulletin_text import placeholders_of
from tracker.rules.campaigns import ROSTER_MEASURES, Figure, Measure, Reduce, Scope
from tracker.rules.figures import FigureValue, evaluate
from tracker.rules.own_figure_offers import UNITS
from tracker.rules.own_figures import spread
from tracker.rules.refusal import N_, Refused

OPEN_LISTS = {"category": Record.category, "community": Record.community, "source": Record.source}
PAIRS = {Measure.PARTICIPATIONS: Measure.PERSONS, Measure.PERSONS: Measure.PARTICIPATIONS}
MOST_CHOICES = 200
PATIENCE = 8  # seconds that somebody waits for a figure that is not saved
STEPS = 100_000  # of SQLite, between two looks at the clock
CANCELED = "57014"  # what PostgreSQL calls a statement that was broken off
TOO_LONG = N_(
    "Counting took longer than %(seconds)s seconds and was broken off. Choose fewer rows, or save it."
)


def newest(campaign: Campaign) -> list[OwnFigure]:
    """The newest row of each figure, those that were withdrawn too, by id."""
    last = (
        select(OwnFigure.figure, func.max(OwnFigure.version).label("version"))
        .where(OwnFigure.campaign_id == campaign.id)
        .group_by(OwnFigure.figure)
        .subquery()
    )
    rows = (
        select(OwnFigure)
        .join(last, (OwnFigure.figure == last.c.figure) & (OwnFigure.version == last.c.version))
        .where(OwnFigure.campaign_id == campaign.id)
        .options(joinedload(OwnFigure.saved_by))
    )
    return sorted(db.session.scalars(rows), key=lambda row: row.figure)


def versions_of(campaign: Campaign, figure_id: str) -> list[OwnFigure]:
    """Everything that a figure ever said, the newest first; nothing where there is no such figure."""
    rows = select(OwnFigure).where(OwnFigure.campaign_id == campaign.id, OwnFigure.figure == figure_id)
    return list(
        db.session.scalars(rows.order_by(OwnFigure.version.desc()).options(joinedload(OwnFigure.saved_by)))
    )


def drafts_quoting(campaign: Campaign, figure_id: str) -> list[Bulletin]:
    """The drafts of bulletins whose text asks for the figure, by id."""
    drafts = select(Bulletin).where(
        Bulletin.campaign_id == campaign.id, Bulletin.state == BulletinState.DRAFT
    )
    return [
        draft
        for draft in db.session.scalars(drafts.order_by(Bulletin.id))
        if any(part.ref == figure_id for part in placeholders_of(draft.text))
    ]


def words_used(campaign: Campaign, kind_code: str) -> dict[str, list[str]]:
    """What stands in the ledger's open columns of a kind: column → words, at most MOST_CHOICES of each."""
    kind_id = next(kind.id for kind in campaign.kinds if kind.code == kind_code)
    found = {}
    for name, column in OPEN_LISTS.items():
        used = select(column).where(Record.kind_id == kind_id, column.is_not(None)).distinct()
        words = db.session.scalars(used.order_by(column).limit(MOST_CHOICES))
        found[name] = [str(word) for word in words]
    return found


def sorts_of_members() -> dict[str, list[str]]:
    """The categories and standings that members have had: 'category' and 'standing' → words."""
    columns: dict[str, Any] = {"category": Membership.category, "standing": Membership.standing}
    return {
        name: [str(word) for word in db.session.scalars(select(column).distinct().order_by(column)) if word]
        for name, column in columns.items()
    }


@dataclass(frozen=True, slots=True)
class Tried:
    """What a figure comes to on a day, and why.

    page:   the first rows behind it; None over the roster.
    places: (name of a unit, its value), for a scope between member and bureau.
    spread: how the members' values are distributed, for that scope: nobody is told of.
    other:  人数 beside 人次 and the other way round, of the whole bureau.
    hidden: whether codes stand in place of names.
    """

    value: FigureValue
    page: Page[LedgerRow] | None = None
    places: tuple[tuple[str, Fraction], ...] = ()
    spread: tuple[tuple[Fraction, Fraction, int], ...] = ()
    other: FigureValue | None = None
    hidden: bool = False


def tried(campaign: Campaign, figure: Figure, day: dt.date, user: User, key: str) -> Tried:
    """What a figure comes to as of `day`, counted from the rows: it need not be one of the campaign's.

    key:    the installation's secret, for the codes that stand in place of names.
    Raises  Refused if it takes longer than PATIENCE; then the transaction is at its end.
    """
    spec, roster = spec_of(campaign), roster_as_of(day)
    if figure.measure in ROSTER_MEASURES:
        return Tried(evaluate(figure, spec, {}, roster, day, False))
    with _patience():
        asked = ledger(campaign, RecordFilter(day=day, figure=figure), user, key)
        page = ledger_page(asked)
        value = total_of(campaign, asked, user)
        other = _other(campaign, figure, day, user, key)
    assert value is not None  # a figure over a kind has a question, and so a total
    hidden = figure.kind in hidden_kinds(user, spec)
    if figure.scope is Scope.MEMBER:
        return Tried(value, page, spread=tuple(spread(list(value.by.values()))), hidden=hidden)
    names = {unit.id: unit.name for unit in roster.units}
    if figure.scope is Scope.BUREAU:
        return Tried(value, page, other=other, hidden=hidden)
    if hidden and figure.scope is Scope.SECTION:  # so few work in one that a section is as good as a name
        return Tried(value, page, spread=tuple(spread(list(value.by.values()))), hidden=hidden)
    return Tried(
        value, page, tuple((names[place], amount) for place, amount in value.by.items()), hidden=hidden
    )


def _other(campaign: Campaign, figure: Figure, day: dt.date, user: User, key: str) -> FigureValue | None:
    """What the same rows come to in the other of two measures that stand side by side."""
    if figure.scope is not Scope.BUREAU or figure.reduce is not Reduce.SUM or figure.measure not in PAIRS:
        return None
    measure = PAIRS[figure.measure]
    other = replace(figure, measure=measure, unit=UNITS[measure])
    return total_of(campaign, ledger(campaign, RecordFilter(day=day, figure=other), user, key), user)


@contextmanager
def _patience() -> Iterator[None]:
    """What is asked within is broken off after PATIENCE: as Refused, and the transaction is at its end."""
    connection = db.session.connection()
    driver: Any = connection.connection.driver_connection
    is_sqlite = connection.dialect.name == "sqlite"
    if is_sqlite:
        until = time.monotonic() + PATIENCE
        driver.set_progress_handler(lambda: time.monotonic() > until, STEPS)
    else:
        db.session.execute(text(f"SET LOCAL statement_timeout = {PATIENCE * 1000}"))
    broken_off = False
    try:
        yield
    except OperationalError as error:
        broken_off = "interrupted" in str(error.orig) or getattr(error.orig, "sqlstate", "") == CANCELED
        if not broken_off:
            raise
    finally:
        if is_sqlite:
            driver.set_progress_handler(None, 0)  # before somebody else is given the connection
    if broken_off:
        db.session.rollback()
        raise Refused(TOO_LONG, seconds=PATIENCE)
    if not is_sqlite:
        db.session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))
