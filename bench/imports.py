"""Bringing a ledger in, beside calamine only reading the same file. Whole processes.

The workbook has the shape that bureaus send: day, number, name, branch, hours, source, content. Rows are
read, checked, written and counted by `flask ledger import --verified`, as a dry run and with --commit. The
peak of the import is the larger of the command and its reading child.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import xlsxwriter

from bench.load import WrongContentError
from bench.sides import Goal, Result, result
from bench.turns import Turn
from bench.worlds import ROOT, Place
from tests.conftest import config_for
from tests.maker import SHIPPED
from tests.proof.server import environ_for

MEMBERS, TURNS = 500, 2
READ = """
import sys, python_calamine
book = python_calamine.CalamineWorkbook.from_path(sys.argv[1])
print(sum(1 for name in book.sheet_names for row in book.get_sheet_by_name(name).iter_rows()))
"""
MEASURE = """
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], capture_output=True, text=True)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([seconds, peak, done.returncode, done.stdout[-400:] + done.stderr[-2000:]]))
"""
LIMITS = {"TRACKER_IMPORT_ROWS": "5000000", "TRACKER_IMPORT_SECONDS": "3600", "TRACKER_UPLOAD_MIB": "100",
          "TRACKER_IMPORT_MEMORY_MIB": "65536"}  # fmt: skip


def write_roster(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("党员名册")
    sheet.write_row(0, 0, ["工号", "姓名", "党支部", "党小组", "人员类别"])
    for n in range(MEMBERS):
        name, branch = f"张{chr(0x4E00 + n)}", f"第{n % 20}党支部"
        sheet.write_row(n + 1, 0, [f"B{n:05}", name, branch, "第一党小组", "在职"])
    book.close()


def write_ledger(path: Path, rows: int) -> None:
    """Study rows, spread over 150 days; seeded, so that every run reads the same."""
    chance = random.Random(7)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("读党史")
    sheet.write_row(0, 0, ["日期", "工号", "姓名", "党支部", "时长", "学习来源", "学习内容"])
    for n in range(rows):
        who = n % MEMBERS
        day = (n // MEMBERS) % 150
        sheet.write_row(
            n + 1, 0,
            [f"2021-{3 + day // 30:02}-{1 + day % 30:02}", f"B{who:05}", f"张{chr(0x4E00 + who)}",
             f"第{who % 20}党支部", chance.choice((0.5, 1, 1.5)), "学习强国", f"第{n % 90}讲"],
        )  # fmt: skip
    book.close()


def measured(args: list[str], environ: dict[str, str] | None = None) -> tuple[float, int]:
    """Seconds and peak memory (MiB) of a command, its children included."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *args],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        env=environ,
        cwd=ROOT,
    )
    seconds, peak, code, output = json.loads(done.stdout)
    if code:
        raise WrongContentError(output)
    return float(seconds), int(peak)


class Bureau:
    """A database with the roster and no record, of which each import gets a copy."""

    def __init__(self, place: Place) -> None:
        self.place, self.flask = place, [sys.executable, "-m", "flask", "--app", "wsgi"]
        self.url = place.backend.create()
        roster = place.folder / "roster.xlsx"
        write_roster(roster)
        for args in (["db", "upgrade"], ["campaigns", "load", str(SHIPPED), "--commit"],
                     ["members", "import", str(roster), "--commit"]):  # fmt: skip
            measured([*self.flask, *args], self.environ(self.url))

    def environ(self, url: str) -> dict[str, str]:
        config = config_for(url, self.place.folder / "data")
        return environ_for(config, TRACKER_TODAY="2021-12-31", **LIMITS)

    def brought_in(self, path: Path, commit: bool) -> tuple[float, int]:
        url = self.place.backend.create(self.url)
        try:
            more = ["--commit"] if commit else []
            command = [*self.flask, "ledger", "import", str(path), "--verified", *more]
            return measured(command, self.environ(url))
        finally:
            self.place.backend.drop(url)


def imports(turn: Turn) -> list[Result]:
    """Rows a second and peak memory of a dry run and of a write, for each size; and whether it is linear."""
    place, found = turn.place, []
    bureau, rates = Bureau(place), {}
    for rows in turn.rows:
        path = place.folder / f"ledger-{rows}.xlsx"
        write_ledger(path, rows)
        reads, acts = [], {"dry run": [], "write": []}  # type: ignore[var-annotated]
        for _ in range(TURNS):
            reads.append(measured([sys.executable, "-c", READ, str(path)]))
            for name, taken in acts.items():
                taken.append(bureau.brought_in(path, name == "write"))
        for name, taken in acts.items():
            pairs = [(rows / one[0], rows / two[0]) for one, two in zip(taken, reads, strict=True)]
            line = f"import of {rows:,} rows, {name}, beside reading alone"
            found.append(result(line, place, pairs, "rows/s", Goal(at_least=0.25)))
            rates[rows, name] = found[-1].ours
            peaks = [(float(one[1]), float(two[1])) for one, two in zip(taken, reads, strict=True)]
            line = f"import of {rows:,} rows, {name}: peak memory"
            found.append(result(line, place, peaks, "MiB", Goal(at_most=1.5)))
    least, most = turn.rows[0], turn.rows[-1]
    for name in ("dry run", "write"):
        line = f"import, {name}: rows/s at {most:,} beside {least:,}"
        pair = [(rates[most, name], rates[least, name])]
        found.append(result(line, place, pair, "rows/s", Goal(at_least=0.9), "linear"))
    return found
