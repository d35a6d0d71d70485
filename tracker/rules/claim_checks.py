"""A whole draft held against the ledger: every number of it, once, in the order of the text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from tracker.rules import claim_words as words
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.claim_days import as_of_in, judge_day
from tracker.rules.claim_fits import Lexicon
from tracker.rules.claim_shares import judge_share, shares_of
from tracker.rules.claim_texts import Claim, read_draft
from tracker.rules.claim_verdicts import Judged, judge
from tracker.rules.claims import NO_CLAIMS, VERDICT_WORDS, Finding, Ledger, Verdict
from tracker.rules.number_words import Aside
from tracker.rules.refusal import N_
from tracker.rules.wording import Sentence, target_unit

MOST_PARTS = 12  # numbers behind a whole, or beside a share, that are held against it
PARTS = N_("Its parts in this sentence come to %(sum)s.")


@dataclass(frozen=True, slots=True)
class Checked:
    """A draft with what was found in it. day_said: the day of its 截至, if it names one."""

    text: str
    findings: tuple[Finding, ...]
    day_said: dt.date | None = None

    def count(self, verdict: Verdict) -> int:
        return sum(1 for one in self.findings if one.verdict is verdict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing contradicts the ledger."""
        return not any(one.verdict in (Verdict.DIFFERS, Verdict.OTHER_COUNT) for one in self.findings)


def check_draft(text: str, ledger: Ledger) -> Checked:
    """Hold every number of `text` against the ledger. Nothing of the text is kept anywhere.

    Raises Refused for a text that is too long or has too many numbers to be checked at once.
    """
    spec = ledger.spec
    reading = read_draft(text, units_of(spec), names_of(ledger), targets_of(spec))
    lexicon = Lexicon(spec, [one for one in ledger.known if one.figure is None])
    found = [judge_day(text, aside, ledger, lexicon) or _no_claim(text, aside) for aside in reading.asides]
    judged: dict[int, Finding] = {}
    shares = shares_of(ledger)
    for number, claim in enumerate(reading.claims):
        if not claim.numeral.is_percent:
            judged[number] = _as_finding(text, claim, judge(claim, ledger, lexicon))
    for number, claim in enumerate(reading.claims):
        if claim.numeral.is_percent:
            around = range(max(0, number - MOST_PARTS), min(len(reading.claims), number + MOST_PARTS))
            beside = [judged[n] for n in around if n in judged and _beside(claim, reading.claims[n])]
            judged[number] = _as_finding(text, claim, judge_share(claim, shares, lexicon, beside))
    findings = _with_parts(reading.claims, [judged[n] for n in range(len(reading.claims))])
    return Checked(
        text, tuple(sorted([*found, *findings], key=lambda one: one.start)), as_of_in(text, ledger.day)
    )


def report_lines(checked: Checked, word: Callable[[str], str], reason: Callable[[Finding], str]) -> list[str]:
    """Totals, and a line for each number that says a count; `word` translates, `reason` says why."""
    counts = [(verdict, checked.count(verdict)) for verdict in VERDICT_WORDS]
    lines = ["，".join(f"{word(VERDICT_WORDS[verdict])} {count}" for verdict, count in counts if count), ""]
    for number, one in enumerate(checked.findings, 1):
        if one.verdict is not Verdict.NO_CLAIM:
            verdict = word(VERDICT_WORDS[one.verdict])
            lines.append(f"{number}. {' '.join(one.text.split())}［{verdict}］{reason(one)}")
    return lines


def _no_claim(text: str, aside: Aside) -> Finding:
    why = (Sentence(NO_CLAIMS[aside.sort]),)
    return Finding(
        aside.start, aside.end, text[aside.start : aside.end], Verdict.NO_CLAIM, why, sort=aside.sort
    )


def _beside(claim: Claim, other: Claim) -> bool:
    return claim.sentence == other.sentence


def _as_finding(text: str, claim: Claim, answer: Judged) -> Finding:
    return Finding(
        claim.start, claim.end, text[claim.start : claim.end], answer.verdict, answer.why, answer.known
    )


def _with_parts(claims: Sequence[Claim], findings: list[Finding]) -> list[Finding]:
    """其中 … and …: the whole is told what its parts come to, where it is not the same."""
    for number, parts in _wholes(claims):
        whole = claims[number]
        total = sum((claims[n].numeral.low for n in parts), Fraction(0))
        if total != whole.numeral.low and not whole.hedge and not any(claims[n].hedge for n in parts):
            why = Sentence(
                PARTS, {"sum": f"{int(total) if total.denominator == 1 else float(total)}{whole.unit}"}
            )
            findings[number] = replace(findings[number], why=(*findings[number].why, why))
    return findings


def _wholes(claims: Sequence[Claim]) -> Iterator[tuple[int, list[int]]]:
    """(place of a whole, places of two parts or more): the parts follow 其中 in the sentence, in its unit."""
    for number, claim in enumerate(claims):
        last = min(len(claims), number + 1 + MOST_PARTS)
        rest = [n for n in range(number + 1, last) if claims[n].sentence == claim.sentence]
        alike = [n for n in rest if claims[n].kind_of_unit == claim.kind_of_unit]
        opened = [n for n in rest if words.PARTS.search("".join((claims[n].before, *claims[n].back[:1])))]
        if opened and opened[0] == number + 1 and len(alike) > 1:
            yield number, alike


def units_of(spec: CampaignSpec) -> set[str]:
    """Every unit in which the campaign counts."""
    return {figure.unit for figure in spec.figures} | {goal.unit for goal in spec.goals}


def targets_of(spec: CampaignSpec) -> set[tuple[int, str]]:
    """What is to be reached, with its unit."""
    reached = {
        (figure.target, target_unit(figure, spec)) for figure in spec.figures if figure.target is not None
    }
    return reached | {(goal.target, goal.unit) for goal in spec.goals}


def names_of(ledger: Ledger) -> list[str]:
    """Names of the campaign that have a number in them and count nothing."""
    spec = ledger.spec
    found = [spec.name, spec.name.strip("“”"), *spec.quotations, *ledger.places]
    found += [name for goal in spec.goals for name in (goal.name, goal.short_name)]
    for kind in spec.kinds:
        found += [kind.name, *(one.name for one in (*kind.types, *kind.sources, *kind.stages))]
    for phase in spec.phases:
        found += [phase.name, *phase.topics, *phase.books]
    found += [figure.title for figure in spec.figures if not figure.title.isascii()]
    return [one for one in found if one]
