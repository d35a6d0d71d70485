"""How fast a ledger is brought in, beside calamine only reading the same file, in the same run.

    python bench/import_rows.py [ROWS]

Makes a roster of 500 members and a ledger of ROWS study rows (50,000 unless told), then takes turns:
calamine reads the file in a process of its own; `flask ledger import --verified --commit` reads, checks,
writes and counts it in an empty SQLite database. Prints rows/s and peak memory of each, and their ratio.
The peak of the import is the larger of the command and its reading child. Timing decides no test.
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import xlsxwriter

ROOT = Path(__file__).resolve().parent.parent
CAMPAIGN = ROOT / "tracker" / "campaigns" / "qigeyibai-2021.toml"
MEMBERS, TURNS = 500, 3
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


def write_roster(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("党员名册")
    sheet.write_row(0, 0, ["工号", "姓名", "党支部", "党小组", "人员类别"])
    for n in range(MEMBERS):
        name, branch = f"张{chr(0x4E00 + n)}", f"第{n % 20}党支部"
        sheet.write_row(n + 1, 0, [f"B{n:05}", name, branch, "第一党小组", "在职"])
    book.close()


def write_ledger(path: Path, rows: int) -> None:
    """Study rows, at most a few a day for one member; seeded, so that every run reads the same."""
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
        capture_output=True,
        text=True,
        check=True,
        env=environ,
        cwd=ROOT,
    )
    seconds, peak, code, output = json.loads(done.stdout)
    if code:
        raise SystemExit(output)
    return float(seconds), int(peak)


def main(rows: int) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_roster(folder / "roster.xlsx")
        write_ledger(folder / "ledger.xlsx", rows)
        turns = []
        for turn in range(TURNS):
            bare = measured([sys.executable, "-c", READ, str(folder / "ledger.xlsx")])
            data = folder / f"data{turn}"
            environ = {**os.environ, "TRACKER_DATA_DIR": str(data), "TRACKER_TODAY": "2021-12-31"}
            for args in (["db", "upgrade"], ["campaigns", "load", str(CAMPAIGN), "--commit"],
                         ["members", "import", str(folder / "roster.xlsx"), "--commit"]):  # fmt: skip
                measured([*flask, *args], environ)
            ours = measured(
                [*flask, "ledger", "import", str(folder / "ledger.xlsx"), "--verified", "--commit"], environ
            )
            turns.append((bare, ours))
    bare_seconds = sorted(bare[0] for bare, _ in turns)[TURNS // 2]
    ours_seconds = sorted(ours[0] for _, ours in turns)[TURNS // 2]
    bare_peak, ours_peak = max(t[0][1] for t in turns), max(t[1][1] for t in turns)
    print(f"{rows} rows, median of {TURNS} turns, whole processes")
    print(f"{'calamine, bare':28} {rows / bare_seconds:10,.0f} rows/s  {bare_peak:6} MiB")
    print(f"{'read, check, write, count':28} {rows / ours_seconds:10,.0f} rows/s  {ours_peak:6} MiB")
    print(f"{'ratio':28} {bare_seconds / ours_seconds:10.3f}         {ours_peak / bare_peak:6.2f}")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)
