"""The shape of a series, of its change from a day on, and of its end."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.forms.entries import Asked, DayField, listed
from tracker.forms.plans import PlanShape, common_facts, common_fields, day_typed, organisers_of
from tracker.models import Every
from tracker.rules.plans import PlanFacts, people_named
from tracker.rules.refusal import N_, Refused
from tracker.services.series import Rhythm

EVERY: dict[Every, str] = {
    Every.WEEK: N_("Every week"),
    Every.TWO_WEEKS: N_("Every two weeks"),
    Every.MONTH: N_("Once a month"),
}
WEEKDAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
# What the form of a change asks: days and organisers stay as they were planned.
CHANGED = ("type", "title", "begins", "ends", "place", "note")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form of a series says. facts: its day is the first that may be one."""

    facts: PlanFacts
    rhythm: Rhythm
    lead_ids: list[int]


def series_form(shape: PlanShape, **filled: Any) -> Any:
    """The form of a new series; `filled` is what it holds before anybody typed."""
    common = common_fields(shape)
    bounds = {"min": shape.first.isoformat(), "max": shape.last.isoformat()}
    first = ("owner", "together", "type", "title")
    fields: dict[str, Any] = {name: common.pop(name) for name in first if name in common}
    every = listed((str(one), gettext(words)) for one, words in EVERY.items())
    days = listed((str(n), gettext(words)) for n, words in enumerate(WEEKDAYS))
    fields["every"] = SelectField(_("How often"), [Asked()], choices=every, validate_choice=False, id="every")
    fields["weekday"] = SelectField(_("On"), [Asked()], choices=days, validate_choice=False, id="weekday")
    fields["begins_on"] = DayField(_("From"), [Asked()], id="begins_on", render_kw=bounds)
    fields["until"] = DayField(_("Until"), [Asked()], id="until", render_kw=bounds)
    fields |= common
    fields["leads"] = StringField(_("Lead learners, in turn"), id="leads", render_kw={"list": "words-member"})
    fields["seen"] = HiddenField()
    form = type("SeriesForm", (TrackerForm,), fields)
    return form(data={name: value for name, value in filled.items() if name in fields})


def read_series(form: Any, shape: PlanShape, branches: Mapping[str, Sequence[int]]) -> Typed:
    """What the form says. Raises Refused beside the first field that says nothing that can be."""
    if form.every.data not in set(Every) or form.weekday.data not in {str(n) for n in range(7)}:
        raise Refused(
            N_("Choose from the list."), "every" if form.every.data not in set(Every) else "weekday"
        )
    rhythm = Rhythm(
        Every(form.every.data), int(form.weekday.data), day_typed(form, "begins_on"), day_typed(form, "until")
    )
    facts = PlanFacts(
        happens_on=rhythm.starts_on, unit_ids=organisers_of(form, shape, branches), **common_facts(form)
    )
    return Typed(facts, rhythm, people_named(form.leads.data, shape.members, "leads"))


def digest_of_days(typed: Typed, days: Sequence[Any]) -> str:
    """What tells whether these very days were shown for these very words."""
    return hashlib.sha256(repr((typed, tuple(days))).encode()).hexdigest()


def change_form(shape: PlanShape, **filled: Any) -> Any:
    """The form that changes a series from a day on."""
    common = common_fields(shape)
    bounds = {"min": shape.first.isoformat(), "max": shape.last.isoformat()}
    fields: dict[str, Any] = {
        "from_on": DayField(_("From which day on"), [Asked()], id="from_on", render_kw=bounds)
    }
    fields |= {name: common[name] for name in CHANGED if name in common}
    fields["leads"] = StringField(_("Lead learners, in turn"), id="leads", render_kw={"list": "words-member"})
    fields["version"] = VersionField()
    form = type("SeriesChangeForm", (TrackerForm,), fields)
    return form(data={name: value for name, value in filled.items() if name in fields})


class EndForm(TrackerForm):
    """From which day on a series is no more, and why."""

    end_on = DayField(_("None any more from"), [Asked()], id="end_on")
    why = StringField(
        _("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="end-why"
    )
    version = VersionField()
