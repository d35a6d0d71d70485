"""The test client: requests as a server runs them, and every HTML answer read strictly."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any
from xml.etree.ElementTree import Element

from flask import has_app_context
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests import html
from tracker.clock import now
from tracker.db import db
from tracker.models import UserSession
from tracker.rules.tokens import digest_of, new_token


class Client(FlaskClient):
    """Set as `app.test_client_class`, so that `app.test_client()` gives one.

    keeps_pages: let pages be answered from memory (tracker/kept.py). A test that writes rows itself, without
    the events that every act leaves, would be shown what was there before.
    """

    keeps_pages = False

    def __enter__(self) -> Any:
        raise TypeError("A client is not a context manager here: a kept context would keep its user in g.")

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        """Send one request in an application context of its own.

        A test may hold a context open. Flask would run the request in it, and Flask-Login keeps the user in
        `g`: the next client would be the one before. So each request gets a fresh context and session; what
        the test wrote is committed first (into the transaction that is rolled back) and read anew after.
        """
        if has_app_context():
            db.session.commit()
        if not self.keeps_pages:
            self.application.extensions["kept"].clear()
        with self.application.app_context():
            response = super().open(*args, buffered=buffered, **kwargs)
        if has_app_context():
            db.session.expire_all()
        if response.mimetype == "text/html" and response.data:
            response.root = html.parse(response.text)  # type: ignore[attr-defined]  # ours, for page()
        return response

    def page(self, url: str, status: int = 200) -> Element:
        """GET a page and return its parsed root; the answer must have this status."""
        response = self.get(url)
        assert response.status_code == status, f"{url}: {response.status_code}, not {status}"
        root: Element | None = getattr(response, "root", None)
        return html.parse(response.text) if root is None else root

    def submit(
        self, url: str, data: dict[str, Any] | None = None, action: str | None = None, **kwargs: Any
    ) -> TestResponse:
        """Open the page at `url`, fill in the form that it holds, and send it as a browser would.

        data:   the fields a person fills in; the hidden ones are taken from the page.
        action: the form's action if there are several; else the page's own address.
        """
        fields = html.hidden_fields(self.page(url), action)
        return self.post(action or url, data={**fields, **(data or {})}, **kwargs)

    def sign_in(self, user: Any) -> Client:
        """Become `user` without a password, in a session of its own; sign-in itself has its own tests."""
        token, at = new_token(), now()
        with self.application.app_context() if not has_app_context() else nullcontext():
            row = UserSession(digest=digest_of(token), user_id=user.id, started_at=at, seen_at=at)
            db.session.add(row)
            db.session.commit()
        with self.session_transaction() as session:
            session["_user_id"] = token
            session["_fresh"] = True
        return self
