"""Settings: development needs none, production refuses what is unsafe, and every fault is told at once."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from config import PASSWORD_PROFILES, ROLES, SECOND_FACTOR, ConfigError, load_config
from tests.conftest import close_app
from tracker import create_app
from tracker.models import Role
from tracker.rules.passwords import PROFILES


def test_development_needs_nothing_but_a_folder(tmp_path):
    config = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    assert (config.environment, config.jobs, config.today) == ("development", "inline", None)
    assert config.database_url == f"sqlite:///{tmp_path}/tracker.sqlite3"


def test_the_development_key_is_drawn_once_and_only_its_owner_reads_it(tmp_path):
    first = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    again = load_config({"TRACKER_DATA_DIR": str(tmp_path)})
    assert first.secret_key == again.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("environment", ["development", "testing"])
def test_a_data_folder_that_is_made_is_its_owners_alone(tmp_path, environment):
    """Whatever rights the files in it have: the database's are those that the process gives."""
    folder, key = tmp_path / "data", {"TRACKER_SECRET_KEY": "k" * 40} if environment == "testing" else {}
    config = load_config({"TRACKER_ENVIRONMENT": environment, "TRACKER_DATA_DIR": str(folder), **key})
    close_app(create_app(config))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_every_fault_is_told_at_once():
    with pytest.raises(ConfigError) as caught:
        load_config(
            {"TRACKER_TODAY": "yesterday", "TRACKER_JOBS": "maybe", "TRACKER_IMPORT_ROWS": "-1",
             "TRACKER_SECRET_KEY": "short", "TRACKER_DATABASE_URL": "mysql://x"}
        )  # fmt: skip
    assert len(caught.value.faults) == 5


def test_a_short_key_is_refused_and_production_draws_none_itself(tmp_path):
    environ = {"TRACKER_ENVIRONMENT": "production", "TRACKER_DATA_DIR": str(tmp_path)}
    assert load_config(environ).secret_key == ""  # the doctor refuses it: tests/rules/test_doctor.py
    with pytest.raises(ConfigError, match="shorter than 32"):
        load_config({**environ, "TRACKER_SECRET_KEY": "k" * 31})
    assert load_config({**environ, "TRACKER_SECRET_KEY": "k" * 32}).is_production


def test_a_former_key_is_as_long_and_is_not_the_one_in_use(tmp_path):
    environ = {"TRACKER_SECRET_KEY": "k" * 32, "TRACKER_DATA_DIR": str(tmp_path)}
    assert load_config(environ).keys == ("k" * 32,)
    former = {"TRACKER_FORMER_SECRET_KEYS": "a" * 32 + "  " + "b" * 32}
    assert load_config({**environ, **former}).keys == ("k" * 32, "a" * 32, "b" * 32)
    with pytest.raises(ConfigError, match="FORMER_SECRET_KEYS is shorter than 32"):
        load_config({**environ, "TRACKER_FORMER_SECRET_KEYS": "a" * 31})
    with pytest.raises(ConfigError, match="which is in use"):
        load_config({**environ, "TRACKER_FORMER_SECRET_KEYS": "k" * 32})


def test_a_short_token_for_the_figures_and_a_limit_of_0_for_slow_sql_are_refused(tmp_path):
    environ = {"TRACKER_DATA_DIR": str(tmp_path)}
    with pytest.raises(ConfigError, match="TRACKER_METRICS_TOKEN is shorter than 32"):
        load_config({**environ, "TRACKER_METRICS_TOKEN": "k" * 31})
    with pytest.raises(ConfigError, match="TRACKER_SLOW_SQL_MS is '0'; it must be a whole number from 1"):
        load_config({**environ, "TRACKER_SLOW_SQL_MS": "0"})
    config = load_config({**environ, "TRACKER_METRICS_TOKEN": "k" * 32, "TRACKER_SLOW_SQL_MS": "50"})
    assert (config.metrics_token, config.slow_sql_ms) == ("k" * 32, 50)
    assert (load_config(environ).metrics_token, load_config(environ).slow_sql_ms) == ("", 200)


