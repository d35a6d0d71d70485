"""Campaigns side by side: each browser works in one, and nothing goes into another."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests import html
from tests.maker import NOW, SHIPPED
from tracker.db import db
from tracker.models import AuditEvent, CampaignArchive, Record, Role, UserSession
from tracker.queries.campaigns import archive_of
from tracker.services.archives import archive_campaign

pytestmark = pytest.mark.slow

LAST_YEAR = (
    SHIPPED.read_text(encoding="utf-8")
    .replace("2021-", "2020-")
    .replace('code = "qigeyibai-2021"', 'code = "last"')
    .replace('name = "“七个一百”行动计划"', 'name = "去年的计划"')
)


@pytest.fixture
def last(bureau, make):
    """Last year's campaign beside the current one, with kinds of the same codes."""
    campaign = make.campaign(LAST_YEAR)
    db.session.commit()
    return campaign


@pytest.fixture
def here(client, zhang):
    return client.sign_in(zhang)


def choose(client, campaign):
    return client.submit("/campaigns", {}, action=f"/campaigns/{campaign.code}/choose")


def records_in(campaign):
    return db.session.scalar(select(func.count()).where(Record.campaign_id == campaign.id))


def jot(client, fields=None, **more):
    fields = fields or html.hidden_fields(client.page("/jot"), "/jot?kind=study")
    return client.post("/jot?kind=study", data={**fields, "source": "学习强国", "duration": "60", **more})


def test_whoever_chooses_a_campaign_sees_it_on_every_page_and_a_note_that_it_is_not_the_current(
    here, last, bureau
):
    assert "去年的计划" not in here.get("/me").text
    assert choose(here, last).status_code == 303
    page = here.page("/me")
    assert "去年的计划" in html.text_of(page.find(".//header"))
    note = page.find(".//div[@class='campaign-note']")
    assert note is not None
    assert "当前行动计划是《“七个一百”行动计划》" in html.text_of(note)
    assert choose(here, bureau.campaign).status_code == 303
    assert here.page("/me").find(".//div[@class='campaign-note']") is None


def test_the_choice_is_one_browsers_own(here, last, app, zhang, bureau):
    other = app.test_client().sign_in(zhang)
    choose(here, last)
    assert "去年的计划" in html.text_of(here.page("/me").find(".//header"))
    assert "去年的计划" not in html.text_of(other.page("/me").find(".//header"))
    assert db.session.scalars(select(UserSession.campaign_id).order_by(UserSession.id)).all() == [
        last.id,
        None,
    ]


def test_what_is_entered_goes_into_the_campaign_that_was_chosen(here, last, bureau):
    before = records_in(bureau.campaign)
    choose(here, last)
    answer = jot(here, day="2020-12-31")
    assert answer.status_code == 303, html.text_of(html.parse(answer.text))
    assert (records_in(last), records_in(bureau.campaign)) == (1, before)


def test_a_form_of_one_tab_is_refused_after_the_other_tab_went_over_to_another_campaign(here, last, bureau):
    """The kinds have the same codes, so the form would fit: it carries the campaign that its page showed."""
    before = records_in(bureau.campaign)
    fields = html.hidden_fields(here.page("/jot"), "/jot?kind=study")  # the first tab
    assert fields["campaign_shown"] == bureau.campaign.code
    choose(here, last)  # the second
    answer = jot(here, fields, day="2021-07-30")
    assert answer.status_code == 409
    said = html.text_of(html.parse(answer.text))
    assert "您现在在另一个行动计划里" in said
    assert "什么都没有写入" in said
    assert (records_in(last), records_in(bureau.campaign)) == (0, before)
    choose(here, bureau.campaign)
    assert jot(here, fields, day="2021-07-30").status_code == 303
    assert (records_in(last), records_in(bureau.campaign)) == (0, before + 1)


def test_every_form_of_a_page_carries_the_campaign_that_the_page_shows(here, last, bureau, app, make):
    choose(here, last)
    office = app.test_client().sign_in(make.user(Role.OFFICE))
    for client, urls, code in (
        (here, ("/me", "/jot", "/jot/write", "/me/records", "/drafts", "/account"), "last"),
        (
            office,
            ("/enter/activity", "/imports", "/verify", "/plans/new", "/campaigns"),
            bureau.campaign.code,
        ),
    ):
        for url in urls:
            posting = [f for f in client.page(url).iter("form") if (f.get("method") or "").lower() == "post"]
            assert posting, url
            for form in posting:
                shown = [i.get("value") for i in form.iter("input") if i.get("name") == "campaign_shown"]
                assert shown == [code], (url, form.get("action"))


def test_a_draft_of_one_campaign_is_not_written_on_in_another(here, last, bureau, zhang):
    fields = html.hidden_fields(here.page("/jot/write?kind=work"), "/jot/write?kind=work")
    kept = here.post("/drafts", data={**fields, "kind": "work", "title": "今年的心得", "text": "一二三"})
    draft = kept.json["draft"]
    choose(here, last)
    assert "今年的心得" not in here.get("/drafts").text
    assert "其他行动计划里还有1篇" in here.get("/drafts").text
    assert here.get(f"/jot/write?kind=work&draft={draft}").status_code == 404


