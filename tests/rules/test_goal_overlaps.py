"""People whom goals have in common: counted, never told where they are few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.goal_overlaps import SMALLEST, Shared, overlap_of, told

CODES = ["a", "b", "c"]


def test_few_people_are_not_told():
    assert [told(count) for count in (0, 1, 2, 3)] == [
        Shared(0), Shared(None, is_hidden=True), Shared(None, is_hidden=True), Shared(3),
    ]  # fmt: skip


def test_the_diagonal_is_each_goal_and_the_rest_what_two_share():
    found = overlap_of(CODES, {"a": range(10), "b": range(4, 20), "c": None})
    assert [cell.count for cell in found.cells[0]] == [10, 6, None]
    assert [cell.count for cell in found.cells[2]] == [None, None, None]
    assert (found.several, found.any) == (Shared(6), 20)


def test_nobody_anywhere_is_zero_and_not_hidden():
    found = overlap_of(CODES, {code: [] for code in CODES})
    assert {cell for row in found.cells for cell in row} == {Shared(0)}
    assert found.any == 0


@given(st.dictionaries(st.sampled_from(CODES), st.sets(st.integers(0, 9)), min_size=3))
def test_it_is_the_same_both_ways_and_never_shows_one_or_two(people):
    cells = overlap_of(CODES, people).cells
    for n in range(3):
        for m in range(3):
            assert cells[n][m] == cells[m][n]
            assert cells[n][m].count is None or cells[n][m].count == 0 or cells[n][m].count >= SMALLEST
