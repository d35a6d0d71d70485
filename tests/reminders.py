"""Reminders for tests, made without the service."""

from __future__ import annotations

import re
from typing import Any

from tests.maker import NOW
from tracker.db import db
from tracker.models import Matter, Record, Reminder, Status

RULE = re.compile(r"^\[reminders\]\n(?:[a-z].*\n)*", re.MULTILINE)


def with_rule(campaign: Any, rule: str) -> dict[str, Any]:
    """The campaign's definition with another rule for reminders in its file."""
    text = RULE.sub("", campaign.definition["text"])
    return {**campaign.definition, "text": f"{text}\n[reminders]\n{rule}\n"}


def give_back(bureau: Any, make: Any, member: Any, title: str = "自学") -> Record:
    """A record of the member's that came back to them."""
    record = make.record(
        bureau.campaign, "study", member=member, minutes=77, status=Status.SUBMITTED, title=title
    )
    return_again(record, make.office)
    return record


def return_again(record: Any, by: Any) -> None:
    record.status, record.returned_by_id = Status.RETURNED, by.id
    record.returned_at, record.returned_why = NOW, "时长不对"
    db.session.flush()


def put_right(record: Any) -> None:
    """It was handed in again."""
    record.status, record.returned_by_id = Status.SUBMITTED, None
    record.returned_at = record.returned_why = None
    db.session.flush()


def a_reminder(campaign: Any, user: Any, matter: Matter = Matter.RETURNED) -> Reminder:
    """One that somebody got by the schedule."""
    row = Reminder(campaign_id=campaign.id, user_id=user.id, matter=matter, sent_on=NOW.date(), sent_at=NOW)
    db.session.add(row)
    db.session.flush()
    return row


def put_reminders(marked: Any) -> None:
    """For the walk for leaks: the stranger's reminder, and one that each of the others got."""
    marked.foreign["reminder_id"] = [a_reminder(marked.campaign, marked.writer).id]
    marked.own["reminder_id"] = [a_reminder(marked.campaign, user).id for user in marked.users.values()]
