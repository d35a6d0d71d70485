"""Which kinds of record a member notes for themselves, and how."""

from __future__ import annotations

from tracker.models import OwnerType
from tracker.rules.campaigns import CampaignSpec, Kind
from tracker.rules.ticks import tick_lists


def own_kinds(spec: CampaignSpec) -> list[Kind]:
    """The kinds of which a member may own records."""
    return [kind for kind in spec.kinds if OwnerType.MEMBER in kind.owners]


def is_hours(kind: Kind) -> bool:
    """Whether the short form is for this kind: it asks for a duration and has no text."""
    return kind.column("minutes") is not None and not kind.has_text


def typed_kinds(spec: CampaignSpec) -> list[Kind]:
    """Those of them that are neither hours nor ticked on the member's page: each has a form of its own."""
    ticked = {one.kind.code for one in tick_lists(spec)}
    return [kind for kind in own_kinds(spec) if not is_hours(kind) and kind.code not in ticked]
