"""The plan's page and its forms: who writes, who reads, what is told, what comes back."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import html
from tests.assignments import an_assignment, minutes
from tests.bureau import body
from tests.maker import NOW
from tracker.db import db
from tracker.models import (
    Assignment,
    AssignmentState,
    AssignmentStep,
    AuditEvent,
    Meeting,
    Resolution,
    Role,
)

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def secretary(bureau, make):
    return make.user(Role.SECRETARY, bureau.one)


@pytest.fixture
def row(bureau, make):
    return an_assignment(make, bureau.campaign, bureau.one)


def send(client, page, url=None, **fields):
    """Send a form of a page with what it hides."""
    return client.post(url or page, data={**html.hidden_fields(client.page(page), url), **fields})


def say(client, row, act, text="已经印发"):
    page = f"/assignments/{row.id}"
    return send(client, page, f"{page}/say", act=act, text=text)


def test_an_empty_plan_says_what_to_do(client, bureau, make):
    client.sign_in(make.office)
    said = body(client.page("/assignments"))
    assert "还没有列入任务" in said
    assert "还没有登记会议纪要" in said


def test_without_a_campaign_the_page_says_so(client, make):
    client.sign_in(make.office)
    assert "还没有行动计划" in body(client.page("/assignments"))
    assert "还没有行动计划" in html.text_of(client.page("/assignments/new"))


def test_the_office_puts_an_item_into_the_plan_and_the_branch_reads_and_reports_it(
    client, bureau, secretary, make
):
    client.sign_in(make.office)
    answer = send(client, "/assignments/new", text="修订制度", unit=str(bureau.one.id), due_on="2021-07-01")
    assert answer.status_code == 303
    row = db.session.query(Assignment).one()
    client.sign_in(secretary)
    page = client.page("/assignments")
    assert "修订制度" in body(page)
    assert "逾期" in body(page)
    assert say(client, row, "report").status_code == 303
    said = body(client.page(f"/assignments/{row.id}"))
    assert ("已报办结，待确认" in said, "已经印发" in said, "确认办结" in said) == (True, True, False)
    client.sign_in(make.office)
    assert say(client, row, "confirm", "").status_code == 303
    assert "其中超期1项" in body(client.page("/assignments"))


def test_what_is_missing_is_told_beside_its_field_and_nothing_is_lost(client, bureau, make):
    client.sign_in(make.office)
    for fields, field in (
        ({"text": "修订制度", "due_on": "2021-07-01"}, "assignment-unit-error"),
        ({"text": "修订制度", "in_charge": "党史办", "due_on": "昨天"}, "assignment-due-error"),
    ):
        answer = send(client, "/assignments/new", **fields)
        assert answer.status_code == 422
        root = html.parse(answer.text)
        assert root.find(".//input[@id='assignment-text']").get("value") == "修订制度"
        assert root.find(f".//p[@id='{field}']") is not None


def test_a_day_is_put_off_with_a_reason_and_who_is_second_keeps_what_was_typed(client, row, make):
    client.sign_in(make.office)
    page = f"/assignments/{row.id}/change"
    old = html.hidden_fields(client.page(page), None)
    fields = {"text": row.text, "unit": str(row.unit_id), "due_on": "2021-08-20"}
    assert send(client, page, **fields).status_code == 422
    assert send(client, page, **fields, why="会议推迟").status_code == 303
    assert "期限由2021-07-10调整为2021-08-20" in body(client.page(f"/assignments/{row.id}"))
    answer = client.post(page, data={**old, **fields, "text": "另一句话", "why": "再推迟"})
    assert answer.status_code == 409
    root = html.parse(answer.text)
    assert root.find(".//input[@id='assignment-text']").get("value") == "另一句话"
    again = client.post(page, data={**html.hidden_fields(root), **fields, "text": "另一句话"})
    assert again.status_code == 303


def test_an_unknown_act_is_a_bad_request_and_a_late_one_a_conflict(client, row, secretary):
    client.sign_in(secretary)
    page = f"/assignments/{row.id}"
    old = html.hidden_fields(client.page(page), f"{page}/say")
    assert say(client, row, "").status_code == 400
    assert say(client, row, "report", " ").status_code == 422
    assert say(client, row, "confirm").status_code == 422
    assert say(client, row, "report").status_code == 303
    late = {**old, "submission_key": "another-key-of-this-test", "act": "progress", "text": "一半"}
    assert client.post(f"{page}/say", data=late).status_code == 409


@pytest.mark.parametrize("who", ["other", "member", "leader", "head"])
def test_nobody_else_opens_an_item_of_the_branch(client, row, bureau, make, who):
    users = {
        "other": (Role.SECRETARY, bureau.two, None),
        "member": (Role.MEMBER, None, bureau.people[0]),
        "leader": (Role.GROUP_LEADER, bureau.groups[0], None),
        "head": (Role.SECTION_HEAD, bureau.section, None),
    }
    role, unit, member = users[who]
    client.sign_in(make.user(role, unit, member=member))
    fields = {**html.hidden_fields(client.page("/help")), "submission_key": "a-key-of-this-very-test"}
    assert client.get(f"/assignments/{row.id}").status_code == 404
    answer = client.post(f"/assignments/{row.id}/say", data={**fields, "act": "progress", "text": "一半"})
    assert answer.status_code == 404
    assert client.get("/assignments").status_code == (200 if who in ("other", "head") else 404)
    assert db.session.query(Assignment).one().state == AssignmentState.NOT_BEGUN


def test_the_auditor_reads_reasons_and_writes_nothing(client, row, make):
    db.session.add(
        AssignmentStep(assignment_id=row.id, state=row.state, text="材料没齐", by_id=make.office.id, at=NOW)
    )
    db.session.flush()
    client.sign_in(make.user(Role.AUDITOR))
    page = client.page(f"/assignments/{row.id}")
    assert "材料没齐" in body(page)
    assert page.find(f".//form[@action='/assignments/{row.id}/say']") is None
    assert client.get("/assignments/new").status_code == 404
    assert client.get("/meetings/new").status_code == 404


def test_the_bureaus_own_item_is_read_by_a_secretary_without_its_reasons(client, bureau, secretary, make):
    row = an_assignment(make, bureau.campaign, text="全局安排")
    db.session.add(
        AssignmentStep(assignment_id=row.id, state=row.state, text="材料没齐", by_id=make.office.id, at=NOW)
    )
    db.session.flush()
    client.sign_in(secretary)
    said = body(client.page(f"/assignments/{row.id}"))
    assert ("全局安排" in said, "材料没齐" in said, "填报进展" in said) == (True, False, False)


def test_minutes_are_noted_read_changed_and_taken_out(client, row, secretary, make):
    client.sign_in(make.office)
    fields = {
        "number": "第1次",
        "held_on": "2021-04-09",
        "chair": "书记",
        "studied": "甲\n乙",
        "text": "<b>一</b>",
    }
    answer = send(client, "/meetings/new", **fields, looked_at=[str(row.id)])
    assert answer.status_code == 303
    meeting = db.session.query(Meeting).one()
    page = f"/meetings/{meeting.id}"
    said = body(client.page(page))
    assert ("<b>一</b>" in said, row.text in said) == (True, True)
    assert "第1次" in body(client.page(f"/assignments/{row.id}"))
    assert send(client, f"{page}/change", **{**fields, "studied": "丙"}).status_code == 303
    client.sign_in(secretary)
    assert "丙" in body(client.page(page))
    assert client.get(f"{page}/change").status_code == 404
    client.sign_in(make.office)
    assert send(client, page, f"{page}/drop").status_code == 303
    assert client.get(page).status_code == 404


def test_minutes_with_faults_come_back_and_a_number_twice_is_told(client, bureau, make):
    minutes(make, bureau.campaign, number="第1次")
    client.sign_in(make.office)
    fields = {"number": "第1次", "held_on": "2021-04-09", "chair": "书记", "studied": "甲"}
    answer = send(client, "/meetings/new", **fields)
    assert answer.status_code == 422
    assert html.parse(answer.text).find(".//p[@id='meeting-number-error']") is not None
    answer = send(client, "/meetings/new", **{**fields, "number": "第2次", "record": "987654"})
    assert html.parse(answer.text).find(".//p[@id='meeting-record-error']") is not None


def test_who_changes_minutes_second_keeps_what_was_typed(client, bureau, make):
    meeting = minutes(make, bureau.campaign)
    client.sign_in(make.office)
    page = f"/meetings/{meeting.id}/change"
    fields = {"number": meeting.number, "held_on": "2021-04-09", "chair": "书记", "studied": "甲"}
    old = html.hidden_fields(client.page(page))
    assert send(client, page, **fields).status_code == 303
    answer = client.post(page, data={**old, **fields, "studied": "乙"})
    assert (answer.status_code, "乙" in answer.text) == (409, True)
    again = client.post(page, data={**html.hidden_fields(html.parse(answer.text)), **fields, "studied": "乙"})
    assert again.status_code == 303


def test_a_resolution_of_the_bureau_stands_in_the_plan_and_is_marked_there(client, bureau, make):
    record = make.record(bureau.campaign, "activity", type="中心组学习", title="研讨二")
    db.session.add(
        Resolution(
            record_id=record.id, text="修路灯", unit_id=bureau.one.id, due_on=dt.date(2021, 7, 1),
            noted_by_id=make.office.id, noted_at=NOW,
        )
    )  # fmt: skip
    db.session.flush()
    client.sign_in(make.office)
    page = client.page("/assignments")
    assert "修路灯" in body(page)
    url = f"/resolutions/{db.session.query(Resolution).one().id}"
    answer = client.post(url, data={**html.hidden_fields(page, url), "act": "done"})
    assert (answer.status_code, answer.location) == (303, "/assignments")
    assert "没有逾期" not in body(client.page("/assignments"))
    assert "各项任务均已办结" in body(client.page("/assignments"))


def test_the_list_is_narrowed_sorted_paged_and_what_makes_no_sense_is_ignored(client, bureau, make):
    for n in range(55):
        an_assignment(make, bureau.campaign, bureau.one if n % 2 else bureau.two, text=f"任务{n:02d}")
    client.sign_in(make.office)
    assert "任务" in body(client.page(f"/assignments?page=2&sort=-unit&unit={bureau.one.id}&show=overdue"))
    assert "任务00" not in body(client.page("/assignments?q=%25"))
    for query in ("page=0", "page=x", "sort=minutes", "unit=x", "show=x", "meetings=99"):
        assert client.get(f"/assignments?{query}").status_code == 200


def test_the_page_asks_the_database_no_more_for_many_rows(client, bureau, make, statements):
    counts = []
    client.sign_in(make.office)
    for n in range(4):
        an_assignment(make, bureau.campaign, bureau.one, text=f"任务{n}")
        minutes(make, bureau.campaign, dt.date(2021, 4, n + 1))
        with statements() as seen:
            assert client.get("/assignments").status_code == 200
        counts.append(len(seen))
    assert counts[-1] == counts[1]


def test_what_is_listed_is_taken_away_as_a_workbook(client, bureau, secretary, make):
    an_assignment(make, bureau.campaign, bureau.one, text="=1+1")
    an_assignment(make, bureau.campaign, bureau.two, text="别的支部")
    url = "/assignments.xlsx"
    for user, rows in ((make.office, 2), (secretary, 1)):
        client.sign_in(user)
        answer = client.post(url, data=html.hidden_fields(client.page("/assignments"), url))
        assert answer.status_code == 200
        page = load_workbook(BytesIO(answer.data)).active
        assert page.max_row == 1 + rows
        assert page["A2"].value == "=1+1" or rows == 2
        assert page["A2"].data_type == "s"
    events = db.session.query(AuditEvent).filter_by(action="assignment:export").order_by(AuditEvent.id)
    assert [event.detail for event in events] == [{"rows": 2}, {"rows": 1}]
