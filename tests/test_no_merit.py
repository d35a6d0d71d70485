"""No ranking of persons, no points, no count of sign-ins: as no column, key, word or order of a list."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tracker.access import Permission
from tracker.db import Model
from tracker.queries import members, reminders
from tracker.rules import campaigns

ROOT = Path(__file__).resolve().parent.parent
PLACES = [
    *sorted((ROOT / "templates").rglob("*.html")),
    *sorted((ROOT / "static" / "js").glob("*.js")),
    *sorted((ROOT / "tracker" / "campaigns").glob("*.toml")),
    *sorted((ROOT / "static" / "css").glob("*.css")),
]
# Words of such things. 签到 is a sheet on which one signs at a session, so it is none of them.
CHINESE = re.compile(
    r"排名|排行|名次|积分|打卡|光荣榜|红黑榜|连续登录|连续学习|登录次数|登录天数|在线时长|学习标兵"
)
ENGLISH = re.compile(
    r"leader-?board|\brank(?:ed|ing|s)?\b|\bstreaks?\b|\bpoints\b|gamif|sign-?in count|log-?in count"
    r"|check-?ins?\b|time online|consecutive",
    re.IGNORECASE,
)
# In templates and scripts "points" is a word of programs, too; their sentences stand in the catalogue.
NAMED = re.compile(ENGLISH.pattern.replace(r"|\bpoints\b", ""), re.IGNORECASE)
# Where such a word is said only to say that there is none.
DENIED = re.compile(
    r"不搞排名|不是排名|请不要当排名?|避免按学时排名|不排名|登录次数不统计"
    r"|[Nn]o rankings?\b|[Nn]obody is ranked"
)
# The checker of campaign files names what it refuses, and says nothing to anybody else.
REFUSES = "tracker/rules/lint_rules.py"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
# Names of columns, keys and permissions that would count what people do in the tracker, or put them in order.
NAMES = re.compile(
    r"rank|streak|score|points|badge|level_up|leaderboard|(?:sign_?in|log_?in|visit|view|read|open)s?_(?:count|days|times)"
    r"|(?:count|days|times)_(?:signed|logged|seen)|seen_(?:minutes|seconds)|online"
)
ALLOWED_NAMES = {
    "result.points": "what somebody reached in a test, read by themselves alone",
}
# Lists that can be sorted, by what. Time only where no name stands: tests/views/test_records.py holds it.
SORTED_BY = {
    "assignments/index.html": {"unit", "due"},
    "members/index.html": {"name", "number", "branch"},
    "records/index.html": {"day", "kind", "branch", "minutes", "entered"},
    "reminders/index.html": {"name", "group"},
}


def told(text, words):
    """The words that stand in a text, what is denied left out."""
    return words.findall(DENIED.sub("", PLACEHOLDER.sub("", text)))


@pytest.mark.parametrize("path", PLACES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_page_script_or_campaign_speaks_of_merit(path):
    text = path.read_text(encoding="utf-8")
    assert told(text, CHINESE) == []
    assert told(text, NAMED) == []


def test_no_sentence_of_either_language_speaks_of_merit():
    found = []
    for path in sorted((ROOT / "tracker" / "translations").rglob("messages.po")):
        with path.open("rb") as file:
            for message in read_po(file):
                if {place for place, _ in message.locations} == {REFUSES}:
                    continue
                for text in (message.id, message.string):
                    parts = text if isinstance(text, list | tuple) else [text]
                    found += [part for part in parts if told(part, CHINESE) or told(part, ENGLISH)]
    assert found == []


def test_no_column_counts_what_people_do_here_or_puts_them_in_order():
    names = {
        f"{table.name}.{column.name}" for table in Model.metadata.sorted_tables for column in table.columns
    }
    found = {name for name in names if NAMES.search(name.partition(".")[2])}
    assert found == set(ALLOWED_NAMES)


def test_no_key_of_a_campaign_and_no_permission_does_either():
    keys = {
        f"{spec.__name__}.{name}"
        for spec in vars(campaigns).values()
        if isinstance(spec, type) and hasattr(spec, "__dataclass_fields__")
        for name in spec.__dataclass_fields__
    }
    assert [key for key in sorted(keys) if NAMES.search(key)] == []
    assert [one for one in Permission if NAMES.search(one)] == []


def test_lists_are_sorted_by_nothing_that_would_put_people_in_an_order_of_merit():
    link = re.compile(r'sort_link\(_\("[^"]*"\), "([a-z_]+)"')
    found = {}
    for path in sorted((ROOT / "templates").rglob("*.html")):
        keys = set(link.findall(path.read_text(encoding="utf-8")))
        if keys and "macros" not in path.parts:
            found[path.relative_to(ROOT / "templates").as_posix()] = keys
    assert found == SORTED_BY
    assert set(members.SORTS) == SORTED_BY["members/index.html"]
    assert set(reminders.SORTS) == SORTED_BY["reminders/index.html"]


@pytest.mark.parametrize("planted", ["本月学习排名", "积分榜", "连续登录7天", "每日打卡", "登录次数：3"])
def test_a_planted_word_is_found(planted):
    assert told(planted, CHINESE)


@pytest.mark.parametrize("planted", ["Top of the leaderboard", "You earned 3 points", "a streak of 7"])
def test_a_planted_english_word_is_found(planted):
    assert told(planted, ENGLISH)


@pytest.mark.parametrize("planted", ["login_count", "streak_days", "rank", "seen_minutes", "reads_count"])
def test_a_planted_name_is_found(planted):
    assert NAMES.search(planted)


@pytest.mark.parametrize("denied", ["不搞排名", "No ranking, not public"])
def test_what_says_that_there_is_none_is_no_fault(denied):
    assert not told(denied, CHINESE)
    assert not told(denied, ENGLISH)
