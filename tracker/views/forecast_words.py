"""What lies ahead of a goal, in sentences: when, at which pace, how many late, and what was said before."""

from __future__ import annotations

import datetime as dt
import math
from fractions import Fraction
from functools import reduce

from flask_babel import gettext

from tracker.filters import short_day
from tracker.rules.back_tests import SHOWN_WEEKS, Said, Track
from tracker.rules.campaigns import Scope
from tracker.rules.forecasts import Band, Outlook
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.numbers import number
from tracker.views.findings import finding


def answer(outlook: Outlook | None, standing: GoalStanding) -> str:
    """The answer first: 按目前进度，最慢的一名7月26日达到；需每周2.8小时；3名党员将错过7月31日."""
    if outlook is None or standing.state is GoalState.REACHED:
        return finding(standing)
    if outlook.is_over:
        return over_words(outlook)
    parts = [when_words(outlook)]
    if outlook.slowest.needs is not None:
        parts.append(needs_words(outlook.slowest.needs, outlook))
    if not outlook.is_one and outlook.has_begun:
        parts.append(late_words(outlook))
    if outlook.is_still:
        parts.append(gettext("no change within four weeks"))
    return reduce(lambda first, then: gettext("%(first)s; %(then)s", first=first, then=then), parts)


def when_words(outlook: Outlook) -> str:
    """When the target is reached at the pace so far; why it cannot be said, or that it cannot be."""
    goal = outlook.goal
    if outlook.standing.state is GoalState.IMPOSSIBLE:
        return gettext(
            "no longer to be reached by %(due)s, even at the most a day allows", due=day_of(goal.due_on)
        )
    if not outlook.has_begun:
        return gettext("it has only begun, so nothing can be foretold")
    if outlook.slowest.per_week <= 0:
        if outlook.is_one:
            return gettext("cannot be foretold: nothing was verified yet")
        return gettext("cannot be foretold: of the slowest nothing was verified yet")
    if outlook.slowest.reaches_on is None:
        return gettext("at the present pace not to be reached in any time")
    day = day_words_near(outlook.slowest.reaches_on, goal.due_on)
    if outlook.is_one:
        return gettext("at the present pace reached on %(day)s", day=day)
    return gettext(
        "at the present pace %(slowest)s gets there on %(day)s", slowest=slowest_word(outlook), day=day
    )


def over_words(outlook: Outlook) -> str:
    """What stands on the due day and after it: nothing is ahead any more."""
    due = day_of(outlook.goal.due_on)
    if outlook.is_one:
        missing = outlook.goal.target - outlook.slowest.amount
        return gettext(
            "due on %(due)s; %(missing)s%(unit)s short", due=due, missing=up(missing), unit=outlook.goal.unit
        )
    if outlook.late == 0:
        return gettext("due on %(due)s; everybody was there", due=due)
    return gettext(
        "due on %(due)s; %(late)s were not there", due=due, late=places(outlook.scope, outlook.late)
    )


def needs_words(per_week: Fraction, outlook: Outlook) -> str:
    """The pace needed from now on."""
    return gettext("%(pace)s%(unit)s a week are needed", pace=up(per_week), unit=outlook.goal.unit)


def late_words(outlook: Outlook) -> str:
    """How many would miss the due day; never who."""
    due = day_of(outlook.goal.due_on)
    if not outlook.late:
        return gettext("nobody misses %(due)s", due=due)
    return gettext("%(late)s would miss %(due)s", late=places(outlook.scope, outlook.late), due=due)


def count_words(outlook: Outlook) -> str:
    """How many are there, and how many would be late or were; '' for a goal of the whole bureau."""
    if outlook.is_one or not outlook.has_begun:
        return ""
    params = {"count": places(outlook.scope, outlook.n), "late": places(outlook.scope, outlook.late)}
    params["reached"] = places(outlook.scope, outlook.reached)
    if outlook.is_over:
        return gettext("Of %(count)s, %(reached)s are there; on the due day %(late)s were not.", **params)
    return gettext("Of %(count)s, %(reached)s are there; %(late)s would be late at their own pace.", **params)


