"""Why somebody was not there: from the kind's lists, made up on a day that can be."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.maker import SHIPPED
from tracker.rules.absences import AbsenceWord, TypedAbsence, check_absence, digest_of
from tracker.rules.campaign_file import read_campaign
from tracker.rules.refusal import Refused

KIND = next(kind for kind in read_campaign(SHIPPED.read_text(encoding="utf-8")).kinds if kind.absence_reasons)
WHY, HOW = KIND.absence_reasons[0], KIND.make_up_ways[0]
SINCE, LAST = dt.date(2021, 5, 1), dt.date(2021, 6, 1)


def check(*typed):
    return check_absence(KIND, TypedAbsence(*typed), since=SINCE, last=LAST)


def test_what_is_chosen_is_kept_and_nothing_is_nothing():
    assert check() is None
    assert check(WHY) == AbsenceWord(WHY)
    assert check(WHY, "2021-05-08", HOW) == AbsenceWord(WHY, dt.date(2021, 5, 8), HOW)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (("病了",), "reason"),
        (("", "2021-05-08", HOW), "reason"),
        ((WHY, "", HOW), "made_up_on"),
        ((WHY, "昨天", HOW), "made_up_on"),
        ((WHY, "2021-04-30", HOW), "made_up_on"),
        ((WHY, "2021-06-02", HOW), "made_up_on"),
        ((WHY, "2021-05-08", ""), "made_up_by"),
        ((WHY, "2021-05-08", "看电视"), "made_up_by"),
    ],
)
def test_what_is_in_no_list_and_no_such_day_is_refused_at_its_field(typed, field):
    with pytest.raises(Refused) as caught:
        check(*typed)
    assert caught.value.field == field


def test_a_form_knows_whether_something_changed():
    one = [(1, AbsenceWord(WHY)), (2, AbsenceWord(WHY, SINCE, HOW))]
    assert digest_of(one) == digest_of(one[::-1])
    assert digest_of(one) != digest_of(one[:1])
