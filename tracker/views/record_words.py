"""Words for records: states, columns, owners, and the rows of a sheet."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator

from flask_babel import gettext

from tracker.files.record_sheet import Cell
from tracker.filters import day_words, minutes
from tracker.forms.confirmations import HEARD
from tracker.models import Heard, OwnerType, Record, Status
from tracker.queries.campaigns import class_hour_of
from tracker.queries.record_filters import RecordFilter
from tracker.queries.record_lines import RecordLine
from tracker.queries.records import LedgerRow
from tracker.rules.campaigns import CampaignSpec, Kind, Measure
from tracker.rules.figures import FigureValue
from tracker.rules.numbers import number
from tracker.rules.refusal import N_

STATUSES: dict[Status, tuple[str, str, str]] = {
    Status.SUBMITTED: (N_("To be verified"), "warn", "history"),
    Status.VERIFIED: (N_("Verified"), "ok", "circle-check"),
    Status.RETURNED: (N_("Returned"), "warn", "arrow-back-up"),
    Status.WITHDRAWN: (N_("Withdrawn"), "mute", "x"),
    Status.REVERSED: (N_("Reversed"), "mute", "ban"),
    Status.CONTINUED: (N_("Carried on"), "mute", "chevron-right"),
    Status.COUNTER: (N_("Counter-record"), "mute", "minus"),
}
OWNERS: dict[OwnerType, str] = {
    OwnerType.MEMBER: N_("Member"),
    OwnerType.GROUP: N_("Party group"),
    OwnerType.BRANCH: N_("Branch"),
    OwnerType.SECTION: N_("Section"),
    OwnerType.BUREAU: N_("The bureau"),
}
NO_DAY = N_("no day given")
CODED = N_("Member-%(code)s")
JOINT = N_("%(branch)s, joint with %(count)d more")
FIELDS: dict[str, str] = {
    "ref": N_("Number"),
    "type": N_("Type"),
    "title": N_("Title"),
    "category": N_("Category"),
    "source": N_("Source"),
    "place": N_("Place"),
    "community": N_("Community"),
    "stories": N_("Stories told"),
    "subject": N_("Code of the subject"),
    "minutes": N_("Minutes"),
    "quantity": N_("Quantity"),
    "people_served": N_("People served"),
    "stage": N_("Stage"),
    "ended_on": N_("Ended on"),
    "due_on": N_("Due on"),
}
EVENTS: dict[str, str] = {
    "record:reverse": N_("Reversed"),
    "participation:reverse": N_("One attendance reversed"),
    "record:verify": N_("Verified"),
    "record:return": N_("Returned"),
    "record:submit": N_("Submitted"),
    "record:enter": N_("Entered"),
    "record:carry_on": N_("Taken on to its next stage"),
    "record:continue": N_("A later stage counts in its place"),
    "record:undo_continue": N_("Counts again; the later stage waits"),
    "record:change_deadline": N_("Due day changed"),
    "record:tell_apart": N_("Told apart from another that looks the same"),
    "result:save": N_("Results entered"),
    "record:confirm": N_("Confirmed by the community"),
    "record:end_confirmation": N_("The community's word counts no more"),
    "record:correct": N_("Corrected"),
    "record:set_agenda": N_("Agenda written"),
    "record:add_resolution": N_("Resolution noted"),
    "record:finish_resolution": N_("Resolution done"),
    "record:reopen_resolution": N_("Resolution open again"),
    "record:drop_resolution": N_("Resolution taken out"),
    "record:note_absences": N_("Noted who was not there"),
    "record:withdraw": N_("Withdrawn"),
    "record:undo_verify": N_("Verification undone"),
    "record:undo_return": N_("Return undone"),
    "pairing:note": N_("A visit, a need or a measure noted"),
    "pairing:remove_note": N_("A note of a visit, a need or a measure taken out"),
    "evidence:add": N_("File added"),
    "evidence:remove": N_("File removed"),
    "share:add": N_("Shared"),
    "share:end": N_("Shared no more"),
}


def owner_words(row: LedgerRow) -> str:
    """Whose record it is: a name, a code in place of it, or the unit's name."""
    owner_type = row.record.owner_type
    has_name = owner_type is not OwnerType.BUREAU and not row.code  # a name that is hidden is not read either
    owner = getattr(row.record, owner_type) if has_name else None
    return _whose(owner_type, owner.name if owner else None, row.code, row.branches, gettext)


def _whose(
    owner_type: OwnerType, name: str | None, code: str | None, joint: int, say: Callable[[str], str]
) -> str:
    """The words of `owner_words`. say: looks a sentence up; a sheet remembers what it said before."""
    if owner_type is OwnerType.BUREAU:
        return say(OWNERS[owner_type])
    if owner_type is OwnerType.MEMBER and code:
        return say(CODED) % {"code": code}
    if owner_type is OwnerType.BRANCH and joint:
        return say(JOINT) % {"branch": name or "—", "count": joint}
    return name or "—"


def amount_words(row: LedgerRow) -> str:
    """What is in a record: time, people, a quantity, whichever there is. A counter-record takes it away."""
    record, parts = row.record, []
    if record.minutes:
        parts.append(minutes(record.minutes, class_hour_of(record)))
    if row.people:
        parts.append(gettext("%(count)s people", count=row.people))
    if row.stories:
        parts.append(gettext("%(count)s stories", count=row.stories))
    if record.quantity is not None:
        parts.append(gettext("Quantity %(count)s", count=record.quantity))
    if record.people_served:
        parts.append(gettext("%(count)s served", count=record.people_served))
    if not parts:
        return "—"
    minus = "−" if record.status is Status.COUNTER else ""
    return " · ".join(minus + part for part in parts)


