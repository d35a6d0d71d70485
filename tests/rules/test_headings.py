"""Headings and what they mean."""

from __future__ import annotations

import pytest

from tracker.rules.headings import STANDARD_ALIASES, ColumnSpec, assign, normalise_heading, rank, unit_of


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("学习时间(小时)", "hours"),
        ("时长（分钟）", "minutes"),
        ("服务时长(h)", "hours"),
        ("时长/分", "minutes"),
        ("小时数", "hours"),
    ],
)
def test_the_unit_stands_in_the_heading(heading, unit):
    assert unit_of(heading) == unit


def test_each_standard_column_is_recognised_under_each_of_its_names():
    for field, names in STANDARD_ALIASES.items():
        for name in names:
            found, _ = assign({0: ("甲",), 1: (f" {name}：",)}, [ColumnSpec(field, names[0], names)])
            assert found[field][0] == 1, name


def test_the_same_name_can_mean_different_columns_in_different_kinds():
    assert "编号" in STANDARD_ALIASES["member_number"]
    assert "编号" in STANDARD_ALIASES["ref"]


def test_a_heading_fits_by_its_own_name_an_alias_or_with_a_remark():
    column = ColumnSpec("minutes", "时长", ("学习时间(小时)", "用时"))
    ranks = [
        rank(text, column)
        for text in ("时 长：", "用时", "学习时间（分钟）", "用时（不含路程）", "学习时间", "")
    ]
    assert ranks == [0, 1, 1, 2, None, None]
    assert normalise_heading(" 时　长\n（必填）＊：") == "时长"
