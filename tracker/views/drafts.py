"""What was begun and not sent yet."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("drafts", __name__)
