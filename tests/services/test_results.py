"""A result belongs to its session as the ledger knows it: a corrected row of the file takes it along."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.ledger_rows import session
from tests.maker import NOW
from tracker.db import db
from tracker.models import Record, Role, Status
from tracker.queries.campaigns import spec_of
from tracker.queries.results import averages, own_results
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch
from tracker.services.records import CHANGED, reverse_record
from tracker.services.results import NOT_VERIFIED, NOTHING, Wrong, save_results, seen_of


@pytest.fixture
def rule(bureau):
    return next(kind.results for kind in spec_of(bureau.campaign).kinds if kind.results)


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.first)


def bring(bureau, **other):
    return bureau.bring(学习活动=[session(kind="考试竞赛", 参加人员="张三（M0001）、李四（M0002）", **other)])


def standing():
    return db.session.scalars(select(Record).where(Record.status == Status.VERIFIED)).one()


def enter(bureau, rule, secretary, *points):
    record = standing()
    typed = {row.id: text for row, text in zip(record.participations, points, strict=False)}
    return save_results(record, rule, typed, seen=seen_of(record), by=secretary, at=NOW)


def own(bureau):
    return [one.points for one in own_results(bureau.zhang.id)]


def test_a_corrected_row_takes_the_result_along_and_undoing_it_gives_it_back(bureau, rule, secretary):
    bring(bureau)
    enter(bureau, rule, secretary, "92", "80")
    correction = bring(bureau, 地点="礼堂")
    assert correction.report["counts"]["changed"] == 1
    assert own(bureau) == [92]
    undo_batch(correction, by=bureau.importer.by, at=NOW)
    assert own(bureau) == [92]


def test_a_reversed_session_shows_no_result_and_no_average(bureau, rule, secretary):
    bring(bureau)
    enter(bureau, rule, secretary, "92")
    record = standing()
    reverse_record(record, why="没有举行", version=record.version, by=bureau.importer.by, at=NOW)
    assert own(bureau) == []
    assert averages(bureau.campaign) == []


def test_who_was_taken_out_of_the_session_is_not_in_the_average(bureau, rule, secretary):
    bring(bureau)
    enter(bureau, rule, secretary, "92", "80")
    standing().participations[1].reversed_at = NOW
    db.session.flush()
    assert [one.taken for one in averages(bureau.campaign)] == [1]


def test_results_wait_for_the_session_to_be_verified(bureau, rule, secretary, make):
    record = make.record(
        bureau.campaign, "activity", owner=bureau.first, people=[bureau.zhang], type="考试竞赛",
        status=Status.SUBMITTED,
    )  # fmt: skip
    with pytest.raises(Refused) as refused:
        save_results(record, rule, {}, seen=seen_of(record), by=secretary, at=NOW)
    assert refused.value.msgid == NOT_VERIFIED


def test_nothing_said_somebody_faster_and_a_stranger_s_attendance_are_refused(bureau, rule, secretary, make):
    bring(bureau)
    with pytest.raises(Refused) as refused:
        enter(bureau, rule, secretary, "", " ")
    assert refused.value.msgid == NOTHING
    record, stale = standing(), seen_of(standing())
    enter(bureau, rule, secretary, "90")
    typed = {record.participations[1].id: "50"}
    with pytest.raises(Refused) as refused:
        save_results(record, rule, typed, seen=stale, by=secretary, at=NOW)
    assert refused.value.msgid == CHANGED
    other = make.user(Role.SECRETARY, bureau.second)
    with pytest.raises(Wrong):
        save_results(record, rule, typed, seen=seen_of(record), by=other, at=NOW)
