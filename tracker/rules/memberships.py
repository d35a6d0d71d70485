"""When somebody may move to another unit, and from when to when somebody may be exempt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from tracker.rules.refusal import N_, Refused

LONGEST_DUTY, LONGEST_REASON = 80, 200
SHORTEST_REASON = 2
NOT_YET = N_("%(day)s has not come yet.")
ENDS_TOO_EARLY = N_("The exemption would end before it begins.")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a member belongs: ids of the branch, its group and the section."""

    branch_id: int
    group_id: int | None = None
    section_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stretch:
    """From one day to the day before another; None is from ever and without end."""

    starts_on: dt.date | None
    ends_on: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the day is in it."""
        return (self.starts_on is None or self.starts_on <= day) and (
            self.ends_on is None or self.ends_on > day
        )

    def meets(self, other: Stretch) -> bool:
        """Whether there is a day in both."""
        return _before(self.starts_on, other.ends_on) and _before(other.starts_on, self.ends_on)


def _before(start: dt.date | None, end: dt.date | None) -> bool:
    return start is None or end is None or start < end


def check_move(
    present: Place,
    since: dt.date | None,
    to: Place,
    on: dt.date,
    *,
    today: dt.date,
    last_record_on: dt.date | None,
) -> None:
    """Whether a member may belong to `to` from the day `on`.

    since:          from when the present membership holds; None is from ever.
    last_record_on: the last day on which the member was in a record that was not withdrawn or reversed.
    Raises Refused, on the field at fault.
    """
    if on > today:
        raise Refused(NOT_YET, "starts_on", day=on.isoformat())
    if to == present:
        raise Refused(N_("That is where this member is already."), "branch")
    if since is not None and on < since:
        raise Refused(
            N_("The present membership began on %(since)s; a move cannot lie before it."),
            "starts_on",
            since=since.isoformat(),
        )
    if last_record_on is not None and last_record_on >= on:
        raise Refused(
            N_(
                "This member is in records on or after that day, the last on %(last)s, and a move changes no"
                " history. Choose a day after it."
            ),
            "starts_on",
            last=last_record_on.isoformat(),
        )


def check_exemption(
    wanted: Stretch, others: Iterable[Stretch], *, today: dt.date, since: dt.date | None
) -> None:
    """Whether an exemption may begin: wanted.starts_on is given, wanted.ends_on the first that counts again.

    since: the first day whose figures are the writer's to change; None for any.
    Raises Refused, on the field at fault.
    """
    assert wanted.starts_on is not None  # the form asks for it
    if wanted.starts_on > today:
        raise Refused(NOT_YET, "starts_on", day=wanted.starts_on.isoformat())
    if wanted.ends_on is not None and wanted.ends_on <= wanted.starts_on:
        raise Refused(ENDS_TOO_EARLY, "ends_on")
    _check_since(wanted.starts_on, since, "starts_on")
    _check_apart(wanted, others, "starts_on")


def check_end_of_exemption(
    now: Stretch, ends_on: dt.date, others: Iterable[Stretch], *, today: dt.date, since: dt.date | None
) -> None:
    """Whether an exemption may end so that the member counts again from `ends_on`.

    Raises Refused, on the field at fault.
    """
    if now.ends_on is not None and now.ends_on <= today:
        raise Refused(N_("This exemption has ended already."), "again_on")
    if now.starts_on is not None and ends_on <= now.starts_on:
        raise Refused(ENDS_TOO_EARLY, "again_on")
    _check_since(ends_on, since, "again_on")
    _check_apart(Stretch(now.starts_on, ends_on), others, "again_on")


def _check_since(day: dt.date, since: dt.date | None, field: str) -> None:
    if since is not None and day < since:
        raise Refused(
            N_("This member came to the branch on %(since)s; what was before is not yours to change."),
            field,
            since=since.isoformat(),
        )


def _check_apart(wanted: Stretch, others: Iterable[Stretch], field: str) -> None:
    if any(wanted.meets(other) for other in others):
        raise Refused(N_("There is an exemption for a part of that time already. End it first."), field)


def check_reason(reason: str) -> str:
    """The reason of an exemption, with single blanks. Raises Refused if there is none, or too much."""
    reason = " ".join(reason.split())
    if len(reason) < SHORTEST_REASON:
        raise Refused(N_("Say why, in a few words."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(N_("At most %(most)d characters."), "reason", most=LONGEST_REASON)
    return reason


def check_duty(duty: str) -> str | None:
    """A duty with single blanks, None for none. Raises Refused if it is too long."""
    duty = " ".join(duty.split())
    if len(duty) > LONGEST_DUTY:
        raise Refused(N_("At most %(most)d characters."), "duty", most=LONGEST_DUTY)
    return duty or None
