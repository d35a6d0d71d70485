"""One claim held against the ledger: what it means, whether it holds, and if not, what it is the count of."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tracker.rules import claim_words as words
from tracker.rules.campaigns import ROSTER_MEASURES, Figure, Goal
from tracker.rules.claim_candidates import NAMED, OTHER_KIND, TOPICAL, Fit, fits_of, meant_of
from tracker.rules.claim_differences import Differs, class_of
from tracker.rules.claim_fits import Lexicon, said_around
from tracker.rules.claim_hedges import holds, is_near
from tracker.rules.claim_texts import Claim
from tracker.rules.claims import Known, Ledger, Verdict, name_of, said
from tracker.rules.refusal import N_
from tracker.rules.wording import Param, Sentence

SURE = 0.62  # from here on a number that no figure bears out is wrong, and not merely unknown
CLOSE = Fraction(3, 10)  # … or where it is so near to the value
BY_CHANCE = 10  # smaller numbers are often equal by chance
FAR_OFF = 5  # a number so many times too large or small is about something else
MOST_PARTS = 3
MOST_ADDENDS = 12  # figures of a kind that are tried in sums, the likeliest

HOLDS = N_("“%(title)s” is %(value)s in the ledger.")
HEDGE_HOLDS = N_("It holds: “%(title)s” is exactly %(value)s in the ledger.")
HEDGE_FAR = N_("It holds, but says little: “%(title)s” is %(value)s in the ledger.")
WRONG = N_("The ledger has %(value)s for “%(title)s”.")
INTERVAL = N_("Of “%(title)s” the ledger knows only %(value)s, since some headcounts came without names.")
QUOTED = N_("Quoted from outside: “%(title)s” is %(value)s as of %(day)s (%(source)s).")
NOTHING = N_("No figure of the ledger counts this.")
NO_NUMBER = N_("No figure of the ledger is near to this, and the words beside it name none.")
OTHER: dict[Differs, str] = {
    Differs.PEOPLE: N_("People and attendances are two numbers: this is “%(title)s”, %(value)s."),
    Differs.UNIT: N_("This is “%(title)s”, %(value)s, in another unit."),
    Differs.STAGE: N_("Another stage: this is “%(title)s”, %(value)s."),
    Differs.TYPE: N_("Another type: this is “%(title)s”, %(value)s."),
    Differs.OWNER: N_("Other owners: this is “%(title)s”, %(value)s."),
    Differs.OVER: N_("Other people or units: this is “%(title)s”, %(value)s."),
    Differs.REDUCE: N_("Lowest, mean and highest are not the same: this is “%(title)s”, %(value)s."),
    Differs.PLACE: N_("Another unit's: this is “%(title)s”, %(value)s."),
    Differs.ADDED: N_(
        "Branches added up: who counts in two of them is counted twice. This is “%(title)s”, %(value)s."
    ),
    Differs.NOUN: N_("Counts something else: this is “%(title)s”, %(value)s."),
}
MEANT = N_("“%(title)s” is %(value)s.")
SUM = N_("Added up from unlike things: %(parts)s.")
GOAL_UNIT = N_("The goal “%(goal)s” counts in %(unit)s, and what is written here is “%(title)s”, %(value)s.")


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on one claim, its reasons, and the value that it was held against."""

    verdict: Verdict
    why: tuple[Sentence, ...]
    known: Known | None = None


def judge(claim: Claim, ledger: Ledger, lexicon: Lexicon) -> Judged:
    """The verdict on one claim that is not per cent."""
    said_here = said_around(claim, ledger)
    fits = fits_of(claim, said_here, ledger, lexicon)
    if said_here.is_outside:
        fits = [fit for fit in fits if fit.known.quoted]
    meant = meant_of(fits)
    for fit in meant:
        if is_near(claim, fit.known, fit.scale):
            return _other_goal_unit(claim, fit, ledger) or _held(claim, fit)
    if found := _neighbour(
        claim, fits, meant, max(TOPICAL, OTHER_KIND * max((fit.score for fit in fits), default=0.0))
    ):
        return found
    if found := _summed(claim, fits, meant):
        return found
    for fit in meant:
        if holds(claim, fit.known, fit.scale, _target(fit.known.figure, ledger)):
            return _held(claim, fit)
    return _not_borne_out(claim, meant, ledger)


