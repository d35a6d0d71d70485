"""The five steps from an empty installation to a running campaign, in the browser."""

from __future__ import annotations

import io
import secrets

import openpyxl
import pytest
from sqlalchemy import select

from tests import html
from tests.bureau import body
from tests.signing_in import sign_in
from tracker.clock import now
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Member, Role, Unit, User
from tracker.worker import run_one

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

PASSWORD = "东湖 correct horse 7"


def states(client):
    return [
        one.get("data-state")
        for one in client.page("/start").iter("li")
        if (one.get("id") or "").startswith("step-")
    ]


def workbook(title, *rows):
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def bring_in(client, app, content, sort, **fields):
    data = {"file": (io.BytesIO(content), f"{sort}.xlsx"), "sort": sort, **fields}
    address = client.submit("/imports", data, action="/imports", content_type="multipart/form-data").location
    work(app)
    assert client.submit(address, action=f"{address}/commit").status_code == 303
    work(app)
    return address


def work(app):
    db.session.commit()
    while run_one(app):
        db.session.expire_all()
    db.session.expire_all()


def links(root):
    return {one.get("href") for one in root.iter("a")}


def test_without_any_account_the_sign_in_says_how_the_first_one_is_made(client, make):
    assert client.get("/").location.startswith("/sign-in")
    root = client.page("/sign-in")
    assert "flask --app wsgi users add admin --role administrator" in html.text_of(root)
    assert root.find(".//input[@type='password']") is None
    make.user(Role.ADMINISTRATOR)
    assert client.page("/sign-in").find(".//input[@type='password']") is not None


def test_from_the_first_account_to_a_running_campaign(app, client, make, quick_hashes):
    admin = client.sign_in(make.user(Role.ADMINISTRATOR))
    assert admin.get("/").location == "/start"
    assert states(admin) == ["now", "later", "later", "later", "later"]
    asked = {"name": "机关党委办公室", "login": "office"}
    page = html.parse(admin.submit("/start", asked, action="/start/office").text)
    drawn = html.text_of(next(one for one in page.iter("dd") if one.get("class") == "slip-password"))
    assert "/start" in links(page)
    assert states(admin)[0] == "done"
    assert admin.get("/").location == "/system"

    office = app.test_client()
    assert sign_in(office, "office", drawn).status_code == 303
    new = {"current": drawn, "password": PASSWORD, "again": PASSWORD}
    assert office.submit("/account/password", new, action="/account/password").location == "/start"
    answer = office.submit("/start", {"name": "市民政局机关党委"}, action="/start/bureau")
    assert answer.location == "/start"
    roster = workbook("名册", ["工号", "姓名", "党支部", "人员类别"], ["M0001", "张三", "东湖党支部", "在职"])
    address = bring_in(office, app, roster, "roster")
    assert "/start" in links(office.page(address))
    assert states(office) == ["done", "done", "now", "later", "later"]

    chosen = {"shipped": "qigeyibai-2021", "starts_on": ""}
    shown = office.submit("/start", chosen, action="/campaigns/load")
    root = html.parse(shown.text)
    fields = html.hidden_fields(root, "/campaigns/load")
    text = root.find(".//textarea[@name='text']").text
    assert not db.session.scalars(select(Campaign.id)).all()
    done = office.post("/campaigns/load", data={**fields, "text": text, "shipped": ""})
    assert done.location == "/start"
    assert states(office) == ["done", "done", "done", "now", "later"]

    branch = db.session.scalars(select(Unit).where(Unit.name == "东湖党支部")).one()
    secretary = {"name": "张三", "login": "zhangsan", "role": "secretary", "unit": str(branch.id)}
    assert office.submit("/accounts/new", secretary, action="/accounts").status_code == 200
    assert states(office) == ["done", "done", "done", "done", "now"]

    row = ["2021-03-05", "M0001", "张三", "东湖党支部", 1.5, "学习强国", "第一章"]
    heads = ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"]
    bring_in(office, app, workbook("读党史", heads, row), "ledger", as_verified="y")
    assert states(office) == ["done"] * 5
    root = office.page("/")
    assert "起步五步：" not in body(root)
    assert "/start" not in links(root)


