"""Layouts of ledgers that the demo's office has saved."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path

from tracker.models import Campaign, User
from tracker.queries.campaigns import spec_of
from tracker.rules.layouts import default_layout
from tracker.services.layouts import save_layout

LAYOUTS = Path(__file__).resolve().parent.parent / "demo" / "layouts.toml"


def fill_layouts(campaign: Campaign, office: User, *, at: dt.datetime) -> None:
    """Save every layout of the demo's file, each from the columns that the campaign gives its kind."""
    spec = spec_of(campaign)
    for said in tomllib.loads(LAYOUTS.read_text(encoding="utf-8"))["layouts"]:
        start = default_layout(spec.kind(said["kind"]))
        columns = {column.field: column for column in start.columns}
        headings = said.get("headings", {})
        chosen = tuple(
            replace(columns[name], heading=headings.get(name, columns[name].heading))
            for name in said["columns"]
        )
        layout = replace(
            start, name=said["name"], title=said["title"], columns=chosen, is_landscape=said["is_landscape"],
            signers=tuple(said["signers"]),
        )  # fmt: skip
        save_layout(campaign, layout, unit=None, by=office, at=at)
