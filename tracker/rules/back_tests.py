"""Past forecasts held against what came: each made again from what today's rows say of its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tracker.rules.campaigns import Goal
from tracker.rules.forecasts import BAND_WEEKS, WEEK, ahead, band_at, band_of

SHOWN_WEEKS = (4, 8, 12)  # how long ago were the forecasts of which a page speaks first


@dataclass(frozen=True, slots=True)
class Said:
    """A forecast as of an earlier day.

    reaches_on: None where nothing could be foretold: no pace yet.
    foretold:   what it said of the day of the test, or of the day on which the target was reached.
    lag:        by how many days it was wrong: positive where it came later than foretold. As long as the
                target is not reached: how many days behind its line the amount of today lies.
    """

    on: dt.date
    amount: Fraction
    reaches_on: dt.date | None = None
    foretold: Fraction | None = None
    lag: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Track:
    """The forecasts of one amount, the latest first, those after it was reached left out.

    now: the amount on the day of the test; came_on: when the target was reached, if it was.
    """

    says: tuple[Said, ...]
    now: Fraction
    came_on: dt.date | None = None

    def ago(self, weeks: int, day: dt.date) -> Said | None:
        """What was said so many weeks before `day`, where something was."""
        then = day - dt.timedelta(days=WEEK * weeks)
        return next((one for one in self.says if one.on == then and one.reaches_on), None)

    @property
    def tested(self) -> tuple[Said, ...]:
        """The forecasts that there were."""
        return tuple(one for one in self.says if one.lag is not None)

    @property
    def mean_error(self) -> Fraction | None:
        """By how many days they were wrong on average, whichever way; None without any."""
        lags = [abs(one.lag) for one in self.says if one.lag is not None]
        return Fraction(sum(lags)) / len(lags) if lags else None


@dataclass(frozen=True, slots=True)
class BackTest:
    """How past forecasts of a goal did. slowest and whole are the same for a goal of the whole bureau.

    inside, of: of how many forecasts over BAND_WEEKS the whole came to lie within the band.
    """

    day: dt.date
    slowest: Track
    whole: Track
    inside: int = 0
    of: int = 0


def track(amounts: Sequence[tuple[dt.date, Fraction]], goal: Goal, came_on: dt.date | None = None) -> Track:
    """Each amount but the last as a forecast. amounts: one a week, the oldest first, the last is today's."""
    day, now = amounts[-1]
    earlier = [
        _said(on, amount, goal, came_on or day, now, came_on is not None)
        for on, amount in amounts[:-1]
        if amount < goal.target and on > goal.starts_on and (came_on is None or on < came_on)
    ]
    return Track(tuple(reversed(earlier)), now, came_on)


def _said(on: dt.date, amount: Fraction, goal: Goal, until: dt.date, now: Fraction, has_come: bool) -> Said:
    then = ahead(amount, goal, on)
    if then.reaches_on is None:
        return Said(on, amount)
    daily = then.per_week / WEEK
    foretold = amount + daily * (until - on).days
    lag = Fraction((until - then.reaches_on).days) if has_come else (foretold - now) / daily
    return Said(on, amount, then.reaches_on, foretold, lag)


def held(totals: Sequence[tuple[dt.date, Fraction]], goal: Goal) -> tuple[int, int]:
    """(inside, of): each week's band, BAND_WEEKS ahead, held against what the whole came to.

    totals: one a week, the oldest first. Weeks without a band, and those in which it was reached, are left
            out. Each band knows only the weeks before its own.
    """
    inside = of = 0
    for n in range(len(totals) - BAND_WEEKS):
        band = band_of(totals[: n + 1], goal)
        path = ahead(totals[n][1], goal, totals[n][0])
        if band is None or path.reaches_on is None:
            continue
        low, high = band_at(path, band, WEEK * BAND_WEEKS)
        of += 1
        inside += low <= totals[n + BAND_WEEKS][1] <= high
    return inside, of
