"""Layouts of ledgers that the demo's office and a branch have saved."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from pathlib import Path

from tracker.models import Campaign, Role, User
from tracker.queries.campaigns import spec_of
from tracker.queries.users import user_by_login
from tracker.rules.layouts import default_layout
from tracker.services.layouts import save_layout

LAYOUTS = Path(__file__).resolve().parent.parent / "demo" / "layouts.toml"


def fill_layouts(campaign: Campaign, office: User, *, at: dt.datetime) -> None:
    """Save every layout of the demo's file, each from the columns that the campaign gives its kind.

    `by` is the login of a secretary who keeps it for the own branch; else it is the office's."""
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
        by = user_by_login(said["by"]) if "by" in said else office
        unit = next((grant.unit for grant in by.grants if grant.role is Role.SECRETARY), None) if by else None
        save_layout(campaign, layout, unit=unit, by=by or office, at=at)
