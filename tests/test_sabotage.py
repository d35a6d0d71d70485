"""Each deliberate break still fits the code, so that the list does not rot; running them is for a release."""

from __future__ import annotations

import pytest

from scripts import asvs, sabotage

FOUND, WITHOUT = sabotage.breaks(sabotage.DATA.read_text(encoding="utf-8"))


@pytest.mark.parametrize("one", FOUND, ids=lambda one: str(one.number))
def test_the_text_that_is_broken_stands_exactly_once(one):
    assert (sabotage.ROOT / one.file).read_text(encoding="utf-8").count(one.old) == 1
    assert one.old != one.new


@pytest.mark.parametrize("one", FOUND, ids=lambda one: str(one.number))
def test_the_tests_that_should_notice_are_there(one):
    for test in one.tests:
        assert asvs.has_test(test) if "::" in test else (sabotage.ROOT / test).is_file()


def test_every_number_of_the_list_is_broken_or_says_why_not():
    assert sorted([one.number for one in FOUND] + list(WITHOUT)) == list(range(1, 36))


def test_nobody_failed_to_notice_at_the_last_run():
    said = sabotage.PAGE.read_text(encoding="utf-8")
    assert "**nobody**" not in said
    for one in FOUND:
        assert f"| {one.number} | {one.what} |" in said, "run python -m scripts.sabotage"


def test_a_text_that_is_gone_is_told(tmp_path):
    (tmp_path / "x.py").write_text("a = 1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="stands 0 times"):
        sabotage.apply(sabotage.Break(1, "", "x.py", "b", "c", ()), tmp_path)
