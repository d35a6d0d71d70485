"""The values of the ledger of which a claim may speak, each with how much the text speaks of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tracker.rules.campaigns import ROSTER_MEASURES, Kind, Measure
from tracker.rules.claim_differences import Differs, differences, in_unit_of
from tracker.rules.claim_fits import Lexicon, Said, heard_in, heard_near
from tracker.rules.claim_texts import Claim
from tracker.rules.claims import Known, Ledger

TOPICAL = 0.3  # below this the text does not speak of the figure
RELATIVE = 0.72  # of the best score: who is so near to it may be meant too
OTHER_KIND = 0.5  # of the best score of another kind
NAMED = 0.6  # from here on the words name the figure itself
SPOKEN_OF = 0.5  # what the bare noun behind a number is worth: 126名党员


@dataclass(frozen=True, slots=True)
class Fit:
    """A value of the ledger beside a claim. score: how much the text speaks of it, `named`: how much it
    names the figure itself; scale: see in_unit_of."""

    known: Known
    score: float
    named: float
    differs: tuple[Differs, ...]
    scale: Fraction


def best_by_kind(fits: Sequence[Fit]) -> dict[str | None, float]:
    """code of the kind → the best score of its figures."""
    best: dict[str | None, float] = {}
    for fit in fits:
        kind = fit.known.figure.kind if fit.known.figure else None
        best[kind] = max(best.get(kind, 0.0), fit.score)
    return best


def best_of_others(best: dict[str | None, float], fit: Fit) -> float:
    """The best score of any other kind: who speaks plainly of that one hardly speaks of this one."""
    own = fit.known.figure.kind if fit.known.figure else None
    return max((score for kind, score in best.items() if kind != own), default=0.0)


def meant_of(fits: Sequence[Fit]) -> list[Fit]:
    """Those that the claim may mean: nothing speaks against them, and none is much likelier."""
    top = max((fit.score for fit in fits if not fit.differs), default=0.0)
    best = best_by_kind([fit for fit in fits if Differs.UNIT not in fit.differs])
    return [
        fit
        for fit in fits
        if not fit.differs
        and fit.score >= max(TOPICAL, RELATIVE * top, OTHER_KIND * best_of_others(best, fit))
    ]


def fits_of(claim: Claim, said_here: Said, ledger: Ledger, lexicon: Lexicon) -> list[Fit]:
    """Every value of which the text speaks at all, the likeliest first."""
    heard = heard_in(claim)
    scores, named, near = lexicon.scores(heard), lexicon.named(heard), lexicon.named(heard_near(claim))
    kinds = {kind.code: kind for kind in ledger.spec.kinds}
    found = []
    for known in ledger.known:
        if known.date is not None or known.place not in (
            "",
            said_here.place,
        ):  # some unit has every small number
            continue
        key = known.figure.id if known.figure else known.title
        is_roster = known.figure is not None and known.figure.measure in ROSTER_MEASURES
        score = scores.get(key, 0.0)
        if score < TOPICAL / 2 and not is_roster:
            continue
        kind: Kind | None = kinds.get((known.figure.kind if known.figure else None) or "")
        scale = in_unit_of(claim, known, kind) or Fraction(1)
        is_named = near.get(key, 0.0) >= NAMED
        differs = differences(claim, said_here, known, ledger.spec, is_named=is_named)
        found.append(Fit(known, score, named.get(key, 0.0), differs, scale))
    found = _roster_alike(claim, found)
    return sorted(found, key=lambda fit: (-fit.score, len(fit.differs)))


def _roster_alike(claim: Claim, fits: list[Fit]) -> list[Fit]:
    """Members, or branches: which of them is said beside the number, not by how much of a title is there."""
    best: dict[tuple[Measure, str | None], float] = {}
    for fit in fits:
        if (group := _roster_group(fit)) is not None:
            best[group] = max(best.get(group, 0.0), fit.score, SPOKEN_OF if _is_noun(claim, group) else 0.0)
    return [replace(fit, score=best[group]) if (group := _roster_group(fit)) else fit for fit in fits]


def _is_noun(claim: Claim, group: tuple[Measure, str | None]) -> bool:
    """8个支部, 126名党员: the noun right behind the unit."""
    noun = {None: "党员", "branch": "支部", "group": "小组", "section": "科室"}[group[1]]
    return noun in claim.after[:5]


def _roster_group(fit: Fit) -> tuple[Measure, str | None] | None:
    figure = fit.known.figure
    return (figure.measure, figure.over.level) if figure and figure.measure in ROSTER_MEASURES else None
