"""A file brought in at once, without a job: as the commands do it, and the demo bureau."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

from config import Config
from tracker.clock import now, today
from tracker.files import store
from tracker.models import Batch, BatchSort, BatchState, Campaign, User
from tracker.services import batches
from tracker.services.late_batches import give_late_reason
from tracker.worker.imports import limits_of


def bring_in(
    config: Config,
    file: Path,
    sort: BatchSort,
    campaign: Campaign | None,
    *,
    by: User,
    as_verified: bool,
    commit: bool = True,
    bureau: str | None = None,
    late_why: str = "",
) -> Batch:
    """Check a file, and with `commit` write it; its report says what came of it. The caller commits.

    late_why: why rows of closed periods come late; without it they are problems.

    The file of a dry run lies in a folder that is thrown away, and its rows in a savepoint.
    """
    with contextlib.ExitStack() as stack:
        scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        data_dir = config.data_dir if commit else scratch
        with file.open("rb") as stream:
            batch = batches.store_upload(
                stream, file.name, sort, campaign, as_verified=as_verified, data_dir=data_dir,
                most=config.upload_bytes, by=by, at=now(),
            )  # fmt: skip
        if late_why.strip():
            give_late_reason(batch, late_why, by=by, at=now())
        try:
            workbook = batches.read_batch(batch.path, data_dir, limits_of(config))
            plan = batches.plan_batch(batch, workbook, today=today(), bureau=bureau)
            if commit:
                batch.state = BatchState.CHECKED
                batches.commit_batch(batch, plan, today=today(), by=by, at=now())
            else:
                batches.check_batch(batch, plan, today=today(), by=by, at=now())
        finally:
            if batch.path and batch.state is not BatchState.COMMITTED:
                store.path_of(batch.path, data_dir).unlink(missing_ok=True)
    return batch
