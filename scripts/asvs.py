"""Writes docs/security/asvs.md: each requirement of OWASP ASVS 5.0.0, levels 1 and 2, with what shows it.

    python scripts/asvs.py          write the table
    python scripts/asvs.py --check  say what is wrong, and exit 1 if anything is

What shows a requirement stands in docs/security/asvs.toml. That each test and each heading named there exists
is checked here and by tests/test_asvs.py. A mark
`asvs("6.5.1")` on a test must name a number of the table.
"""

from __future__ import annotations

import functools
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "docs" / "security" / "asvs.toml"
PAGE = ROOT / "docs" / "security" / "asvs.md"
KINDS = {"T": "test", "C": "self-check", "D": "document", "O": "operator"}
MARK = re.compile(r"mark\.asvs\(([^)]*)\)")
CHAPTERS = {
    1: "Encoding and Sanitization", 2: "Validation and Business Logic", 3: "Web Frontend Security",
    4: "API and Web Service", 5: "File Handling", 6: "Authentication", 7: "Session Management",
    8: "Authorization", 9: "Self-contained Tokens", 10: "OAuth and OIDC", 11: "Cryptography",
    12: "Secure Communication",
    13: "Configuration", 14: "Data Protection", 15: "Secure Coding and Architecture",
    16: "Security Logging and Error Handling", 17: "WebRTC",
}  # fmt: skip


@dataclass(frozen=True)
class Requirement:
    """One requirement that applies. open: what is missing, '' if nothing is."""

    number: str
    level: int
    kind: str
    says: str
    tests: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    open: str = ""

    @property
    def state(self) -> str:
        """shown, partly or open."""
        if not self.open:
            return "shown"
        return "partly" if self.tests or self.documents else "open"


@dataclass(frozen=True)
class Table:
    """All of levels 1 and 2. not_applicable: number → why not."""

    version: str
    requirements: tuple[Requirement, ...]
    not_applicable: dict[str, str]


def read_table(text: str) -> Table:
    """The table of a TOML file. Raises ValueError or KeyError for what is no table."""
    raw = tomllib.loads(text)
    found = tuple(
        Requirement(
            one["number"],
            one["level"],
            one["kind"],
            one["says"],
            tuple(one.get("tests", ())),
            tuple(one.get("documents", ())),
            one.get("open", ""),
        )
        for one in raw["requirement"]
    )
    without = {number: one["because"] for one in raw["not_applicable"] for number in one["numbers"]}
    numbers = [one.number for one in found] + [n for one in raw["not_applicable"] for n in one["numbers"]]
    if twice := sorted(number for number, count in Counter(numbers).items() if count > 1):
        raise ValueError(f"stand twice: {', '.join(twice)}")
    return Table(raw["version"], found, without)


@functools.cache
def _text(name: str) -> str:
    path = ROOT / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def has_test(test: str) -> bool:
    """Whether a test is there: tests/x.py::test_y."""
    name, _, function = test.partition("::")
    return re.search(rf"^(?:async )?def {re.escape(function)}\(", _text(name), re.MULTILINE) is not None


def has_heading(document: str) -> bool:
    """Whether a heading is there: docs/x.md#Its words."""
    name, _, heading = document.partition("#")
    return re.search(rf"^#+ {re.escape(heading)}$", _text(name), re.MULTILINE) is not None


def marked() -> dict[str, list[str]]:
    """Number → the files whose tests bear it as a mark."""
    found: dict[str, list[str]] = {}
    for path in sorted((ROOT / "tests").rglob("*.py")):
        for given in MARK.findall(path.read_text(encoding="utf-8")):
            for number in re.findall(r"[\d.]+", given):
                found.setdefault(number, []).append(path.relative_to(ROOT).as_posix())
    return found


