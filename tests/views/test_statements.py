"""The pages on which branches state their months: who is silent, the form, and what the branch sees first."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest
from sqlalchemy import func, select

from tests import html
from tests.maker import NOW
from tests.statements import put_all, put_statement
from tests.views.figure_pages import inline_things, small_bureau
from tracker.db import db
from tracker.models import AuditEvent, Role, Said, Statement, Status
from tracker.queries.statement_lines import lines_of
from tracker.rules.periods import period_by_code
from tracker.services.closes import close_period

JULY = dt.date(2021, 7, 1)


@pytest.fixture
def bureau(make):
    return small_bureau(make)


def address(unit, month=None):
    return f"/statements/{unit.id}" + (f"/{month}" if month else "")


def state(client, unit, month, **fields):
    """Open the page of a month, fill in its form and send it."""
    root = client.page(f"{address(unit)}?month={month}")
    hidden = html.hidden_fields(root, address(unit, month))
    return client.post(address(unit, month), data={**hidden, **fields})


def states(bureau, unit, month):
    period = period_by_code(month, bureau.campaign, ())
    return {line.kind.code: str(line.state) for line in lines_of(bureau.campaign, [unit], [period])}


def preselected(root):
    """Name of a field → value of the choice that is made already."""
    return {
        one.get("name"): one.get("value")
        for one in root.iter("input")
        if one.get("type") == "radio" and one.get("checked") is not None
    }


def put_close(campaign, month, by):
    """The whole bureau's close of a month."""
    period = period_by_code(month, campaign, ())
    close_period(campaign, period, None, grace_until=None, holds_at=None, today=JULY, by=by, at=NOW)


def table(root):
    """Name of the row → texts of its cells, of the wide table."""
    found = next(one for one in root.iter("table") if "said-table" in (one.get("class") or ""))
    return {
        html.text_of(row.find("th")): [html.text_of(cell) for cell in row.iter("td")]
        for row in found.iter("tr")
        if row.find("td") is not None
    }


def test_one_click_states_what_has_rows_and_nothing_is_never_chosen_for_anybody(client, bureau):
    client.sign_in(bureau.secretary)
    root = client.page(f"{address(bureau.east)}?month=2021-03")
    chosen = preselected(root)
    assert chosen["said_study"] == chosen["said_activity"] == "handed_in"
    assert chosen["said_work"] == "later"
    answer = state(client, bureau.east, "2021-03", **chosen)
    assert (answer.status_code, answer.location) == (303, f"{address(bureau.east)}?month=2021-03")
    found = states(bureau, bureau.east, "2021-03")
    assert (found["study"], found["work"]) == ("handed_in", "silent")


def test_zero_is_said_knowingly_changed_and_taken_back(client, bureau):
    client.sign_in(bureau.secretary)
    state(client, bureau.east, "2021-04", said_work="nothing")
    assert states(bureau, bureau.east, "2021-04")["work"] == "nothing"
    root = client.page(f"{address(bureau.east)}?month=2021-04")
    assert preselected(root)["said_work"] == "nothing"
    assert "零报告" in html.text_of(root)
    state(client, bureau.east, "2021-04", said_work="later")
    assert states(bureau, bureau.east, "2021-04")["work"] == "silent"
    acts = select(AuditEvent.action).where(AuditEvent.subject_type == "statement").order_by(AuditEvent.id)
    assert db.session.scalars(acts).all() == ["statement:say", "statement:take_back"]


@pytest.mark.parametrize(("kind", "said"), [("study", "nothing"), ("work", "handed_in")])
def test_what_the_ledger_contradicts_is_refused_beside_its_kind_and_nothing_is_written(
    client, bureau, kind, said
):
    client.sign_in(bureau.secretary)
    answer = state(client, bureau.east, "2021-03", **{f"said_{kind}": said, "said_activity": "handed_in"})
    assert answer.status_code == 422
    root = html.parse(answer.text)
    assert any(one.get("id") == f"said_{kind}-error" for one in root.iter())
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 0


def test_a_choice_that_nobody_offered_changes_nothing(client, bureau):
    client.sign_in(bureau.secretary)
    answer = state(
        client, bureau.east, "2021-04", said_work="'; DROP TABLE statement", said_reading="nothing"
    )
    assert answer.status_code == 303
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 0


