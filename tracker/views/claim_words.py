"""The claim check in words: verdicts with icon and colour, the draft in pieces, the result as plain text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import get_locale, gettext

from tracker.filters import day_words
from tracker.rules.claim_checks import Checked, report_lines
from tracker.rules.claims import VERDICT_WORDS, Finding, Verdict
from tracker.rules.claims import said as value_said
from tracker.views.sentences import said

# verdict → (its word, colour, icon): icon and word always together, colour never alone.
MARKS = {
    Verdict.DIFFERS: ("bad", "x"),
    Verdict.OTHER_COUNT: ("warn", "alert-triangle"),
    Verdict.UNKNOWN: ("mute", "help-circle"),
    Verdict.MATCHES: ("ok", "circle-check"),
    Verdict.NO_CLAIM: ("none", "minus"),
}
VERDICTS = {verdict: (word, *MARKS[verdict]) for verdict, word in VERDICT_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the draft: free words, or a number with its place in the list, from 1."""

    text: str
    finding: Finding | None = None
    number: int = 0


def pieces(checked: Checked) -> list[Piece]:
    """The draft cut at its numbers; together they are the whole text."""
    found, place = [], 0
    for number, finding in enumerate(checked.findings, 1):
        if finding.start > place:
            found.append(Piece(checked.text[place : finding.start]))
        found.append(Piece(finding.text, finding, number))
        place = finding.end
    if place < len(checked.text):
        found.append(Piece(checked.text[place:]))
    return found


def reasons(finding: Finding) -> str:
    """Why, as one paragraph."""
    joint = " " if str(get_locale()).startswith("en") else ""
    return joint.join(said(sentence) for sentence in finding.why)


def value(finding: Finding) -> str:
    """What the ledger has; "" where it has nothing of the kind."""
    return value_said(finding.known) if finding.known else ""


def as_text(checked: Checked, day: dt.date) -> str:
    """The result for a letter: totals, then a line for each number that says a count."""
    head = gettext("Claim check, ledger as of %(day)s", day=day_words(day))
    return "\n".join([head, *report_lines(checked, gettext, reasons)])
