"""Reminders in the pages: the secretary's list, the text to copy, one's own card, the switch."""

from __future__ import annotations

import pytest

from tests import html
from tests.bureau import body
from tests.maker import NOW
from tests.reminders import give_back, put_right, return_again
from tracker.db import db
from tracker.models import Reminder, Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def record(bureau, make):
    """A record of the first member that came back."""
    return give_back(bureau, make, bureau.people[0])


def send(client, bureau, *member_ids, page="/reminders"):
    url = f"/reminders/{bureau.one.id}/send"
    fields = html.hidden_fields(client.page(page), url)
    return client.post(url, data={**fields, "member": [str(id_) for id_ in member_ids]})


def line_of(page, name):
    """The text of a member's row, None if they have none."""
    rows = [html.text_of(row) for row in page.find(".//main").iter("tr")]
    return next((row for row in rows if name in row), None)


def test_a_secretary_sees_who_has_something_open_and_reminds_them(client, bureau, secretary, zhang, record):
    client.sign_in(secretary)
    page = client.page("/reminders")
    assert "有记录待更正" in line_of(page, "张三")
    assert line_of(page, "王五") is None
    answer = send(client, bureau, bureau.people[0].id)
    assert answer.status_code == 303
    assert "在系统中提醒了1人" in body(client.page("/reminders"))
    page = client.page("/reminders")
    assert "已于2021-07-31提醒" in line_of(page, "张三")
    send(client, bureau, bureau.people[0].id)
    assert "没有提醒任何人" in body(client.page("/reminders"))
    client.sign_in(zhang)
    said = body(client.page("/me"))
    assert "温馨提醒" in said
    assert "支部书记" in said


def test_the_card_is_put_away_and_goes_by_itself(client, bureau, secretary, zhang, record):
    client.sign_in(secretary)
    send(client, bureau, bureau.people[0].id)
    reminder = db.session.query(Reminder).filter_by(matter="returned").one()
    url = f"/reminders/{reminder.id}/dismiss"
    client.sign_in(zhang)
    page = client.page("/me")
    put_right(record)
    db.session.commit()
    assert "有记录退回给您" not in body(client.page("/me"))
    return_again(record, secretary)
    db.session.commit()
    assert "有记录退回给您" in body(client.page("/me"))
    assert client.post(url, data=html.hidden_fields(page, url)).status_code == 303
    assert "有记录退回给您" not in body(client.page("/me"))


def test_nobody_puts_another_ones_reminder_away(client, bureau, secretary, zhang, record):
    client.sign_in(secretary)
    send(client, bureau, bureau.people[0].id)
    reminder = db.session.query(Reminder).filter_by(matter="returned").one()
    fields = html.hidden_fields(client.page("/help"))
    answer = client.post(f"/reminders/{reminder.id}/dismiss", data={**fields, "submission_key": "k" * 30})
    assert answer.status_code == 404
    db.session.expire_all()
    assert {row.dismissed_at for row in db.session.query(Reminder)} == {None}


def test_the_text_for_the_group_names_nobody_and_no_amount(client, bureau, secretary, record):
    client.sign_in(secretary)
    text = html.text_of(client.page("/reminders").find(".//textarea[@id='copied']"))
    assert "张三" not in text
    assert "东湖党支部" in text
    assert not [letter for letter in text if letter.isdigit()]
    page = client.page(f"/reminders?member={bureau.people[0].id}")
    text = html.text_of(page.find(".//textarea[@id='copied']"))
    assert "张三" in text
    assert not [letter for letter in text if letter.isdigit()]
    assert "第九章" not in body(page)
    assert "77" not in body(page)


