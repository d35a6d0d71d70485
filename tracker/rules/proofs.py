"""Rows then and rows now: what came, what went, what changed, and what both come to."""

from __future__ import annotations

import enum
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.figures import sum_folds
from tracker.rules.frozen import Folding, add_line, by_record

MOST_NAMED = 500  # changed rows of one basis that are kept by name; the others are counted

Group = tuple[int, list[str]]  # id of a record, its lines


class Way(enum.StrEnum):
    """What became of a row since the issue."""

    ADDED = "added"  # it counts now and did not then
    GONE = "gone"
    CHANGED = "changed"


class Cause(enum.StrEnum):
    """Why a row adds something else now than then, as far as the ledger tells."""

    REVERSED = "reversed"  # 冲正, of the record or of attendances in it
    REPLACED = "replaced"  # a later import corrected it: the one that went, or the one that came in its place
    CONTINUED = "continued"  # a later stage counts in its place: the one that went, or the one that came
    ADDED = "added"  # entered or verified after the issue
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One record whose lines differ. then, now: its lines, as rules.frozen writes them."""

    record_id: int
    then: tuple[str, ...]
    now: tuple[str, ...]

    @property
    def way(self) -> Way:
        if not self.then:
            return Way.ADDED
        return Way.CHANGED if self.now else Way.GONE

    @property
    def lost(self) -> int:
        """How many lines there were then that there are no more."""
        return sum((Counter(self.then) - Counter(self.now)).values())


@dataclass(slots=True)
class Comparison:
    """The rows of one basis of an issue, then and now. `changes` holds the first `MOST_NAMED`."""

    code: str
    count: int = 0
    digest: str = ""  # of the lines that were kept, worked out again
    then: Folding = field(default_factory=dict)
    now: Folding = field(default_factory=dict)
    ways: Counter[Way] = field(default_factory=Counter)
    changes: list[RowChange] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        return not self.ways

    @property
    def unnamed(self) -> int:
        """How many rows differ that are not among `changes`."""
        return sum(self.ways.values()) - len(self.changes)


def compare(code: str, kept: Iterable[str], now: Iterable[Group]) -> Comparison:
    """Hold the lines of an issue against those of today, record by record, both ordered by record.

    Neither is ever in memory as a whole. The fold of today is that of the issue with the differences put in.
    """
    found, digest = Comparison(code), hashlib.sha256()

    def read() -> Iterator[str]:
        for line in kept:
            digest.update(f"{line}\n".encode())
            found.count += 1
            add_line(found.then, line)
            yield line

    delta: Folding = {}
    for record_id, before, after in _merged(by_record(read()), now):
        if before == after:
            continue
        change = RowChange(record_id, tuple(before), tuple(after))
        found.ways[change.way] += 1
        if len(found.changes) < MOST_NAMED:
            found.changes.append(change)
        for line in before:
            add_line(delta, line, -1)
        for line in after:
            add_line(delta, line)
    found.digest = digest.hexdigest()
    found.now = sum_folds((found.then, delta))
    return found


def _merged(then: Iterator[Group], now: Iterable[Group]) -> Iterator[tuple[int, list[str], list[str]]]:
    """Two streams of records as one: each record once, with its lines then and now."""
    later = iter(now)
    one, other = next(then, None), next(later, None)
    while one is not None or other is not None:
        if other is None or (one is not None and one[0] < other[0]):
            assert one is not None  # the loop's condition
            yield one[0], one[1], []
            one = next(then, None)
        elif one is None or other[0] < one[0]:
            yield other[0], [], other[1]
            other = next(later, None)
        else:
            yield one[0], one[1], other[1]
            one, other = next(then, None), next(later, None)


def amount(lines: Iterable[str], *, is_distinct: bool) -> int:
    """What lines of one record add: their sum, or how many different things they name."""
    fold: Folding = {}
    for line in lines:
        add_line(fold, line)
    values = [value for entities in fold.values() for value in entities.values()]
    return sum(1 for value in values if value > 0) if is_distinct else sum(values)


@dataclass(frozen=True, slots=True)
class RosterChange:
    """A member or a unit that stands otherwise in the roster of the day now; None where it does not stand.

    then, now: of a member [branch, group, section, category, standing, is exempt], of a unit [level, parent,
               category], with ids.
    """

    is_member: bool
    id: int
    then: Sequence[object] | None
    now: Sequence[object] | None


def roster_changes(then: Iterable[str], now: Iterable[str]) -> list[RosterChange]:
    """What differs between two rosters of one day, members first."""
    before, after = _by_subject(then), _by_subject(now)
    return [
        RosterChange(key[0] == "m", key[1], before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]


def _by_subject(lines: Iterable[str]) -> dict[tuple[str, int], list[object]]:
    found: dict[tuple[str, int], list[object]] = {}
    for line in lines:
        sort, id_, *rest = json.loads(line)
        found.setdefault((sort, id_), []).extend(rest)  # a member in two places at once has both
    return found


def whole_digest(content: Mapping[str, object]) -> str:
    """SHA-256, hex, of everything that an issue says and rests on: its JSON, keys in order, no blanks."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