def test_what_the_doctor_asks_about_is_read(tmp_path):
    def config(**environ):
        return load_config({"TRACKER_DATA_DIR": str(tmp_path), **environ})

    plain = config()
    assert (plain.debug, plain.says_proxies, plain.accepted) == (False, False, frozenset())
    assert config(FLASK_DEBUG="1").debug
    assert config(TRACKER_DEBUG="yes").debug
    assert config(TRACKER_TRUSTED_PROXIES="0").says_proxies
    assert config(TRACKER_ACCEPT="clock, network-files").accepted == {"clock", "network-files"}


def test_a_start_with_faults_ends_with_their_list_and_no_traceback(tmp_path):
    environ = {**os.environ, "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_TODAY": "x", "TRACKER_JOBS": "y"}
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], capture_output=True, text=True, env=environ, check=False
    )
    assert done.returncode == 4  # by this a gunicorn ends
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n  - ") == 2


@pytest.mark.slow
def test_what_few_requests_need_is_not_loaded_by_a_start(tmp_path):
    """python-docx and pypinyin's phrases: 60 MiB in every worker, and a sixth of a start."""
    asks = "import sys, wsgi; print({'docx', 'pypinyin', 'weasyprint', 'PIL'} & set(sys.modules))"
    environ = {**os.environ, "TRACKER_DATA_DIR": str(tmp_path), "TRACKER_ENVIRONMENT": "testing"}
    done = subprocess.run(
        [sys.executable, "-c", asks], capture_output=True, text=True, env=environ, check=True
    )
    assert done.stdout == "set()\n"


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


def test_roles_that_must_use_the_second_step_are_known_ones(tmp_path):
    environ = {"TRACKER_DATA_DIR": str(tmp_path)}
    config = load_config({**environ, "TRACKER_SECOND_FACTOR_ROLES": "office, administrator"})
    assert config.second_factor_roles == {"office", "administrator"}
    with pytest.raises(ConfigError, match="TRACKER_SECOND_FACTOR_ROLES names king"):
        load_config({**environ, "TRACKER_SECOND_FACTOR_ROLES": "office,king"})
    assert set(ROLES) == {str(role) for role in Role}
    assert set(SECOND_FACTOR) <= set(PASSWORD_PROFILES)
    assert set().union(*SECOND_FACTOR.values()) <= set(ROLES)
    assert set(PASSWORD_PROFILES) == set(PROFILES)


@pytest.mark.parametrize(
    ("set_to", "asked"),
    [
        ({}, set()),
        ({"TRACKER_PASSWORD_PROFILE": "dengbao"}, {"office", "administrator"}),
        ({"TRACKER_PASSWORD_PROFILE": "dengbao", "TRACKER_SECOND_FACTOR_ROLES": "auditor"}, {"auditor"}),
        ({"TRACKER_PASSWORD_PROFILE": "dengbao", "TRACKER_SECOND_FACTOR_ROLES": ""}, set()),
    ],
)
def test_dengbao_asks_office_and_administrator_for_the_second_step_unless_told_otherwise(
    set_to, asked, tmp_path
):
    assert load_config({"TRACKER_DATA_DIR": str(tmp_path), **set_to}).second_factor_roles == asked


def test_every_setting_has_a_line_in_the_readme_and_the_readme_names_no_other():
    root = Path(__file__).resolve().parent.parent
    read = set(re.findall(r'"((?:TRACKER|FLASK)_[A-Z_]+)"', (root / "config.py").read_text(encoding="utf-8")))
    rows = [line.split("|")[1] for line in (root / "README.md").read_text(encoding="utf-8").splitlines()
            if line.startswith("| `TRACKER_")]  # fmt: skip
    told = {name for row in rows for name in re.findall(r"`([A-Z_]+)`", row)}
    assert sorted(read - told) == []
    assert sorted(told - read) == []
