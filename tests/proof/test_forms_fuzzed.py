"""Every form of every page, sent as none would send it: never a fault of ours, and the books stay right."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from tests.bureau import Bureau
from tests.canary_walk import keys, quick, undone
from tests.databases import is_ci
from tests.proof.figures import count, is_full, reached
from tests.proof.fuzz import KEPT, Form, attempts, encoded, forms
from tests.proof.places import PLACES
from tests.world import World
from tracker.models import Role, Status

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

BATCH = 20  # requests between two looks at the books
SHARDS = 8 if is_full() else 1
LONGEST = 5.0  # seconds
LARGE = (str(2**63), "9" * 5_000, "-1", str(10**30), str(-(2**63) - 1))
FORM = "application/x-www-form-urlencoded"


class Fuzzed:
    """A bureau, its people's browsers, and every form that they are shown."""

    def __init__(self, app: Any, make: Any) -> None:
        self.app = app
        campaign = Bureau(make).campaign
        world = World(make, campaign)
        self.values = world.values
        self.people = {
            "office": make.user(Role.OFFICE),
            "secretary": make.user(Role.SECRETARY, world.branch),
            "member": make.user(Role.MEMBER, member=world.member),
        }
        mine = make.record(
            campaign, "work", member=world.member, type="绘画", title="未核实", status=Status.SUBMITTED
        )  # fmt: skip
        more = (f"/records/{mine.id}", f"/records/{mine.id}/correct")
        self.forms: list[Form] = []
        for who, user in self.people.items():
            self.forms += forms(app, who, quick(app).sign_in(user), self.values, *more)
        self.sent, self.longest, self.answers = 0, 0.0, {}
        self.slow: list[tuple[str, str, float]] = []  # answers that took too long

    def send(self, browsers: dict[str, Any], form: Form, action: str, fields: list[tuple[str, str]]) -> None:
        """Send it; the answer is no fault of ours. See `soon` for how long it may take."""
        client, start = browsers[form.who], time.monotonic()
        if form.method == "get":
            answer = client.get(f"{action.partition('?')[0]}?{encoded(fields)}")
        else:
            body = encoded([*fields, *keys(client).items()])
            answer = client.post(action, data=body, content_type=FORM)
        took = time.monotonic() - start
        self.sent, self.longest = self.sent + 1, max(self.longest, took)
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        assert answer.status_code < 500, (form.who, action, fields)
        assert b"Traceback (most recent" not in answer.data
        if took > LONGEST:
            self.slow.append((form.who, action, took))

    def soon(self, act: Callable[[], None]) -> None:
        """Do what undoes itself, and once more if an answer came late: a busy machine is slow now and then,
        a slow form is slow again."""
        act()
        if self.slow:
            self.slow.clear()
            act()
        assert self.slow == []

    def assert_books_right(self) -> None:
        """What `flask data check` says."""
        said = self.app.test_cli_runner().invoke(args=["data", "check"])
        assert said.exit_code == 0, said.output

    def browsers(self) -> dict[str, Any]:
        """A new browser for each of them, signed in."""
        return {who: quick(self.app).sign_in(user) for who, user in self.people.items()}


@pytest.fixture
def fuzzed(app, make):
    return Fuzzed(app, make)


@pytest.mark.on_postgresql_as
@pytest.mark.parametrize("shard", range(SHARDS))
def test_no_form_however_it_is_filled_in_is_a_fault_of_ours(fuzzed, record_property, shard):
    known = [str(value) for value in fuzzed.values.values()]

    @hypothesis.seed(shard if is_ci() else random.randrange(2**32))
    @hypothesis.settings(
        max_examples=count("e") // SHARDS // BATCH,
        database=None,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate],
    )
    @hypothesis.given(st.lists(attempts(fuzzed.forms, known), min_size=BATCH, max_size=BATCH))
    def try_them(batch):
        def send_all():
            with undone():
                browsers = fuzzed.browsers()
                for form, action, fields in batch:
                    fuzzed.send(browsers, form, action, fields)
                fuzzed.assert_books_right()

        fuzzed.soon(send_all)

    start = time.monotonic()
    try_them()
    rate = fuzzed.sent / (time.monotonic() - start)
    said = f"{fuzzed.sent} requests to {len(fuzzed.forms)} forms, {rate:.0f} a second"
    answers = dict(sorted(fuzzed.answers.items()))
    reached(record_property, "e", f"{said}, longest {fuzzed.longest:.2f} s, answers {answers}")


@pytest.mark.on_postgresql_as
def test_no_number_however_large_is_a_fault_of_ours(fuzzed, record_property):
    """In every field at once; in a full run two of them in each by itself too."""
    browsers, sent = fuzzed.browsers(), fuzzed.sent

    def send(form, filled):
        nonlocal browsers
        with undone():
            fields = [(name, value) for name, values in filled.items() for value in values]
            fuzzed.send(browsers, form, form.action, fields)
            browsers = browsers if form.method == "get" else fuzzed.browsers()

    for number in LARGE if is_full() else LARGE[:2]:
        by_itself = is_full() and number in LARGE[:2]
        for form in fuzzed.forms:
            names = [name for name in form.fields if name not in KEPT]
            for changed in (names, *([[name] for name in names] if by_itself else [])):
                filled = {**form.fields, **{name: [number] for name in changed}}
                fuzzed.soon(lambda form=form, filled={n: filled[n] for n in names}: send(form, filled))
    reached(record_property, "e", f"{fuzzed.sent - sent} forms filled with numbers past 2⁶³")
    # Here, where every form is at hand: test_hostile_files.py sends its files to all that take any.
    paths = fuzzed.app.url_map.bind("localhost")
    taking = {urlsplit(form.action).path for form in fuzzed.forms if form.takes_files}
    assert {paths.match(path, method="POST")[0] for path in taking} == set(PLACES)
