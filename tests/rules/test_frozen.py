"""Rows as lines: read again they are what was written, whatever stands in them; and both can be compared."""

from __future__ import annotations

import datetime as dt
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.figures import Roster, RosterRow, UnitRow
from tracker.rules.frozen import (
    ROSTER,
    Packer,
    add_line,
    by_record,
    digest_of,
    ledger_line,
    roster_lines,
    roster_of,
    unpacked,
)
from tracker.rules.proofs import MOST_NAMED, Way, amount, compare, roster_changes, whole_digest

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
ROWS = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.dates(dt.date(2021, 3, 1), dt.date(2021, 3, 9)),
        st.integers(0, 2),
        TEXTS | st.sampled_from(("", "a\\n", "a\n", "a\\", "\t", "\u2028", "\r")),
        st.integers(-2, 3),
    ),
    max_size=20,
)


def lines_of(rows):
    """As the ledger gives them: by record, those of one record as texts."""
    records = sorted({row[0] for row in rows})
    return [line for id_ in records for line in sorted(ledger_line(*row) for row in rows if row[0] == id_)]


def fold_of(lines):
    fold: dict = {}
    for line in lines:
        add_line(fold, line)
    return plain(fold)


def plain(fold):
    """Without what comes to nothing."""
    return {
        (place, entity): value
        for place, entities in fold.items()
        for entity, value in entities.items()
        if value
    }


@given(rows=ROWS)
def test_lines_are_read_as_they_were_written_and_no_two_rows_are_written_alike(rows):
    lines = lines_of(rows)
    packer = Packer("code")
    packer.add(lines[:3])
    packer.add(lines[3:])
    basis = packer.basis()
    assert list(unpacked(basis.lines)) == lines
    assert (basis.count, basis.digest) == (len(lines), digest_of(lines))
    assert len({ledger_line(*row) for row in rows}) == len(set(rows))
    assert [line for _id, group in by_record(lines) for line in group] == lines


@pytest.mark.parametrize("harm", [lambda b: b[:-5], lambda b: b"x" + b, lambda b: b"", lambda b: b[:-1]])
def test_bytes_that_break_off_or_are_no_lines_are_told(harm):
    packer = Packer("code")
    packer.add([ledger_line(n, dt.date(2021, 3, 1), 0, "", 1) for n in range(1000)])
    with pytest.raises(ValueError, match="lines of an issue"):
        list(unpacked(harm(packer.basis().lines)))


@given(then=ROWS, now=ROWS)
def test_the_difference_of_two_ledgers_is_explained_by_the_rows_that_are_named(then, now):
    before, after = lines_of(then), lines_of(now)
    found = compare("code", before, by_record(after))
    assert (found.count, found.digest) == (len(before), digest_of(before))
    assert (plain(found.then), plain(found.now)) == (fold_of(before), fold_of(after))
    difference = Counter(fold_of(after))
    difference.subtract(fold_of(before))
    named: Counter = Counter()
    for change in found.changes:
        named.update(fold_of(change.now))
        named.subtract(fold_of(change.then))
    assert plain({0: difference}) == plain({0: named})
    assert found.is_unchanged == (before == after)
    ids = {line.split("\t")[0] for line in before}, {line.split("\t")[0] for line in after}
    assert found.ways[Way.GONE] == len(ids[0] - ids[1])
    assert found.ways[Way.ADDED] == len(ids[1] - ids[0])


def test_of_very_many_changes_the_first_are_named_and_all_are_counted():
    lines = [ledger_line(n, dt.date(2021, 3, 1), 0, "", 1) for n in range(MOST_NAMED + 7)]
    found = compare("code", lines, ())
    assert (len(found.changes), found.unnamed, found.ways[Way.GONE]) == (MOST_NAMED, 7, MOST_NAMED + 7)
    assert plain(found.now) == {}


def test_what_a_record_adds_is_a_sum_or_how_many_different_things():
    day = dt.date(2021, 3, 1)
    lines = [ledger_line(1, day, 0, "甲", 30), ledger_line(1, day, 0, "乙", 60)]
    assert (amount(lines, is_distinct=False), amount(lines, is_distinct=True)) == (90, 2)
    left = [*lines, ledger_line(1, day, 0, "甲", -30)]
    assert amount(left, is_distinct=True) == 1


MEMBER = RosterRow(3, 10, None, 12, "在职", "正式\n党员", is_exempt=False)
BRANCH = UnitRow(10, "branch", "甲支部", 1, "serving")


def test_a_roster_is_read_as_it_was_written_but_for_names():
    other = RosterRow(2, 10, 11, None, None, None, is_exempt=True)
    roster = Roster((MEMBER, other), (BRANCH, UnitRow(1, "committee", "委", None)))
    again = roster_of(roster_lines(roster))
    assert again.members == (other, MEMBER)
    assert [(one.id, one.level, one.parent_id, one.category) for one in again.units] == [
        (1, "committee", None, None), (10, "branch", 1, "serving"),
    ]  # fmt: skip
    assert "甲支部" not in "".join(roster_lines(roster))


def test_what_differs_in_a_roster_is_named():
    then = roster_lines(Roster((MEMBER,), (BRANCH,)))
    moved = RosterRow(3, 20, None, 12, "在职", "正式\n党员", is_exempt=False)
    now = roster_lines(Roster((moved,), (BRANCH, UnitRow(20, "branch", "乙", 1))))
    found = roster_changes(then, now)
    assert [(one.is_member, one.id) for one in found] == [(True, 3), (False, 20)]
    assert (found[0].then[0], found[0].now[0], found[1].then) == (10, 20, None)
    assert roster_changes(then, then) == []


def test_the_digest_of_the_whole_depends_on_each_word_and_not_on_the_order_of_keys():
    one = {"a": ["简报", 1, None], "b": {"c": "d"}}
    assert whole_digest(one) == whole_digest({"b": {"c": "d"}, "a": ["简报", 1, None]})
    assert whole_digest(one) != whole_digest({**one, "b": {"c": "e"}})
    assert ROSTER == "roster"
