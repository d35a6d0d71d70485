"""A figure of the office's own: what may be chosen of one kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, Field, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its types
from wtforms.validators import Length
from wtforms.validators import Optional as MayBeBlank
from wtforms.widgets import CheckboxInput, ListWidget

from tracker.forms.base import ActForm, TrackerForm, VersionField
from tracker.forms.entries import DayField
from tracker.forms.records import read_day
from tracker.rules.campaign_counts import OWN, UNIT_LEVELS
from tracker.rules.campaigns import Kind, Measure, Reduce, Scope
from tracker.rules.own_figure_checks import is_plain
from tracker.rules.own_figure_offers import (
    EACH,
    divisor_for,
    filters_of,
    known_words,
    measures_of,
    reduces_of,
    scopes_of,
    unit_for,
)
from tracker.rules.refusal import N_
from tracker.rules.wording import OWNERS

ONLY, WITHOUT = "where", "where_not"
HOW = {ONLY: N_("Only those chosen here"), WITHOUT: N_("All but those chosen here")}
FREE = ("place", "title")  # filters that are written, one a line
LONGEST_WRITTEN, LONGEST_NUMBER = 12_000, 10
MEASURES: dict[Measure, str] = {
    Measure.RECORDS: N_("Rows: how many there are"),
    Measure.MINUTES: N_("Time of the rows"),
    Measure.PERSON_MINUTES: N_("Time of the people: each person's, added up"),
    Measure.QUANTITY: N_("Quantities, added up"),
    Measure.PEOPLE_SERVED: N_("People served, added up"),
    Measure.PARTICIPATIONS: N_("Attendances (人次): who came three times counts three times"),
    Measure.PERSONS: N_("People (人数): each once"),
    Measure.SUBJECTS: N_("Subjects: each code once"),
    Measure.CATEGORIES: N_("Different categories"),
    Measure.COMMUNITIES: N_("Different communities"),
    Measure.BRANCHES: N_("Different branches"),
    Measure.STORIES: N_("Stories told: each once"),
    Measure.MEMBERS: N_("Members on the roster"),
    Measure.UNITS: N_("Branches, groups or sections"),
}
SCOPES: dict[Scope, str] = {
    Scope.BUREAU: N_("The whole bureau at once"),
    Scope.MEMBER: N_("Each member"),
    Scope.GROUP: N_("Each party group"),
    Scope.BRANCH: N_("Each branch"),
    Scope.SECTION: N_("Each section"),
}
REDUCES: dict[str, str] = {
    Reduce.SUM: N_("The total"),
    EACH: N_("Each of them listed"),
    Reduce.MIN: N_("The smallest"),
    Reduce.MAX: N_("The largest"),
    Reduce.MEAN: N_("The mean"),
    Reduce.COUNT_REACHED: N_("How many have reached the target"),
    Reduce.SHARE_REACHED: N_("What per cent have reached the target"),
    Reduce.FORECAST_DATE: N_("On which day the slowest reaches the target"),
}
FILTERS = {
    "type": _("Type"),
    "category": _("Category"),
    "source": _("Source"),
    "stage": _("Stage"),
    "community": _("Community"),
    "owner_type": _("Whose rows"),
    "place": _("Place"),
    "title": _("Title"),
}


def _one_line(text: str | None) -> str:
    plain = "".join(char if char.isprintable() else " " for char in text or "")
    return " ".join(plain.split())


def _lines(text: str | None) -> str:
    """Lines without what no page can show again; a wide blank of the ledger stays."""
    lines = ("".join(char for char in line if is_plain(char)) for line in (text or "").splitlines())
    return "\n".join(line.strip() for line in lines)


class Ticks(SelectMultipleField):
    """Boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class WithdrawForm(ActForm):
    """The button that withdraws a figure. `version` is the one that was seen."""

    version = VersionField()


