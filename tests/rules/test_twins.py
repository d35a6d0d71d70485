"""Which two titles are worth a look, and which are plainly two things."""

from __future__ import annotations

import datetime as dt

import pytest

from tracker.rules.twins import WITHIN, alike, may_be_twins, plain_title

DAY = dt.date(2021, 4, 1)


def looks(one, other, places=("北园社区", "北园社区"), later=dt.timedelta(0)):
    titles = plain_title(one, places[0]), plain_title(other, places[1])
    return may_be_twins(titles, places, (DAY, DAY + later))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("楼道灯维修", "楼道灯维修"),
        ("楼道灯维修", "北园社区楼道灯维修"),
        ("维修楼道灯", "楼道灯维修"),
        ("为独居老人安装扶手", "给独居老人安装扶手"),
        ("修楼道灯", "帮助居民修楼道灯三处"),
    ],
)
def test_one_thing_in_two_wordings_is_worth_a_look(one, other):
    assert looks(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("楼道灯维修", "增设晾衣杆"),
        ("3号楼路灯维修", "5号楼路灯维修"),
        ("路灯维修", ""),
    ],
)
def test_two_things_are_left_alone(one, other):
    assert not looks(one, other)


def test_only_in_one_community_and_within_two_months():
    assert not looks("楼道灯维修", "楼道灯维修", ("北园社区", "南园社区"))
    assert not looks("楼道灯维修", "楼道灯维修", (None, None))
    assert not looks("楼道灯维修", "楼道灯维修", later=WITHIN + dt.timedelta(days=1))
    assert looks("楼道灯维修", "楼道灯维修", later=-WITHIN)


def test_numbers_that_agree_do_not_part_two_titles():
    assert alike("3号楼路灯维修", "3号楼路灯维修好") >= 70
