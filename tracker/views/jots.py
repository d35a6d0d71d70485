"""A member's own quick note: hours in two taps, and the essay editor."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("jots", __name__)
