"""For whoever watches the machine: what programs ask for again and again, and who may read the figures."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import Any, TypeVar

from flask import current_app, request

View = TypeVar("View", bound=Callable[..., Any])


def for_programs(view: View) -> View:
    """Mark a view that a program asks for every few seconds.

    No transaction is begun for it and no cookie is set; an answer below 400 is no line of the log.
    """
    view.for_programs = True  # type: ignore[attr-defined]  # a function carries it as an attribute
    return view


def is_for_programs() -> bool:
    """Whether this request asks for such a view."""
    return getattr(current_app.view_functions.get(request.endpoint or ""), "for_programs", False)


def has_token() -> bool:
    """Whether the request carries the token of the setting as `Authorization: Bearer …`; without a setting
    nobody has it. Compared in a time that says nothing of how much of it was right."""
    token: str = current_app.config["TRACKER"].metrics_token
    sort, _, sent = request.headers.get("Authorization", "").partition(" ")
    is_right = hmac.compare_digest(sent.strip().encode("utf-8", "replace"), token.encode())
    return bool(token) and sort.lower() == "bearer" and is_right
