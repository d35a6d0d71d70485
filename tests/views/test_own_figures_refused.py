"""What cannot be a figure of the office's own is told beside its field, and hostile words do no harm."""

from __future__ import annotations

import pytest

from tests import html
from tests.views.test_own_figures import FIELDS, NEW, desk, rows, words_of

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

__all__ = ["desk"]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "请填写"),
        ({"title": "字" * 61}, "最多写60个字"),
        ({"title": "场次排名"}, "排名"),
        ({"code": "一号"}, "编码只能用"),
        ({"measure": "minutes"}, "台账里没有这一项"),
        ({"measure": "nothing"}, "台账里没有这一项"),
        ({"scope": "nobody"}, "不能这样逐个统计"),
        ({"measure": "branches", "scope": "branch"}, "不能这样逐个统计"),
        ({"reduce": "mean"}, "按全局统计只有一个数"),
        ({"scope": "member", "reduce": "max"}, "不单独显示"),
        ({"scope": "member", "reduce": "each"}, "不单独显示"),
        ({"scope": "branch", "measure": "persons", "reduce": "sum"}, "不能按党员或党组织相加"),
        ({"scope": "branch", "reduce": "nothing"}, "请选择如何汇总"),
        ({"scope": "branch", "reduce": "count_reached"}, "请填写要达到的目标值"),
        ({"target": "5"}, "这里请留空"),
        ({"reduce": "forecast_date", "target": "9999999999"}, "请填写大于0的整数"),
        ({"reduce": "forecast_date", "target": "五"}, "请填写大于0的整数"),
        ({"eligible": "y"}, "各项请留空"),
        ({"divide_by": "0"}, "请填写大于0的整数"),
        ({"starts_on": "2021-02-30"}, "这不是一个日期"),
        ({"starts_on": "2020-01-01"}, "不在行动计划期间内"),
        ({"words_type": "没有这种"}, "请从列表中选择"),
        ({"words_category": ["类" * 201]}, "最多60个"),
        ({"words_category": [f"类{n}" for n in range(61)]}, "最多60个"),
        ({"words_title": "\n".join(f"题{n}" for n in range(61))}, "最多60个"),
        ({"measure": ""}, "台账里没有这一项"),
        ({"measure": "participations", "unit": "人"}, "参加人次的单位须写"),
        ({"measure": "persons", "unit": "人次"}, "人数的单位须写"),
        ({"unit": "小时"}, "不是时长"),
        ({"scope": "branch", "reduce": "share_reached", "target": "1", "unit": "个"}, "占比的单位只能是%"),
        ({"scope": "branch", "reduce": "count_reached", "target": "1", "unit": "人次"}, "不能用目标值的单位"),
    ],
)  # fmt: skip
def test_what_will_not_do_is_told_beside_its_field(desk, fields, sentence):
    client = desk.sign_in(desk.office)
    answer = client.submit(NEW, {**FIELDS, **fields}, action=NEW)
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    assert "%(" not in answer.text
    assert rows() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"unit": "个"}, "时长的单位只能是"),
        ({"unit": "学时"}, "不以学时计"),
        ({"unit": "小时", "divide_by": "45"}, "这里必须是60"),
    ],
)
def test_time_is_told_in_time(desk, fields, sentence):
    client, page = desk.sign_in(desk.office), "/own-figures/new?kind=study"
    start = {"title": "学习时长", "measure": "minutes", "scope": "bureau", "reduce": "sum"}
    answer = client.submit(page, {**start, **fields}, action=page)
    assert answer.status_code == 422
    assert sentence in words_of(answer)


def test_all_that_is_wrong_is_told_at_once(desk):
    client = desk.sign_in(desk.office)
    answer = client.submit(NEW, {**FIELDS, "title": "", "target": "5", "unit": "小时"}, action=NEW)
    said = words_of(answer)
    for sentence in ("请填写", "这里请留空", "不是时长"):
        assert sentence in said


HOSTILE = ("=1+1", "<script>alert(1)</script>", "𠮷野家", "a'b\"c\\d", "％（名）", "{own.x}", "%(x)s")


@pytest.mark.parametrize("title", HOSTILE)
def test_hostile_titles_are_titles(desk, title):
    client = desk.sign_in(desk.office)
    answer = client.submit(NEW, {**FIELDS, "title": title}, action=NEW)
    assert answer.status_code == 303, words_of(answer)
    ledger = client.get(f"/figures/{rows()[0].figure}").location
    for url in (answer.location, "/own-figures", "/figures", ledger):
        assert title in html.text_of(client.page(url))


def test_what_no_page_can_show_is_dropped(desk):
    client = desk.sign_in(desk.office)
    free = {"title": "\u202e一\x01\u2028二", "words_title": "共学\x02\n\n\u2029", "target": "\x03"}
    answer = client.submit(NEW, {**FIELDS, **free}, action=NEW)
    assert answer.status_code == 303, words_of(answer)
    assert rows()[0].words["title"] == "一 二"
    assert rows()[0].words["where"]["title"] == ["共学"]
