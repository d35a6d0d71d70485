"""Forms of any kind of record, made from its columns: nothing here knows which kinds there are."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.evidence import EvidenceForm
from tracker.models import OwnerType
from tracker.queries.entries import MemberLine, UnitLine
from tracker.rules.campaigns import Choice, Column, Kind
from tracker.rules.cells import Raw, is_blank
from tracker.rules.entries import MEMBER, OWNER_TYPES, UNITS, field_at, named_columns, typed_person
from tracker.rules.ledger_columns import SPREAD
from tracker.rules.pasted import one_spelling
from tracker.rules.people import PersonMention, parse_people
from tracker.rules.refusal import N_, Problem, Refused

OWNER_FIELDS = frozenset((*MEMBER, *UNITS, "organiser", "owner_type", "owner_name"))
DAYS = ("happened_on", "ended_on", "due_on")
COUNTS = ("quantity", "people_served", "headcount")
MOST_OFFERED = 400  # names that a browser offers beside a field
Cells = dict[str, Raw]


class Asked:
    """Marks a field that has to be filled in; whether it is, the rules say."""

    field_flags = {"required": True}  # noqa: RUF012  (WTForms reads it so)

    def __call__(self, form: Any, field: Any) -> None:
        """Nothing to check here."""


@dataclass(frozen=True, slots=True)
class Owners:
    """For whom the reader may enter records of a kind. only: themselves, and nobody else."""

    members: list[MemberLine] = field(default_factory=list)
    units: list[UnitLine] = field(default_factory=list)
    only: MemberLine | None = None


@dataclass(frozen=True, slots=True)
class FormShape:
    """What a form asks beside the kind's columns.

    words:     field -> what its column holds already, to be offered.
    leave_out: columns that the page asks in another way, or not at all.
    is_bureau: offers the stages too that only the bureau's office gives.
    """

    owners: Owners
    words: Mapping[str, list[str]]
    first: dt.date
    last: dt.date
    leave_out: Collection[str] = ()
    is_bureau: bool = False
    has_text: bool = False
    is_correction: bool = False


def closed_choices(kind: Kind, name: str) -> tuple[Choice, ...]:
    """The closed list behind a column, () if it is open."""
    lists: dict[str, tuple[Choice, ...]] = {"type": kind.types, "stage": kind.stages}
    if not kind.sources_open:
        lists["source"] = kind.sources
    return lists.get(name, ())


def listed(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """(value, label) as the options of a select."""
    return [SelectChoice(value, label) for value, label in pairs]


def html_id(name: str) -> str:
    """A field's name as an id: quantity#1 is quantity-1."""
    return name.replace(SPREAD, "-")


def entry_form(kind: Kind, shape: FormShape, **filled: Any) -> Any:
    """The form of a kind. filled: what its fields hold before anybody typed, by field."""
    fields: dict[str, Any] = {}
    leaves_owner = "owner" in shape.leave_out
    if not leaves_owner:
        fields |= _owner_fields(kind, shape)
    for name, column in named_columns(kind):
        if name in shape.leave_out or name in OWNER_FIELDS:
            continue
        if name == "people" and shape.owners.only and not column.required:
            continue  # about oneself alone
        fields[name] = _field(kind, name, column, shape)
    if shape.has_text:
        fields["text"] = TextAreaField(_("Text"), [], render_kw={"rows": "14"}, id="text")
    if shape.is_correction:
        fields["version"], fields["next"] = VersionField(), HiddenField()
    form = type("EntryForm", (EvidenceForm,), fields)
    return form(data={name: value for name, value in filled.items() if name in fields})


def _owner_fields(kind: Kind, shape: FormShape) -> dict[str, Any]:
    owners = shape.owners
    found: dict[str, Any] = {}
    if owners.only is None and owners.members and OwnerType.MEMBER in kind.owners:
        column = kind.column("member_name") or kind.column("member_number")
        found["member"] = StringField(
            column.heading if column else _("Member"), [] if owners.units else [Asked()], id="member",
            render_kw={"list": "words-member", "autocomplete": "off"},
        )  # fmt: skip
    if owners.only is None and owners.units:
        units = listed((unit.key, unit.label) for unit in owners.units)
        if len(units) > 1 or "member" in found:
            units = [*listed([("", gettext("Choose"))]), *units]
        found["owner"] = SelectField(_("Whose"), [Asked()], choices=units, validate_choice=False, id="owner")
        can_be_joint = any(unit.owner is OwnerType.BRANCH for unit in owners.units)
        if can_be_joint and kind.column("organiser"):
            found["together"] = StringField(_("Together with"), id="together")
    return found


def _field(kind: Kind, name: str, column: Column, shape: FormShape) -> Field:
    asked = [Asked()] if column.required else []
    id_ = html_id(name)
    if closed := closed_choices(kind, name):
        blank = "", gettext("Choose") if column.required else "—"
        offered = [
            choice.name for choice in closed if shape.is_bureau or not getattr(choice, "bureau_only", False)
        ]
        options = listed([blank, *((name, name) for name in offered)])
        return SelectField(
            column.heading, asked, choices=options, validate_choice=False, id=id_,
            default=kind.default_stage if name == "stage" else None,
        )  # fmt: skip
    if name in DAYS:
        last = {} if name == "due_on" else {"max": shape.last.isoformat()}  # that one lies ahead
        bounds = {"min": shape.first.isoformat(), **last}
        return DayField(column.heading, asked, id=id_, render_kw=bounds)
    if name in ("people", "stories"):
        return TextAreaField(column.heading, asked, id=id_, render_kw={"rows": "2"})
    extra = {"autocomplete": "off"}
    if name.partition(SPREAD)[0] in COUNTS:
        extra["inputmode"] = "numeric"
    if shape.words.get(name):
        extra["list"] = f"words-{id_}"
    return StringField(column.heading, asked, id=id_, render_kw=extra)


