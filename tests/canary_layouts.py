"""Layouts of both branches, whose names and texts are marked."""

from __future__ import annotations

from dataclasses import replace

from tests.maker import NOW
from tracker.db import db
from tracker.models import Layout
from tracker.rules.layouts import LayoutColumn, default_layout


def add_layouts(marked, theirs, foreign):
    """One of each branch for each kind; only those who keep the branch may see it."""
    for pool, unit, whose in ((marked.own, marked.here, theirs), (marked.foreign, marked.there, foreign)):
        for kind in marked.spec.kinds:
            start = default_layout(kind)
            name = marked.mark(whose, "layout.name")
            said = replace(
                start,
                name=name,
                title=marked.mark(whose, "layout.title"),
                columns=tuple(
                    LayoutColumn(one.field, marked.mark(whose, "layout.heading"), one.width)
                    for one in start.columns
                ),
            )
            layout = Layout(
                campaign_id=marked.campaign.id, unit_id=unit.id, kind=kind.code, name=name,
                content=said.as_json(), saved_by_id=marked.office.id, saved_at=NOW,
            )  # fmt: skip
            db.session.add(layout)
            db.session.flush()
            pool["layout_id"].append(layout.id)
