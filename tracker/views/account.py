"""One's own account: password, second factor, signed-in browsers."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("account", __name__)
