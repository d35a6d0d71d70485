"""The installed app: its manifest, its worker, the page without a network, and the way to be rid of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests import html

pytestmark = pytest.mark.slow

STATIC = Path(__file__).resolve().parent.parent.parent / "static"


def kept(answer):
    """What the worker says that it keeps: version, page and files."""
    return json.loads(re.match(r"const KEPT = (.+);\n", answer.text)[1])


def test_the_manifest_names_the_campaign_and_icons_that_are_there_in_their_sizes(client, bureau):
    answer = client.get("/manifest.webmanifest")
    assert answer.mimetype == "application/manifest+json"
    said = json.loads(answer.text)
    assert said["name"] == bureau.campaign.name
    assert (said["start_url"], said["scope"], said["display"]) == ("/", "/", "standalone")
    assert "shortcuts" not in said
    for icon in said["icons"]:
        answer = client.get(icon["src"])
        size = Image.open(BytesIO(answer.data)).size
        assert f"{size[0]}x{size[1]}" == icon["sizes"]
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in said["icons"]}
    assert "maskable" in {icon["purpose"] for icon in said["icons"]}


def test_an_installation_without_a_campaign_has_a_manifest_too(client):
    said = json.loads(client.get("/manifest.webmanifest").text)
    assert said["name"] == html.text_of(client.page("/help").find(".//title")).split(" · ")[-1]


def test_a_member_s_icon_offers_the_note_at_once(client, bureau, zhang):
    said = json.loads(client.sign_in(zhang).get("/manifest.webmanifest").text)
    assert said["shortcuts"] == [{"name": "记一笔", "url": "/jot"}]


def test_the_worker_keeps_static_files_and_the_page_without_a_network_and_nothing_else(client, bureau):
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-store"
    said = kept(answer)
    assert said["page"].startswith("/offline")
    assert all(address.startswith("/static/") for address in said["files"])
    for address in (said["page"], *said["files"]):
        assert client.get(address).status_code == 200, address
    assert "worker-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_worker_has_another_version_when_what_it_keeps_is_another(client, bureau, monkeypatch):
    before = kept(client.get("/sw.js"))["version"]
    assert kept(client.get("/sw.js"))["version"] == before
    assert kept(client.get("/sw.js?language=en"))["version"] != before
    monkeypatch.setattr("tracker.views.installed.KEPT", ("seal.svg",))
    assert kept(client.get("/sw.js"))["version"] != before


def test_the_page_without_a_network_is_nobody_s(client, bureau, zhang):
    before = client.get("/offline").text
    assert client.sign_in(zhang).get("/offline").text == before
    page = html.parse(before)
    assert "现在没有网络" in html.text_of(page)
    assert bureau.people[0].name not in before
    assert page.find(".//form") is None
    assert "There is no network" in html.text_of(html.parse(client.get("/offline?language=en").text))
    assert client.get("/offline?language=<b>").text == before


def test_where_the_app_is_switched_off_the_worker_takes_itself_away(client, bureau, app):
    config = app.config["TRACKER"]
    app.config["TRACKER"] = replace(config, no_app=True)
    try:
        worker, page = client.get("/sw.js").text, client.get("/help").text
    finally:
        app.config["TRACKER"] = config
    assert "unregister()" in worker
    assert "caches.delete" in worker
    assert "respondWith" not in worker
    assert "installed.js" not in page
