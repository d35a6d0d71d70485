"""One search over everything, within what each reader may see, at a bounded price."""

from __future__ import annotations

import pytest

from tests.conftest import TODAY
from tracker.db import db
from tracker.models import Role
from tracker.queries import search
from tracker.queries.record_filters import RecordFilter
from tracker.queries.records import ledger, ledger_page


@pytest.fixture
def ledger_here(make):
    """Two branches, each with a person and rows that say the same."""
    campaign = make.campaign()
    here, there = make.branch("东湖党支部"), make.branch("西山党支部")
    zhang, wang = make.member(here, name="曾伟"), make.member(there, name="王五")
    for person in (zhang, wang):
        make.record(campaign, "study", member=person, minutes=30, title=f"读书_100%{person.name}")
    make.record(campaign, "pairing", member=zhang, subject="KN007", community="香山社区")
    make.record(
        campaign, "activity", owner=there, people=[wang], type="现场教学", title="参观", category="陵园"
    )
    return campaign, here, zhang, wang


def found(campaign, user, text, most=9):
    return search.records_found(campaign, user, text, "key", most)


def test_the_office_finds_by_title_community_pinyin_initials_and_code(make, ledger_here):
    campaign = ledger_here[0]
    for text, count in (
        ("读书", 2),
        ("dushu", 2),
        ("社区", 1),
        ("xssq", 1),
        ("kn007", 1),
        ("陵", 1),
        ("无", 0),
    ):
        assert found(campaign, make.office, text).total == count, text


def test_a_wildcard_is_a_letter_like_any_other(make, ledger_here):
    campaign = ledger_here[0]
    assert [found(campaign, make.office, one).total for one in ("_1", "0%", "%书", "书%", "\\", "'")] == [
        2, 2, 0, 0, 0, 0,
    ]  # fmt: skip


def test_a_record_is_found_by_its_number(make, ledger_here):
    campaign = ledger_here[0]
    row = found(campaign, make.office, "参观").items[0].record
    for text in (f"#{row.id}", f"＃{row.id}", str(row.id)):
        assert row.id in [one.record.id for one in found(campaign, make.office, text).items]


def test_each_finds_what_is_theirs_and_nothing_of_another_branch(make, ledger_here):
    campaign, here, zhang, wang = ledger_here
    own = found(campaign, make.user(Role.SECRETARY, here), "读书")
    assert [one.record.member_id for one in own.items] == [zhang.id]
    member = make.user(Role.MEMBER, member=wang)
    assert [one.record.member_id for one in found(campaign, member, "读书").items] == [wang.id]
    assert found(campaign, member, "香山").total == 0
    assert found(campaign, make.user(Role.SECTION_HEAD, make.section()), "读书").total == 0
    assert search.communities_found(campaign, member, "xssq", 5).total == 0
    assert search.communities_found(campaign, make.office, "xssq", 5).items == ["香山社区"]


@pytest.mark.parametrize("text", ["读书", "ds", "王五", "wangwu", "陵园", "kn", "1"])
def test_as_much_is_found_as_the_ledgers_own_list_has(make, ledger_here, text):
    campaign, here, *_ = ledger_here
    for user in (make.office, make.user(Role.SECRETARY, here), make.user(Role.DEPUTY, here)):
        page = ledger_page(ledger(campaign, RecordFilter(TODAY, text=text), user, "key"))
        assert found(campaign, user, text).total == page.total


def test_people_are_found_by_the_surnames_own_reading(make, ledger_here):
    here = ledger_here[1]
    for text in ("曾", "zengwei", "zw", "ZENG"):
        assert search.members_found(make.office, text, TODAY, 5).total == 1, text
    assert search.members_found(make.user(Role.SECRETARY, here), "王", TODAY, 5).total == 0


def test_units_are_found_only_by_those_whose_they_are(make, ledger_here):
    here = ledger_here[1]
    assert search.units_found(make.office, "dzb", 5).total == 2
    assert [one.name for one in search.units_found(make.user(Role.SECRETARY, here), "党支部", 5).items] == [
        "东湖党支部"
    ]
    assert search.units_found(make.user(Role.MEMBER, member=ledger_here[2]), "党支部", 5).total == 0


def test_what_is_more_than_is_counted_is_said_as_more(make, ledger_here, monkeypatch):
    monkeypatch.setattr(search, "MOST_COUNTED", 1)
    answer = found(ledger_here[0], make.office, "读书")
    assert (answer.total, answer.is_more, len(answer.items)) == (1, True, 2)


# A plan of PostgreSQL depends on how much is in a table; bench/search.py measures it with a million records.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_statement_of_a_search_reads_the_ledger_from_end_to_end(make, ledger_here, statements):
    campaign, here, zhang, _ = ledger_here
    people = make.office, make.user(Role.SECRETARY, here), make.user(Role.MEMBER, member=zhang)
    for user in people:
        with statements() as seen:
            found(campaign, user, "读书")
            search.communities_found(campaign, user, "xssq", 5)
        for statement in seen:
            if statement.lstrip().startswith("SELECT"):
                asked = statement.replace("%s", "?")
                marks = asked.count("?")
                plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", ("1",) * marks)
                scans = [row[-1] for row in plan if row[-1].startswith("SCAN ")]
                assert not {"SCAN record", "SCAN participation", "SCAN story"} & set(scans), statement
