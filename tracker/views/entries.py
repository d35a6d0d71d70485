"""Records entered by hand: one, several at once, a week, pasted."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("entries", __name__)
