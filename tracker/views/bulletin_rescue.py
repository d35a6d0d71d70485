"""The words of a bulletin whose writer had to sign in again before they were saved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from flask import flash, url_for
from flask_babel import gettext

from tracker.clock import today
from tracker.forms.records import read_day, read_id
from tracker.models import Bulletin, User
from tracker.queries.bulletin_access import draft_for
from tracker.rules.refusal import Refused
from tracker.services.bulletins import change_bulletin, draft_bulletin


def keep_bulletin(user: User, fields: Mapping[str, str], at: dt.datetime) -> str | None:
    """Save what the form held: in the draft, or in one of its own where somebody saved or issued that one
    meanwhile. Returns the address of the draft; None if it cannot be kept."""
    bulletin_id, as_of = read_id(fields.get("bulletin")), read_day(fields.get("as_of"))
    bulletin = draft_for(user, bulletin_id) if bulletin_id else None
    if bulletin is None or as_of is None:
        return None
    version = read_id(fields.get("version")) or 0
    try:
        kept = _kept(bulletin, version, fields, as_of, user, at) or _apart(bulletin, fields, as_of, user, at)
    except Refused:
        return None
    return url_for("bulletins.show", bulletin_id=kept.id)


def _kept(
    bulletin: Bulletin, version: int, fields: Mapping[str, str], as_of: dt.date, user: User, at: dt.datetime
) -> Bulletin | None:
    """The draft with the words in it; None if it is not what the writer saw."""
    if not bulletin.is_draft or bulletin.version != version:
        return None
    _write(bulletin, version, fields, as_of, user, at)
    flash(gettext("You were signed out meanwhile. What you wrote is saved."), "success")
    return bulletin


def _apart(
    bulletin: Bulletin, fields: Mapping[str, str], as_of: dt.date, user: User, at: dt.datetime
) -> Bulletin:
    made = draft_bulletin(bulletin.campaign, bulletin.template, as_of=as_of, today=today(), by=user, at=at)
    _write(made, made.version, fields, as_of, user, at)
    flash(
        gettext("Somebody changed the draft while you were signed out. Your words are a draft of their own."),
        "warning",
    )
    return made


def _write(
    bulletin: Bulletin, version: int, fields: Mapping[str, str], as_of: dt.date, user: User, at: dt.datetime
) -> None:
    change_bulletin(
        bulletin, version, title=fields.get("title", ""), text=fields.get("text", ""), as_of=as_of,
        today=today(), by=user, at=at,
    )  # fmt: skip
