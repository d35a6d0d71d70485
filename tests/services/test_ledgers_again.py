"""A ledger that comes again: known rows, corrections, reversals, undoing."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.ledger_rows import DAY, hour, records, session, total
from tests.maker import NOW
from tracker.models import (
    Record,
    Status,
)
from tracker.rules.refusal import Refused
from tracker.services.batches import undo_batch
from tracker.services.records import reverse_participation, reverse_record

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


def test_the_same_file_again_changes_nothing(bureau):
    rows = [hour(), hour(), hour(时长=2)]
    bureau.study(*rows)
    again = bureau.study(*rows)
    assert again.report["counts"] == {
        "read": 3, "new": 0, "unchanged": 3, "changed": 0, "reversed_before": 0,
    }  # fmt: skip
    assert (total(Record), bureau.figure("study.total_minutes")) == (3, 240)


def test_a_longer_file_adds_only_what_is_new_alike_rows_included(bureau):
    bureau.study(hour(), hour(时长=2))
    bureau.study(hour(), hour(), hour(时长=2))
    assert bureau.figure("study.total_minutes") == 240


def test_a_row_whose_content_changed_replaces_the_old_one_and_undoing_brings_it_back(bureau):
    bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    batch = bureau.bring(
        微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "完成", dt.date(2021, 6, 1)]]
    )
    assert batch.report["counts"]["changed"] == 1
    assert [r.status for r in records()] == [Status.REVERSED, Status.VERIFIED]
    assert bureau.figure("tasks.done") == 1
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    assert [r.status for r in records()] == [Status.VERIFIED, Status.REVERSED]
    assert bureau.figure("tasks.done") == 0
    again = bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    assert again.report["counts"]["unchanged"] == 1


def test_an_import_that_was_corrected_later_is_not_undone_first(bureau):
    first = bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "在办", None]])
    bureau.bring(微实事=[["W1", DAY, "支部", "第一党支部", "修灯", None, "领办", None]])
    with pytest.raises(Refused, match="Undo it first"):
        undo_batch(first, by=bureau.importer.by, at=NOW)


def test_a_row_that_was_reversed_is_not_brought_in_again(bureau):
    bureau.study(hour(), hour(时长=2))
    reverse_record(records()[0], version=1, why="重复登记", by=None, at=NOW)
    batch = bureau.study(hour(), hour(时长=2))
    assert batch.report["counts"]["reversed_before"] == 1
    assert bureau.figure("study.total_minutes") == 120


def test_an_attendance_that_was_reversed_does_not_return_with_a_correction(bureau):
    bureau.bring(学习活动=[session(参加人员="张三、李四（M0003）")])
    reverse_participation(records()[0].participations[0], version=1, why="没有到场", by=None, at=NOW)
    bureau.bring(学习活动=[session(参加人员="张三、李四（M0003）", 地点="会议室")])
    new = records(Record.status == Status.VERIFIED)[0]
    reasons = {p.member_id: p.reversed_why for p in new.participations}
    assert reasons == {bureau.zhang.id: "没有到场", bureau.other_li.id: None}


def test_an_undone_import_counts_for_nothing_and_can_come_again(bureau):
    batch = bureau.study(hour(), hour())
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    assert bureau.figure("study.total_minutes") == 0
    assert bureau.study(hour(), hour()).report["counts"]["new"] == 2
    assert bureau.figure("study.total_minutes") == 120


def test_an_undone_import_is_not_undone_again(bureau):
    batch = bureau.study(hour())
    undo_batch(batch, by=bureau.importer.by, at=NOW)
    with pytest.raises(Refused, match="Somebody else was faster"):
        undo_batch(batch, by=bureau.importer.by, at=NOW)
