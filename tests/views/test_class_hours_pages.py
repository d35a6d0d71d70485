"""A campaign that counts in 学时, from a member's entry to the sheet of the ledger."""

from __future__ import annotations

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests import html
from tests.maker import SHIPPED
from tracker.db import db
from tracker.models import Record, Role, Status

pytestmark = [pytest.mark.slow, pytest.mark.settings(today=dt.date(2023, 5, 10))]


@pytest.fixture
def theme(make):
    """The campaign, and a member of a branch."""
    campaign = make.campaign((SHIPPED.parent / "zhutijiaoyu-2023.toml").read_text(encoding="utf-8"))
    branch = make.branch("第一党支部")
    member = make.member(branch, name="张三", number="Z001")
    return campaign, branch, member


def test_a_member_notes_class_hours_and_reads_them_as_such(theme, make, client):
    _, _, member = theme
    here = client.sign_in(make.user(Role.MEMBER, member=member))
    page = here.page("/jot")
    labels = [html.text_of(label) for label in page.iter("label")]
    assert {"1学时", "2学时", "3学时", "4学时"} <= set(labels)
    typed = {"minutes": "2", "day": "2023-05-10", "source": "网络课程"}
    answer = here.submit("/jot", typed, action="/jot?kind=training")
    assert answer.status_code == 303, html.text_of(html.parse(answer.text))
    record = db.session.query(Record).one()
    assert record.minutes == 90
    assert "2学时" in html.text_of(here.page("/me/records"))
    assert "2学时" in html.text_of(here.page(f"/records/{record.id}"))
    form = here.page(f"/records/{record.id}/correct")
    assert [field.get("value") for field in form.iter("input") if field.get("name") == "minutes"] == ["2学时"]


def test_a_goal_of_a_members_own_is_told_in_class_hours(theme, make, client):
    campaign, _, member = theme
    make.record(campaign, "training", member=member, minutes=60, source="网络课程")
    here = client.sign_in(make.user(Role.MEMBER, member=member))
    assert "1.33学时" in html.text_of(here.page("/me"))


def test_a_sheet_of_the_ledger_gives_minutes_and_says_so(theme, make, client):
    campaign, _, member = theme
    make.record(campaign, "training", member=member, minutes=90, source="网络课程", status=Status.VERIFIED)
    here = client.sign_in(make.user(Role.OFFICE))
    assert "2学时" in html.text_of(here.page("/records?kind=training"))
    answer = here.submit("/records?kind=training", {}, action="/records.xlsx?kind=training")
    rows = list(load_workbook(BytesIO(answer.data)).worksheets[0].iter_rows(values_only=True))
    assert dict(zip(rows[0], rows[1], strict=True))["时长（分钟）"] == 90
    assert "学时" not in rows[0]
