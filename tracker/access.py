"""Who may ever do what. A view is marked with `requires`; one hook holds every view to its mark."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, abort, current_app, g, redirect, request, url_for
from flask_login import current_user

from tracker.clock import now
from tracker.expired import ask_to_sign_in
from tracker.models import Role, User
from tracker.profiles import must_turn_on, owes_password
from tracker.queries.users import user_of_session
from tracker.security_events import note_denied_access, note_seen
from tracker.watching import has_token

SEEN_EVERY = dt.timedelta(minutes=1)


class Permission(enum.StrEnum):
    """What a role may do. Alphabetical."""

    ACCOUNT_ISSUE = "account:issue"  # accounts and new first passwords for members
    ASSIGNMENT_REPORT = "assignment:report"  # how far one's own are
    ASSIGNMENT_SEE = "assignment:see"  # the leading group's plan, and minutes
    ASSIGNMENT_WRITE = "assignment:write"
    AUDIT_SEE = "audit:see"
    BATCH_SEE = "batch:see"
    BATCH_WRITE = "batch:write"
    BRANCH_SEE = "branch:see"
    BULLETIN_SEE = "bulletin:see"  # drafts and issues, and their proof
    BULLETIN_WRITE = "bulletin:write"
    BUREAU_SEE = "bureau:see"
    CAMPAIGN_SEE = "campaign:see"  # which there are, and which to work in
    CAMPAIGN_WRITE = "campaign:write"  # load, copy, open, archive
    CERTIFICATE_REVOKE = "certificate:revoke"
    CERTIFICATE_SEE = "certificate:see"  # whose were issued, without hours; everybody's own is SELF
    CLOSE_REOPEN = "close:reopen"
    CLOSE_SEE = "close:see"
    CLOSE_WRITE = "close:write"  # of the bureau for the office, of their branch for those who keep it
    COMMENT_WRITE = "comment:write"
    COPY_MAKE = "copy:make"  # of everything about somebody who asked the office for it; one's own needs none
    FIGURE_WRITE = "figure:write"  # figures of the office's own
    GRANT_WRITE = "grant:write"  # who may do what where
    GROUP_SEE = "group:see"
    HOLIDAY_SEE = "holiday:see"
    HOLIDAY_WRITE = "holiday:write"
    LAYOUT_WRITE = "layout:write"  # the bureau's, or those of an own branch; all who see the ledger use them
    PACK_MAKE = "pack:make"  # summary packs
    PACK_SEE = "pack:see"
    PLAN_SEE = "plan:see"  # the calendar: what concerns oneself
    PLAN_WRITE = "plan:write"
    QUOTED_SEE = "quoted:see"  # figures from outside the ledger
    QUOTED_WRITE = "quoted:write"
    RECORD_ENTER = "record:enter"  # for others; everybody's own is SELF
    RECORD_OPEN = "record:open"  # one record that is theirs to see
    RECORD_REVERSE = "record:reverse"
    RECORD_SEE = "record:see"  # the ledger as a list
    RECORD_VERIFY = "record:verify"
    RECORD_WRITE = "record:write"  # enter, correct and withdraw: one's own, and others' within reach
    REMINDER_SEND = "reminder:send"  # to members of the own branch, of what is open
    RESULT_SEE = "result:see"  # averages of tests and contests; one's own result is SELF
    ROSTER_SEE = "roster:see"
    ROSTER_WRITE = "roster:write"
    SAMPLE_SEE = "sample:see"  # of the own units
    SAMPLE_WRITE = "sample:write"  # draw, check, complete
    SCREEN_SEE = "screen:see"  # links of screens on walls, without their tokens
    SCREEN_WRITE = "screen:write"
    SEALED_DELETE = "sealed:delete"  # the sealed person behind a code
    SEALED_OPEN = "sealed:open"  # write and open
    SEALED_SEE = "sealed:see"  # that it is there, until when, and who opened it
    SECTION_SEE = "section:see"
    SELF = "self"  # a member's own progress, records and essays
    STATEMENT_SEE = "statement:see"  # what branches said of their months
    STATEMENT_WRITE = "statement:write"
    SUGGESTION_SEE = "suggestion:see"
    SYSTEM_SEE = "system:see"


class Mark(enum.StrEnum):
    """What a view may ask for instead of a permission."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    MACHINE = "machine"  # whoever watches it, and was given the setting's token


