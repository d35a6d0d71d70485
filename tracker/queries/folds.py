"""Folded cells as figures are worked out from them: of every place, or of the few that a page is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, case, func, select

from tracker.db import db
from tracker.models import Campaign, Tally, TallyCell
from tracker.queries.worked_out import WORKED_OUT, Version
from tracker.rules.figures import Fold

Cells = dict[str, dict[int, dict[str, int]]]  # code of the question → place → entity → sum up to the day


def versions_of(campaign: Campaign) -> dict[str, Version]:
    """code of the question → its tally as it stands now. One statement."""
    rows = db.session.execute(
        select(Tally.code, Tally.id, Tally.version).where(Tally.campaign_id == campaign.id)
    )
    return {code: Version(tally_id, drawn) for code, tally_id, drawn in rows}


def folds_of(campaign: Campaign, days: Sequence[dt.date], versions: Mapping[str, Version]) -> list[Cells]:
    """`read_folds`, where only those are read that this process has not kept. At most one statement.

    versions: from `versions_of`, read before. Nobody may change what is given back.
    """
    folds: list[Cells] = [{} for _ in days]
    missing = dict(versions)
    for code, version in versions.items():
        kept = [WORKED_OUT.recall(version, day) for day in days]
        if None not in kept:
            del missing[code]
            for fold, one in zip(folds, kept, strict=True):
                fold[code] = one
    if missing:
        theirs = Tally.id.in_([version.tally_id for version in missing.values()])
        for day, fold, read in zip(days, folds, read_folds(campaign, days, theirs), strict=True):
            for code, version in missing.items():
                fold[code] = read.get(code, {})
                WORKED_OUT.keep(version, day, fold[code], 1 + sum(map(len, fold[code].values())))
    return [{code: fold[code] for code in versions if fold[code]} for fold in folds]


def read_folds(campaign: Campaign, days: Sequence[dt.date], *where: ColumnElement[bool]) -> list[Cells]:
    """The cells up to each of some days, that day included. One statement. where: of these alone."""
    amounts = [func.sum(case((TallyCell.day <= day, TallyCell.value))) for day in days]
    if len(days) == 1:
        amounts = [func.sum(TallyCell.value)]
    rows = db.session.execute(
        select(Tally.code, TallyCell.place_id, TallyCell.entity, *amounts)
        .join(TallyCell, TallyCell.tally_id == Tally.id)
        .where(Tally.campaign_id == campaign.id, TallyCell.day <= max(days), *where)
        .group_by(Tally.id, TallyCell.place_id, TallyCell.entity)  # the order in which they are kept
    )
    folds: list[Cells] = [{} for _ in days]
    for code, place, entity, *values in rows:
        for fold, value in zip(folds, values, strict=True):
            if value is not None:  # None: nothing was there by that day
                fold.setdefault(code, {}).setdefault(place, {})[entity] = int(value)
    return folds


@dataclass
class NearFolds(Mapping[str, Fold]):
    """The cells of some places up to a day, read at once; a question's other places when one is asked for.

    So a page about one member or branch reads some hundred cells and not all of them, and nothing that has
    not been read is ever taken for nothing.
    """

    campaign: Campaign
    day: dt.date
    places: frozenset[int]
    _near: Cells = field(init=False, repr=False)
    _folds: dict[str, NearFold] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        [self._near] = read_folds(self.campaign, [self.day], TallyCell.place_id.in_(sorted(self.places)))

    def __getitem__(self, code: str) -> Fold:
        """Every question has a fold here, one that nobody folds an empty one."""
        return self._folds.setdefault(code, NearFold(self, code, self._near.get(code, {}), self.places))

    def __iter__(self) -> Iterator[str]:
        return iter(self._near)

    def __len__(self) -> int:
        return len(self._near)


@dataclass
class NearFold(Mapping[int, Mapping[str, int]]):
    """One question of `NearFolds`. places: those that were read; None once all were."""

    folds: NearFolds
    code: str
    cells: Mapping[int, Mapping[str, int]]
    places: Collection[int] | None

    def __getitem__(self, place: int) -> Mapping[str, int]:
        if self.places is not None and place not in self.places:
            self._read_all()
        return self.cells[place]

    def __iter__(self) -> Iterator[int]:
        self._read_all()
        return iter(self.cells)

    def __len__(self) -> int:
        self._read_all()
        return len(self.cells)

    def _read_all(self) -> None:
        if self.places is not None:
            [found] = read_folds(self.folds.campaign, [self.folds.day], Tally.code == self.code)
            self.cells, self.places = found.get(self.code, {}), None