def test_a_form_that_is_sent_twice_is_taken_once(client, bureau):
    client.sign_in(bureau.secretary)
    root = client.page(f"{address(bureau.east)}?month=2021-04")
    fields = {**html.hidden_fields(root, address(bureau.east, "2021-04")), "said_work": "nothing"}
    answers = [client.post(address(bureau.east, "2021-04"), data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 302]
    acts = select(func.count()).select_from(AuditEvent).where(AuditEvent.action == "statement:say")
    assert db.session.scalar(acts) == 1


def test_two_browsers_the_second_is_told_and_sees_the_month_as_it_stands(app, client, make, bureau):
    deputy = make.user(Role.DEPUTY, bureau.east)
    other = app.test_client().sign_in(deputy)
    client.sign_in(bureau.secretary)
    pages = [one.page(f"{address(bureau.east)}?month=2021-04") for one in (client, other)]
    fields = [html.hidden_fields(root, address(bureau.east, "2021-04")) for root in pages]
    first = client.post(address(bureau.east, "2021-04"), data={**fields[0], "said_work": "nothing"})
    assert first.status_code == 303
    state(client, bureau.east, "2021-04", said_work="later")
    second = other.post(address(bureau.east, "2021-04"), data={**fields[1], "said_work": "nothing"})
    assert second.status_code == 409
    assert "刚才已有人报送了这个月" in second.text
    assert states(bureau, bureau.east, "2021-04")["work"] == "silent"


def test_a_month_that_is_not_over_has_no_form_and_takes_none(client, make, bureau):
    client.sign_in(bureau.secretary)
    root = client.page(address(bureau.east))
    hidden = html.hidden_fields(root)
    assert client.get(f"{address(bureau.east)}?month=2021-08").status_code == 404
    answer = client.post(address(bureau.east, "2021-08"), data={**hidden, "said_work": "nothing"})
    assert answer.status_code == 422
    assert "8月31日" in answer.text
    assert client.post(address(bureau.east, "2031-01"), data=hidden).status_code == 404
    assert client.post(address(bureau.east, "phase-1"), data=hidden).status_code == 404


def test_a_closed_month_has_no_form_and_says_so(client, make, bureau):
    client.sign_in(bureau.secretary)
    hidden = html.hidden_fields(client.page(f"{address(bureau.east)}?month=2021-04"))
    put_close(bureau.campaign, "2021-04", make.office)
    root = client.page(f"{address(bureau.east)}?month=2021-04")
    assert preselected(root) == {}
    assert "2021-04已封账" in html.text_of(root)
    answer = client.post(address(bureau.east, "2021-04"), data={**hidden, "said_work": "nothing"})
    assert answer.status_code == 422
    assert "2021-04已封账" in answer.text


def test_only_those_who_keep_the_branch_and_the_office_state_it(app, client, make, bureau):
    client.sign_in(bureau.secretary)
    hidden = html.hidden_fields(client.page(f"{address(bureau.east)}?month=2021-04"))
    stranger = app.test_client().sign_in(bureau.stranger)
    assert stranger.get(address(bureau.east)).status_code == 404
    sent = {**hidden, **html.hidden_fields(stranger.page("/help")), "said_work": "nothing"}
    assert stranger.post(address(bureau.east, "2021-04"), data=sent).status_code == 404
    auditor = app.test_client().sign_in(bureau.auditor)
    root = auditor.page(f"{address(bureau.east)}?month=2021-04")
    assert preselected(root) == {}
    sent = {**hidden, **html.hidden_fields(auditor.page("/help")), "said_work": "nothing"}
    assert auditor.post(address(bureau.east, "2021-04"), data=sent).status_code == 404
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 0


def test_the_office_writes_down_who_said_it_and_hostile_words_stay_words(client, bureau):
    client.sign_in(bureau.office)
    answer = state(client, bureau.east, "2021-04", said_work="nothing")
    assert answer.status_code == 422
    assert "请写明支部由谁报送" in answer.text
    answer = state(
        client, bureau.east, "2021-04", said_work="nothing", told_by="<b>李四</b>，电话" + "长" * 200
    )
    assert answer.status_code == 303
    text = client.get(f"{address(bureau.east)}?month=2021-04").text
    assert "&lt;b&gt;李四&lt;/b&gt;，电话" in text
    assert "<b>李四" not in text


def test_the_office_sees_who_is_silent_first_and_can_ask_for_them_alone(client, make, bureau):
    for unit in (bureau.east, bureau.old):
        put_all(make, bureau.campaign, unit, dt.date(2021, 6, 30), Said.NOTHING)
    client.sign_in(bureau.office)
    root = client.page("/statements")
    rows = table(root)
    assert list(rows) == ["西山党支部", "东湖党支部", "夕阳党支部"]
    assert rows["西山党支部"][1] == "未报 7"
    assert "与台账不符 4" in rows["东湖党支部"][4]  # March has rows of four kinds
    assert "零报告 3" in rows["东湖党支部"][4]
    assert rows["西山党支部"][0] == "7类可以报送"  # 31 July: nobody is silent on July yet
    assert "3个支部中，1个有未报的" in html.text_of(root)
    assert list(table(client.page("/statements?only=silent"))) == ["西山党支部"]
    assert inline_things(root) == []


def test_one_month_shows_its_kinds_with_the_rows_beside_and_who_is_not_asked(client, make, bureau):
    put_statement(make, bureau.campaign, bureau.east, "study", "2021-03", Said.HANDED_IN)
    put_statement(make, bureau.campaign, bureau.west, "work", "2021-03")
    make.record(bureau.campaign, member=bureau.zhang, minutes=30, status=Status.SUBMITTED)
    rows = table(client.sign_in(bureau.office).page("/statements?month=2021-03"))
    assert rows["东湖党支部"][0] == "已报核实2条、待核实1条"
    assert rows["西山党支部"][2] == "零报告没有台账"
    assert rows["西山党支部"][0] == "未报核实1条"
    assert rows["夕阳党支部"][5] == "不适用"  # what every goal leaves the retired out of


def test_a_secretary_comes_to_the_own_branch_and_reads_no_other(client, make, bureau):
    client.sign_in(bureau.secretary)
    assert client.get("/statements").location == address(bureau.east)
    book = openpyxl.load_workbook(io.BytesIO(client.get("/statements.xlsx").data))
    names = {row[0] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert names == {"东湖党支部"}


def test_the_sheet_has_a_row_for_each_branch_month_and_kind(client, make, bureau):
    put_statement(make, bureau.campaign, bureau.east, "work", "2021-04", told_by="李四")
    book = openpyxl.load_workbook(io.BytesIO(client.sign_in(bureau.office).get("/statements.xlsx").data))
    rows = {row[:3]: row[3:] for row in book.active.iter_rows(min_row=2, values_only=True)}
    assert rows["东湖党支部", "2021-04", "心得作品"] == ("零报告", 0, 0, 0)
    assert rows["西山党支部", "2021-04", "心得作品"] == ("未报", 0, 0, 0)
    assert rows["东湖党支部", "2021-03", "读党史"] == ("未报", 2, 0, 0)
    assert "李四" not in str(rows)


def test_a_branch_sees_first_what_it_has_not_stated(client, make, bureau):
    put_all(make, bureau.campaign, bureau.old, dt.date(2021, 5, 30), Said.NOTHING)
    client.sign_in(make.user(Role.SECRETARY, bureau.old))
    root = client.page(f"/branches/{bureau.old.id}")
    cards = [one for one in root.iter("section") if "card" in (one.get("class") or "")]
    text = html.text_of(cards[0])
    assert "有2个月没有报齐" in text
    assert "2021-07 今天起可以报送，5类" in text
    assert "2021-06 未报 5" in text
    links = [one.get("href") for one in cards[0].iter("a")]
    assert f"{address(bureau.old)}?month=2021-06" in links
    put_all(make, bureau.campaign, bureau.old, JULY, Said.NOTHING, skip=[
        (kind, month) for kind in ("study", "activity", "work", "pairing", "other")
        for month in ("2021-02", "2021-03", "2021-04", "2021-05")
    ])  # fmt: skip
    root = client.page(f"/branches/{bureau.old.id}")
    assert "各月都已报送" in html.text_of(next(one for one in root.iter("section")))


def test_the_bureaus_page_counts_the_silent_by_month_and_leads_there(client, make, bureau):
    put_all(make, bureau.campaign, bureau.west, dt.date(2021, 6, 30), Said.NOTHING)
    root = client.sign_in(bureau.office).page("/")
    card = next(one for one in root.iter("section") if one.get("aria-labelledby") == "silent-title")
    assert "2021-06 未报 3个支部中2个" in html.text_of(card)
    assert "/statements?month=2021-06&only=silent" in [one.get("href") for one in card.iter("a")]


def test_before_any_month_is_over_nothing_is_asked(client, make, bureau, monkeypatch):
    monkeypatch.setattr("tracker.views.statements.today", lambda: dt.date(2021, 2, 27))
    client.sign_in(bureau.office)
    assert "还没有结束的月份" in html.text_of(client.page("/statements"))
    assert "还没有要报送的" in html.text_of(client.page(address(bureau.east)))


def test_without_a_campaign_there_is_no_such_page(client, make):
    unit = make.branch()
    client.sign_in(make.user(Role.OFFICE))
    assert client.get("/statements").status_code == 404
    assert client.get(address(unit)).status_code == 404