def test_who_wants_no_reminders_says_so_and_the_secretary_is_not_told(
    client, bureau, secretary, zhang, make, record
):
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/account"), "/account/reminders")
    assert fields["to"] == "off"
    assert client.post("/account/reminders", data=fields).status_code == 303
    assert "不再有提醒会发给您" in body(client.page("/account"))
    give_back(bureau, make, bureau.people[1], title="没有账号的")
    client.sign_in(secretary)
    page = client.page("/reminders")
    rows = [line_of(page, name).replace(name, "") for name in ("张三", "李四")]
    assert rows[0] == rows[1]
    send(client, bureau, bureau.people[0].id)
    assert db.session.query(Reminder).count() == 0
    client.sign_in(zhang)
    fields = html.hidden_fields(client.page("/account"), "/account/reminders")
    assert fields["to"] == "on"
    assert client.post("/account/reminders", data={**fields, "to": "perhaps"}).status_code == 400
    fields = html.hidden_fields(client.page("/account"), "/account/reminders")
    assert client.post("/account/reminders", data=fields).status_code == 303
    client.sign_in(secretary)
    send(client, bureau, bureau.people[0].id)
    assert db.session.query(Reminder).filter_by(matter="returned").count() == 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.AUDITOR, Role.MEMBER, "other"])
def test_nobody_else_sees_who_of_the_branch_has_something_open(client, bureau, make, record, role):
    if role == "other":
        user = make.user(Role.SECRETARY, bureau.two)
    else:
        user = make.user(role, member=bureau.people[2] if role is Role.MEMBER else None)
    client.sign_in(user)
    assert client.get(f"/reminders?unit={bureau.one.id}").status_code == 404
    fields = html.hidden_fields(client.page("/help"))
    answer = client.post(
        f"/reminders/{bureau.one.id}/send",
        data={**fields, "submission_key": "k" * 30, "member": str(bureau.people[0].id)},
    )
    assert answer.status_code == 404
    assert db.session.query(Reminder).count() == 0


def test_a_secretary_asks_for_no_text_for_somebody_of_another_branch(client, bureau, secretary, make, record):
    give_back(bureau, make, bureau.people[2])
    client.sign_in(secretary)
    assert client.get(f"/reminders?member={bureau.people[2].id}").status_code == 404
    assert client.get("/reminders?member=x&sort=minutes&page=0").status_code == 200


def test_the_list_has_no_order_of_merit(client, bureau, secretary, make, record):
    for _ in range(3):
        give_back(bureau, make, bureau.people[1])
    client.sign_in(secretary)
    page = client.page("/reminders?sort=minutes")
    said = body(page)
    assert said.index("李四") < said.index("张三")  # by pinyin, though 李四 has more open
    cells = [html.text_of(cell) for cell in page.find(".//main").iter("td")]
    assert not [cell for cell in cells if cell.isdigit()]


def test_an_empty_branch_says_that_nobody_needs_a_reminder(client, bureau, make):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert "没有需要提醒的人" in body(client.page("/reminders"))


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert "还没有行动计划" in body(client.page("/reminders"))


def test_a_secretary_is_reminded_of_the_branchs_matters_on_the_branchs_page(client, bureau, secretary, make):
    db.session.add(
        Reminder(
            campaign_id=bureau.campaign.id, user_id=secretary.id, matter="verify",
            sent_on=NOW.date(), sent_at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    client.sign_in(secretary)
    assert "等您核实" in body(client.page(f"/branches/{bureau.one.id}"))


def test_everything_about_me_has_the_reminders_that_i_got(client, bureau, secretary, zhang, record):
    client.sign_in(secretary)
    send(client, bureau, bureau.people[0].id)
    client.sign_in(zhang)
    assert "有记录待更正" in body(client.page("/me/everything"))


def test_the_page_asks_the_database_no_more_for_many_people(
    client, bureau, secretary, make, statements, record
):
    client.sign_in(secretary)
    counts = []
    for n in range(3):
        give_back(bureau, make, make.member(bureau.one, name=f"甲{n}"))
        with statements() as seen:
            assert client.get("/reminders").status_code == 200
        counts.append(len(seen))
    assert counts[-1] == counts[0]
