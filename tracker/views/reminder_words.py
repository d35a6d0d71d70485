"""Words for reminders: what is open, said to the one whose it is, and as a text to copy."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext

from tracker.files.own_record import Part
from tracker.filters import moment
from tracker.models import Matter, Reminder, Role, User
from tracker.rules.refusal import N_
from tracker.views.audit_words import ROLES

# What is open: as the heading of a column, and as a sentence to the one whose it is.
MATTERS: dict[Matter, tuple[str, str]] = {
    Matter.RETURNED: (
        N_("records to put right"),
        N_("Records came back to you. Put them right and hand them in again."),
    ),
    Matter.VISIT: (
        N_("a visit is due"),
        N_("A visit of your pairing is due. Note it once you have been there."),
    ),
    Matter.RESOLUTION: (
        N_("a resolution is overdue"),
        N_("Something that a session resolved and you take care of is past its day."),
    ),
    Matter.PACE: (
        N_("own progress"),
        N_("One of your own goals is below an even pace. Only you are told."),
    ),
    Matter.VERIFY: (N_("records to verify"), N_("Records of your branch wait for you to verify them.")),
    Matter.STATEMENT: (
        N_("a month to state"),
        N_("A month that is over waits for your branch to state it."),
    ),
    Matter.STAGE: (
        N_("a stage is overdue"),
        N_("Something of your unit is past the day on which it was due."),
    ),
    Matter.ASSIGNMENT: (
        N_("an item of the plan is overdue"),
        N_("An item of the plan, or a resolution, of your unit is past its day."),
    ),
}
ASKED: dict[Matter, str] = {
    Matter.RETURNED: N_("whether a record came back to you and is to be put right"),
    Matter.VISIT: N_("whether a visit of your pairing is due and was noted"),
    Matter.RESOLUTION: N_("whether what a session resolved and you take care of is done"),
}


def address_of(matter: Matter) -> str:
    """Where it is done."""
    match matter:
        case Matter.RETURNED:
            return url_for("me.show", _anchor="returned-title")
        case Matter.VISIT:
            return url_for("me.show", _anchor="visits-title")
        case Matter.RESOLUTION:
            return url_for("me.everything")
        case Matter.PACE:
            return url_for("me.show")
        case Matter.VERIFY:
            return url_for("verifications.index")
        case Matter.STATEMENT:
            return url_for("statements.index")
        case Matter.STAGE:
            return url_for("stages.index")
        case Matter.ASSIGNMENT:
            return url_for("assignments.index", show="overdue")


def sender_words(reminder: Reminder, user: User) -> str:
    """From whom it came: what they are, never a name; or the schedule."""
    by = reminder.sent_by
    if by is None:
        return gettext("the tracker, by its schedule")
    if by.id == user.id:
        return gettext("you")
    held = [grant.role for grant in by.grants if grant.role is not Role.MEMBER]
    roles = dict.fromkeys(gettext(ROLES[role]) for role in held)
    return "、".join(roles) or gettext("somebody of the bureau")


@dataclass(frozen=True, slots=True)
class Card:
    """A reminder as its reader sees it: what is to be done, where, from whom, since when."""

    id: int
    said: str
    url: str
    who: str
    day: dt.date


def card_of(reminder: Reminder, user: User) -> Card:
    """One reminder of the user's own."""
    said = gettext(MATTERS[reminder.matter][1])
    return Card(
        reminder.id, said, address_of(reminder.matter), sender_words(reminder, user), reminder.sent_on
    )


def reminder_part(reminders: Iterable[Reminder], user: User) -> Part:
    """The part of the page about oneself that says of what one was reminded."""
    return Part(
        gettext("Reminders that I got"),
        (gettext("What is open"), gettext("Day"), gettext("From whom"), gettext("Put away")),
        tuple(
            (
                gettext(MATTERS[one.matter][0]), one.sent_on, sender_words(one, user),
                moment(one.dismissed_at) if one.dismissed_at else None,
            )
            for one in reminders
        ),
        gettext("None."),
    )  # fmt: skip


def text_for_all(matters: Iterable[Matter], branch: str) -> str:
    """A text for a chat group: no person, no number."""
    asked = gettext("; ").join(gettext(ASKED[matter]) for matter in matters)
    return gettext(
        "%(branch)s, comrades: when you have a moment, please look into the tracker, %(asked)s."
        " If somebody needs help with it, tell me and we do it together.",
        branch=branch,
        asked=asked,
    )


def text_for_one(matters: Iterable[Matter], name: str) -> str:
    """A text for one person: no number."""
    said = "".join(gettext(MATTERS[matter][1]) for matter in matters)
    return gettext("%(name)s: %(said)s If you need help with it, tell me.", name=name, said=said)
