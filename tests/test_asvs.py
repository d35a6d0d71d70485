"""The table of ASVS requirements is whole, names only tests and headings that exist, and is the page."""

from __future__ import annotations

import dataclasses

import pytest

from scripts import asvs

# Applicable numbers that nothing shows yet, not even in part; the table says of each what is missing. Numbers
# leave this list; none joins it.
NOT_SHOWN: set[str] = set()


@pytest.fixture(scope="module")
def table():
    return asvs.read_table(asvs.DATA.read_text(encoding="utf-8"))


def test_all_of_levels_1_and_2_are_there(table):
    levels = [one.level for one in table.requirements]
    assert (levels.count(1), levels.count(2), len(table.not_applicable)) == (63, 122, 68)
    assert not {one.number for one in table.requirements} & table.not_applicable.keys()


def test_what_is_named_exists_and_nothing_is_claimed_without_it(table):
    assert list(asvs.faults(table)) == []


def test_what_nothing_shows_stands_in_the_list_and_nothing_else_does(table):
    assert {one.number for one in table.requirements if one.state == "open"} <= NOT_SHOWN


def test_the_page_is_what_the_data_say(table):
    assert asvs.PAGE.read_text(encoding="utf-8") == asvs.written(table), "run python scripts/asvs.py"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tests": ("tests/test_asvs.py::test_that_is_not_there",)}, "there is no test"),
        ({"documents": ("SECURITY.md#Nothing of the sort",)}, "there is no SECURITY.md"),
        ({"tests": (), "documents": (), "open": ""}, "nothing shows it"),
        ({"tests": (), "documents": ("SECURITY.md#Repair times",), "open": ""}, "a document alone"),
        ({"says": "No end"}, "has no end"),
    ],
)
def test_a_claim_that_is_not_so_is_found(table, change, said):
    first = next(one for one in table.requirements if one.kind == "T")
    other = dataclasses.replace(table, requirements=(dataclasses.replace(first, **change),))
    assert any(said in fault for fault in asvs.faults(other))
