"""Saved mappings of platforms' headings."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.db import db
from tracker.models import Mapping
from tracker.rules.mappings import MappingSpec


def saved_mappings(campaign_id: int) -> list[Mapping]:
    """The campaign's mappings, by name."""
    found = select(Mapping).where(Mapping.campaign_id == campaign_id).order_by(Mapping.name, Mapping.id)
    return list(db.session.scalars(found.options(joinedload(Mapping.saved_by))))


def mapping_specs(campaign_id: int) -> list[MappingSpec]:
    """What they say."""
    return [MappingSpec.of(mapping.content) for mapping in saved_mappings(campaign_id)]
