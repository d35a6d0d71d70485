"""Month by month: the latest month is held against the same days of the one before."""

from __future__ import annotations

import datetime as dt

from tracker.queries.months import months_of


def test_a_month_that_is_not_over_is_held_against_the_same_days_of_the_one_before(make):
    campaign, branch = make.campaign(), make.branch()
    person = make.member(branch)
    days = [(3, 5), (3, 25), (4, 9), (4, 10), (4, 11)]
    with make.counted_once(campaign):
        for month, day in days:
            make.record(campaign, member=person, minutes=60, happened_on=dt.date(2021, month, day))

    def changes(month, day):
        found = months_of(campaign, branch, dt.date(2021, month, day))
        return found.changes, found.is_over

    assert changes(4, 10) == ((1,), False)  # two by 10 April, one by 10 March
    assert changes(4, 30) == ((1,), True)  # three in April, two in the whole of March
    assert changes(5, 9) == ((-1,), False)  # none yet, one by 9 April
    assert months_of(campaign, branch, dt.date(2021, 2, 27)).changes == ()
