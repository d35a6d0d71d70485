"""The catalogue of personal data that comes with the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tracker.rules.personal_data import Catalogue, read_catalogue

CATALOGUE = Path(__file__).resolve().parent.parent / "personal_data.toml"


@cache
def catalogue() -> Catalogue:
    """What is kept about people, and what of it goes into a copy. Read once."""
    return read_catalogue(CATALOGUE.read_text(encoding="utf-8"))