def test_an_editor_that_was_open_keeps_its_draft_in_the_campaign_that_it_showed(here, last, bureau):
    fields = html.hidden_fields(here.page("/jot/write?kind=work"), "/jot/write?kind=work")
    choose(here, last)
    here.post("/drafts", data={**fields, "kind": "work", "title": "今年的心得", "text": "一二三"})
    assert "今年的心得" not in here.get("/drafts").text
    choose(here, bureau.campaign)
    assert "今年的心得" in here.get("/drafts").text


def test_the_queue_and_the_ledger_are_of_the_chosen_campaign(client, last, bureau, make):
    make.record(
        last,
        "study",
        member=bureau.people[0],
        minutes=45,
        title="去年的一条",
        happened_on=dt.date(2020, 3, 5),
    )
    office = client.sign_in(make.user(Role.OFFICE))
    assert "去年的一条" not in office.get("/records").text
    choose(office, last)
    page = office.get("/records").text
    assert "去年的一条" in page
    assert "第一章" not in page


def test_the_administrator_has_no_campaigns(client, last, make):
    admin = client.sign_in(make.user(Role.ADMINISTRATOR))
    assert admin.get("/campaigns").status_code == 404
    fields = html.hidden_fields(admin.page("/help"))
    assert admin.post("/campaigns/last/choose", data=fields).status_code == 404


def test_a_campaign_that_does_not_exist_cannot_be_chosen(here, last):
    fields = html.hidden_fields(here.page("/campaigns"))
    assert here.post("/campaigns/nowhere/choose", data=fields).status_code == 404


def archive(client, campaign, why="去年的已经总结", act="archive"):
    action = f"/campaigns/{campaign.code}/{act}"
    return client.submit("/campaigns", {"why": why}, action=action)


def test_the_office_puts_a_campaign_that_is_over_into_the_archive_and_takes_it_out(client, last, make):
    office = client.sign_in(make.user(Role.OFFICE))
    assert archive(office, last).status_code == 303
    assert archive_of(last.id) is not None
    assert "已归档，只读" in office.get("/campaigns").text
    assert archive(office, last, "还要补录", "reopen").status_code == 303
    assert archive_of(last.id) is None
    acts = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert acts[-2:] == ["campaign:archive", "campaign:reopen"]
    detail = db.session.scalars(select(AuditEvent.detail).order_by(AuditEvent.id.desc())).first()
    assert "还要补录" not in str(detail)
    page = office.get("/campaigns").text
    assert "还要补录" in page
    assert "去年的已经总结" in page


def test_without_a_reason_nothing_is_archived(client, last, make):
    office = client.sign_in(make.user(Role.OFFICE))
    answer = archive(office, last, " ")
    assert answer.status_code == 422
    assert archive_of(last.id) is None


def test_a_campaign_that_still_runs_is_not_archived(client, bureau, make):
    office = client.sign_in(make.user(Role.OFFICE))
    fields = html.hidden_fields(office.page("/campaigns"))
    answer = office.post(f"/campaigns/{bureau.campaign.code}/archive", data={**fields, "why": "提前"})
    assert answer.status_code == 422
    assert "请结束以后再归档" in answer.text


def test_whoever_comes_second_is_told_so(client, app, last, make):
    first, second = client.sign_in(make.user(Role.OFFICE)), app.test_client().sign_in(make.user(Role.OFFICE))
    url = f"/campaigns/{last.code}/archive"
    waiting = html.hidden_fields(second.page("/campaigns"), url)
    archive(first, last)
    assert second.post(url, data={**waiting, "why": "同时"}).status_code == 409
    assert db.session.scalar(select(func.count()).select_from(CampaignArchive)) == 1
    back = f"/campaigns/{last.code}/reopen"
    waiting = html.hidden_fields(second.page("/campaigns"), back)
    archive(first, last, "补录", "reopen")
    assert second.post(back, data={**waiting, "why": "同时"}).status_code == 409


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.SECRETARY, Role.MEMBER])
def test_nobody_else_archives(client, last, make, bureau, role):
    unit = bureau.one if role is Role.SECRETARY else None
    member = bureau.people[1] if role is Role.MEMBER else None
    reader = client.sign_in(make.user(role, unit, member=member))
    fields = html.hidden_fields(reader.page("/campaigns"))
    for act in ("archive", "reopen", "open"):
        answer = reader.post(f"/campaigns/{last.code}/{act}", data={**fields, "why": "不该"})
        assert answer.status_code == 404
    assert archive_of(last.id) is None


def test_pages_of_a_campaign_in_the_archive_say_so_and_offer_no_entry(here, last, bureau, make):
    archive_campaign(last, why="结束了", by=None, at=NOW, today=dt.date(2021, 7, 31))
    db.session.commit()
    choose(here, last)
    page = here.page("/me")
    assert "已归档，只读" in html.text_of(page)
    body = page.find(".//body")
    assert body is not None
    assert "data-read-only" in body.attrib
    assert "记一笔" not in html.text_of(page.find(".//nav[@class='nav-main']"))
    answer = jot(here, day="2020-12-31")
    assert answer.status_code == 422
    assert "已归档，只读" in html.text_of(html.parse(answer.text))
    assert records_in(last) == 0
    assert "data-read-only" not in here.page("/account").find(".//body").attrib
