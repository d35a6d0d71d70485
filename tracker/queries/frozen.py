"""The rows behind figures as of a day, as an issue keeps them: streamed, so that a million need no memory.

Everything here only reads. What is frozen is consistent with itself because the values are counted from the
lines that are kept, never from the folded cells. That all bases show the ledger at one moment is for the
caller to see to (`begin_snapshot`, first thing in a transaction); on SQLite every transaction does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import func, select

from tracker.db import db
from tracker.models import Campaign, Kind, Record, Status, Tally, TallyCell
from tracker.queries.campaigns import spec_of
from tracker.queries.contributions import contributions
from tracker.queries.rosters import roster_as_of
from tracker.rules.campaigns import CampaignSpec, Figure
from tracker.rules.figures import FigureValue
from tracker.rules.frozen import (
    ROSTER,
    Basis,
    Folding,
    Frozen,
    Packer,
    add_line,
    count,
    frozen_of,
    ledger_line,
    roster_lines,
)
from tracker.rules.proofs import Group
from tracker.rules.rule_versions import definition_of
from tracker.rules.tallies import question_of

Progress = Callable[[int, int], None]
FETCHED = 5_000  # rows at a time
REPORTED_EVERY = 2_000  # records between two words on how far it is


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures counted from rows that are kept. All by id of the figure, `bases` by code."""

    definitions: dict[str, dict[str, Any]]
    values: dict[str, FigureValue]
    frozen: dict[str, Frozen]
    bases: dict[str, Basis]


def begin_snapshot() -> None:
    """Let all reads of this transaction see one moment. To be called before anything else in it."""
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    else:
        db.session.connection(execution_options={"read_only": True})


def count_figures(
    campaign: Campaign, figures: Sequence[Figure], day: dt.date, progress: Progress | None = None
) -> Counted:
    """Count figures as of `day` from rows that are kept as they are read; the roster is always among them.

    progress: told (records read, of how many at most) as it goes on.
    """
    spec = spec_of(campaign)
    definitions = {one.id: definition_of(one, spec) for one in figures}
    frozen = {one.id: frozen_of(one.id, one.title, definitions[one.id]) for one in figures}
    roster = roster_as_of(day)
    packer = Packer(ROSTER)
    packer.add(roster_lines(roster))
    bases, folds = {ROSTER: packer.basis()}, {}
    asked = {one.basis: one for one in frozen.values() if one.basis != ROSTER}
    ahead = _Ahead(campaign, day, asked.values(), progress)
    for code, one in asked.items():
        bases[code], folds[code] = _packed(campaign, one, day, ahead)
    values = {ref: count(one, spec, folds.get(one.basis, {}), roster, day) for ref, one in frozen.items()}
    return Counted(definitions, values, frozen, bases)


def _packed(campaign: Campaign, frozen: Frozen, day: dt.date, ahead: _Ahead) -> tuple[Basis, Folding]:
    packer = Packer(frozen.basis)
    fold: Folding = {}
    for group in ahead.follow(lines_as_of(campaign, frozen, day), frozen):
        packer.add(group[1])
        for line in group[1]:
            add_line(fold, line)
    return packer.basis(), fold


class _Ahead:
    """How far the reading is: at most so many records as the kinds of the questions have by the day."""

    def __init__(
        self, campaign: Campaign, day: dt.date, asked: Iterable[Frozen], progress: Progress | None
    ) -> None:
        self.progress, self.passed = progress, 0
        self.sizes: dict[str, int] = {}
        if progress is not None:
            rows = db.session.execute(
                select(Kind.code, func.count())
                .join(Record, Record.kind_id == Kind.id)
                .where(
                    Kind.campaign_id == campaign.id,
                    Record.status == Status.VERIFIED,
                    Record.happened_on <= day,
                )
                .group_by(Kind.code)
            )
            self.sizes = dict(rows.all())
        self.total = sum(self._size(one) for one in asked)

    def _size(self, frozen: Frozen) -> int:
        return self.sizes.get(frozen.figure.kind or "", 0)

    def follow(self, groups: Iterable[Group], frozen: Frozen) -> Iterator[Group]:
        """The groups as they come, telling how many there were."""
        for number, group in enumerate(groups, start=1):
            yield group
            if self.progress is not None and number % REPORTED_EVERY == 0:
                self.progress(self.passed + min(number, self._size(frozen)), self.total)
        self.passed += self._size(frozen)
        if self.progress is not None:
            self.progress(self.passed, self.total)


