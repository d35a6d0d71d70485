"""The gate before campaigns in the archive: whatever is written passes `record_event`, and that asks here."""

from __future__ import annotations

from sqlalchemy import select

from tracker.db import Model, db
from tracker.models import Batch, Campaign, CampaignArchive, Kind, Plan, Record
from tracker.rules.refusal import N_, Refused

ARCHIVED = N_("“%(campaign)s” is in the archive: it can be read, and nothing is written into it.")
# What may be done all the same: readings, copies of what stands; the deletion that the law asks for, and
# the keys of what is sealed; papers about hours that stand; throwing away a file that was never brought in.
ALWAYS = frozenset(
    (
        "batch:discard", "campaign:archive", "campaign:compare", "campaign:copy", "campaign:open",
        "campaign:reopen", "certificate:issue", "certificate:revoke", "evidence:read", "hours:export",
        "record:export", "record:read", "sealed:change_key", "sealed:delete", "sealed:open",
    )
)  # fmt: skip
_PARENTS: tuple[tuple[str, type[Model]], ...] = (
    ("record_id", Record),
    ("plan_id", Plan),
    ("kind_id", Kind),
    ("batch_id", Batch),
)


def campaign_of(subject: Model) -> int | None:
    """The campaign to which a row belongs, by itself or by the row that it hangs on; None if to none."""
    if isinstance(subject, Campaign):
        return subject.id
    if hasattr(subject, "campaign_id"):
        found: int | None = subject.campaign_id
        return found
    for name, model in _PARENTS:
        parent_id = getattr(subject, name, None)
        if parent_id is not None:
            parent = db.session.get(model, parent_id)
            return campaign_of(parent) if parent else None
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
