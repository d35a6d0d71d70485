"""What earlier issues said that can no longer be said: the 勘误 of the next one.

Cost: some statements for all, and for each earlier issue two over the folded cells up to its day. Rows are
read only of a question whose figure must be corrected, to tell what made the difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from tracker.db import db
from tracker.models import (
    Bulletin,
    BulletinBasis,
    BulletinCorrection,
    BulletinFigure,
    BulletinState,
    Campaign,
)
from tracker.queries.campaigns import spec_of
from tracker.queries.frozen import folds_as_of, lines_as_of
from tracker.queries.rosters import rosters_on
from tracker.queries.row_reasons import causes_of, reasons_of
from tracker.rules.bulletin_text import placeholders_of
from tracker.rules.bulletins import Chip
from tracker.rules.corrections import ROSTER as ROSTER_CHANGED
from tracker.rules.corrections import exact_now, sentence, still_true
from tracker.rules.figures import FigureValue, Roster
from tracker.rules.frozen import (
    ROSTER,
    Folding,
    Frozen,
    count,
    frozen_figures,
    roster_lines,
    roster_of,
    unpacked,
    value_text,
)
from tracker.rules.proofs import compare, roster_changes


@dataclass(frozen=True, slots=True)
class Correction:
    """One figure of an earlier issue (`of`) that must be put right. See models.BulletinCorrection."""

    of: Bulletin
    ref: str
    title: str
    before: str
    now: str
    value_now: str | None
    causes: dict[str, int]
    sentence: str


@dataclass(frozen=True, slots=True)
class _Stale:
    """A figure whose last published value does not hold any more."""

    figure: BulletinFigure
    frozen: Frozen
    value: FigureValue
    before: str


def issues_of(campaign: Campaign, template: str) -> list[Bulletin]:
    """What was issued from that template, the first number first, with its figures. Two statements."""
    return list(
        db.session.scalars(
            select(Bulletin)
            .where(
                Bulletin.campaign_id == campaign.id,
                Bulletin.template == template,
                Bulletin.state == BulletinState.ISSUED,
            )
            .order_by(Bulletin.number)
            .options(selectinload(Bulletin.figures))
        )
    )


def corrections_due(campaign: Campaign, template: str) -> list[Correction]:
    """What the next issue from that template must correct, by issue and in the order of its figures.

    Each figure is counted as of the day of its issue, by the definition that was kept, and compared with what
    was last published of it: in the issue itself, or in a correction of it. What was typed by hand is not the
    ledger's, and quoted figures are not counted here: neither is corrected.
    """
    issues = issues_of(campaign, template)
    published = _published(issues)
    rosters = rosters_on(sorted({issue.as_of for issue in issues})) if issues else {}
    found = []
    for issue in issues:
        roster = rosters[issue.as_of]
        frozen, _spoilt = frozen_figures(issue.figures)  # its proof names what cannot be read
        folds = folds_as_of(campaign, frozen.values(), issue.as_of)
        stale = [
            one
            for figure in issue.figures
            if figure.ref in frozen
            and (one := _stale(campaign, issue, figure, frozen[figure.ref], folds, roster, published))
        ]
        found += _explained(campaign, issue, stale, folds, roster)
    return found


def _published(issues: Sequence[Bulletin]) -> dict[tuple[int, str], BulletinCorrection]:
    """Issue and figure → the last correction of it."""
    rows = db.session.scalars(
        select(BulletinCorrection)
        .join(Bulletin, Bulletin.id == BulletinCorrection.bulletin_id)
        .where(BulletinCorrection.of_id.in_([issue.id for issue in issues]))
        .order_by(Bulletin.number, BulletinCorrection.position)
    )
    return {(row.of_id, row.ref): row for row in rows}


def kept_text(figure: BulletinFigure) -> str | None:
    """The value that was kept, as rules.frozen.value_text says values."""
    if figure.date is not None:
        return figure.date.isoformat()
    if figure.low != figure.high:
        return f"{figure.low}..{figure.high}"
    return figure.value


def _stale(
    campaign: Campaign,
    issue: Bulletin,
    figure: BulletinFigure,
    frozen: Frozen,
    folds: dict[str, Folding],
    roster: Roster,
    published: dict[tuple[int, str], BulletinCorrection],
) -> _Stale | None:
    value = count(frozen, spec_of(campaign), folds.get(frozen.basis, {}), roster, issue.as_of)
    last = published.get((issue.id, figure.ref))
    if last is not None:
        is_same = last.value_now == value_text(value)
        return None if is_same else _Stale(figure, frozen, value, last.now)
    if kept_text(figure) == value_text(value):
        return None
    chips = [Chip(figure.ref, **one) for one in figure.printed]
    asked = tuple(placeholders_of(issue.text))
    wrong = [
        one.text for one in chips if one.typed is None and not still_true(one, value, issue.as_of, asked)
    ]
    return _Stale(figure, frozen, value, wrong[0]) if wrong else None


def _explained(
    campaign: Campaign, issue: Bulletin, stale: Sequence[_Stale], folds: dict[str, Folding], roster: Roster
) -> list[Correction]:
    """The corrections of one issue, with what made the difference."""
    if not stale:
        return []
    codes = {one.frozen.basis for one in stale} | {ROSTER}
    bases = db.session.execute(
        select(BulletinBasis.code, BulletinBasis.lines).where(
            BulletinBasis.bulletin_id == issue.id, BulletinBasis.code.in_(codes)
        )
    )
    kept = dict(bases.all())
    try:
        then = list(unpacked(kept.get(ROSTER, b"")))
        by_basis: dict[str, Counter[str]] = {ROSTER: Counter()}
        for one in stale:
            code = one.frozen.basis
            if code not in by_basis:
                rows = unpacked(kept.get(code, b""))
                found = compare(code, rows, lines_as_of(campaign, one.frozen, issue.as_of))
                by_basis[code] = causes_of(found, reasons_of(found.changes))
    except ValueError:
        # Somebody spoilt the rows of the issue. The proof says so; the next issue is held up by nothing, and
        # corrects the value without telling what made the difference.
        return [_correction(issue, one, {}) for one in stale]
    moved = len(roster_changes(then, roster_lines(roster)))
    made = []
    for one in stale:
        causes = Counter(by_basis[one.frozen.basis])
        fold = folds.get(one.frozen.basis, {})
        unmoved = count(one.frozen, spec_of(campaign), fold, roster_of(then), issue.as_of)
        if moved and value_text(unmoved) != value_text(one.value):
            causes[ROSTER_CHANGED] = moved
        made.append(_correction(issue, one, dict(causes)))
    return made


def _correction(issue: Bulletin, one: _Stale, causes: dict[str, int]) -> Correction:
    now = exact_now(one.value, issue.as_of)
    said = sentence(issue.number or 0, issue.as_of, one.figure.title, one.before, now, causes)
    return Correction(
        issue, one.figure.ref, one.figure.title, one.before, now, value_text(one.value), causes, said
    )
