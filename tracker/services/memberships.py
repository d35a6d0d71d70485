"""Moves between branches and groups (组织关系转接), and duties. A move changes no history."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict

from sqlalchemy import update

from tracker.db import db
from tracker.models import Member, Membership, Unit, UnitLevel, User
from tracker.queries.access import branches_of, is_office
from tracker.queries.memberships import last_record_on, membership_on
from tracker.rules.memberships import Place, check_duty, check_move
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

CHANGED = N_("Somebody changed this member meanwhile. Reload the page and look again.")  # a 409 in pages


def take_version(member: Member, version: int) -> None:
    """Take the next version of a member for this transaction: whoever saw an older one comes second.

    The row stays locked until the end, so that nobody enters a record of this member meanwhile.
    Raises Refused if the member has changed since `version` was seen.
    """
    changed = db.session.execute(
        update(Member)
        .where(Member.id == member.id, Member.version == version)
        .values(version=version + 1)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(member)


def present_membership(member: Member, today: dt.date) -> Membership:
    """Where the member belongs today. Raises Refused if nowhere."""
    found = membership_on(member, today)
    if found is None:
        raise Refused(CHANGED)
    return found


def place_of(membership: Membership) -> Place:
    """The place that a membership says."""
    return Place(membership.branch_id, membership.group_id, membership.section_id)


def check_place(to: Place, on: dt.date, by: User) -> None:
    """Whether a member can belong there from `on`: a branch, a group of it, a section. Raises Refused.

    by: the groups of a branch are for those who keep it, and for the office, to choose.
    """
    if not _exists(to.branch_id, UnitLevel.BRANCH, on):
        raise Refused(N_("Choose a branch that is there on that day."), "branch")
    if to.group_id is not None:
        group = _exists(to.group_id, UnitLevel.GROUP, on)
        is_theirs = is_office(by) or to.branch_id in branches_of(by)
        if group is None or group.parent_id != to.branch_id or not is_theirs:
            raise Refused(N_("Choose a group of the branch to which the member moves."), "group")
    if to.section_id is not None and not _exists(to.section_id, UnitLevel.SECTION, on):
        raise Refused(N_("Choose a section that is there on that day."), "section")


def _exists(unit_id: int, level: UnitLevel, on: dt.date) -> Unit | None:
    unit = db.session.get(Unit, unit_id)
    if unit is None or unit.level is not level:
        return None
    is_there = (unit.starts_on is None or unit.starts_on <= on) and (
        unit.ends_on is None or unit.ends_on > on
    )
    return unit if is_there else None


def check_may_move(member: Member, to: Place, on: dt.date, *, by: User, today: dt.date) -> Membership:
    """The present membership, if the member may belong to `to` from `on`. Raises Refused if not."""
    present = present_membership(member, today)
    check_place(to, on, by)
    check_move(
        place_of(present),
        present.starts_on,
        to,
        on,
        today=today,
        last_record_on=last_record_on(member),
    )
    return present


def move_member(
    member: Member, to: Place, on: dt.date, *, version: int, by: User, at: dt.datetime, today: dt.date
) -> None:
    """Let a member belong to `to` from the day `on`; until before it they belong where they do now.

    A membership that began on that very day is put right. The end that was planned for it, the category, the
    standing and, within a branch, the duty go along.
    version: the one that was seen; raises Refused if the member has changed since, or may not move so.
    """
    take_version(member, version)
    present = check_may_move(member, to, on, by=by, today=today)
    before = place_of(present)
    if present.starts_on == on:
        present.branch_id, present.group_id, present.section_id = to.branch_id, to.group_id, to.section_id
        if to.branch_id != before.branch_id:
            present.duty = None
    else:
        db.session.add(
            Membership(
                member_id=member.id, starts_on=on, ends_on=present.ends_on, category=present.category,
                standing=present.standing, duty=present.duty if to.branch_id == before.branch_id else None,
                **asdict(to),
            )
        )  # fmt: skip
        present.ends_on = on
    db.session.flush()
    record_event(
        by,
        "member:move",
        member,
        at,
        on=on.isoformat(),
        **{f"from_{name}": value for name, value in asdict(before).items()},
        **{f"to_{name}": value for name, value in asdict(to).items()},
    )


def set_duty(member: Member, duty: str, *, version: int, by: User, at: dt.datetime, today: dt.date) -> None:
    """What a member does in the branch, in the roster's words; '' for nothing.

    Raises Refused if it is too long or what it was before, or if the member has changed since `version`.
    """
    words = check_duty(duty)
    take_version(member, version)
    present = present_membership(member, today)
    if words == present.duty:
        raise Refused(N_("That is what the roster says already."), "duty")
    present.duty = words
    record_event(by, "member:duty", member, at, membership_id=present.id, branch_id=present.branch_id)
