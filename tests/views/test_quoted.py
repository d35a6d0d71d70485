"""The register of quoted figures as pages: entered, renewed, put right, withdrawn, taken as a workbook."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.quoted import a_quoted
from tracker.db import db
from tracker.models import CampaignArchive, Quoted, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TYPED = {
    "title": "全市养老床位", "value": "12,345.5", "unit": "张", "as_of": "2021-06-26",
    "source": "市养老服务处6月报表", "code": "beds",
}  # fmt: skip


@pytest.fixture
def campaign(make):
    return make.campaign()


@pytest.fixture
def office(client, make, campaign):
    return client.sign_in(make.office)


def rows():
    return list(db.session.scalars(select(Quoted).order_by(Quoted.id)))


def send(client, url, **fields):
    return client.submit(url, fields, action=url)


def test_the_office_enters_a_figure_and_finds_it_with_its_placeholder(office):
    assert "还没有引用数据" in body(office.page("/quoted"))
    answer = send(office, "/quoted/new", **TYPED)
    assert (answer.status_code, answer.location) == (303, "/quoted#beds")
    said = body(office.page("/quoted"))
    for words in (
        "全市养老床位",
        "12345.5张",
        "2021-06-26",
        "市养老服务处6月报表",
        "{quoted.beds}",
        "外部数据",
    ):
        assert words in said, words
    assert rows()[0].value == "12345.5"


def test_a_double_click_enters_once(office):
    fields = {**html.hidden_fields(office.page("/quoted/new"), "/quoted/new"), **TYPED}
    assert [office.post("/quoted/new", data=fields).status_code for _ in range(2)] == [303, 302]
    assert len(rows()) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"value": "12张"}, "只能写数字"), ({"value": "许多"}, "不是数字"), ({"unit": ""}, "请填写"),
        ({"title": " "}, "请填写"), ({"source": ""}, "请填写"), ({"as_of": "2021-08-01"}, "还没有到"),
        ({"as_of": "6月26日"}, "年"),
        ({"as_of": ""}, "日期"), ({"code": "床位"}, "编码只能用"), ({"title": "a\u202eb"}, "控制字符"),
    ],
)  # fmt: skip
def test_what_will_not_do_comes_back_with_what_was_typed(office, fields, sentence):
    answer = send(office, "/quoted/new", **{**TYPED, **fields})
    assert answer.status_code == 422
    page = html.parse(answer.text)
    assert sentence in html.text_of(page.find(".//main"))
    assert page.find(".//input[@id='source']").get("value") == {**TYPED, **fields}["source"]
    assert rows() == []


def test_a_code_that_is_taken_is_refused(office):
    send(office, "/quoted/new", **TYPED)
    assert "已有引用数据在用" in send(office, "/quoted/new", **{**TYPED, "as_of": "2021-06-01"}).text


def test_a_name_like_the_campaigns_own_is_asked_about_and_taken_once_confirmed(office):
    typed = {**TYPED, "title": "民生微实事", "code": ""}
    assert "is_outside" not in office.get("/quoted/new").text
    answer = send(office, "/quoted/new", **typed)
    assert answer.status_code == 422
    for words in ("一百件微实事", "微实事", "民生", "is_outside"):
        assert words in answer.text, words
    assert rows() == []
    assert send(office, "/quoted/new", **typed, is_outside="y").status_code == 303
    assert rows()[0].code == "minshengweishishi"


def test_a_newer_value_is_entered_from_the_list_and_the_old_one_stays(office, campaign, make):
    row = a_quoted(campaign, make.office)
    url = f"/quoted/new?of={row.id}"
    assert "720件" in body(office.page(url))
    answer = send(office, url, value="801", as_of="2021-07-20", source="7月通报", title="改名", unit="个")
    assert answer.status_code == 303
    assert [(one.title, one.value, one.unit) for one in rows()] == [
        ("全市民生实事完成数", "720", "件"),
        ("全市民生实事完成数", "801", "件"),
    ]
    said = body(office.page("/quoted"))
    assert "801件" in said
    assert "历史1条" in said
    again = f"/quoted/new?of={rows()[1].id}"
    assert send(office, again, value="1", as_of="2021-07-20", source="x").status_code == 422


def test_a_value_is_put_right_and_withdrawn_with_reasons(office, campaign, make):
    row = a_quoted(campaign, make.office)
    url = f"/quoted/{row.id}/correct"
    kept = {"title": row.title, "unit": "件", "source": row.source, "as_of": "2021-06-26"}
    assert send(office, url, **kept, value="702", why="").status_code == 422
    assert send(office, url, **kept, value="702", why="看错了行").status_code == 303
    assert "看错了行" in body(office.page("/quoted"))
    made = rows()[1]
    gone = f"/quoted/{made.id}/withdraw"
    page = html.hidden_fields(office.page("/quoted"), gone)
    assert page["version"] == "1"
    assert office.post(gone, data={**page, "why": ""}).status_code == 422
    page = html.hidden_fields(office.page("/quoted"), gone)
    assert office.post(gone, data={**page, "why": "不再引用"}).status_code == 303
    assert "已作废" in body(office.page("/quoted"))


def test_whoever_comes_second_reads_that_it_changed(office, campaign, make):
    row = a_quoted(campaign, make.office)
    url, gone = f"/quoted/{row.id}/correct", f"/quoted/{row.id}/withdraw"
    kept = {"title": row.title, "unit": "件", "source": row.source, "as_of": "2021-06-26", "value": "1"}
    fields = html.hidden_fields(office.page(url), url)
    page = html.hidden_fields(office.page("/quoted"), gone)
    assert office.post(gone, data={**page, "why": "不再引用"}).status_code == 303
    assert office.post(url, data={**fields, **kept, "why": "看错了行"}).status_code == 409
    again = {**page, "submission_key": "k" * 32, "why": "再来一次"}
    assert office.post(gone, data=again).status_code == 409


def test_the_workbook_holds_every_value_and_no_formula(office, campaign, make):
    a_quoted(campaign, make.office, title='=HYPERLINK("http://x")', value="48.5", source="+1", note="@x")
    a_quoted(campaign, make.office, value="801", as_of=dt.date(2021, 7, 20))
    book = load_workbook(BytesIO(office.get("/quoted.xlsx").data))
    lines = list(book.worksheets[0].iter_rows(values_only=True))
    assert lines[0][:3] == ("编码", "数据名称", "数值")
    assert [line[2] for line in lines[1:]] == [801, 48.5]
    assert lines[2][1] == '=HYPERLINK("http://x")'
    assert book.worksheets[0]["B3"].data_type == "s"
    assert lines[2][-1] == "{quoted.msss.done}"
    assert len(list(load_workbook(BytesIO(office.get("/quoted.xlsx?q=没有").data)).worksheets[0].rows)) == 1


def test_the_list_costs_the_same_however_many_there_are(office, campaign, make, statements):
    a_quoted(campaign, make.office)
    with statements() as few:
        office.page("/quoted")
    for n in range(20):
        a_quoted(campaign, make.office, code=f"c{n}")
    with statements() as many:
        office.page("/quoted")
    assert len(many) == len(few)


def test_the_auditor_reads_and_changes_nothing(client, campaign, make):
    row = a_quoted(campaign, make.office)
    client.sign_in(make.user(Role.AUDITOR))
    page = client.page("/quoted")
    assert "720件" in body(page)
    assert not {one.get("href") for one in page.iter("a")} & {"/quoted/new", f"/quoted/{row.id}/correct"}
    for url in ("/quoted/new", f"/quoted/{row.id}/correct"):
        assert client.get(url).status_code == 404
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert client.get("/quoted").status_code == 404
    assert client.get("/quoted.xlsx").status_code == 404


def test_a_row_of_another_campaign_has_no_newer_value_here(office, campaign, make):
    other = make.campaign(campaign.definition["text"].replace('"qigeyibai-2021"', '"other-2022"', 1))
    row = a_quoted(other, make.office)
    assert office.get(f"/quoted/new?of={row.id}").status_code == 404
    for of in ("0", "x", "9" * 30):
        assert office.get(f"/quoted/new?of={of}").status_code == 404


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.office)
    assert "还没有" in body(client.page("/quoted"))
    assert "还没有行动计划" in html.text_of(client.page("/quoted/new"))
    assert client.get("/quoted.xlsx").status_code == 404


def test_a_campaign_in_the_archive_offers_no_button(office, campaign, make):
    row = a_quoted(campaign, make.office)
    db.session.add(
        CampaignArchive(
            campaign_id=campaign.id, archived_at=NOW, archived_by_id=make.office.id, archived_why="完成"
        )
    )
    page = office.page("/quoted")
    assert "720件" in body(page)
    assert f"/quoted/{row.id}/correct" not in {one.get("href") for one in page.iter("a")}
