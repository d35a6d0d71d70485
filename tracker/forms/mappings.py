"""Which column of a platform's workbook is which of a kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Optional as MayBeBlank

from tracker.forms.base import TrackerForm, VersionField
from tracker.rules.campaigns import Choice, Kind
from tracker.rules.headings import ColumnSpec
from tracker.rules.ledger_columns import columns_of
from tracker.rules.mappings import FIXABLE, MappingSpec

LEFT_OUT = "-"  # stands for the kind of a sheet that is not read


class MappingForm(TrackerForm):
    """Base of the forms below: the name, and the unit of bare durations. Kind None: the sheet is left out."""

    kind = HiddenField()
    sheet = HiddenField()
    version = VersionField(validators=[MayBeBlank()])
    name = StringField(_("Name of the platform or of this layout"))

    def pairs(self, kind: Kind | None) -> list[tuple[ColumnSpec, Field, Field | None]]:
        """Each column of the kind with its fields: the heading in the file, and the value of every row."""
        return [
            (spec, self[f"column_{n}"], self._fields.get(f"fixed_{n}"))
            for n, spec in enumerate(columns_of(kind) if kind else ())
        ]

    def said(self, kind: Kind | None, headings: Sequence[str], sheet: str | None = None) -> MappingSpec:
        """What was chosen. headings: all of the file's. sheet: as `MappingSpec` has it."""
        pairs = self.pairs(kind)
        fixed = [
            (spec.field, (field.data or "").strip()) for spec, _column, field in pairs if field is not None
        ]
        return MappingSpec(
            name=(self.name.data or "").strip(),
            kind=kind.code if kind else "",
            columns={spec.field: field.data for spec, field, _fixed in pairs if field.data},
            fixed={name: value for name, value in fixed if value},
            unit=self["unit"].data if "unit" in self else kind.minutes_in if kind else "hours",
            headings=tuple(headings),
            sheet=sheet,
        )

    def at_fault(self, kind: Kind | None, name: str | None) -> Field | None:
        """The field beside which a refusal is told."""
        for spec, column, _fixed in self.pairs(kind):
            if spec.field == name:
                return column
        return self[name] if name and name in self else None


def mapping_form(kind: Kind | None, headings: Sequence[str]) -> type[MappingForm]:
    """The form for a kind and the headings of a file."""
    if kind is None:
        return MappingForm
    fields: dict[str, Any] = {}
    listed = [SelectChoice("", _("not in the file"))]
    listed += [SelectChoice(heading, heading) for heading in headings]
    for n, spec in enumerate(columns_of(kind)):
        fields[f"column_{n}"] = SelectField(spec.heading, choices=listed, default="", id=f"column-{n}")
        if spec.field in FIXABLE:
            label = _("the same in every row")
            values = _listed(kind, spec.field)
            fields[f"fixed_{n}"] = (
                SelectField(label, choices=_choices(values), default="", id=f"fixed-{n}")
                if values
                else StringField(label, id=f"fixed-{n}")
            )
    if kind.column("minutes") is not None:
        class_hours = [SelectChoice("class_hours", _("class hours"))] if kind.class_hour else []
        fields["unit"] = SelectField(
            _("A bare number in the column of durations means"),
            choices=[SelectChoice("minutes", _("minutes")), SelectChoice("hours", _("hours")), *class_hours],
        )
    return cast("type[MappingForm]", type("KindMappingForm", (MappingForm,), fields))


def _listed(kind: Kind, name: str) -> Sequence[Choice]:
    """The closed list of a column, () where it is open."""
    if name == "source":
        return () if kind.sources_open else kind.sources
    return {"type": kind.types, "stage": kind.stages}.get(name, ())


def _choices(values: Sequence[Choice]) -> list[SelectChoice]:
    return [SelectChoice("", "—"), *(SelectChoice(choice.name, choice.name) for choice in values)]


def start_of(
    kind: Kind | None, columns: Mapping[str, str], fixed: Mapping[str, str], **more: object
) -> dict[str, object]:
    """What the form shows at first."""
    found: dict[str, object] = {"kind": kind.code if kind else LEFT_OUT, **more}
    for n, spec in enumerate(columns_of(kind) if kind else ()):
        found[f"column_{n}"], found[f"fixed_{n}"] = columns.get(spec.field, ""), fixed.get(spec.field, "")
    return found
