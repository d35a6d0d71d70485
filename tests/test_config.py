"""Settings: development needs none, production refuses what is unsafe, and every fault is told at once."""

from __future__ import annotations

import os
import stat
import subprocess
import sys

import pytest

from config import ConfigError, load_config

KEY = "k" * 40


def test_development_needs_nothing_but_a_folder(tmp_path):
    config = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    assert (config.environment, config.jobs, config.today) == ("development", "inline", None)
    assert config.database_url == f"sqlite:///{tmp_path}/tracker.sqlite3"


def test_the_development_key_is_drawn_once_and_only_its_owner_reads_it(tmp_path):
    first = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    again = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_every_fault_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        load_config(
            {"TRACKER_TODAY": "yesterday", "TRACKER_JOBS": "maybe", "TRACKER_IMPORT_ROWS": "-1",
             "TRACKER_SECRET_KEY": "short", "TRACKER_DATABASE_URL": "mysql://x"}
        )  # fmt: skip
    assert len(caught.value.faults) == 5


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRACKER_SECRET_KEY", "", "TRACKER_SECRET_KEY is missing"),
        ("TRACKER_SECRET_KEY", "short", "shorter than 32"),
        ("FLASK_DEBUG", "1", "Debugging is switched on"),
        ("TRACKER_TODAY", "2021-07-31", "only a demo may live on another day"),
        ("TRACKER_DATABASE_URL", "sqlite://", "in memory"),
        ("TRACKER_DATABASE_URL", "sqlite:////x.db?synchronous=OFF", "weakens SQLite"),
    ],
)
def test_production_refuses_what_is_unsafe(tmp_path, name, value, said):
    environ = {
        "TRACKER_ENVIRONMENT": "production", "TRACKER_SECRET_KEY": KEY, "TRACKER_DATA_DIR": str(tmp_path),
    }  # fmt: skip
    assert load_config(environ).is_production
    with pytest.raises(ConfigError, match=said):
        load_config({**environ, name: value})


def test_a_start_with_faults_ends_with_their_list_and_no_traceback(tmp_path):
    environ = {**os.environ, "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_TODAY": "x", "TRACKER_JOBS": "y"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], capture_output=True, text=True, env=environ, check=False
    )
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n  - ") == 2


def test_a_chromium_is_found_named_or_switched_off(tmp_path, monkeypatch):
    def chromium(**environ):
        return load_config({"TRACKER_DATA_DIR": str(tmp_path), **environ}).chromium

    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert chromium() == str(program)
    assert chromium(TRACKER_CHROMIUM=str(program)) == str(program)
    assert chromium(TRACKER_CHROMIUM="") == ""
    monkeypatch.setenv("PATH", "")
    assert chromium() == ""
    with pytest.raises(ConfigError, match="TRACKER_CHROMIUM is '/nowhere'; there is no such program"):
        chromium(TRACKER_CHROMIUM="/nowhere")
