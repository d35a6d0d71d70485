"""Drafts bulletins and issues them. What was issued is never changed, and never taken away."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import select, update

from tracker.db import db
from tracker.models import (
    Bulletin,
    BulletinBasis,
    BulletinCorrection,
    BulletinFigure,
    BulletinState,
    Campaign,
    User,
)
from tracker.queries.bulletin_content import content_of
from tracker.queries.bulletins import Say, begun
from tracker.queries.campaigns import spec_of
from tracker.queries.frozen import Progress
from tracker.queries.issuing import Issue, issue_of, last_number
from tracker.rules.bulletin_checks import check_as_of, check_issue, check_words
from tracker.rules.proofs import whole_digest
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

NO_TEMPLATE = N_("The campaign has no bulletin of that sort.")
ISSUED_ALREADY = N_("This bulletin is issued already: it stays as it is. Correct it in the next one.")
GONE = N_("This draft was thrown away.")


def draft_bulletin(
    campaign: Campaign, template: str, *, as_of: dt.date, today: dt.date, by: User, at: dt.datetime
) -> Bulletin:
    """Begin a bulletin from a template of the campaign.

    Raises Refused if there is no such template, or for a day that has not come or is not the campaign's.
    """
    bulletin = begun(campaign, template, as_of)
    if bulletin is None:
        raise Refused(NO_TEMPLATE, "template")
    check_as_of(as_of, spec_of(campaign), today)
    bulletin.drafted_by_id, bulletin.drafted_at, bulletin.changed_at = by.id, at, at
    db.session.add(bulletin)
    db.session.flush()  # the event needs its id
    record_event(by, "bulletin:draft", bulletin, at, as_of=as_of.isoformat())
    return bulletin


def change_bulletin(
    bulletin: Bulletin,
    version: int,
    *,
    title: str,
    text: str,
    as_of: dt.date,
    today: dt.date,
    by: User,
    at: dt.datetime,
) -> None:
    """Write on in a draft. A figure that there is not may stand in it: its sentence will be left out.

    version: the one that was seen.
    Raises Refused, at the field at fault, for what cannot be kept, if somebody was faster, or if it is
    issued.
    """
    title, text = check_words(title, text)
    check_as_of(as_of, spec_of(bulletin.campaign), today)
    _change(bulletin, version, title=title, text=text, as_of=as_of, changed_at=at)
    record_event(by, "bulletin:change", bulletin, at, as_of=as_of.isoformat())


def discard_bulletin(bulletin: Bulletin, version: int, *, by: User, at: dt.datetime) -> None:
    """Throw a draft away. It is kept out of every list, and never issued.

    Raises Refused if somebody was faster, or if it is issued.
    """
    _change(bulletin, version, state=BulletinState.DISCARDED, changed_at=at)
    record_event(by, "bulletin:discard", bulletin, at)


def issue_bulletin(
    bulletin: Bulletin,
    version: int,
    *,
    issued_on: dt.date,
    today: dt.date,
    by: User,
    at: dt.datetime,
    say: Say,
    progress: Progress | None = None,
    issue: Issue | None = None,
) -> None:
    """Issue a draft: number it, and keep its text, every figure, and the rows that it was counted from.

    at:    a moment before the rows were read: what is reversed later is later than the issue.
    issue: what `queries.issuing.issue_of` read, in another transaction; None: it is read now.
    Raises Refused, at the field at fault, if it cannot be issued on that day, is issued or thrown away
    already, or if it, or the issue before it, is not what it was when `issue` was read.
    """
    campaign = bulletin.campaign
    made = issue or issue_of(bulletin, say, progress)
    check_issue(made.body, bulletin.as_of, issued_on, spec_of(campaign), today)
    # Two who issue at once number one after the other: each waits for all bulletins of the sort.
    same = Bulletin.campaign_id == campaign.id, Bulletin.template == bulletin.template
    db.session.execute(select(Bulletin.id).where(*same).order_by(Bulletin.id).with_for_update()).all()
    _change(bulletin, version, changed_at=at)
    after = last_number(campaign.id, bulletin.template)
    if (made.version, made.after) != (version, after):
        raise Refused(CHANGED)
    with db.session.no_autoflush:  # what is issued has a digest, and the digest is over all the rest
        _keep(bulletin, made, number=after + 1, issued_on=issued_on, by=by, at=at)
    db.session.flush()
    db.session.expire(bulletin, ["figures", "bases", "corrections"])
    record_event(
        by, "bulletin:issue", bulletin, at, number=bulletin.number, digest=bulletin.digest,
        figures=len(made.figures), rows=sum(one.count for one in made.bases),
        corrections=len(made.corrections), left_out=len(made.left_out),
    )  # fmt: skip


def _keep(
    bulletin: Bulletin, made: Issue, *, number: int, issued_on: dt.date, by: User, at: dt.datetime
) -> None:
    bulletin.state, bulletin.number = BulletinState.ISSUED, number
    bulletin.issued_on, bulletin.issued_at, bulletin.issued_by_id = issued_on, at, by.id
    bulletin.masthead, bulletin.body, bulletin.left_out = made.masthead, made.body.as_json(), made.left_out
    bulletin.charts = made.charts
    rows: list[BulletinFigure | BulletinBasis | BulletinCorrection] = [
        *made.figures, *made.bases, *made.corrections
    ]  # fmt: skip
    for row in rows:
        row.bulletin_id = bulletin.id
        db.session.add(row)
    bulletin.digest = whole_digest(content_of(bulletin, made.figures, made.bases, made.corrections))


def _change(bulletin: Bulletin, version: int, **values: Any) -> None:
    """Write to a draft that is as it was seen. Raises Refused if it is not."""
    changed = db.session.execute(
        update(Bulletin)
        .where(Bulletin.id == bulletin.id, Bulletin.version == version, Bulletin.state == BulletinState.DRAFT)
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        db.session.refresh(bulletin)
        return
    db.session.refresh(bulletin)
    if bulletin.state is BulletinState.ISSUED:
        raise Refused(ISSUED_ALREADY)
    raise Refused(GONE if bulletin.state is BulletinState.DISCARDED else CHANGED)