def _target(figure: Figure | None, ledger: Ledger) -> int | None:
    return next((goal.target for goal in ledger.spec.goals if figure and goal.figure == figure.id), None)


def _params(known: Known) -> dict[str, Param]:
    if known.quoted:
        source, day = known.quoted.source, known.quoted.as_of
        return {"title": known.title, "value": said(known), "source": source, "day": day}
    return {"title": name_of(known), "value": said(known)}


def _held(claim: Claim, fit: Fit) -> Judged:
    is_plain = not claim.hedge and not claim.numeral.is_vague
    exact = is_plain and fit.known.low / fit.scale == claim.numeral.low
    if fit.known.quoted:
        return Judged(Verdict.MATCHES, (Sentence(QUOTED, _params(fit.known)),), fit.known)
    text = HOLDS if exact else HEDGE_HOLDS if is_near(claim, fit.known, fit.scale) else HEDGE_FAR
    return Judged(Verdict.MATCHES, (Sentence(text, _params(fit.known)),), fit.known)


def _neighbour(claim: Claim, fits: Sequence[Fit], meant: Sequence[Fit], least: float) -> Judged | None:
    """The figure that the number is the count of, though the text speaks of another."""
    near = [
        fit for fit in (_as_written(claim, one) for one in fits)
        if fit.differs and fit.score >= _least(fit, meant, least) and Differs.NOUN not in fit.differs
        and len(fit.differs) <= 2 and is_near(claim, fit.known, fit.scale) and _is_related(claim, fit, meant)
    ]  # fmt: skip
    if not near:
        return None
    fit = min(near, key=lambda one: (len(one.differs), -one.score))
    why = [Sentence(OTHER[fit.differs[0]], _params(fit.known))]
    if meant and name_of(meant[0].known) != name_of(fit.known):
        why.append(Sentence(MEANT, _params(meant[0].known)))
    return Judged(Verdict.OTHER_COUNT, tuple(why), fit.known)


def _least(fit: Fit, meant: Sequence[Fit], least: float) -> float:
    """Beside what is meant, less is needed for another figure of the same kind."""
    figure, other = fit.known.figure, meant[0].known.figure if meant else None
    if figure and other and figure.kind == other.kind and fit.known.low >= BY_CHANCE:
        return TOPICAL / 2
    return least


def _as_written(claim: Claim, fit: Fit) -> Fit:
    """35小时 for 35学时: where the unit differs, the number may have been taken over as it was."""
    taken_over = Differs.UNIT in fit.differs and not is_near(claim, fit.known, fit.scale)
    return replace(fit, scale=Fraction(1)) if taken_over else fit


def _is_related(claim: Claim, fit: Fit, meant: Sequence[Fit]) -> bool:
    """Of one kind with what is meant; and where the unit differs, no small number that is equal by chance."""
    small = claim.numeral.high < 5
    if Differs.UNIT in fit.differs and (small or (fit.scale == 1 and not _counts_alike(claim, fit))):
        return False
    figure = fit.known.figure
    if not meant or figure is None or meant[0].known.figure is None:
        return True
    other = meant[0].known.figure
    return figure.kind == other.kind and (
        figure.kind is not None or (figure.measure, figure.over.level) == (other.measure, other.over.level)
    )


def _counts_alike(claim: Claim, fit: Fit) -> bool:
    """Whether the wrong unit may be meant for the right one: counts for counts, time for time."""
    timed = {words.HOURS, words.CLASS_HOURS, words.MINUTES}
    unit, own = claim.kind_of_unit, class_of(fit.known)
    if unit in timed or own in timed:
        return unit in timed and own in timed
    return unit in words.COUNTS


