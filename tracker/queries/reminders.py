"""Reminders that somebody got, and who of a branch has something open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Campaign, Grant, Matter, Member, Membership, Reminder, Role, Unit, User
from tracker.queries.access import KEEPERS
from tracker.queries.campaigns import archive_of, spec_of
from tracker.queries.matters import matters_of, member_matters, members_below_pace, unit_matters
from tracker.queries.paging import PER_PAGE, Page, page_within
from tracker.queries.rosters import holds_on
from tracker.rules.reminders import MEMBER_MATTERS, may_send

SORTS = ("name", "group")  # by nothing that would put people in an order of merit
KEEPS_UNITS = (*KEEPERS, Role.SECTION_HEAD)


@dataclass(frozen=True, slots=True)
class MemberLine:
    """A member of the branch with something open.

    user_id:   the account in which a reminder can be shown; None if they have none, or want no reminders:
               nobody is told which of the two it is.
    reminded:  when they were reminded last of any of these matters in the tracker.
    is_due:    whether a reminder of at least one matter may be sent today.
    """

    member: Member
    group: str | None
    matters: tuple[Matter, ...]
    user_id: int | None
    reminded_on: dt.date | None
    is_due: bool


def open_reminders(campaign: Campaign, user: User, today: dt.date) -> list[Reminder]:
    """What the user was reminded of, did not put away, and is still open. One statement if nothing is.

    Of a campaign in the archive there is nothing to be done any more."""
    if spec_of(campaign).reminders.is_off or not user.is_reminded:
        return []
    rows = db.session.scalars(
        select(Reminder)
        .where(
            Reminder.user_id == user.id,
            Reminder.campaign_id == campaign.id,
            Reminder.dismissed_at.is_(None),
        )
        .order_by(Reminder.sent_on, Reminder.id)
        .options(joinedload(Reminder.sent_by).selectinload(User.grants))
    ).all()
    if not rows or archive_of(campaign.id):
        return []
    still = matters_of(campaign, user, today, {row.matter for row in rows})
    return [row for row in rows if row.matter in still]


def reminder_for(user: User, reminder_id: int) -> Reminder | None:
    """The reminder with that id, None if it is not the user's own or its campaign is in the archive."""
    own = select(Reminder).where(Reminder.id == reminder_id, Reminder.user_id == user.id)
    found = db.session.scalar(own)
    return found if found is not None and archive_of(found.campaign_id) is None else None


def reminders_about(user: User) -> list[Reminder]:
    """All that is kept of reminders to the user."""
    rows = select(Reminder).where(Reminder.user_id == user.id).order_by(Reminder.sent_on, Reminder.id)
    return list(db.session.scalars(rows.options(joinedload(Reminder.sent_by).selectinload(User.grants))))


def branch_lines(campaign: Campaign, branch: Unit, today: dt.date, sort: str = "name") -> list[MemberLine]:
    """Everybody of the branch with something open that a secretary may remind of. sort: of SORTS, with - for
    downwards. Some ten statements."""
    rows = db.session.execute(
        select(Member, Unit.name)
        .join(Membership, Membership.member_id == Member.id)
        .outerjoin(Unit, Unit.id == Membership.group_id)
        .where(Membership.branch_id == branch.id, holds_on(Membership.starts_on, Membership.ends_on, today))
        .order_by(Member.pinyin, Member.id)
    ).all()
    matters = member_matters(campaign, [member.id for member, _ in rows], today)
    users = {
        user.member_id: user
        for user in db.session.scalars(select(User).where(User.member_id.in_(matters)))
        if user.is_reminded and not user.is_disabled
    }
    last = _last([user.id for user in users.values()])
    found = []
    for member, group in rows:
        asked = tuple(matter for matter in MEMBER_MATTERS if matter in matters.get(member.id, ()))
        if asked:
            user = users.get(member.id)
            days = [last.get((user.id, matter)) for matter in asked] if user else []
            reminded_on = max((day for day in days if day is not None), default=None)
            is_due = any(may_send(day, today) for day in days)
            found.append(MemberLine(member, group, asked, user.id if user else None, reminded_on, is_due))
    if sort.removeprefix("-") == "group":
        found.sort(key=lambda line: line.group or "")
    return found[::-1] if sort.startswith("-") else found


def _last(user_ids: Sequence[int]) -> dict[tuple[int, Matter], dt.date]:
    """(account, matter) -> the day of the last reminder."""
    rows = db.session.execute(
        select(Reminder.user_id, Reminder.matter, Reminder.sent_on).where(Reminder.user_id.in_(user_ids))
    )
    return {(user_id, matter): day for user_id, matter, day in rows}


def page_of(lines: Sequence[MemberLine], page: int) -> Page[MemberLine]:
    """One page of them."""
    at = page_within(page, len(lines))
    return Page(lines[(at - 1) * PER_PAGE : at * PER_PAGE], at, len(lines))


def due_today(campaign: Campaign, today: dt.date) -> list[tuple[int, Matter]]:
    """(account, matter) of everybody who can be reminded and has something open, for the schedule; by id.

    PACE only where the campaign's file asks for it. Of a campaign in the archive nothing is due any more.
    """
    if archive_of(campaign.id):
        return []
    users = db.session.scalars(
        select(User).where(User.is_reminded, User.is_disabled.is_(False)).order_by(User.id)
    ).all()
    members = {user.member_id: user.id for user in users if user.member_id is not None}
    found: set[tuple[int, Matter]] = set()
    for member_id, matters in member_matters(campaign, list(members), today).items():
        found |= {(members[member_id], matter) for matter in matters}
    if spec_of(campaign).reminders.has_pace:
        behind = members_below_pace(campaign, today)
        found |= {(user_id, Matter.PACE) for member_id, user_id in members.items() if member_id in behind}
    keepers = set(db.session.scalars(select(Grant.user_id).where(Grant.role.in_(KEEPS_UNITS))))
    for user in users:
        if user.id in keepers:
            found |= {(user.id, matter) for matter in unit_matters(campaign, user, today)}
    last = _last([user.id for user in users])
    return sorted(pair for pair in found if may_send(last.get(pair), today))
