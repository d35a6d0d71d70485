"""The commands that bring files in: a dry run unless told otherwise, exit code 1 with problems."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.maker import SHIPPED
from tests.workbooks import ARTICLE, xlsx
from tracker.db import db
from tracker.models import AuditEvent, Batch


@pytest.fixture
def run(fresh_app: Any) -> Any:
    """Runs a command on a database with the shipped campaign."""
    runner = fresh_app.test_cli_runner()

    def command(*args: object) -> Any:
        return runner.invoke(args=[str(arg) for arg in args])

    assert command("campaigns", "load", SHIPPED, "--commit").exit_code == 0
    return command


def figures(run: Any) -> Any:
    return json.loads(run("figures", "--as-of", "2021-06-26", "--json").stdout)["figures"]


@pytest.mark.slow
def test_a_roster_and_a_ledger_come_in_and_the_figures_are_those_of_the_report(run):
    dry = run("members", "import", ARTICLE / "roster.xlsx")
    assert dry.exit_code == 0, dry.output
    assert figures(run)["members.all"] == 0
    assert run("members", "import", ARTICLE / "roster.xlsx", "--commit").exit_code == 0
    assert figures(run)["members.all"] == 126
    done = run("ledger", "import", ARTICLE / "ledger.xlsx", "--commit", "--verified")
    assert done.exit_code == 0, done.output
    assert "study.rows: 0 → 11433" in done.output
    assert figures(run)["study.min_hours"] == 80
    assert figures(run)["bureau"] == "市民政局机关党委"
    newest = run("batches", "list").output.split()[0]
    shown = run("batches", "undo", newest)
    assert "study.rows: 11433 → 0" in shown.output
    assert figures(run)["study.rows"] == 10645  # so far only shown
    assert run("batches", "undo", newest, "--commit").exit_code == 0
    assert figures(run)["study.rows"] == 0
    assert len(run("batches", "list").output.splitlines()) == 2


def test_a_ledger_with_problems_prints_them_and_writes_nothing(run, tmp_path):
    run("members", "import", ARTICLE / "roster.xlsx", "--commit")
    path = tmp_path / "a.xlsx"
    head = ["日期", "工号", "姓名", "时长", "学习来源"]
    path.write_bytes(xlsx({"读党史": [head, ["2021-02-30", "M9999", "某人", 1, "学习强国"]]}))
    done = run("ledger", "import", path, "--commit", "--verified")
    assert done.exit_code == 1
    assert "读党史 2 (A2 日期)" in done.stderr
    assert len(run("batches", "list").output.splitlines()) == 1


def test_what_is_no_workbook_is_refused_with_a_sentence(run, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"%PDF-1.4")
    done = run("members", "import", path, "--commit")
    assert done.exit_code == 1
    assert "PDF" in done.stderr


@pytest.mark.asvs("5.4.3")
@pytest.mark.parametrize(
    ("line", "said", "is_taken"),
    [
        ("exit 1", "病毒查杀程序在此文件中查出了病毒", False),
        ("exit 7", "病毒查杀程序没有响应", False),
        ("exit 0", "", True),
    ],
)
def test_a_file_goes_by_the_virus_scanner_before_it_is_read(fresh_app, run, tmp_path, line, said, is_taken):
    script = tmp_path / "scanner.sh"
    script.write_text(line, encoding="utf-8")
    fresh_app.config["TRACKER"] = replace(fresh_app.config["TRACKER"], scanner=("/bin/sh", str(script)))
    done = run("members", "import", ARTICLE / "roster.xlsx", "--commit")
    with fresh_app.app_context():
        batches = db.session.scalar(select(func.count()).select_from(Batch))
        noted = list(db.session.scalars(select(AuditEvent).where(AuditEvent.action == "upload:infected")))
        db.session.remove()
    assert (done.exit_code, batches) == ((0, 1) if is_taken else (1, 0))
    assert is_taken or said in done.stderr
    assert [one.actor_id for one in noted] == ([None] if line == "exit 1" else [])


def test_an_import_that_is_not_there_cannot_be_undone(run):
    assert run("batches", "undo", 99).exit_code == 1
