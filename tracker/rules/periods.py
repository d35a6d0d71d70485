"""Periods of a campaign that are closed, handed in and checked as one: its months and its phases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


class Span(Protocol):
    """What has a first and a last day: a campaign, a phase."""

    @property
    def starts_on(self) -> dt.date: ...
    @property
    def ends_on(self) -> dt.date: ...


class Named(Span, Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Period:
    """Some days on end, both included. `code` is 2021-03 for a month, the phase's code for a phase.

    name: the phase's name; empty for a month, which pages name in the reader's language.
    """

    code: str
    starts_on: dt.date
    ends_on: dt.date
    name: str = ""

    def __contains__(self, day: dt.date) -> bool:
        return self.starts_on <= day <= self.ends_on


def month_of(day: dt.date, campaign: Span) -> Period:
    """The month of a day, cut to the campaign's days."""
    first = day.replace(day=1)
    last = (first + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)
    return Period(f"{day:%Y-%m}", max(first, campaign.starts_on), min(last, campaign.ends_on))


def months(campaign: Span, until: dt.date | None = None) -> tuple[Period, ...]:
    """The campaign's months in order, those that begin by `until` (all of them if None)."""
    found = []
    day = campaign.starts_on
    while day <= campaign.ends_on and (until is None or day <= until):
        found.append(month_of(day, campaign))
        day = found[-1].ends_on + dt.timedelta(days=1)
    return tuple(found)


def periods(campaign: Span, phases: Sequence[Named], until: dt.date | None = None) -> tuple[Period, ...]:
    """All that can be closed: months and phases that begin by `until`, by first day, longer ones last."""
    found = [*months(campaign, until)]
    found += [
        Period(phase.code, phase.starts_on, phase.ends_on, phase.name)
        for phase in phases
        if until is None or phase.starts_on <= until
    ]
    return tuple(sorted(found, key=lambda one: (one.starts_on, one.ends_on, one.code)))


def period_by_code(code: str, campaign: Span, phases: Sequence[Named]) -> Period | None:
    """The month or phase that a code names; None if the campaign has no such one."""
    return next((one for one in periods(campaign, phases) if one.code == code), None)