PUBLIC, SIGNED_IN, MACHINE = Mark.PUBLIC, Mark.SIGNED_IN, Mark.MACHINE

SEES_ALL = {
    Permission.ASSIGNMENT_SEE,
    Permission.AUDIT_SEE,
    Permission.BATCH_SEE,
    Permission.BRANCH_SEE,
    Permission.BULLETIN_SEE,
    Permission.BUREAU_SEE,
    Permission.CAMPAIGN_SEE,
    Permission.CERTIFICATE_SEE,
    Permission.CLOSE_SEE,
    Permission.GROUP_SEE,
    Permission.HOLIDAY_SEE,
    Permission.PACK_SEE,
    Permission.PLAN_SEE,
    Permission.QUOTED_SEE,
    Permission.RECORD_OPEN,
    Permission.RECORD_SEE,
    Permission.ROSTER_SEE,
    Permission.SAMPLE_SEE,
    Permission.SCREEN_SEE,
    Permission.SEALED_SEE,
    Permission.SECTION_SEE,
    Permission.STATEMENT_SEE,
    Permission.SUGGESTION_SEE,
}
# What everybody has who enters records for others.
ENTERS = {
    Permission.CAMPAIGN_SEE,
    Permission.COMMENT_WRITE,
    Permission.PLAN_SEE,
    Permission.PLAN_WRITE,
    Permission.RECORD_ENTER,
    Permission.RECORD_OPEN,
    Permission.RECORD_SEE,
    Permission.RECORD_WRITE,
}
KEEPS_BRANCH = ENTERS | {
    Permission.ACCOUNT_ISSUE,
    Permission.ASSIGNMENT_REPORT,
    Permission.ASSIGNMENT_SEE,
    Permission.BRANCH_SEE,
    Permission.CLOSE_SEE,
    Permission.CLOSE_WRITE,
    Permission.GROUP_SEE,
    Permission.LAYOUT_WRITE,
    Permission.RECORD_VERIFY,
    Permission.ROSTER_SEE,
    Permission.ROSTER_WRITE,
    Permission.SAMPLE_SEE,
    Permission.STATEMENT_SEE,
    Permission.STATEMENT_WRITE,
}
# What is sealed is opened in the branch alone: not by office, auditor or administrator.
OPENS = {Permission.SEALED_DELETE, Permission.SEALED_OPEN, Permission.SEALED_SEE}
ALLOWED: dict[Role, set[Permission]] = {
    Role.OFFICE: SEES_ALL
    | KEEPS_BRANCH
    | {
        Permission.ASSIGNMENT_WRITE,
        Permission.BATCH_WRITE,
        Permission.BULLETIN_WRITE,
        Permission.CAMPAIGN_WRITE,
        Permission.CERTIFICATE_REVOKE,
        Permission.CLOSE_REOPEN,
        Permission.COPY_MAKE,
        Permission.FIGURE_WRITE,
        Permission.GRANT_WRITE,
        Permission.HOLIDAY_WRITE,
        Permission.PACK_MAKE,
        Permission.QUOTED_WRITE,
        Permission.RECORD_REVERSE,
        Permission.RESULT_SEE,
        Permission.SAMPLE_WRITE,
        Permission.SCREEN_WRITE,
        Permission.SEALED_DELETE,
    },
    Role.AUDITOR: SEES_ALL,
    Role.SECRETARY: KEEPS_BRANCH | OPENS | {Permission.REMINDER_SEND},
    Role.DEPUTY: KEEPS_BRANCH | OPENS | {Permission.REMINDER_SEND},
    Role.GROUP_LEADER: ENTERS | {Permission.GROUP_SEE},
    Role.SECTION_HEAD: ENTERS
    | {
        Permission.ASSIGNMENT_REPORT,
        Permission.ASSIGNMENT_SEE,
        Permission.SAMPLE_SEE,
        Permission.SECTION_SEE,
    },
    Role.MEMBER: OPENS
    | {
        Permission.CAMPAIGN_SEE,
        Permission.COMMENT_WRITE,
        Permission.PLAN_SEE,
        Permission.RECORD_OPEN,
        Permission.RECORD_WRITE,
        Permission.SELF,
    },
    Role.ADMINISTRATOR: {Permission.SYSTEM_SEE},
}

