"""Issuing a bulletin as long work: rows are read in one snapshot and written in one short transaction."""

from __future__ import annotations

import datetime as dt

from tracker.filters import said_in_chinese
from tracker.models import Bulletin
from tracker.queries.bulletin_access import draft_for
from tracker.queries.issuing import issue_of
from tracker.rules.refusal import N_, Refused
from tracker.services.bulletins import issue_bulletin
from tracker.services.jobs import Given
from tracker.worker.runs import Run

OUT_OF_REACH = N_("There is no such bulletin any more, or it is not yours to issue.")


def issue(run: Run) -> Given:
    """Issue the draft {"bulletin_id", "version", "issued_on"}. Gives {"bulletin_id", "number"}."""
    at, issued_on = run.at(), dt.date.fromisoformat(run.arguments["issued_on"])
    with run.reading():
        made = issue_of(_draft(run), said_in_chinese, run.report)
    run.before_writing(1, 1)
    bulletin = _draft(run)
    issue_bulletin(
        bulletin, run.arguments["version"], issued_on=issued_on, today=run.today, by=run.by(), at=at,
        say=said_in_chinese, issue=made,
    )  # fmt: skip
    return Given({"bulletin_id": bulletin.id, "number": bulletin.number})


def _draft(run: Run) -> Bulletin:
    found = draft_for(run.by(), run.arguments["bulletin_id"])
    if found is None:
        raise Refused(OUT_OF_REACH)
    return found
