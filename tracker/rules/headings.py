"""The heading cells of a sheet: what each column means, and which may not be read at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tracker.rules.cells import Raw, is_blank
from tracker.rules.durations import Unit

SEARCHED_ROWS = 30  # headings stand at the top
LONGEST_HEADING = 60  # longer cells are titles and instructions


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """One column that a sheet may have: the ledger's field, its own heading, other names for it."""

    field: str
    heading: str
    aliases: tuple[str, ...] = ()
    required: bool = False


# Other names that offices give to the ledger's columns. One name may stand under several fields (编号, 时间,
# 类型): a sheet is only ever compared with the columns of its own kind.
_ALIASES = {
    "happened_on": (
        "日期 学习日期 活动日期 服务日期 开展日期 发生日期 结对日期 领办日期 提交日期 开始日期 起始日期 "
        "时间 学习时间 活动时间 服务时间 开展时间 结对时间 领办时间 开始时间"
    ),
    "ended_on": "结束日期 完成日期 办结日期 终止日期 解除日期 结束时间 完成时间 办结时间 终止时间",
    "due_on": (
        "计划完成日期 计划完成时间 计划办结日期 计划办结时间 应完成日期 完成时限 办理时限 完成期限 办理期限 "
        "截止日期"
    ),
    "member_number": "工号 党员编号 编号 党员工号 人员编号 职工号 员工号 职工编号",
    "member_name": "姓名 党员姓名 名字 党员 作者 作者姓名 结对党员 帮扶党员 帮扶人 学习人 用户姓名 学员姓名",
    "branch": "党支部 所在党支部 所在支部 支部名称 支部 党支部名称 所属党支部 所属支部 所属组织 所在党组织",
    "group": "党小组 所在党小组 所在小组 党小组名称 小组 小组名称 所属党小组",
    "section": "科室 所在科室 科(室) 处室 所在处室 部门 所在部门 科室名称",
    "minutes": (
        "时长 学习时长 服务时长 学习时间(小时) 服务时间(小时) 活动时间(小时) 活动时长 参加时长 累计时长 "
        "小时数 学习小时数 服务小时数 分钟数 学习分钟数 服务分钟数 用时 学习用时"
    ),
    "quantity": "数量 件数 篇数 次数 个数 份数 数目",
    "people_served": (
        "服务人次 服务群众(人次) 服务群众人次 服务群众 服务人数 受益人次 受益群众 受益人数 惠及群众 惠及人次"
    ),
    "headcount": "人次 参加人次 参加人数 人数 参学人次 参学人数 参与人次 参与人数 出席人次 出席人数 到会人数",
    "people": (
        "参加人员 参加人员名单 人员 人员名单 名单 参加党员 参加人 参与人员 参与人员名单 参与党员 "
        "参学人员 参会人员 出席人员 到会人员 服务人员"
    ),
    "type": "类型 活动类型 作品类型 学习类型 形式 活动形式 学习形式 作品形式",
    "category": "类别 活动类别 作品类别 对象类别 帮扶对象类别 困难类别 分类 种类",
    "source": "来源 学习来源 学习方式 学习渠道 学习途径",
    "title": (
        "主题 活动主题 题目 标题 作品题目 作品标题 作品名称 事项 事项名称 事项内容 名称 活动名称 项目名称 "
        "内容 学习内容 活动内容"
    ),
    "place": "地点 活动地点 服务地点 学习地点 开展地点 场所 活动场所",
    "community": "社区 所在社区 村(社区) 社区名称 服务社区 所属社区",
    "owner_type": "领办单位类型 单位类型 责任单位类型 承办单位类型 领办类型",
    "owner_name": "领办单位 责任单位 承办单位 领办单位名称 领办支部 领办科室 单位 单位名称",
    "organiser": "组织单位 主办单位 组织支部 主办支部 举办单位 承办单位 组织单位名称 主办单位名称",
    "subject": "对象编号 帮扶对象编号 结对对象编号 对象代码 帮扶对象代码 对象编码",
    "stage": "状态 进展情况 进度 办理状态 办理情况 完成情况 当前状态 进展 阶段",
    "stories": "故事 讲述的故事 讲述故事 故事题目 故事名称",
    "ref": "编号 活动编号 事项编号 项目编号 作品编号 记录编号",
}
STANDARD_ALIASES: dict[str, tuple[str, ...]] = {
    field: tuple(names.split()) for field, names in _ALIASES.items()
}

ROSTER_COLUMNS: list[ColumnSpec] = [
    ColumnSpec("number", "工号", STANDARD_ALIASES["member_number"], required=True),
    ColumnSpec("name", "姓名", ("党员姓名", "名字"), required=True),
    ColumnSpec("branch", "党支部", STANDARD_ALIASES["branch"], required=True),
    ColumnSpec("group", "党小组", STANDARD_ALIASES["group"]),
    ColumnSpec("category", "人员类别", ("在职/离退休", "在职离退休", "在职情况", "在职状态", "在职或离退休")),
    ColumnSpec("standing", "党员类别", ("正式/预备", "正式预备", "党员类型", "正式或预备")),
    ColumnSpec("section", "科室", STANDARD_ALIASES["section"]),
    ColumnSpec("duty", "党内职务", ("党内职务名称", "党务职务", "党支部职务", "支部职务")),
    ColumnSpec("joined_on", "入党时间", ("入党日期", "加入党组织日期", "加入中共组织日期")),
    ColumnSpec(
        "phone", "联系电话", ("手机", "手机号码", "手机号", "电话", "电话号码", "联系方式", "移动电话")
    ),
    ColumnSpec("exempt_reason", "免学原因", ("免学事由", "免学情况", "豁免原因")),
    ColumnSpec(
        "starts_on",
        "组织关系转入日期",
        ("变动日期", "转入日期", "转入时间", "组织关系转入时间", "变动时间", "生效日期"),
    ),
]

