"""What a ledger must not hold is recognised."""

from __future__ import annotations

import pytest

from tracker.rules.sensitive import holds_id_number, holds_phone_number, is_sensitive

ID_NUMBER = "11010519491231002X"  # the example of the standard itself


@pytest.mark.parametrize(
    "raw",
    [
        ID_NUMBER,
        ID_NUMBER.lower(),
        f"证号{ID_NUMBER}。",
        110105194912310000.0,
        "１１０１０５１９４９１２３１００２Ｘ",
    ],
)
def test_an_id_number_is_recognised(raw):
    assert holds_id_number(raw)


@pytest.mark.parametrize(
    "raw", ["110105194912310021", "1" + ID_NUMBER, 13800000005.0, "6222021234567890123", None, "M0001", 1e17]
)
def test_other_numbers_are_not_taken_for_id_numbers(raw):
    assert not holds_id_number(raw)


@pytest.mark.parametrize("heading", ["姓名", "联系电话", "社区", "免学原因", "对象类别", "地点"])
def test_ordinary_headings_are_not_sensitive(heading):
    assert not is_sensitive(heading)


@pytest.mark.parametrize("text", ["请找13800138000", "电话０１０－１２３４５６７８", "021-12345678"])
def test_a_telephone_number_is_recognised(text):
    assert holds_phone_number(text)


@pytest.mark.parametrize("text", ["2021年6月10日", "安装路灯1300盏", "编号2021061000012345"])
def test_other_numbers_are_not_taken_for_one(text):
    assert not holds_phone_number(text)
