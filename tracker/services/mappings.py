"""Saving how a platform's headings are read. Imports that used a mapping keep their own copy of it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import delete, select, update

from tracker.db import db
from tracker.models import Campaign, Mapping, User
from tracker.queries.campaigns import spec_of
from tracker.rules.mappings import MappingSpec, check_mapping, kind_of
from tracker.rules.refusal import N_, Refused
from tracker.services.audit import record_event
from tracker.services.records import CHANGED

LONGEST_NAME = 60


def save_mapping(campaign: Campaign, said: MappingSpec, *, by: User, at: dt.datetime) -> Mapping:
    """Save a new mapping. Raises Refused, with its field, if it cannot be read by or its name is taken."""
    _check(campaign, said, None)
    mapping = Mapping(
        campaign_id=campaign.id, name=said.name, content=said.as_json(), saved_by_id=by.id, saved_at=at
    )
    db.session.add(mapping)
    db.session.flush()  # the event needs its id
    record_event(by, "mapping:save", mapping, at, kind=said.kind, columns=len(said.columns))
    return mapping


def change_mapping(
    mapping: Mapping, campaign: Campaign, said: MappingSpec, *, version: int, by: User, at: dt.datetime
) -> None:
    """Save a mapping anew. Raises Refused as `save_mapping` does, and if it is not at `version` any more."""
    _check(campaign, said, mapping)
    changed = db.session.execute(
        update(Mapping)
        .where(Mapping.id == mapping.id, Mapping.version == version)
        .values(name=said.name, content=said.as_json(), version=version + 1, saved_by_id=by.id, saved_at=at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE gives a CursorResult
        raise Refused(CHANGED)
    db.session.refresh(mapping)
    record_event(by, "mapping:change", mapping, at, kind=said.kind, columns=len(said.columns))


def delete_mapping(mapping: Mapping, *, version: int, by: User, at: dt.datetime) -> None:
    """Take a mapping away; what was brought in by it stays. Raises Refused if it is not at `version`."""
    record_event(by, "mapping:delete", mapping, at)
    gone = db.session.execute(
        delete(Mapping)
        .where(Mapping.id == mapping.id, Mapping.version == version)
        .execution_options(synchronize_session=False)
    )
    if gone.rowcount != 1:  # type: ignore[attr-defined]  # a DELETE gives a CursorResult
        raise Refused(CHANGED)


def _check(campaign: Campaign, said: MappingSpec, but: Mapping | None) -> None:
    kind = kind_of(said, spec_of(campaign))
    if kind is None and said.kind:
        raise Refused(N_("The campaign has no such kind."), "kind")
    if not said.name or len(said.name) > LONGEST_NAME:
        raise Refused(N_("Give it a name of at most %(most)d characters."), "name", most=LONGEST_NAME)
    taken = select(Mapping.id).where(Mapping.campaign_id == campaign.id, Mapping.name == said.name)
    if but is not None:
        taken = taken.where(Mapping.id != but.id)
    if db.session.scalar(taken) is not None:
        raise Refused(
            N_("There is one of this name already. Choose it, or give this one another name."), "name"
        )
    if kind is not None:
        check_mapping(said, kind)
