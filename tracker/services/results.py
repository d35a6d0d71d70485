"""Entering results of tests and contests. What was written is read by the member alone."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from sqlalchemy import delete, select

from tracker.db import db
from tracker.models import Participation, Record, Result, Status, User
from tracker.queries.access import people_within
from tracker.queries.results import entered_results
from tracker.rules.campaigns import ResultRule
from tracker.rules.refusal import N_, Refused
from tracker.rules.results import Change, read_points
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

NOT_VERIFIED = N_("Results are entered once the session is verified.")
NOT_THEIRS = N_("Somebody else enters the result of this person.")
NOTHING = N_("Write at least one result.")


class Wrong(Exception):  # noqa: N818  (a refusal for each field, as everywhere in this house)
    """Fields that hold no result: id of the attendance -> why."""

    def __init__(self, refusals: Mapping[int, Refused]) -> None:
        self.refusals = refusals


def seen_of(record: Record) -> str:
    """Tells whether somebody entered results since a page was shown; nothing of them can be read from it."""
    entered = sorted((member, at.isoformat()) for member, at in entered_results(record).items())
    return hashlib.sha256(repr(entered).encode()).hexdigest()


def may_have_result(attendance: Participation, by: User) -> bool:
    """Whether this user may write somebody's result: it is not their own, and the person was there."""
    return attendance.reversed_at is None and attendance.member_id != by.member_id


def save_results(
    record: Record, rule: ResultRule, typed: Mapping[int, str], *, seen: str, by: User, at: dt.datetime
) -> int:
    """Write, replace or take out results. Returns how many were changed.

    typed: id of an attendance -> what stands in its field, see `rules.results.read_points`.
    seen:  `seen_of` when the page was shown.
    Raises Wrong for fields that hold no result, Refused if nothing is said or somebody was faster.
    """
    locked = select(Record.id).where(Record.id == record.id, Record.status == Status.VERIFIED)
    if db.session.scalar(locked.with_for_update()) is None or record.identity is None:
        raise Refused(NOT_VERIFIED)
    if seen_of(record) != seen:
        raise Refused(CHANGED)
    rows = select(Participation).where(Participation.record_id == record.id, people_within(by))
    there = {row.id: row for row in db.session.scalars(rows)}
    said: dict[int, int | Change] = {}
    wrong: dict[int, Refused] = {}
    for id_, text in typed.items():
        try:
            points = read_points(text, rule)
            if points is not Change.NOTHING:
                if id_ not in there or not may_have_result(there[id_], by):
                    raise Refused(NOT_THEIRS)
                said[there[id_].member_id] = points
        except Refused as refusal:
            wrong[id_] = refusal
    if wrong:
        raise Wrong(wrong)
    if not said:
        raise Refused(NOTHING)
    own = Result.campaign_id == record.campaign_id, Result.identity == record.identity
    db.session.execute(delete(Result).where(*own, Result.member_id.in_(said)))
    db.session.add_all(
        Result(
            campaign_id=record.campaign_id, identity=record.identity, member_id=member, points=points,
            entered_by_id=by.id, entered_at=at,
        )
        for member, points in said.items()
        if not isinstance(points, Change)
    )  # fmt: skip
    record_event(by, "result:save", record, at, members=len(said))
    return len(said)
