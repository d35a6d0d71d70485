"""Names as they are typed."""

from __future__ import annotations

import pytest

from tracker.rules.pinyin import pinyin_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("张三", "zhangsan zs"),
        ("曾国", "zengguo zg"),
        ("单雄信", "shanxiongxin sxx"),
        ("仇和", "qiuhe qh"),
        ("尉迟恭", "yuchigong ycg"),
        ("吕布", "lvbu lb"),
        ("阿依·古丽", "ayiguli aygl"),
        ("Anna Li", "annali al"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_its_sound_and_its_initials(name, key):
    assert pinyin_key(name) == key


def test_what_is_no_person_has_no_surname():
    assert pinyin_key("解放路支部", is_person=False) == "jiefangluzhibu jflzb"
