"""A campaign file by page: shown first, then written as it was shown; copied; and compared."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests import html
from tests.maker import SHIPPED
from tests.views.test_campaigns import LAST_YEAR
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Role
from tracker.queries.campaigns import campaign_by_code

pytestmark = pytest.mark.slow

TEXT = SHIPPED.read_text(encoding="utf-8")
CHANGED = TEXT.replace('title = "全部党员"', 'title = "所有党员"').replace(
    'id = "members.serving"\ntitle = "在职党员"\nmeasure = "members"\nover = { category = ["在职"] }',
    'id = "members.serving"\ntitle = "在职党员"\nmeasure = "members"',
)


@pytest.fixture
def office(client, bureau, make):
    return client.sign_in(make.user(Role.OFFICE))


def text_of(answer):
    return html.text_of(html.parse(answer.text).find(".//main"))


def rows_of(answer):
    """The cells of every row of the page's tables."""
    rows = html.parse(answer.text).iter("tr")
    return [[html.text_of(cell) for cell in row.iter("td")] for row in rows]


def look(client, text):
    return client.submit("/campaigns/load", {"text": text}, action="/campaigns/load")


def confirm(client, answer, text, **more):
    fields = html.hidden_fields(html.parse(answer.text), "/campaigns/load")
    return client.post("/campaigns/load", data={**fields, "text": text, **more})


def test_a_file_is_shown_with_each_figure_before_and_after_and_written_only_then(office, bureau):
    answer = look(office, CHANGED)
    assert answer.status_code == 200
    assert ["数据项", "members.all", "更改"] in rows_of(answer)
    assert ["members.serving", "3", "4"] in rows_of(answer)
    assert db.session.get_one(Campaign, bureau.campaign.id).definition["text"] == TEXT
    assert confirm(office, answer, CHANGED).status_code == 303
    assert db.session.get_one(Campaign, bureau.campaign.id).definition["text"] == CHANGED
    assert (
        db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first()
        == "campaign:load"
    )


def test_a_text_that_was_changed_after_it_was_shown_is_shown_anew(office, bureau):
    answer = look(office, CHANGED)
    other = CHANGED.replace('title = "所有党员"', 'title = "党员"')
    again = confirm(office, answer, other)
    assert again.status_code == 409
    assert "请再看一遍" in text_of(again)
    assert db.session.get_one(Campaign, bureau.campaign.id).definition["text"] == TEXT
    assert confirm(office, again, other).status_code == 303


def test_a_file_is_taken_as_well_as_its_text(office, bureau):
    data = {"file": (BytesIO(("\ufeff" + CHANGED).encode()), "计划.toml")}
    answer = office.submit(
        "/campaigns/load", data, action="/campaigns/load", content_type="multipart/form-data"
    )
    assert answer.status_code == 200
    assert ["members.serving", "3", "4"] in rows_of(answer)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "请选择文件"), ("code = ", "处错误"),
        (TEXT.replace('code = "study"\nname', "name"), "处错误"),
        (TEXT.replace("ends_on = 2021-12-31", "ends_on = 2021-03-31"), "超出"), (TEXT, "没有变化"),
        ("x" * 300_000, ""), ("[[kinds]]\n" * 5_000, "处错误"),
    ],
)  # fmt: skip
def test_what_cannot_be_loaded_is_told_and_nothing_is_written(office, bureau, text, said):
    answer = look(office, text)
    assert answer.status_code in (413, 422)
    assert said in text_of(answer)
    assert db.session.get_one(Campaign, bureau.campaign.id).definition["text"] == TEXT


def test_bytes_that_are_no_text_are_told(office):
    data = {"file": (BytesIO(b"\xff\xfe\x00x"), "计划.toml")}
    answer = office.submit(
        "/campaigns/load", data, action="/campaigns/load", content_type="multipart/form-data"
    )
    assert answer.status_code == 422
    assert "UTF-8" in text_of(answer)