class OwnFigureForm(TrackerForm):
    """Base of the forms below."""

    version = VersionField(validators=[MayBeBlank()])
    title = StringField(_("Name of the figure"), id="title", filters=[_one_line])
    code = StringField(_("Code"), id="code", filters=[_one_line])
    unit = StringField(_("Unit"), id="unit", filters=[_one_line])

    def filters(self) -> list[tuple[str, Field, Field]]:
        """(key, field of how, field of which) of every filter, in the order of the page."""
        return [
            (name.removeprefix("how_"), field, self[f"words_{name.removeprefix('how_')}"])
            for name, field in self._fields.items()
            if name.startswith("how_")
        ]

    def words(self, kind: Kind | None) -> dict[str, Any]:
        """What was chosen, in the words of the campaign file; what was left to the tracker is filled in."""
        measure = self["measure"].data or ""
        code = self.code.data or ""
        found: dict[str, Any] = {
            "id": f"{OWN}{code}" if code else "",
            "title": (self.title.data or ""),
            "kind": kind.code if kind else None,
            "measure": measure,
            "over": self._over(),
            "unit": (self.unit.data or ""),
        }
        if kind is not None:
            found |= self._counted(kind)
        elif not found["unit"] and measure in measures_of(None):
            found["unit"] = unit_for(Measure(measure), Reduce.SUM, Scope.BUREAU)
        return {key: value for key, value in found.items() if value or key in ("id", "title", "unit")}

    def _over(self) -> dict[str, Any]:
        over: dict[str, Any] = {"eligible": self["eligible"].data}
        for name in ("category", "standing"):
            over[name] = list(self[name].data or []) if name in self else []
        over["level"] = self["level"].data if "level" in self else None
        return {key: value for key, value in over.items() if value}

    def _counted(self, kind: Kind) -> dict[str, Any]:
        scope, reduce = self["scope"].data or Scope.BUREAU, self["reduce"].data or Reduce.SUM
        found: dict[str, Any] = {ONLY: {}, WITHOUT: {}, "scope": scope, "reduce": reduce}
        for key, how, which in self.filters():
            written = which.data or ""
            words = list(dict.fromkeys(written.splitlines() if key in FREE else written))
            if words := [word for word in words if word]:
                found[WITHOUT if how.data == WITHOUT else ONLY][key] = words
        if reduce == EACH:
            found |= {"reduce": Reduce.SUM, "by": scope}
        for name in ("target", "divide_by"):
            found[name] = _number(self[name].data)
        if day := read_day(self["starts_on"].data or ""):
            found["starts_on"] = day.isoformat()
        measure = next((one for one in measures_of(kind) if one == self["measure"].data), None)
        if measure is not None:
            known = next((one for one in Scope if one == scope), Scope.BUREAU)
            unit = (self.unit.data or "") or unit_for(measure, reduce, known)
            found["unit"] = unit
            found["divide_by"] = found["divide_by"] or divisor_for(measure, unit, kind)
        return found

    def is_read(self) -> bool:
        """Whether what is written as a number or a day is one; where not, it is said beside the field."""
        faults = [
            (self[name], _("Write a whole number above 0."))
            for name in ("target", "divide_by")
            if name in self and (self[name].data or "") and _number(self[name].data) is None
        ]
        if "starts_on" in self and (text := (self["starts_on"].data or "")) and read_day(text) is None:
            faults.append((self["starts_on"], _("This is not a day.")))
        for field, said in faults:
            field.errors = [*field.errors, said]
        return not faults

    def at_fault(self, name: str | None) -> Field | None:
        """The field beside which a refusal is told."""
        name = "eligible" if name == "over" else name
        return self[name] if name and name in self else None


def own_figure_form(
    kind: Kind | None, used: Mapping[str, Sequence[str]], sorts: Mapping[str, Sequence[str]]
) -> type[OwnFigureForm]:
    """The form for a kind, or for the roster.

    used:  words of the ledger's open columns: category, community, source.
    sorts: words of the roster: category, standing.
    """
    fields: dict[str, Any] = {
        "measure": _select(_("What is counted"), "measure", measures_of(kind), MEASURES),
        "eligible": BooleanField(_("Leave out members with an exemption"), id="eligible"),
    }
    if kind is None:
        levels = [("", "—"), *((level, OWNERS[level]) for level in UNIT_LEVELS)]
        fields["level"] = _select(_("Which units"), "level", [one for one, _word in levels], dict(levels))
    else:
        fields |= _of_kind(kind, used)
    for name, label in (
        ("category", _("Only members of category")),
        ("standing", _("Only members of standing")),
    ):
        if sorts.get(name):
            fields[name] = _ticks(label, name, sorts[name])
    return cast("type[OwnFigureForm]", type("OwnFigureOfKindForm", (OwnFigureForm,), fields))


