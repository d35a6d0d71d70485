"""How far a record has come, by when it is due, and the forms with which the reader takes it on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import today
from tracker.forms.deadlines import DeadlineForm
from tracker.forms.stages import StageForm, stage_form
from tracker.models import DeadlineChange, Record, Status
from tracker.queries.access import reach_of
from tracker.queries.deadlines import changes_of
from tracker.queries.stages import waits_for_next, way_of
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.deadlines import Deadline, deadline_of, is_last
from tracker.rules.reach import may_enter
from tracker.rules.stages import stages_after


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one record.

    way:      the stages of the fact, the first one first; empty where the kind has none.
    staging:  the form that takes it on, None where the reader cannot.
    deadline: what is to be said of its due day.
    changes:  how its due day was changed.
    putting_off: the form that changes it, None where the reader cannot.
    """

    way: Sequence[Record]
    staging: StageForm | None
    deadline: Deadline | None
    changes: Sequence[DeadlineChange]
    putting_off: DeadlineForm | None

    @property
    def is_shown(self) -> bool:
        """Whether there is more to say than the stage itself."""
        return len(self.way) > 1 or bool(self.staging or self.changes or self.putting_off)


def course_of(
    record: Record, kind: Kind, *, staging: StageForm | None = None, deadline: DeadlineForm | None = None
) -> Course:
    """The course of a record. staging, deadline: a form that came back with an error."""
    way = way_of(record, current_user) if len(kind.stages) > 1 else []
    may_go = _may_go_on(record)
    stages = offered(kind, record) if may_go else ()
    if staging is None and stages:
        staging = stage_form(stages, record.version, today(), posted=False)
    if deadline is None and may_go and kind.column("due_on") and not is_last(kind, record.stage):
        day = record.due_on.isoformat() if record.due_on else ""
        deadline = DeadlineForm(formdata=None, due_on=day, version=record.version)
    counts = record.status is Status.VERIFIED
    return Course(
        way,
        staging,
        deadline_of(kind, record.stage, record.due_on, today()) if counts else None,
        changes_of(way) if kind.column("due_on") else [],
        deadline,
    )


def offered(kind: Kind, record: Record) -> tuple[Stage, ...]:
    """The next stages that the reader may give the record; distinctions are the bureau's to give."""
    is_bureau = reach_of(current_user).bureau
    return tuple(one for one in stages_after(kind, record.stage) if is_bureau or not one.bureau_only)


def _may_go_on(record: Record) -> bool:
    """Whether the record counts, nothing that follows it waits, and it is the reader's to enter."""
    if record.status is not Status.VERIFIED or not may(Permission.RECORD_WRITE):
        return False
    return may_enter(record, reach_of(current_user)) and not waits_for_next(record)