def _summed(claim: Claim, fits: Sequence[Fit], meant: Sequence[Fit]) -> Judged | None:
    """Two or three unlike counts of one kind that come to the number."""
    if claim.hedge not in ("", "more", "about") or claim.numeral.high < 10 or claim.numeral.is_vague:
        return None
    kind = next(
        (fit.known.figure.kind for fit in [*meant, *fits] if fit.known.figure and fit.known.figure.kind), None
    )
    addends = [
        fit.known for fit in fits
        if fit.known.figure and fit.known.figure.kind == kind
        and not fit.known.place and not fit.known.is_added
        and fit.known.low == fit.known.high > 0 and fit.score >= TOPICAL
        and not ({Differs.UNIT, Differs.NOUN} & set(fit.differs))
    ][:MOST_ADDENDS]  # fmt: skip
    for count in range(2, MOST_PARTS + 1):
        sums = [
            parts
            for parts in itertools.combinations(addends, count)
            if sum(part.low for part in parts) == claim.numeral.low and _are_unlike(parts)
        ]
        if sums:
            parts = min(sums, key=_overlap)
            said_parts = " + ".join(f"{part.title} {said(part)}" for part in parts)
            why = [Sentence(SUM, {"parts": said_parts})]
            why += [Sentence(MEANT, _params(meant[0].known))] if meant else []
            return Judged(Verdict.OTHER_COUNT, tuple(why), meant[0].known if meant else parts[0])
    return None


def _overlap(parts: Sequence[Known]) -> int:
    """How many of the parts are over every owner: those of one owner each share no row."""
    return sum(1 for part in parts if part.figure and "owner_type" not in part.figure.where.values)


def _are_unlike(parts: Sequence[Known]) -> bool:
    """Whether the parts differ in stage, measure or type: 完成 and 领办 are never one number."""
    figures = [part.figure for part in parts if part.figure]
    marks = [
        (one.measure, one.where.values.get("stage"), one.where.values.get("type"), one.reduce)
        for one in figures
    ]
    return len(set(marks)) > 1


def _other_goal_unit(claim: Claim, fit: Fit, ledger: Ledger) -> Judged | None:
    """A goal that is named in full and reported in another unit than its own."""
    figure = fit.known.figure
    for goal in ledger.spec.goals:
        related = {goal.figure, goal.until_reported, *goal.show}
        if figure is None or figure.id not in related or not _is_named(goal, claim, fit):
            continue
        own = words.unit_class(goal.unit)
        if class_of(fit.known) == own or goal.figure == figure.id or _has_own_unit(claim, goal):
            continue
        params = _params(fit.known) | {"goal": goal.name, "unit": goal.unit}
        why = [Sentence(GOAL_UNIT, params)]
        held = next(
            (one for one in ledger.known if one.figure and one.figure.id == goal.figure and not one.place),
            None,
        )
        why += [Sentence(MEANT, _params(held))] if held else []
        return Judged(Verdict.OTHER_COUNT, tuple(why), fit.known)
    return None


def _is_named(goal: Goal, claim: Claim, fit: Fit) -> bool:
    """By its full name; by its short one where the text does not name the figure itself."""
    parts = (claim.before, *claim.back[:1])
    stands_in = fit.known.figure is not None and fit.known.figure.id == goal.until_reported
    by_short = stands_in and fit.named < NAMED and any(goal.short_name in part for part in parts)
    return goal.name in claim.whole or by_short


def _has_own_unit(claim: Claim, goal: Goal) -> bool:
    """Whether the sentence also says the goal's own count."""
    unnamed = claim.whole.replace(goal.name, "")
    return any(f"{digit}{goal.unit}" in unnamed.replace(f"{goal.unit}次", "") for digit in "0123456789余多")


def _not_borne_out(claim: Claim, meant: Sequence[Fit], ledger: Ledger) -> Judged:
    if not meant:
        return Judged(Verdict.UNKNOWN, (Sentence(NOTHING),))
    fit = meant[0]
    known = fit.known
    if known.low != known.high and known.low <= claim.numeral.low * fit.scale <= known.high:
        return Judged(Verdict.UNKNOWN, (Sentence(INTERVAL, _params(known)),), known)
    value = known.low / fit.scale
    if value and not 1 / Fraction(FAR_OFF) < claim.numeral.low / value < FAR_OFF:
        return Judged(Verdict.UNKNOWN, (Sentence(NO_NUMBER),))
    close = value and abs(value - claim.numeral.low) <= CLOSE * value
    is_roster = known.figure is not None and known.figure.measure in ROSTER_MEASURES
    if fit.score >= SURE or (close and (fit.score >= TOPICAL + 0.1 or is_roster)):
        text = QUOTED if known.quoted else WRONG
        return Judged(Verdict.DIFFERS, (Sentence(text, _params(known)),), known)
    return Judged(Verdict.UNKNOWN, (Sentence(NO_NUMBER),))
