"""Figures that the demo's office has made itself."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from tracker.models import Campaign, User
from tracker.services.own_figures import save_figure

FIGURES = Path(__file__).resolve().parent.parent / "demo" / "own_figures.toml"


def fill_own_figures(campaign: Campaign, office: User, *, at: dt.datetime) -> None:
    """Save every figure of the demo's file."""
    for words in tomllib.loads(FIGURES.read_text(encoding="utf-8"))["figures"]:
        save_figure(campaign, words, by=office, at=at)
