"""What a summary pack (汇总包) says. Its words are Chinese whatever the reader's language: a document."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from tracker.rules.campaigns import CampaignSpec, Figure, Measure
from tracker.rules.figures import FigureValue
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.numbers import reached
from tracker.rules.statements import State, Told

FEWEST_SHOWN = 3  # fewer people in hardship are not counted in what is taken away
FEW = f"少于{FEWEST_SHOWN}"
KEPT_BACK = "不列出"  # else what is hidden beside it could be found by subtraction
# What does not count people: there a small number tells on nobody.
ABOUT_NOBODY = frozenset(
    (Measure.COMMUNITIES, Measure.CATEGORIES, Measure.BRANCHES, Measure.MINUTES, Measure.STORIES)
)
STATES: dict[GoalState, str] = {
    GoalState.REACHED: "已达标",
    GoalState.ON_TIME: "照此进度可按期达标",
    GoalState.LATE: "照此进度将逾期",
    GoalState.IMPOSSIBLE: "按期已无法达到",
    GoalState.NO_FORECAST: "尚无进度，无法预测",
    GoalState.NOT_REPORTED: "目标口径未上报",
    GoalState.NO_DATA: "没有统计对象",
}


class Part(enum.StrEnum):
    """What a pack may hold beside its summary workbook, which it always holds."""

    CHARTS = "charts"
    LEDGER = "ledger"
    BULLETINS = "bulletins"


@dataclass(frozen=True, slots=True)
class Amount:
    """A value as a cell holds it: a number, a day, or words where there is no number to be shown."""

    value: int | float | dt.date | str


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One figure.

    low, high: where names are missing. rows: how many are behind it, None over the roster.
    """

    id: str
    title: str
    kind: str
    amount: Amount
    unit: str
    rule: str
    version: str
    low: Amount | None = None
    high: Amount | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class UnitCell:
    """One unit in one goal. state: 'value', 'silent', 'not_asked' or 'few' (people in hardship).

    said: what the unit stated of its due months, in words; '' for nothing.
    """

    unit_id: int
    name: str
    level: str
    state: str
    amount: Amount
    said: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A day of a goal's way. None where there is nothing to draw."""

    day: dt.date
    value: Amount | None
    mean: Amount | None = None
    needed: Amount | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class GoalPage:
    """One goal: how it stands, its way there, its units and its figures.

    facts:   pairs of label and amount with unit, as the sheet's head lists them.
    pairs:   人次 and 人数 of the same rows, in words.
    row:     the same as one row of the overview: see OVERVIEW.
    colour, light: of its charts.
    """

    code: str
    name: str
    short_name: str
    unit: str
    target: int
    title: str
    facts: Sequence[tuple[str, Amount, str]]
    pairs: Sequence[str]
    row: Sequence[Amount]
    points: Sequence[Point]
    cells: Sequence[UnitCell]
    figures: Sequence[FigureLine]
    actual: str
    mean: str
    is_comparable: bool
    colour: str
    light: str


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything of the summary workbook."""

    campaign: str
    code: str
    bureau: str
    day: dt.date
    goals: Sequence[GoalPage]
    figures: Sequence[FigureLine]
    notes: Sequence[tuple[str, str]] = field(default_factory=tuple)


# The columns of the overview: heading, width.
OVERVIEW = (
    ("目标", 22), ("数据项", 22), ("当前值", 11), ("单位", 7), ("目标值", 9), ("最低", 9), ("匀速应达", 10),
    ("状态", 20), ("预计达标日", 14), ("到期日", 12), ("人次与人数", 44), ("有月份未报的支部", 12),
)  # fmt: skip


def amount(value: Fraction | None) -> Amount:
    """A value for a cell: whole as it is, else with three decimals; never rounded up to a whole number."""
    if value is None:
        return Amount("—")
    if value.denominator == 1:
        return Amount(value.numerator)
    return Amount(float(reached(value, 3)))


def is_about_hardship(figure: Figure, spec: CampaignSpec) -> bool:
    """Whether a figure counts people whose names are sealed: small numbers of them are not taken away."""
    kind = spec.kind(figure.kind) if figure.kind else None
    return kind is not None and kind.sealed_subject and figure.measure not in ABOUT_NOBODY


def is_few(value: Fraction | int | None) -> bool:
    """Whether so few people are not to be counted. Nobody is nobody's secret."""
    return value is not None and 0 < value < FEWEST_SHOWN


