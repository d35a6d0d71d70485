"""What a reader of the ledger may choose, and the form of a reversal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length

from tracker.forms.base import TrackerForm, VersionField
from tracker.models import Status, Unit
from tracker.queries.record_filters import SORTS, RecordFilter
from tracker.rules.campaigns import CampaignSpec

LONGEST_SEARCH = 100
UNIT_KEYS = ("unit", "branch", "section", "group")


class ReversalForm(TrackerForm):
    """Why a record, or one attendance in it, shall no longer count. `version` is the one that was seen."""

    why = StringField(_("Reason"), [InputRequired(_("Say why, in a few words.")), Length(max=400)], id="why")
    version = VersionField()


class WithdrawalForm(TrackerForm):
    """The button that takes a record back. `version` is the one that was seen, `next` where it stood."""

    version = VersionField()
    next = HiddenField()


def read_day(text: str | None) -> dt.date | None:
    """A day from an address, None if it is none."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def read_id(text: str | None) -> int | None:
    """An id from an address, None if it is none that a database could hold."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) <= 15 else None


def read_text(text: str | None) -> str:
    """What was typed into a search field: one line without control characters, cut where it gets absurd."""
    plain = "".join(char if char.isprintable() else " " for char in text or "")
    return " ".join(plain.split())[:LONGEST_SEARCH]


def read_page(text: str | None) -> int:
    """A page number, 1 if it is none."""
    return read_id(text) or 1


def read_sort(text: str | None, sorts: Collection[str], default: str) -> str:
    """An order such as 'day' or '-day', the default if it is none of `sorts`."""
    return text if text and text.removeprefix("-") in sorts else default


def unit_id_asked(args: Mapping[str, str]) -> int | None:
    """The branch, section or group that an address asks for."""
    return next((found for key in UNIT_KEYS if (found := read_id(args.get(key)))), None)


def read_filter(args: Mapping[str, str], spec: CampaignSpec, day: dt.date, unit: Unit | None) -> RecordFilter:
    """The reader's choices from an address. What makes no sense is as if it had not been chosen.

    day:  as of which a figure is asked.
    unit: what `unit_id_asked` was found to be, if the reader may see it.
    """
    status = args.get("status", "")
    kind = args.get("kind", "")
    return RecordFilter(
        day=day,
        kind=kind if any(one.code == kind for one in spec.kinds) else None,
        unit=unit,
        type=read_text(args.get("type")) or None,
        stage=read_text(args.get("stage")) or None,
        status=Status(status) if status in set(Status) else None,
        since=read_day(args.get("since")),
        until=read_day(args.get("until")),
        text=read_text(args.get("q")),
        is_late=args.get("late") == "1",
        figure=spec.figure(args.get("figure", "")),
        sort=read_sort(args.get("sort"), SORTS, "-day"),
        page=read_page(args.get("page")),
    )


def as_args(chosen: RecordFilter) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page."""
    found: dict[str, Any] = {
        "figure": chosen.figure.id if chosen.figure else None,
        "as_of": chosen.day.isoformat() if chosen.figure else None,
        "kind": chosen.kind,
        "unit": chosen.unit.id if chosen.unit else None,
        "type": chosen.type,
        "stage": chosen.stage,
        "status": str(chosen.status) if chosen.status else None,
        "since": chosen.since.isoformat() if chosen.since else None,
        "until": chosen.until.isoformat() if chosen.until else None,
        "q": chosen.text or None,
        "late": "1" if chosen.is_late else None,
        "sort": chosen.sort if chosen.sort != "-day" else None,
    }
    return {key: value for key, value in found.items() if value is not None}
