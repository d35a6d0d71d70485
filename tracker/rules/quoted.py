"""Figures from outside the ledger, as the office quotes them: never mixed with what the ledger counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class QuotedFigure:
    """One figure of the register. value: in `unit`; as_of: its day; source: who said it where."""

    code: str
    title: str
    value: Fraction
    unit: str
    as_of: dt.date
    source: str
