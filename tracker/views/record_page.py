"""The page of one record, as several views show it: its particulars, its story, what may be done with it."""

from __future__ import annotations

from flask import current_app, render_template, url_for
from flask_login import current_user

from tracker.access import Permission, may
from tracker.clock import now, today
from tracker.db import db
from tracker.forms.base import ActForm, TrackerForm
from tracker.forms.comments import CommentForm
from tracker.forms.evidence import EvidenceForm, RemovalForm
from tracker.forms.pairings import NoteForm
from tracker.forms.records import ReversalForm
from tracker.forms.resolutions import MarkForm
from tracker.forms.shares import ShareForm
from tracker.forms.twins import ApartForm
from tracker.forms.verifications import DecisionForm
from tracker.models import Campaign, Participation, Record, Status
from tracker.queries.absences import attendance_of
from tracker.queries.access import is_office
from tracker.queries.access_sessions import keeps_session
from tracker.queries.campaigns import spec_of
from tracker.queries.closes import held_ids
from tracker.queries.feeds import taken_of
from tracker.queries.hours import member_minutes_of
from tracker.queries.record_filters import hidden_kinds
from tracker.queries.record_history import counter_of, story_of
from tracker.queries.record_totals import changes_by_reversal
from tracker.queries.records import LedgerRow, People, co_organisers_of, people_of
from tracker.queries.resolutions import STANDS, agenda_of, resolutions_of
from tracker.queries.samples import checks_of
from tracker.queries.stories import stories_of
from tracker.queries.verification_rows import queue_rows
from tracker.queries.verifications import may_decide
from tracker.rules.campaigns import Kind
from tracker.rules.pseudonyms import member_code
from tracker.rules.refusal import Refused
from tracker.services.entries import may_change
from tracker.services.records import CHANGED
from tracker.services.ticks import is_tick
from tracker.views import record_words as words
from tracker.views import sample_words, story_words
from tracker.views.evidence_card import evidence_card
from tracker.views.lateness import ask_why
from tracker.views.near_words import near_notes
from tracker.views.pairing_card import pairing_card
from tracker.views.results import result_card
from tracker.views.sharing import sharing_of
from tracker.views.staging import Course, course_of, tell
from tracker.views.twin_words import twin_notes
from tracker.views.verification_words import locked_words, notes_words, reasons_offered


def record_page(
    record: Record,
    *,
    attendance: Participation | None = None,
    reversal: ReversalForm | None = None,
    decision: DecisionForm | None = None,
    comment: CommentForm | None = None,
    course: Course | None = None,
    apart: tuple[int, ApartForm] | None = None,
    note: NoteForm | None = None,
    adding: EvidenceForm | None = None,
    removing: tuple[int, RemovalForm] | None = None,
    sharing: ShareForm | None = None,
) -> str:
    """The page of a record that the reader may see.

    attendance: the one that is about to be reversed, instead of the record.
    reversal, decision, comment, note: a form that came back with an error; so may one of the course.
    adding, removing, sharing: likewise, `removing` with the id of its file.
    """
    campaign = db.session.get_one(Campaign, record.campaign_id)
    spec = spec_of(campaign)
    kind = spec.kind(record.kind.code)
    key = str(current_app.config["TRACKER"].secret_key)
    people = people_of(record, current_user, campaign, key)
    hides_member = kind.code in hidden_kinds(current_user, spec)
    is_open = record.status is Status.VERIFIED and may(Permission.RECORD_REVERSE)
    decides = may_decide(record, current_user) if may(Permission.RECORD_VERIFY) else None
    form = reversal or ReversalForm(formdata=None)
    form.version.data = attendance.version if attendance else record.version
    queued = (
        queue_rows([(record, not decides)], campaign, current_user, key)[0] if decides is not None else None
    )
    if decides and not record.late_why and held_ids([record.id], now()):
        ask_why()
    return render_template(
        "records/show.html",
        record=record,
        kind=kind,
        people=people,
        person=next(
            (one for one in people.seen if attendance and one.participation.id == attendance.id), None
        ),
        owner=_line(record, people, key if hides_member else None),
        is_about_reader=record.member_id is not None and record.member_id == current_user.member_id,
        co_organisers=co_organisers_of(record),
        told=stories_of(record, current_user),
        points=agenda_of(record) if kind.has_agenda else [],
        resolved=resolutions_of(record, current_user, today()) if kind.has_agenda else [],
        keeps=kind.has_agenda
        and record.status in STANDS
        and may(Permission.RECORD_VERIFY)
        and keeps_session(current_user, record),
        mark_form=MarkForm(formdata=None),
        checks=checks_of(record, current_user),
        sample_words=sample_words,
        taken=taken_of(campaign, record, today()),
        there=attendance_of(record, kind, current_user),
        story=story_of(record, people, current_user, hides_member=hides_member),
        said=story_words,
        counter_id=counter_of(record, current_user) if record.status is Status.REVERSED else None,
        changes=changes_by_reversal(campaign, record) if is_open and not attendance else [],
        may_reverse=is_open,
        form=form,
        decides=decides,
        queued=queued,
        notes=notes_words(queued) if queued else [],
        locked=locked_words(queued.by_branch, is_office(current_user)) if queued else "",
        decision=decision or DecisionForm(formdata=None),
        reasons=reasons_offered(current_user) if decides else [],
        correct_address=_correct_address(record, kind),
        may_withdraw=may(Permission.RECORD_WRITE) and may_change(record, current_user),
        act_form=ActForm(formdata=None),
        comment_form=comment or CommentForm(formdata=None),
        near=near_notes(record.work.text, campaign, record, record.member_id)
        if decides is not None and record.work
        else [],
        pairing=pairing_card(record, kind, note),
        member_minutes=member_minutes_of(record) if kind.hours_apart else None,
        twins=twin_notes(record, kind, apart),
        result_card=result_card(record, kind),
        course=course or course_of(record, kind),
        sharing=sharing_of(record, kind, sharing),
        evidence=evidence_card(record, hides_member=hides_member, adding=adding, removing=removing),
        words=words,
    )


def course_came_back(record: Record, refusal: Refused | None = None, **form: TrackerForm) -> tuple[str, int]:
    """The page again with a form of its course, by its name there, and what is wrong with it.

    refusal: what a service said; whatever it had written by then is taken back.
    """
    status = 422
    if refusal is not None:
        db.session.rollback()
        for one in form.values():
            tell(one, refusal)
        status = 409 if refusal.msgid == CHANGED else 422
    campaign = db.session.get_one(Campaign, record.campaign_id)
    kind = spec_of(campaign).kind(record.kind.code)
    return record_page(record, course=course_of(record, kind, **form)), status  # type: ignore[arg-type]


def _line(record: Record, people: People, key: str | None) -> LedgerRow:
    """The record as a row of the list, for the words that name its owner. key: where a code does so."""
    if record.member_id is not None:
        return LedgerRow(record, member_code(key, record.member_id) if key else None)
    present = record.headcount or people.present
    return LedgerRow(record, None, present, stories=len(record.stories_told))


def _correct_address(record: Record, kind: Kind) -> str | None:
    """Where whoever may put the record right does so, None for everybody else."""
    if not may(Permission.RECORD_WRITE) or not may_change(record, current_user):
        return None
    if record.follows_id is not None:
        return None  # it says what the record before it says; another stage is entered anew
    if is_tick(record, db.session.get_one(Campaign, record.campaign_id)):
        return None  # it is ticked or not
    if kind.has_text and record.member_id == current_user.member_id and may(Permission.SELF):
        return url_for("jots.write", record=record.id)
    return url_for("entries.correct", record_id=record.id)
