"""Static files: an address that changes with the content, kept for a year, compressed where asked for."""

from __future__ import annotations

import gzip
import re

import pytest

from tracker.static_files import YEAR, digest_of

pytestmark = pytest.mark.slow

SHEET = "css/lists.css"


@pytest.fixture
def address(app):
    with app.test_request_context():
        return app.url_for("static", filename=SHEET)


def content(app) -> bytes:
    with open(f"{app.static_folder}/{SHEET}", "rb") as file:
        return file.read()


def test_every_static_file_that_a_page_names_has_its_version(client):
    page = client.get("/sign-in").text
    named = re.findall(r'"(/static/[^"#]+)', page)
    assert len(named) > 10
    assert [one for one in named if not re.search(r"\?v=[0-9a-f]{12}$", one)] == []
    assert {client.get(one).status_code for one in set(named)} == {200}


def test_with_its_version_it_is_kept_for_a_year_and_never_asked_again(client, address):
    assert client.get(address).headers["Cache-Control"] == f"public, max-age={YEAR}, immutable"


@pytest.mark.parametrize("query", ["", "?v=", "?v=000000000000"])
def test_without_it_or_with_another_it_is_asked_again_each_time(client, query):
    answer = client.get(f"/static/{SHEET}{query}")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"


def test_another_content_has_another_version(app, tmp_path):
    app.static_folder, kept = str(tmp_path), app.static_folder
    try:
        file = tmp_path / "x.css"
        with app.app_context():
            file.write_text("a{}")
            first = digest_of("x.css")
            file.write_text("b{} ")
            assert first != digest_of("x.css")
    finally:
        app.static_folder = kept


@pytest.mark.parametrize("name", ["no/such.css", "css", "../wsgi.py", "..%2fwsgi.py", "css/lists.css/x"])
def test_what_is_no_file_below_static_is_not_found_and_has_no_version(client, app, name):
    assert client.get(f"/static/{name}").status_code == 404
    with app.app_context():
        assert digest_of(name) is None


def test_it_is_compressed_for_who_understands_it(client, app, address):
    plain = client.get(address)
    small = client.get(address, headers={"Accept-Encoding": "br, gzip;q=0.5"})
    assert gzip.decompress(small.data) == plain.data == content(app)
    assert len(small.data) * 2 < len(plain.data)
    assert small.headers["Content-Encoding"] == "gzip"
    assert int(small.headers["Content-Length"]) == len(small.data)
    assert small.headers["Content-Type"] == plain.headers["Content-Type"] == "text/css; charset=utf-8"
    assert "Content-Encoding" not in plain.headers
    assert {one.headers["Vary"] for one in (plain, small)} == {"Accept-Encoding"}
    assert small.headers["ETag"] != plain.headers["ETag"]


@pytest.mark.parametrize("accepted", ["", "identity", "gzip;q=0", "br"])
def test_and_for_nobody_else(client, app, address, accepted):
    answer = client.get(address, headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers
    assert answer.data == content(app)


def test_a_part_is_a_part_of_the_plain_file(client, app, address):
    answer = client.get(address, headers={"Accept-Encoding": "gzip", "Range": "bytes=10-19"})
    assert answer.status_code == 206
    assert answer.data == content(app)[10:20]


@pytest.mark.parametrize("accepted", ["gzip", "identity"])
def test_what_a_browser_has_is_not_sent_again(client, address, accepted):
    headers = {"Accept-Encoding": accepted}
    tag = client.get(address, headers=headers).headers["ETag"]
    again = client.get(address, headers={**headers, "If-None-Match": tag})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", tag)
    other = "identity" if accepted == "gzip" else "gzip"
    assert client.get(address, headers={"Accept-Encoding": other, "If-None-Match": tag}).status_code == 200


def test_a_picture_is_sent_as_it_is(client):
    answer = client.get("/static/seal.svg", headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers  # too small to gain by it


def test_a_page_is_never_compressed(client):
    answer = client.get("/sign-in", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"
