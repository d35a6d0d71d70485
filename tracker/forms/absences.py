"""The form that says why members were not at a session."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wtforms import HiddenField

from tracker.forms.base import TrackerForm
from tracker.rules.absences import TypedAbsence


class AbsencesForm(TrackerForm):
    """Its rows stand in the page, one a member. `seen` is the digest of what it had shown."""

    seen = HiddenField()


def read_absences(args: Mapping[str, str], member_ids: Iterable[int]) -> dict[int, TypedAbsence]:
    """What was chosen for each of these members."""
    return {
        id_: TypedAbsence(*(args.get(f"{name}-{id_}", "").strip() for name in TypedAbsence._fields))
        for id_ in member_ids
    }
