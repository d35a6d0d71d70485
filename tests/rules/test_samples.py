"""Samples are drawn again from their seed, and their bound holds as often as it says."""

from __future__ import annotations

import hashlib
import math
import subprocess
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.refusal import Refused
from tracker.rules.samples import (
    LEVELS,
    PARTS,
    SamplePlan,
    check_plan,
    check_seed,
    check_verdict,
    draw,
    frame_digest,
    frame_text,
    most_share,
    most_wrong,
    size_for,
)

FRAME = [3, 7, 12, 40, 41, 58, 77, 90, 101, 2000]


def chance(population, bad, size, found):
    """P(X = found) of the hypergeometric distribution, exactly."""
    ways = math.comb(bad, found) * math.comb(population - bad, size - found)
    return Fraction(ways, math.comb(population, size))


def coverage(population, bad, size, level):
    """How often the bound is not below the truth, over all samples."""
    return sum(
        (
            chance(population, bad, size, found)
            for found in range(max(0, size - (population - bad)), min(bad, size) + 1)
            if most_wrong(population, size, found, level) >= bad
        ),
        Fraction(0),
    )


def test_another_program_draws_the_same_sample_from_the_written_rule():
    lots = sorted((hashlib.sha256(b"2021-06:%d" % one).hexdigest(), one) for one in FRAME)
    assert draw("2021-06", FRAME, 4) == [one for _, one in lots[:4]] == draw("2021-06", reversed(FRAME), 4)


def test_a_shell_draws_it_too_as_the_page_tells(tmp_path):
    (tmp_path / "frame.txt").write_text(frame_text(FRAME), encoding="ascii")
    script = """
        sha256sum frame.txt | cut -c1-64
        while read id; do printf '%s %s\\n' "$(printf '%s' "s-1:$id" | sha256sum | cut -c1-64)" "$id"; done \\
          < frame.txt | LC_ALL=C sort | head -n 3 | cut -d' ' -f2
    """
    said = subprocess.run(["sh", "-c", script], cwd=tmp_path, check=True, capture_output=True, text=True)
    digest, *ids = said.stdout.split()
    assert digest == frame_digest(FRAME)
    assert [int(one) for one in ids] == draw("s-1", FRAME, 3)


@given(st.sets(st.integers(1, 10**6), max_size=60), st.text("abc-1", min_size=4), st.integers(0, 70))
def test_a_sample_is_of_the_frame_each_once_and_a_larger_one_begins_with_it(frame, seed, size):
    drawn = draw(seed, frame, size)
    assert len(drawn) == len(set(drawn)) == min(size, len(frame))
    assert set(drawn) <= frame
    assert draw(seed, frame, size + 1)[: len(drawn)] == drawn


def test_other_records_or_another_seed_give_another_digest_or_sample():
    assert frame_digest(FRAME) == frame_digest(reversed(FRAME)) != frame_digest(FRAME[:-1])
    assert frame_text([2, 10, 1]) == "1\n2\n10\n"
    assert draw("seed-a", range(1000), 20) != draw("seed-b", range(1000), 20)


@pytest.mark.parametrize("typed", ["", "abc", "a b c d", "x" * 65, "种子2021", "a;b'c--"])
def test_a_seed_that_cannot_be_told_on_is_refused(typed):
    with pytest.raises(Refused) as refused:
        check_seed(typed)
    assert refused.value.field == "seed"
    assert check_seed(" 2021-06.a_B ") == "2021-06.a_B"


@pytest.mark.parametrize("level", LEVELS)
def test_the_bound_covers_at_least_its_level_whatever_the_truth(level):
    for population in (1, 2, 7, 20, 31):
        for size in {1, population // 3 or 1, population}:
            for bad in range(population + 1):
                assert coverage(population, bad, size, level) >= Fraction(level, 100), (population, bad, size)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("population", "bad", "size", "level"),
    [(120, 6, 30, 95), (300, 30, 45, 95), (60, 0, 20, 95), (200, 90, 40, 90), (90, 45, 25, 99)],
)
def test_ten_thousand_samples_drawn_by_the_rule_cover_at_the_stated_level(population, bad, size, level):
    """The first `bad` ids are wrong; each run has a seed of its own. The runs are the same each time."""
    bounds = [most_wrong(population, size, found, level) for found in range(size + 1)]
    runs, held = 10_000, 0
    for run in range(runs):
        found = sum(one < bad for one in draw(f"run-{run}", range(population), size))
        held += bounds[found] >= bad
    expected = coverage(population, bad, size, level)
    noise = 4 * math.sqrt(expected * (1 - expected) / runs)
    assert Fraction(held, runs) >= Fraction(level, 100)
    assert abs(Fraction(held, runs) - expected) <= noise + 1e-9


