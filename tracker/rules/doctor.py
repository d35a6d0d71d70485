"""What the doctor looks at: each check a small function in a table, with what to do about a fault."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tracker.rules.refusal import N_

Subject = TypeVar("Subject")
Fault = Mapping[str, object] | None  # None: all is well; else what fills the sentence


class State(enum.StrEnum):
    """What a check came to. Production does not start on a refusal."""

    GOOD = "good"
    WARNED = "warn"
    REFUSED = "refuse"
    UNKNOWN = "unknown"  # the database did not answer, so nobody looked


@dataclass(frozen=True, slots=True)
class Check(Generic[Subject]):
    """One unsafe setting.

    id:       by which TRACKER_ACCEPT and the table name it.
    looks_at: in a few words, for the table.
    level:    what a fault is: State.REFUSED or State.WARNED.
    says:     what is wrong and what to do; its %(name)s come from `judge`.
    judge:    looks; None where all is well.
    bends:    whether an operator may take it upon himself (TRACKER_ACCEPT); a refusal is a warning then.
    """

    id: str
    looks_at: str
    level: State
    says: str
    judge: Callable[[Subject], Fault]
    bends: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check came to. `says` is what it looks at where there is no fault."""

    id: str
    looks_at: str
    state: State
    says: str
    params: Mapping[str, object] = field(default_factory=dict)


SILENT = Finding(
    "database",
    N_("Whether the database answers"),
    State.REFUSED,
    N_("The database does not answer, so half of the checks were not made. Start it, or mend "
       "TRACKER_DATABASE_URL, and ask again."),
)  # fmt: skip
UNKNOWN_NAMES = N_(
    "TRACKER_ACCEPT names %(ids)s: no such check, or one that nobody may take upon himself. Take it out."
)


def examine(
    checks: Sequence[Check[Subject]], subject: Subject | None, accepted: frozenset[str] = frozenset()
) -> list[Finding]:
    """What each check of a table comes to.

    subject:  what they look at; None where it could not be read.
    accepted: ids of the checks whose faults the operator has taken upon himself.
    """
    return list(_examined(checks, subject, accepted))


def _examined(
    checks: Sequence[Check[Subject]], subject: Subject | None, accepted: frozenset[str]
) -> Iterator[Finding]:
    for check in checks:
        if subject is None:
            yield Finding(check.id, check.looks_at, State.UNKNOWN, check.looks_at)
            continue
        fault = check.judge(subject)
        if fault is None:
            yield Finding(check.id, check.looks_at, State.GOOD, check.looks_at)
        else:
            bent = check.bends and check.id in accepted
            yield Finding(check.id, check.looks_at, State.WARNED if bent else check.level, check.says, fault)


def judge_accepted(accepted: frozenset[str], bendable: frozenset[str]) -> Finding:
    """Whether all that the operator took upon himself is there to be taken."""
    looks_at = N_("What the operator took upon himself (TRACKER_ACCEPT)")
    if unknown := sorted(accepted - bendable):
        return Finding("accept", looks_at, State.REFUSED, UNKNOWN_NAMES, {"ids": ", ".join(unknown)})
    return Finding("accept", looks_at, State.GOOD, looks_at)


def refusals(findings: Sequence[Finding]) -> list[Finding]:
    """Those with which production does not start."""
    return [finding for finding in findings if finding.state is State.REFUSED]
