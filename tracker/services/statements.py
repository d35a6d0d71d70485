"""A branch states its month: what is handed in, where there is nothing to report; or takes it back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import update

from tracker.db import db
from tracker.models import Campaign, Said, Statement, Unit, User
from tracker.queries.access import branches_of
from tracker.queries.closes import holding
from tracker.queries.statement_lines import Line, lines_of, may_state
from tracker.rules.closes import period_words
from tracker.rules.periods import Period
from tracker.rules.refusal import N_, Refused
from tracker.rules.statements import CLOSED, NOT_ASKED, WHO_SAID, Choice, check_month, check_said, close_over
from tracker.services.audit import record_event

STATEMENT_CHANGED = N_("Somebody stated this month meanwhile. Look at it as it stands now, then try again.")
LONGEST = 80  # characters of who said it


def state_month(
    campaign: Campaign,
    unit: Unit,
    month: Period,
    choices: Mapping[str, Choice],
    *,
    told_by: str = "",
    by: User,
    at: dt.datetime,
    today: dt.date,
) -> int:
    """Write what a branch says of one month, kind by kind; what says the same as before stays as it is.

    choices: code of a kind → what was chosen.
    told_by: who of the branch said it and how; asked of the office, which writes for others.
    Returns how many statements changed. Raises Refused if it is not theirs, if the month is not over or is
    closed, if the ledger contradicts a choice, or if a statement changed since its version was seen.
    """
    if not may_state(by, unit):
        raise Refused(N_("This branch is not yours to state for."))
    check_month(month, today)
    is_own = unit.id in branches_of(by)
    word = " ".join(told_by.split())[:LONGEST]
    lines = {line.kind.code: line for line in lines_of(campaign, [unit], [month])}
    changes: list[tuple[Line, Choice]] = []
    for code, choice in choices.items():
        line = lines.get(code)
        if line is None:
            raise Refused(NOT_ASKED, code, kind=code)
        if choice.said is not None:  # also of what was said before: rows may have come or gone since
            check_said(choice.said, line.kind, line.standing)
        if choice.said is not line.said:
            changes.append((line, choice))
    close = close_over(month, unit.id, holding(campaign, at)) if changes else None
    if close is not None:
        raise Refused(CLOSED, period=period_words(close))
    if changes and not is_own and not word:
        raise Refused(WHO_SAID, "told_by")
    rows = {kind.code: kind.id for kind in campaign.kinds}
    for line, choice in changes:
        _write(campaign, line, rows[line.kind.code], choice, None if is_own else word, by, at)
    return len(changes)


def _write(
    campaign: Campaign,
    line: Line,
    kind_id: int,
    choice: Choice,
    told_by: str | None,
    by: User,
    at: dt.datetime,
) -> None:
    """One conditional UPDATE, or the first row: of two, the unique constraint stops the second."""
    said = choice.said or Said.TAKEN_BACK
    values = {"said": said, "told_by": told_by, "stated_by_id": by.id, "stated_at": at}
    statement = line.statement
    if statement is None:
        if choice.version:
            raise Refused(STATEMENT_CHANGED)
        statement = Statement(
            campaign_id=campaign.id, kind_id=kind_id, unit_id=line.unit.id, month=line.month.code, **values
        )
        db.session.add(statement)
        db.session.flush()  # its event needs its id
    else:
        changed = db.session.execute(
            update(Statement)
            .where(Statement.id == statement.id, Statement.version == choice.version)
            .values(version=choice.version + 1, **values)
            .execution_options(synchronize_session=False)
        )
        if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
            raise Refused(STATEMENT_CHANGED)
        db.session.refresh(statement)
    action = "statement:take_back" if said is Said.TAKEN_BACK else "statement:say"
    detail = {"unit_id": line.unit.id, "kind": line.kind.code, "month": line.month.code, "said": str(said)}
    record_event(by, action, statement, at, **detail, rows=line.standing)
