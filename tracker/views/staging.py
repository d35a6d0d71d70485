"""To which next stage the reader may take a record, and the form for it."""

from __future__ import annotations

from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import today
from tracker.forms.stages import StageForm, stage_form
from tracker.models import Record, Status
from tracker.queries.access import reach_of
from tracker.queries.stages import waits_for_next
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.reach import may_enter
from tracker.rules.stages import stages_after


def offered(kind: Kind, record: Record) -> tuple[Stage, ...]:
    """The next stages that the reader may give the record; distinctions are the bureau's to give."""
    is_bureau = reach_of(current_user).bureau
    return tuple(one for one in stages_after(kind, record.stage) if is_bureau or not one.bureau_only)


def staging_of(record: Record, kind: Kind) -> StageForm | None:
    """The form for a record that may go on, None where the reader cannot take it on."""
    if record.status is not Status.VERIFIED or not may(Permission.RECORD_WRITE):
        return None
    stages = offered(kind, record)
    if not stages or not may_enter(record, reach_of(current_user)) or waits_for_next(record):
        return None
    return stage_form(stages, record.version, today(), posted=False)
