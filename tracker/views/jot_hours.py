"""The short form of one kind of hours: its days, and the durations that are picked by a tap."""

from __future__ import annotations

import datetime as dt

from flask_babel import gettext

from tracker.clock import today
from tracker.filters import minutes, short_day
from tracker.forms import jots as forms
from tracker.models import Campaign, Record
from tracker.rules.campaigns import Kind

DURATIONS = (30, 45, 60, 90, 120)
CLASS_HOURS = (1, 2, 3, 4)


def hours_form(kind: Kind, campaign: Campaign, last: Record | None) -> type[forms.JotForm]:
    """The form's class. last: what the member entered last of this kind; one may pick its duration."""
    usual = [n * kind.counts_in for n in CLASS_HOURS] if kind.counts_in else DURATIONS
    steps = sorted({*usual, *([last.minutes] if last and last.minutes else [])})
    return forms.hours_form(
        kind, _days(campaign), [(str(step), minutes(step, kind.counts_in)) for step in steps]
    )


def _days(campaign: Campaign) -> list[tuple[str, str]]:
    """Today and yesterday as far as they lie in the campaign, each with its label."""
    latest = min(today(), campaign.ends_on)
    labels = {
        today(): gettext("Today %(day)d", day=today().day),
        today() - dt.timedelta(days=1): gettext(
            "Yesterday %(day)d", day=(today() - dt.timedelta(days=1)).day
        ),
    }
    found = []
    for day in (latest, latest - dt.timedelta(days=1)):
        if day >= campaign.starts_on:
            found.append((day.isoformat(), labels.get(day) or short_day(day)))
    return found
