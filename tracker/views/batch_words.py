"""Words for imports: states, work, what a file held."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext

from tracker.models import Batch, BatchSort, BatchState, Job, JobState, User
from tracker.queries.batches import BatchLine
from tracker.rules.campaigns import Kind
from tracker.rules.headings import ROSTER_COLUMNS, ColumnSpec
from tracker.rules.ledger_columns import columns_of
from tracker.rules.numbers import number
from tracker.rules.refusal import N_
from tracker.rules.understanding import Use

STATES: dict[BatchState, tuple[str, str, str]] = {
    BatchState.UPLOADED: (N_("To be checked"), "mute", "history"),
    BatchState.CHECKED: (N_("Checked, not yet brought in"), "warn", "eye"),
    BatchState.REFUSED: (N_("Has problems"), "warn", "alert-triangle"),
    BatchState.COMMITTED: (N_("Brought in"), "ok", "circle-check"),
    BatchState.UNDONE: (N_("Undone"), "mute", "arrow-back-up"),
    BatchState.DISCARDED: (N_("Thrown away"), "mute", "x"),
}
SORTS: dict[BatchSort, str] = {BatchSort.ROSTER: N_("Roster"), BatchSort.LEDGER: N_("Ledger")}
TASKS: dict[str, str] = {
    "check": N_("The file is being checked"),
    "commit": N_("The rows are being brought in"),
    "undo": N_("The import is being undone"),
}
COUNTS: dict[str, str] = {
    "read": N_("Rows read"),
    "new": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Already there"),
    "reversed_before": N_("Reversed before, left out"),
}
USES: dict[Use, tuple[str, str, str]] = {
    Use.READ: (N_("read as"), "ok", "check"),
    Use.DROPPED: (N_("left out on purpose: such data are not kept"), "warn", "lock"),
    Use.SERIAL: (N_("a running number: not needed"), "mute", "minus"),
    Use.UNKNOWN: (N_("not known, left out"), "warn", "x"),
}
OPEN_LISTS: dict[str, str] = {
    "category": N_("Category"),
    "community": N_("Community"),
    "place": N_("Place"),
    "source": N_("Source"),
}
FIELDS: dict[str, str] = {
    "branch": N_("Branch"),
    "group": N_("Party group"),
    "section": N_("Section"),
    "category": N_("Category"),
    "standing": N_("Standing"),
    "duty": N_("Duty"),
    "exempt_reason": N_("Exemption"),
    "name": N_("Name"),
    "phone": N_("Phone"),
    "joined_on": N_("Joined on"),
}
LEVELS: dict[str, str] = {
    "committee": N_("Committee"),
    "branch": N_("Branch"),
    "group": N_("Party group"),
    "section": N_("Section"),
}


def is_ledger(batch: Batch) -> bool:
    """Whether the file holds rows of a ledger (and not a roster)."""
    return batch.sort is BatchSort.LEDGER


def state_of(batch: Batch) -> tuple[str, str, str]:
    """The state as word, colour and icon."""
    label, colour, icon = STATES[batch.state]
    return gettext(label), colour, icon


def short_counts(counts: dict[str, Any]) -> str:
    """What became of the rows, in one line."""
    parts = [
        f"{gettext(COUNTS[key])} {counts[key]}" for key in ("new", "changed", "unchanged") if counts.get(key)
    ]
    return " · ".join(parts) or (gettext("nothing new") if counts else "")


def counts_shown(report: dict[str, Any]) -> list[tuple[str, str, int]]:
    """(key, label, number) of what became of the rows, and how many problems there are."""
    counts = report.get("counts", {})
    found = [(key, gettext(label), int(counts[key])) for key, label in COUNTS.items() if key in counts]
    return [one for one in found if one[2] or one[0] in ("read", "new")] + [
        ("problems", gettext("Problems"), int(report.get("problem_count", 0)))
    ]


def columns_expected(batch: Batch, kinds: Sequence[Kind]) -> list[tuple[str, Sequence[ColumnSpec]]]:
    """(sheet, its columns) that a refused file should have.

    Of each sheet with a fault that lies in no row, of every kind where no sheet was understood; none where
    the faults lie in rows.
    """
    faults = {one["sheet"] for one in batch.report.get("problems", []) if not one["row"]}
    if batch.state is not BatchState.REFUSED or not faults:
        return []
    if not is_ledger(batch):
        return [(gettext("Roster"), ROSTER_COLUMNS)]
    codes = {one["kind"] for one in batch.report.get("sheets", []) if one["sheet"] in faults}
    return [(kind.name, columns_of(kind)) for kind in kinds if kind.code in codes or not codes - {None}]


def is_finished(job: Job | None) -> bool:
    """Whether nothing is under way."""
    return job is None or job.state in (JobState.DONE, JobState.FAILED)


def share_done(job: Job) -> int | None:
    """Whole per cent that are done, None while that is not known."""
    return min(100, 100 * job.done // job.total) if job.total else None


def amount(value: Any, unit: str) -> str:
    """A figure's value as the report keeps it: a number, a day, an interval, or one for each unit."""
    match value:
        case None:
            return "—"
        case {"low": low, "high": high}:
            return f"{number(low)}–{number(high)}{unit}"
        case dict():
            return gettext("%(count)s units", count=len(value))
        case str():
            return value
    return f"{number(value)}{unit}"


def effect_rows(report: dict[str, Any], part: str = "effects") -> list[tuple[str, str, str]]:
    """(title, before, after) of every figure that changes; one for each unit where it is shown by unit."""
    rows = []
    for effect in report.get(part, []):
        before, after, unit = effect["before"], effect["after"], effect["unit"]
        title = gettext("Name of the bureau") if effect["figure"] == "bureau" else effect["title"]
        if isinstance(after, dict) and "low" not in after:
            for name in after:
                old = before.get(name) if isinstance(before, dict) else None
                if old != after[name]:
                    rows.append((f"{title} · {name}", *_amounts(old, after[name], unit)))
        else:
            rows.append((title, *_amounts(before, after, unit)))
    return rows


def _amounts(before: Any, after: Any, unit: str) -> tuple[str, str]:
    """Both values; a change that is smaller than the last digit shown is said in words."""
    old, new = amount(before, unit), amount(after, unit)
    return old, gettext("%(value)s, nearly the same", value=new) if old == new else new


def waits_for_roster(lines: Sequence[BatchLine]) -> bool:
    """Whether a roster and a ledger came together, and the roster is not brought in yet."""
    rosters = [one.batch.state for one in lines if one.batch.sort is BatchSort.ROSTER]
    is_open = any(state in (BatchState.CHECKED, BatchState.REFUSED) for state in rosters)
    return is_open and any(is_ledger(one.batch) for one in lines)


def who(acts: Mapping[str, User | None], action: str) -> str:
    """Who did something with an import last, "" if nobody did."""
    if action not in acts:
        return ""
    user = acts[action]
    return user.name if user else gettext("command line")
