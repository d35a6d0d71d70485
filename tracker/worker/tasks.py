"""What sorts of long work there are besides imports: the name that a job carries → what does it."""

from __future__ import annotations

from tracker.worker import bulletins, demo, packs
from tracker.worker.runs import Task

TASKS: dict[str, Task] = {
    "issue_bulletin": bulletins.issue,
    "load_demo": demo.load_demo,
    "pack": packs.make_pack,
}
