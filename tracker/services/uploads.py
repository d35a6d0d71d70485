"""Several files sent at once: each an import of its own, and none stopped by another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from sqlalchemy import select

from tracker.db import db
from tracker.files import store
from tracker.models import Batch, BatchSort, BatchState, Campaign, Job, JobState, User
from tracker.rules.refusal import N_, Refused
from tracker.services.batches import shown_name, store_upload
from tracker.services.jobs import queue_job

IS_TOLD = "is_told"  # in the report of a batch whose sort is told by its headings when it is read
ENDING = ".xlsx"
LEFT_ALONE = dt.timedelta(days=1)  # a command brings a file in within one transaction, which may be long


class Sent(NamedTuple):
    """One file of a form. filename: as the browser called it."""

    stream: BinaryIO
    filename: str


class NotTaken(NamedTuple):
    """A file that was not kept, and why."""

    filename: str
    refusal: Refused


def store_uploads(
    files: Iterable[Sent],
    sort: BatchSort | None,
    campaign: Campaign | None,
    *,
    as_verified: bool,
    data_dir: Path,
    most: int,
    by: User,
    at: dt.datetime,
) -> tuple[list[Batch], list[NotTaken]]:
    """Keep each file as a batch of its own; those that cannot be kept are named and stop no other.

    sort:    None if each file's headings shall tell, once they are read.
    most:    bytes of one file.
    Returns  the batches, and the files that were not taken: another format, empty, too large, sent twice.
    """
    batches: list[Batch] = []
    refused: list[NotTaken] = []
    known: dict[str, str] = {}
    try:
        for file in files:
            try:
                batch = _store(
                    file,
                    sort,
                    campaign,
                    known,
                    as_verified=as_verified,
                    data_dir=data_dir,
                    most=most,
                    by=by,
                    at=at,
                )
            except Refused as refusal:
                refused.append(NotTaken(shown_name(file.filename), refusal))
                continue
            known[batch.digest] = batch.filename
            batches.append(batch)
    except BaseException:
        for batch in batches:
            store.path_of(str(batch.path), data_dir).unlink(missing_ok=True)
        raise
    return batches, refused


def _store(
    file: Sent, sort: BatchSort | None, campaign: Campaign | None, known: dict[str, str], **more: Any
) -> Batch:
    """One file, unless it is one of those that are kept already: digest -> its name."""
    if not file.filename.lower().endswith(ENDING):
        raise Refused(N_("Only .xlsx workbooks can be read."), "file")
    with db.session.begin_nested():
        batch = store_upload(
            file.stream, file.filename, sort or BatchSort.LEDGER,
            None if sort is BatchSort.ROSTER else campaign, **more,
        )  # fmt: skip
        if batch.digest in known:
            store.path_of(str(batch.path), more["data_dir"]).unlink(missing_ok=True)
            raise Refused(
                N_("It is the same file as %(name)s, and was taken once."), "file", name=known[batch.digest]
            )
        if sort is None:
            batch.report = {IS_TOLD: True}
    return batch


def is_told(batch: Batch) -> bool:
    """Whether a file's own headings shall tell what it holds, since nobody said."""
    return bool(batch.report.get(IS_TOLD)) and batch.mapping is None


def name_sort(batch: Batch, sort: BatchSort) -> None:
    """Note what a file holds. A roster belongs to no campaign."""
    batch.sort = sort
    if sort is BatchSort.ROSTER:
        batch.campaign_id = None


def check_others_again(batch: Batch, *, by: User, at: dt.datetime) -> None:
    """Have the ledgers that were sent with a roster checked anew, now that their people are known."""
    working = select(Job.id).where(
        Job.batch_id == Batch.id, Job.state.in_((JobState.QUEUED, JobState.RUNNING))
    )
    others = select(Batch).where(
        Batch.uploaded_by_id == batch.uploaded_by_id, Batch.uploaded_at == batch.uploaded_at,
        Batch.sort == BatchSort.LEDGER, Batch.state.in_((BatchState.CHECKED, BatchState.REFUSED)),
        ~working.exists(),
    )  # fmt: skip
    for other in db.session.scalars(others.order_by(Batch.id)):
        queue_job("check", other, by=by, at=at)


def orphans(data_dir: Path, at: dt.datetime) -> list[Path]:
    """Files of imports that no row names and that are older than their transaction, to be deleted."""
    names = list(db.session.scalars(select(Batch.path).where(Batch.path.is_not(None))))
    return store.unnamed(store.UPLOADS, names, (at - LEFT_ALONE).timestamp(), data_dir)
