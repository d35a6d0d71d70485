"""People in one cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.people import PersonMention, parse_people, person_name
from tracker.rules.refusal import Refused


@pytest.mark.parametrize(
    ("raw", "name"),
    [("张　三", "张三"), (" 张 三 丰 ", "张三丰"), ("John  Smith", "John Smith"), ("张三同志", "张三"),
     ("阿依古丽•买买提", "阿依古丽·买买提"), ("买买提.吐尔逊", "买买提·吐尔逊"), ("𠮷 田", "𠮷田"),
     ("买买提 · 吐尔逊", "买买提·吐尔逊")],
)  # fmt: skip
def test_a_name_has_one_spelling(raw, name):
    assert person_name(raw) == name


@pytest.mark.parametrize("raw", [None, "　", "三\x07", "三" * 81])
def test_a_name_that_is_none_is_refused(raw):
    with pytest.raises(Refused):
        person_name(raw)


def mentions(*pairs: str) -> list[PersonMention]:
    return [
        PersonMention(name, number or None) for name, _, number in (pair.partition("#") for pair in pairs)
    ]


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ("张三、李四，王五；赵六", mentions("张三", "李四", "王五", "赵六")),
        ("张三（M0001）、李四(M0002)", mentions("张三#M0001", "李四#M0002")),
        ("张三【M0001】李四［Ｍ０００２］", mentions("张三#M0001", "李四#M0002")),
        ("M0001张三，M0002 李四、王五M0003", mentions("张三#M0001", "李四#M0002", "王五#M0003")),
        ("M0001（张三）、M0002", mentions("张三#M0001", "#M0002")),
        ("张三（M0001）、张三（M0002）", mentions("张三#M0001", "张三#M0002")),
        ("张　三、李　四", mentions("张三", "李四")), ("张三 李四　王五", mentions("张三", "李四", "王五")),
        ("张 三丰", mentions("张三丰")), ("张 三 丰", mentions("张三丰")),
        ("欧阳 娜娜", mentions("欧阳娜娜")),
        ("张三\n李四\r\n王五", mentions("张三", "李四", "王五")), ("张三/李四；", mentions("张三", "李四")),
        ("阿依古丽·买买提、John Smith", mentions("阿依古丽·买买提", "John Smith")),
        ("张三。", mentions("张三")),
        ("买买提 · 吐尔逊", mentions("买买提·吐尔逊")), ("", []), (None, []), (" 、，", []),
        ("和平、及第", mentions("和平", "及第")),
    ],
)  # fmt: skip
def test_everybody_in_a_cell_is_found(raw, people):
    assert parse_people(raw) == people


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        ("张三、李四等8人", "does not name people"), ("张三等", "does not name people"),
        ("全体党员", "does not name people"),
        ("79人次", "does not name people"), ("8", None), (8.0, None),
        ("张三等八名同志", "does not name people"),
        ("张三（请假）", "Only a member's number"), ("张三、张三", "named twice"),
        ("张三（M0001）、张三（M0001）", "named twice"),
        ("张 三 李 四", "where one name ends"), ("张三 丰", "where one name ends"),
        ("主持人：张三", "not a name"),
        ("张三（M0001", "not a name"), ("张三\x07", "control character"), ("三" * 81, "not a name"),
    ],
)  # fmt: skip
def test_a_cell_that_leaves_people_open_is_refused(raw, why):
    if why is None:  # a bare number may be somebody's; the roster decides
        assert parse_people(raw) == [PersonMention("", "8")]
        return
    with pytest.raises(Refused, match=why):
        parse_people(raw)


@given(
    st.lists(
        st.tuples(st.text("张李王赵三四五六", min_size=2, max_size=4), st.integers(1, 9999)), unique=True
    )
)
def test_a_list_written_by_the_tracker_is_read_back(pairs):
    people = [PersonMention(name, f"M{number:04}") for name, number in pairs]
    assert parse_people("、".join(f"{p.name}（{p.number}）" for p in people)) == people
