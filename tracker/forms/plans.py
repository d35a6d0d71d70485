"""The shape of a plan, and of the days of the holiday table."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField, closed_choices, listed
from tracker.queries.entries import MemberLine, UnitLine
from tracker.rules.campaigns import Kind
from tracker.rules.days import parse_day
from tracker.rules.plans import PlanFacts, clock_text, names_in, parse_clock, people_named
from tracker.rules.refusal import N_, Refused


@dataclass(frozen=True, slots=True)
class PlanShape:
    """What a plan of a kind may say: for which units, who may lead, which words stood there before."""

    kind: Kind
    units: Sequence[UnitLine]
    members: Sequence[MemberLine]
    words: Mapping[str, list[str]]
    first: dt.date
    last: dt.date

    @property
    def can_be_joint(self) -> bool:
        """Whether several branches may hold one together."""
        return any(unit.key.startswith("branch:") for unit in self.units)


class ClockField(StringField):
    """A time of the day. What a browser's own field could not show again is shown as it was typed."""

    def __call__(self, **kwargs: Any) -> Any:
        """The input; a clock unless something else than a time was typed."""
        try:
            is_time = parse_clock(self.data, "") != 1440
        except Refused:
            is_time = False
        return super().__call__(**({"type": "time", **kwargs} if is_time else kwargs))


def common_fields(shape: PlanShape) -> dict[str, Any]:
    """The fields that a single plan and a series have in common."""
    kind, fields = shape.kind, dict[str, Any]()
    units = listed((unit.key, unit.label) for unit in shape.units)
    if len(units) > 1:
        units = [*listed([("", gettext("Choose"))]), *units]
    fields["owner"] = SelectField(_("Whose"), [Asked()], choices=units, validate_choice=False, id="owner")
    if shape.can_be_joint:
        fields["together"] = StringField(
            _("Together with"), id="together", render_kw={"list": "words-branch"}
        )
    if kind.column("type") and (types := closed_choices(kind, "type")):
        column = kind.column("type")
        offered = listed([("", gettext("Choose")), *((one.name, one.name) for one in types)])
        label = column.heading if column else ""
        fields["type"] = SelectField(label, [Asked()], choices=offered, validate_choice=False, id="type")
    title = kind.column("title")
    fields["title"] = StringField(title.heading if title else _("Title"), [Asked()], id="title")
    fields["begins"] = ClockField(_("Begins at"), id="begins")
    fields["ends"] = ClockField(_("Ends at"), id="ends")
    place = kind.column("place")
    fields["place"] = StringField(
        place.heading if place else _("Place"), id="place", render_kw={"list": "words-place"}
    )
    fields["note"] = StringField(_("What to know beforehand"), id="note")
    return fields


def plan_form(shape: PlanShape, **filled: Any) -> Any:
    """The form of a single plan; `filled` is what it holds before anybody typed."""
    common = common_fields(shape)
    bounds = {"min": shape.first.isoformat(), "max": shape.last.isoformat()}
    first = ("owner", "together", "type", "title")
    fields: dict[str, Any] = {name: common.pop(name) for name in first if name in common}
    fields["happens_on"] = DayField(_("Day"), [Asked()], id="happens_on", render_kw=bounds)
    fields |= common
    fields["lead"] = StringField(_("Lead learner"), id="lead", render_kw={"list": "words-member"})
    fields["version"], fields["warned"] = VersionField(), HiddenField()
    form = type("PlanForm", (TrackerForm,), fields)
    return form(data={name: value for name, value in filled.items() if name in fields})


def day_typed(form: Any, field: str = "happens_on") -> dt.date:
    """The day in a field. Raises Refused beside it."""
    try:
        return parse_day(form[field].data)
    except Refused as refusal:
        raise Refused(refusal.msgid, field, **refusal.params) from None


def said_in(form: Any, name: str) -> str | None:
    """What a field says on one line, None for a blank and where the form has no such field."""
    return " ".join((form[name].data or "").split()) or None if name in form._fields else None


def unit_chosen(form: Any, shape: PlanShape) -> UnitLine:
    """The unit that answers for it. Raises Refused if none of those offered was chosen."""
    unit = next((one for one in shape.units if one.key == form["owner"].data), None)
    if unit is None:
        raise Refused(N_("Choose whose it is."), "owner")
    return unit


def names_together(form: Any) -> list[str]:
    """The further organisers as they were typed, to be looked up."""
    return names_in(form["together"].data) if "together" in form._fields else []


def organisers_of(form: Any, shape: PlanShape, branches: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    """Ids of the organisers, the first answering for it. branches: name -> ids of those called so."""
    unit = unit_chosen(form, shape)
    names = [name for name in names_together(form) if name != unit.name]
    if names and not unit.key.startswith("branch:"):
        raise Refused(N_("Only branches hold one together; leave this empty."), "together")
    found = [int(unit.key.partition(":")[2])]
    for name in names:
        ids = branches.get(name, ())
        if len(ids) != 1:
            raise Refused(N_("There is no branch called %(name)s."), "together", name=name)
        found.append(ids[0])
    return tuple(found)


def lead_in(form: Any, members: Iterable[MemberLine]) -> int | None:
    """The lead learner who was typed. Raises Refused for several, and for nobody whom the list has."""
    ids = people_named(form["lead"].data, members)
    if len(ids) > 1:
        raise Refused(N_("Name one lead learner."), "lead")
    return ids[0] if ids else None


def common_facts(form: Any) -> dict[str, Any]:
    """What the common fields say, as PlanFacts has it. Raises Refused beside a time that is none."""
    return {
        "type": said_in(form, "type"), "title": said_in(form, "title") or "", "place": said_in(form, "place"),
        "note": said_in(form, "note"), "from_minute": parse_clock(form["begins"].data, "begins"),
        "to_minute": parse_clock(form["ends"].data, "ends"),
    }  # fmt: skip


def facts_of(form: Any, shape: PlanShape, branches: Mapping[str, Sequence[int]]) -> PlanFacts:
    """What the form says. Raises Refused beside the first field that says nothing that can be."""
    return PlanFacts(
        happens_on=day_typed(form),
        unit_ids=organisers_of(form, shape, branches),
        lead_id=lead_in(form, shape.members),
        **common_facts(form),
    )


def filled_common(plan: Any) -> dict[str, str]:
    """What the common fields hold that say this plan."""
    first = plan.organisers[0].unit
    return {
        "owner": f"{'bureau' if first.level == 'committee' else first.level}:{first.id}",
        "together": "、".join(one.unit.name for one in plan.organisers[1:]),
        "type": plan.type or "", "title": plan.title, "place": plan.place or "", "note": plan.note or "",
        "begins": clock_text(plan.from_minute), "ends": clock_text(plan.to_minute),
    }  # fmt: skip


class CancellationForm(TrackerForm):
    """Why a plan does not take place. `version` is the one that was seen."""

    why = StringField(_("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="why")
    version = VersionField()


class PlanActForm(TrackerForm):
    """A button on a plan as it was seen. record: of the record that says that it was held."""

    version = VersionField()
    record = HiddenField()
