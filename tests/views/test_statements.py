"""The pages on which branches state their months: who is silent, the form, and what the branch sees first."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, select

from tests import html
from tests.maker import NOW, SHIPPED
from tests.views.figure_pages import small_bureau
from tracker.db import db
from tracker.models import AuditEvent, Role, Statement
from tracker.queries.statement_lines import lines_of
from tracker.rules.periods import period_by_code
from tracker.services.archives import archive_campaign
from tracker.services.closes import close_period

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

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


def test_in_an_archived_campaign_nothing_is_stated_any_more(client, make, bureau):
    client.sign_in(bureau.secretary)
    hidden = html.hidden_fields(client.page(f"{address(bureau.east)}?month=2021-04"))
    ended = dt.date(2022, 1, 31)
    archive_campaign(bureau.campaign, why="结束了", by=make.office, at=NOW, today=ended)
    assert preselected(client.page(f"{address(bureau.east)}?month=2021-04")) == {}
    answer = client.post(address(bureau.east, "2021-04"), data={**hidden, "said_work": "nothing"})
    assert answer.status_code >= 400
    assert db.session.scalar(select(func.count()).select_from(Statement)) == 0


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


def test_the_audit_says_whose_month_was_stated(client, make, bureau):
    client.sign_in(bureau.secretary)
    state(client, bureau.east, "2021-04", said_work="nothing")
    client.sign_in(bureau.auditor)
    said = html.text_of(client.page("/audit"))
    assert "报送当月情况" in said
    assert "2021-04" in said
    assert "东湖党支部" in said


def test_an_earlier_campaigns_months_are_stated_and_read_under_its_own_address(client, make, bureau):
    text = SHIPPED.read_text(encoding="utf-8").replace("qigeyibai-2021", "second-2021")
    second = make.campaign(text.replace("starts_on = 2021-02-26", "starts_on = 2021-05-01"))
    client.sign_in(bureau.secretary)
    root = client.page(f"/branches/{bureau.east.id}?campaign={second.code}")
    card = next(one for one in root.iter("section") if "own-months" in (one.get("class") or ""))
    links = [one.get("href") for one in card.iter("a")]
    assert links
    assert all(f"campaign={second.code}" in link for link in links)
    for link in links:
        assert second.name in client.get(link).text
    page = client.page(f"{address(bureau.east)}?month=2021-05&campaign={second.code}")
    action = f"{address(bureau.east, '2021-05')}?campaign={second.code}"
    fields = {**html.hidden_fields(page, action), "said_work": "nothing"}
    assert f"campaign={second.code}" in client.post(action, data=fields).location
    assert db.session.scalars(select(Statement.campaign_id)).all() == [second.id]
    assert client.get(f"{address(bureau.east)}?month=2021-03&campaign={second.code}").status_code == 404
