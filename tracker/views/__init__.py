"""What the browser asks and gets: one blueprint for each noun."""

from __future__ import annotations

from flask import Flask

from tracker.views import (
    batches,
    branches,
    bureau,
    charts,
    figures,
    goals,
    help,
    members,
    records,
    sessions,
    suggestions,
)


def init_app(app: Flask) -> None:
    for module in (
        bureau, goals, branches, figures, charts, records, batches, members, help, suggestions, sessions,
    ):  # fmt: skip
        app.register_blueprint(module.bp)
