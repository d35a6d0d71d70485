"""Drafts of our own with the verdict expected for each number, and how well the claim check finds them.

In a draft's text each number stands as <number|verdict> or <number|不符|the ledger's value>.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tracker.rules.claims import Verdict, said

DRAFTS = Path(__file__).parent / "data" / "claims"
WORDS = {
    "相符": Verdict.MATCHES,
    "不符": Verdict.DIFFERS,
    "口径不同": Verdict.OTHER_COUNT,
    "台账无此数": Verdict.UNKNOWN,
    "非数据": Verdict.NO_CLAIM,
}
MARK = re.compile(r"<([^<>|]+)\|([^<>|]+)(?:\|([^<>|]+))?>")


@dataclass(frozen=True)
class Expected:
    start: int
    end: int
    verdict: Verdict
    value: str | None


@dataclass(frozen=True)
class Draft:
    name: str
    campaign: str
    day: dt.date
    is_held_out: bool
    text: str
    expected: tuple[Expected, ...]


def read_draft_file(path):
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    text, expected, last = "", [], 0
    marked = data["text"].strip()
    for match in MARK.finditer(marked):
        text += marked[last : match.start()]
        expected.append(Expected(len(text), len(text) + len(match[1]), WORDS[match[2]], match[3]))
        text += match[1]
        last = match.end()
    text += marked[last:]
    return Draft(path.stem, data["campaign"], data["as_of"], data["held_out"], text, tuple(expected))


def drafts():
    return [read_draft_file(path) for path in sorted(DRAFTS.glob("*.toml"))]


def compare(draft, checked):
    """(pairs of expected and found verdict, what went wrong in words)."""
    pairs, wrong = [], []
    left = list(checked.findings)
    for one in draft.expected:
        found = [f for f in left if f.start < one.end and f.end > one.start]
        left = [f for f in left if f not in found]
        verdict = found[0].verdict if found else None
        pairs.append((one.verdict, verdict))
        shown = draft.text[max(0, one.start - 12) : one.end + 6].replace("\n", "⏎")
        if verdict is not one.verdict or len(found) != 1:
            told = [(f.text, str(f.verdict), f.why[0].msgid, dict(f.why[0].params)) for f in found]
            wrong.append(f"{draft.name}: …{shown}… {one.verdict} ≠ {told}")
        elif one.value and found[0].known and said(found[0].known) != one.value:
            wrong.append(f"{draft.name}: …{shown}… {one.value} ≠ {said(found[0].known)}")
    wrong += [f"{draft.name}: not expected: {f.text} {f.verdict}" for f in left]
    pairs += [(None, f.verdict) for f in left]
    return pairs, wrong


def measured(pairs):
    """verdict → (precision, recall, how many were expected)."""
    expected, found = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    right = Counter(a for a, b in pairs if a is b)
    return {
        verdict: (
            right[verdict] / found[verdict] if found[verdict] else 1.0,
            right[verdict] / expected[verdict] if expected[verdict] else 1.0,
            expected[verdict],
        )
        for verdict in Verdict
    }
