"""The page of a campaign's burden: numbers with their assumptions, and what its file is warned of."""

from __future__ import annotations

import datetime as dt

import pytest

from tests import html
from tests.bureau import body
from tests.maker import SHIPPED
from tracker.db import db
from tracker.models import Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TEXT = SHIPPED.read_text(encoding="utf-8")


@pytest.fixture
def campaign(make):
    return make.campaign()


def test_without_a_roster_it_says_so_and_invents_nothing(client, make, campaign):
    client.sign_in(make.office)
    said = body(client.page(f"/campaigns/{campaign.code}/burden"))
    assert "导入名册后" in said
    assert "没有不允许的内容" in said


def test_it_shows_bounds_with_what_they_rest_on_and_what_was_entered(client, make, campaign):
    branch, other = make.branch(), make.branch()
    member = make.member(branch)
    make.member(other)
    for day in (1, 2):
        make.record(campaign, member=member, minutes=60, happened_on=dt.date(2021, 3, day))
    db.session.commit()
    client.sign_in(make.user(Role.AUDITOR))
    page = client.page(f"/campaigns/{campaign.code}/burden")
    said = body(page)
    assert "2个支部" in said
    assert "8秒" in said
    row = next(one for one in page.iter("tr") if "读党史" in "".join(one.itertext()))
    cells = ["".join(cell.itertext()).strip() for cell in row.iter("td")]
    assert cells[:4] == ["4", "3", "32", "4.5"], "100 h of each of two members, one an hour, over 156 days"
    assert cells[-1].startswith("0"), "2 rows over 2 branches and 22 weeks"
    assert "0/2条" in cells[-1].replace(" ", "") or "手工录入0条" in cells[-1]


def test_warnings_of_the_file_stand_there_with_their_rule(client, make):
    campaign = make.campaign(TEXT.replace('heading = "学习内容"', 'heading = "学习照片"', 1))
    db.session.commit()
    client.sign_in(make.office)
    said = body(client.page(f"/campaigns/{campaign.code}/burden"))
    assert "“学习照片”" in said
    assert "国办函〔2026〕12号" in said
    assert "kinds[0].columns[6].heading" in said


def test_a_campaign_that_is_none_is_not_there_and_a_branch_does_not_see_it(client, make, campaign):
    client.sign_in(make.office)
    assert client.get("/campaigns/none/burden").status_code == 404
    client.sign_in(make.user(Role.SECRETARY, make.branch()))
    assert client.get(f"/campaigns/{campaign.code}/burden").status_code == 404


def test_the_load_page_refuses_and_warns_with_rule_line_and_source(client, make, campaign):
    client.sign_in(make.office)

    def look(heading):
        text = TEXT.replace('heading = "学习内容"', f'heading = "{heading}"', 1)
        return client.submit(
            "/campaigns/load", {"text": text.replace("\n", "\r\n")}, action="/campaigns/load"
        )

    refused = look("积分")
    assert refused.status_code == 422
    said = html.text_of(html.parse(refused.text).find(".//section[@id='findings']"))
    for word in ("1处不允许", "“积分”涉及积分", "国办函〔2026〕12号", "kinds[0].columns[6].heading"):
        assert word in said
    warned = look("学习照片")
    assert warned.status_code == 200
    said = html.text_of(html.parse(warned.text).find(".//section[@id='findings']"))
    assert "提醒" in said
    assert "不允许" not in said
    assert campaign.definition["text"] == TEXT
