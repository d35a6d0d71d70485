"""The part of a campaign file that says what is kept beside a session."""

from __future__ import annotations

from tracker.rules.campaign_tables import Table
from tracker.rules.campaigns import Kind


def check_sessions(table: Table, kind: Kind) -> None:
    """What is kept beside a session: it names people, all of them, and has no later stage."""
    fault, path = table.reading.fault, table.path
    if kind.has_agenda and len(kind.stages) > 1:
        fault(path("has_agenda"), "cannot be kept where there are stages.")
    if not kind.absence_reasons:
        if kind.make_up_ways:
            fault(path("make_up_ways"), "belongs to absence_reasons; add these or take it out.")
        return
    if kind.column("people") is None:
        fault(path("absence_reasons"), "needs a column with field = 'people': who was there?")
    if len(kind.stages) > 1 or kind.hides_names:
        fault(path("absence_reasons"), "cannot be kept where there are stages, or where names are hidden.")
    for key in ("absence_reasons", "make_up_ways"):
        if any(len(word) > 40 for word in getattr(kind, key)):
            fault(path(key), "has a word of more than 40 characters; shorten it.")
