"""A member's own page: progress, records, everything about them."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("me", __name__)