def hidden(values: Sequence[Fraction | None]) -> dict[int, str]:
    """Of a column of people in hardship, position → what stands in place of the number.

    If one number alone were hidden, the column's total would give it away: the smallest other goes with it.
    """
    found = {n: FEW for n, value in enumerate(values) if is_few(value)}
    if len(found) == 1:
        others = [(value, n) for n, value in enumerate(values) if value and n not in found]
        if others:
            found[min(others)[1]] = KEPT_BACK
    return found


def value_amounts(
    value: FigureValue, is_hidden: bool, day: dt.date | None = None
) -> tuple[Amount, Amount | None, Amount | None]:
    """A figure's value, and its bounds where names are missing.

    day: of a forecast, on which it was reached if it is.
    """
    if is_hidden and is_few(value.value):
        return Amount(FEW), None, None
    if value.date is not None or value.is_reached:
        said = day or value.date
        return Amount(said) if said else Amount("已达标"), None, None
    if value.is_interval:
        low, high = amount(value.low), amount(value.high)
        return Amount(f"{low.value}–{high.value}"), low, high
    return amount(value.value), None, None


def forecast_words(standing: GoalStanding) -> Amount:
    """When the goal is reached at the pace so far, or why that cannot be said."""
    if standing.state is GoalState.REACHED:
        return Amount("已达标")
    if standing.state in (GoalState.NOT_REPORTED, GoalState.NO_DATA):
        return Amount("—")
    return Amount(standing.forecast_on) if standing.forecast_on else Amount("无法预测")


def told_words(told: Told, state: str) -> str:
    """What a unit stated of its due months, in words."""
    if state == "not_asked" or not told.of:
        return ""
    if told.silent:
        return f"{told.of}个月中{told.silent}个月未报"
    match told.state:
        case State.CONTRADICTED:
            return "所报与台账不符"
        case State.NOTHING:
            return "零报告"
    return "已报"


def notes_of(spec: CampaignSpec, day: dt.date, made_on: dt.date) -> tuple[tuple[str, str], ...]:
    """What a reader of the pack has to know: pairs of label and words."""
    return (
        ("截至日", f"所有数值截至{day.isoformat()}（含当日）；本包生成于{made_on.isoformat()}。"),
        (
            "哪些记录",
            "只计已核实的记录；待核实、已退回、已撤回、已冲正的都不计。没有写日期的记录从行动计划开始之日起计。",
        ),
        (
            "人次与人数",
            "人次按参加的次数计，人数每人只计一次，两个数并列，不相加。有的活动只报了人次、没有名单，人数就是一个区间。",
        ),
        (
            "零、未报、不适用",
            "“0”是已表态或已有记录而确实为零；“未报”是有月份没有表态，也没有记录，不当作零看；“不适用”是本目标不要求该单位。没有记录的单位和党员在最低、平均、达标人数里都按0计。",
        ),
        (
            "最低与平均",
            "按人或按党小组计的目标，对每个应计对象分别计算：最低是其中最少的一个。不列姓名，不排名次。",
        ),
        (
            "预计达标日",
            "按最低者自计划开始以来的速度推算；没有进度的不推算。“照此进度将逾期”“按期已无法达到”都以到期日为准。",
        ),
        (
            "困难群众",
            f"涉及困难群众的人数不满{FEWEST_SHOWN}的不列出数字；只有一格不列时，另有一格一并不列，以免推算。密封的姓名和联系方式从不导出。",
        ),
        ("联合活动", "几个党支部联合开展的，各支部都可列出，全局只计一场。"),
        ("数值", "不是整数的最多保留三位小数；差一点达到整数的不进位。完整的数值见“数据.json”。"),
        ("行动计划", f"{spec.name}：{spec.starts_on.isoformat()}至{spec.ends_on.isoformat()}。"),
    )
