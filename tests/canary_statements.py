"""What the canary test puts of statements: a month of each side, with who said it marked."""

from __future__ import annotations

from tests.statements import put_statement
from tracker.models import Said

MONTH = "2021-03"


def put_statements(marked, own, foreign):
    """own, foreign: each a branch, and whose mark the text carries."""
    for pool, (unit, whose) in ((marked.own, own), (marked.foreign, foreign)):
        told_by = marked.mark(whose, "statement.told_by")
        kind = marked.spec.kinds[0].code
        put_statement(marked.make, marked.campaign, unit, kind, MONTH, Said.HANDED_IN, told_by)
        pool["month"] = [MONTH]
