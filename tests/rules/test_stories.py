"""Stories in one cell: titles, who told them, and what is the same story."""

from __future__ import annotations

import pytest

from tracker.rules.people import PersonMention
from tracker.rules.refusal import Refused
from tracker.rules.stories import StoryMention, parse_stories, story_key, typed_story


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        (None, []),
        (" 、\n", []),
        ("半条被子", [("半条被子", "")]),
        ("半条被子（张三M0001）、一根灯芯", [("半条被子", "张三M0001"), ("一根灯芯", "")]),
        ("半条被子(张三（M0001）)；灯芯（讲解员）", [("半条被子", "张三（M0001）"), ("灯芯", "讲解员")]),
        ("《雷锋、王杰》（李四）\r\n不屈，不挠", [("《雷锋、王杰》", "李四"), ("不屈，不挠", "")]),
        ("两人讲的（张三、李四）", [("两人讲的", "张三、李四")]),
        ("只开一半（张三\n第二个", [("只开一半（张三", ""), ("第二个", "")]),
    ],
)  # fmt: skip
def test_a_cell_holds_stories_with_their_tellers(cell, found):
    assert parse_stories(cell) == [StoryMention(*one) for one in found]


def test_what_is_typed_back_is_read_as_the_same():
    told = "、".join([typed_story("半条被子", "张三M0001"), typed_story("一根灯芯", "")])
    assert parse_stories(told) == [StoryMention("半条被子", "张三M0001"), StoryMention("一根灯芯")]


def test_the_same_story_is_known_by_its_letters():
    assert len({story_key(title) for title in ("《半条被子》", "半条 被子", "半条被子。")}) == 1
    assert story_key("半条被子") != story_key("半条棉被")


def test_a_teller_is_one_person_or_words():
    assert StoryMention("甲", "张三（M0001）").person == PersonMention("张三", "M0001")
    assert StoryMention("甲", "张三").person == PersonMention("张三")
    assert [StoryMention("甲", words).person for words in ("", "张三、李四", "等3人")] == [None, None, None]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("《》", "no title"),
        ("（张三）", "no title"),
        ("半条被子、《半条被子》", "stands twice"),
        ("长" * 101, "at most 100"),
        (f"甲（{'长' * 81}）", "at most 80"),
        ("\n".join(f"第{n}个" for n in range(101)), "At most 100 stories"),
        ("甲\x00乙", "control character"),
    ],
)
def test_what_is_no_story_is_refused(cell, said):
    with pytest.raises(Refused) as caught:
        parse_stories(cell)
    assert said in caught.value.message
