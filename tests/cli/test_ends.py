"""The end of a command leaves the database as it should lie."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import config_for
from tests.proof.server import environ_for

ROOT = Path(__file__).resolve().parent.parent.parent

pytestmark = pytest.mark.slow  # it starts a process


def test_what_a_command_wrote_stands_in_the_file_and_not_in_its_log_alone(tmp_path):
    """Whoever copies the file of a tracker that is stopped has all of it."""
    path = tmp_path / "tracker.sqlite3"
    environ = environ_for(config_for(f"sqlite:///{path}", tmp_path))
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "db", "upgrade"]
    subprocess.run(command, cwd=ROOT, env=environ, check=True, capture_output=True)
    assert [one.name for one in tmp_path.glob("tracker.sqlite3*")] == ["tracker.sqlite3"]
    shutil.copyfile(path, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT count(*) FROM sqlite_master WHERE name = 'record'").fetchone() == (1,)
