"""Hours of events, of members and of groups: three units, each under its own name, never added together."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tracker.rules.campaigns import CampaignSpec, Kind


@dataclass(frozen=True, slots=True)
class Hours:
    """What the events of one place come to, from verified rows.

    events:         how many there were.
    event_minutes:  how long they took, each once, however many came.
    member_minutes: how long those who came were there, added up person by person.
    group_minutes:  how long the events took that party groups held: what a goal over groups counts.
    served:         people served, as reported (人次).
    """

    events: int = 0
    event_minutes: int = 0
    member_minutes: int = 0
    group_minutes: int = 0
    served: int = 0


def kinds_with_hours(spec: CampaignSpec) -> tuple[Kind, ...]:
    """The kinds whose records are events of which these hours are told apart."""
    return tuple(kind for kind in spec.kinds if kind.hours_apart)


def counts_from(spec: CampaignSpec, kind: Kind) -> dt.date:
    """From which day hours of a kind count: that of the goals over it, so that both say the same."""
    figures = (spec.figure(goal.figure) for goal in spec.goals)
    days = [one.starts_on or spec.starts_on for one in figures if one is not None and one.kind == kind.code]
    return min(days, default=spec.starts_on)
