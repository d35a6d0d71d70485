"""Signing in as a person does: with the form, a password, and cookies that can be stolen."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from tests import html
from tracker.db import db
from tracker.models import AuditEvent

PASSWORD = "东湖 correct horse 7"


def sign_in(client: Any, login: str = "office", password: str = PASSWORD, **fields: Any) -> Any:
    """Fill in the form and send it."""
    return client.submit("/sign-in", {"login": login, "password": password, **fields}, action="/sign-in")


def cookie(client: Any, name: str = "session") -> str:
    """The value of a cookie that the browser holds, '' if it has none."""
    found = client.get_cookie(name)
    return found.value if found else ""


def thief(app: Any, client: Any, *names: str) -> Any:
    """Another browser with copies of the first one's cookies."""
    other = app.test_client()
    for name in names or ("session",):
        other.set_cookie(name, cookie(client, name))
    return other


def is_in(client: Any) -> bool:
    """Whether somebody is signed in there."""
    answer = client.get("/suggestions/new")
    assert answer.status_code in (200, 302)
    return bool(answer.status_code == 200)


def said(answer: Any) -> str:
    """The errors at the top of a form that is shown again."""
    found = html.parse(answer.text).find(".//div[@class='summary']")
    return "" if found is None else html.text_of(found)


def actions() -> list[str]:
    """The acts in the audit, in their order."""
    return list(db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
