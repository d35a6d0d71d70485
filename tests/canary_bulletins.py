"""A draft and an issue of the bureau for the bureau whose every text is marked."""

from __future__ import annotations

import datetime as dt

from tests.maker import NOW
from tracker.db import db
from tracker.filters import said_in_chinese
from tracker.queries.campaigns import spec_of
from tracker.rules.campaign_bulletins import templates_of
from tracker.services.bulletins import draft_bulletin, issue_bulletin

DAY = dt.date(2021, 6, 26)


def add_bulletins(marked, whose):
    """One that is issued and one that is not; what they say is the bureau's office's until it is sent."""
    template = templates_of(spec_of(marked.campaign))[0].code
    for is_issued in (True, False):
        made = draft_bulletin(marked.campaign, template, as_of=DAY, today=DAY, by=marked.office, at=NOW)
        made.title = marked.mark(whose, "bulletin.title")
        made.text = f"{marked.mark(whose, 'bulletin.text')}。{{no.figure}}{marked.mark(whose, 'left out')}。"
        db.session.flush()
        if is_issued:
            issue_bulletin(
                made, made.version, issued_on=DAY, today=DAY, by=marked.office, at=NOW, say=said_in_chinese
            )
        for pool in (marked.own, marked.foreign):
            pool["bulletin_id"].append(made.id)
