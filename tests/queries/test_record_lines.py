"""Rows of the ledger as a sheet reads them say what the records themselves say."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.bureau import KEY, Bureau
from tracker.db import db
from tracker.models import OwnerType, Role, Status
from tracker.queries.record_filters import RecordFilter
from tracker.queries.record_lines import COLUMNS, record_lines
from tracker.queries.records import ledger, ledger_rows

pytestmark = pytest.mark.slow
DAY = dt.date(2021, 7, 31)
NAMES = {"member": "member_name", "branch": "branch_name", "group": "group_name", "section": "section_name"}


@pytest.fixture
def bureau(make):
    found = Bureau(make)
    make.record(found.campaign, "activity", headcount=7, type="专题宣讲", title="没有名单", owner=found.one,
                stories=["半条被子", "一根灯芯"])  # fmt: skip
    make.record(found.campaign, "task", owner=found.section, title="修灯", stage="领办", is_dated=False)
    visit = found.visit
    visit.status, visit.reversed_at, visit.reversed_by_id = Status.REVERSED, visit.verified_at, make.office.id
    make.record(found.campaign, "study", member=found.people[1], minutes=20, status=Status.COUNTER,
                reverses_id=found.study.id, title="第一章")  # fmt: skip
    db.session.commit()
    return found


@pytest.mark.parametrize("role", [Role.OFFICE, Role.SECRETARY])
@pytest.mark.parametrize("sort", ["day", "-minutes", "branch", "kind"])
def test_a_line_holds_what_its_record_holds(bureau, make, role, sort):
    user = make.user(role, unit=bureau.one) if role is Role.SECRETARY else make.user(role)
    asked = ledger(bureau.campaign, RecordFilter(DAY, sort=sort), user, KEY)
    rows, lines = list(ledger_rows(asked, 1000)), list(record_lines(asked, 1000))
    assert [line.values.id for line in lines] == [row.record.id for row in rows]
    assert len(lines) > 10
    for row, line in zip(rows, lines, strict=True):
        record = row.record
        own = [column.key for column in COLUMNS if hasattr(record, column.key)]
        assert {name: getattr(line.values, name) for name in own} == {
            name: getattr(record, name) for name in own
        }
        assert (line.values.kind_code, line.values.kind_name) == (record.kind.code, record.kind.name)
        for name, column in NAMES.items():
            owner = getattr(record, name)
            assert getattr(line.values, column) == (owner.name if owner else None)
        assert (line.code, line.people, line.joint, line.adds) == (
            row.code, row.people, row.branches, row.adds,
        )  # fmt: skip
        assert line.stories == record.stories
    assert {row.record.owner_type for row in rows} >= {OwnerType.MEMBER, OwnerType.BRANCH}
    if role is Role.OFFICE:
        assert any(line.stories for line in lines)
        assert any(line.joint for line in lines)
        assert any(line.code for line in lines)


def test_statements_grow_with_thousands_and_not_with_rows(bureau, make, statements):
    asked = ledger(bureau.campaign, RecordFilter(DAY), make.office, KEY)
    with statements() as seen:
        assert len(list(record_lines(asked, 1000))) > 20
    assert len(seen) == 5
