"""Imports from the sending of a file to its undoing, with the worker."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import actions_on, body
from tracker.db import db
from tracker.models import Batch, Record, Role
from tracker.worker import run_one

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


def ledger_file(*rows):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "读党史"
    sheet.append(["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"])
    for row in rows:
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


ROW = ["2021-03-05", "M0001", "张三", "东湖党支部", 1.5, "学习强国", "第一章"]


@pytest.fixture
def people(make):
    make.campaign()
    return make.member(make.branch("东湖党支部"), name="张三", number="M0001")


def send(client, content, name="三月台账.xlsx", **fields):
    data = {"file": (io.BytesIO(content), name), "sort": "ledger", "as_verified": "y", **fields}
    return client.submit("/imports", data, action="/imports", content_type="multipart/form-data")


def work(app):
    db.session.commit()
    while run_one(app):
        db.session.expire_all()
    db.session.expire_all()


def press(client, app, address, act):
    response = client.submit(address, action=f"{address}/{act}")
    assert response.status_code == 303, response.status_code
    work(app)


def standing():
    return db.session.scalar(select(func.count()).select_from(Record).where(Record.status == "verified"))


def test_a_file_is_sent_looked_at_brought_in_and_undone(office, app, people):
    address = send(office, ledger_file(ROW, ROW)).location
    work(app)
    assert standing() == 0
    assert "commit" in actions_on(office.page(address))
    press(office, app, address, "commit")
    assert standing() == 2
    press(office, app, address, "undo")
    assert standing() == 0


def test_the_same_file_again_changes_nothing(office, app, people):
    content = ledger_file(ROW)
    first = send(office, content).location
    work(app)
    press(office, app, first, "commit")
    second = send(office, content, name="又一次.xlsx").location
    work(app)
    assert "三月台账.xlsx" in body(office.page(second))
    press(office, app, second, "commit")
    assert standing() == 1


def test_a_file_with_a_problem_is_refused_whole_and_thrown_away(office, app, people):
    bad = [*ROW]
    bad[0] = "2021-02-30"
    address = send(office, ledger_file(ROW, bad)).location
    work(app)
    root = office.page(address)
    assert "A3" in body(root)
    assert actions_on(root) == ["discard"]
    copy = openpyxl.load_workbook(io.BytesIO(office.get(f"{address}/problems.xlsx").data))["读党史"]
    assert copy["A3"].comment is not None
    assert copy["A2"].comment is None
    press(office, app, address, "discard")
    assert standing() == 0
    assert actions_on(office.page(address)) == []


def test_a_double_click_on_send_keeps_one_file(office, people):
    fields = html.hidden_fields(office.page("/imports"), "/imports")
    content = ledger_file(ROW)  # written once: a workbook carries the second in which it was written
    for _ in range(2):
        data = {**fields, "file": (io.BytesIO(content), "a.xlsx"), "sort": "ledger"}
        assert office.post("/imports", data=data, content_type="multipart/form-data").status_code in (
            302,
            303,
        )
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_the_blank_workbook_of_the_campaign_can_be_taken(office, people):
    answer = office.get("/imports/template.xlsx")
    assert "读党史" in openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames


def test_an_auditor_gets_the_list_of_problems_but_no_copy_of_the_file(client, app, make, people):
    office = app.test_client().sign_in(make.user(Role.OFFICE))
    bad = [*ROW]
    bad[2] = "李四"
    address = send(office, ledger_file(bad)).location
    work(app)
    client.sign_in(make.user(Role.AUDITOR))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/problems.xlsx").data))
    assert len(book.sheetnames) == 1