class DayField(StringField):
    """A day. What a browser's own field could not show again is shown as the text that it was."""

    def __call__(self, **kwargs: Any) -> Any:
        """The input; a calendar unless something else than a day was typed."""
        try:
            dt.date.fromisoformat(self.data or "2000-01-01")
        except ValueError:
            return super().__call__(**kwargs)
        return super().__call__(**{"type": "date", **kwargs})


def notes_of(kind: Kind) -> dict[str, str]:
    """field -> the campaign's note and example for it."""
    found = {}
    for name, column in named_columns(kind):
        example = column.example if name not in DAYS and not closed_choices(kind, name) else ""
        words = gettext("For example: %(example)s", example=example) if example else ""
        found[name] = " ".join(filter(None, (column.note, words)))
    return found


def cells_of(
    form: Any, kind: Kind, owners: Owners, ticked: Collection[str] = ()
) -> tuple[Cells, list[Refused]]:
    """The row that a form says: field of the kind -> what was typed; and what keeps it from being one.

    ticked: ids of members who were ticked as people. Whose it is comes from the form's own lists: what else
    is posted under the name of a column is not read.
    """
    cells: Cells = {}
    for name, _column in named_columns(kind):
        if name in form._fields and name not in OWNER_FIELDS:
            cells[name] = form[name].data
    if ticked and "people" in cells:
        cells["people"] = _with_ticked(cells["people"], owners, ticked)
    try:
        cells |= _owner_cells(form, kind, owners)
    except Refused as refusal:
        return cells, [refusal]
    return cells, []


def member_cells(member: MemberLine) -> Cells:
    """The cells that name a member whom the page chose."""
    return {"member_number": member.number, "member_name": member.name}


def _owner_cells(form: Any, kind: Kind, owners: Owners) -> Cells:
    if owners.only is not None:
        return member_cells(owners.only)
    typed = form["member"].data if "member" in form._fields else None
    if typed and not is_blank(typed):
        return _one_member(typed)
    if "owner" not in form._fields:
        return {"member_name": None}
    unit = next((unit for unit in owners.units if unit.key == form["owner"].data), None)
    if unit is None:
        raise Refused(N_("Choose whose it is."), "owner")
    together = form["together"].data if "together" in form._fields else None
    return unit_cells(unit, kind, together or "")


def _one_member(typed: str) -> Cells:
    """A member as somebody typed them: a name, a number, or a name with its number."""
    try:
        people = parse_people(typed)
    except Refused as refusal:
        raise Refused(refusal.msgid, "member", **refusal.params) from None
    if len(people) != 1:
        raise Refused(N_("Name one member here."), "member")
    named = {"member_number": people[0].number, "member_name": people[0].name}
    return {name: text for name, text in named.items() if text}


def unit_cells(unit: UnitLine, kind: Kind, together: str = "") -> Cells:
    """The cells that name a unit as the owner, in those columns that the kind has for it."""
    full = f"{unit.branch}{unit.name}" if unit.branch else unit.name
    cells: Cells = {}
    if unit.owner is OwnerType.GROUP and kind.column("group"):
        cells = {"branch": unit.branch, "group": unit.name}
    elif kind.column("organiser"):
        cells = {"organiser": "、".join([full, *([together] if together.strip() else [])])}
    elif kind.column("owner_name"):
        cells = {"owner_name": full}
    elif unit.owner is not OwnerType.BUREAU:
        cells = {str(unit.owner): unit.name}
    if kind.column("owner_type"):
        cells["owner_type"] = OWNER_TYPES[unit.owner]
    return {name: text for name, text in cells.items() if name == str(unit.owner) or kind.column(name)}


def _with_ticked(typed: Raw, owners: Owners, ticked: Collection[str]) -> str:
    """The people who were typed and ticked, each once."""
    text = str(typed or "")
    try:
        named: Iterable[PersonMention] = parse_people(text)
    except Refused:
        return text  # the rule says what is wrong with it
    known = {person.number for person in named} | {person.name for person in named if not person.number}
    further = [
        typed_person(member.name, member.number)
        for member in owners.members
        if str(member.id) in ticked and member.number not in known and member.name not in known
    ]
    return "、".join([*([text] if not is_blank(text) else []), *further])


class PasteForm(TrackerForm):
    """Cells copied from a spreadsheet. `seen` is the digest of the cells whose meaning was shown."""

    kind = SelectField(_("What the rows are"), choices=[], validate_choice=False, id="kind")
    text = TextAreaField(_("Cells from the spreadsheet"), [Asked()], id="text")
    seen = HiddenField()

    def _digest(self) -> str:
        parts = self.kind.data or "", one_spelling(self.text.data or "")
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def is_seen(self) -> bool:
        """Whether these very cells were shown as they were understood."""
        return self.seen.data == self._digest()

    def mark_seen(self) -> None:
        """Note that these cells are shown now; the next button writes them."""
        self.seen.data = self._digest()


def place_of(form: Any, kind: Kind, problem: Problem) -> str | None:
    """The field of the form beside which a problem is told, None where it stands above all."""
    name = field_at(kind, problem.column) or problem.column
    if name in form._fields:
        return name
    if name in OWNER_FIELDS:
        by_member = "member" in form._fields and not is_blank(form["member"].data)
        order = ("member", "owner") if by_member or name in MEMBER else ("owner", "member")
        return next((one for one in order if one in form._fields), None)
    return None
