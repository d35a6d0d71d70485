"""Every line beside its limit, on both databases: a table, and .bench/results.json.

    python bench/run.py [--full] [--databases sqlite,postgresql] [--only WORD] [--records N,N] [--data]

--full   all sizes up to ten million records; hours.
--only   lines whose family or name holds the word; may be given more than once.
--records  sizes of the ledger, the smallest first, instead of those of the run.
--data   only make the kept databases.

Exits 1 if a line could not be measured or its content was wrong. How fast it was decides nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bench import client, figures, files, imports, month_end, pages, starting, writing
from bench.sides import Result
from bench.turns import Turn, full
from bench.worlds import CACHE, ROOT, Place, Size
from tests import databases

Family = Callable[[Turn], list[Result]]
RESULTS = CACHE / "results.json"
FAMILIES: dict[str, Family] = {
    "client": client.share,
    "pages": pages.pages,
    "queue": pages.queue,
    "sizes": pages.sizes,
    "entries": writing.entries,
    "verifying": writing.verifying,
    "figures": figures.past_days,
    "check": figures.check,
    "export": files.export,
    "papers": files.papers,
    "starting": starting.starting,
    "memory": starting.memory,
    "imports": imports.imports,
    "month_end": month_end.month_end,
}


@dataclass
class Run:
    """What came of it. wrong: lines whose content was wrong or that broke, with what was said."""

    results: list[Result] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)


def measure(run: Run, name: str, given: argparse.Namespace) -> None:
    """All families that were asked for, on one database."""
    place, only = Place(name), given.only
    place.start()
    try:
        turn = full(place) if given.full else Turn(place)
        if given.records:
            turn = replace(turn, records=tuple(map(int, given.records.split(","))))
        run.versions[name] = place.version
        for size in {turn.size, *map(Size, turn.records)} if given.data else ():
            place.kept(size)
        for family, act in {} if given.data else FAMILIES.items():
            if only and not any(word in family for word in only):
                continue
            start = time.perf_counter()
            try:
                for one in act(turn):
                    run.results.append(one)
                    print(row(one), flush=True)
            except Exception as error:  # the other lines are still worth having; it is shown, and exits 1
                traceback.print_exc()
                run.wrong.append(f"{name}, {family}: {type(error).__name__}: {error}")
            run.seconds[f"{name} {family}"] = round(time.perf_counter() - start, 1)
    finally:
        place.stop()


HEAD = (
    f"{'line':66} {'database':10} {'ours':>10} {'limit':>10} {'unit':16} {'ratio':>7} {'spread':>15} "
    f"{'to reach':>8}  reached"
)


def row(one: Result) -> str:
    """A line of the table."""
    said = {None: "–", True: "yes", False: "NO"}[one.reached]
    spread = f"{one.least:.3g}–{one.most:.3g}"
    return (
        f"{one.line:66} {one.database:10} {one.ours:10,.2f} {one.limit:10,.2f} {one.unit:16} "
        f"{one.ratio:7.3g} {spread:>15} {one.goal!s:>8}  {said:4} {one.note}"
    ).rstrip()


def about(run: Run, is_full: bool, took: float) -> dict[str, object]:
    """What was measured on what."""
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "python": platform.python_version(), **run.versions, "cpus": os.cpu_count(), "full": is_full,
        "load": os.getloadavg(), "commit": commit.stdout.strip(), "seconds": round(took),
        "seconds of each": run.seconds, "wrong": run.wrong,
        "lines": [{**asdict(one), "goal": str(one.goal), "reached": one.reached} for one in run.results],
    }  # fmt: skip


def main() -> int:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    asked.add_argument("--full", action="store_true")
    asked.add_argument("--databases", default=",".join(databases.wanted()))
    asked.add_argument("--only", action="append", default=[])
    asked.add_argument("--records", default="")
    asked.add_argument("--data", action="store_true")
    given = asked.parse_args()
    run, start = Run(), time.perf_counter()
    print(HEAD)
    for name in given.databases.split(","):
        measure(run, name, given)
    told = about(run, given.full, time.perf_counter() - start)
    CACHE.mkdir(exist_ok=True)
    results = json.dumps(told, indent=1, ensure_ascii=False)
    RESULTS.write_text(results + "\n", encoding="utf-8")
    missed = sum(one.reached is False for one in run.results)
    print(
        f"# {len(run.results)} lines in {told['seconds']} s; {missed} do not reach their goal;"
        f" {len(run.wrong)} wrong. Load {os.getloadavg()[0]:.1f} on {os.cpu_count()} CPUs. {RESULTS.name}"
    )
    print("\n".join(run.wrong), file=sys.stderr)
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
