"""Saving, changing and withdrawing figures that the office makes in the browser."""

from __future__ import annotations

import datetime as dt

from tracker.db import db
from tracker.models import Campaign, OwnFigure, User
from tracker.queries.campaigns import spec_of
from tracker.queries.own_figures import newest
from tracker.rules.own_figure_checks import checked
from tracker.rules.own_figures import Words, id_of, numbered, words_of
from tracker.rules.refusal import N_, Refused
from tracker.services.archive_gate import check_open
from tracker.services.audit import record_event
from tracker.services.records import CHANGED
from tracker.services.tallies import sync_tallies

MOST = 60  # of a campaign, at one time


def save_figure(campaign: Campaign, words: Words, *, by: User, at: dt.datetime) -> OwnFigure:
    """Make a new figure of the campaign; its cells are counted from all rows in this transaction.

    words:  as the campaign file writes it; an 'id' of "" is made from the title.
    Raises  Refused, with its field, if it cannot be one, its id is or was another's, or there are enough.
    """
    rows = _held(campaign)
    if sum(not row.is_withdrawn for row in rows.values()) >= MOST:
        raise Refused(N_("There are %(most)d own figures already. Withdraw one."), "title", most=MOST)
    if not words["id"]:
        words = {**words, "id": numbered(id_of(str(words["title"])), list(rows))}
    figure = checked(words, spec_of(campaign))
    if figure.id in rows:
        raise Refused(N_("There is, or was, a figure of this code. Take another one."), "code")
    return _kept(
        campaign, "figure:save", OwnFigure(figure=figure.id, words=words_of(figure), version=1), by, at
    )


def change_figure(
    campaign: Campaign, figure_id: str, words: Words, *, version: int, by: User, at: dt.datetime
) -> OwnFigure:
    """Let a figure say something else from now on; bulletins that are issued keep what they printed.

    Raises Refused as `save_figure` does, and if it is not at `version` any more.
    """
    row = _at_version(campaign, figure_id, version)
    figure = checked({**words, "id": figure_id}, spec_of(campaign))
    if words_of(figure) == row.words:
        return row
    changed = OwnFigure(figure=figure_id, words=words_of(figure), version=version + 1)
    return _kept(campaign, "figure:change", changed, by, at)


def withdraw_figure(
    campaign: Campaign, figure_id: str, *, version: int, by: User, at: dt.datetime
) -> OwnFigure:
    """Take a figure out of the campaign. Its id stays taken; what quoted it keeps what it printed.

    Raises Refused if it is not at `version` any more.
    """
    row = _at_version(campaign, figure_id, version)
    gone = OwnFigure(figure=figure_id, words=row.words, version=version + 1, is_withdrawn=True)
    return _kept(campaign, "figure:withdraw", gone, by, at)


def _held(campaign: Campaign) -> dict[str, OwnFigure]:
    """The newest row of each figure. Until this transaction ends nobody else saves one, nor loads a file."""
    db.session.refresh(campaign, with_for_update={"key_share": True})
    check_open(campaign.id, anew=True)
    return {row.figure: row for row in newest(campaign)}


def _at_version(campaign: Campaign, figure_id: str, version: int) -> OwnFigure:
    row = _held(campaign).get(figure_id)
    if row is None or row.version != version or row.is_withdrawn:
        raise Refused(CHANGED)
    return row


def _kept(campaign: Campaign, action: str, row: OwnFigure, by: User, at: dt.datetime) -> OwnFigure:
    """Add the row, keep what holds now with the campaign, and let the tallies follow."""
    row.campaign_id, row.saved_by_id, row.saved_at = campaign.id, by.id, at
    db.session.add(row)
    db.session.flush()
    before = spec_of(campaign)
    campaign.own_figures = [one.words for one in newest(campaign) if not one.is_withdrawn]
    after = spec_of(campaign)
    found = [spec.figure(row.figure) for spec in (before, after)]
    kinds = {figure.kind for figure in found if figure and figure.kind}
    sync_tallies(campaign, after, within=kinds, recount=())
    record_event(by, action, campaign, at, figure=row.figure, version=row.version)
    return row
