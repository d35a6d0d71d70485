"""What an import found, as JSON that is kept with the batch: shown by pages, printed by commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tracker.rules.ledgers import LedgerPlan, SheetPlan
from tracker.rules.refusal import Problem
from tracker.rules.roster_changes import MemberChange, RosterPlan

MOST_PROBLEMS = 5_000
MOST_LISTED = 200
MOST_FILES = 12  # sent at once
MOST_VALUES = 50
COUNTS = ("read", "new", "unchanged", "changed", "reversed_before")

Json = dict[str, Any]


def problem_json(problem: Problem) -> Json:
    """A problem as JSON; days and fractions among its params become text."""
    return {
        "sheet": problem.sheet,
        "row": problem.row,
        "column": problem.column,
        "cell": problem.cell,
        "msgid": problem.msgid,
        "params": {name: _plain(value) for name, value in problem.params.items()},
    }


def problem_of(data: Mapping[str, Any]) -> Problem:
    """The problem that was kept as JSON."""
    return Problem(data["sheet"], data["row"], data["column"], data["msgid"], data["params"], data["cell"])


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def problems_json(problems: Sequence[Problem], remarks: Sequence[Problem]) -> Json:
    """The problems in the order of sheets and rows, at most MOST_PROBLEMS of them, and their number."""
    order = {name: n for n, name in enumerate(dict.fromkeys(problem.sheet for problem in problems))}
    listed = sorted(problems, key=lambda problem: (order[problem.sheet], problem.row or 0))
    return {
        "problems": [problem_json(problem) for problem in listed[:MOST_PROBLEMS]],
        "problem_count": len(problems),
        "remarks": [problem_json(problem) for problem in remarks[:MOST_PROBLEMS]],
    }


def ledger_json(plan: LedgerPlan) -> Json:
    """What a ledger holds."""
    sheets = [_sheet(sheet) for sheet in plan.sheets]
    return {
        "counts": {name: sum(sheet[name] for sheet in sheets) for name in COUNTS},
        "sheets": sheets,
        "new_values": {name: values[:MOST_VALUES] for name, values in plan.new_values.items() if values},
        "new_value_counts": {name: len(values) for name, values in plan.new_values.items() if values},
        "organiser": plan.organiser,
        "mapping": "、".join(mapping.name for mapping in plan.mappings) or None,
    } | problems_json(plan.problems, plan.remarks)


def _sheet(plan: SheetPlan) -> Json:
    return {
        "sheet": plan.sheet,
        "kind": plan.kind.code if plan.kind else None,
        "kind_name": plan.kind.name if plan.kind else "",
        "read": plan.read,
        "new": plan.new,
        "unchanged": plan.unchanged,
        "changed": plan.changed,
        "reversed_before": plan.reversed_before,
        "totals": plan.totals,
        "top": plan.top,
        "columns": plan.columns,
        "fixed": plan.fixed,
        "unknown": plan.unknown,
        "dropped": plan.dropped,
        "is_skipped": plan.kind is None,
    }


def roster_json(plan: RosterPlan) -> Json:
    """What a roster holds. Telephone numbers are named, not shown."""
    changes = [c for d in plan.deltas for c in (*d.place, *((d.exemption,) if d.exemption else ()))]
    updates = [change for delta in plan.deltas for change in delta.plain]
    none = dict.fromkeys(("new", "unchanged", "changed", "reversed_before", "totals"), 0)
    return {
        "counts": {
            "read": plan.read, "new": len(plan.members), "unchanged": plan.unchanged,
            "changed": len(plan.deltas), "reversed_before": 0,
        },
        "sheets": [none | sheet for sheet in plan.sheets],
        "new_values": {},
        "organiser": None,
        "roster": {
            "committee": {"name": plan.committee[0], "how": plan.committee[1]},
        }
        | _listed("units", (
            {"level": str(u.level), "name": u.name, "parent": u.parent, "category": u.category}
            for u in plan.units
        ))
        | _listed("members", ({"number": m.number, "name": m.name, "branch": m.branch} for m in plan.members))
        | _listed("changes", map(_change, changes))
        | _listed("updates", map(_change, updates))
        | _listed("categories", ({"name": name, "category": to} for _, name, to in plan.categories))
        | _listed("missing", ({"number": number, "name": name} for number, name in plan.missing)),
    } | problems_json(plan.problems, plan.remarks)  # fmt: skip


def _listed(name: str, items: Iterable[Json]) -> Json:
    listed = list(items)
    return {name: listed[:MOST_LISTED], f"{name}_count": len(listed)}


def _change(change: MemberChange) -> Json:
    is_hidden = change.field == "phone"
    return {
        "number": change.number,
        "name": change.name,
        "field": change.field,
        "before": None if is_hidden else _plain(change.before),
        "after": None if is_hidden else _plain(change.after),
        "on": change.on.isoformat() if change.on else None,
    }
