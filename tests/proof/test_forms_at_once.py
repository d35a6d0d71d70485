"""Forms sent by many hands at one moment, with one key or each with their own: they are done once."""

from __future__ import annotations

import secrets
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select

from tests.bureau import Bureau
from tests.canary_walk import keys, quick
from tests.maker import Maker
from tests.proof.figures import count, reached
from tests.proof.fuzz import KEPT, encoded, forms
from tests.services.test_imports_at_once import at_once
from tests.world import World
from tracker.db import db
from tracker.models import AuditEvent, Role, Submission, User

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

FORM = "application/x-www-form-urlencoded"
ENDS = ("/sign-out", "/language")  # nobody is signed in after the one, the other is for anybody


# Forms that change what stands, of many kinds: done once, however many send them, each with their own key.
ONCE = {
    "accounts.disable", "bulletins.discard", "closes.reopen", "holidays.drop", "mappings.delete",
    "plans.cancel", "quoted.withdraw", "records.reverse", "resolutions.mark", "screens.revoke", "shares.end",
}  # fmt: skip
HANDS = 50  # for these
AGAIN = 3  # whose turn did not come in time was told to send the same once more, and does
WHY = "登记有误，重新来过"


class Storm:
    """A bureau in a database of its own, the forms of its pages, and what many hands make of one."""

    def __init__(self, app: Any, *whose: str) -> None:
        self.app = app
        with app.app_context():
            make = Maker()
            world = World(make, Bureau(make).campaign)
            self.people = {
                "office": make.user(Role.OFFICE).id,
                "secretary": make.user(Role.SECRETARY, world.branch).id,
                "member": make.user(Role.MEMBER, member=world.member).id,
            }
            db.session.commit()
            self.forms = [
                form
                for who, id_ in self.people.items()
                if who in whose
                for form in forms(app, who, quick(app).sign_in(db.session.get_one(User, id_)), world.values)
                if form.method == "post" and form.action not in ENDS
            ]

    def endpoint(self, form: Any) -> str:
        paths = self.app.url_map.bind("localhost")
        return str(paths.match(urlsplit(form.action).path, method="POST")[0])

    def send(self, form: Any, hands: int, *, with_one_key: bool) -> tuple[bool, list[Any]]:
        """Send it at one moment. Returns whether it was done, and what was wrong."""
        body, token, cookie, last = prepared(self.app, self.people[form.who], form)
        answers: list[Any] = []

        def one() -> None:
            twin = self.app.test_client()
            twin.set_cookie(self.app.config["SESSION_COOKIE_NAME"], cookie)
            mine = body if with_one_key else body.replace(token, secrets.token_urlsafe(24))
            for _ in range(1 + AGAIN):
                answer = twin.post(form.action, data=mine, content_type=FORM)
                if answer.status_code != 503:
                    break
            answers.append((answer.status_code, answer.location))

        raised = at_once(*[one] * hands)
        assert raised == [None] * hands, (form.action, raised)
        with self.app.app_context():
            acts = Counter(
                (event.action, event.subject_type, event.subject_id, str(event.detail))
                for event in db.session.scalars(select(AuditEvent).where(AuditEvent.id > last))
                if not event.action.startswith("access:")
            )
            taken = db.session.scalar(select(func.count()).where(Submission.key == token))
        twice = [act for act, times in acts.items() if times > 1]
        is_done = bool(taken) if with_one_key else bool(acts)
        # Slips are shown to the first alone; the others are led to where their page would lead. Who sends so
        # often may be told to wait, before anybody knows that it is the same once more.
        places = {location for status, location in answers if status not in (200, 429)}
        is_one = len(places) <= 1 or not with_one_key
        if max(status for status, _ in answers) >= 500 or (is_done and (twice or not is_one)):
            return is_done, [(form.who, form.action, Counter(answers), twice)]
        return is_done, []


@pytest.mark.on_postgresql_as
def test_what_stands_changes_once_however_many_change_it(fresh_app, record_property):
    storm = Storm(fresh_app, "office")
    done, wrong = set(), []
    seen = set()
    for form in storm.forms:
        endpoint = storm.endpoint(form)
        if endpoint in ONCE and endpoint not in seen:
            seen.add(endpoint)
            is_done, found = storm.send(form, HANDS, with_one_key=False)
            wrong += found
            done |= {endpoint} if is_done else set()
    assert wrong == []
    assert len(done) >= 6, done
    reached(
        record_property, "d", f"{HANDS} hands at each of {len(done)} forms: each done once: {sorted(done)}"
    )


@pytest.mark.full
def test_a_form_sent_many_times_at_once_is_done_once(fresh_app, record_property):
    storm, tries = Storm(fresh_app, "office", "secretary", "member"), count("d")
    tried = [storm.send(form, tries, with_one_key=True) for form in storm.forms]
    assert [one for _, wrong in tried for one in wrong] == []
    done = sum(is_done for is_done, _ in tried)
    reached(record_property, "d", f"{tries} hands at one form with one key: {done} acts, each done once")


def prepared(app: Any, user_id: int, form: Any) -> tuple[str, str, str, int]:
    """Sign in anew: the body to be sent, its key, the browser's cookie, and the last event before."""
    with app.app_context():
        browser = quick(app).sign_in(db.session.get_one(User, user_id))
        own = keys(browser)
        cookie = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
        last = db.session.scalar(select(func.max(AuditEvent.id))) or 0
    typed = {name: [WHY] for name in form.fields if name in ("why", "reason")}
    given = {**form.fields, **typed}
    fields = [(name, one) for name, values in given.items() if name not in KEPT for one in values]
    return encoded([*fields, *own.items()]), own["submission_key"], cookie.value, last
