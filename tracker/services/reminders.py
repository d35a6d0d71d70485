"""Sends reminders in the tracker: at most one a week for one matter, and none to who wants none."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import exists, insert, literal, null, select, update
from sqlalchemy.exc import IntegrityError

from tracker.db import db
from tracker.models import Campaign, Matter, Reminder, Unit, User
from tracker.queries.campaigns import archive_of, spec_of
from tracker.queries.reminders import branch_lines, due_today
from tracker.rules.refusal import N_, Refused
from tracker.rules.reminders import is_day_of, latest_before
from tracker.services.archive_gate import check_open
from tracker.services.audit import record_event


def remind_members(
    campaign: Campaign, branch: Unit, member_ids: set[int], *, by: User, at: dt.datetime, today: dt.date
) -> int:
    """Remind these members of a branch of what is open of their own. Returns how many were reminded now.

    Who was reminded of all of it within the week, has no account or wants no reminders is left out, and
    nobody is told which of these it was. Raises Refused if the campaign sends none.
    """
    check_open(campaign.id)  # the act below is noted of the branch
    if spec_of(campaign).reminders.is_off:
        raise Refused(N_("This campaign sends no reminders."))
    check_open(campaign.id, anew=True)
    reminded = 0
    lines = [line for line in branch_lines(campaign, branch, today) if line.member.id in member_ids]
    for line in sorted(lines, key=lambda one: one.user_id or 0):  # in one order, so that two do not lock up
        if line.user_id is not None:
            sent = [_send(campaign, line.user_id, matter, by, at, today) for matter in sorted(line.matters)]
            reminded += any(sent)
    if reminded:
        # Whom and of what is for the secretary and them alone: the audit is read by others.
        record_event(by, "reminder:send", branch, at, people=reminded)
    return reminded


def remind_by_schedule(
    campaign: Campaign, *, at: dt.datetime, today: dt.date, pairs: list[tuple[int, Matter]] | None = None
) -> int:
    """Remind everybody of what is open, if today is the campaign's day for it. Returns how many were sent.

    pairs: what `due_today` found a moment ago, if it was asked already. A second time sends nothing, and a
    campaign in the archive sends none.
    """
    if archive_of(campaign.id) is not None or not is_day_of(spec_of(campaign).reminders, today):
        return 0
    found = due_today(campaign, today) if pairs is None else pairs
    sent = sum(_send(campaign, user_id, matter, None, at, today) for user_id, matter in sorted(found))
    if sent:
        record_event(None, "reminder:send", campaign, at, people=sent)
    return sent


def dismiss_reminder(reminder: Reminder, *, at: dt.datetime) -> None:
    """Put a reminder away. A second time changes nothing."""
    db.session.execute(
        update(Reminder)
        .where(Reminder.id == reminder.id, Reminder.dismissed_at.is_(None))
        .values(dismissed_at=at)
        .execution_options(synchronize_session=False)
    )


def switch_reminders(user: User, *, on: bool) -> None:
    """Let reminders reach the user, or none."""
    db.session.execute(update(User).where(User.id == user.id).values(is_reminded=on))


def _send(
    campaign: Campaign, user_id: int, matter: Matter, by: User | None, at: dt.datetime, today: dt.date
) -> bool:
    """Remind one account of one matter, unless that was done within the week or it wants none.

    The row of both is written anew if it is old enough, or made if there is none: of two at the same moment
    the second one waits for the first and then finds it too young.
    """
    wants = select(User.id).where(User.id == user_id, User.is_reminded, User.is_disabled.is_(False))
    said = {"campaign_id": campaign.id, "sent_on": today, "sent_at": at, "sent_by_id": by.id if by else None}
    renewed = db.session.execute(
        update(Reminder)
        .where(
            Reminder.user_id == user_id,
            Reminder.matter == matter,
            Reminder.sent_on <= latest_before(today),
            wants.exists(),
        )
        .values(**said, dismissed_at=None)
        .execution_options(synchronize_session=False)
    )
    if renewed.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        return True
    columns = Reminder.__table__.c
    none_yet = ~exists().where(Reminder.user_id == user_id, Reminder.matter == matter)
    new = select(
        literal(campaign.id),
        User.id,
        literal(matter, columns.matter.type),
        literal(today),
        literal(at, columns.sent_at.type),
        literal(by.id) if by else null(),
    ).where(User.id == user_id, User.is_reminded, User.is_disabled.is_(False), none_yet)
    names = ["campaign_id", "user_id", "matter", "sent_on", "sent_at", "sent_by_id"]
    try:
        with db.session.begin_nested():
            made = insert(Reminder).from_select(names, new).returning(Reminder.id)
            return db.session.scalar(made) is not None
    except IntegrityError:
        return False  # somebody else reminded them at this very moment
