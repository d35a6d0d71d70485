"""Writes the made-up bureau of 24 members behind the tests of the second and third campaign.

    python scripts/small_bureau.py

Writes tests/data/small/roster.xlsx and a ledger for each campaign.
All names are invented; the same rows come out each time. What the rows come to is counted
by tests/small_truths.py, which knows nothing of this file.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

DATA = Path(__file__).parent.parent / "tests" / "data"
FIRST, SECOND, CENTRE, RETIRED = "第一党支部", "第二党支部", "社区服务中心党支部", "离退休党支部"
BRANCHES = (FIRST, SECOND, CENTRE, RETIRED)
GROUPS = ("第二党小组", "第一党小组")
GIVEN = (
    "安宁 博文 春生 德明 恩泽 方远 国梁 海燕 家和 凯旋 立新 明霞 "
    "念慈 平川 清泉 荣光 思源 天佑 婉如 向阳 雅琴 泽民 志远 子墨"
)
FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张"
COMMUNITIES = (
    "南桥社区",
    "北渡社区",
    "东坡社区",
    "西苑社区",
    "桂园社区",
    "松涛社区",
    "河畔社区",
    "新丰社区",
    "和平社区",
    "望海社区",
    "银杏社区",
)
Row = Sequence[Any]
Sheets = dict[str, tuple[str, list[Row]]]  # name → headings, with blanks between, and rows


def people() -> list[tuple[str, str, str]]:
    """(number, name, branch) of each member."""
    sizes = ((FIRST, 8), (SECOND, 7), (CENTRE, 5), (RETIRED, 4))
    branches = [branch for branch, size in sizes for _ in range(size)]
    names = [family + given for family, given in zip(FAMILY, GIVEN.split(), strict=True)]
    return [
        (f"Z{n:03}", name, branch) for n, (name, branch) in enumerate(zip(names, branches, strict=True), 1)
    ]


def roster() -> list[Row]:
    """The roster: one exempt, one who came in September 2023, one who came in February 2024."""
    rows: list[Row] = []
    for number, name, branch in people():
        n = int(number[1:])
        section = None if branch == RETIRED else "办公室" if n % 2 else "社会事务科"
        rows.append(
            (
                number,
                name,
                branch,
                GROUPS[n % 2] if branch == FIRST else None,
                "离退休" if branch == RETIRED else "在职",
                "正式党员",
                section,
                {15: dt.date(2023, 9, 1), 20: dt.date(2024, 2, 1)}.get(n),
                "长期病休" if n == 24 else None,
            )
        )
    return rows


def days(chance: random.Random, first: dt.date, last: dt.date, count: int) -> list[dt.date]:
    """So many different days, in order."""
    span = range((last - first).days + 1)
    return [first + dt.timedelta(days=n) for n in sorted(chance.sample(span, count))]


def training(chance: random.Random) -> list[Row]:
    """Study by member: 学时 bare and written out, minutes and hours beside them.

    Z005 has 1,439 minutes until 2023-11-27 and the last one on the day after.
    """
    written = {2: 90, 1: 45, 3: 135, "2学时": 90, "90分钟": 90, "1.5小时": 90, "1小时": 60, 4: 180}
    ways = ("支部集中学习", "网络课程", "专题辅导", "个人自学")
    rows: list[Row] = []
    for number, name, branch in people():
        n = int(number[1:])
        if n in (20, 24):  # came later; exempt
            continue
        if n == 5:
            own = [
                (2, dt.date(2023, 3, 7)),
                ("3学时", dt.date(2023, 4, 18)),
                (4, dt.date(2023, 6, 6)),
                ("2小时", dt.date(2023, 7, 4)),
                ("6小时", dt.date(2023, 8, 8)),
                (8, dt.date(2023, 9, 12)),
                ("3个学时", dt.date(2023, 10, 10)),
                ("59分钟", dt.date(2023, 11, 27)),
                ("1分钟", dt.date(2023, 11, 28)),
            ]
            rows += [(day, number, name, branch, amount, "网络课程", "第五讲") for amount, day in own]
            continue
        start, total, found = dt.date(2023, 9 if n == 15 else 3, 1), 0, []
        while total < 1440 + 45 * (n % 5):
            amount, minutes = chance.choice(list(written.items()))
            found.append(amount)
            total += minutes
        for amount, day in zip(found, days(chance, start, dt.date(2023, 11, 20), len(found)), strict=True):
            rows.append(
                (day, number, name, branch, amount, chance.choice(ways), f"第{chance.randint(1, 9)}讲")
            )
    return sorted(rows, key=lambda row: (row[0], row[1]))


def named(chosen: Sequence[tuple[str, str, str]]) -> str:
    return "、".join(f"{name}（{number}）" for number, name, _ in chosen)


def there(day: dt.date, branches: Sequence[str]) -> list[tuple[str, str, str]]:
    """The members of the branches on a day."""
    came = {"Z015": dt.date(2023, 9, 1), "Z020": dt.date(2024, 2, 1)}
    return [one for one in people() if one[2] in branches and came.get(one[0], day) <= day]


def theme_year() -> Sheets:
    """Sheet → headings and rows of the first ledger."""
    chance = random.Random(2023)
    classes: list[Row] = []
    for n, (day, size) in enumerate(
        [
            (dt.date(2023, 4, 12), 9),
            (dt.date(2023, 5, 24), 7),
            (dt.date(2023, 9, 6), 8),
            (dt.date(2023, 11, 8), 0),
        ],
        1,
    ):
        chosen = sorted(chance.sample(there(day, BRANCHES), size))
        classes.append((f"D{n:02}", day, f"第{n}期读书班", "机关党委", named(chosen), size or 6))
    lectures: list[Row] = []
    for branch, count in ((FIRST, 4), (SECOND, 3), (CENTRE, 3), (RETIRED, 2)):
        for day in days(chance, dt.date(2023, 3, 20), dt.date(2023, 12, 20), count):
            chosen = sorted(chance.sample(there(day, [branch]), 3))
            lectures.append((day, branch, f"{day.month}月党课", named(chosen)))
    joint = dt.date(2023, 6, 27)
    both = sorted(chance.sample(there(joint, [SECOND, RETIRED]), 6))
    lectures.append((joint, f"{SECOND}、{RETIRED}", "同上一堂党课", named(both)))
    research: list[Row] = []
    for n in range(1, 11):
        day = dt.date(2023, 7, 3) + dt.timedelta(days=3 * n)
        kind, owner = ("科室", "办公室") if n % 4 == 0 else ("支部", BRANCHES[n % 3])
        stage = "选题" if n == 10 else "成文" if n == 9 else "转化"
        ended = day + dt.timedelta(days=40 + 9 * n) if stage == "转化" else None
        research.append(
            (
                f"Y{n:02}",
                day,
                kind,
                owner,
                f"调研课题{n}",
                COMMUNITIES[n % 7],
                dt.date(2023, 9, 30),
                stage,
                ended,
            )
        )
    issues: list[Row] = []
    for n in range(1, 16):
        day = dt.date(2023, 9, 20) + dt.timedelta(days=2 * n)
        kind, owner = (
            ("科室", "社会事务科")
            if n % 5 == 0
            else ("机关", "机关党委")
            if n == 7
            else ("支部", BRANCHES[n % 4])
        )
        stage = "整改中" if n in (3, 11) else "列入清单" if n == 14 else "销号"
        ended = day + dt.timedelta(days=30 + 3 * n) if stage == "销号" else None
        issues.append(
            (
                f"W{n:02}",
                day,
                kind,
                owner,
                "群众反映" if n % 2 else "自查",
                f"问题{n}",
                dt.date(2023, 12, 10),
                stage,
                ended,
            )
        )
    books: list[Row] = [
        (number, name, branch, 2 if number == "Z003" else 3)
        for number, name, branch in people()
        if number not in ("Z020", "Z024")
    ]
    return {
        "集中学习": (
            "学习日期 工号 姓名 党支部 学时 学习方式 学习内容",
            training(chance),
        ),
        "读书班": ("期次 开班日期 专题 举办单位 参加人员 参加人次", classes),
        "专题党课": ("日期 党支部 题目 到课人员", lectures),
        "调查研究": (
            "编号 选题日期 承担单位类型 承担单位 课题 走访社区 计划完成日期 进展 转化日期",
            research,
        ),
        "检视整改": (
            "编号 列入日期 责任单位类型 责任单位 问题来源 问题 整改时限 状态 销号日期",
            issues,
        ),
        "规定书目": ("工号 姓名 党支部 已读必读书目数", books),
    }


def volunteer_year() -> Sheets:
    """Sheet → headings and rows of the second ledger."""
    chance = random.Random(2024)
    services: list[Row] = []
    what = ("便民服务", "环境整治", "走访慰问", "文明劝导")
    for branch, count in ((FIRST, 22), (SECOND, 18), (CENTRE, 16), (RETIRED, 13)):
        for day in days(chance, dt.date(2024, 1, 8), dt.date(2024, 12, 20), count):
            hours = chance.choice((2, 2.5, 3, "90分钟", "2小时30分", 4))
            crowd = there(day, [branch])
            chosen = sorted(chance.sample(crowd, chance.randint(2, min(5, len(crowd)))))
            is_named = chance.random() > 0.15
            services.append(
                (
                    day,
                    branch,
                    chance.choice(what),
                    chance.choice(COMMUNITIES[:9]),
                    hours,
                    named(chosen) if is_named else None,
                    len(chosen),
                    chance.randint(5, 40),
                )
            )
    joint = dt.date(2024, 5, 4)
    for community, branches in (("望海社区", (FIRST, CENTRE)), ("银杏社区", (SECOND, RETIRED))):
        chosen = sorted(chance.sample(there(joint, branches), 6))
        services.append((joint, "、".join(branches), "便民服务", community, 3, named(chosen), 6, 120))
    wishes: list[Row] = []
    for n in range(1, 41):
        day = dt.date(2024, 1, 10) + dt.timedelta(days=8 * n)
        stage = "接单" if n > 37 else "办理" if n % 9 == 0 else "办结"
        ended = min(day + dt.timedelta(days=5 + n % 20), dt.date(2024, 12, 30)) if stage == "办结" else None
        wishes.append(
            (
                f"D{n:03}",
                day,
                BRANCHES[n % 4],
                COMMUNITIES[n % 8],
                f"需求{n}",
                day + dt.timedelta(days=30),
                stage,
                ended,
            )
        )
    return {
        "志愿服务": (
            "服务日期 党支部 服务内容 社区 服务时长 参加人员 参加人次 服务群众人次",
            sorted(services, key=lambda row: (row[0], row[1])),
        ),
        "居民点单": (
            "编号 接单日期 承接支部 社区 居民需求 计划办结日期 状态 办结日期",
            wishes,
        ),
    }


def write(path: Path, sheets: Sheets) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"created": dt.datetime(2024, 1, 1, tzinfo=dt.UTC)})
        for name, (headings, rows) in sheets.items():
            sheet = book.add_worksheet(name)
            for line, cells in enumerate([headings.split(), *rows]):
                sheet.write_row(line, 0, cells)


if __name__ == "__main__":
    headings = "工号 姓名 党支部 党小组 人员类别 党员类别 科室 组织关系转入日期 免学原因"
    write(DATA / "small" / "roster.xlsx", {"党员名册": (headings, roster())})
    write(DATA / "zhutijiaoyu-2023" / "ledger.xlsx", theme_year())
    write(DATA / "zhiyuan-2024" / "ledger.xlsx", volunteer_year())
