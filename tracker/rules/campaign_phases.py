"""Reads the phases of a campaign file, with their topics and set books."""

from __future__ import annotations

import datetime as dt

from tracker.rules.campaign_tables import Reading, Table
from tracker.rules.campaigns import CampaignSpec, Phase, Scope
from tracker.rules.ticks import LONGEST_TITLE, why_not_ticked


def read_phase(table: Table) -> Phase:
    """One phase; what is wrong with it is noted in the table's reading."""
    far = dt.date(2000, 1, 1)
    phase = Phase(
        code=table.code(),
        name=table.text("name", required=True),
        starts_on=table.day("starts_on", required=True) or far,
        ends_on=table.day("ends_on", required=True) or far,
        topics=table.words("topics"),
        books=table.words("books"),
        topics_figure=table.text("topics_figure") or None,
        books_figure=table.text("books_figure") or None,
        ticks=table.get("ticks", bool, False),
    )
    table.end()
    return phase


def check_phases(reading: Reading, spec: CampaignSpec) -> None:
    """A member's own topics and books are counted by a figure that is taken member by member."""
    for n, phase in enumerate(spec.phases):
        for key in ("topics_figure", "books_figure"):
            figure_id = getattr(phase, key)
            figure = spec.figure(figure_id) if figure_id else None
            if figure_id and (figure is None or figure.scope is not Scope.MEMBER):
                reading.fault(f"phases[{n}].{key}", f"{figure_id!r} is no figure with scope = 'member'.")
            elif phase.ticks and figure is not None:
                kind = next((kind for kind in spec.kinds if kind.code == figure.kind), None)
                if why := why_not_ticked(figure, kind):
                    reading.fault(f"phases[{n}].{key}", f"{figure_id!r} {why}; so nothing can be ticked.")
        for title in (*phase.topics, *phase.books) if phase.ticks else ():
            if len(title) > LONGEST_TITLE:
                reading.fault(f"phases[{n}].ticks", f"{title[:20]!r}… is longer than {LONGEST_TITLE}.")
