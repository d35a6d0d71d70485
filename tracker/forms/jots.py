"""What a member is asked for when they enter something of their own: the columns of its kind, no more."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import InputRequired
from wtforms.validators import Optional as MayBeBlank
from wtforms.widgets import TextInput

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.evidence import files_field
from tracker.models import Member, Record
from tracker.rules.campaigns import Choice, Column, Kind

# What a member does not say: whose the record is and where that person belongs, who else was there, and what
# others decide later.
NOT_ASKED = {
    "member_number", "member_name", "branch", "group", "section", "organiser", "owner_type", "owner_name",
    "people", "headcount", "ref", "stage", "ended_on",
}  # fmt: skip
# Fields of the form that carry no words of its writer's.
CARRIED = {
    "csrf_token", "submission_key", "kind", "draft", "draft_version", "record", "version", "writer", "tab",
    "advised", "files", "campaign_shown",
}  # fmt: skip
MOST_FIELDS = 40


class DayInput(TextInput):
    """A date input that shows again whatever was typed."""

    input_type = "date"


class JotForm(TrackerForm):
    """Base of the forms below. What is hidden says what is written on; none of it is believed unseen.

    writer: who the page was made for; a browser may be somebody else's by the time it is sent.
    advised: digest of the text to which near copies were shown.
    tab:    drawn by the page's script, to know its own drafts again.
    """

    kind = HiddenField()
    draft = HiddenField()
    draft_version = HiddenField()
    record = HiddenField()
    version = VersionField(validators=[MayBeBlank()])
    writer = HiddenField()
    tab = HiddenField()
    advised = HiddenField()
    files = files_field()

    def asked(self) -> list[Field]:
        """The fields for which the kind asks and which have no place of their own in the page."""
        own = {"day", "happened_on", "duration", "minutes", "type", "source", "title", "text", "files"}
        return [field for field in self if field.name not in own | CARRIED]


def typed_fields(fields: Mapping[str, str]) -> dict[str, str]:
    """Of what a browser sent, the words that somebody typed or chose."""
    typed = [(name, text) for name, text in fields.items() if name not in CARRIED]
    return dict(typed[:MOST_FIELDS])


def columns_asked(kind: Kind) -> list[Column]:
    """The columns that a member fills in."""
    return [column for column in kind.columns if column.spread is None and column.field not in NOT_ASKED]


def _choices(kind: Kind, name: str) -> tuple[Choice, ...]:
    if name == "source":
        return () if kind.sources_open else kind.sources
    return kind.types if name == "type" else ()


def _field(column: Column, kind: Kind) -> Any:
    """One column as a field; what is in it is checked by the rules of the import."""
    validators = [InputRequired(_("Fill this in."))] if column.required else [MayBeBlank()]
    listed = _choices(kind, column.field)
    if listed:
        return RadioField(
            column.heading,
            validators,
            choices=[SelectChoice(choice.name, choice.name) for choice in listed],
            validate_choice=False,
            id=column.field,
        )
    return StringField(
        column.heading,
        validators,
        id=column.field,
        widget=DayInput() if column.field in ("happened_on", "due_on") else None,
    )


def _made(name: str, fields: dict[str, Any]) -> type[JotForm]:
    return cast("type[JotForm]", type(name, (JotForm,), fields))


def hours_form(
    kind: Kind, days: Sequence[tuple[str, str]], durations: Sequence[tuple[str, str]]
) -> type[JotForm]:
    """The short form: a day, a duration, how, and what. Pairs are (value, label).

    days:      days to pick by a tap, as ISO texts; any other is typed into `happened_on`.
    durations: whole minutes as texts; any other is typed into `minutes` in any form.
    What is typed goes before what is picked: without a script a preset stays picked.
    """
    fields: dict[str, Any] = {column.field: _field(column, kind) for column in columns_asked(kind)}
    if "happened_on" in fields:
        fields["day"] = RadioField(
            _("Which day"),
            [MayBeBlank()],
            choices=[SelectChoice(*day) for day in days],
            validate_choice=False,
        )
        fields["happened_on"] = StringField(_("Another day"), id="happened_on", widget=DayInput())
    fields["duration"] = RadioField(
        _("How long"),
        [MayBeBlank()],
        choices=[SelectChoice(*one) for one in durations],
        validate_choice=False,
    )
    fields["minutes"] = StringField(_("Another duration"), id="minutes")
    return _made("HoursForm", fields)


def text_form(kind: Kind) -> type[JotForm]:
    """The editor: what the kind asks for, and the text."""
    fields: dict[str, Any] = {column.field: _field(column, kind) for column in columns_asked(kind)}
    fields["text"] = TextAreaField(_("Text"), id="text")
    return _made("TextForm", fields)


def cells_of(
    form: JotForm, kind: Kind, member: Member, correcting: Record | None = None
) -> dict[str, str | None]:
    """The row that the form says: field of the kind -> text. It is always the member's own.

    correcting: keeps of its record what a member is not asked for.
    """
    cells: dict[str, str | None] = {
        column.field: _typed(form, column.field) for column in columns_asked(kind)
    }
    if correcting is not None:
        for column in kind.columns:
            if column.spread is None and column.field in ("ref", "stage", "ended_on"):
                value = getattr(correcting, column.field)
                cells[column.field] = None if value is None else str(value)
    return cells | {"member_number": member.number, "member_name": member.name}


def _typed(form: JotForm, name: str) -> str | None:
    text: str | None = form[name].data if name in form else None
    if text and text.strip():
        return text
    if name == "happened_on" and "day" in form:
        return cast("str | None", form["day"].data)
    if name == "minutes" and "duration" in form and form["duration"].data:
        return f"{form['duration'].data}分钟"
    return text


def field_at_fault(form: JotForm, kind: Kind, heading: str | None) -> Field | None:
    """The field that stands for a column of the rules' problems; None if there is none in the form."""
    asked = {column.heading: column.field for column in columns_asked(kind)}
    return named(form, asked.get(heading or "", heading))


def named(form: JotForm, name: str | None) -> Field | None:
    """The form's field of that name, None if it has none."""
    return next((field for field in form if field.name == name), None)


def presets_of(record: Record | None, day: dt.date) -> dict[str, str]:
    """What is filled in beforehand: today, and what the last entry of the kind said, but for its title."""
    found = {"day": day.isoformat()}
    if record is not None:
        found |= {
            "duration": str(record.minutes or ""),
            "source": record.source or "",
            "type": record.type or "",
        }
        found |= {"place": record.place or "", "category": record.category or ""}
    return found
