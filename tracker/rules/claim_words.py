"""The words of the language by which a claim is understood; a campaign's own words come from its file."""

from __future__ import annotations

import re

from tracker.rules.campaigns import Measure, Reduce

# Measure words that say the same. What is in no row is a class of its own.
UNIT_CLASSES: tuple[tuple[str, ...], ...] = (
    ("名", "人", "位", "个人", "多人", "人数"),
    ("人次", "次人", "人次数"),
    ("场次", "场", "次", "期", "回", "堂", "节", "个场次", "批次", "讲"),
    ("小时", "个小时", "钟头", "个钟头", "h", "人时", "个人时"),
    ("学时", "个学时", "课时"),
    ("分钟", "min", "分"),
    ("个", "件", "项", "篇", "条", "部", "幅", "份", "桩", "封", "首"),
    ("类", "种"),
    ("本", "册"),
    ("%",),
    ("天", "日"),
    ("年", "周岁", "岁"),
    ("元",),
    ("户", "家"),
    ("张", "床"),
    ("公里", "千米", "米", "平方米", "㎡", "km"),
    ("倍",),
    ("月", "个月", "周", "星期", "季"),
    ("公斤", "千克", "吨", "斤", "kg"),
    ("支", "套", "台", "辆", "箱", "袋", "批", "双", "副", "顶", "盒", "束", "面", "块", "盏", "棵", "株"),
    ("字", "页", "遍", "轮", "届", "组", "队", "层", "级", "步", "道", "门", "处"),
    ("所", "座", "栋", "间", "点"),
)  # fmt: skip
CLASS_OF = {unit: number for number, row in enumerate(UNIT_CLASSES) for unit in row}
COUNTS = frozenset((0, 1, 2, 6, 7, 8, CLASS_OF["户"]))  # classes of words that count people, things, sessions
PERSONS, PERSON_TIMES, SESSIONS, HOURS, CLASS_HOURS, MINUTES, ITEMS, SORTS = range(8)

# What a measure is counted in, whatever word the figure's unit is.
MEASURED: dict[Measure, int] = {
    Measure.PARTICIPATIONS: PERSON_TIMES,
    Measure.PEOPLE_SERVED: PERSON_TIMES,
    Measure.PERSONS: PERSONS,
    Measure.MEMBERS: PERSONS,
}

AT_LEAST = re.compile(r"(?:不少于|不低于|不下于|至少|最少|达到?了?)\s?$")
OVER = re.compile(r"(?:超过|超出|超|逾|突破|高于|多于|大于|上)了?\s?$")
BELOW = re.compile(r"(?:将近|接近|近|不到|不足|未满|低于|少于)\s?$")
AT_MOST = re.compile(r"(?:不超过|不多于|不高于|至多|最多)\s?$")
ABOUT = re.compile(r"(?:大约|约为|约有|约|大概|左右|大致)\s?$")
AFTER = re.compile(r"\s?(?P<more>余|多(?=[名人位个篇件场次小学分类户元项条天])|来(?=[名人个]))")
TAIL = re.compile(
    r"\s?(?P<least>以上)|(?P<most>以下|以内|之内)|(?P<about>左右|上下)|(?P<more>余|多(?![数样]))"
)

REDUCED: dict[Reduce, tuple[str, ...]] = {
    Reduce.MIN: ("最低", "最少", "最短", "人人", "每名", "每人", "每位", "每个", "个个",
                 "均达", "都达", "全体", "均已", "均完成"),
    Reduce.MEAN: ("平均", "人均", "均值", "组均"),
    Reduce.MAX: ("最高", "最多", "最长"),
    Reduce.SUM: ("累计", "合计", "总计", "共计", "总时长", "总学时", "总数", "总量"),
    Reduce.COUNT_REACHED: ("已满", "满", "达标", "达到"),
}  # fmt: skip
OWNER_WORDS: dict[str, tuple[str, ...]] = {
    "section": ("科室", "处室"),
    "group": ("党小组",),
    "branch": ("党支部", "支部"),
}
EXEMPT_WORDS = ("应学", "应参学", "应参加")
ALL_WORDS = ("全体", "全部", "全局", "共有", "现有")
OUTSIDE = ("全市", "全省", "全国", "全区", "全县", "城市", "我市", "我省")  # of more than the bureau
NOT_YET = ("未", "尚未", "没有", "待", "未能", "还没")
PARTS = re.compile(r"其中|分别|包括|含")
WHOLE = re.compile(r"(?:共|合计|总计|共计|累计)[^，。；、]{0,8}$")


def unit_class(unit: str) -> int | str:
    """Units of one class say the same; an unknown one is a class of its own."""
    return CLASS_OF.get(unit, unit)
