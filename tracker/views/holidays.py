"""The table of holidays: by year, filled from the announcements that the program knows, changed by hand."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, may, requires
from tracker.clock import now, today
from tracker.forms.base import ActForm
from tracker.forms.holidays import FillForm, HolidayForm
from tracker.forms.records import read_id
from tracker.models import DaySort
from tracker.queries.holidays import days_of_year, holiday_by_id
from tracker.rules.calendars import FIRST_YEAR, LAST_YEAR
from tracker.rules.days import parse_day
from tracker.rules.refusal import Refused
from tracker.services import holidays as services
from tracker.views import plan_words as words
from tracker.views.entry_forms import say, tell

bp = Blueprint("holidays", __name__)


def _year_asked(text: str | None) -> int:
    year = read_id(text)
    return year if year and FIRST_YEAR <= year <= LAST_YEAR else today().year


def _page(year: int, form: Any = None, unknown: str = "") -> str:
    rows = days_of_year(year)
    return render_template(
        "holidays/index.html",
        year=year,
        rows=[row for row in rows if row.sort is not DaySort.ORDINARY],
        taken_out=[row for row in rows if row.sort is DaySort.ORDINARY],
        form=form or HolidayForm(formdata=None),
        fill=FillForm(formdata=None, year=str(year)),
        act=ActForm(formdata=None),
        unknown=unknown,
        may_write=may(Permission.HOLIDAY_WRITE),
        words=words,
    )


@bp.get("/holidays")
@requires(Permission.HOLIDAY_SEE)
def index() -> str:
    """The days of a year that are not what their weekday says."""
    return _page(_year_asked(request.args.get("year")))


@bp.post("/holidays/fill")
@requires(Permission.HOLIDAY_WRITE)
def fill() -> Response | tuple[str, int]:
    """Fill a year; what was changed by hand stays."""
    year = _year_asked(FillForm().year.data)
    try:
        count = services.fill_year(year, by=current_user, at=now())
    except Refused as refusal:
        return _page(year, unknown=say(refusal)), 422
    said = gettext("%(count)s days of %(year)s written.", count=count, year=year)
    flash(said if count else gettext("The table of %(year)s is complete already.", year=year), "success")
    return redirect(url_for("holidays.index", year=year), 303)


@bp.post("/holidays/days")
@requires(Permission.HOLIDAY_WRITE)
def save() -> Response | tuple[str, int]:
    """Say by hand what a day is."""
    form = HolidayForm()
    form.validate()
    try:
        try:
            day = parse_day(form.day.data)
        except Refused as refusal:
            raise Refused(refusal.msgid, "day", **refusal.params) from None
        if form.sort.errors:
            return _page(day.year, form), 422
        row = services.save_day(day, DaySort(form.sort.data), form.name.data or "", by=current_user, at=now())
    except Refused as refusal:
        tell(form, refusal.field, say(refusal))
        return _page(_year_asked((form.day.data or "")[:4]), form), 422
    flash(gettext("Written by hand; filling the year leaves it as it is."), "success")
    return redirect(url_for("holidays.index", year=row.day.year), 303)


@bp.post("/holidays/<int(max=9007199254740991):holiday_id>/drop")
@requires(Permission.HOLIDAY_WRITE)
def drop(holiday_id: int) -> Response:
    """Take a day out of the table; it is an ordinary day then."""
    row = holiday_by_id(holiday_id) or abort(404)
    services.drop_day(row, by=current_user, at=now())
    flash(gettext("Taken out: it is an ordinary day now."), "success")
    return redirect(url_for("holidays.index", year=row.day.year), 303)
