"""The self-assessment for 等保 names only what there is, and leaves no clause out."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from click import Group

from scripts import asvs
from tests import scans

TEXT = (scans.ROOT / "docs" / "security" / "dengbao.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\w-\d+) \|(.+)\|$", re.MULTILINE)
SHOWN = re.compile(r"^\* (\w-\d+)：(.+)$", re.MULTILINE)
RESULTS = {"符合", "部分符合", "不符合", "由运维方落实"}
# Control → how many clauses at level 2, and how many rows level 3 adds: 23, and 12.
CLAUSES = {
    "身": (3, 1), "访": (4, 3), "审": (3, 1), "入": (5, 1), "恶": (1, 0), "可": (1, 0), "完": (1, 1),
    "密": (0, 2), "备": (2, 2), "剩": (1, 1), "个": (2, 0),
}  # fmt: skip
WITHOUT = {"由运维方落实", "没有"}


def rows():
    return {number: [cell.strip() for cell in row.split("|")] for number, row in ROW.findall(TEXT)}


def test_no_clause_is_left_out():
    found = Counter((number[0], cells[0]) for number, cells in rows().items())
    wanted = {(control, "二级"): two for control, (two, _) in CLAUSES.items() if two}
    wanted |= {(control, "三级"): three for control, (_, three) in CLAUSES.items() if three}
    assert found == wanted
    assert sum(two for two, _ in CLAUSES.values()) == 23
    assert sum(three for _, three in CLAUSES.values()) == 12


def test_every_clause_has_a_result_and_what_shows_it():
    shown = dict(SHOWN.findall(TEXT))
    assert set(shown) == set(rows())
    for number, (_, asked, done, _, theirs, result) in rows().items():
        assert asked, number
        assert done, number
        assert result in RESULTS, number
        assert theirs or result != "由运维方落实", number
        tests = re.findall(r"`(tests/[^`]+)`", shown[number])
        assert tests or shown[number] in WITHOUT, number
        assert tests or result in ("由运维方落实", "不符合"), number
        assert all(asvs.has_test(test) for test in tests), number


def test_every_setting_is_one_of_the_application():
    config = (scans.ROOT / "config.py").read_text(encoding="utf-8")
    named = set(re.findall(r"TRACKER_[A-Z_]+", TEXT))
    assert len(named) > 15
    assert [name for name in sorted(named) if f'"{name}"' not in config] == []


def commands(group, *before):
    for name, command in group.commands.items():
        yield " ".join((*before, name))
        if isinstance(command, Group):
            yield from commands(command, *before, name)


def test_every_command_is_one_of_the_application(app):
    named = set(re.findall(r"`flask ([a-z -]+)`", TEXT))
    assert len(named) > 10
    assert sorted(named - set(commands(app.cli))) == []
    assert {"scripts.advisories"} == set(re.findall(r"`python -m ([\w.]+)`", TEXT))


@pytest.mark.parametrize(
    "sentence", ["这是开发方的自评，不是等级测评", "对照标准原文逐条核对", "不是 GB/T 22239-2019 的原文"]
)
def test_it_says_what_it_is_not(sentence):
    assert sentence in TEXT