def _of_kind(kind: Kind, used: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    scopes = [one for one in Scope if any(one in scopes_of(kind, measure) for measure in measures_of(kind))]
    reduces = {
        one
        for measure in measures_of(kind)
        for scope in scopes_of(kind, measure)
        for one in reduces_of(kind, measure, scope)
    }
    fields: dict[str, Any] = {
        "scope": _select(_("Taken for"), "scope", [one for one in SCOPES if one in scopes], SCOPES),
        "reduce": _select(_("What is shown"), "reduce", [one for one in REDUCES if one in reduces], REDUCES),
        "target": StringField(_("Target"), id="target", filters=[_one_line]),
        "divide_by": StringField(_("Divided by"), id="divide-by", filters=[_one_line]),
        "starts_on": DayField(_("Only rows from"), id="starts-on", filters=[_one_line]),
    }
    for key in filters_of(kind):
        fields[f"how_{key}"] = _select(FILTERS[key], f"how-{key}", list(HOW), HOW)
        if key in FREE:
            length = Length(max=LONGEST_WRITTEN)
            fields[f"words_{key}"] = TextAreaField(
                FILTERS[key], [length], id=f"words-{key}", filters=[_lines]
            )
        else:
            sources = [one.name for one in kind.sources] if key == "source" else []
            words = known_words(kind, key) or list(dict.fromkeys([*sources, *used.get(key, ())]))
            told = OWNERS if key == "owner_type" else None
            fields[f"words_{key}"] = _ticks(FILTERS[key], f"words-{key}", words, told)
    return fields


def _select(label: Any, name: str, values: Sequence[str], words: Mapping[Any, str]) -> Any:
    choices = [SelectChoice(str(value), _(words[value])) for value in values]
    return SelectField(label, choices=choices, id=name, validate_choice=False)  # the rules have a sentence


def _ticks(label: Any, name: str, values: Sequence[str], words: Mapping[str, str] | None = None) -> Any:
    choices = [SelectChoice(value, _(words[value]) if words else value) for value in values]
    return Ticks(label, choices=choices, id=name, validate_choice=False)


def data_of(words: Mapping[str, Any], **more: object) -> dict[str, object]:
    """What the form shows at first, of a figure in the words of the campaign file."""
    over = words.get("over", {})
    found: dict[str, object] = {
        "title": words.get("title", ""), "code": str(words.get("id", "")).removeprefix(OWN),
        "measure": words.get("measure"), "scope": words.get("scope", str(Scope.BUREAU)),
        "reduce": EACH if words.get("by") else words.get("reduce", str(Reduce.SUM)),
        "target": str(words.get("target", "")), "divide_by": str(words.get("divide_by", "")),
        "unit": words.get("unit", ""), "starts_on": words.get("starts_on", ""),
        "eligible": over.get("eligible", False), "category": over.get("category", []),
        "standing": over.get("standing", []), "level": over.get("level", ""),
    }  # fmt: skip
    kept, dropped = words.get(ONLY, {}), words.get(WITHOUT, {})
    for key in FILTERS:
        if key in kept:
            how, chosen = ONLY, [word for word in kept[key] if word not in dropped.get(key, [])]
        else:
            how, chosen = (WITHOUT if key in dropped else ONLY), dropped.get(key, [])
        found[f"how_{key}"] = how
        found[f"words_{key}"] = "\n".join(chosen) if key in FREE else chosen
    return {**found, **more}


def _number(text: str | None) -> int | None:
    text = text or ""
    is_number = text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER
    return int(text) or None if is_number else None
