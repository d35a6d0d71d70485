"""What a test run says about itself: on which databases it ran, what it left out, which tests are slow."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path
from zlib import crc32

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests import databases

SLOW_SECONDS = 0.5
SHOWN = 20
NOT_RUN = "TRACKER_TEST_NOT_RUN"  # scripts/test tells here what it found missing, one sentence a line
BROWSER = "TRACKER_TEST_CHROMIUM"
FULL = "TRACKER_TEST_FULL"  # set by `make test-full` and `make test-everything`
IN_TURN = "TRACKER_TEST_IN_TURN"  # set by `make test`: tests of pages and commands have one database each
# Folders and files of such tests, and of those that read a file written or walk through pages; what is marked
# `both` is none of them. The acceptance bureaus' figures are asked of both.
TURNS = {
    "views", "cli", "files", "test_every_campaigns_pages.py", "test_bulletin.py", "test_claims.py",
    "test_pack.py", "test_marked_workbook.py", "test_tenth.py", "test_canary.py", "test_access.py",
    "test_access_foreign.py", "test_access_forms.py", "test_sql_times.py",
}  # fmt: skip
OF_ONE_SERVER = {"test_hostile_files.py", "test_two_hosts.py"}  # modules of proofs
# Proofs that take minutes in full: they begin first, so that no processor is left with one at the end.
LONGEST = (
    "test_kills.py", "test_imports_killed.py", "test_forms_at_once.py", "test_record_states.py",
    "test_forms_fuzzed.py", "test_every_answer.py", "test_upgrades_killed.py", "test_backups.py",
    "test_erasures.py", "test_canary.py", "test_power_cuts.py",
)  # fmt: skip
SECTION = "heaviest pages"  # what tests record under this name is shown at the end
PROOFS = "proofs"  # and so is this


def chromium() -> str | None:
    """The Chromium that browser tests drive, None if there is none."""
    named = os.environ.get(BROWSER) or shutil.which("chromium") or shutil.which("chromium-browser")
    return named if named and Path(named).exists() else None


def not_run() -> list[str]:
    """One sentence for each thing that this run leaves out or cannot do."""
    lines = [line for line in os.environ.get(NOT_RUN, "").splitlines() if line.strip()]
    for name in databases.ALL:
        if name not in databases.asked_for():
            lines.append(f"tests on {name}: {databases.CHOICE} leaves it out")
    if "postgresql" in databases.asked_for() and databases.postgres_source() is None:
        lines.append(f"tests on postgresql: no server here (postgresql, or {databases.SERVER})")
    if chromium() is None:
        lines.append(f"browser tests: no Chromium here (chromium, or {BROWSER})")
    return lines


def pytest_report_header() -> list[str]:
    source = databases.postgres_source()
    on = [f"{name} ({source})" if name == "postgresql" else name for name in databases.wanted()]
    return [f"databases: {', '.join(on)}", *(f"NOT RUN: {line}" for line in not_run())]


def in_turn() -> bool:
    """Whether what need not run on both databases runs on one: in `make test`, where there are both."""
    return bool(os.environ.get(IN_TURN)) and databases.wanted() == databases.ALL


def _database_of(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database") if callspec else None


class Together(LoadScopeScheduling):
    """Spreads tests over the workers one by one, but keeps together what shares a costly fixture; the largest
    of such groups start first. (The mark xdist_group of pytest-xdist 3.8 does nothing under pytest 9.)
    """

    def _split_scope(self, nodeid: str) -> str:
        """The name of the group that a test is in; a test by itself is its own."""
        path = nodeid.split("::")[0]
        if "/browser/" in path or Path(path).name in OF_ONE_SERVER:
            return path  # a module's tests share a server
        if "/acceptance/" in path:  # a bureau a database
            return next((f"acceptance {name}" for name in databases.ALL if f"[{name}" in nodeid), path)
        return nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Together:
    return Together(config, log)


def _is_for_full(item: pytest.Item, database: str | None) -> bool:
    """Whether a test is left out by `make test`: marked so, or a long walk on PostgreSQL as yet another."""
    walk = item.get_closest_marker("on_postgresql_as")
    people = set(item.callspec.params.values()) if walk else set()  # type: ignore[attr-defined]
    is_one_more = walk and database == "postgresql" and not people & set(walk.args)
    return bool(item.get_closest_marker("full") or is_one_more)


def _not_their_turn(items: list[pytest.Item]) -> set[pytest.Item]:
    """Tests of pages and commands that run on the other database this time: each has one, by its name.

    Both ask the database through queries and services alone, whose own tests run on both.
    """
    both: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("both") or not TURNS & set(item.path.parts):
            continue
        if name := _database_of(item):
            both.setdefault(item.nodeid.replace(name, "", 1), []).append(item)
    pairs = {test: twins for test, twins in both.items() if len(twins) == len(databases.ALL)}
    return {twins[1 - crc32(test.encode()) % 2] for test, twins in pairs.items()}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    kept, left = [], []
    here = [item for item in items if not _is_for_full(item, _database_of(item))]
    others = _not_their_turn(here) if in_turn() else set()
    for item in items:
        name = _database_of(item)
        if name:
            item.user_properties.append(("database", name))
        if "/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
        if item in others or (_is_for_full(item, name) and not os.environ.get(FULL)):
            left.append(item)
            continue
        no_browser = item.get_closest_marker("browser") and chromium() is None and not databases.is_ci()
        (left if no_browser or (name and name not in databases.wanted()) else kept).append(item)
    if os.environ.get(FULL):
        kept.sort(key=_begins)
    if left:
        config.hook.pytest_deselected(items=left)
    items[:] = kept


def _begins(item: pytest.Item) -> int:
    """The place of a proof's file among the longest, behind all of them that of any other test."""
    return LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [
        report
        for outcome in ("passed", "failed")
        for report in terminalreporter.stats.get(outcome, [])
        if isinstance(report, pytest.TestReport) and report.when == "call"
    ]
    on = Counter(dict(report.user_properties).get("database", "no database") for report in reports)
    terminalreporter.section("databases")
    for name, count in sorted(on.items(), key=lambda pair: (pair[0] not in databases.ALL, str(pair[0]))):
        terminalreporter.write_line(f"{count:6} tests {'on' if name in databases.ALL else 'with'} {name}")
    for section in (SECTION, PROOFS):
        told = [value for report in reports for name, value in report.user_properties if name == section]
        if told:
            terminalreporter.section(section)
        for line in sorted(told) if section == PROOFS else told:
            terminalreporter.write_line(str(line))
    slow = sorted(
        (r for r in reports if r.duration > SLOW_SECONDS and not {"slow", "browser"} & set(r.keywords)),
        key=lambda report: -report.duration,
    )
    if slow:
        terminalreporter.section(f"over {SLOW_SECONDS} s")
        for report in slow[:SHOWN]:
            terminalreporter.write_line(f"{report.duration:6.2f} s  {report.nodeid}")
        if len(slow) > SHOWN:
            terminalreporter.write_line(f"and {len(slow) - SHOWN} more")
    if left_out := not_run():
        terminalreporter.section("not run")
        for line in left_out:
            terminalreporter.write_line(f"NOT RUN: {line}")
