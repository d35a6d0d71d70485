"""The office makes a figure in the browser: tried, saved, found everywhere, changed, withdrawn."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select, text

from tests import html
from tests.layout_desk import Desk
from tests.maker import NOW
from tracker.db import db
from tracker.models import OwnFigure, Role, Tally
from tracker.queries import own_figures as queries
from tracker.queries.bulletin_facts import facts_on
from tracker.queries.recounts import differences
from tracker.rules.bulletin_text import compose
from tracker.services.archives import archive_campaign
from tracker.services.own_figures import change_figure, save_figure, withdraw_figure

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

NEW = "/own-figures/new?kind=activity"
TRY = "/own-figures/try?kind=activity&as_of=2021-07-31"
FIELDS = {"title": "主题党日场次", "measure": "records", "how_type": "where", "words_type": "主题党日",
          "scope": "bureau", "reduce": "sum"}  # fmt: skip
WORDS = {"id": "own.dangri", "title": "主题党日场次", "kind": "activity", "measure": "records",
         "unit": "场次", "where": {"type": ["主题党日"]}}  # fmt: skip


@pytest.fixture
def desk(make, client):
    desk = Desk(make, client)
    desk.auditor = make.user(Role.AUDITOR)
    return desk


def save(desk, **words):
    return save_figure(desk.campaign, {**WORDS, **words}, by=desk.office, at=NOW)


def words_of(answer):
    return html.text_of(html.parse(answer.text))


def rows():
    return db.session.scalars(select(OwnFigure).order_by(OwnFigure.id)).all()


def test_the_office_tries_a_figure_and_nothing_is_written(desk):
    client = desk.sign_in(desk.office)
    tallies = db.session.scalars(select(Tally.id)).all()
    answer = client.post(TRY, data={**html.hidden_fields(client.page(NEW), NEW), **FIELDS})
    assert answer.status_code == 200
    said = words_of(answer)
    assert "1条" in said
    assert "只计类型为主题党日的" in said
    assert "共有1条台账记录计入" in said
    assert "共学" in said
    assert rows() == []
    assert db.session.scalars(select(Tally.id)).all() == tallies


def test_while_fields_change_only_the_part_with_the_result_is_sent(desk):
    client = desk.sign_in(desk.office)
    fields = {**html.hidden_fields(client.page(NEW), NEW), **FIELDS, "title": ""}
    answer = client.post(TRY, data=fields, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith(("<section", "\n"))
    assert "<html" not in answer.text
    assert "1条" in words_of(answer)
    answer = client.post(TRY, data={**fields, "target": "5"}, headers={"HX-Request": "true"})
    assert "这样还不能计数" in words_of(answer)


def test_saved_it_is_found_wherever_figures_are(desk):
    client = desk.sign_in(desk.office)
    answer = client.submit(NEW, {**FIELDS, "unit": "场次", "code": "dangri"}, action=NEW)
    assert answer.status_code == 303, words_of(answer)
    assert answer.location == "/own-figures/own.dangri"
    page = html.text_of(client.page(answer.location))
    assert "1场次" in page
    assert 'id = "dangri"' in page
    assert "own.dangri" in html.text_of(client.page("/figures"))
    assert "主题党日场次" in html.text_of(client.page("/own-figures?q=zhutidangri"))
    assert "没有符合的数据项" in html.text_of(client.page("/own-figures?q=nothing"))
    ledger = client.page(client.get("/figures/own.dangri").location)
    assert "共学" in html.text_of(ledger)
    assert list(differences(desk.campaign)) == []


def test_the_command_line_tells_it_too(desk, app):
    save(desk)
    result = app.test_cli_runner().invoke(args=["figures", "--json", "--as-of", "2021-07-31"])
    assert json.loads(result.output)["figures"]["own.dangri"] == 1


def test_a_bulletin_quotes_it(desk):
    save(desk)
    save(desk, id="own.renci", title="参加人次", measure="participations", unit="人次")
    save(desk, id="own.renshu", title="参加人数", measure="persons", unit="人")
    facts = facts_on(desk.campaign, dt.date(2021, 7, 31))
    body = compose("开展主题党日{own.dangri}，{own.renci}参加。另有{own.meiyou}次。", facts)
    assert body.paragraphs[0].text == "开展主题党日1场次，2人次（2人）参加。"
    assert [one.ref for one in body.left_out] == ["own.meiyou"]


def test_a_second_click_makes_no_second_figure(desk):
    client = desk.sign_in(desk.office)
    fields = {**html.hidden_fields(client.page(NEW), NEW), **FIELDS}
    first, second = client.post(NEW, data=fields), client.post(NEW, data=fields)
    assert first.location == second.location
    assert len(rows()) == 1


def test_the_auditor_reads_and_makes_none(desk):
    save(desk)
    client = desk.sign_in(desk.auditor)
    assert "新建数据项" not in html.text_of(client.page("/own-figures"))
    assert "停用" not in html.text_of(client.page("/own-figures/own.dangri"))
    for url in (NEW, "/own-figures/own.dangri/change"):
        client.page(url, 404)


def test_a_secretary_sees_none_of_them(desk):
    save(desk)
    client = desk.sign_in(desk.secretary)
    for url in ("/own-figures", "/own-figures/own.dangri", "/records?figure=own.dangri"):
        client.page(url, 404)
    assert "主题党日场次" not in html.text_of(client.page("/figures"))
    assert "主题党日场次" not in html.text_of(client.page(f"/records/{desk.joint.id}"))


def test_the_roster_is_counted_too(desk):
    client, page = desk.sign_in(desk.office), "/own-figures/new?kind=-"
    wrong = client.submit(page, {"title": "党支部", "measure": "units", "level": ""}, action=page)
    assert "请选择层级" in words_of(wrong)
    answer = client.submit(page, {"title": "党支部", "measure": "units", "level": "branch"}, action=page)
    assert "2个" in html.text_of(client.page(answer.location))
    members = {"title": "党员", "measure": "members"}
    answer = client.submit(page, members, action=page)
    assert "2名" in html.text_of(client.page(answer.location))


def test_no_name_of_a_member_shows_while_hours_are_tried(desk):
    client = desk.sign_in(desk.office)
    page, tries = "/own-figures/new?kind=study", "/own-figures/try?kind=study&as_of=2021-07-31"
    for scope, reduce in (("member", "min"), ("section", "mean"), ("bureau", "sum")):
        fields = {**html.hidden_fields(client.page(page), page), "title": "时长", "measure": "person_minutes",
                  "scope": scope, "reduce": reduce}  # fmt: skip
        answer = client.post(tries, data=fields)
        assert answer.status_code == 200, words_of(answer)
        assert "张三" not in answer.text
        assert "李四" not in answer.text
        assert "姓名以代号代替" in words_of(answer)


def test_a_figure_starts_from_one_that_there_is_or_was(desk):
    save(desk)
    withdraw_figure(desk.campaign, "own.dangri", version=1, by=desk.office, at=NOW)
    client = desk.sign_in(desk.office)
    for start, title in (("stories.sessions", "现场教学（副本）"), ("own.dangri", "主题党日场次")):
        url = f"/own-figures/new?from={start}"
        page = client.page(url)
        assert next(one for one in page.iter("input") if one.get("id") == "title").get("value") == title
        assert next(one for one in page.iter("input") if one.get("id") == "code").get("value") in ("", None)
    client.page("/own-figures/new?from=nothing", 404)
    client.page("/own-figures/new?kind=nothing", 404)


def test_every_figure_of_the_file_can_be_started_from(desk):
    client = desk.sign_in(desk.office)
    for figure in desk.spec.figures:
        client.page(f"/own-figures/new?from={figure.id}")


def test_it_is_changed_and_its_past_stays_to_be_read(desk):
    save(desk)
    client, url = desk.sign_in(desk.office), "/own-figures/own.dangri/change"
    fields = {**FIELDS, "unit": "次", "code": "other"}
    assert client.submit(url, fields, action=url).status_code == 303
    page = html.text_of(client.page("/own-figures/own.dangri"))
    assert "1次" in page
    assert "第2版" in page
    assert 'unit = "场次"' in page


def test_who_comes_second_is_told_so(desk):
    save(desk)
    client, url = desk.sign_in(desk.office), "/own-figures/own.dangri/change"
    seen = html.hidden_fields(client.page(url), url)
    change_figure(desk.campaign, "own.dangri", {**WORDS, "unit": "回"}, version=1, by=desk.office, at=NOW)
    db.session.commit()
    assert client.post(url, data={**seen, **FIELDS}).status_code == 409
    assert client.post("/own-figures/own.dangri/withdraw", data=seen).status_code == 409
    assert rows()[-1].words["unit"] == "回"


def test_it_is_withdrawn_and_nothing_of_it_is_counted(desk):
    save(desk)
    client, page = desk.sign_in(desk.office), "/own-figures/own.dangri"
    assert client.submit(page, action=f"{page}/withdraw").status_code == 303
    assert "已停用的数据项" in html.text_of(client.page("/own-figures"))
    assert "不再计数" in html.text_of(client.page(page))
    client.page(f"{page}/change", 404)
    assert client.get("/figures/own.dangri").status_code == 404
    assert list(differences(desk.campaign)) == []


def test_a_campaign_in_the_archive_takes_none(desk):
    save(desk)
    archive_campaign(desk.campaign, why="结束了", by=desk.office, at=NOW, today=dt.date(2022, 1, 31))
    client = desk.sign_in(desk.office)
    assert "新建数据项" not in html.text_of(client.page("/own-figures"))
    answer = client.submit(NEW, FIELDS, action=NEW)
    assert answer.status_code == 422
    assert "已归档" in words_of(answer)
    assert len(rows()) == 1


def test_one_that_takes_too_long_is_broken_off(desk, app, monkeypatch):
    monkeypatch.setattr(queries, "PATIENCE", 0.2)
    monkeypatch.setattr(queries, "STEPS", 1000)

    def slow(*_args):
        endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"
        db.session.execute(text(endless))

    monkeypatch.setattr(queries, "ledger_page", slow)
    client = desk.sign_in(desk.office)
    answer = client.post(TRY, data={**html.hidden_fields(client.page(NEW), NEW), **FIELDS})
    assert answer.status_code == 422
    assert "已停止" in words_of(answer)


def test_before_any_campaign_there_is_nothing_to_make(make, client):
    browser = client.sign_in(make.user(Role.OFFICE))
    assert "还没有行动计划" in html.text_of(browser.page("/own-figures"))
    assert "还没有行动计划" in html.text_of(browser.page("/own-figures/new"))