def test_a_copy_shows_each_day_that_moved_and_can_be_loaded_and_downloaded(office, bureau):
    url = f"/campaigns/{bureau.campaign.code}/copy"
    answer = office.submit(
        url, {"code": "next", "name": "“七个一百”行动计划（2022）", "starts_on": "2022-02-26"}
    )
    assert answer.status_code == 200
    page = html.parse(answer.text)
    assert ["due_on", "2021-07-31", "2022-07-31"] in [row[1:] for row in rows_of(answer)]
    box = next(area for area in page.iter("textarea") if area.get("name") == "text")
    text = (box.text or "").lstrip("\n").replace("\r\n", "\n")
    assert text.startswith("# “七个一百”行动计划（2021）")
    fields = html.hidden_fields(page, "/campaigns/load")
    taken = office.post(f"{url}.toml", data={**fields, "text": text})
    assert taken.mimetype == "application/toml"
    assert taken.data.decode() == text
    shown = look(office, text)
    assert confirm(office, shown, text).status_code == 303
    copied = campaign_by_code("next")
    assert copied is not None
    assert (copied.starts_on, copied.is_current) == (dt.date(2022, 2, 26), False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"code": "qigeyibai-2021"}, "自己的编码"), ({"code": "Ä"}, "编码只能用"),
        ({"name": 'a"'}, "反斜杠"),
        ({"starts_on": "2022-02-30"}, "不是一个日期"), ({"starts_on": ""}, "不是一个日期"),
        ({"code": ""}, "请填写"),
    ],
)  # fmt: skip
def test_a_copy_that_cannot_be_is_told_beside_its_field(office, bureau, fields, said):
    filled = {"code": "next", "name": "下一年", "starts_on": "2022-02-26"} | fields
    answer = office.submit(f"/campaigns/{bureau.campaign.code}/copy", filled)
    assert answer.status_code == 422
    assert said in text_of(answer)


@pytest.fixture
def last(bureau, make):
    """Last year's campaign with one service that served 30, and this year's with what the bureau has."""
    campaign = make.campaign(LAST_YEAR.replace('unit = "篇"', 'unit = "份"'))
    for day, served in ((dt.date(2020, 3, 5), 30), (dt.date(2020, 12, 1), 70)):
        make.record(
            campaign, "service", owner=bureau.groups[0], minutes=60, people_served=served, happened_on=day,
            community="北园", category="清洁",
        )  # fmt: skip
    db.session.commit()
    return campaign


def row_of(page, section, title):
    tables = list(page.iter("table"))
    for row in tables[section].iter("tr"):
        cells = [html.text_of(cell) for cell in row.iter("td")]
        if cells and cells[0] == title:
            return cells[1:]
    raise AssertionError(title)


def test_figures_are_held_against_each_other_on_the_same_day_and_at_the_end(office, last, bureau):
    page = office.page(f"/campaigns/compare?a=last&b={bureau.campaign.code}&day=100")
    then, now_, by = row_of(page, 0, "服务群众")
    assert then == "30人次"
    assert by.startswith(("+", "−", "0"))
    assert row_of(page, 1, "服务群众")[0] == "100人次"
    assert row_of(page, 1, "服务群众")[1:] == ["尚未结束", "—"]
    assert row_of(page, 0, "报送作品")[2] == "不可比：单位不同"
    assert row_of(page, 0, "各党支部学习时长")[2] == "不可比：是清单或日期"
    assert now_


def test_the_comparison_is_taken_as_a_workbook_and_that_is_noted(office, last, bureau):
    answer = office.submit(
        "/campaigns/compare", {}, action=f"/campaigns/compare.xlsx?a=last&b={bureau.campaign.code}&day=156"
    )
    book = load_workbook(BytesIO(answer.data))
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[0][2:4] == (last.name, bureau.campaign.name)
    served = next(row for row in rows if row[0] == "服务群众")
    assert served[4] == served[3] - served[2]
    assert db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id.desc())).first() == (
        "campaign:compare"
    )


@pytest.mark.parametrize(
    "query", ["?day=-5", "?day=99999999", "?day=x", "?a=nowhere&b=neither", "?a=last&b=last"]
)
def test_strange_questions_are_answered_with_what_is_nearest(office, last, query):
    assert office.get(f"/campaigns/compare{query}").status_code == 200


def test_with_one_campaign_there_is_nothing_to_compare(office):
    assert "还没有两个可比的行动计划" in office.get("/campaigns/compare").text
