"""A workbook of twenty mistakes comes back marked cell by cell and, once mended, goes in."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import openpyxl
import pytest
from sqlalchemy import func, select

from tests.acceptance.twenty_mistakes import DAY, MISTAKES, ONE, TWO, workbook
from tests.bureau import body
from tracker.db import db
from tracker.files.problem_list import MARK, PREFIX, SUMMARY
from tracker.models import Batch, BatchState, Record, Role
from tracker.queries.figures import figures_json
from tracker.worker import run_one

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def office(client, make):
    first, second = make.branch(ONE), make.branch(TWO)
    make.group(first, "第一党小组")
    make.member(first, name="张三", number="M0001")
    make.member(first, name="王五", number="M0002")
    make.member(first, name="李四", number="M0003")
    make.member(first, name="李四", number="M0004")
    make.member(second, name="赵六", number="M0005")
    return client.sign_in(make.user(Role.OFFICE))


def send(client, app, content, name="一季度台账.xlsx"):
    """Send a file as the office does and have it checked; the address of its page."""
    data = {"file": (io.BytesIO(content), name), "sort": "ledger", "as_verified": "y"}
    answer = client.submit("/imports", data, action="/imports", content_type="multipart/form-data")
    assert answer.status_code == 303
    work(app)
    return answer.location


def work(app):
    db.session.commit()
    while run_one(app):
        db.session.expire_all()
    db.session.expire_all()


def bring_in(client, app, address):
    assert client.submit(address, action=f"{address}/commit").status_code == 303
    work(app)


def latest():
    return db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()


def records():
    return db.session.scalar(select(func.count()).select_from(Record))


def marks(content: bytes) -> dict[tuple[str, str], str]:
    """(sheet, cell) of each cell that is filled as a mark -> the comment of it."""
    found = {}
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            is_filled = cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == MARK
            said = cell.comment.text if cell.comment else ""
            assert is_filled == (PREFIX in said), (sheet.title, cell.coordinate)
            if is_filled:
                found[sheet.title, cell.coordinate] = said
    return found


def mended(content: bytes, cells: Any) -> bytes:
    """The workbook with these cells put right, all else left as it came back."""
    book, target = openpyxl.load_workbook(io.BytesIO(content), data_only=True), io.BytesIO()
    for sheet, cell in cells:
        book[sheet][cell] = MISTAKES[sheet, cell][1]
    book.save(target)
    return target.getvalue()


def test_twenty_mistakes_are_marked_where_they_are_and_nowhere_else(office, app, make):
    make.campaign()
    address = send(office, app, workbook())
    assert latest().state is BatchState.REFUSED
    assert latest().report["problem_count"] == len(MISTAKES) >= 20
    content = office.get(f"{address}/problems.xlsx").data
    found = marks(content)
    assert set(found) == set(MISTAKES)
    for place, (words, _) in MISTAKES.items():
        assert words in found[place], (place, found[place])
        assert place[1] in body(office.page(address)), place
    assert found["读党史", "F11"].startswith("自己写的批注")
    assert records() == 0


def test_whatever_else_the_workbook_holds_stays_as_it_was(office, app, make):
    make.campaign()
    sent = workbook()
    content = office.get(f"{send(office, app, sent)}/problems.xlsx").data
    before, after = (openpyxl.load_workbook(io.BytesIO(one)) for one in (sent, content))
    assert after.sheetnames == [*before.sheetnames, SUMMARY]
    for sheet in before:
        copy = after[sheet.title]
        assert copy.merged_cells.ranges == sheet.merged_cells.ranges
        assert copy.freeze_panes == sheet.freeze_panes
        assert copy.column_dimensions["H"].width == sheet.column_dimensions["H"].width
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            twin = copy[cell.coordinate]
            assert (twin.value, twin.number_format) == (cell.value, cell.number_format)
            assert repr(twin.border) == repr(cell.border)
            if (sheet.title, cell.coordinate) not in MISTAKES:
                assert repr(twin.fill) == repr(cell.fill)
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["读党史"]
    assert values["I4"].value == 120
    assert after["读党史"]["I4"].comment.text == "折合分钟"
    kept = set(zipfile.ZipFile(io.BytesIO(sent)).namelist())
    assert kept < set(zipfile.ZipFile(io.BytesIO(content)).namelist())


def test_the_mended_workbook_goes_in_and_a_second_time_changes_nothing(office, app, make):
    campaign = make.campaign()
    content = office.get(f"{send(office, app, workbook())}/problems.xlsx").data
    good = mended(content, MISTAKES)
    address = send(office, app, good)
    assert latest().report["problems"] == []
    assert latest().state is BatchState.CHECKED
    bring_in(office, app, address)
    assert latest().state is BatchState.COMMITTED
    assert records() == 14 + 6 + 2 + 2
    figures = figures_json(campaign, latest().uploaded_at.date())["figures"]
    assert figures["study.rows"] == 14
    hours = [2, 1, 1, 1, 1, 1, 1, 1, 0.5, 0.5, 1, 13, 5, 1.5]  # row 4 to row 17
    assert figures["study.total_minutes"] == 60 * sum(hours)
    assert figures["service.people_served"] == 30
    address = send(office, app, good, "又一次.xlsx")
    assert latest().report["counts"]["new"] == latest().report["counts"]["changed"] == 0
    assert latest().report["effects"] == []
    bring_in(office, app, address)
    assert records() == 14 + 6 + 2 + 2
    assert figures_json(campaign, DAY)["figures"]["study.rows"] > 0


def test_half_mended_it_comes_back_with_the_marks_that_are_left(office, app, make):
    make.campaign()
    content = office.get(f"{send(office, app, workbook())}/problems.xlsx").data
    done = list(MISTAKES)[::2]
    again = office.get(f"{send(office, app, mended(content, done))}/problems.xlsx").data
    left = marks(again)
    assert set(left) == set(MISTAKES).difference(done)
    assert all(said.count(PREFIX) == 1 for said in left.values())
    assert openpyxl.load_workbook(io.BytesIO(again)).sheetnames.count(SUMMARY) == 1
    own = openpyxl.load_workbook(io.BytesIO(again))["读党史"]["F11"].comment.text
    assert own.startswith("自己写的批注")
