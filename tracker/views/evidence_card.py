"""The files of a record as its page shows them: as far as the reader may know, with what may be done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, may
from tracker.forms.evidence import EvidenceForm, RemovalForm
from tracker.models import Evidence, Record
from tracker.queries.evidence import evidence_of
from tracker.queries.record_history import actor_towards
from tracker.rules.evidence import TAKES_FILES, is_settled
from tracker.services.evidence import may_add, may_remove
from tracker.views.story_words import who_words
from tracker.views.uploads import most_at_once


@dataclass(frozen=True, slots=True)
class Line:
    """One file. is_late: it came after the record was verified. form: to remove it, None where it stays."""

    evidence: Evidence
    name: str
    who: str
    is_late: bool
    form: RemovalForm | None


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """All files of a record. form: to add one, None where the reader cannot."""

    lines: list[Line]
    form: EvidenceForm | None


def evidence_card(
    record: Record,
    *,
    hides_member: bool,
    adding: EvidenceForm | None = None,
    removing: tuple[int, RemovalForm] | None = None,
) -> EvidenceCard:
    """The card of a record that the reader may see.

    adding, removing: a form that came back with an error; the latter with the id of its file.
    """
    may_write = may(Permission.RECORD_WRITE)
    lines = []
    for number, one in enumerate(evidence_of(record), 1):
        of = record if one.record_id == record.id else one.record
        form = None
        if may_write and may_remove(one, of, current_user):
            form = removing[1] if removing and removing[0] == one.id else RemovalForm(formdata=None)
        actor = actor_towards(record, one.added_by, current_user, hides_member=hides_member)
        is_late = of.verified_at is not None and not is_settled(of.status, of.verified_at, one.added_at)
        lines.append(Line(one, shown_name(one, number, hides_member), who_words(actor), is_late, form))
    offers = may_write and record.status in TAKES_FILES and may_add(record, current_user)
    return EvidenceCard(lines, (adding or EvidenceForm(formdata=None)) if offers else None)


def evidence_limits() -> dict[str, int]:
    """What a form says of the files that it takes: how many at once, and the MiB of one."""
    return {"at_once": most_at_once(), "mib": current_app.config["TRACKER"].evidence_bytes // 2**20}


def shown_name(evidence: Evidence, number: int, hides_member: bool) -> str:
    """The name of a file; where a code stands for whose record it is, names of files would tell."""
    if not hides_member:
        return evidence.name
    return gettext("File %(number)s", number=number) + "." + evidence.name.rpartition(".")[2]
