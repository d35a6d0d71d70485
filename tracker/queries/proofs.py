"""The proof of an issue: in itself, and against today's ledger as of the same day.

Cost: all lines of the issue are read once, and beside them as many of today's; neither is ever in memory as a
whole. Statements: some twenty, one more for each question that the issue asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from tracker.db import db
from tracker.models import Bulletin, BulletinFigure, Member, Unit
from tracker.queries.campaigns import spec_of
from tracker.queries.corrections import kept_text
from tracker.queries.frozen import lines_as_of
from tracker.queries.inner_proofs import Kept, read_kept
from tracker.queries.rosters import roster_as_of
from tracker.queries.row_reasons import Reason, causes_of, reasons_of
from tracker.rules.corrections import ROSTER as ROSTER_CHANGED
from tracker.rules.corrections import exact_now
from tracker.rules.figures import FigureValue, Roster
from tracker.rules.frozen import Frozen, count, roster_lines, value_text
from tracker.rules.proofs import Group, RosterChange, amount, roster_changes
from tracker.rules.rule_versions import rule_version
from tracker.rules.tallies import question_of
from tracker.rules.wording import Sentence


@dataclass(frozen=True, slots=True)
class FigureProof:
    """One figure of an issue: what it came to, and what it comes to today by the same definition.

    now, exact_now:  None and '' for a quoted figure, which is not counted.
    is_same:         whether it still comes to what it came to.
    is_rule_changed: the campaign counts it otherwise today, or not at all; here it is counted as it was then.
    causes:          what made the difference, see rules.corrections.WORDS.
    """

    figure: BulletinFigure
    now: FigureValue | None
    exact_now: str
    is_same: bool
    is_rule_changed: bool
    causes: dict[str, int]


@dataclass(frozen=True, slots=True)
class Part:
    """What a record adds to the figures of one basis, then and now: rows, or minutes."""

    titles: tuple[str, ...]
    then: int
    now: int


@dataclass(frozen=True, slots=True)
class RowProof:
    """A record that makes a difference, and why. Whom to name: queries.record_history.actor_towards."""

    record_id: int
    reason: Reason
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Proof:
    """What became of an issue.

    faults:  what does not hold within the issue itself: somebody changed it, or the audit.
    rows:    the records that differ, by id; `unnamed`: how many more there are.
    roster:  members and units that stand otherwise in the roster of the day; both by id beside it.
    """

    bulletin: Bulletin
    faults: tuple[Sentence, ...]
    figures: tuple[FigureProof, ...]
    rows: tuple[RowProof, ...]
    unnamed: int
    roster: tuple[RosterChange, ...]
    members: dict[int, Member]
    units: dict[int, Unit]

    @property
    def is_whole(self) -> bool:
        return not self.faults

    @property
    def is_unchanged(self) -> bool:
        """Whether today's ledger and roster still have every row behind every figure, and no other."""
        return not (self.rows or self.unnamed or self.roster)

    @property
    def is_same(self) -> bool:
        """Whether every figure still comes to what it came to."""
        return all(one.is_same for one in self.figures)


def proof_of(bulletin: Bulletin) -> Proof:
    """Prove an issue: in itself, and against today's ledger and roster as of its day."""

    def now(frozen: Frozen) -> Iterable[Group]:
        return lines_as_of(bulletin.campaign, frozen, bulletin.as_of)

    kept = read_kept(bulletin, now)
    roster = roster_as_of(bulletin.as_of)
    moved = roster_changes(kept.roster, roster_lines(roster))
    changes = [change for one in kept.comparisons.values() for change in one.changes]
    reasons, parts = reasons_of(changes), _parts(kept)
    return Proof(
        bulletin,
        tuple(kept.faults),
        tuple(_figure(kept, one, roster, len(moved), reasons) for one in bulletin.figures),
        tuple(RowProof(id_, reason, tuple(parts[id_])) for id_, reason in sorted(reasons.items())),
        sum(one.unnamed for one in kept.comparisons.values()),
        tuple(moved),
        _members([one.id for one in moved if one.is_member]),
        _units([one.id for one in moved if not one.is_member]),
    )


def _figure(
    kept: Kept, figure: BulletinFigure, roster: Roster, moved: int, reasons: dict[int, Reason]
) -> FigureProof:
    frozen, bulletin = kept.frozen.get(figure.ref), kept.bulletin
    if frozen is None:
        return FigureProof(figure, None, "", is_same=True, is_rule_changed=False, causes={})
    spec, comparison = spec_of(bulletin.campaign), kept.comparisons.get(frozen.basis)
    fold = comparison.now if comparison else {}
    value = count(frozen, spec, fold, roster, bulletin.as_of)
    causes = dict(causes_of(comparison, reasons)) if comparison else {}
    if moved:
        unmoved = count(frozen, spec, fold, kept.roster_then, bulletin.as_of)
        if value_text(unmoved) != value_text(value):
            causes[ROSTER_CHANGED] = moved
    today = spec.figure(figure.ref)
    return FigureProof(
        figure,
        value,
        exact_now(value, bulletin.as_of),
        is_same=value_text(value) == kept_text(figure),
        is_rule_changed=today is None or rule_version(today, spec) != figure.rule_version,
        causes=causes,
    )


def _parts(kept: Kept) -> dict[int, list[Part]]:
    """Record → what it adds to the figures of each basis in which it differs."""
    found: dict[int, list[Part]] = {}
    for code, comparison in kept.comparisons.items():
        question = question_of(next(one.figure for one in kept.frozen.values() if one.basis == code))
        is_distinct = bool(question and question.is_distinct)
        for change in comparison.changes:
            then, now = (amount(one, is_distinct=is_distinct) for one in (change.then, change.now))
            found.setdefault(change.record_id, []).append(Part(kept.titles(code), then, now))
    return found


def _members(ids: Sequence[int]) -> dict[int, Member]:
    rows = db.session.scalars(select(Member).where(Member.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _units(ids: Sequence[int]) -> dict[int, Unit]:
    rows = db.session.scalars(select(Unit).where(Unit.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}