def lines_as_of(campaign: Campaign, frozen: Frozen, day: dt.date) -> Iterator[Group]:
    """The lines of a figure's question up to `day`, record by record upwards, by the definition kept of it.

    A kind that the campaign no longer has counts nothing.
    """
    question, kind = question_of(frozen.figure), frozen.kind
    kind_id = _kind_id(campaign, kind.code) if kind else None
    if question is None or kind is None or kind_id is None:
        return
    rows = contributions(question, kind, kind_id)
    found = db.session.execute(
        select(rows.c.record_id, rows.c.day, rows.c.place_id, rows.c.entity, rows.c.value)
        .where(rows.c.day <= day)
        .order_by(rows.c.record_id),
        execution_options={"yield_per": FETCHED},
    )
    for record_id, group in groupby(found, itemgetter(0)):
        yield record_id, sorted(ledger_line(*row) for row in group)


def _kind_id(campaign: Campaign, code: str) -> int | None:
    return db.session.scalar(select(Kind.id).where(Kind.campaign_id == campaign.id, Kind.code == code))


def folds_as_of(campaign: Campaign, asked: Iterable[Frozen], day: dt.date) -> dict[str, Folding]:
    """Basis → what its rows come to up to `day`, without reading them one by one.

    From the folded cells where the campaign still asks this question, all of them in one statement; where it
    does not, added up by the database, a statement for each question.
    """
    spec = spec_of(campaign)
    by_code = {one.basis: one for one in asked if one.basis != ROSTER}
    kept = [code for code, one in by_code.items() if _is_asked_alike(one, spec)]
    rows = db.session.execute(
        select(Tally.code, TallyCell.place_id, TallyCell.entity, func.sum(TallyCell.value))
        .join(TallyCell, TallyCell.tally_id == Tally.id)
        .where(Tally.campaign_id == campaign.id, Tally.code.in_(kept), TallyCell.day <= day)
        .group_by(Tally.id, TallyCell.place_id, TallyCell.entity)
    ).all()
    found: dict[str, Folding] = {code: {} for code in by_code}
    have = set(
        db.session.scalars(select(Tally.code).where(Tally.campaign_id == campaign.id, Tally.code.in_(kept)))
    )
    for code, place, entity, value in rows:
        found[code].setdefault(place, {})[entity] = int(value)
    for code in by_code.keys() - have:
        found[code] = _added_up(campaign, by_code[code], day)
    return found


def _is_asked_alike(frozen: Frozen, spec: CampaignSpec) -> bool:
    """Whether today's cells of the question are folded by the same stages."""
    kind = next((one for one in spec.kinds if frozen.kind and one.code == frozen.kind.code), None)
    if kind is None or frozen.kind is None:
        return False
    return [(one.name, one.before) for one in kind.stages] == [
        (one.name, one.before) for one in frozen.kind.stages
    ]


def _added_up(campaign: Campaign, frozen: Frozen, day: dt.date) -> Folding:
    question, kind = question_of(frozen.figure), frozen.kind
    kind_id = _kind_id(campaign, kind.code) if kind else None
    if question is None or kind is None or kind_id is None:
        return {}
    rows = contributions(question, kind, kind_id)
    found: Folding = {}
    for place, entity, value in db.session.execute(
        select(rows.c.place_id, rows.c.entity, func.sum(rows.c.value))
        .where(rows.c.day <= day)
        .group_by(rows.c.place_id, rows.c.entity)
    ):
        found.setdefault(place, {})[entity] = int(value)
    return found
