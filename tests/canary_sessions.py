"""What the canary test puts beside sessions: stories, agendas, resolutions, absences, every text marked."""

from __future__ import annotations

from tests.maker import NOW
from tracker.db import db
from tracker.models import Absence, AgendaItem, Resolution, Story

SHARED = "h"  # of both branches, see tests/canaries.py


def put_beside(marked, whose, record, kind):
    """What records of the kind carry beside them."""
    record.late_why = marked.mark(whose, "record.late_why")
    if kind.has_agenda and record.branch_id is not None:
        put_agenda(marked, whose, record)
    if kind.column("stories"):
        put_stories(marked, whose, record)


def put_agenda(marked, whose, record):
    """An item with its speaker, and something that the branch is to do."""
    item, speaker = marked.mark(whose, "agenda_item.text"), marked.mark(whose, "agenda_item.speaker")
    db.session.add(AgendaItem(record_id=record.id, ordinal=1, text=item, speaker=speaker))
    noted = {"due_on": record.happened_on, "noted_by_id": marked.office.id, "noted_at": NOW}
    text = marked.mark(whose, "resolution.text")
    db.session.add(Resolution(record_id=record.id, text=text, unit_id=record.branch_id, **noted))


def put_stories(marked, whose, record):
    """One that somebody from outside told; at a session of both branches, one that the stranger told."""
    told = [{"teller": marked.mark(whose, "story.teller")}]
    told += [{"member_id": marked.stranger.id}] if whose == SHARED else []
    for ordinal, teller in enumerate(told):
        title = marked.mark(whose, "story.title")
        db.session.add(Story(record_id=record.id, ordinal=ordinal, title=title, key=title, **teller))


def put_absence(marked, record, kind):
    """Somebody of the branch who was not there."""
    if kind.absence_reasons:
        noted = {"noted_by_id": marked.office.id, "noted_at": NOW, "reason": kind.absence_reasons[0]}
        db.session.add(Absence(record_id=record.id, member_id=marked.neighbour.id, **noted))