def faults(table: Table) -> Iterator[str]:
    """What the table says that is not so, one sentence each."""
    for one in table.requirements:
        yield from (f"{one.number}: there is no test {test}" for test in one.tests if not has_test(test))
        yield from (f"{one.number}: there is no {name}" for name in one.documents if not has_heading(name))
        if one.kind not in KINDS:
            yield f"{one.number}: {one.kind} is no kind"
        if not (one.tests or one.documents or one.open):
            yield f"{one.number}: nothing shows it, and it is not said to be open"
        if one.kind in "TC" and not one.tests and not one.open:
            yield f"{one.number}: a document alone shows no {KINDS[one.kind]}"
        if not one.says.endswith((".", ".)")) or (one.open and not one.open.endswith(".")):
            yield f"{one.number}: a sentence has no end"
    known = {one.number for one in table.requirements}
    yield from (f"{n}: is marked in {', '.join(files)} and not in the table" for n, files in marked().items()
                if n not in known)  # fmt: skip


def sums(table: Table) -> dict[str, int]:
    """Line of the summary → its number."""
    shown = [one for one in table.requirements if one.state == "shown"]
    by_kind = Counter(one.kind for one in shown)
    return {
        "requirements of levels 1 and 2": len(table.requirements) + len(table.not_applicable),
        "do not apply, each with a reason": len(table.not_applicable),
        "apply": len(table.requirements),
        "shown whole by a test": by_kind["T"],
        "shown whole by a self-check at the start, itself tested": by_kind["C"],
        "shown whole by a document": by_kind["D"],
        "the operator's, with a recipe": by_kind["O"],
        "shown in part": sum(one.state == "partly" for one in table.requirements),
        "not shown at all": sum(one.state == "open" for one in table.requirements),
    }


def _cell(one: Requirement) -> str:
    found = [f"`{test.split('::')[0].removeprefix('tests/')}` {_words(test)}" for test in one.tests]
    found += [f"[{heading}](../../{name})" for name, heading in (each.split("#") for each in one.documents)]
    if one.open:
        found.append(f"**open:** {one.open}")
    return "<br>".join(found)


def _words(test: str) -> str:
    return test.split("::test_")[1].replace("_", " ")


def written(table: Table) -> str:
    """The page."""
    lines = [
        f"# OWASP ASVS {table.version}, levels 1 and 2", "",
        "Written by `python scripts/asvs.py` from `docs/security/asvs.toml`; `tests/test_asvs.py` holds both",
        "together. The sentences are our own; the standard's words are OWASP's. A test is named by its file",
        "and its sentence. “In part” and “open” say what is missing. Nobody outside has looked at this.", "",
        "| | number |", "| --- | ---: |",
        *(f"| {what} | {number} |" for what, number in sums(table).items()), "",
    ]  # fmt: skip
    for chapter, title in CHAPTERS.items():
        here = [one for one in table.requirements if int(one.number.split(".")[0]) == chapter]
        if here:
            lines += [f"## V{chapter} {title}", "", "| no. | level | kind | requirement | what shows it |",
                      "| --- | --- | --- | --- | --- |"]  # fmt: skip
            lines += [
                f"| {one.number} | {one.level} | {KINDS[one.kind]} | {one.says} | {_cell(one)} |"
                for one in here
            ]
            lines.append("")
    lines += ["## What does not apply", ""]
    for why in dict.fromkeys(table.not_applicable.values()):
        numbers = [number for number, because in table.not_applicable.items() if because == why]
        lines.append(f"* {why} {', '.join(numbers)}")
    return "\n".join(lines) + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or only look. Returns the exit code."""
    table = read_table(DATA.read_text(encoding="utf-8"))
    wrong = list(faults(table))
    if "--check" in arguments:
        if PAGE.read_text(encoding="utf-8") != written(table):
            wrong.append("docs/security/asvs.md is not what the data say: run python scripts/asvs.py")
    else:
        PAGE.write_text(written(table), encoding="utf-8")
    for line in (*wrong, *(f"{number:4d}  {what}" for what, number in sums(table).items())):
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
