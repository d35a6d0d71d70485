"""Breaks measures on purpose, one at a time, in a copy of the tree: the named tests must notice.

    python -m scripts.sabotage             all of docs/security/sabotage.toml, and write sabotage.md beside it
    python -m scripts.sabotage 4 16 25     these alone, without writing

Exit code 1 if a break passed unnoticed. It takes minutes; the tests run on SQLite.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "security" / "sabotage.toml"
PAGE = ROOT / "docs" / "security" / "sabotage.md"
COPIED = (
    "tracker", "templates", "static", "tests", "scripts", "stubs", "docs", "migrations", "config.py",
    "gunicorn.conf.py", "log_lines.py",
    "wsgi.py",
    "pyproject.toml", "requirements.txt", "requirements.in", "README.md", "CHANGELOG.md", "Makefile",
)  # fmt: skip
SECONDS = 300
TESTS_FAILED = 1  # pytest's exit code; others mean that it could not run


@dataclass(frozen=True)
class Break:
    """One measure that is broken: `old`, which stands once in `file`, becomes `new`."""

    number: int
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def breaks(text: str) -> tuple[list[Break], dict[int, str]]:
    """The breaks of the data, and number → why for those that do not apply."""
    raw = tomllib.loads(text)
    found = [
        Break(one["number"], one["what"], one["file"], one["old"], one["new"], tuple(one["tests"]))
        for one in raw["break"]
    ]
    return found, {one["number"]: one["because"] for one in raw.get("does_not_apply", ())}


def apply(one: Break, root: Path) -> None:
    """Break it in a tree. Raises ValueError if the text does not stand exactly once."""
    path = root / one.file
    text = path.read_text(encoding="utf-8")
    if text.count(one.old) != 1:
        raise ValueError(f"{one.number}: the text stands {text.count(one.old)} times in {one.file}")
    path.write_text(text.replace(one.old, one.new), encoding="utf-8")


def copy_tree(target: Path) -> None:
    """What the tests need, without data and environment."""
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif source.is_file():
            shutil.copy2(source, target / name)


def noticed(one: Break) -> str:
    """Break it in a copy and run its tests: which test failed first, '' if none did."""
    with tempfile.TemporaryDirectory(prefix="sabotage-") as folder:
        root = Path(folder)
        copy_tree(root)
        apply(one, root)
        told = [
            *(test for test in one.tests if (root / test.split("::")[0]).is_file()),
            "-k",
            "not postgresql",
        ]
        environ = {**os.environ, "TRACKER_TEST_DATABASES": "sqlite", "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *told],
            cwd=root, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False,
        )  # fmt: skip
    failed = [line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
    return failed[0].split("[")[0] if done.returncode == TESTS_FAILED and failed else ""


def page(results: dict[int, str], found: list[Break], without: dict[int, str], on: dt.date) -> str:
    """The table as Markdown."""
    lines = [
        "# Sabotage", "",
        f"Run on {on} by `python -m scripts.sabotage`: each measure was broken in a copy, and the named",
        "test turned red. Numbers up to 34 are those of the list in issue 8. `tests/test_sabotage.py` holds",
        "that each still fits the code.",
        "", "| no. | what was broken | where | which test noticed |", "| ---: | --- | --- | --- |",
    ]  # fmt: skip
    for one in sorted(found, key=lambda one: one.number):
        test = results.get(one.number, "")
        words = test.split("::")[-1].removeprefix("test_").replace("_", " ")
        said = f"`{test.split('::')[0]}` {words}" if test else "**nobody**"
        lines.append(f"| {one.number} | {one.what} | `{one.file}` | {said} |")
    if without:
        lines += ["", "## Not broken", "", *(f"* {number}: {why}" for number, why in without.items())]
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Run the breaks. Returns the exit code."""
    found, without = breaks(DATA.read_text(encoding="utf-8"))
    wanted = {int(one) for one in arguments}
    results: dict[int, str] = {}
    for one in found:
        if not wanted or one.number in wanted:
            results[one.number] = noticed(one)
            print(f"{one.number:3d}  {results[one.number] or 'NOBODY NOTICED'}  ({one.what})", flush=True)
    if not wanted:
        today = dt.datetime.now(dt.UTC).date()
        PAGE.write_text(page(results, found, without, today), encoding="utf-8")
    return 0 if all(results.values()) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
