"""One section: its own records and goals."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("sections", __name__)
