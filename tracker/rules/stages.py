"""The way of a record from stage to stage: 领办, 在办, 完成. What has counted is followed, never edited."""

from __future__ import annotations

import datetime as dt

from tracker.rules.campaigns import Kind, Stage
from tracker.rules.refusal import N_, Refused

LONGEST_NOTE = 400


def stages_after(kind: Kind, stage: str | None) -> tuple[Stage, ...]:
    """The stages of the kind that come after `stage`, in the order of the campaign; () after the last."""
    names = [one.name for one in kind.stages]
    return kind.stages[names.index(stage) + 1 :] if stage in names else ()


def check_stage_day(
    kind: Kind, stage: str | None, to: str, on: dt.date | None, *, since: dt.date, last: dt.date
) -> tuple[Stage, dt.date]:
    """The stage to which a record goes on, and the day. Raises Refused if it is none, or no such day.

    since: the day from which the record stands where it does now; last: no day may lie after it.
    """
    found = next((one for one in stages_after(kind, stage) if one.name == to), None)
    if found is None:
        raise Refused(N_("Choose one of the stages that come next."), "to")
    if on is None:
        raise Refused(N_("Give the day on which this stage was reached."), "on")
    if on < since:
        too_early = N_("The record stands where it does since %(day)s; choose that day or a later one.")
        raise Refused(too_early, "on", day=since.isoformat())
    if on > last:
        raise Refused(N_("Choose a day up to %(day)s."), "on", day=last.isoformat())
    return found, on