@given(st.integers(1, 80), st.data())
def test_the_bound_lies_between_what_was_seen_and_what_can_be(population, data):
    size = data.draw(st.integers(1, population))
    wrong = data.draw(st.integers(0, size))
    level = data.draw(st.sampled_from(LEVELS))
    bound = most_wrong(population, size, wrong, level)
    assert wrong <= bound <= population - (size - wrong)
    if size == population:
        assert bound == wrong, "everything was checked"
    if wrong < size:
        assert bound <= most_wrong(population, size, wrong + 1, level), "more found is never better"
    if size < population and wrong == 0:
        assert most_wrong(population, size + 1, 0, level) <= bound, "more checked is never worse"


@given(st.integers(2, 60), st.data())
def test_a_finite_population_is_known_as_well_as_one_without_end_but_for_one_row(population, data):
    size = data.draw(st.integers(1, population))
    wrong = data.draw(st.integers(0, size))
    for level in LEVELS:
        # Whole rows are coarse: of 39 with 3 wrong of 4, 38 may be wrong, which is 97.44 % and not 97.40 %.
        share = Fraction(max(0, most_wrong(population, size, wrong, level) - 1), population)
        assert share <= Fraction(most_share(size, wrong, level), PARTS)


def test_known_values():
    assert most_wrong(100, 20, 0, 95) == 12  # C(88,20)/C(100,20) > 0.05 >= C(87,20)/C(100,20)
    assert math.comb(88, 20) * 100 > 5 * math.comb(100, 20) >= math.comb(87, 20) * 100
    assert most_share(10, 0, 95) == 2589  # 1 - 0.05 ** (1/10) = 25.886… %
    assert most_share(20, 1, 95) == 2162  # tables: 0.2161
    assert most_share(5, 5, 95) == PARTS


@given(st.integers(1, 400), st.integers(1, 50), st.sampled_from(LEVELS))
def test_the_size_for_a_bound_is_the_smallest_that_gives_it(population, percent, level):
    size = size_for(population, percent, level)
    allowed = population * percent // 100
    assert most_wrong(population, size, 0, level) <= allowed
    assert size == 1 or most_wrong(population, size - 1, 0, level) > allowed
    assert SamplePlan(level, most_percent=percent).size_of(population) == size
    assert SamplePlan(level, size=10).size_of(population) == min(10, population)


def test_large_populations_cost_no_time():
    assert most_wrong(1_000_000, 500, 3, 95) > 3
    assert size_for(1_000_000, 10, 95) == 29


@pytest.mark.parametrize(
    ("plan", "field"),
    [
        (SamplePlan(94, size=5), "level"),
        (SamplePlan(95, size=0), "size"),
        (SamplePlan(95, size=501), "size"),
        (SamplePlan(95), "most_percent"),
        (SamplePlan(95, most_percent=51), "most_percent"),
    ],
)
def test_a_plan_that_cannot_be_drawn_is_refused(plan, field):
    with pytest.raises(Refused) as refused:
        check_plan(plan)
    assert refused.value.field == field
    check_plan(SamplePlan(95, size=1))
    check_plan(SamplePlan(90, most_percent=10))


def test_a_verdict_says_what_is_wrong_and_why_it_is_unclear():
    said = {"is_wrong": False, "is_unclear": False, "has_fault": False, "needs_words": False, "note": ""}
    assert check_verdict(**said) == ""
    assert check_verdict(**{**said, "is_wrong": True, "has_fault": True, "note": " 少 记 "}) == "少 记"
    for change, field in (
        ({"is_wrong": True}, "fault"),
        ({"is_unclear": True}, "note"),
        ({"is_wrong": True, "has_fault": True, "needs_words": True}, "note"),
        ({"note": "本人电话13800138000"}, "note"),
        ({"note": "证号440101199003077711"}, "note"),
    ):
        with pytest.raises(Refused) as refused:
            check_verdict(**{**said, **change})
        assert refused.value.field == field
