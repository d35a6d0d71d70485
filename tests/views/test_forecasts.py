"""The page of the forecast: the answer first, designed states, who may see it, its spreadsheet."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pytest

from tests import html
from tests.views.figure_pages import DAY, inline_things, small_bureau
from tracker.models import Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def bureau(make):
    return small_bureau(make)


def card(root, code):
    return html.text_of(next(one for one in root.iter("article") if one.get("data-goal") == code))


def test_each_goal_has_its_answer_first(client, bureau):
    root = client.sign_in(bureau.office).page(f"/forecast?as_of={DAY}")
    assert [one.get("data-goal") for one in root.iter("article")] == [
        "study", "stories", "classroom", "essays", "pairing", "service", "tasks",
    ]  # fmt: skip
    assert "无法预测：最慢的还没有核实的记录；需每周20小时；2名党员将错过7月31日" in card(root, "study")
    assert "目标口径未上报" in card(root, "stories") or "不能与100个比较" in card(root, "stories")
    assert inline_things(root) == []


def test_places_are_counted_and_nobody_is_named(client, bureau):
    root = client.sign_in(bureau.office).page(f"/forecast?as_of={DAY}")
    text = card(root, "study")
    assert "4名党员中，1名党员已达到；按各自进度，2名党员将错过截止日" in text
    assert "3名党员四周来没有变化" in text
    assert [name for name in bureau.names if name in html.text_of(root)] == []


def test_a_goal_of_the_bureau_says_when_and_how_much_is_needed(client, bureau):
    text = card(client.sign_in(bureau.office).page(f"/forecast?as_of={DAY}"), "tasks")
    assert "需每周3.7件" in text  # 99 in 188 days, rounded up
    assert "四周来没有变化" in text


def test_on_the_first_day_nothing_can_be_foretold_and_nobody_is_late(client, bureau):
    root = client.sign_in(bureau.office).page("/forecast?as_of=2021-02-26")
    assert "次日起才能预测" in html.text_of(root)
    text = card(root, "study")
    assert "刚刚开始，还不能预测" in text
    assert "错过" not in text


@pytest.mark.settings(today=dt.date(2021, 8, 9))
def test_after_the_due_day_it_says_who_was_not_there(client, bureau):
    text = card(client.sign_in(bureau.office).page("/forecast"), "study")
    assert "7月31日已到期，3名党员没有达到" in text
    assert "截止日时3名党员没有达到" in text


def test_without_a_row_the_page_says_so(client, make):
    make.campaign()
    make.member()
    root = client.sign_in(make.user()).page(f"/forecast?as_of={DAY}")
    assert "无法预测：还没有核实的记录" in card(root, "tasks")


def test_one_row_is_a_pace(client, make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=4800, happened_on=dt.date(2021, 3, 1))
    text = card(client.sign_in(make.user()).page(f"/forecast?as_of={DAY}"), "study")
    assert "按目前进度，最慢的一名7月26日达到；需每周4小时；没有人会错过7月31日；四周来没有变化" in text


def test_who_are_all_there_are_said_to_be(client, make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=6000, happened_on=dt.date(2021, 3, 1))
    text = card(client.sign_in(make.user()).page(f"/forecast?as_of={DAY}"), "study")
    assert "已达到目标100小时" in text
    assert "错过" not in text.replace("0名党员将错过截止日", "")


def test_what_can_no_longer_be_done_says_so(client, make):
    campaign = make.campaign()
    for _ in range(2):
        make.record(campaign, member=make.member(), minutes=60, happened_on=dt.date(2021, 3, 1))
    text = card(client.sign_in(make.user()).page("/forecast?as_of=2021-07-28"), "study")
    assert "即使每天做满上限，7月31日前也达不到了" in text
    assert "2名党员即使每周做满上限168小时也来不及了" in text


def test_before_any_campaign_the_page_is_calm(client, make):
    text = html.text_of(client.sign_in(make.user()).page("/forecast"))
    assert "还没有行动计划" in text
    assert client.get("/forecast.xlsx").status_code == 404


def test_a_branch_that_is_silent_is_pointed_out(client, bureau):
    assert "未报" in card(client.sign_in(bureau.office).page(f"/forecast?as_of={DAY}"), "study")


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.MEMBER])
def test_the_bureaus_forecast_is_the_offices(client, bureau, make, role):
    user = bureau.secretary if role is Role.SECRETARY else make.user(role, member=make.member())
    client.sign_in(user)
    for address in ("/forecast", "/forecast.xlsx", "/charts"):
        assert client.get(address).status_code == 404


def test_the_spreadsheet_has_a_row_for_each_line(client, bureau):
    answer = client.sign_in(bureau.office).get(f"/forecast.xlsx?as_of={DAY}")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.data)).active.iter_rows(min_row=4, values_only=True))
    heads, lines = rows[0], [row for row in rows[1:] if row[0]]
    assert [row[1] for row in lines if row[0] == "一百小时读党史"] == ["最慢的一名", "平均"]
    slowest = next(row for row in lines if row[1] == "最慢的一名")
    assert slowest[heads.index("将错过")] == 2
    assert slowest[heads.index("需每周")] == 20
    assert "无法预测" in slowest[heads.index("说明")]


def test_all_goals_are_few_statements(client, bureau, statements):
    client.sign_in(bureau.office)
    with statements() as seen:
        client.page(f"/forecast?as_of={DAY}")
    assert len(seen) <= 21


def test_the_page_of_a_goal_has_pace_forecasts_and_their_test(client, bureau):
    root = client.sign_in(bureau.office).page(f"/goals/service?as_of={DAY}")
    text = html.text_of(root)
    assert "当时怎么说，后来怎么样" in text
    assert "4周前（5月29日）预测" not in text  # the slowest group has nothing: nothing was foretold
    assert "四周前还无法预测" in text
    assert inline_things(root) == []


def test_what_was_foretold_stands_beside_what_came(client, make):
    campaign, member = make.campaign(), make.member()
    make.record(campaign, member=member, minutes=4600, happened_on=dt.date(2021, 3, 1))
    text = html.text_of(client.sign_in(make.user()).page(f"/goals/study?as_of={DAY}"))
    # 4,600 minutes in 92 days foretold 6,000 for the 26th of June; it has stood still since.
    assert "4周前（5月29日）预测6月26日达到，到今天应有100小时；实际76.7小时（比预测晚28天）" in text


def test_every_state_reads_in_english(client, bureau):
    client.sign_in(bureau.office)
    client.post("/language", data={**html.hidden_fields(client.page("/help"), "/language"), "language": "en"})
    for address in (f"/forecast?as_of={DAY}", "/forecast?as_of=2021-02-26", f"/goals/study?as_of={DAY}"):
        text = html.text_of(client.page(address))
        assert "%(" not in text
        assert "the slowest member" in text
