"""Everything about one member in words: the parts of the page and of its workbook."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker.files.own_record import Part
from tracker.filters import moment
from tracker.models import AuditEvent, Comment, Draft, Member, Record, Role, User
from tracker.queries.own_data import OwnData
from tracker.queries.own_records import OwnRow, role_towards
from tracker.rules.certificates import number_text
from tracker.rules.refusal import N_
from tracker.views.audit_words import act_words
from tracker.views.own_pairings import pairing_parts
from tracker.views.own_works import work_parts
from tracker.views.record_words import FIELDS, STATUSES
from tracker.views.reminder_words import reminder_part
from tracker.views.story_words import ROLES

ROLE_NAMES: dict[Role, str] = {
    Role.OFFICE: N_("Party office"),
    Role.AUDITOR: N_("Auditor"),
    Role.SECRETARY: N_("Branch secretary"),
    Role.DEPUTY: N_("Deputy secretary"),
    Role.GROUP_LEADER: N_("Group leader"),
    Role.SECTION_HEAD: N_("Head of a section"),
    Role.MEMBER: N_("Member"),
    Role.ADMINISTRATOR: N_("Administrator"),
}
RECORD_FIELDS = ("type", "title", "category", "source", "place", "community", "subject", "quantity", "stage")


def role_words(by: User | None, record: Record, reader: User) -> str:
    """Who did something to a record: the reader, or what the other one is to it. Never a name."""
    if by is None:
        return gettext("the command line")
    if by.id == reader.id:
        return gettext("you")
    role = role_towards(by, record)
    return gettext(ROLES[role]) if role else gettext("somebody of the bureau")


def parts_of(data: OwnData, user: User) -> list[Part]:
    """All parts, in the order in which they are shown."""
    return [
        _person(data.member),
        Part(
            gettext("Where I belonged"),
            (
                gettext("From"), gettext("Until (without)"), gettext("Branch"), gettext("Party group"),
                gettext("Section"), gettext("Category"), gettext("Standing"), gettext("Duty"),
            ),
            tuple(
                (
                    row.starts_on, row.ends_on, row.branch.name, row.group.name if row.group else None,
                    row.section.name if row.section else None, row.category, row.standing, row.duty,
                )
                for row in data.memberships
            ),
            gettext("On no roster."),
        ),
        Part(
            gettext("Exemptions"),
            (gettext("Reason"), gettext("From"), gettext("Until (without)")),
            tuple((row.reason, row.starts_on, row.ends_on) for row in data.exemptions),
            gettext("None."),
        ),
        _records(data.records, user),
        *work_parts(data, lambda by, record: role_words(by, record, user)),
        Part(
            gettext("Remarks on my records"),
            (gettext("No."), gettext("When"), gettext("Who"), gettext("Text")),
            tuple(_comment(comment, user) for comment in data.comments),
            gettext("None."),
            is_text=True,
        ),
        Part(
            gettext("My account"),
            (gettext("Particular"), gettext("What is kept")),
            (
                (gettext("Account"), user.login),
                (gettext("Last signed in"), moment(user.signed_in_at)),
                (gettext("Browsers that are known"), data.devices),
                *((gettext("Role"), role) for role in _roles(user)),
            ),
        ),
        Part(
            gettext("Where I am signed in"),
            (gettext("Browser"), gettext("Since"), gettext("Last seen")),
            tuple((row.browser, moment(row.started_at), moment(row.seen_at)) for row in data.sessions),
            gettext("None."),
        ),
        Part(
            gettext("My drafts"),
            (gettext("Kind"), gettext("Saved"), gettext("Text")),
            tuple((draft.kind.name, moment(draft.saved_at), _draft(draft)) for draft in data.drafts),
            gettext("None."),
            is_text=True,
        ),
        Part(
            gettext("Suggestions that I sent"),
            (gettext("When"), gettext("Text")),
            tuple((moment(row.at), row.text) for row in data.suggestions),
            gettext("None."),
            is_text=True,
        ),
        Part(
            gettext("Stories that I told"),
            (gettext("Day"), gettext("Title"), gettext("No."), gettext("State")),
            tuple(
                (row.record.happened_on, row.title, row.record_id, gettext(STATUSES[row.record.status][0]))
                for row in data.stories
            ),
            gettext("None."),
        ),
        Part(
            gettext("Sessions at which I was not there"),
            (
                gettext("Day"), gettext("Kind"), gettext("Title"), gettext("Reason"), gettext("Made up on"),
                gettext("How"), gettext("Noted by"),
            ),
            tuple(
                (
                    row.record.happened_on, row.record.kind.name, row.record.title, row.reason,
                    row.made_up_on, row.made_up_by, role_words(row.noted_by, row.record, user),
                )
                for row in data.absences
            ),
            gettext("None."),
        ),
        Part(
            gettext("Resolutions that I take care of"),
            (gettext("What is to be done"), gettext("To be done by"), gettext("Done on"), gettext("No.")),
            tuple((row.text, row.due_on, row.done_on, row.record_id) for row in data.resolved),
            gettext("None."),
        ),
        Part(
            gettext("My results of tests and contests"),
            (gettext("Day"), gettext("Title"), gettext("Result")),
            tuple((row.day, row.title, f"{row.points}{row.rule.unit}") for row in data.results),
            gettext("None."),
        ),
        Part(
            gettext("Paper sheets on which I stand"),
            (gettext("Kind"), gettext("From"), gettext("Printed")),
            tuple((row.kind.name, row.starts_on, moment(row.printed_at)) for row in data.papers),
            gettext("None."),
        ),
        Part(
            gettext("Plans in which I lead"),
            (gettext("Day"), gettext("Title"), gettext("Place")),
            tuple((row.happens_on, row.title, row.place) for row in data.led),
            gettext("None."),
        ),
        Part(
            gettext("Plans for which I ticked myself in"),
            (gettext("Day"), gettext("Title"), gettext("Place")),
            tuple((row.happens_on, row.title, row.place) for row in data.arrivals),
            gettext("None."),
        ),
        Part(
            gettext("Certificates of my hours"),
            (
                gettext("Number"), gettext("From"), gettext("To"), gettext("Minutes"), gettext("Rows"),
                gettext("Issued on"), gettext("Revoked"),
            ),
            tuple(
                (
                    number_text(row.campaign.code, row.number), row.starts_on, row.ends_on, row.minutes,
                    len(row.lines), row.issued_on, row.revoked_why,
                )
                for row in data.certificates
            ),
            gettext("None."),
        ),
        reminder_part(data.reminders, user),
        *pairing_parts(data, lambda by: _account(by, user)),
        Part(
            gettext("What was done with what is kept about me"),
            (gettext("When"), gettext("What was done"), gettext("Who did it")),
            tuple((moment(one.at), act_words(one.action), _actor(one, user)) for one in data.events),
            gettext("None."),
        ),
    ]  # fmt: skip


def _actor(event: AuditEvent, user: User) -> str:
    """Who acted: the reader, or what the other one is. Never a name."""
    return gettext("the command line") if event.actor is None else _account(event.actor, user)


def _account(by: User, user: User) -> str:
    """Who it was: the reader, or in what roles. Never a name."""
    if by.id == user.id:
        return gettext("you")
    roles = dict.fromkeys(gettext(ROLE_NAMES[grant.role]) for grant in by.grants)
    return "、".join(roles) or gettext("somebody of the bureau")


def _person(member: Member) -> Part:
    rows: tuple[tuple[str, str | dt.date | None], ...] = (
        (gettext("Number"), member.number),
        (gettext("Name"), member.name),
        (gettext("Joined the party on"), member.joined_on),
        (gettext("Phone"), member.phone),
    )
    return Part(gettext("On the roster"), (gettext("Particular"), gettext("What is kept")), rows)


def _roles(user: User) -> list[str]:
    found = []
    for grant in user.grants:
        name = gettext(ROLE_NAMES[grant.role])
        found.append(f"{name} · {grant.unit.name}" if grant.unit else name)
    return found


def _records(rows: list[OwnRow], user: User) -> Part:
    headings = (
        gettext("No."), gettext("Day"), gettext("Kind"), *(gettext(FIELDS[name]) for name in RECORD_FIELDS),
        gettext("Minutes"), gettext("Other people in it"), gettext("Branch"), gettext("State"),
        gettext("Entered by"), gettext("Entered"), gettext("Verified by"), gettext("Verified"),
        gettext("Reason"),
    )  # fmt: skip
    return Part(
        gettext("My records and attendances"),
        headings,
        tuple(_record(row, user) for row in rows),
        gettext("None."),
    )


def _record(row: OwnRow, user: User) -> tuple[str | int | dt.date | None, ...]:
    record, attendance = row.record, row.attendance
    is_gone = attendance is not None and attendance.reversed_at is not None
    verified = role_words(record.verified_by, record, user) if record.verified_at else None
    return (
        record.id,
        record.happened_on if record.is_dated else gettext("no day given"),
        record.kind.name,
        *(getattr(record, name) for name in RECORD_FIELDS),
        row.minutes,
        row.others or None,
        attendance.branch.name if attendance and attendance.branch else None,
        gettext("My attendance was reversed") if is_gone else gettext(STATUSES[record.status][0]),
        role_words(record.entered_by, record, user),
        moment(record.entered_at),
        verified,
        moment(record.verified_at) if record.verified_at else None,
        _reason(row),
    )


def _reason(row: OwnRow) -> str | None:
    """Why it came back or counts no more. What is said of a session may be about others in it."""
    if row.attendance is not None and row.attendance.reversed_why:
        return row.attendance.reversed_why
    if row.record.member_id is None:
        return None
    return row.record.returned_why or row.record.reversed_why


def _comment(comment: Comment, user: User) -> tuple[str | int, ...]:
    who = role_words(comment.by, comment.record, user)
    return comment.record_id, moment(comment.at), who, comment.text


def _draft(draft: Draft) -> str:
    """The words of a draft, one field below the other; the longest, its text, last."""
    words = [text for name, text in draft.fields.items() if name != "tab" and isinstance(text, str) and text]
    return "\n".join(sorted(words, key=len))
