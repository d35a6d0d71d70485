"""One party group: its goals, what waits, its months."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("groups", __name__)
