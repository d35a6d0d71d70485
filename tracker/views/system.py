"""The machine: jobs, locked accounts, sessions. No business data."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("system", __name__)
