"""The operator's virus scanner: what it finds is kept nowhere, and one that is away lets nothing through."""

from __future__ import annotations

import io
import json
import logging
import secrets
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from config import ConfigError, load_config
from tests import html
from tests.proof.places import PLACES
from tests.test_access import MEMBER, OFFICE, peopled
from tests.world import address_of, rules
from tracker.db import db
from tracker.files import scanner
from tracker.models import AuditEvent, Batch, Evidence

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

MARK = b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE"  # enough of it for a stub; no scanner takes this file for one
STUB = f'case "$1" in --opt) ;; *) exit 9;; esac; grep -q {MARK.decode()} "$2" && exit 1; exit 0'


@pytest.fixture
def scanned(app, tmp_path):
    """Sets the scanner: a line of a shell of the test's own, which gets `--opt` and the path."""
    script = tmp_path / "scanner.sh"

    def set_to(line=STUB, command=None):
        script.write_text(line, encoding="utf-8")
        ours = command or ("/bin/sh", str(script), "--opt")
        app.config["TRACKER"] = replace(app.config["TRACKER"], scanner=ours)

    return set_to


@pytest.fixture
def office(client, make):
    user = make.office
    make.campaign()
    client.sign_in(user)
    return user


def send(client, content, name="a.xlsx"):
    """A workbook in the form of imports, and what was typed with it."""
    fields = html.hidden_fields(client.page("/imports"), "/imports")
    data = {**fields, "sort": "ledger", "file": (io.BytesIO(content), name)}
    return client.post("/imports", data=data, content_type="multipart/form-data")


def kept(app):
    """Batches, evidence, and files that lie about."""
    rows = [db.session.scalar(select(func.count()).select_from(table)) for table in (Batch, Evidence)]
    folder = app.config["TRACKER"].data_dir
    return rows, [path.name for path in folder.rglob("*") if path.is_file() and MARK in path.read_bytes()]


def infected():
    chosen = select(AuditEvent).where(AuditEvent.action == "upload:infected")
    return [(event.actor_id, event.detail) for event in db.session.scalars(chosen)]


@pytest.mark.asvs("5.4.3")
def test_a_file_in_which_it_finds_something_is_kept_nowhere_and_noted(app, client, office, scanned):
    scanned()
    answer = send(client, b"PK\x03\x04" + MARK, "工资<表>.xlsx")
    said = html.text_of(html.parse(answer.text).find(".//main"))
    assert answer.status_code == 422
    assert "病毒" in said
    assert "工资<表>.xlsx" in said
    assert "Retry-After" not in answer.headers
    form = html.parse(answer.text).find(".//form[@id='send-again']")
    assert {one.get("name"): one.get("value") for one in form.iter("input")}["sort"] == "ledger"
    assert infected() == [(office.id, {"endpoint": "batches.upload"})]
    assert "工资" not in json.dumps(infected(), ensure_ascii=False)
    counts, files = kept(app)
    assert (counts, [name for name in files if name != "scanner.sh"]) == ([0, 0], [])


def test_a_clean_file_goes_on_whole(app, client, office, scanned):
    scanned()
    answer = send(client, b"PK\x03\x04 no workbook, and clean")
    assert answer.status_code == 303
    assert infected() == []
    (batch,) = db.session.scalars(select(Batch))
    assert (app.config["TRACKER"].data_dir / batch.path).read_bytes() == b"PK\x03\x04 no workbook, and clean"


@pytest.mark.asvs("5.4.3")
def test_no_place_that_takes_files_is_left_out(app, client, make, scanned):
    world = peopled(make)
    before = kept(app)[0]
    scanned()
    client.sign_in(world.users[OFFICE])
    addresses = {
        one.endpoint: address_of(app, one, world.values) for one in rules(app) if one.endpoint in PLACES
    }
    for endpoint, address in addresses.items():
        if endpoint not in ("jots.new", "jots.write", "entries.correct"):
            assert refused(client, address) == 422, endpoint
    client.sign_in(world.users[MEMBER])
    for endpoint in ("jots.new", "jots.write", "entries.correct"):
        assert refused(client, addresses[endpoint]) == 422, endpoint
    assert sorted(detail["endpoint"] for _, detail in infected()) == sorted(PLACES)
    assert kept(app)[0] == before


def refused(client, address):
    """Send the mark in the second of two files."""
    fields = html.hidden_fields(client.page("/help"))
    files = [(io.BytesIO(content), "a.png") for content in (b"clean", b"x" + MARK)]
    data = {**fields, "submission_key": secrets.token_urlsafe(24), "files": files}
    return client.post(address, data=data, content_type="multipart/form-data").status_code


@pytest.mark.asvs("16.5.2")
@pytest.mark.parametrize("fault", ["not there", "fails", "is killed", "too slow"])
def test_a_scanner_that_is_away_lets_nothing_through(
    app, client, office, scanned, fault, monkeypatch, caplog
):
    scanned({"fails": "exit 2", "is killed": "kill -9 $$", "too slow": "exec sleep 5"}.get(fault, ""),
            ("/nowhere/scanner",) if fault == "not there" else None)  # fmt: skip
    if fault == "too slow":
        monkeypatch.setattr(scanner, "SECONDS", 0.3)
    with caplog.at_level(logging.ERROR, "tracker"):
        answer = send(client, b"PK\x03\x04 clean")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "病毒查杀程序" in answer.text
    assert "the virus scanner gave no answer" in caplog.text
    assert kept(app)[0] == [0, 0]
    assert infected() == []


def test_without_the_setting_nothing_is_asked(app, client, office, monkeypatch):
    monkeypatch.setattr(scanner, "_ask", lambda command: pytest.fail(f"{command} was run"))
    assert send(client, b"PK\x03\x04" + MARK).status_code == 303


def test_it_is_told_no_variable_of_ours(monkeypatch, tmp_path):
    monkeypatch.setenv("TRACKER_SECRET_KEY", "never told")
    told = tmp_path / "told"
    assert not scanner.is_infected(io.BytesIO(b"x"), ("/bin/sh", "-c", f"env > {told}"))
    assert "never told" not in told.read_text(encoding="utf-8")


@pytest.mark.parametrize("value", ["/nowhere/scanner --x", "'unclosed", '""'])
def test_a_setting_that_names_no_program_stops_the_start(value, tmp_path):
    with pytest.raises(ConfigError, match="TRACKER_SCANNER"):
        load_config({"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_SCANNER": value})


def test_the_setting_is_parted_as_a_shell_would(tmp_path):
    config = load_config({"TRACKER_DATA_DIR": str(tmp_path), "TRACKER_SCANNER": "sh -c 'exit 0' --opt"})
    assert config.scanner == ("sh", "-c", "exit 0", "--opt")
