"""What people want lifted off them."""

from __future__ import annotations

import datetime as dt

from tracker.db import db
from tracker.models import Suggestion, User
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event

LONGEST = 2000


def add_suggestion(text: str, page: str, *, by: User, at: dt.datetime) -> Suggestion:
    """Keep a suggestion. Raises Refused if nothing is said in it, or more than can be kept.

    page: where it came to mind, a path of this site.
    """
    text = text.strip()
    if not text:
        raise Refused(N_("Say what could be left out or made easier."), "text")
    if len(text) > LONGEST:
        raise Refused(N_("Say it in at most %(most)d characters."), "text", most=LONGEST)
    suggestion = Suggestion(text=text, page=page[:200], by_id=by.id, at=at)
    db.session.add(suggestion)
    db.session.flush()  # the event needs the id
    record_event(by, "suggestion:add", suggestion, at)
    return suggestion
