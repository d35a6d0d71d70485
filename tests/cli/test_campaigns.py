"""flask campaigns, figures, data, records, users: what they print, write and refuse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from tests.maker import SHIPPED, Maker
from tracker.db import db
from tracker.models import AuditEvent, Campaign, Kind, Record, Status, TallyCell, User

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute


@pytest.fixture
def run(fresh_app: Flask):
    """Runs `flask …` and gives its result."""
    runner = fresh_app.test_cli_runner()
    return lambda *args: runner.invoke(args=[str(arg) for arg in args])


def count(app: Flask, model: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_loading_a_campaign_is_a_dry_run_until_commit(fresh_app, run):
    result = run("campaigns", "load", SHIPPED)
    assert result.exit_code == 0
    assert "study: 新增" in result.output
    assert count(fresh_app, Campaign) == 0
    assert run("campaigns", "load", SHIPPED, "--commit").exit_code == 0
    assert count(fresh_app, Kind) == 8
    assert "* qigeyibai-2021" in run("campaigns", "list").output


def test_loading_twice_changes_nothing(fresh_app, run):
    run("campaigns", "load", SHIPPED, "--commit")
    before = count(fresh_app, AuditEvent)
    result = run("campaigns", "load", SHIPPED, "--commit")
    assert "没有变化" in result.output
    assert count(fresh_app, AuditEvent) == before


def test_a_changed_definition_shows_its_effect_on_the_figure(fresh_app, run, tmp_path: Path):
    run("campaigns", "load", SHIPPED, "--commit")
    with fresh_app.app_context():
        make = Maker()
        campaign = db.session.scalars(select(Campaign)).one()
        make.record(campaign, member=make.member(), minutes=90)
        db.session.commit()
    file = tmp_path / "changed.toml"
    text = SHIPPED.read_text(encoding="utf-8")
    old, new = 'measure = "minutes"\nunit = "分钟"', 'measure = "records"\nunit = "分钟"'
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    result = run("campaigns", "load", file, "--commit")
    assert "study.total_minutes: 90 → 1" in result.output
    assert run("data", "check").exit_code == 0


def test_a_file_with_faults_is_refused_with_their_lines(fresh_app, run, tmp_path: Path):
    file = tmp_path / "bad.toml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace('measure = "units"', 'measure = "unitz"', 1))
    result = run("campaigns", "load", file, "--commit")
    assert result.exit_code == 1
    assert "'unitz'; it must be one of" in result.output
    assert count(fresh_app, Campaign) == 0


def test_a_kind_with_rows_cannot_be_left_out(fresh_app, run, tmp_path: Path):
    run("campaigns", "load", SHIPPED, "--commit")
    with fresh_app.app_context():
        make = Maker()
        campaign = db.session.scalars(select(Campaign)).one()
        make.record(campaign, "other", owner=make.branch(), title="慰问", category="慰问")
        db.session.commit()
    text = SHIPPED.read_text(encoding="utf-8")
    start, end = text.index('[[kinds]]\ncode = "other"'), text.index("# ---------- 目标")
    file = tmp_path / "less.toml"
    file.write_text(text[:start] + text[end:], encoding="utf-8")
    result = run("campaigns", "load", file, "--commit")
    assert result.exit_code == 1
    assert "已有1条记录" in result.output


def test_figures_without_a_campaign_say_what_to_do(run):
    result = run("figures")
    assert result.exit_code == 1
    assert "campaigns load" in result.output


def test_the_check_exits_1_and_names_the_cell_that_differs(fresh_app, run):
    run("campaigns", "load", SHIPPED, "--commit")
    with fresh_app.app_context():
        make = Maker()
        campaign = db.session.scalars(select(Campaign)).one()
        make.record(campaign, member=make.member(), minutes=90)
        db.session.commit()
    assert run("data", "check").exit_code == 0
    with fresh_app.app_context():
        db.session.execute(update(TallyCell).where(TallyCell.value == 90).values(value=91))
        db.session.commit()
    result = run("data", "check")
    assert result.exit_code == 1
    assert "保存的是91，重算得90" in result.output
    assert run("data", "recount").exit_code == 0
    assert run("data", "check").exit_code == 0


def test_one_attendance_can_be_reversed_from_the_command_line(fresh_app, run):
    run("campaigns", "load", SHIPPED, "--commit")
    with fresh_app.app_context():
        make = Maker()
        campaign = db.session.scalars(select(Campaign)).one()
        people = [make.member(), make.member()]
        record = make.record(
            campaign, "activity", people=people, type="现场教学", title="参观", category="馆"
        )
        record_id, number = record.id, people[0].number
        db.session.commit()

    def figures() -> dict[str, object]:
        return json.loads(run("figures", "--as-of", "2021-06-26", "--json").output)["figures"]

    before = figures()
    command = ("records", "reverse", record_id, "--why", "未到场", "--member", number)
    assert run(*command).exit_code == 0
    assert figures() == before  # a dry run
    assert run(*command, "--commit").exit_code == 0
    after = figures()
    assert {key for key in after if after[key] != before[key]} == {"stories.person_times", "stories.persons"}


def test_a_reversal_needs_a_reason_and_a_record(fresh_app, run):
    run("campaigns", "load", SHIPPED, "--commit")
    with fresh_app.app_context():
        make = Maker()
        campaign = db.session.scalars(select(Campaign)).one()
        record_id = make.record(campaign, member=make.member(), minutes=60).id
        db.session.commit()
    assert run("records", "reverse", record_id, "--why", " ", "--commit").exit_code == 1
    assert run("records", "reverse", 999, "--why", "重复", "--commit").exit_code == 1
    with fresh_app.app_context():
        assert db.session.get_one(Record, record_id).status is Status.VERIFIED


def test_an_account_gets_a_drawn_password_that_is_shown_once(fresh_app, run):
    result = run("users", "add", "office", "--name", "办公室")
    assert result.exit_code == 0
    login, password = result.output.split()
    assert login == "office"
    assert len(password) >= 12
    with fresh_app.app_context():
        assert password not in db.session.scalars(select(User.password_hash)).one()
    assert run("users", "add", "office", "--name", "办公室").exit_code == 1
    assert run("users", "password", "nobody").exit_code == 1
