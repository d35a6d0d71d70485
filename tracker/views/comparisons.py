"""A year's figures beside those of the last, on the same day of each campaign and at its end."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now, today
from tracker.db import db
from tracker.files.own_record import Part, own_record
from tracker.forms.base import ActForm
from tracker.models import Campaign
from tracker.queries.campaigns import campaign_by_code, campaigns, spec_of
from tracker.queries.figures import as_number, figure_values
from tracker.rules.campaign_comparisons import (
    Difference,
    Hindrance,
    Pair,
    compare_values,
    day_of,
    length_of,
    pairs_of,
)
from tracker.rules.campaigns import CampaignSpec
from tracker.rules.figures import FigureValue
from tracker.rules.numbers import number
from tracker.rules.refusal import N_
from tracker.services.audit import record_event
from tracker.views.sheets import sheet_response

bp = Blueprint("comparisons", __name__)
HINDRANCES = {
    Hindrance.UNIT: N_("not comparable: another unit"),
    Hindrance.RULE: N_("not comparable: counted by another rule"),
    Hindrance.LIST: N_("not comparable: a list or a day"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Two campaigns, the earlier first, and the day of each, counted from 1."""

    earlier: Campaign
    later: Campaign
    day: int

    @property
    def specs(self) -> tuple[CampaignSpec, CampaignSpec]:
        return spec_of(self.earlier), spec_of(self.later)


@dataclass(frozen=True, slots=True)
class Line:
    """One pair on the same day, and at both ends."""

    pair: Pair
    then: Difference
    at_end: Difference


def _asked() -> Asked | None:
    """What the address asks for, else the last two campaigns that have begun; None if there are no two."""
    begun = [campaign for campaign in campaigns() if campaign.starts_on <= today()]
    if len(begun) < 2:
        return None
    a = campaign_by_code(request.values.get("a", "")) or begun[1]
    b = campaign_by_code(request.values.get("b", "")) or begun[0]
    earlier, later = sorted((a, b), key=lambda one: (one.starts_on, one.id))
    longest = min(length_of(spec_of(earlier)), length_of(spec_of(later)))
    so_far = max(1, min((today() - later.starts_on).days + 1, longest))
    day = request.values.get("day", type=int) or so_far
    return Asked(earlier, later, max(1, min(day, so_far)))


def _lines(asked: Asked) -> list[Line]:
    earlier, later = asked.specs
    values = {}
    for campaign, spec in ((asked.earlier, earlier), (asked.later, later)):
        days = (day_of(spec, asked.day), spec.ends_on)
        values[campaign.id] = [figure_values(campaign, day) if day <= today() else None for day in days]
    one, other = values[asked.earlier.id], values[asked.later.id]
    return [
        Line(pair, compare_values(pair, one[0], other[0]), compare_values(pair, one[1], other[1]))
        for pair in pairs_of(earlier, later)
    ]


def value_words(value: FigureValue | None) -> str:
    """A value with its unit; an interval, a day or a dash."""
    if value is None:
        return gettext("not over yet")
    if value.date is not None:
        return value.date.isoformat()
    unit = value.figure.unit
    if value.is_interval:
        return f"{number(value.low, 2)}–{number(value.high, 2)}{unit}"
    return "—" if value.value is None else f"{number(value.value, 2)}{unit}"


def difference_words(pair: Pair, difference: Difference) -> str:
    """Later − earlier with its unit, or why there is none."""
    if pair.hindrance is not None:
        return gettext(HINDRANCES[pair.hindrance])
    if difference.by is None:
        is_over = difference.earlier is not None and difference.later is not None
        return gettext("not known exactly") if is_over else "—"
    sign = "+" if difference.by > 0 else "−" if difference.by < 0 else ""
    return f"{sign}{number(abs(difference.by), 2)}{pair.later.unit}"


def _cell(value: FigureValue | None) -> int | float | str | None:
    """A number as a number; else in words, as the page has it."""
    if value is None or value.is_interval or value.date is not None:
        return value_words(value)
    return as_number(value.value)


@bp.get("/campaigns/compare")
@requires(Permission.BUREAU_SEE)
def show() -> str:
    """What can be compared of two campaigns; the rest is named, and never computed."""
    asked = _asked()
    if asked is None:
        return render_template("campaigns/compare.html", asked=None)
    return render_template(
        "campaigns/compare.html",
        asked=asked,
        lines=_lines(asked),
        campaigns=campaigns(),
        days=[day_of(spec, asked.day) for spec in asked.specs],
        value_words=value_words,
        difference_words=difference_words,
        form=ActForm(formdata=None),
        sheet_address=url_for("comparisons.sheet", a=asked.earlier.code, b=asked.later.code, day=asked.day),
    )


@bp.post("/campaigns/compare.xlsx")
@requires(Permission.BUREAU_SEE)
def sheet() -> Response:
    """The same as a workbook. That it was taken is noted."""
    if (asked := _asked()) is None:
        return redirect(url_for("comparisons.show"), 303)
    headings = [gettext("Figure"), gettext("Unit")]
    parts = []
    for title, at_end in ((gettext("Day %(day)s", day=asked.day), False), (gettext("At the end"), True)):
        rows = []
        for line in _lines(asked):
            found = line.at_end if at_end else line.then
            rows.append(
                (line.pair.later.title, line.pair.later.unit, _cell(found.earlier), _cell(found.later),
                 as_number(found.by) if found.by is not None else difference_words(line.pair, found))
            )  # fmt: skip
        columns = (*headings, asked.earlier.name, asked.later.name, gettext("Difference"))
        parts.append(Part(title, columns, tuple(rows), gettext("Nothing can be compared.")))
    record_event(current_user, "campaign:compare", asked.later, now(), with_id=asked.earlier.id)
    db.session.flush()
    return sheet_response(own_record(parts), f"{asked.earlier.code}-{asked.later.code}.xlsx")
