"""Imports: sending, looking, bringing in, undoing, each as a person does it."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests import html
from tests.bureau import actions_on, body
from tests.maker import NOW
from tracker.db import db
from tracker.models import Batch, BatchSort, BatchState, Job, JobState, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

REPORT = {
    "today": "2021-07-31",
    "counts": {"read": 12, "new": 9, "unchanged": 2, "changed": 1, "reversed_before": 0},
    "sheets": [
        {
            "sheet": "读党史", "kind": "study", "kind_name": "读党史", "read": 12, "new": 9,
            "unchanged": 2, "changed": 1, "reversed_before": 0, "totals": 1,
            "columns": [["学习日期", "日期"], ["姓名", "姓名"]],
            "unknown": ["备注"], "dropped": ["身份证号"], "is_skipped": False,
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
        {"figure": "d", "title": "各支部", "unit": "分钟", "before": {"东湖": 1},
         "after": {"东湖": 2, "西山": 5}},
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


def batch_with(make, state, campaign=None, **report):
    batch = make.batch(campaign or make.campaign(), state)
    batch.report = {**REPORT, **report}
    if state is BatchState.COMMITTED:
        batch.committed_at = NOW
    db.session.flush()
    return batch


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
    link = f"/imports/{batch.id}"  # without script the reader looks again when they like
    assert root.find(f".//*[@id='progress']//a[@href='{link}']") is not None
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
    assert root.find(".//*[@role='alert']") is not None


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
    assert len(many) <= len(few) <= 17


@pytest.mark.parametrize(("name", "content"), [("a.csv", b"x"), ("", b"")])
def test_what_is_no_workbook_is_refused_beside_the_field(office, name, content):
    data = {"file": (io.BytesIO(content), name), "sort": "ledger"}
    response = office.submit("/imports", data, action="/imports", content_type="multipart/form-data")
    assert response.status_code == 422
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0


def test_whoever_comes_to_bring_in_a_roster_finds_it_preset(office):
    for address, preset in (("/imports?sort=roster", "roster"), ("/imports?sort=anything", "told")):
        chosen = office.page(address).find(".//select[@name='sort']/option[@selected]")
        assert chosen.get("value") == preset, address


FAULT = {**problems(1)[0], "row": None, "cell": None}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"problems": [FAULT]}, 1),  # of the sheet with the fault
        ({"problems": [{**FAULT, "sheet": ""}]}, 8),  # no sheet is of any kind: of each
        ({"problems": problems(1)}, 0),  # the columns are there, a row is wrong
    ],
)
def test_a_refused_file_says_which_columns_it_should_have(office, make, told, expected):
    batch = batch_with(make, BatchState.REFUSED, problem_count=1, **told)
    section = office.page(f"/imports/{batch.id}").find(".//section[@id='expected']")
    assert (0 if section is None else len(list(section.iter("ul")))) == expected
    if expected == 1:
        assert "时长 必填" in html.text_of(section)


def test_a_refused_roster_says_which_columns_a_roster_has(office, make):
    batch = batch_with(make, BatchState.REFUSED, problems=[FAULT], problem_count=1)
    batch.sort = BatchSort.ROSTER
    db.session.flush()
    assert "工号" in html.text_of(office.page(f"/imports/{batch.id}").find(".//section[@id='expected']"))
