"""Imports: sending, looking, bringing in, undoing, each as a person does it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests import html
from tests.maker import NOW
from tracker.db import db
from tracker.models import Batch, BatchState, Job, JobState, Record, Role
from tracker.worker import run_one

REPORT = {
    "today": "2021-07-31",
    "counts": {"read": 12, "new": 9, "unchanged": 2, "changed": 1, "reversed_before": 0},
    "sheets": [
        {
            "sheet": "读党史", "kind": "study", "kind_name": "读党史", "read": 12, "new": 9, "unchanged": 2, "changed": 1,
            "reversed_before": 0, "totals": 1, "columns": [["学习日期", "日期"], ["姓名", "姓名"]], "unknown": ["备注"],
            "dropped": ["身份证号"], "is_skipped": False,
        }
    ],
    "problems": [],
    "problem_count": 0,
    "remarks": [],
    "new_values": {"community": ["北园社区"]},
    "organiser": "市民政局",
    "effects": [
        {"figure": "a", "title": "学习时长最低", "unit": "小时", "before": 79.5, "after": 80},
        {"figure": "b", "title": "人数", "unit": "名", "before": {"low": 1, "high": 3}, "after": 4},
        {"figure": "c", "title": "预计", "unit": "日", "before": None, "after": "2021-07-26"},
        {"figure": "d", "title": "各支部", "unit": "分钟", "before": {"东湖": 1}, "after": {"东湖": 2, "西山": 5}},
    ],
    "same_as": None,
}  # fmt: skip


def problems(count):
    return [
        {
            "sheet": "读党史",
            "row": n + 4,
            "column": "时长",
            "cell": f"E{n + 4}",
            "msgid": "Say why, in a few words.",
            "params": {},
        }
        for n in range(count)
    ]


@pytest.fixture
def office(client, make):
    return client.sign_in(make.user(Role.OFFICE))


def body(root):
    return html.text_of(root.find(".//main"))


def batch_with(make, state, campaign=None, **report):
    batch = make.batch(campaign or make.campaign(), state)
    batch.report = {**REPORT, **report}
    if state is BatchState.COMMITTED:
        batch.committed_at = NOW
    db.session.flush()
    return batch


def actions_on(root):
    return sorted(
        (form.get("action") or "").rsplit("/", 1)[-1]
        for form in root.iter("form")
        if "/imports/" in (form.get("action") or "")
    )


def test_a_checked_file_says_what_was_understood_and_what_would_change(office, make):
    batch = batch_with(make, BatchState.CHECKED)
    root = office.page(f"/imports/{batch.id}")
    said = body(root)
    for words in (
        "学习日期",
        "身份证号",
        "备注",
        "北园社区",
        "市民政局",
        "79.5小时",
        "80小时",
        "1–3名",
        "2021-07-26",
        "西山",
    ):
        assert words in said, words
    assert actions_on(root) == ["commit", "discard"]


def test_a_refused_file_lists_its_problems_by_pages_and_as_a_workbook(office, make):
    batch = batch_with(make, BatchState.REFUSED, problems=problems(70), problem_count=70)
    root = office.page(f"/imports/{batch.id}")
    table = next(table for table in root.iter("table") if "E4" in html.text_of(table))
    assert len(list(table.iter("tr"))) == 51
    assert "E73" in body(office.page(f"/imports/{batch.id}?page=2"))
    assert actions_on(root) == ["discard"]
    book = openpyxl.load_workbook(io.BytesIO(office.get(f"/imports/{batch.id}/problems.xlsx").data))
    assert any("E73" in str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row)


def test_a_written_import_can_only_be_undone_and_says_what_that_changes(office, make):
    campaign = make.campaign()
    batch = batch_with(make, BatchState.COMMITTED, campaign)
    make.record(campaign, "activity", batch=batch, type="中心组学习")
    root = office.page(f"/imports/{batch.id}")
    assert actions_on(root) == ["undo"]
    assert "1" in html.text_of(root.find(".//section[@id='undo']"))


@pytest.mark.parametrize("state", [BatchState.UNDONE, BatchState.DISCARDED])
def test_what_is_over_offers_nothing(office, make, state):
    assert actions_on(office.page(f"/imports/{batch_with(make, state).id}")) == []


def test_the_same_file_sent_before_is_named(office, make):
    first = batch_with(make, BatchState.COMMITTED)
    second = batch_with(make, BatchState.CHECKED, same_as=first.id)
    assert first.filename in body(office.page(f"/imports/{second.id}"))


def test_an_auditor_sees_everything_and_finds_no_button(client, make):
    client.sign_in(make.user(Role.AUDITOR))
    batch = batch_with(make, BatchState.CHECKED)
    assert actions_on(client.page(f"/imports/{batch.id}")) == []
    assert client.page("/imports").find(".//input[@type='file']") is None
    fields = html.hidden_fields(client.page("/help"))
    assert client.post(f"/imports/{batch.id}/commit", data={**fields, "version": "1"}).status_code == 404


def test_an_auditor_gets_the_list_of_problems_but_no_copy_of_the_file(client, app, make, people):
    office = app.test_client().sign_in(make.user(Role.OFFICE))
    bad = [*ROW]
    bad[2] = "李四"
    address = send(office, ledger_file(bad)).location
    work(app)
    client.sign_in(make.user(Role.AUDITOR))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{address}/problems.xlsx").data))
    assert len(book.sheetnames) == 1


def test_a_secretary_finds_no_import(client, make):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    batch = batch_with(make, BatchState.CHECKED)
    for path in ("", f"/{batch.id}", f"/{batch.id}/progress", f"/{batch.id}/problems.xlsx", "/template.xlsx"):
        assert client.get(f"/imports{path}").status_code == 404


def test_a_missing_import_is_not_found(office):
    assert office.get("/imports/999999").status_code == 404


def job_on(batch, state, **fields):
    job = Job(
        task="check", batch_id=batch.id, asked_by_id=batch.uploaded_by_id, asked_at=NOW, state=state, **fields
    )
    db.session.add(job)
    db.session.flush()
    return job


def test_while_it_is_worked_on_the_page_shows_how_far_and_asks_again(office, make):
    batch = batch_with(make, BatchState.UPLOADED)
    job_on(batch, JobState.RUNNING, done=300, total=1200)
    root = office.page(f"/imports/{batch.id}")
    assert root.find(".//progress").get("value") == "25"
    assert root.find(".//*[@id='progress']").get("hx-get") == f"/imports/{batch.id}/progress"
    assert root.find(".//noscript") is not None
    answer = office.get(f"/imports/{batch.id}/progress")
    assert "HX-Refresh" not in answer.headers
    assert actions_on(root) == []


def test_when_the_work_is_over_the_page_is_asked_for_anew(office, make):
    batch = batch_with(make, BatchState.CHECKED)
    job_on(batch, JobState.DONE, done=12, total=12)
    assert office.get(f"/imports/{batch.id}/progress").headers["HX-Refresh"] == "true"


def test_work_that_failed_says_why(office, make):
    batch = batch_with(make, BatchState.UPLOADED)
    job_on(batch, JobState.FAILED, error={"msgid": "Say why, in a few words.", "params": {}})
    root = office.page(f"/imports/{batch.id}")
    assert root.find(".//p[@role='alert']") is not None


def test_whoever_saw_an_older_state_gets_a_409(office, make):
    batch = batch_with(make, BatchState.CHECKED)
    for act in ("commit", "discard"):
        answer = office.submit(f"/imports/{batch.id}", {"version": "0"}, action=f"/imports/{batch.id}/{act}")
        assert answer.status_code == 409, act


def test_the_history_costs_the_same_whatever_its_length(office, make, statements):
    batch_with(make, BatchState.CHECKED)
    office.get("/imports")
    with statements() as few:
        office.get("/imports")
    for _ in range(60):
        make.batch()
    with statements() as many:
        root = office.page("/imports")
    assert len(list(root.find(".//tbody"))) == 50
    assert len(many) <= len(few) <= 15


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"x"), ("", b"")])
def test_what_is_no_workbook_is_refused_beside_the_field(office, name, content):
    data = {"file": (io.BytesIO(content), name), "sort": "ledger"}
    response = office.submit("/imports", data, action="/imports", content_type="multipart/form-data")
    assert response.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0


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
    for _ in range(2):
        data = {**fields, "file": (io.BytesIO(ledger_file(ROW)), "a.xlsx"), "sort": "ledger"}
        assert office.post("/imports", data=data, content_type="multipart/form-data").status_code in (
            302,
            303,
        )
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 1


def test_the_blank_workbook_of_the_campaign_can_be_taken(office, people):
    answer = office.get("/imports/template.xlsx")
    assert "读党史" in openpyxl.load_workbook(io.BytesIO(answer.data)).sheetnames
