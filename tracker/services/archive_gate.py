"""The gate before campaigns in the archive: whatever is written passes `record_event`, and that asks here."""

from __future__ import annotations

import functools
from collections.abc import Mapping

from sqlalchemy import inspect, select

from tracker.db import Model, db
from tracker.models import Campaign, CampaignArchive
from tracker.rules.refusal import N_, Refused

ARCHIVED = N_("“%(campaign)s” is in the archive: it can be read, and nothing is written into it.")
# What may be done all the same: readings, copies of what stands; the deletion that the law asks for, and
# the keys of what is sealed; papers about hours that stand; shutting what is open; throwing away a file that
# was never brought in, or that was made to be read only.
ALWAYS = frozenset(
    (
        "audit:purge", "batch:discard", "campaign:archive", "campaign:compare", "campaign:copy",
        "campaign:open", "campaign:reopen", "certificate:issue", "certificate:revoke", "data:recount",
        "job:cancel", "job:drop", "member:copy", "screen:revoke", "sealed:change_key", "sealed:delete",
        "sealed:open", "user:copy",
    )
)  # fmt: skip
READINGS = (":read", ":export")


def is_allowed(action: str) -> bool:
    """Whether this may be done in a campaign in the archive."""
    return action in ALWAYS or action.endswith(READINGS)


@functools.cache
def ways_to_campaign() -> Mapping[str, tuple[tuple[str, type[Model]], ...]]:
    """Table → its columns that lead to a campaign, each with the model that it points to; the shortest way
    first. Tables without any are not in it."""
    models = {mapper.local_table: mapper.class_ for mapper in Model.registry.mappers}
    depth = {Campaign.__table__: 0}
    found: dict[str, tuple[tuple[str, type[Model]], ...]] = {}
    while True:
        ways = {}
        for table, model in models.items():
            if table not in depth:
                keys = [key for key in table.foreign_keys if key.column.table in depth]
                keys.sort(key=lambda key: (depth[key.column.table], key.parent.name))
                if keys:
                    names = [inspect(model).get_property_by_column(key.parent).key for key in keys]
                    ways[table] = tuple(zip(names, [models[key.column.table] for key in keys], strict=True))
        if not ways:
            return found
        step = max(depth.values()) + 1
        depth |= dict.fromkeys(ways, step)
        found |= {models[table].__tablename__: columns for table, columns in ways.items()}


def campaign_of(subject: Model) -> int | None:
    """The campaign to which a row belongs, by itself or by a row that it hangs on; None if to none."""
    if isinstance(subject, Campaign):
        return subject.id
    for name, model in ways_to_campaign().get(subject.__tablename__, ()):
        parent_id = getattr(subject, name)
        if parent_id is not None and model is Campaign:
            found: int = parent_id
            return found
        parent = db.session.get(model, parent_id) if parent_id is not None else None
        if parent is not None and (campaign_id := campaign_of(parent)) is not None:
            return campaign_id
    return None


def check_open(campaign_id: int | None, *, anew: bool = False) -> None:
    """Raises Refused if the campaign is in the archive.

    anew: ask again in this transaction: after having waited for a lock.
    """
    if campaign_id is None:
        return
    transaction = db.session().get_transaction()
    seen_in, seen = db.session().info.get("open_campaigns", (None, frozenset()))
    if seen_in is transaction and campaign_id in seen and not anew:
        return  # hundreds of rows are verified at once
    name = db.session.scalar(
        select(Campaign.name)
        .join(CampaignArchive, CampaignArchive.campaign_id == Campaign.id)
        .where(Campaign.id == campaign_id, CampaignArchive.reopened_at.is_(None))
    )
    if name is not None:
        raise Refused(ARCHIVED, campaign=name)
    known = seen if seen_in is transaction else frozenset()
    db.session().info["open_campaigns"] = (db.session().get_transaction(), known | {campaign_id})
