"""Per cent of a draft: shares that a figure counts, parts of a whole, goals in per cent of their target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import Measure, Reduce
from tracker.rules.claim_candidates import TOPICAL
from tracker.rules.claim_differences import class_of
from tracker.rules.claim_fits import Lexicon, heard_in
from tracker.rules.claim_hedges import holds_for
from tracker.rules.claim_texts import Claim
from tracker.rules.claim_verdicts import HOLDS, NO_NUMBER, NOTHING, SURE, Judged
from tracker.rules.claims import Finding, Known, Ledger, Verdict, said
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence

RATIO = N_("%(part)s of %(whole)s are %(share)s%%.")


@dataclass(frozen=True, slots=True)
class Share:
    """A share that the ledger can tell, in per cent, with what it is a part of."""

    value: Fraction
    part: Known
    whole: str
    is_counted: bool  # a figure counts it; else it is a quotient of two


def judge_share(claim: Claim, shares: Sequence[Share], lexicon: Lexicon, beside: Sequence[Finding]) -> Judged:
    """The verdict on a number in per cent.

    shares: those that figures make by themselves (`shares_of`).
    beside: what was found in the same sentence, for quotients of two numbers named there.
    """
    scores = lexicon.scores(heard_in(claim))
    fitting = [
        (scores.get(one.part.figure.id if one.part.figure else one.part.title, 0.0), one)
        for one in shares
    ]  # fmt: skip
    topical = sorted((pair for pair in fitting if pair[0] >= TOPICAL), key=lambda pair: -pair[0])
    for _, share in topical:
        if holds_for(claim, share.value, 100):
            return _told(share)
    for share in _quotients(beside):
        if holds_for(claim, share.value, 100):
            return _told(share)
    if topical:
        score, share = topical[0]
        if share.is_counted and score >= SURE:
            return Judged(Verdict.DIFFERS, _told(share).why, share.part)
        return Judged(Verdict.UNKNOWN, (Sentence(NO_NUMBER),))
    return Judged(Verdict.UNKNOWN, (Sentence(NOTHING),))


def _told(share: Share) -> Judged:
    if share.part.figure and share.part.figure.reduce is Reduce.SHARE_REACHED:
        text = Sentence(HOLDS, {"title": share.part.title, "value": said(share.part)})
    else:
        rounded = f"{float(Fraction(int(share.value * 100), 100)):g}"
        text = Sentence(
            RATIO, {"part": f"{share.part.title} {said(share.part)}", "whole": share.whole, "share": rounded}
        )
    return Judged(Verdict.MATCHES, (text,), share.part)


def shares_of(ledger: Ledger) -> list[Share]:
    """Every share that figures make by themselves."""
    found = []
    bureau = [
        one
        for one in ledger.known
        if one.figure and not one.place and not one.is_added and one.low == one.high
    ]
    for known in bureau:
        assert known.figure is not None
        figure = known.figure
        if figure.reduce is Reduce.SHARE_REACHED:
            found.append(Share(known.low, known, "", is_counted=True))
        elif figure.reduce is Reduce.COUNT_REACHED and known.of:
            found.append(
                Share(known.low * 100 / known.of, known, f"{known.of}{figure.unit}", is_counted=True)
            )
        for goal in ledger.spec.goals:
            if goal.figure == figure.id and goal.unit == known.unit:
                whole = f"{goal.name}（{goal.target}{goal.unit}）"
                found.append(Share(known.low * 100 / goal.target, known, whole, is_counted=True))
        found += [
            Share(known.low * 100 / other.low, known, f"{other.title} {said(other)}", is_counted=False)
            for other in bureau
            if other.figure
            and other.low > known.low
            and class_of(other) == class_of(known)
            and _contains(other, known)
        ]
    return found


def _contains(whole: Known, part: Known) -> bool:
    """Whether the part is among the whole: same kind and measure, with fewer conditions."""
    one, other = whole.figure, part.figure
    if (
        one is None
        or other is None
        or (one.kind, one.measure, one.scope) != (other.kind, other.measure, other.scope)
    ):
        return False
    if other.measure in (Measure.MEMBERS, Measure.UNITS):
        return one.over.level == other.over.level and not one.over.category and not one.over.eligible
    return all(
        set(other.where.values.get(key, ())) <= set(values) for key, values in one.where.values.items()
    )


def _quotients(beside: Sequence[Finding]) -> list[Share]:
    """Of each two numbers of the sentence that are borne out."""
    known = [
        one.known for one in beside
        if one.known and one.verdict is Verdict.MATCHES and one.known.low == one.known.high > 0
    ]  # fmt: skip
    return [
        Share(part.low * 100 / whole.low, part, f"{whole.title} {said(whole)}", is_counted=False)
        for part in known
        for whole in known
        if part is not whole and part.low <= whole.low and class_of(part) == class_of(whole)
    ]
