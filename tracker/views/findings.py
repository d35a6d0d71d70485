"""The one sentence that a page, a card or a chart says first: what was found, in the reader's language."""

from __future__ import annotations

import math

from flask_babel import gettext

from tracker.filters import short_day
from tracker.rules.campaigns import Reduce, Scope
from tracker.rules.goals import GoalStanding, GoalState
from tracker.rules.numbers import number


def amount_words(standing: GoalStanding) -> str:
    """The value with its unit, and what it is: 最低80小时."""
    figure = standing.figure.figure
    params = {"value": number(standing.value), "unit": figure.unit}
    if figure.scope is Scope.BUREAU:
        return f"{params['value']}{params['unit']}"
    match figure.reduce:
        case Reduce.MIN:
            return gettext("Lowest %(value)s%(unit)s", **params)
        case Reduce.MEAN:
            return gettext("On average %(value)s%(unit)s", **params)
        case Reduce.MAX:
            return gettext("Highest %(value)s%(unit)s", **params)
        case _:
            return f"{params['value']}{params['unit']}"


def finding(standing: GoalStanding) -> str:
    """What a goal's chart says: 最低80小时，照此7月26日满100小时."""
    goal = standing.goal
    params = {
        "value": amount_words(standing),
        "target": f"{goal.target}{goal.unit}",
        "due": short_day(goal.due_on),
        "day": short_day(standing.forecast_on),
    }
    if standing.at_due is not None:
        params["at_due"] = f"{math.floor(standing.at_due)}{goal.unit}"
    match standing.state:
        case GoalState.REACHED:
            return gettext("%(value)s: the target of %(target)s is reached", **params)
        case GoalState.ON_TIME if standing.figure.figure.scope is Scope.BUREAU:
            return gettext("%(value)s; at this pace %(target)s on %(day)s", **params)
        case GoalState.ON_TIME:
            return gettext("%(value)s; the slowest comes to %(target)s on %(day)s", **params)
        case GoalState.LATE if standing.figure.figure.scope is Scope.BUREAU:
            return gettext("%(value)s; at this pace only %(at_due)s by %(due)s", **params)
        case GoalState.LATE:
            return gettext("%(value)s; the slowest comes to %(target)s on %(day)s, after %(due)s", **params)
        case GoalState.IMPOSSIBLE:
            return gettext("%(value)s; %(target)s by %(due)s is out of reach", **params)
        case GoalState.NOT_REPORTED:
            return gettext("%(value)s; cannot be compared with %(target)s", **params)
        case GoalState.NO_FORECAST:
            return gettext("%(value)s; no pace yet, so no forecast", **params)
        case _:
            return gettext("There is nobody to count it over")
