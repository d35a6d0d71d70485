"""What every answer carries, whatever the address, the reader and the status: headers, types, cookies."""

from __future__ import annotations

import json
import re

import pytest

from tests import html
from tests.canary_walk import contents, quick
from tests.world import World, address_of, rules
from tracker.access import PUBLIC, mark_of
from tracker.headers import POLICY
from tracker.models import Role

pytestmark = pytest.mark.slow  # every page as two readers
EVIL = "https://evil.example"
WITH_CHARSET = re.compile(r"(text/[a-z.+-]+|application/(javascript|toml)|image/svg\+xml); charset=utf-8")
BYTES = {
    "application/json", "application/manifest+json", "application/pdf", "application/zip", "image/png",
    "image/svg+xml", "image/x-icon",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip
STARTS = {
    "application/pdf": b"%PDF", "application/zip": b"PK", "image/png": b"\x89PNG",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": b"PK",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": b"PK",
}  # fmt: skip


def answers(app, office, world):
    """Address and answer of every page for the office and for nobody; of what is missing; of files."""
    readers = {
        "office": quick(app).sign_in(office),
        "nobody": quick(app),
    }
    asked = [rule for rule in rules(app) if "GET" in rule.methods]
    others = [
        "/nowhere",
        "/static/css/base.css",
        "/static/nowhere.css",
        "/static/seal.svg",
        "/static/",
        "/static",
    ]
    for who, client in readers.items():
        for address in [*(address_of(app, rule, world.values) for rule in asked), *others]:
            headers = {"Origin": EVIL}
            yield f"{who} {address}", client.get(address, headers=headers, base_url="https://localhost")
        yield f"{who} POST without token", client.post("/suggestions/new", base_url="https://localhost")
        yield f"{who} PUT", client.put("/help", base_url="https://localhost")


def faults_of(answer):
    """What is missing or wrong of what every answer carries."""
    headers, found = answer.headers, []
    wanted = {
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    found += [name for name, value in wanted.items() if headers.get(name) != value]
    if headers.get("Referrer-Policy") not in ("same-origin", "no-referrer"):
        found.append("Referrer-Policy")
    found += [name for name, _ in headers if name.lower().startswith("access-control-")]
    if EVIL in headers.get("Location", "") or headers.get("Location", "").startswith(("http", "//")):
        found.append("Location")
    return found


def wrong_type(answer):
    """Whether the Content-Type is not that of the body."""
    kind = answer.headers.get("Content-Type", "")
    if not answer.data or answer.status_code == 304:
        return ""
    if kind in BYTES:
        return "" if answer.data.startswith(STARTS.get(kind, b"")) else kind
    if not WITH_CHARSET.fullmatch(kind):
        return kind or "none"
    answer.data.decode("utf-8")
    return ""


def has_no_way_out(where, answer):
    """Whether a page with a menu, of somebody signed in, has no form to sign out. Paper has no menu."""
    return where.startswith("office") and "<nav" in answer.text and 'action="/sign-out"' not in answer.text


def test_every_answer_carries_every_header_says_truly_what_it_is_and_opening_it_changes_nothing(app, make):
    world, office = World(make), make.user(Role.OFFICE)
    before = contents()
    seen = list(answers(app, office, world))
    after = contents()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"screen_link"}, "of a screen it is noted when it asked last"
    assert {status for _, answer in seen for status in [answer.status_code]} >= {200, 302, 400, 404, 405}
    assert [(where, faults) for where, answer in seen if (faults := faults_of(answer))] == []
    assert [(where, kind) for where, answer in seen if (kind := wrong_type(answer))] == []
    pages = [(where, answer) for where, answer in seen if answer.mimetype == "text/html"]
    assert [where for where, answer in pages if has_no_way_out(where, answer)] == []
    for where, answer in seen:
        if "application/json" in answer.headers.get("Content-Type", ""):
            json.loads(answer.data)
        if "/static/" not in where:
            assert answer.headers["Cache-Control"] == "no-store", where


def test_the_policy_lets_nothing_in_but_the_sites_own():
    parts = dict(part.split(" ", 1) for part in POLICY.split("; "))
    assert (
        parts["default-src"]
        == parts["base-uri"]
        == parts["object-src"]
        == parts["frame-ancestors"]
        == "'none'"
    )
    assert parts["script-src"] == parts["style-src"] == parts["form-action"] == "'self'"
    assert "unsafe" not in POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY


def test_no_address_takes_trace_and_no_public_page_is_unknown(app, client):
    assert [rule.endpoint for rule in app.url_map.iter_rules() if {"TRACE", "CONNECT"} & rule.methods] == []
    for address in ("/", "/sign-in", "/records", "/static/seal.svg", "/nowhere"):
        assert client.open(address, method="TRACE").status_code in (404, 405), address
    public = {rule.endpoint for rule in rules(app) if mark_of(app, rule.endpoint) is PUBLIC}
    assert not {
        name for name in public if name.startswith(("records", "members", "audit", "imports", "packs"))
    }


@pytest.mark.parametrize(
    "address",
    [
        "/.git", "/.git/HEAD", "/.git/config", "/.svn/entries", "/.env", "/config.py", "/wsgi.py", "/tests/",
        "/docs/", "/tracker/", "/data/", "/data/tracker.sqlite3", "/data/secret_key", "/requirements.txt",
        "/console", "/debug",
        "/static/..%2fconfig.py", "/static/%2e%2e/config.py", "/static/..%5cconfig.py", "/static//etc/passwd",
        "/static/css/", "/static/js", "/static/vendor/", "/metrics", "/api/docs", "/swagger.json",
    ],
)  # fmt: skip
def test_neither_sources_nor_folders_nor_debugging_are_served(client, address):
    answer = client.get(address)
    assert answer.status_code in (308, 404)
    if answer.status_code == 308:
        assert client.get(answer.location).status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        "100%2525",
        "%253Cscript%253E",
        "{{1789*7}}",
        "{0.__class__}",
        "%(name)s %s %d",
        "${1789*7}",
        "#{1789*7}",
    ],
)
def test_what_is_typed_is_decoded_once_and_never_worked_out(client, make, typed):
    client.sign_in(make.user(Role.OFFICE))
    assert client.submit("/suggestions/new", {"text": typed}).status_code == 303
    said = html.text_of(client.page("/suggestions"))
    assert typed in said
    assert "12523" not in said  # which no time of day or number of rows is
    sought = client.get("/search", query_string={"q": typed})
    assert sought.status_code == 200
    boxes = html.parse(sought.text).findall(".//input[@name='q']")
    assert typed in [box.get("value") for box in boxes]
