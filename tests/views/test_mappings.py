"""A platform's export: its columns are said once, its rows go the way of every import."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import select

from tests import html
from tests.maker import NOW
from tests.world import PLATFORM
from tracker.db import db
from tracker.models import Batch, BatchState, Mapping, Record, Role
from tracker.services.mappings import save_mapping
from tracker.worker import run_one

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

HEADINGS = ["用户姓名", "部门名", "完成时间", "用时", "积分"]
ROWS = [["张三", "办公室", "2021-03-05", 45, 3], ["张三", "办公室", "2021-03-06", 90, 5]]


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


@pytest.fixture
def campaign(make):
    found = make.campaign()
    make.member(make.branch("东湖党支部"), name="张三", number="M0001")
    return found


@pytest.fixture
def saved(campaign, make):
    return save_mapping(campaign, PLATFORM, by=make.office, at=NOW)


def export(*rows, headings=HEADINGS):
    book = openpyxl.Workbook()
    book.active.title = "导出"
    for row in (["学习平台数据导出"], headings, *(rows or ROWS)):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def send(client, content, **fields):
    data = {"file": (io.BytesIO(content), "export.xlsx"), "sort": "ledger", "as_verified": "y", **fields}
    return client.submit("/imports", data, action="/imports", content_type="multipart/form-data")


def work(app):
    db.session.commit()
    while run_one(app):
        db.session.expire_all()
    db.session.expire_all()


def latest():
    return db.session.scalars(select(Batch).order_by(Batch.id.desc())).first()


# The columns of the kind in its order: day, number, name, branch, minutes, source, title.
CHOSEN = {"column_0": "完成时间", "column_2": "用户姓名", "column_4": "用时", "fixed_5": "学习强国"}


def test_the_columns_are_chosen_once_and_the_next_file_is_recognised(office, app, campaign):
    page = send(office, export(), columns="new").location
    shown = html.text_of(office.page(page))
    assert "用户姓名" in shown
    assert "2021-03-06" in shown
    answer = office.submit(page, {"name": "学习平台", "unit": "minutes", **CHOSEN}, action=page)
    assert answer.status_code == 303, html.text_of(html.parse(answer.text))
    work(app)
    batch = latest()
    assert batch.state is BatchState.CHECKED, batch.report["problems"]
    assert "学习强国" in html.text_of(office.page(answer.location))
    office.submit(answer.location, action=f"{answer.location}/commit")
    work(app)
    assert sorted(db.session.scalars(select(Record.minutes))) == [45, 90]
    send(office, export(*ROWS, ["张三", "办公室", "2021-03-07", 30, 1]))
    work(app)
    again = latest()
    assert (again.state, again.report["mapping"]) == (BatchState.CHECKED, "学习平台")
    assert (again.report["counts"]["new"], again.report["counts"]["unchanged"]) == (1, 2)


def test_what_is_wrong_is_said_beside_its_field_and_what_was_chosen_stays(office, campaign):
    page = send(office, export(), columns="new").location
    chosen = {"name": "学习平台", "unit": "minutes", **CHOSEN, "column_0": ""}
    answer = office.submit(page, chosen, action=page)
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert root.find(".//p[@id='column-0-error']") is not None
    assert root.find(".//select[@id='column-2']/option[@selected]").get("value") == "用户姓名"
    assert latest().mapping is None


def test_a_saved_mapping_is_chosen_by_its_name(office, app, saved):
    headings = ["用户姓名", "完成时间", "用时", "新的一列"]  # not those that it was made for
    send(office, export(["张三", "2021-03-05", 30, "x"], headings=headings), columns=str(saved.id))
    work(app)
    assert (latest().state, latest().report["mapping"]) == (BatchState.CHECKED, "学习平台")


def test_a_file_that_does_not_have_its_headings_is_refused(office, app, saved):
    send(office, export(), columns=str(saved.id))
    work(app)
    assert latest().state is BatchState.CHECKED
    send(office, export(["张三", 1], headings=["谁", "多久"]), columns=str(saved.id))
    work(app)
    assert latest().state is BatchState.REFUSED
    page = html.text_of(office.page(f"/imports/{latest().id}"))
    assert "学习平台" in page


def test_a_mapping_is_changed_and_taken_away_and_imports_keep_their_own(office, app, saved):
    send(office, export(headings=["用户姓名", "x", "完成时间", "用时", "y"]), columns=str(saved.id))
    page = f"/imports/mappings/{saved.id}"
    shown = office.page(page)
    assert shown.find(".//select[@id='column-2']/option[@selected]").get("value") == "用户姓名"
    fields = {"name": "另一个名字", "unit": "hours", "column_0": "完成时间", "column_2": "用户姓名",
              "column_4": "用时", "fixed_5": "集中学习"}  # fmt: skip
    assert office.submit(page, fields, action=page).status_code == 303
    db.session.expire_all()
    assert (saved.name, saved.content["fixed"]) == ("另一个名字", {"source": "集中学习"})
    assert latest().mapping["sheets"][0]["fixed"] == {"source": "学习强国"}
    assert office.submit(page, action=f"{page}/delete").status_code == 303
    assert db.session.scalars(select(Mapping)).all() == []
    work(app)
    assert latest().state is BatchState.CHECKED


def test_a_name_is_given_once(office, campaign, saved):
    page = send(office, export(), columns="new").location
    answer = office.submit(page, {"name": "学习平台", "unit": "minutes", **CHOSEN}, action=page)
    assert answer.status_code == 422


def test_who_comes_second_is_told(office, saved):
    page = f"/imports/mappings/{saved.id}"
    fields = {"name": "名字", "unit": "minutes", "column_0": "完成时间", "column_2": "用户姓名",
              "column_4": "用时", "fixed_5": "学习强国"}  # fmt: skip
    hidden = html.hidden_fields(office.page(page), page)
    assert office.submit(page, fields, action=page).status_code == 303
    assert office.post(page, data={**hidden, **fields}).status_code == 409
    stale = {**html.hidden_fields(office.page(page), f"{page}/delete"), "version": "1"}
    assert office.post(f"{page}/delete", data=stale).status_code == 409
    assert db.session.get(Mapping, saved.id) is not None


def test_a_file_that_is_brought_in_already_is_explained_no_more(office, make, campaign):
    done = make.batch(campaign, BatchState.COMMITTED)
    assert office.get(f"/imports/{done.id}/columns").status_code == 404
