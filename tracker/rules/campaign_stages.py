"""Reads the stages of a kind in a campaign file."""

from __future__ import annotations

from tracker.rules.campaign_tables import Table
from tracker.rules.campaigns import ASKED, Kind, Stage


def read_stage(table: Table) -> Stage:
    """One stage; what is wrong with it stands among the faults."""
    stage = Stage(
        name=table.text("name", required=True, most=40),
        aliases=table.words("aliases"),
        before=table.text("before") or None,
        bureau_only=table.get("bureau_only", bool) or False,
        asks=table.words("asks"),
    )
    table.end()
    return stage


def check_stages(table: Table, kind: Kind) -> None:
    """What must hold between the stages of a kind and its other keys."""
    fault, path = table.reading.fault, table.path
    stages = [stage.name for stage in kind.stages]
    for name in ("default_stage", "ended_stage"):
        if (value := getattr(kind, name)) and value not in stages:
            fault(path(name), f"{value!r} is not one of the stages; add it there or correct it.")
    if kind.stages and not kind.default_stage:
        fault(path("default_stage"), "is missing; say at which stage a new row stands.")
    for stage in kind.stages:
        if stage.before and stage.before not in stages:
            fault(path("stages"), f"before = {stage.before!r} is not one of the stages.")
    _check_asks(table, kind)


def _check_asks(table: Table, kind: Kind) -> None:
    fault, path = table.reading.fault, table.path
    for stage in kind.stages:
        for name in stage.asks:
            if name not in ASKED:
                fault(path("stages"), f"asks {name!r}, which is unknown; known are {', '.join(ASKED)}.")
    if any("confirmation" in stage.asks for stage in kind.stages) and not kind.confirmers:
        fault(path("confirmers"), "is missing; say which offices of a community may confirm.")
    for name in kind.confirmers:
        if len(name) > 40:
            fault(path("confirmers"), f"{name!r} is longer than 40 characters; shorten it.")
