"""Words for the story of a record: who did what, and what was changed."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker.filters import day, minutes
from tracker.models import Role
from tracker.queries.record_history import Actor, Step
from tracker.rules.campaigns import Kind
from tracker.rules.refusal import N_
from tracker.views.record_words import FIELDS, day_heading, event_words, heading_of

ROLES: dict[Role, str] = {
    Role.SECRETARY: N_("the branch secretary"),
    Role.DEPUTY: N_("the deputy secretary"),
    Role.GROUP_LEADER: N_("the group leader"),
    Role.SECTION_HEAD: N_("the head of the section"),
    Role.OFFICE: N_("the party office"),
}
STEPS: dict[str, str] = {
    "import": N_("Came in with a file"),
    "counter": N_("Written as a counter-record"),
    "comment": N_("Comment"),
    "record:correct": N_("Corrected and handed in again"),
}
ICONS: dict[str, str] = {
    "import": "upload",
    "counter": "minus",
    "comment": "message-2",
    "record:enter": "writing",
    "record:correct": "writing",
    "record:verify": "circle-check",
    "record:return": "arrow-back-up",
    "record:withdraw": "x",
    "record:reverse": "ban",
    "participation:reverse": "ban",
    "evidence:add": "file-text",
    "evidence:remove": "x",
    "share:add": "users",
    "share:end": "x",
}
OWNER = {"owner_type", "member_id", "group_id", "branch_id", "section_id"}


def who_words(actor: Actor) -> str:
    """Who it was, as far as the reader may know: a name, a role, or whom the record is about."""
    if actor.is_command_line:
        return gettext("the command line")
    if actor.is_you:
        return gettext("you")
    if actor.is_subject and actor.name is None:
        return gettext("the member")
    role = gettext(ROLES[actor.role]) if actor.role else None
    if actor.name is None:
        return role or gettext("somebody of the bureau")
    if role and not actor.is_subject:
        return gettext("%(name)s, %(role)s", name=actor.name, role=role)
    return actor.name


def step_words(step: Step, owner: str, is_about_reader: bool) -> str:
    """What happened, in a few words. owner: whose record it is, as the reader may know them."""
    if step.is_for:
        if is_about_reader:
            return gettext("Entered on your behalf")
        return gettext("Entered on behalf of %(name)s", name=owner)
    return gettext(STEPS[step.what]) if step.what in STEPS else event_words(step.what)


def icon_of(step: Step) -> str:
    return ICONS.get(step.what, "history")


def changed_words(step: Step, kind: Kind) -> list[str]:
    """What a correction changed: names of columns, and numbers before and after."""
    found: list[str] = []
    for name in step.fields:
        word = _column(name, kind)
        if name in step.amounts:
            before, after = (_amount(name, value, kind) for value in step.amounts[name])
            word = gettext("%(column)s: %(before)s → %(after)s", column=word, before=before, after=after)
        if word not in found:
            found.append(word)
    if step.days:
        before, after = (day(dt.date.fromisoformat(one)) if one else gettext("no day") for one in step.days)
        column = heading_of(kind, "due_on")
        found.append(gettext("%(column)s: %(before)s → %(after)s", column=column, before=before, after=after))
    return found


def _column(name: str, kind: Kind) -> str:
    if name in OWNER:
        return gettext("Whose")
    if name in ("happened_on", "is_dated"):
        return day_heading(kind)
    if name == "text":
        return gettext("Text")
    if name == "headcount":
        return gettext("Attendances")
    return heading_of(kind, name) if name in FIELDS else name


def _amount(name: str, value: int | None, kind: Kind) -> str:
    return minutes(value, kind.counts_in) if name == "minutes" else "—" if value is None else str(value)
