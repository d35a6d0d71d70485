"""The house's four promises, held: imports point down, commits in few places, short files, goals are data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests import architecture
from tests.architecture import Source

ROOT = Path(__file__).resolve().parent.parent
SOURCES = architecture.sources(ROOT / "tracker")
CHECKS = {
    "imports": architecture.wrong_arrows,
    "commits": architecture.wrong_commits,
    "clock": architecture.clock_reads,
    "length": architecture.too_long,
    "places": architecture.paths_apart,
}
# Short names under which people know the goals, beside the titles that the shipped campaign gives them.
KNOWN_AS = {"读党史", "红色故事", "进课堂", "优秀心得", "困难群众结对", "志愿服务", "微实事"}


def goal_names() -> set[str]:
    """What no code and no template may say: the names of all goals of the shipped campaigns."""
    titles = set()
    for file in (ROOT / "tracker" / "campaigns").glob("*.toml"):
        campaign = tomllib.loads(file.read_text(encoding="utf-8"))
        titles |= {goal["name"] for goal in campaign.get("goals", []) if "name" in goal}
    return KNOWN_AS | titles


# What a process remembers, and why that is harmless where several hosts serve: docs/decisions/0075.
FROM_FILES = "read from the program's own files, the same on each host"
FILLED = "a table that is filled while the program is loaded, the same on each host"
FROM_ARGUMENTS = "worked out from its arguments alone"
REMEMBERED = {
    "files/bulletin_docx:_empty": FROM_FILES,
    "files/chart_picture:_one_at_a_time": "one browser at once for each process, for its own memory",
    "files/common_passwords:common_passwords": FROM_FILES,
    "files/personal_catalogue:catalogue": FROM_FILES,
    "files/shipped_campaigns:shipped_campaigns": FROM_FILES,
    "logs:_task": "the name of the work that this thread is at, for its lines of the log",
    "postgresql:_silent": "which server did not answer this host, for a minute",
    "queries/campaigns:_read": FROM_ARGUMENTS,
    "queries/campaigns:_read_all": FROM_ARGUMENTS,
    "queries/contributions:_folded": FROM_ARGUMENTS,
    "queries/contributions:_put_together": FROM_ARGUMENTS,
    "queries/screens:_kept": "figures of the wall, for five seconds; the page itself asks once a minute",
    "queries/screens:_reading": "one reader of the wall at once; the others wait for what it reads",
    "queries/worked_out:WORKED_OUT": "by versions of tallies that are read anew each time, from the database",
    "rules/entries:OWNER_TYPES": FILLED,
    "rules/headings:_names": FROM_ARGUMENTS,
    "rules/headings:normalise_heading": FROM_ARGUMENTS,
    "rules/layout_rows:person_said": FROM_ARGUMENTS,
    "rules/pinyin:_keys": FROM_ARGUMENTS,
    "services/archive_gate:ways_to_campaign": "read from the models, the same on each host",
    "services/users:_nobody": "a hash that no password fits, so that an unknown account takes as long",
    "sql_times:_sent": "when this thread sent the statement that is running",
    "static_files:_address": FROM_FILES,
    "static_files:_digest": FROM_FILES,
    "static_files:_zipped": FROM_FILES,
    "views/screens:release": FROM_FILES,
    "views/style:_written": FROM_FILES,
    "views/job_words:TASKS": FILLED,
    "views/watch:_newest": FROM_FILES,
    "worker/__init__:_awake": "wakes this process's own worker; the others look once a second",
    "worker/__init__:_started": "that this process has a worker; claims are made in the database",
    "worker/copy_book:ACTS": FILLED,
}


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS.keys())
def test_the_house_is_kept(check):
    assert SOURCES
    assert [fault for source in SOURCES for fault in check(source)] == []


def test_what_a_process_remembers_is_known_and_harmless_with_several_hosts():
    found = {name for source in SOURCES for name in architecture.remembers(source)}
    assert found
    assert found - set(REMEMBERED) == set(), "say why it is harmless, or keep it in the database"
    assert all(REMEMBERED.values())


def test_no_goal_is_named_in_code_or_templates():
    names = goal_names()
    found = []
    for source in SOURCES:
        found += architecture.goals_named(f"tracker/{source.name}.py", source.text, names)
    for folder, endings in (("templates", ("*.html", "*.txt")), ("static", ("*.js",))):
        for ending in endings:
            for path in sorted((ROOT / folder).rglob(ending)):
                if "vendor" not in path.parts:
                    place = path.relative_to(ROOT).as_posix()
                    found += architecture.goals_named(place, path.read_text(encoding="utf-8"), names)
    assert found == []


def test_no_page_asks_for_the_current_campaign_where_the_reader_may_have_chosen_another():
    """tracker.views.asof.campaign_here() is what a view asks."""
    may = {"views/asof", "views/campaign_shown", "views/campaigns"}
    asking = {source.name for source in SOURCES if "current_campaign" in source.text}
    assert {name for name in asking if name.startswith("views/")} - may == set()


def test_test_and_script_files_are_short_too():
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in ("tests", "scripts")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert {name: length for name, length in lengths.items() if length > architecture.LONGEST} == {}


PLANTED = {
    "a query that writes": ("imports", "queries/x", "from tracker.services.records import reverse_record"),
    "a rule that reads": ("imports", "rules/x", "def f():\n    from tracker.queries import records"),
    "a rule with a database": ("imports", "rules/x", "import sqlalchemy"),
    "a relative import": ("imports", "models/x", "from ..services import records"),
    "a package's name": ("imports", "queries/x", "from tracker import services"),
    "flask in a service": ("imports", "services/x", "from flask_login import current_user"),
    "flask for types": ("imports", "files/x", "if TYPE_CHECKING:\n    import flask"),
    "wiring in a query": ("imports", "queries/x", "from tracker.access import may"),
    "a form in the worker": ("imports", "worker", "from tracker.forms import sessions"),
    "a view in the wiring's neighbour": ("imports", "filters", "from tracker.views import frame"),
    "a view in the command line": ("imports", "cli/data", "from tracker.views import frame"),
    "a commit in a service": ("commits", "services/x", "def f(session):\n    session.commit()"),
    "a commit in a view": ("commits", "views/x", "db.session.commit()"),
    "a commit handed on": ("commits", "views/x", "later(db.session.commit)"),
    "a service with a clock": ("clock", "services/x", "at = dt.datetime.now(dt.UTC)"),
    "a rule with a clock": ("clock", "rules/x", "today = dt.date.today()"),
    "a path of its own": ("places", "services/x", "path = data_dir / batch.path"),
    "a long file": ("length", "views/x", "x = 1\n" * 301),
}


@pytest.mark.parametrize(("check", "name", "text"), PLANTED.values(), ids=PLANTED.keys())
def test_a_planted_violation_is_found(check, name, text):
    assert CHECKS[check](Source(name, text))


@pytest.mark.parametrize(
    "text",
    ["_seen: dict[str, int] = {}", "_seen = []", "_lock = threading.Lock()",
     "@functools.cache\ndef _seen(): ...", "@lru_cache(maxsize=9)\ndef _seen(x): ..."],
)  # fmt: skip
def test_what_a_process_would_remember_is_found(text):
    assert len(architecture.remembers(Source("services/x", text))) == 1


def test_a_table_that_is_written_down_is_no_memory():
    assert architecture.remembers(Source("services/x", "NAMES = {'a': 1}\nORDER = ['a']\nMOST = 3")) == []


def test_what_is_allowed_is_not_found():
    view = Source("views/x", "from flask import request\nfrom tracker.services import records\n")
    command = Source("cli/x", "from tracker.db import db\ndb.session.commit()\n")
    wiring = Source("__init__", "from flask import Flask\nfrom tracker import views, services\n")
    service = Source("services/x", "from tracker.models import Record\nfrom tracker.queries import records\n")
    for check in CHECKS.values():
        assert [fault for source in (view, command, wiring, service) for fault in check(source)] == []


def test_a_planted_goal_name_is_found():
    assert architecture.goals_named("x.html", "<h1>\n读党史</h1>", goal_names()) == [
        "x.html:2: names the goal 读党史"
    ]
