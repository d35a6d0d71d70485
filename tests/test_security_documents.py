"""The documents about security say what the code does: each limit, each use of cryptography."""

from __future__ import annotations

import re

import pytest

from config import load_config
from scripts import asvs
from tests import scans
from tests.proof.figures import FIGURES
from tracker import security_events
from tracker.db import Model
from tracker.files import chart_picture, docx_text, evidence, scanner, workbook
from tracker.queries import own_figures
from tracker.queries.verifications import MOST_AT_ONCE
from tracker.rules import evidence as evidence_rules
from tracker.rules import import_reports, passwords
from tracker.views import sessions
from tracker.views.audit_words import PAGES

FOLDER = scans.ROOT / "docs" / "security"
LIMITS = (FOLDER / "limits.md").read_text(encoding="utf-8")
PROOFS = (FOLDER / "proofs.md").read_text(encoding="utf-8")
KEYS = (FOLDER / "keys.md").read_text(encoding="utf-8")
MIB = 2**20
READ, LOOKED = workbook.Limits(), evidence.Limits()
IN_CODE = {
    "workbooks in one form": import_reports.MOST_FILES,
    "files of evidence in one form": evidence_rules.MOST_AT_ONCE,
    "records in one act of verifying": MOST_AT_ONCE,
    "days that they are kept at the least": 184,
    "wrong passwords of one account, and of one unknown login, in an hour": security_events.TRIES,
    "wrong passwords of everybody, known browsers apart, in five minutes": security_events.ALL_TRIES,
    "wrong codes of the second step in an hour": security_events.TRIES,
    "minutes between password and code": sessions.PENDING_FOR.seconds // 60,
    "shortest password, characters": passwords.SHORTEST,
    "longest password, characters": passwords.LONGEST,
    "unpacked size of a workbook, MiB": READ.unpacked // MIB,
    "parts of a workbook": READ.parts,
    "how many times smaller a packed part may be": READ.ratio,
    "columns of a sheet": READ.columns,
    "characters of a cell": READ.cell,
    "unpacked size of evidence, MiB": LOOKED.unpacked // MIB,
    "parts of a document": LOOKED.parts,
    "pixels of a picture, million": LOOKED.pixels // 10**6,
    "characters of a draft that is checked": docx_text.Limits().characters,
    "looking into evidence: memory of the child, MiB": LOOKED.memory // MIB,
    "looking into evidence: seconds": LOOKED.seconds,
    "looking for viruses in one file: seconds": scanner.SECONDS,
    "pictures of charts of one request: seconds, waiting included": chart_picture.SECONDS,
    "a figure that is tried out: seconds, PostgreSQL": own_figures.PATIENCE,
    "whole ledgers, packs, bulletins as files: done by the worker, one after the other": 1,
}
SETTINGS = {
    "TRACKER_UPLOAD_MIB": ("upload_bytes", MIB),
    "TRACKER_IMPORT_ROWS": ("import_rows", 1),
    "TRACKER_EVIDENCE_MIB": ("evidence_bytes", MIB),
    "TRACKER_EVIDENCE_FILES": ("evidence_files", 1),
    "TRACKER_SEARCHES_AN_HOUR": ("searches_an_hour", 1),
    "TRACKER_EXPORTS_AN_HOUR": ("exports_an_hour", 1),
    "TRACKER_UPLOADS_AN_HOUR": ("uploads_an_hour", 1),
    "TRACKER_AUDIT_DAYS": ("audit_days", 1),
    "TRACKER_IDLE_MINUTES": ("idle_minutes", 1),
    "TRACKER_SESSION_HOURS": ("session_hours", 1),
    "TRACKER_IMPORT_MEMORY_MIB": ("import_memory_mib", 1),
    "TRACKER_IMPORT_SECONDS": ("import_seconds", 1),
}
THREATS = (FOLDER / "threats.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| ([^|]+?) \|(?: ([^|]+?) \|)? (\d+) \|(?: `(TRACKER_\w+)`)? \|$", re.MULTILINE)


def rows():
    """What a limit is of, its number, and its setting or ''."""
    for what, more, number, setting in ROW.findall(LIMITS):
        yield (f"{what}: {more}" if more else what), int(number), setting


def test_each_limit_of_the_list_is_that_of_the_code(tmp_path):
    config = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    told = list(rows())
    assert {what for what, _, setting in told if not setting} == set(IN_CODE)
    assert {setting for _, _, setting in told if setting} == set(SETTINGS)
    for what, number, setting in told:
        if setting:
            field, unit = SETTINGS[setting]
            assert getattr(config, field) // unit == number, what
        else:
            assert IN_CODE[what] == number, what


def test_the_inventory_of_algorithms_is_that_of_the_code():
    told = {
        file: set(uses.split(", ")) for file, uses in re.findall(r"^\| `([^`]+\.py)` \| (.+) \|$", KEYS, re.M)
    }
    found: dict[str, set[str]] = {}
    for path, _, name in scans.all_imports():
        if scans.within(name, scans.CRYPTO):
            found.setdefault(path, set()).add(name.split(".")[0])
    assert told == found


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.md")), ids=lambda path: path.name)
def test_what_a_document_links_to_is_there(path):
    text = path.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
        assert "://" in target or (path.parent / target).exists(), target
    for test in re.findall(r"`(tests/[\w/]+\.py::test_\w+)`", text):
        assert asvs.has_test(test), test
    for file in re.findall(r"`((?:tests|tracker|scripts|docs)/[\w/.-]+\.(?:py|md|toml|json))`", text):
        assert (scans.ROOT / file).exists(), file


def test_the_table_of_proofs_has_the_figures_of_the_code_and_tests_that_are_there():
    """Each line of the test plan, once; figures that stand in the code stand in its row."""
    rows = re.findall(r"^\| (\w+) \|(.+)\|$", PROOFS, re.MULTILINE)
    lines = {line: cells for line, cells in rows if line != "line"}
    assert len(lines) == len(rows) - 1 and set(FIGURES) <= set(lines)
    for line, cells in lines.items():
        tried, tests = cells.split("|")[2], cells.split("|")[4]
        if line in FIGURES:
            assert f"{FIGURES[line].merge} " in tried and f"{FIGURES[line].full} " in tried, line
        for path in re.findall("`([^`]+)`", tests):
            assert (scans.ROOT / path).is_file(), path
        assert line == "k" or "`tests/" in tests


def first_cells(heading):
    """What stands in backticks in the first column of the tables of the threat model below a heading."""
    part = THREATS.split(heading, 1)[1].split("\n## ", 1)[0]
    lines = re.findall(r"^\| (`[^|]+) \|", part, re.MULTILINE)
    return {name for line in lines for name in re.findall(r"`(.+?)`", line)}


def test_every_table_has_its_place_in_the_threat_model():
    assert first_cells("Which table holds what") == set(Model.metadata.tables), (
        "docs/security/threats.md § S1"
    )


def test_every_room_has_its_place_in_the_threat_model():
    assert first_cells("## The rooms of the application") == {*PAGES, "static"}, "docs/security/threats.md"
