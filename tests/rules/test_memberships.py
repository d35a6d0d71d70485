"""When somebody may move, and be exempt: the rules alone."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.rules.memberships import (
    Place,
    Stretch,
    check_duty,
    check_end_of_exemption,
    check_exemption,
    check_move,
    check_reason,
)
from tracker.rules.refusal import Refused

TODAY = dt.date(2021, 6, 26)
HERE, THERE = Place(1, 11), Place(2, 21, 5)
MARCH, MAY, JUNE = dt.date(2021, 3, 1), dt.date(2021, 5, 1), dt.date(2021, 6, 1)


def move(on=JUNE, to=THERE, since=None, last=None):
    check_move(HERE, since, to, on, today=TODAY, last_record_on=last)


def field_of(call, *args, **kwargs):
    """Where the rule says that the fault is; None if it lets it pass."""
    try:
        call(*args, **kwargs)
    except Refused as refusal:
        return refusal.field
    return None


def test_a_move_after_the_last_record_is_allowed():
    move(last=dt.date(2021, 5, 31))
    move(on=TODAY)
    move(since=JUNE)  # the day on which the present membership began: it is put right


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"on": dt.date(2021, 6, 27)}, "starts_on"),
        ({"to": HERE}, "branch"),
        ({"since": dt.date(2021, 6, 2)}, "starts_on"),
        ({"last": JUNE}, "starts_on"),
        ({"last": dt.date(2021, 6, 20)}, "starts_on"),
    ],
    ids=["in the future", "to where they are", "before they came", "a record that day", "a record after it"],
)
def test_a_move_that_makes_no_sense_is_refused(asked, field):
    assert field_of(move, **asked) == field


def test_a_refusal_names_the_last_day_with_a_record():
    with pytest.raises(Refused) as refused:
        move(last=dt.date(2021, 6, 20))
    assert refused.value.params == {"last": "2021-06-20"}


def test_another_group_of_the_branch_is_another_place():
    move(to=Place(1, 12))
    move(to=Place(1, None))


def exempt(start=MAY, end=None, others=(), since=None):
    check_exemption(Stretch(start, end), others, today=TODAY, since=since)


def test_an_exemption_beside_others_is_allowed():
    exempt()
    exempt(end=dt.date(2021, 9, 1))  # an end that is known may lie ahead
    exempt(others=[Stretch(None, MAY), Stretch(MARCH, MAY)])
    exempt(end=JUNE, others=[Stretch(JUNE, None)])
    exempt(since=MAY)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"start": dt.date(2021, 6, 27)}, "starts_on"),
        ({"end": MAY}, "ends_on"),
        ({"end": MARCH}, "ends_on"),
        ({"others": [Stretch(None, None)]}, "starts_on"),
        ({"others": [Stretch(JUNE, None)]}, "starts_on"),
        ({"end": JUNE, "others": [Stretch(MARCH, dt.date(2021, 5, 2))]}, "starts_on"),
        ({"since": dt.date(2021, 5, 2)}, "starts_on"),
    ],
)
def test_an_exemption_that_makes_no_sense_is_refused(asked, field):
    assert field_of(exempt, **asked) == field


def end(now=Stretch(MARCH, None), on=JUNE, others=(), since=None):  # noqa: B008  (a frozen value)
    check_end_of_exemption(now, on, others, today=TODAY, since=since)


def test_an_exemption_can_end_now_and_later():
    end()
    end(on=dt.date(2021, 9, 1))
    end(now=Stretch(None, None))
    end(now=Stretch(MARCH, dt.date(2021, 9, 1)))


@pytest.mark.parametrize(
    "asked",
    [
        {"on": MARCH},
        {"now": Stretch(MARCH, JUNE)},
        {"now": Stretch(MARCH, TODAY)},
        {"since": dt.date(2021, 6, 2)},
        {"now": Stretch(MARCH, dt.date(2021, 7, 1)), "on": TODAY + dt.timedelta(30),
         "others": [Stretch(dt.date(2021, 7, 1), None)]},
    ],
    ids=["before it began", "ended already", "ends today", "before they came", "into another one"],
)  # fmt: skip
def test_an_end_that_makes_no_sense_is_refused(asked):
    assert field_of(end, **asked) == "again_on"


def test_words_are_kept_with_single_blanks_and_not_too_long():
    assert check_duty("  组织  委员 ") == "组织 委员"
    assert check_duty("　") is None
    assert check_reason(" 长期  外派 ") == "长期 外派"
    assert field_of(check_duty, "长" * 81) == "duty"
    assert field_of(check_reason, "长" * 201) == "reason"
    assert field_of(check_reason, " 病 ") == "reason"


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        (Stretch(None, None), Stretch(MAY, MAY), True),
        (Stretch(MARCH, MAY), Stretch(MAY, JUNE), False),
        (Stretch(MARCH, JUNE), Stretch(MAY, None), True),
        (Stretch(None, MAY), Stretch(None, MARCH), True),
    ],
)
def test_stretches_meet_where_they_share_a_day(one, other, meet):
    assert one.meets(other) is meet
    assert other.meets(one) is meet
    assert Stretch(MARCH, MAY).holds_on(MARCH)
    assert not Stretch(MARCH, MAY).holds_on(MAY)
