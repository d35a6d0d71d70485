"""The pages of closes, and forms that ask why something comes late."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import html
from tests.canary_closes import a_close
from tests.queue_rows import Branch
from tests.samples import a_sample
from tracker.db import db
from tracker.models import BatchState, Close, Record, Role, Status
from tracker.rules.closes import LATE

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MARCH = (dt.date(2021, 3, 1), dt.date(2021, 3, 31))
WHY = "出差，回来后补交"


@pytest.fixture
def here(make):
    found = Branch(make)
    found.record = found.hours(happened_on=dt.date(2021, 3, 5))
    db.session.commit()
    return found


def closed(here, unit=None, code="2021-03", days=MARCH):
    found = a_close(here.campaign, unit, here.office, code=code, days=days)
    db.session.commit()
    return found


def send(client, url, page=None, **fields):
    root = client.page(page or url)
    hidden = html.hidden_fields(root, url.partition("?")[0]) or html.hidden_fields(root)
    return client.post(url.partition("?")[0], data={**hidden, **fields})


def text(client, url):
    return html.text_of(client.page(url))


def test_the_office_closes_a_month_for_the_bureau_and_opens_it_again(client, here):
    client.sign_in(here.office)
    assert "2021年3月" in text(client, "/closes")
    page = text(client, "/closes/new?period=2021-03")
    assert "还有1条未核实" in page
    answer = send(client, "/closes/new?period=2021-03", grace_until="")
    found = db.session.query(Close).one()
    assert (answer.status_code, answer.location) == (303, f"/closes/{found.id}")
    assert "已封账" in text(client, answer.location)
    url = f"/closes/{found.id}/reopen"
    refused = send(client, url, f"/closes/{found.id}", why="")
    assert refused.status_code == 422
    assert send(client, url, f"/closes/{found.id}", why="漏报一批").status_code == 303
    assert "漏报一批" in text(client, f"/closes/{found.id}")
    assert send(client, "/closes/new?period=2021-03", grace_until="").status_code == 303


def test_the_days_of_grace_of_the_campaign_are_proposed(client, here):
    client.sign_in(here.office)
    root = client.page("/closes/new?period=2021-03")
    (field,) = root.findall(".//input[@name='grace_until']")
    assert field.get("value")


def test_a_day_that_is_none_and_a_second_close_are_told_beside_the_field(client, here):
    client.sign_in(here.office)
    answer = send(client, "/closes/new?period=2021-03", grace_until="下周")
    assert (answer.status_code, "不是日期" in answer.text) == (422, True)
    root = client.page("/closes/new?period=2021-03")
    hidden = html.hidden_fields(root, "/closes/new")
    closed(here)
    answer = client.post("/closes/new", data={**hidden, "grace_until": ""})
    assert answer.status_code == 409
    assert "已经封账" in answer.text


def test_a_month_that_runs_and_a_period_that_is_none_cannot_be_closed(client, here):
    client.sign_in(here.office)
    assert client.get("/closes/new?period=2021-13").status_code == 404
    assert client.get("/closes/new?period=").status_code == 404


def test_a_secretary_closes_the_own_branch_and_neither_the_bureau_nor_another(client, here, make):
    other = make.branch("西山党支部")
    db.session.commit()
    client.sign_in(here.secretary)
    assert client.get("/closes/new?period=2021-03").status_code == 404
    assert client.get(f"/closes/new?period=2021-03&unit={other.id}").status_code == 404
    answer = send(client, f"/closes/new?period=2021-03&unit={here.branch.id}", grace_until="")
    assert answer.status_code == 303
    found = db.session.query(Close).one()
    assert (found.unit_id, found.closed_by_id) == (here.branch.id, here.secretary.id)
    page = client.page(f"/closes/{found.id}")
    assert not page.findall(".//form[@id='reopen-form']")
    token = html.hidden_fields(client.page("/help"))
    assert client.post(f"/closes/{found.id}/reopen", data={**token, "why": "想改"}).status_code == 404


def test_another_branchs_close_is_not_found_and_the_bureaus_is_seen(client, here, make):
    other = make.branch("西山党支部")
    stranger = make.user(Role.SECRETARY, other)
    own, bureau = closed(here, here.branch), closed(here)
    client.sign_in(stranger)
    assert client.get(f"/closes/{own.id}").status_code == 404
    assert client.get(f"/closes/{bureau.id}").status_code == 200


def test_a_member_sees_no_closes(client, here):
    client.sign_in(here.member)
    assert client.get("/closes").status_code == 404


def test_the_form_asks_why_only_once_something_is_late_and_keeps_what_was_typed(client, here):
    closed(here)
    client.sign_in(here.secretary)
    typed = {
        "happened_on": "2021-03-08", "minutes": "1.5", "source": "个人自学", "title": "第三章",
        "member": f"李四（{here.li.number}）",
    }  # fmt: skip
    assert not client.page("/enter/study").findall(".//input[@name='late_why']")
    answer = send(client, "/enter/study", **typed)
    assert (answer.status_code, "2021-03已封账" in answer.text) == (422, True)
    root = html.parse(answer.text)
    assert root.findall(".//input[@name='late_why']")
    assert root.findall(".//input[@name='title']")[0].get("value") == "第三章"
    hidden = html.hidden_fields(root, "/enter/study") or html.hidden_fields(root)
    answer = client.post("/enter/study", data={**hidden, **typed, "late_why": WHY})
    assert answer.status_code == 303
    record = db.session.query(Record).filter_by(title="第三章").one()
    assert (record.late_why, record.status) == (WHY, Status.SUBMITTED)
    assert WHY in text(client, f"/records/{record.id}")


def test_a_members_short_form_asks_as_well(client, here):
    closed(here)
    client.sign_in(here.member)
    typed = {"happened_on": "2021-03-08", "minutes": "1.5", "source": "个人自学", "title": "第三章"}
    answer = send(client, "/jot?kind=study", "/jot?kind=study", **typed)
    assert (answer.status_code, "2021-03已封账" in answer.text) == (422, True)
    assert html.parse(answer.text).findall(".//input[@name='late_why']")
    answer = send(client, "/jot?kind=study", "/jot?kind=study", **typed, late_why=WHY)
    assert answer.status_code == 303
    assert db.session.query(Record).filter_by(title="第三章").one().late_why == WHY


def test_the_queue_says_what_is_late_and_verifies_it_only_with_a_reason(client, here):
    closed(here)
    client.sign_in(here.secretary)
    page = client.page("/verify")
    assert "所属期间已封账" in html.text_of(page)
    assert page.findall(".//form[@id='decide']//input[@name='late_why']")
    seen = f"{here.record.id}:{here.record.version}"
    answer = send(client, "/verify", seen=[seen], act="verify")
    assert (answer.status_code, "请写明补记原因" in answer.text) == (422, True)
    db.session.refresh(here.record)
    assert here.record.status is Status.SUBMITTED
    assert send(client, "/verify", seen=[seen], act="verify", late_why=WHY).status_code == 303
    db.session.refresh(here.record)
    assert (here.record.status, here.record.late_why) == (Status.VERIFIED, WHY)


def test_the_queue_asks_nothing_where_no_period_is_closed(client, here):
    client.sign_in(here.secretary)
    assert not client.page("/verify").findall(".//input[@name='late_why']")


def test_the_office_reads_codes_instead_of_names_among_late_entries(client, here):
    found = closed(here)
    record = here.make.record(here.campaign, member=here.zhang, minutes=60, title="补一章", late_why=WHY)
    record.verified_at = found.holds_at
    db.session.commit()
    for who, sees in ((here.office, False), (here.secretary, True)):
        client.sign_in(who)
        page = text(client, f"/closes/{found.id}")
        assert WHY in page
        assert ("张三" in page) == sees


def test_an_import_that_was_refused_as_late_is_checked_again_with_a_reason(client, here, make):
    closed(here)
    batch = make.batch(here.campaign, BatchState.REFUSED)
    problem = {"sheet": "读党史", "row": 2, "column": "日期", "cell": None}
    problem |= {"msgid": LATE, "params": {"period": "2021-03"}}
    batch.report = {"problems": [problem], "problem_count": 1, "counts": {}, "sheets": []}
    db.session.commit()
    client.sign_in(here.office)
    page = f"/imports/{batch.id}"
    assert "属于已封账期间的行" in text(client, page)
    assert send(client, f"{page}/late", page, why=" ").status_code == 303
    db.session.refresh(batch)
    assert batch.late_why is None
    assert send(client, f"{page}/late", page, why=WHY).status_code == 303
    db.session.refresh(batch)
    assert batch.late_why == WHY


def test_the_ledger_shows_only_late_entries_when_asked(client, here):
    here.make.record(here.campaign, member=here.zhang, minutes=60, title="补一章", late_why=WHY)
    here.make.record(here.campaign, member=here.zhang, minutes=60, title="按时一章")
    db.session.commit()
    client.sign_in(here.secretary)
    assert "按时一章" in text(client, "/records")
    page = text(client, "/records?late=1")
    assert ("补一章" in page, "按时一章" in page) == (True, False)


def test_a_close_keeps_the_samples_of_its_period_and_shows_others_none(client, here, make):
    other = make.branch("西山党支部")
    stranger = make.user(Role.SECRETARY, other)
    here.make.record(here.campaign, member=here.zhang, minutes=60, happened_on=dt.date(2021, 3, 5))
    sample = a_sample(make, here.campaign, here.branch, day=MARCH[0])
    own, bureau = closed(here, here.branch), closed(here)
    for who, url, sees in (
        (here.office, f"/closes/{bureau.id}", True),
        (here.secretary, f"/closes/{own.id}", True),
        (here.secretary, f"/closes/{bureau.id}", False),
        (stranger, f"/closes/{bureau.id}", False),
    ):
        client.sign_in(who)
        links = [one.get("href") for one in client.page(url).findall(".//a")]
        assert (f"/samples/{sample.id}" in links) == sees, url


def test_before_a_month_is_closed_the_page_says_who_is_silent(client, here):
    client.sign_in(here.office)
    assert "未报不等于零" in text(client, "/closes/new?period=2021-03")
    client.sign_in(here.secretary)
    assert "还有类别没有报送" in text(client, f"/closes/new?period=2021-03&unit={here.branch.id}")
