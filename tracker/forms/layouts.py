"""How the ledger of a kind shall stand on a sheet: what an office, or a branch, may choose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Optional as MayBeBlank

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.records import read_id
from tracker.rules.campaigns import Kind
from tracker.rules.layouts import (
    MOST_DIGITS,
    UNIT_WORDS,
    Layout,
    LayoutColumn,
    fields_of,
    in_order,
    signers_of,
    units_of,
    width_of,
)

LONGEST_NUMBER = 3  # digits of an order or a width


@dataclass(frozen=True, slots=True)
class Choice:
    """One column that the kind has, with the fields that say its place, heading and width."""

    field: str
    heading: str
    order: Field
    written: Field
    width: Field


class LayoutForm(TrackerForm):
    """Base of the forms below. Columns without a number are left out."""

    kind = HiddenField()
    version = VersionField(validators=[MayBeBlank()])
    name = StringField(_("Name of the layout"), id="name")
    title = StringField(_("Title on the sheet"), id="title")
    by_branch = BooleanField(_("A sheet for each branch"), id="by-branch")
    is_landscape = BooleanField(_("Landscape"), id="landscape")
    has_unit = BooleanField(_("A line that says which unit reports"), id="has-unit")
    has_date = BooleanField(_("The day of reporting"), id="has-date")
    has_total = BooleanField(_("A row of totals"), id="has-total")
    signers = StringField(_("Who signs"), id="signers")

    def choices(self, kind: Kind) -> list[Choice]:
        """Each column with its three fields, in the order in which they stand on the page."""
        return [
            Choice(name, heading, self[f"order_{n}"], self[f"heading_{n}"], self[f"width_{n}"])
            for n, (name, heading) in enumerate(fields_of(kind))
        ]

    def said(self, kind: Kind) -> Layout:
        """What was chosen; a width or number that is none is as if it had not been written."""
        columns = [
            (
                _number(one.order.data),
                LayoutColumn(
                    one.field, " ".join((one.written.data or "").split()) or one.heading,
                    _number(one.width.data) or width_of(one.field, one.heading),
                ),
            )
            for one in self.choices(kind)
        ]  # fmt: skip
        return Layout(
            kind=kind.code, columns=in_order(columns), name=" ".join((self.name.data or "").split()),
            title=" ".join((self.title.data or "").split()),
            unit=self["durations"].data if "durations" in self else "hours",
            digits=int(self["digits"].data or 0) if "digits" in self else 1,
            by_branch=self.by_branch.data, is_landscape=self.is_landscape.data, has_unit=self.has_unit.data,
            has_date=self.has_date.data, has_total=self.has_total.data,
            signers=signers_of(self.signers.data or ""),
        )  # fmt: skip

    def at_fault(self, kind: Kind, name: str | None) -> Field | None:
        """The field beside which a refusal is told."""
        for one in self.choices(kind):
            if one.field == name:
                return one.written
        if name == "caption":  # of the sheet; a column may be called title
            return self.title
        if name == "unit":
            name = "durations"
        return self[name] if name and name in self else None


def layout_form(kind: Kind, owners: list[tuple[str, str]]) -> type[LayoutForm]:
    """The form for a kind. owners: (unit's id or "", name) of those whose layout it may be."""
    fields: dict[str, Any] = {}
    for n, (_name, heading) in enumerate(fields_of(kind)):
        fields[f"order_{n}"] = StringField(_("Position"), id=f"order-{n}")
        fields[f"heading_{n}"] = StringField(heading, id=f"heading-{n}")
        fields[f"width_{n}"] = StringField(_("Width"), id=f"width-{n}")
    if units := units_of(kind):
        choices = [SelectChoice(unit, UNIT_WORDS[unit]) for unit in units]
        fields["durations"] = SelectField(_("Durations in"), choices=choices, id="durations")
        digits = [SelectChoice(str(n), str(n)) for n in range(MOST_DIGITS + 1)]
        fields["digits"] = SelectField(_("Digits behind the point"), choices=digits, id="digits")
    if len(owners) > 1:
        choices = [SelectChoice(*owner) for owner in owners]
        fields["owner"] = SelectField(_("Whose layout"), choices=choices, id="owner")
    return cast("type[LayoutForm]", type("KindLayoutForm", (LayoutForm,), fields))


def data_of(layout: Layout, kind: Kind, **more: object) -> dict[str, object]:
    """What the form shows at first."""
    found: dict[str, object] = {
        "kind": kind.code, "name": layout.name, "title": layout.title, "durations": layout.unit,
        "digits": str(layout.digits), "by_branch": layout.by_branch, "is_landscape": layout.is_landscape,
        "has_unit": layout.has_unit, "has_date": layout.has_date, "has_total": layout.has_total,
        "signers": "、".join(layout.signers), **more,
    }  # fmt: skip
    places = {column.field: (n, column) for n, column in enumerate(layout.columns, start=1)}
    for n, (name, heading) in enumerate(fields_of(kind)):
        place, column = places.get(name, ("", LayoutColumn(name, heading, width_of(name, heading))))
        found[f"order_{n}"], found[f"heading_{n}"] = str(place), column.heading
        found[f"width_{n}"] = str(column.width)
    return found


def _number(text: str | None) -> int | None:
    text = (text or "").strip()
    return read_id(text) if len(text) <= LONGEST_NUMBER else None
