"""Headers and cookies of every answer: each address, each status, signed in or not, page, file and error."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.canary_walk import keys, quick
from tests.proof.figures import is_full, reached
from tests.world import World, address_of, rules
from tracker.headers import POLICY
from tracker.models import Role

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

SET = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
REFERRER = {"same-origin", "no-referrer"}
FORM = "application/x-www-form-urlencoded"
OTHERS = 12  # of so many addresses one is asked in other ways too; in a full run each
BROWSER = {"Origin": "https://evil.example"}
STRICT = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'")


class Answers:
    """Looks at each answer, and counts them by their status."""

    def __init__(self) -> None:
        self.counted: dict[int, int] = {}
        self.wrong: list[tuple[str, str]] = []

    def look(self, what: str, answer: Any, is_static: bool = False) -> None:
        headers = answer.headers
        self.counted[answer.status_code] = self.counted.get(answer.status_code, 0) + 1
        wrong = [name for name, value in SET.items() if headers.getlist(name) != [value]]
        if headers.get("Referrer-Policy") not in REFERRER:
            wrong.append("Referrer-Policy")
        if not is_static and headers.get("Cache-Control") != "no-store":
            wrong.append("Cache-Control")
        if "Access-Control-Allow-Origin" in headers:
            wrong.append("Access-Control-Allow-Origin")
        if (
            answer.data
            and answer.mimetype.startswith("text/")
            and "charset=utf-8" not in headers["Content-Type"]
        ):
            wrong.append("Content-Type")
        for cookie in headers.getlist("Set-Cookie"):
            parts = {part.strip().lower().partition("=")[0] for part in cookie.split(";")[1:]}
            if not {"httponly", "samesite", "path"} <= parts or "domain" in parts:
                wrong.append(cookie.partition("=")[0])
        self.wrong += [(what, name) for name in wrong]


@pytest.mark.on_postgresql_as
def test_every_answer_carries_the_whole_set(app, make, client, monkeypatch, record_property):
    world, answers = World(make), Answers()
    people = {"nobody": quick(app), "office": quick(app).sign_in(make.user(Role.OFFICE))}
    for who, browser in people.items():
        for number, rule in enumerate(rules(app)):
            address = address_of(app, rule, world.values)
            for method in ("GET", "HEAD", "OPTIONS", "PUT"):
                if method == "GET" or is_full() or number % OTHERS == 0:
                    answer = browser.open(address, method=method, headers=BROWSER)
                    answers.look(f"{who} {method} {address}", answer)
    office = people["office"]
    for name in ("css/base.css", "nothing.css", "../config.py"):
        answers.look(name, office.get(f"/static/{name}"), is_static=True)
    odd = {
        "no token": office.post("/suggestions/new", data={"text": "少一列"}),
        "nothing typed": office.post("/suggestions/new", data={**keys(office), "text": ""}),
        "too large": office.post("/suggestions/new", data=bytes(20 * 2**20), content_type=FORM),
        "impossible host": office.get("/help", headers={"Host": "x" * 5000}),
        "no such page": office.get("/nowhere/at/all"),
        **faults(app, office, monkeypatch),
    }
    for what, answer in odd.items():
        answers.look(what, answer)
    assert answers.wrong == []
    assert {200, 302, 400, 404, 405, 413, 422, 500, 503} <= set(answers.counted)
    assert all(part in POLICY for part in STRICT)
    assert "unsafe" not in POLICY
    total, seen = sum(answers.counted.values()), dict(sorted(answers.counted.items()))
    reached(record_property, "g", f"{total} answers carry the whole set: {seen}")


def faults(app: Any, office: Any, monkeypatch: Any) -> dict[str, Any]:
    """The answers when a page breaks, and when the database does not answer."""

    def break_it(error: Exception) -> Any:
        def view(**_: Any) -> None:
            raise error

        view.access_mark = app.view_functions["help.show"].access_mark  # type: ignore[attr-defined]
        monkeypatch.setitem(app.view_functions, "help.show", view)
        return office.get("/help")

    monkeypatch.setattr(app, "testing", False)  # as in earnest: an error becomes a page
    monkeypatch.setitem(app.config, "TESTING", False)
    return {
        "a fault of ours": break_it(RuntimeError("broken")),
        "no database": break_it(OperationalError("SELECT 1", {}, Exception("gone"))),
    }