_BRACKETS = re.compile(r"[(\[【〔<{《][^)\]】〕>}》]*[)\]】〕>}》]")
_REQUIRED_MARK = re.compile(r"[(\[【〔](?:必填|选填|必填项|选填项)[)\]】〕]")
_DURATION = re.compile(r"学时|课时|小时|分钟|hour|minute|min|[(/]分[)/]?|[(/]h[)/]?")
SERIALS = frozenset(("序号", "行号", "no", "序"))  # a running number says nothing


@lru_cache(maxsize=4096)  # each is compared with every name of every column
def normalise_heading(text: str) -> str:
    """A heading for comparison: half-width, lower case, without spaces and marks (*, :, 必填)."""
    text = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    return _REQUIRED_MARK.sub("", text).strip("*※★:.。、#")


def rank(heading: str, spec: ColumnSpec) -> int | None:
    """How well a heading fits: 0 its own name, 1 an alias, 2 either with a remark behind; None not at all.

    An alias with a unit in brackets stands for every unit: 学习时间(小时) also means 学习时间(分钟).
    """
    wanted = normalise_heading(heading)
    if not wanted:
        return None
    names, in_units = _names(spec)
    if wanted == names[0]:
        return 0
    bare = _BRACKETS.sub("", wanted)
    if wanted in names or (bare in in_units and bare != wanted and _DURATION.search(wanted)):
        return 1
    return 2 if bare != wanted and bare in names else None


@lru_cache(maxsize=1024)
def _names(spec: ColumnSpec) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The normalised names of a column, its own first; and those with a unit in brackets, without it."""
    names = tuple(normalise_heading(name) for name in (spec.heading, *spec.aliases))
    in_units = tuple(_BRACKETS.sub("", name) for name in names if _DURATION.search(name))
    return names, in_units


def unit_of(heading: str) -> Unit | None:
    """The unit that a heading states: "hours", "minutes", "class_hours", or None."""
    text = normalise_heading(heading)
    if "学时" in text or "课时" in text:
        return "class_hours"
    if re.search(r"分钟|minute|min\b|[(/]分\b", text):
        return "minutes"
    return "hours" if re.search(r"小时|hour|[(/]h\b", text) else None


def assign(
    headings: Mapping[int, Sequence[str]], columns: Sequence[ColumnSpec]
) -> tuple[dict[str, tuple[int, int]], dict[str, list[int]]]:
    """Which column holds which field.

    headings: column -> its readings, the best first (a two-row heading has several).
    Returns  field -> (column, rank), and field -> columns for those fields that two columns claim equally.
    A better rank takes the field; a column goes to the first of the specs that it fits equally well.
    """
    found: dict[str, tuple[int, int]] = {}
    doubled: dict[str, list[int]] = {}
    taken: set[int] = set()
    for wanted in (0, 1, 2):
        claims: dict[str, list[int]] = {}
        for column, readings in headings.items():
            if column in taken:
                continue
            for reading in readings:
                fits = [s.field for s in columns if s.field not in found and rank(reading, s) == wanted]
                if fits:
                    claims.setdefault(fits[0], []).append(column)
                    break
        for field, claiming in claims.items():
            found[field] = (claiming[0], wanted)
            taken.update(claiming)
            if len(claiming) > 1:
                doubled[field] = claiming
    return found, doubled


def find_headings(
    rows: Sequence[tuple[int, list[Raw]]], columns: Sequence[ColumnSpec]
) -> tuple[int, int, dict[int, tuple[str, ...]]] | None:
    """Where the headings are: position in `rows`, how many rows they take, each column's readings.

    The best reading comes first. None if no row names at least two of the columns.
    """
    best, best_score = None, (0, 0, 0)
    least = min(2, len(columns))
    for start in range(min(SEARCHED_ROWS, len(rows))):
        for depth in (1, 2):
            texts = _readings([cells for _, cells in rows[start : start + depth]], columns, depth)
            found, _ = assign(texts, columns)
            required = sum(spec.required and spec.field in found for spec in columns)
            score = (len(found), required, -depth)  # a title above is no second row of headings
            if len(found) >= least and score > best_score:
                best, best_score = (start, depth, texts), score
    return best


def _readings(rows: list[list[Raw]], columns: Sequence[ColumnSpec], depth: int) -> dict[int, tuple[str, ...]]:
    """Column -> the ways to read its heading. {} if the rows cannot be headings."""
    if len(rows) < depth:
        return {}
    top = _texts(rows[0])
    if depth == 1:
        return {column: (text,) for column, text in top.items()}
    below = _texts(rows[1])
    # A second row of headings is all text, and stands below a group: a heading merged over several columns.
    if len(below) < 2 or len(below) < sum(not is_blank(cell) for cell in rows[1]):
        return {}
    readings: dict[int, tuple[str, ...]] = {}
    group, grouped = "", 0
    for column in range(max([*top, *below]) + 1):
        group = top.get(column, group)
        if column not in below:
            if column in top:
                readings[column] = (top[column],)
            continue
        readings[column] = (f"{group} {below[column]}", below[column])
        grouped += column not in top
        is_named = column in top and assign({0: (top[column],)}, columns)[0]
        if is_named and not assign({0: readings[column]}, columns)[0]:
            return {}  # a value below a heading
    return readings if grouped else {}


def _texts(cells: list[Raw]) -> dict[int, str]:
    return {
        column: " ".join(cell.split())
        for column, cell in enumerate(cells)
        if isinstance(cell, str) and not is_blank(cell) and len(cell) <= LONGEST_HEADING
    }
