"""Words and marks for what branches say of their months: the same in tables, charts, sheets and cards."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext

from tracker.models import Status
from tracker.rules.refusal import N_
from tracker.rules.statements import State, Told

# state → (word, icon, class of the mark). The word is an English msgid.
STATES: dict[State, tuple[str, str, str]] = {
    State.SILENT: (N_("Silent"), "help-circle", "mute"),
    State.CONTRADICTED: (N_("Contradicted"), "alert-triangle", "warn"),
    State.NOTHING: (N_("Nothing to report"), "minus", "ok nothing"),
    State.HANDED_IN: (N_("Handed in"), "circle-check", "ok"),
}
ROWS: dict[Status, str] = {
    Status.VERIFIED: N_("%(count)s verified"),
    Status.SUBMITTED: N_("%(count)s waiting"),
    Status.RETURNED: N_("%(count)s returned"),
}


def state_word(state: State | str) -> str:
    """The state in the reader's language: 已报."""
    return gettext(STATES[State(state)][0])


def state_icon(state: State | str) -> str:
    return STATES[State(state)][1]


def state_class(state: State | str) -> str:
    return STATES[State(state)][2]


def told_words(told: Told) -> str:
    """What several branches said of one month: 6个支部中2个未报、1个零报告."""
    if told.silent == told.of:
        return gettext("none of %(count)s branches has stated it", count=told.of)
    parts = []
    if told.silent:
        parts.append(
            gettext("%(silent)s of %(count)s branches not reported", silent=told.silent, count=told.of)
        )
    if told.contradicted:
        parts.append(gettext("%(count)s contradicted by the ledger", count=told.contradicted))
    if told.nothing:
        parts.append(
            gettext("all branches: nothing to report")
            if told.nothing == told.of
            else gettext("%(count)s with nothing to report", count=told.nothing)
        )
    return gettext(", ").join(parts) or gettext("all branches have handed in")


def rows_words(counts: Mapping[Status, int]) -> str:
    """How many rows stand beside a statement, by status: 核实12条，待核3条."""
    found = [gettext(words, count=counts[status]) for status, words in ROWS.items() if counts.get(status)]
    return gettext(", ").join(found) or gettext("no rows")
