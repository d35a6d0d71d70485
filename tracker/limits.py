"""How much one person may search, take away and send in an hour; which endpoint counts as what."""

from __future__ import annotations

import enum
import math
from collections.abc import Mapping

from flask import Flask, Response, current_app, g, request
from flask_babel import gettext
from flask_login import current_user

from config import Config
from tracker.clock import local, now
from tracker.errors import passing
from tracker.rules.refusal import N_
from tracker.security_events import take_turn
from tracker.transactions import begin_reading


class Sort(enum.StrEnum):
    """What is counted apart from the rest."""

    SEARCH = "search"
    EXPORT = "export"
    UPLOAD = "upload"


TYPED = ("q", "about", "by")  # fields into which somebody types what they look for
# Endpoint → what a request of it counts as. tests/test_limits.py holds that none is missing.
COUNTED: Mapping[str, Sort] = {
    **dict.fromkeys(
        ("accounts.index", "assignments.index", "audit.index", "batches.index", "bulletins.index",
         "certificates.register", "members.index", "own_figures.index", "quoted.index", "records.index",
         "search.show", "search.suggestions", "shares.index", "verifications.index"),
        Sort.SEARCH,
    ),
    **dict.fromkeys(
        ("assignments.sheet", "audit.sheet", "batches.problems", "batches.template", "bulletins.docx",
         "bulletins.pdf", "bureau.sheet", "calendar.file", "campaign_files.file", "certificates.paper",
         "chart_pictures.png", "chart_pictures.svg", "charts.sheet", "comparisons.sheet", "copies.make_for",
         "copies.make_own", "forecasts.sheet", "hours.sheet", "layouts.sheet", "me.sheet",
         "packs.make", "plans.file", "quoted.sheet",
         "records.sheet", "samples.frame", "samples.workbook", "statements.sheet"),
        Sort.EXPORT,
    ),
    **dict.fromkeys(
        ("batches.upload", "campaign_files.load", "claims.check", "entries.correct", "entries.new",
         "entries.several", "entries.week", "evidence.add", "jots.new", "jots.write", "papers.key"),
        Sort.UPLOAD,
    ),
}  # fmt: skip
_HEADINGS = {
    Sort.SEARCH: N_("Searched very often within an hour"),
    Sort.EXPORT: N_("Very many files made within an hour"),
    Sort.UPLOAD: N_("Very many files sent within an hour"),
}
_SENTENCES = {
    Sort.SEARCH: N_(
        "You have searched %(most)s times within an hour; this search was not made, and nothing was changed. "
        "From %(time)s on you can search again. Everything else goes on."
    ),
    Sort.EXPORT: N_(
        "You have had %(most)s files made within an hour; this one was not made, and nothing was changed. "
        "From %(time)s on you can have files made again. Everything else goes on."
    ),
    Sort.UPLOAD: N_(
        "You have sent %(most)s forms with files within an hour; this one was not kept. What was sent before "
        "is kept, and what you typed now stands in this page. From %(time)s on, choose the files once more "
        "and send it again. What can do without files can be sent without them now."
    ),
}


def most_of(config: Config, sort: Sort) -> int:
    """How many of a sort one person has in an hour."""
    return {
        Sort.SEARCH: config.searches_an_hour,
        Sort.EXPORT: config.exports_an_hour,
        Sort.UPLOAD: config.uploads_an_hour,
    }[sort]


def _asked() -> Sort | None:
    """What this request counts as; None for nothing: a list that is only opened, a form without a file."""
    sort = COUNTED.get(request.endpoint or "")
    if sort is Sort.SEARCH:
        return sort if any(request.args.get(name, "").strip() for name in TYPED) else None
    if sort is Sort.UPLOAD:
        return sort if any(file.filename for _, file in request.files.items(multi=True)) else None
    return sort


def hold_to_limits() -> Response | None:
    """Before a view that costs: take one of the reader's turns; 429 if this hour's are used up.

    Hooked behind the check of the form's token and key, so that a double click takes one.
    """
    sort = _asked()
    if sort is None or not current_user.is_authenticated:
        return None
    most = most_of(current_app.config["TRACKER"], sort)
    again_at = take_turn(current_user.id, sort, most, str(request.endpoint))
    if again_at is None:
        begin_reading()  # taking a turn ended the transaction that this request had begun
        return None
    g.refused = f"limit: {sort}"
    seconds = max(1, math.ceil((again_at - now()).total_seconds()))
    words = gettext(_SENTENCES[sort], most=most, time=local(again_at).strftime("%H:%M"))
    return passing(429, seconds, gettext(_HEADINGS[sort]), words)


def init_app(app: Flask) -> None:
    app.before_request(hold_to_limits)
