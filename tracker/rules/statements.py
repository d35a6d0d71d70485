"""Handed in, nothing to report, or silent: what a statement comes to beside the ledger's rows."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tracker.models.record import Status
from tracker.models.statement import Said
from tracker.rules.campaigns import CampaignSpec, Goal, Kind
from tracker.rules.closes import Closed
from tracker.rules.periods import Period, Span
from tracker.rules.refusal import N_, Refused

# Rows that stand: what was returned, withdrawn or reversed is no fact that the month has.
STANDING = (Status.SUBMITTED, Status.VERIFIED)

NOT_OVER = N_("A month can be stated from its last day on (%(day)s): until then something may be added.")
NO_ROWS = N_(
    "%(kind)s: no row of this month is in the ledger, so it cannot be handed in. "
    "Enter the rows first, or say that there is nothing to report."
)
HAS_ROWS = N_("%(kind)s: %(count)s rows of this month are in the ledger, so there is something to report.")
NOT_ASKED = N_("%(kind)s is not asked of this branch.")
CLOSED = N_("%(period)s is closed: what was stated of it stands. Ask the office to open the period again.")
WHO_SAID = N_("Write down who of the branch said so, and how.")


class State(enum.StrEnum):
    """What pages show of one branch, kind and month."""

    SILENT = "silent"  # 未报: nothing was said
    CONTRADICTED = "contradicted"  # what was said and the ledger do not agree
    NOTHING = "nothing"  # 零报告
    HANDED_IN = "handed_in"  # 已报


def state_of(said: Said | None, standing: int) -> State:
    """The state to show, from what was said and how many rows stand. Nothing else goes into it.

    Rows alone say nothing: until the branch has spoken, more may come. Rows that come after "nothing"
    contradict it, and so do rows that go after "handed in".
    """
    if said is None or said is Said.TAKEN_BACK:
        return State.SILENT
    if (said is Said.HANDED_IN) != (standing > 0):
        return State.CONTRADICTED
    return State.HANDED_IN if said is Said.HANDED_IN else State.NOTHING


def standing_of(counts: Mapping[Status, int]) -> int:
    """How many rows stand, of counts by status."""
    return sum(counts.get(status, 0) for status in STANDING)


def is_due(month: Period, day: dt.date) -> bool:
    """Whether the month may be stated: from its last day on."""
    return month.ends_on <= day


def is_over(month: Period, day: dt.date, campaign: Span) -> bool:
    """Whether who has said nothing is silent: from the day after the month. So the branch sees it first.

    Of the campaign's last day too: no page speaks of a later one.
    """
    return month.ends_on < day or month.ends_on == day == campaign.ends_on


def kinds_to_state(spec: CampaignSpec, category: str | None) -> tuple[Kind, ...]:
    """The kinds on which a branch of this category states each month.

    A kind is not asked where each goal that counts it leaves that category out.
    """
    return tuple(kind for kind in spec.kinds if kind.stated and _is_asked(spec, kind, category))


def _is_asked(spec: CampaignSpec, kind: Kind, category: str | None) -> bool:
    goals = [goal for goal in spec.goals if kind.code in kinds_of(spec, goal)]
    return not goals or any(category not in goal.not_for for goal in goals)


def kinds_of(spec: CampaignSpec, goal: Goal) -> set[str]:
    """Codes of the kinds that a goal counts."""
    figures = [spec.figure(figure_id) for figure_id in (goal.figure, goal.until_reported) if figure_id]
    return {figure.kind for figure in figures if figure is not None and figure.kind}


def was_there(month: Period, starts_on: dt.date | None, ends_on: dt.date | None) -> bool:
    """Whether a unit with these days (the last one outside) was there on a day of the month."""
    begun = starts_on is None or starts_on <= month.ends_on
    return begun and (ends_on is None or ends_on > month.starts_on)


def check_said(said: Said, kind: Kind, standing: int) -> None:
    """Raises Refused for a statement that the ledger contradicts already when it is made."""
    if said is Said.HANDED_IN and not standing:
        raise Refused(NO_ROWS, kind.code, kind=kind.name)
    if said is Said.NOTHING and standing:
        raise Refused(HAS_ROWS, kind.code, kind=kind.name, count=standing)


def check_month(month: Period, day: dt.date) -> None:
    """Raises Refused for a month that has not come to its last day."""
    if not is_due(month, day):
        raise Refused(NOT_OVER, day=month.ends_on.isoformat())


def close_over(month: Period, unit_id: int, closes: Sequence[Closed]) -> Closed | None:
    """The first of the closes that has the whole month of the branch in it; None while it may be stated."""
    for close in closes:
        here = close.unit_id is None or close.unit_id == unit_id
        if here and close.starts_on <= month.starts_on and month.ends_on <= close.ends_on:
            return close
    return None


def offered(said: Said | None, standing: int) -> Said | None:
    """What the form has chosen beforehand: what was said and still agrees, else that rows are handed in.

    Nothing to report is never chosen for anybody: it is said knowingly, or not at all.
    """
    state = state_of(said, standing)
    if state in (State.HANDED_IN, State.NOTHING):
        return said
    return Said.HANDED_IN if standing else None


@dataclass(frozen=True, slots=True)
class Choice:
    """What is chosen for one kind. said: None for silence; version: of the statement seen, 0 for none."""

    said: Said | None
    version: int


@dataclass(frozen=True, slots=True)
class Told:
    """What several months of one kind come to for one branch.

    silent: how many of them nothing was said of; of: how many are due.
    """

    silent: int = 0
    contradicted: int = 0
    nothing: int = 0
    of: int = 0

    @property
    def state(self) -> State | None:
        """The one word for all of them, the worst first; None where no month is due."""
        if not self.of:
            return None
        if self.silent:
            return State.SILENT
        if self.contradicted:
            return State.CONTRADICTED
        return State.NOTHING if self.nothing == self.of else State.HANDED_IN

    def count(self, state: State) -> int:
        """How many of them are in that state."""
        known = {
            State.SILENT: self.silent, State.CONTRADICTED: self.contradicted, State.NOTHING: self.nothing
        }  # fmt: skip
        return known[state] if state in known else self.of - sum(known.values())


NOTHING_DUE = Told()


def told_by(states: Iterable[State]) -> Told:
    """The states of several months, or of several branches in one month, as one."""
    found = list(states)
    return Told(
        found.count(State.SILENT), found.count(State.CONTRADICTED), found.count(State.NOTHING), len(found)
    )


def asks(goal: Goal, categories: Mapping[int, str | None]) -> Collection[int]:
    """Which of these branches (id → category) the goal asks."""
    return [unit_id for unit_id, category in categories.items() if category not in goal.not_for]
