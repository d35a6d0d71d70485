"""Says of an import why its rows of closed periods come late."""

from __future__ import annotations

import datetime as dt

from tracker.models import Batch, User
from tracker.services.audit import record_event
from tracker.services.batches import UNWRITTEN, take_batch
from tracker.services.records import check_reason


def give_late_reason(batch: Batch, why: str, *, by: User, at: dt.datetime) -> None:
    """Say why rows of closed periods come late; the file is checked again after it.

    Raises Refused without a reason, if it is written already, or if somebody else was faster.
    """
    why = check_reason(why)
    take_batch(batch, UNWRITTEN)
    batch.late_why = why
    record_event(by, "batch:late", batch, at)  # the reason stands in the row: it may name somebody