def test_a_campaign_that_comes_with_the_tracker_can_begin_on_another_day(client, make):
    client.sign_in(make.user())
    chosen = {"shipped": "qigeyibai-2021", "starts_on": "2027-02-26"}
    root = html.parse(client.submit("/start", chosen, action="/campaigns/load").text)
    text = root.find(".//textarea[@name='text']").text
    assert 'code = "qigeyibai-2027"' in text
    assert "2021-" not in text.split("[[kinds]]")[0].replace("qigeyibai-2021", "")


@pytest.mark.parametrize("chosen", [{"shipped": "qigeyibai-2021", "starts_on": "bald"}, {"shipped": "none"}])
def test_what_is_no_day_or_none_of_the_campaigns_is_told_beside_it(client, make, chosen):
    client.sign_in(make.user())
    answer = client.submit("/start", chosen, action="/campaigns/load")
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//*[@aria-invalid='true']") is not None


def test_everybody_sees_how_far_it_is_and_only_who_may_finds_a_button(client, make):
    branch = make.branch()
    for role, unit in ((Role.AUDITOR, None), (Role.SECRETARY, branch), (Role.ADMINISTRATOR, None)):
        client.sign_in(make.user(role, unit))
        root = client.page("/start")
        actions = {form.get("action") for form in root.iter("form")}
        assert "/start/bureau" not in actions
        assert ("/start/office" in actions) == (role is Role.ADMINISTRATOR)
        assert "/imports?sort=roster" not in links(root)


def test_the_administrator_opens_no_second_office(client, make):
    office = make.user(Role.OFFICE)
    client.sign_in(make.user(Role.ADMINISTRATOR))
    fields = html.hidden_fields(client.page("/help"))
    key = {"submission_key": secrets.token_urlsafe(24)}
    answer = client.post("/start/office", data={**fields, **key, "name": "二", "login": "zwei"})
    assert answer.status_code == 422
    assert set(db.session.scalars(select(User.login))) == {office.login, "user2"}


def test_the_office_does_not_open_its_own_first_account_and_the_administrator_names_no_bureau(client, make):
    for role, address in ((Role.OFFICE, "/start/office"), (Role.ADMINISTRATOR, "/start/bureau")):
        client.sign_in(make.user(role))
        fields = html.hidden_fields(client.page("/help"))
        assert client.post(address, data={**fields, "submission_key": "k" * 24}).status_code == 404


def test_a_double_click_on_the_offices_account_opens_one(client, make):
    client.sign_in(make.user(Role.ADMINISTRATOR))
    fields = html.hidden_fields(client.page("/start"), "/start/office")
    sent = {**fields, "name": "机关党委", "login": "office"}
    assert client.post("/start/office", data=sent).status_code == 200
    again = client.post("/start/office", data=sent)
    assert (again.status_code, again.location) == (302, "/start")
    assert len(db.session.scalars(select(User.id)).all()) == 2


def test_two_who_name_the_bureau_in_two_browsers_do_not_overwrite_each_other(app, client, make):
    other = app.test_client().sign_in(make.user())
    client.sign_in(make.user())
    fields = html.hidden_fields(client.page("/start"), "/start/bureau")
    assert other.submit("/start", {"name": "一局"}, action="/start/bureau").status_code == 303
    assert client.post("/start/bureau", data={**fields, "name": "二局"}).status_code == 409
    assert db.session.scalars(select(Unit.name)).all() == ["一局"]


def test_a_name_is_shown_as_it_was_typed_and_no_mark_up_comes_of_it(client, make):
    client.sign_in(make.user())
    client.submit("/start", {"name": "<b>局</b>"}, action="/start/bureau")
    assert "“<b>局</b>”" in html.text_of(client.page("/start"))
    event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "unit:name")).one()
    assert event.detail == {}


def test_half_done_and_in_another_order_the_page_says_what_is_there(client, make):
    client.sign_in(make.user())
    make.campaign()
    make.member()
    assert states(client) == ["done", "done", "done", "now", "later"]
    assert "/imports?sort=ledger" in links(client.page("/start"))
    assert "第4步" in body(client.page("/members"))
    assert db.session.scalars(select(Member.id)).all() and now()
