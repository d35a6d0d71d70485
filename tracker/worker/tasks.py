"""What sorts of long work there are besides imports: the name that a job carries → what does it."""

from __future__ import annotations

from tracker.services import job_files
from tracker.worker import bulletins, copies, demo, packs
from tracker.worker.runs import Task

TASKS: dict[str, Task] = {
    job_files.OWN_COPY: copies.make_own,
    job_files.OTHERS_COPY: copies.make_for,
    "issue_bulletin": bulletins.issue,
    "load_demo": demo.load_demo,
    "pack": packs.make_pack,
}
