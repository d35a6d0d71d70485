"""Pairings: who opens, what a note may say, when a visit is due."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace

import pytest

from tracker.models import NoteSort, OwnerType, Status
from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaign_tables import CampaignFileError
from tracker.rules.campaigns import Kind, Stage
from tracker.rules.pairings import (
    check_delete_on,
    check_note,
    check_particulars,
    check_stage_note,
    due_of,
    is_ended,
    may_open,
)
from tracker.rules.reach import Reach
from tracker.rules.refusal import Refused

KIND = Kind(
    "help", "帮扶", "帮扶", ("member",), (), stages=(Stage("在帮"), Stage("已结束")), default_stage="在帮",
    ended_stage="已结束", sealed_subject=True, visit_every_days=30,
)  # fmt: skip
TODAY = dt.date(2021, 7, 31)
ID_NUMBER = "11010519491231002X"


def record(**fields):
    values = {
        "owner_type": OwnerType.MEMBER, "member_id": 1, "branch_id": 2, "group_id": 3, "section_id": 4,
        "status": Status.VERIFIED, "subject": "KN001", "stage": "在帮", "happened_on": dt.date(2021, 3, 5),
        "ended_on": None,
    }  # fmt: skip
    return SimpleNamespace(**{**values, **fields})


@pytest.mark.parametrize(
    "reach", [Reach(member_id=1), Reach(branches=frozenset({2}))], ids=["the member", "who keeps the branch"]
)
def test_who_may_open(reach):
    assert may_open(record(), KIND, reach)


@pytest.mark.parametrize(
    "reach",
    [Reach(bureau=True), Reach(member_id=9), Reach(branches=frozenset({9})), Reach(groups=frozenset({3})),
     Reach(sections=frozenset({4})), Reach()],
    ids=["the office", "another member", "another branch", "their group", "their section", "nobody"],
)  # fmt: skip
def test_who_may_not_open(reach):
    assert not may_open(record(), KIND, reach)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.VERIFIED])
def test_a_record_that_does_not_count_opens_nothing(status):
    assert not may_open(record(status=status), KIND, Reach(member_id=1))


def test_a_record_without_a_code_opens_nothing():
    assert not may_open(record(subject=None), KIND, Reach(member_id=1))


@pytest.mark.parametrize(
    ("last_on", "due_on", "over"),
    [(dt.date(2021, 6, 12), dt.date(2021, 7, 12), 19), (dt.date(2021, 7, 20), dt.date(2021, 8, 19), -19),
     (None, dt.date(2021, 4, 4), 118)],
)  # fmt: skip
def test_a_visit_is_due_so_many_days_after_the_last_one_or_the_beginning(last_on, due_on, over):
    due = due_of(dt.date(2021, 3, 5), last_on, 30, TODAY)
    assert (due.due_on, due.days_over) == (due_on, over)


@pytest.mark.parametrize(
    ("fields", "ended"),
    [({}, False), ({"stage": "已结束"}, True), ({"ended_on": TODAY}, True),
     ({"stage": "已结束", "ended_on": dt.date(2021, 8, 1)}, False)],
)  # fmt: skip
def test_when_a_pairing_is_over(fields, ended):
    assert is_ended(KIND, record(**fields), TODAY) is ended


def note(sort=NoteSort.VISIT, on=TODAY, text=""):
    return check_note(sort, on, text, since=dt.date(2021, 3, 5), last=TODAY)


def test_a_visit_needs_no_words():
    assert note() == (NoteSort.VISIT, TODAY, None)
    assert note(NoteSort.NEED, text=" 修  门窗 ") == (NoteSort.NEED, TODAY, "修 门窗")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"sort": None}, "sort"),
        ({"on": None}, "on"),
        ({"on": dt.date(2021, 8, 1)}, "on"),
        ({"on": dt.date(2021, 3, 4)}, "on"),
        ({"sort": NoteSort.MEASURE}, "text"),
        ({"text": "字" * 201}, "text"),
        ({"text": f"证号{ID_NUMBER}"}, "text"),
        ({"text": "电话139 1234 5678"}, "text"),
        ({"text": "电话１３９１２３４５６７８"}, "text"),
        ({"text": "打0755-12345678"}, "text"),
    ],
)
def test_a_note_that_will_not_do_is_refused_beside_its_field(fields, field):
    with pytest.raises(Refused) as caught:
        note(**fields)
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["送米20斤", "2021年7月12日上门", "补贴1391元，低保13人", "第20210712号"])
def test_ordinary_numbers_are_no_telephone_number(text):
    assert note(text=text)[2] == text


def test_an_end_needs_a_reason_without_a_number():
    check_stage_note(KIND, "已结束", "搬离本市")
    for words in ("", "请打13912345678"):
        with pytest.raises(Refused):
            check_stage_note(KIND, "已结束", words)


@pytest.mark.parametrize("day", [None, TODAY, dt.date(2022, 7, 1)])
def test_the_day_of_deletion_is_needed_and_has_a_limit(day):
    last = dt.date(2022, 6, 29)
    assert check_delete_on(last, today=TODAY, last=last) == last
    with pytest.raises(Refused):
        check_delete_on(day, today=TODAY, last=last)


def test_after_the_limit_nothing_can_be_sealed():
    with pytest.raises(Refused):
        check_delete_on(dt.date(2021, 9, 1), today=TODAY, last=TODAY)


@pytest.mark.parametrize(
    ("words", "field"),
    [((" ", "", ""), "name"), (("周秀兰", "1" * 61, ""), "contact"), (("周秀兰", "", ID_NUMBER), "address")],
)
def test_particulars_that_will_not_do_are_refused_beside_their_field(words, field):
    with pytest.raises(Refused) as caught:
        check_particulars(*words)
    assert caught.value.field == field
    assert all(text not in caught.value.message for text in words if text.strip()), "no refusal repeats them"


FILE = """format = 1
code = "small"
name = "小"
starts_on = 2021-01-01
ends_on = 2021-12-31

[[kinds]]
code = "help"
name = "帮扶"
sheet = "帮扶"
owners = ["member"]
sealed_subject = true
visit_every_days = 45
columns = [
  { field = "member_name", heading = "姓名", required = true },
  { field = "subject", heading = "对象编号", required = true },
]
"""


def test_a_campaign_file_says_that_a_kind_pairs():
    kind = read_campaign(FILE).kinds[0]
    assert (kind.sealed_subject, kind.sealed_keep_days, kind.visit_every_days) == (True, 180, 45)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('owners = ["member"]', 'owners = ["member", "branch"]', "sealed_subject: needs owners"),
        ('"对象编号", required = true', '"对象编号"', "visit_every_days: needs a column"),
        ("= 45", "= 2000", "visit_every_days: must be at most"),
        ("= 45", "= 0", "visit_every_days: must be above 0"),
    ],
)
def test_a_kind_that_cannot_pair_is_refused(old, new, said):
    assert old in FILE
    with pytest.raises(CampaignFileError, match=said):
        read_campaign(FILE.replace(old, new))