View = TypeVar("View", bound=Callable[..., Any])


def requires(mark: Permission | Mark) -> Callable[[View], View]:
    """Mark a view with what it asks for. The mark says whether they may ever; the getters of
    queries/access.py say whether they may here."""

    def mark_view(view: View) -> View:
        view.access_mark = mark  # type: ignore[attr-defined]  # a function carries it as an attribute
        return view

    return mark_view


def keeps_drafts(view: View) -> View:
    """Mark a view whose form holds what people write: after an expired session it is carried through the
    sign-in and becomes a draft (`views.drafts.keep_after_sign_in`)."""
    view.keeps_drafts = True  # type: ignore[attr-defined]  # a function carries it as an attribute
    return view


def permissions_of(user: User) -> set[Permission]:
    """Everything that the roles of `user` allow."""
    return set().union(*(ALLOWED[grant.role] for grant in user.grants)) if user.grants else set()


def may(permission: Permission) -> bool:
    """Whether the one who is signed in may ever do this; for menus and buttons."""
    user = current_user._get_current_object()  # a page asks a hundred times: each step of the proxy counts
    return user.is_authenticated and permission in permissions_of(user)


def mark_of(app: Flask, endpoint: str) -> Permission | Mark | None:
    """The mark of the view behind an endpoint; Flask's own static files are public."""
    if endpoint == "static":
        return PUBLIC
    return getattr(app.view_functions.get(endpoint), "access_mark", None)


def load_user(token: str) -> User | None:
    """The account of the session whose token the cookie holds; None if it was ended or has run out."""
    config = current_app.config["TRACKER"]
    user = user_of_session(
        token, now(), dt.timedelta(minutes=config.idle_minutes), dt.timedelta(hours=config.session_hours)
    )
    g.account_id = user.id if user else None  # for the log, which asks the database nothing
    if user:
        g.seen = (user.session_id, user.seen_at)
    return user


def note_seen_now(response: Response) -> Response:
    """After each request: keep when the browser was last seen, at most once a minute."""
    seen, at = g.get("seen"), now()
    if seen is not None and at - seen[1] > SEEN_EVERY:
        note_seen(seen[0], at)
    return response


# Where somebody may go who has to change a password first, or to turn the second step on.
BEFORE_CHANGE = {"account.password", "sessions.sign_out", "sessions.language", "help.show", "static"}
BEFORE_SECOND = BEFORE_CHANGE | {"account.second"}


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
    if mark is MACHINE:
        return None if has_token() else abort(404)
    if not current_user.is_authenticated:
        g.refused = "not signed in"
        return ask_to_sign_in()
    if owes_password(current_user) and request.endpoint not in BEFORE_CHANGE:
        return redirect(url_for("account.password"))
    if must_turn_on(current_user) and request.endpoint not in BEFORE_SECOND:
        return redirect(url_for("account.second"))
    if isinstance(mark, Permission) and not may(mark):
        g.refused = "not for this role"
        note_denied_access(current_user.id, request.endpoint)
        abort(404)  # out of reach looks like not there
    return None
