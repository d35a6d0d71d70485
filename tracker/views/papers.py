"""Printed tally sheets, and keying them in."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("papers", __name__)
