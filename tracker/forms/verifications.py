"""What a verifier may choose, and the forms of deciding and of taking it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, TextAreaField
from wtforms.validators import Length

from tracker.forms.base import TrackerForm
from tracker.forms.records import read_day, read_id, read_page, read_text
from tracker.models import Campaign
from tracker.queries.verifications import QueueFilter

LONGEST_REASON = 400
ENDINGS = "。．.；;，, "


class DecisionForm(TrackerForm):
    """What to do with the chosen records. Only giving back asks for a reason: a kept one, own words, or both.

    The chosen ones come as `seen` fields beside it, see `read_seen`.
    """

    act = StringField()
    kept = StringField(_("Reason"), [Length(max=LONGEST_REASON)], id="kept")
    why = TextAreaField(_("In your own words"), [Length(max=LONGEST_REASON)], id="why")
    back = StringField()  # "record" where it was decided on the record's own page

    def reason(self) -> str:
        """The reason as it is kept, '' if there is none."""
        kept, why = ((field.data or "").strip() for field in (self.kept, self.why))
        if kept and why and kept != why:
            return gettext("%(reason)s; %(more)s", reason=kept.rstrip(ENDINGS), more=why)
        return why or kept


class UndoForm(TrackerForm):
    """The button that takes the last act back. `moment` names the act."""

    moment = StringField()


def read_moment(text: str | None) -> dt.datetime | None:
    """The moment that names an act, None if it is none."""
    try:
        moment = dt.datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def read_seen(texts: Iterable[str]) -> list[tuple[int, int]]:
    """The chosen records as (id, version); what is no such pair is left out."""
    found = []
    for text in texts:
        id_, version = (read_id(part) for part in (text.partition(":")[0], text.partition(":")[2]))
        if id_ is not None and version is not None:
            found.append((id_, version))
    return found


def read_queue(
    args: Mapping[str, str], campaign: Campaign, branch_id: int | None, group_id: int | None, is_office: bool
) -> QueueFilter:
    """The verifier's choices from an address. What makes no sense is as if it had not been chosen.

    branch_id, group_id: what the address asks for, if the verifier may see it.
    """
    kinds = {kind.code: kind.id for kind in campaign.kinds}
    return QueueFilter(
        kind_id=kinds.get(args.get("kind", "")),
        branch_id=branch_id,
        group_id=group_id,
        text=read_text(args.get("q")),
        since=read_day(args.get("since")),
        until=read_day(args.get("until")),
        needs_office=is_office and args.get("all") != "1",
        is_whole=args.get("whole") == "1",
        page=read_page(args.get("page")),
    )


def as_args(chosen: QueueFilter, campaign: Campaign, is_office: bool) -> dict[str, Any]:
    """The choices as they stand in an address again, without the page and its length."""
    codes = {kind.id: kind.code for kind in campaign.kinds}
    found: dict[str, Any] = {
        "kind": codes[chosen.kind_id] if chosen.kind_id else None,
        "branch": chosen.branch_id,
        "group": chosen.group_id,
        "q": chosen.text or None,
        "since": chosen.since.isoformat() if chosen.since else None,
        "until": chosen.until.isoformat() if chosen.until else None,
        "all": "1" if is_office and not chosen.needs_office else None,
    }
    return {key: value for key, value in found.items() if value is not None}
