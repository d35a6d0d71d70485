"""Words for long work: what is being done, what came of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tracker.access import SIGNED_IN, Mark, Permission, may
from tracker.models import Job, JobState
from tracker.rules.refusal import N_


@dataclass(frozen=True, slots=True)
class TaskWords:
    """One sort of long work.

    label:      what it is, as a heading.
    permission: what somebody needs to see theirs: who lost it since, sees it no more. SIGNED_IN needs none.
    back:       the endpoint of the page where it is asked for, and that page's name.
    counted:    how far it is, with done and total.
    said:       pairs of label and value: what came of it.
    link:       address and label of what came of it; None if there is no such page.
    """

    label: str
    permission: Permission | Mark
    back: tuple[str, str]
    counted: str = N_("%(done)s of %(total)s steps")
    said: Callable[[Job], list[tuple[str, str]]] = lambda job: []
    link: Callable[[Job], tuple[str, str] | None] = lambda job: None

    def are_theirs(self) -> bool:
        """Whether the one who is signed in may still ask for such work."""
        if isinstance(self.permission, Permission):
            return may(self.permission)
        return self.permission is SIGNED_IN


# Its name, as `tracker.worker.tasks` has it → its words. The views of each sort put theirs in.
TASKS: dict[str, TaskWords] = {}
STATES: dict[JobState, tuple[str, str, str]] = {
    JobState.QUEUED: (N_("waiting for its turn"), "mute", "history"),
    JobState.RUNNING: (N_("being made"), "mute", "refresh"),
    JobState.DONE: (N_("Done"), "ok", "circle-check"),
    JobState.FAILED: (N_("Not done"), "warn", "alert-triangle"),
    JobState.CANCELLED: (N_("Stopped"), "mute", "x"),
}


def share_done(job: Job) -> int | None:
    """How far it is, in percent; None if that is not known. Never all of it before it is done."""
    return min(99, job.done * 100 // job.total) if job.total else None
