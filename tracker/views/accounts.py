"""Accounts of others: slips with first passwords, roles, hand-over."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("accounts", __name__)
