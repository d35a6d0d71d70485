"""What the second and third ledger come to, counted row by row in plain Python.

    python -m tests.small_truths

writes tests/data/<campaign>/figures-<day>.json. It reads the workbooks and nothing else: no line of the
tracker, no campaign file. A 学时 is 45 minutes here because the office said so.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from fractions import Fraction
from pathlib import Path

from openpyxl import load_workbook

DATA = Path(__file__).parent / "data"
THEME, VOLUNTEER = "zhutijiaoyu-2023", "zhiyuan-2024"
DAYS = {
    THEME: (dt.date(2023, 6, 30), dt.date(2023, 11, 27), dt.date(2023, 12, 31)),
    VOLUNTEER: (dt.date(2024, 6, 30), dt.date(2024, 12, 31)),
}


def rows(path, sheet):
    """The rows of a sheet as {heading: value}, days as days."""
    lines = list(load_workbook(path)[sheet].iter_rows(values_only=True))
    return [
        {
            heading: cell.date() if isinstance(cell, dt.datetime) else cell
            for heading, cell in zip(lines[0], line, strict=True)
        }
        for line in lines[1:]
    ]


def minutes(cell, bare):
    """A duration in minutes; `bare` is what a number without a unit stands for."""
    if not isinstance(cell, str):
        return Fraction(str(cell)) * bare
    total = Fraction(0)
    for amount, unit in re.findall(r"([0-9.]+)个?(学时|小时|分钟|分)", cell):
        total += Fraction(amount) * {"学时": 45, "小时": 60, "分钟": 1, "分": 1}[unit]
    return total


def numbers(cell):
    """The member numbers in a cell of people."""
    return re.findall(r"Z[0-9]{3}", cell or "")


def plain(value):
    value = Fraction(value)
    return value.numerator if value.denominator == 1 else round(float(value), 4)


def roster(day):
    """number → (branch, exempt) of those who are there on the day."""
    return {
        row["工号"]: (row["党支部"], bool(row["免学原因"]))
        for row in rows(DATA / "small" / "roster.xlsx", "党员名册")
        if row["组织关系转入日期"] is None or row["组织关系转入日期"] <= day
    }


def reached_day(study, member, day):
    """The day on which a member came to 1,440 minutes."""
    total = Fraction(0)
    for row in sorted((row for row in study if row["工号"] == member), key=lambda row: row["学习日期"]):
        total += minutes(row["学时"], 45)
        if total >= 1440 and row["学习日期"] <= day:
            return row["学习日期"]
    return None


def different(named, unnamed, most):
    """How many different people, where some came without names."""
    low = max(len(named), *unnamed, 0)
    high = max(low, min(len(named) + sum(unnamed), most))  # nobody came who is in no branch
    return low if low == high else {"low": low, "high": high}


def theme_year(day):
    """Every figure of the theme year as of a day."""
    path = DATA / THEME / "ledger.xlsx"
    people = roster(day)
    branches = list(dict.fromkeys(branch for branch, _ in roster(dt.date.max).values()))
    eligible = [number for number, (_, exempt) in people.items() if not exempt]
    study = rows(path, "集中学习")
    own, by_branch = dict.fromkeys(eligible, Fraction(0)), dict.fromkeys(branches, Fraction(0))
    online = 0
    for row in study:
        if row["学习日期"] <= day:
            amount = minutes(row["学时"], 45)
            own[row["工号"]] += amount
            by_branch[row["党支部"]] += amount
            online += row["学习方式"] == "网络课程"
    least = min(own.values())
    reached = sum(1 for amount in own.values() if amount >= 1440)
    slowest_on = None
    if reached == len(own):
        slowest_on = max(reached_day(study, number, day) for number in own).isoformat()
    elif least > 0:
        passed = (day - dt.date(2023, 3, 1)).days
        slowest_on = (day + dt.timedelta(days=math.ceil((1440 - least) * passed / least))).isoformat()

    classes = [row for row in rows(path, "读书班") if row["开班日期"] <= day]
    named = [numbers(row["参加人员"]) for row in classes]
    unnamed = [row["参加人次"] for row, who in zip(classes, named, strict=True) if not who]
    lectures = [row for row in rows(path, "专题党课") if row["日期"] <= day]
    held = {branch: sum(branch in row["党支部"].split("、") for row in lectures) for branch in branches}
    heard = [number for row in lectures for number in numbers(row["到课人员"])]
    research = [row for row in rows(path, "调查研究") if row["选题日期"] <= day]
    issues = [row for row in rows(path, "检视整改") if row["列入日期"] <= day]

    def ended(row, stage, when):
        return row.get("进展", row.get("状态")) == stage and row[when] <= day

    books = {row["工号"]: row["已读必读书目数"] for row in rows(path, "规定书目")}
    return {
        "as_of": day.isoformat(),
        "members.all": len(people),
        "members.eligible": len(eligible),
        "branches.all": len(branches),
        "training.min": plain(least / 45),
        "training.mean": plain(sum(own.values()) / len(own) / 45),
        "training.reached": reached,
        "training.share": plain(Fraction(100 * reached, len(own))),
        "training.slowest_on": slowest_on,
        "training.total": plain(sum(by_branch.values()) / 45),
        "training.by_branch": {branch: plain(amount / 45) for branch, amount in by_branch.items()},
        "training.online": online,
        "class.sessions": len(classes),
        "class.person_times": sum(len(who) for who in named) + sum(unnamed),
        "class.persons": different({n for who in named for n in who}, unnamed, len(eligible)),
        "lecture.sessions": len(lectures),
        "lecture.branch_min": min(held.values()),
        "lecture.by_branch": held,
        "lecture.person_times": len(heard),
        "lecture.persons": len(set(heard)),
        "research.begun": len(research),
        "research.used": sum(ended(row, "转化", "转化日期") for row in research),
        "research.section": sum(row["承担单位类型"] == "科室" for row in research),
        "research.communities": len({row["走访社区"] for row in research}),
        "issue.listed": len(issues),
        "issue.open": len(issues) - sum(ended(row, "销号", "销号日期") for row in issues),
        "issue.closed": sum(ended(row, "销号", "销号日期") for row in issues),
        "reading.books": min(books.get(number, 0) for number in eligible),
    }


def volunteer_year(day):
    """Every figure of the volunteer year as of a day."""
    path = DATA / VOLUNTEER / "ledger.xlsx"
    people = roster(day)
    branches = list(dict.fromkeys(branch for branch, _ in roster(dt.date.max).values()))
    eligible = [number for number, (_, exempt) in people.items() if not exempt]
    events = [row for row in rows(path, "志愿服务") if row["服务日期"] <= day]
    time, where = dict.fromkeys(branches, Fraction(0)), {branch: set() for branch in branches}
    who, crowds = {branch: set() for branch in branches}, {branch: [] for branch in branches}
    total, persons, unnamed, member_minutes, times = Fraction(0), set(), [], Fraction(0), 0
    for row in events:
        long, named = minutes(row["服务时长"], 60), numbers(row["参加人员"])
        total += long
        for branch in row["党支部"].split("、"):
            time[branch] += long
            where[branch].add(row["社区"])
            if not named:
                crowds[branch].append(row["参加人次"])
        for number in named:
            who[people[number][0]].add(number)
        persons.update(named)
        unnamed += [] if named else [row["参加人次"]]
        came = len(named) or row["参加人次"]
        times += came
        member_minutes += came * long
    wishes = [row for row in rows(path, "居民点单") if row["接单日期"] <= day]
    done = [row for row in wishes if row["状态"] == "办结" and row["办结日期"] <= day]
    return {
        "as_of": day.isoformat(),
        "members.all": len(people),
        "branches.all": len(branches),
        "service.events": len(events),
        "service.daily": sum(row["服务内容"] == "便民服务" for row in events),
        "service.communities": len({row["社区"] for row in events}),
        "service.branches": sum(1 for branch in branches if time[branch]),
        "service.total": plain(total / 60),
        "service.branch_min": plain(min(time.values()) / 60),
        "service.branch_mean": plain(sum(time.values()) / len(branches) / 60),
        "service.branches_reached": sum(1 for amount in time.values() if amount >= 2400),
        "service.by_branch": {branch: plain(amount / 60) for branch, amount in time.items()},
        "service.branch_communities": {branch: len(found) for branch, found in where.items()},
        "service.branch_persons": {branch: max(len(who[branch]), *crowds[branch], 0) for branch in branches},
        "service.member_hours": plain(member_minutes / 60),
        "service.person_times": times,
        "service.persons": different(persons, unnamed, len(eligible)),
        "service.people_served": sum(row["服务群众人次"] for row in events),
        "wish.done": len(done),
        "wish.open": len(wishes) - len(done),
        "wish.communities": len({row["社区"] for row in wishes}),
    }


COUNTS = {THEME: theme_year, VOLUNTEER: volunteer_year}


def file_of(campaign, day):
    return DATA / campaign / f"figures-{day.isoformat()}.json"


if __name__ == "__main__":
    for campaign, days in DAYS.items():
        for day in days:
            text = json.dumps(COUNTS[campaign](day), ensure_ascii=False, indent=1)
            file_of(campaign, day).write_text(text + "\n", encoding="utf-8")
