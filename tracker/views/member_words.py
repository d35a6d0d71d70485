"""Words for what was done about a member."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask_babel import gettext

from tracker.filters import day_words
from tracker.queries.memberships import MemberEvent


def unit_ids(events: list[MemberEvent]) -> set[int]:
    """The branches and groups that moves speak of."""
    keys = ("from_branch_id", "from_group_id", "to_branch_id", "to_group_id")
    found = {one.event.detail.get(key) for one in events for key in keys}
    return {id_ for id_ in found if id_ is not None}


def event_said(one: MemberEvent, names: Mapping[int, str]) -> str:
    """One act in a sentence. names: of the units that the reader keeps; others are "another branch"."""
    detail = one.event.detail
    match one.event.action:
        case "member:move":
            return gettext(
                "Moved from %(origin)s to %(target)s, from %(day)s",
                origin=_place(detail, "from", names),
                target=_place(detail, "to", names),
                day=_day(detail.get("on")),
            )
        case "member:exempt" if detail.get("ends_on"):
            return gettext(
                "Exempt from %(day)s until before %(end)s",
                day=_day(detail.get("starts_on")),
                end=_day(detail.get("ends_on")),
            )
        case "member:exempt":
            return gettext("Exempt from %(day)s", day=_day(detail.get("starts_on")))
        case "member:end_exemption":
            return gettext("Counted again from %(day)s", day=_day(detail.get("ends_on")))
        case _:
            return gettext("Duty changed")


def _place(detail: Mapping[str, int | None], which: str, names: Mapping[int, str]) -> str:
    branch = names.get(detail.get(f"{which}_branch_id") or 0)
    if branch is None:
        return gettext("another branch")
    group = names.get(detail.get(f"{which}_group_id") or 0)
    return f"{branch} · {group}" if group else branch


def _day(text: str | None) -> str:
    return day_words(dt.date.fromisoformat(text)) if text else "—"
