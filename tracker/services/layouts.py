"""Saving how a ledger stands on an office's sheets."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, select, update

from tracker.db import db
from tracker.models import Campaign, Layout, Unit, User
from tracker.queries.campaigns import spec_of
from tracker.rules.layouts import Layout as LayoutSpec
from tracker.rules.layouts import check_layout, layout_kind
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

MOST = 40  # of a kind that one owner keeps


def save_layout(
    campaign: Campaign, said: LayoutSpec, *, unit: Unit | None, by: User, at: dt.datetime
) -> Layout:
    """Save a new layout of the bureau (`unit` is None) or of a branch.

    Raises Refused, with its field, if it will not do, its name is taken, or there are enough.
    """
    unit_id = unit.id if unit else None
    _check(campaign, said, unit_id, None)
    own = _own(campaign, said.kind, unit_id)
    if len(db.session.scalars(own).all()) >= MOST:
        raise Refused(
            N_("There are %(most)d layouts of this kind already. Take one away."), "name", most=MOST
        )
    layout = Layout(
        campaign_id=campaign.id, unit_id=unit_id, kind=said.kind, name=said.name, content=said.as_json(),
        saved_by_id=by.id, saved_at=at,
    )  # fmt: skip
    db.session.add(layout)
    db.session.flush()
    record_event(by, "layout:save", layout, at, kind=said.kind, columns=len(said.columns), unit_id=unit_id)
    return layout


def change_layout(
    layout: Layout, campaign: Campaign, said: LayoutSpec, *, version: int, by: User, at: dt.datetime
) -> None:
    """Save a layout anew, also under another name. Raises Refused as `save_layout` does, and if it is not at
    `version` any more."""
    _check(campaign, said, layout.unit_id, layout)
    changed = db.session.execute(
        update(Layout)
        .where(Layout.id == layout.id, Layout.version == version)
        .values(name=said.name, content=said.as_json(), version=version + 1, saved_by_id=by.id, saved_at=at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(layout)
    record_event(by, "layout:change", layout, at, kind=said.kind, columns=len(said.columns))


def delete_layout(layout: Layout, *, version: int, by: User, at: dt.datetime) -> None:
    """Take a layout away; sheets that were written by it stay what they are. Raises Refused if it changed."""
    record_event(by, "layout:delete", layout, at, kind=layout.kind)
    gone = db.session.execute(
        delete(Layout)
        .where(Layout.id == layout.id, Layout.version == version)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        raise Refused(CHANGED)


def _own(campaign: Campaign, kind: str, unit_id: int | None) -> Any:
    own = Layout.unit_id.is_(None) if unit_id is None else Layout.unit_id == unit_id
    return select(Layout.id).where(Layout.campaign_id == campaign.id, Layout.kind == kind, own)


def _check(campaign: Campaign, said: LayoutSpec, unit_id: int | None, but: Layout | None) -> None:
    kind = layout_kind(said, spec_of(campaign))
    if kind is None:
        raise Refused(N_("The campaign has no such kind."), "kind")
    check_layout(said, kind)
    taken = _own(campaign, said.kind, unit_id).where(Layout.name == said.name)
    if but is not None:
        taken = taken.where(Layout.id != but.id)
    if db.session.scalar(taken) is not None:
        raise Refused(N_("There is one of this name already. Give this one another name."), "name")
