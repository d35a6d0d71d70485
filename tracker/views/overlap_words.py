"""What may be the same time, in words: to the member who notes it, then to whoever verifies it."""

from __future__ import annotations

import hashlib

from flask_babel import gettext

from tracker.filters import minutes, short_day
from tracker.forms.jots import JotForm
from tracker.models import Campaign
from tracker.queries.overlaps import Attended, attended
from tracker.rules.campaigns import Kind
from tracker.rules.ledger_entries import Entry


def what_words(one: Attended) -> str:
    """What was attended, with its time where there is one."""
    if one.minutes is None:
        return gettext("“%(what)s”", what=one.what)
    return gettext("“%(what)s”, %(time)s", what=one.what, time=minutes(one.minutes))


def is_asked(form: JotForm, kind: Kind, campaign: Campaign, entry: Entry) -> bool:
    """Whether the hours may be noted: nothing was attended that day, or the member was asked about it.

    Otherwise `form.overlap` holds the question, and the next button notes the same hours.
    """
    if entry.member_id is None or not entry.is_dated:
        return True
    day = (entry.member_id, entry.happened_on)
    there = attended(campaign, kind, {day}).get(day, [])
    if not there:
        return True
    told = f"{entry.happened_on.isoformat()} {[one.record_id for one in there]}"
    digest = hashlib.sha256(told.encode()).hexdigest()
    if form.advised.data == digest:
        return True
    form.advised.data = digest
    form.overlap = gettext(  # type: ignore[attr-defined]  # for the template
        "On %(day)s you attended %(what)s. Is this time beside it? If so, save once more; if not, change it.",
        day=short_day(entry.happened_on), what=gettext("; ").join(what_words(one) for one in there),
    )  # fmt: skip
    return False
