"""How far a record has come, by when it is due, and the forms with which the reader takes it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import today
from tracker.filters import day_words
from tracker.forms.base import TrackerForm
from tracker.forms.confirmations import ConfirmationForm, EndConfirmationForm, confirmation_form
from tracker.forms.deadlines import DeadlineForm
from tracker.forms.stages import StageForm, stage_form
from tracker.models import Confirmation, DeadlineChange, Record, Status
from tracker.queries.access import reach_of
from tracker.queries.confirmations import confirmations_of
from tracker.queries.deadlines import changes_of
from tracker.queries.stages import waits_for_next, way_of
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.deadlines import Deadline, deadline_of, is_last
from tracker.rules.reach import may_enter
from tracker.rules.refusal import Refused
from tracker.rules.stages import stages_after


@dataclass(frozen=True, slots=True)
class Course:
    """The course of one record.

    way:      the stages of the fact, the first one first; empty where the kind has none.
    staging:  the form that takes it on, None where the reader cannot.
    deadline: what is to be said of its due day.
    changes:  how its due day was changed.
    putting_off: the form that changes it, None where the reader cannot.
    asks:     what each of its stages asks for, by name.
    words:    what the community said, by record.
    confirming, ending: the forms that note its word, and let it count no more; None where the reader cannot.
    """

    way: Sequence[Record]
    staging: StageForm | None
    deadline: Deadline | None
    changes: Sequence[DeadlineChange]
    putting_off: DeadlineForm | None
    asks: Mapping[str, Sequence[str]]
    words: Mapping[int, Sequence[Confirmation]]
    confirming: ConfirmationForm | None
    ending: EndConfirmationForm | None

    @property
    def is_shown(self) -> bool:
        """Whether there is more to say than the stage itself."""
        forms = self.staging or self.putting_off or self.confirming or self.ending
        return len(self.way) > 1 or bool(self.changes or self.words or forms)


def course_of(
    record: Record,
    kind: Kind,
    *,
    staging: StageForm | None = None,
    deadline: DeadlineForm | None = None,
    confirming: ConfirmationForm | None = None,
    ending: EndConfirmationForm | None = None,
) -> Course:
    """The course of a record. staging, deadline, confirming, ending: a form that came back with an error."""
    way = way_of(record, current_user) if len(kind.stages) > 1 else []
    may_go = _may_go_on(record)
    stages = offered(kind, record) if may_go else ()
    if staging is None and stages:
        to = request.args.get("to", "")
        staging = stage_form(kind, stages, record.version, today(), posted=False, to=to)
    if deadline is None and may_go and kind.column("due_on") and not is_last(kind, record.stage):
        day = record.due_on.isoformat() if record.due_on else ""
        deadline = DeadlineForm(formdata=None, due_on=day, version=record.version)
    asks = {stage.name: stage.asks for stage in kind.stages}
    is_asked = any("confirmation" in asked for asked in asks.values())
    words = confirmations_of(way) if is_asked else {}
    if may_go and "confirmation" in asks.get(record.stage or "", ()):
        if any(one.ended_at is None for one in words.get(record.id, ())):
            ending = ending or EndConfirmationForm(formdata=None)
        else:
            confirming = confirming or confirmation_form(kind, posted=False)
    counts = record.status is Status.VERIFIED
    return Course(
        way,
        staging,
        deadline_of(kind, record.stage, record.due_on, today()) if counts else None,
        changes_of(way) if kind.column("due_on") else [],
        deadline,
        asks,
        words,
        confirming,
        ending,
    )


def tell(form: TrackerForm, refusal: Refused) -> None:
    """Put what was refused beside the field that it is about, else above all; days in words."""
    params = dict(refusal.params)
    if isinstance(day := params.get("day"), str):
        params["day"] = day_words(dt.date.fromisoformat(day))
    sentence = gettext(refusal.msgid, **params)
    if refusal.field in form._fields:
        form[refusal.field].errors = [*form[refusal.field].errors, sentence]
    else:
        form.form_errors = [*form.form_errors, sentence]


def offered(kind: Kind, record: Record) -> tuple[Stage, ...]:
    """The next stages that the reader may give the record; distinctions are the bureau's to give."""
    is_bureau = reach_of(current_user).bureau
    return tuple(one for one in stages_after(kind, record.stage) if is_bureau or not one.bureau_only)


def _may_go_on(record: Record) -> bool:
    """Whether the record counts, nothing that follows it waits, and it is the reader's to enter."""
    if record.status is not Status.VERIFIED or not may(Permission.RECORD_WRITE):
        return False
    return may_enter(record, reach_of(current_user)) and not waits_for_next(record)
