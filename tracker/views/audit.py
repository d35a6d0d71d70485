"""Who read or changed what, and when."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("audit", __name__)
