"""A corpus of campaign files with one forbidden thing each, made from the shipped one by one change."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.maker import SHIPPED
from tracker.rules.campaign_file import read_campaign
from tracker.rules.lint import as_fault, line_of, lint, refusals_of
from tracker.rules.lint_rules import DENIED, RULES, Level, banned_in

TEXT = SHIPPED.read_text(encoding="utf-8")
TITLE = '{ field = "title", heading = "学习内容", aliases = ["内容"], example = "《中国共产党简史》" },'
FIGURE = """
[[figures]]
id = "study.more"
title = "%s"
kind = "study"
measure = "minutes"
scope = "member"
%s
unit = "分钟"
"""


def column(heading, **more):
    """The file with one more column in its first kind, in place of the open title."""
    said = "".join(f", {name} = {value}" for name, value in more.items())
    return TITLE, f'{{ field = "title", heading = "{heading}"{said} }},'


def figure(title="学习时长", rest='reduce = "mean"'):
    return "# ---------- 目标 ----------", FIGURE % (title, rest)


# A member's number, name and branch, all three required.
KNOWN = (
    '{ field = "member_number", heading = "工号", example = "M0001" }',
    '{ field = "branch", heading = "党支部", ',
)
BETWEEN = ',\n  { field = "member_name", heading = "姓名", required = true, example = "张三" },\n  '
REQUIRED = (
    BETWEEN.join(KNOWN),
    BETWEEN.join(KNOWN)
    .replace("工号", '工号", required = true, note = "')
    .replace("党支部", '党支部", required = true, note = "'),
)
# What is changed → which rule refuses or warns, and at which key.
CORPUS = [
    # ID numbers, addresses, illness, income
    (column("身份证号"), "sensitive", "kinds[0].columns[6].heading"),
    (column("家庭住址"), "sensitive", "kinds[0].columns[6].heading"),
    (column("患病情况"), "sensitive", "kinds[0].columns[6].heading"),
    (column("备注", aliases='["家庭年收入"]'), "sensitive", "kinds[0].columns[6].heading"),
    (("{ name = \"书法\" }", "{ name = \"残疾证\" }"), "sensitive", "kinds[2].types"),
    (column("备注", example='"440101199003077711"'), "sensitive-example", "kinds[0].columns[6].example"),
    (column("备注", example='"13800138000"'), "sensitive-example", "kinds[0].columns[6].example"),
    (column("备注", note='"请填写身份证号"'), "sensitive-note", "kinds[0].columns[6].note"),
    (("因事请假", "因病请假"), "illness", "kinds[1].absence_reasons"),
    (('heading = "对象编号"', 'heading = "对象姓名"'), "named-subject", "kinds[3].columns[4].heading"),
    (('heading = "对象类别"', 'heading = "联系电话"'), "named-subject", "kinds[3].columns[5].heading"),
    # points and ranking of persons
    (column("积分"), "points", "kinds[0].columns[6].heading"),
    (('unit = "篇"\nscope_note', 'unit = "得分"\nscope_note'), "points", "goals[3].unit"),
    (figure("党员学习排行榜"), "ranking", "figures[0].title"),
    (('scope_note = "应学党员中的最低值"', 'scope_note = "前十名通报"'), "ranking", "goals[0].scope_note"),
    (figure(rest='by = "member"'), "hours-by-member", "figures[0].by"),
    (figure(rest='reduce = "max"'), "most-of-members", "figures[0].reduce"),
    (("hides_names = true\n", ""), "names-shown", "kinds[0].hides_names"),
    # check-in, time online, tracks, installing
    (('{ name = "个人自学", aliases = ["自学"] }', '{ name = "每日打卡" }'), "check-in", "kinds[0].sources"),
    (column("连续签到天数"), "check-in", "kinds[0].columns[6].heading"),
    (column("在线时长"), "online-time", "kinds[0].columns[6].heading"),
    (column("活动轨迹"), "tracks", "kinds[0].columns[6].heading"),
    (('description = "党史学习教育"', 'description = "先下载APP再学习"'), "installing", "description"),
    # hours as a basis of assessment
    (
        ('sentence = "全体应学党员', 'sentence = "作为年度考核依据：全体应学党员'),
        "assessment",
        "figures[6].sentence",
    ),
    (('scope_note = "应学党员中的最低值"', 'scope_note = "与评优挂钩"'), "assessment", "goals[0].scope_note"),
    (
        ('scope_note = "评为优秀的作品"', 'scope_note = "与评优挂钩"'),
        "assessment-words",
        "goals[3].scope_note",
    ),
    # the same form twice, too much, photos
    (column("学习照片", required="true"), "photo-required", "kinds[0].columns[6].heading"),
    (column("学习照片"), "photo", "kinds[0].columns[6].heading"),
    (column("备注", note='"每次须上传照片"'), "photo-required", "kinds[0].columns[6].note"),
    (('heading = "服务人次"', 'heading = "服务人次", required = true'), "many-fields", "kinds[4].columns"),
    (REQUIRED, "known-already", "kinds[0].columns"),
    # days and pace
    (("visit_every_days = 30", "visit_every_days = 3"), "visits-often", "kinds[3].visit_every_days"),
    (("due_on = 2021-07-31", "due_on = 2021-04-30"), "heavy-pace", "goals[0].target"),
    (("due_on = 2021-07-31", "due_on = 2021-02-28"), "out-of-reach", "goals[0].target"),
    (("ends_on = 2021-12-31", "ends_on = 2021-07-01"), "due-outside", "goals[0].due_on"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule", "key"), CORPUS, ids=[f"{n}-{one[1]}" for n, one in enumerate(CORPUS)]
)
def test_each_forbidden_thing_is_found_by_its_rule_at_its_place(change, rule, key):
    before, after = change
    assert before in TEXT
    text = TEXT.replace(before, after, 1)
    found = lint(read_campaign(text))
    hit = next(one for one in found if (one.rule.id, one.key) == (rule, key))
    assert hit.is_refusal == (RULES[rule].level is Level.REFUSE)
    line = line_of(hit.key, text)
    assert line is not None
    fault = str(as_fault(hit, text))
    assert fault.startswith(f"line {line}, ")
    assert RULES[rule].source in fault
    refused = {one.rule.id for one in refusals_of(read_campaign(text))}
    assert refused == ({rule} if hit.is_refusal else set()), "nothing else is refused by the way"


def test_every_rule_is_in_the_corpus():
    assert sorted(set(RULES) - {rule for _, rule, _ in CORPUS} - {"same-form"}) == []


def test_two_kinds_that_ask_the_same_are_warned_of():
    again = TEXT.split("[[kinds]]")[1].replace('"study"', '"study2"').replace('"读党史"', '"学理论"')
    text = TEXT.replace("# ---------- 目标 ----------", f"[[kinds]]{again}", 1)
    (found,) = [one for one in lint(read_campaign(text)) if one.rule.id == "same-form"]
    assert dict(found.params) == {"first": "读党史", "second": "学理论"}


@pytest.mark.parametrize("path", sorted(SHIPPED.parent.glob("*.toml")), ids=lambda path: Path(path).stem)
def test_shipped_campaigns_are_not_even_warned_of(path):
    assert [(one.rule.id, one.key) for one in lint(read_campaign(path.read_text(encoding="utf-8")))] == []


@pytest.mark.parametrize(
    "text",
    [
        "心得分享", "参加分组讨论", "设计分类", "红色打卡地", "不积分、不排名", "严禁以打卡代替学习",
        "不以学习时长作为考核依据",
        "签到表", "在线学习", "面积", "排练", "不得要求上传轨迹", "取消排名",
    ],
)  # fmt: skip
def test_harmless_and_denying_words_are_not_found(text):
    assert list(banned_in(text)) == []


@pytest.mark.parametrize("text", ["不少于10个积分", "不仅排名，还通报", "每月公布排名", "不参加的，扣分"])
def test_a_negation_of_something_else_excuses_nothing(text):
    assert list(banned_in(text))


@given(st.text(max_size=60))
def test_no_text_breaks_it(text):
    list(banned_in(text))
    DENIED.search(text)
