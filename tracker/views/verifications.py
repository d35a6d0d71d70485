"""The queue: verify, give back, undo."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("verifications", __name__)
