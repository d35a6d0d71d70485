"""Pages that nothing has changed since they were made are answered from memory, and never older ones.

A page is a function of what the database holds and of what the browser sent. What the database holds has a
stamp (queries/stamps.py), read in the same transaction before anything else. What the browser sent is the
key, its cookies among it, so that nobody is given another's page. A view that looks at the clock is not kept.
"""

from __future__ import annotations

import datetime as dt
import functools
import re
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, has_app_context, make_response, request, session
from flask_login import current_user

from tracker.clock import date_now, now, today
from tracker.queries.stamps import Seen, Stamp, session_seen
from tracker.queries.users import is_over

MOST_BYTES = 48 * 2**20  # of one process
KEY_BYTES = 24
View = TypeVar("View", bound=Callable[..., Any])
Key = tuple[str, ...]


def draw_key() -> str:
    """The key of one form that is shown once. It is noted, so that a page which is kept gets new ones."""
    key = secrets.token_urlsafe(KEY_BYTES)
    if has_app_context():
        g.setdefault("drawn_keys", []).append(key)
    return key


@dataclass(frozen=True, slots=True)
class Page:
    """A page without the keys of its forms. forms: for each gap the number of the form it belongs to."""

    pieces: tuple[bytes, ...]
    forms: tuple[int, ...]
    content_type: str
    stamp: Stamp
    own: tuple[object, ...]  # see queries/stamps.Seen

    @property
    def size(self) -> int:
        return sum(map(len, self.pieces))

    def response(self) -> Response:
        """The page with new keys. One form that is shown twice has one key, as it had."""
        drawn = [secrets.token_urlsafe(KEY_BYTES).encode() for _ in range(max(self.forms, default=-1) + 1)]
        body = [self.pieces[0]]
        for form, piece in zip(self.forms, self.pieces[1:], strict=True):
            body += (drawn[form], piece)
        return Response(b"".join(body), content_type=self.content_type)


class Shelf:
    """What a process keeps: pages of one stamp. A newer one empties it, and so does too much."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stamp: Stamp | None = None
        self.pages: dict[Key, Page] = {}
        self.size = 0

    def clear(self) -> None:
        with self.lock:
            self.stamp, self.pages, self.size = None, {}, 0

    def put(self, key: Key, page: Page) -> None:
        with self.lock:
            if page.stamp != self.stamp or self.size + page.size > MOST_BYTES:
                self.stamp, self.pages, self.size = page.stamp, {}, 0
            before = self.pages.get(key)
            self.size += page.size - (before.size if before else 0)
            self.pages[key] = page


def while_unchanged(view: View) -> View:
    """Mark a view whose pages are kept. It must not write, and must look at no header but cookies and host.

    Stands nearest to the function, below `requires`.
    """

    @functools.wraps(view)
    def made(*args: Any, **kwargs: Any) -> Any:
        g.asked_now, g.drawn_keys = False, []
        answer = make_response(view(*args, **kwargs))
        before: Seen | None = g.get("seen_before")
        if before is not None and before.stamp.is_sure and _may_keep(answer):
            _shelf().put(g.page_key, _page(answer, before))
        return answer

    made.is_kept = True  # type: ignore[attr-defined]  # a function carries it as an attribute
    return made  # type: ignore[return-value]


def _may_keep(answer: Response) -> bool:
    return (
        answer.status_code == 200
        and not answer.is_streamed
        and not answer.headers.getlist("Set-Cookie")
        and not session.modified  # a message that is shown once, a first token
        and not g.asked_now
        and current_user.is_authenticated
    )


def _page(answer: Response, before: Seen) -> Page:
    keys, body = g.drawn_keys, answer.get_data()
    used = [key.encode() for key in keys]
    found = re.findall(b"|".join(used), body) if used else []
    pieces = re.split(b"|".join(used), body) if used else [body]
    return Page(
        tuple(pieces), tuple(used.index(key) for key in found), answer.content_type or "text/html",
        before.stamp, before.own,
    )  # fmt: skip


def _key() -> Key:
    return (
        request.root_url, request.full_path, request.headers.get("Cookie", ""), today().isoformat(),
        date_now().isoformat(),
    )  # fmt: skip


def _shelf() -> Shelf:
    shelf: Shelf = current_app.extensions["kept"]
    return shelf


def answer_kept() -> Response | None:
    """Before an account is read: the page as it was made, if nothing was done since and the session holds."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method != "GET" or not getattr(view, "is_kept", False):
        return None
    token = session.get("_user_id")  # Flask-Login's name for it
    seen = session_seen(token) if token else None
    if seen is None:
        return None  # the hooks behind this one say so
    g.page_key, g.seen_before, config = _key(), seen, current_app.config["TRACKER"]
    page = _shelf().pages.get(g.page_key)
    over = is_over(
        seen.seen_at, seen.started_at, now(), dt.timedelta(minutes=config.idle_minutes),
        dt.timedelta(hours=config.session_hours),
    )  # fmt: skip
    if page is None or over or (page.stamp, page.own) != (seen.stamp, seen.own):
        return None
    g.account_id, g.seen = seen.account_id, (seen.session_id, seen.seen_at)
    return page.response()


def init_app(app: Flask) -> None:
    """Hooked in behind the beginning of the transaction, before whoever asks for the account."""
    app.extensions["kept"] = Shelf()
    app.before_request(answer_kept)
