"""A ledger for the claim check without a database: the acceptance bureau's figures of 26 June 2021."""

from __future__ import annotations

import datetime as dt
import json
from fractions import Fraction
from pathlib import Path

from tracker.rules.campaign_file import read_campaign
from tracker.rules.campaigns import Reduce
from tracker.rules.claims import Known, Ledger

ROOT = Path(__file__).parent
DAY = dt.date(2021, 6, 26)
SPEC = read_campaign((ROOT.parent / "tracker/campaigns/qigeyibai-2021.toml").read_text(encoding="utf-8"))


def article_ledger(*more: Known) -> Ledger:
    """Bureau-wide values only, as `figures.json` has them, one branch's own 现场教学, and `more`."""
    truth = json.loads((ROOT / "data/article/figures.json").read_text(encoding="utf-8"))
    known = []
    for figure in SPEC.figures:
        value = truth.get(figure.id)
        if figure.reduce is Reduce.FORECAST_DATE:
            date = dt.date.fromisoformat(value)
            known.append(Known(figure.title, figure.unit, Fraction(0), Fraction(0), figure, date=date))
        elif isinstance(value, int | float):
            amount = Fraction(str(value))
            known.append(Known(figure.title, figure.unit, amount, amount, figure, of=124))
    lessons = SPEC.figure("stories.sessions")
    known.append(Known(lessons.title, lessons.unit, Fraction(4), Fraction(4), lessons, "东湖党支部", 7))
    return Ledger(SPEC, DAY, (*known, *more), {"东湖党支部": "东湖党支部"}, ("在职", "离退休"))
