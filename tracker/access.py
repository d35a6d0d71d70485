"""Who may ever do what. A view is marked with `requires`; one hook holds every view to its mark."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user

from tracker.models import Role, User
from tracker.security_events import note_denied_access


class Permission(enum.StrEnum):
    """What a role may do. Alphabetical."""

    BATCH_SEE = "batch:see"
    BATCH_WRITE = "batch:write"
    BRANCH_SEE = "branch:see"
    BUREAU_SEE = "bureau:see"
    RECORD_REVERSE = "record:reverse"
    RECORD_SEE = "record:see"
    ROSTER_SEE = "roster:see"
    SUGGESTION_SEE = "suggestion:see"


class Mark(enum.StrEnum):
    """What a view may ask for instead of a permission."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"


PUBLIC, SIGNED_IN = Mark.PUBLIC, Mark.SIGNED_IN

SEES_ALL = {
    Permission.BATCH_SEE,
    Permission.BRANCH_SEE,
    Permission.BUREAU_SEE,
    Permission.RECORD_SEE,
    Permission.ROSTER_SEE,
    Permission.SUGGESTION_SEE,
}
ALLOWED: dict[Role, set[Permission]] = {
    Role.OFFICE: SEES_ALL | {Permission.BATCH_WRITE, Permission.RECORD_REVERSE},
    Role.AUDITOR: SEES_ALL,
    Role.SECRETARY: {Permission.BRANCH_SEE, Permission.RECORD_SEE},
}

View = TypeVar("View", bound=Callable[..., Any])


def requires(mark: Permission | Mark) -> Callable[[View], View]:
    """Mark a view with what it asks for. The mark says whether they may ever; the getters of
    queries/access.py say whether they may here."""

    def mark_view(view: View) -> View:
        view.access_mark = mark  # type: ignore[attr-defined]  # a function carries it as an attribute
        return view

    return mark_view


def permissions_of(user: User) -> set[Permission]:
    """Everything that the roles of `user` allow."""
    return set().union(*(ALLOWED[grant.role] for grant in user.grants)) if user.grants else set()


def may(permission: Permission) -> bool:
    """Whether the one who is signed in may ever do this; for menus and buttons."""
    return current_user.is_authenticated and permission in permissions_of(current_user)


def mark_of(app: Flask, endpoint: str) -> Permission | Mark | None:
    """The mark of the view behind an endpoint; Flask's own static files are public."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), "access_mark", None)


def hold_to_marks() -> Any:
    """Before each request: an unmarked view does not run, and a marked one only for those it is for."""
    if request.endpoint is None:
        return None  # no such page: 404 by Flask
    mark = mark_of(current_app._get_current_object(), request.endpoint)  # type: ignore[attr-defined]
    if mark is None:
        current_app.logger.error("view without an access mark: %s", request.endpoint)
        abort(404)
    if mark is PUBLIC:
        return None
    if not current_user.is_authenticated:
        target = request.full_path if request.method == "GET" else None
        return redirect(url_for("sessions.sign_in", next=target))
    if isinstance(mark, Permission) and not may(mark):
        note_denied_access(current_user.id, request.endpoint)
        abort(404)  # out of reach looks like not there
    return None