def _negative(value: Cell) -> Cell:
    """Of a counter-record numbers are negative: a column of rows and their counter-records adds up."""
    return -value if isinstance(value, int) else value


def coded(code: str) -> str:
    """The code that stands in place of a member's name."""
    return gettext(CODED, code=code)


def heading_of(kind: Kind | None, field: str) -> str:
    """The heading that the campaign gives a column, else the general word for it."""
    column = kind.column(field) if kind else None
    if column and not column.spread:
        return column.heading
    return gettext(FIELDS[field])


def fields_of(kind: Kind | None) -> list[str]:
    """The columns that rows of a kind can fill; all of them if rows of many kinds are listed."""
    if kind is None:
        return list(FIELDS)
    asked = {column.field for column in kind.columns}
    asked |= {key for column in kind.columns for key in (column.spread or {})}
    if kind.stages:
        asked.add("stage")
    return [field for field in FIELDS if field in asked]


def kind_listed(chosen: RecordFilter, spec: CampaignSpec) -> Kind | None:
    """The one kind of all rows in the list, None if there may be several."""
    code = chosen.kind or (chosen.figure.kind if chosen.figure else None)
    return spec.kind(code) if code else None


def is_time(value: FigureValue | None) -> bool:
    """Whether what a row adds is minutes."""
    return value is not None and value.figure.measure in (Measure.MINUTES, Measure.PERSON_MINUTES)


def headings(kind: Kind | None, with_adds: bool) -> list[str]:
    """The heading row of a sheet of records."""
    found = [gettext("No."), gettext("Day"), gettext("Kind"), gettext("Owner"), gettext("Whose")]
    found += [gettext("Branch"), gettext("Party group"), gettext("Section")]
    found += [
        gettext(FIELDS[field]) if field == "minutes" else heading_of(kind, field) for field in fields_of(kind)
    ]
    # Not 状态 alone, which may be a column of the campaign's own.
    found += [gettext("Attendances"), gettext("State of the record")]
    return [*found, gettext("Adds to the figure")] if with_adds else found


def sheet_rows(lines: Iterable[RecordLine], kind: Kind | None, with_adds: bool) -> Iterator[list[Cell]]:
    """The rows of a sheet, in the order of `headings`. Minutes and counts stay numbers."""
    fields = fields_of(kind)
    say = functools.cache(gettext)  # a sheet is in one language, and has few words often
    for line in lines:
        row = line.values
        owner = None if row.owner_type is OwnerType.BUREAU else getattr(row, f"{row.owner_type}_name")
        cells: list[Cell] = [
            row.id,
            row.happened_on if row.is_dated else say(NO_DAY),
            row.kind_name,
            say(OWNERS[row.owner_type]),
            _whose(row.owner_type, owner, line.code, line.joint, say),
            row.branch_name,
            row.group_name,
            None if line.code else row.section_name,  # few work in one
        ]
        said = [line.stories if field == "stories" else getattr(row, field) for field in fields]
        cells += map(_negative, said) if row.status is Status.COUNTER else said
        cells += [line.people, say(STATUSES[row.status][0])]
        yield [*cells, line.adds] if with_adds else cells


def choice_words(chosen: RecordFilter, spec: CampaignSpec) -> list[tuple[str, str]]:
    """What was chosen, as pairs of label and value, for the sheet that explains a sheet."""
    kind = spec.kind(chosen.kind).name if chosen.kind else None
    status = gettext(STATUSES[chosen.status][0]) if chosen.status else None
    pairs = [
        (gettext("Figure"), chosen.figure.title if chosen.figure else None),
        (gettext("As of"), day_words(chosen.day) if chosen.figure else None),
        (gettext("Kind"), kind),
        (gettext("Unit"), chosen.unit.name if chosen.unit else None),
        (gettext("Type"), chosen.type),
        (gettext("Stage"), chosen.stage),
        (gettext("State"), status),
        (gettext("From"), day_words(chosen.since) if chosen.since else None),
        (gettext("To"), day_words(chosen.until) if chosen.until else None),
        (gettext("Late entries"), gettext("only those") if chosen.is_late else None),
        (gettext("Search"), chosen.text or None),
    ]
    return [(label, value) for label, value in pairs if value]


def total_words(value: FigureValue) -> str:
    """What rows come to, with its unit; an interval where names are missing, a day where that is asked."""
    if value.date is not None:
        return day_words(value.date)
    if value.is_interval:
        return f"{number(value.low)}–{number(value.high)}{value.figure.unit}"
    return f"{number(value.value)}{value.figure.unit}" if value.value is not None else "—"


def spread_fields(record: Record) -> list[str]:
    """The columns that this record fills."""
    return [field for field in FIELDS if getattr(record, field) is not None]


def day_heading(kind: Kind) -> str:
    """What the campaign calls the day of a kind."""
    column = kind.column("happened_on")
    return column.heading if column and not column.spread else gettext("Day")


def heard_words(heard: Heard) -> str:
    """How the community confirmed something."""
    return gettext(HEARD[heard])


def event_words(action: str) -> str:
    """What was done, in words; an act that is new here by its own name."""
    return gettext(EVENTS[action]) if action in EVENTS else action