def beyond_words(outlook: Outlook) -> str:
    """How many cannot get there any more, and what the most is; '' where no most is set."""
    if outlook.beyond is None or outlook.most is None or outlook.is_over:
        return ""
    most = f"{number(outlook.most)}{outlook.goal.unit}"
    if not outlook.beyond:
        return gettext("Nobody is beyond reach: the most a week allows is %(most)s.", most=most)
    return gettext(
        "%(count)s cannot be there any more, even at the most a week allows, %(most)s.",
        count=places(outlook.scope, outlook.beyond),
        most=most,
    )


def still_words(outlook: Outlook) -> str:
    """How many have not moved within four weeks; '' where that cannot be said, or is not about places."""
    if outlook.still is None or outlook.is_one or outlook.slowest.is_reached:
        return ""
    if not outlook.still:
        return gettext("All who are not there yet have moved within four weeks.")
    return gettext("%(count)s have not moved within four weeks.", count=places(outlook.scope, outlook.still))


def band_words(band: Band | None) -> str:
    """Between which days the whole gets there: 7月3日至8月12日; '' without a band."""
    if band is None or band.early is None:
        return ""
    if band.late is None:
        return gettext("from %(day)s on, the end is open", day=full_day(band.early))
    return gettext("%(early)s to %(late)s", early=full_day(band.early), late=full_day(band.late))


def slowest_word(outlook: Outlook) -> str:
    """Who the slowest is: a member, a group, a branch."""
    words = {
        Scope.MEMBER: gettext("the slowest member"),
        Scope.GROUP: gettext("the slowest group"),
        Scope.BRANCH: gettext("the slowest branch"),
        Scope.SECTION: gettext("the slowest section"),
    }
    return words.get(outlook.scope, gettext("the whole"))


def whole_word(outlook: Outlook) -> str:
    """What the whole is."""
    return gettext("The whole") if outlook.is_one else gettext("The mean")


def places(scope: Scope, count: int) -> str:
    """So many of those over whom it is counted: 3名党员."""
    match scope:
        case Scope.MEMBER:
            return gettext("%(count)s members", count=count)
        case Scope.GROUP:
            return gettext("%(count)s groups", count=count)
        case Scope.BRANCH:
            return gettext("%(count)s branches", count=count)
        case Scope.SECTION:
            return gettext("%(count)s sections", count=count)
        case _:
            return str(count)


def said_words(said: Said, outlook: Outlook, track: Track, weeks: int) -> str:
    """四周前（7月3日）预测8月1日达到；现在预测8月23日."""
    goal = outlook.goal
    params = {
        "weeks": weeks,
        "on": day_of(said.on),
        "said": day_words_near(said.reaches_on, goal.due_on),
        "came": day_words_near(track.came_on, goal.due_on),
        "foretold": f"{number(said.foretold)}{goal.unit}",
        "now": f"{number(track.now)}{goal.unit}",
    }
    if track.came_on is not None:
        return gettext("%(weeks)s weeks ago (%(on)s) we said: %(said)s; it came on %(came)s", **params)
    return gettext(
        "%(weeks)s weeks ago (%(on)s) we said: %(said)s, and for today %(foretold)s; it stands at %(now)s",
        **params,
    )


def lag_words(lag: Fraction | None) -> str:
    """早3天, 晚24天; 准 where it was right to the day."""
    if lag is None:
        return "—"
    days = math.floor(abs(lag) + Fraction(1, 2))
    if not days:
        return gettext("to the day")
    return (
        gettext("%(days)s days later", days=days) if lag > 0 else gettext("%(days)s days sooner", days=days)
    )


def shown_says(track: Track, outlook: Outlook) -> list[tuple[str, str]]:
    """(what was said, how far off it was) four, eight and twelve weeks ago, as far as there was a forecast:
    of the slowest, which is the forecast that matters."""
    found = []
    for weeks in SHOWN_WEEKS:
        said = track.ago(weeks, outlook.day)
        if said is not None:
            found.append((said_words(said, outlook, track, weeks), lag_words(said.lag)))
    return found


def day_of(day: dt.date) -> str:
    """A day of the campaign's own year."""
    return short_day(day)


def day_words_near(day: dt.date | None, due_on: dt.date) -> str:
    """A day, with its year where that is not the due day's."""
    if day is None:
        return "—"
    return short_day(day) if day.year == due_on.year else full_day(day)


def full_day(day: dt.date) -> str:
    """A day with its year."""
    return day.isoformat()


def up(value: Fraction) -> str:
    """An amount that is needed, at most one decimal, rounded up: less would not do."""
    return number(Fraction(math.ceil(value * 10), 10))
