"""flask closes, and a close against the commands that bring in and take back."""

from __future__ import annotations

from typing import Any

import pytest

from tests.maker import SHIPPED
from tests.workbooks import ARTICLE, xlsx

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute
HEAD = ["日期", "工号", "姓名", "时长", "学习来源"]


@pytest.fixture
def run(fresh_app: Any) -> Any:
    """Runs a command on a database with the shipped campaign and the demo's roster."""
    runner = fresh_app.test_cli_runner()

    def command(*args: object) -> Any:
        return runner.invoke(args=[str(arg) for arg in args])

    assert command("campaigns", "load", SHIPPED, "--commit").exit_code == 0
    assert command("members", "import", ARTICLE / "roster.xlsx", "--commit").exit_code == 0
    return command


def hours(folder: Any, *days: str) -> Any:
    path = folder / f"{'_'.join(days)}.xlsx"
    path.write_bytes(xlsx({"读党史": [HEAD, *[[day, "M0001", "曹建", 1, "学习强国"] for day in days]]}))
    return path


def test_a_month_is_closed_listed_and_opened_again_with_commit_only(run):
    assert run("closes", "add", "2021-03", "--grace", 0).exit_code == 0
    assert run("closes", "list").output == ""
    assert run("closes", "add", "2021-03", "--grace", 0, "--commit").exit_code == 0
    assert "2021-03" in run("closes", "list").output
    again = run("closes", "add", "2021-03", "--grace", 0, "--commit")
    assert (again.exit_code, "已经封账" in again.stderr) == (1, True)
    number = run("closes", "list").output.split()[0]
    assert run("closes", "reopen", number, "--why", " ", "--commit").exit_code == 1
    assert run("closes", "reopen", number, "--why", "漏报一批").exit_code == 0
    assert "生效于" in run("closes", "list").output
    assert run("closes", "reopen", number, "--why", "漏报一批", "--commit").exit_code == 0
    assert "重新打开于" in run("closes", "list").output


def test_what_there_is_not_cannot_be_closed_nor_opened(run):
    for args in (("2021-13",), ("2021-03", "--branch", "没有这个支部")):
        assert run("closes", "add", *args, "--commit").exit_code == 1
    assert run("closes", "reopen", 99, "--why", "漏报一批", "--commit").exit_code == 1


def test_a_file_with_rows_of_a_closed_month_goes_in_with_a_reason_only(run, tmp_path):
    run("closes", "add", "2021-03", "--grace", 0, "--commit")
    path = hours(tmp_path, "2021-03-05", "2021-04-05")
    for how in (("--verified",), ()):
        refused = run("ledger", "import", path, "--commit", *how)
        assert refused.exit_code == 1
        assert "2021-03已封账" in refused.stderr
        assert "2021-04" not in refused.stderr
    done = run("ledger", "import", path, "--commit", "--verified", "--late", "出差，回来后补交")
    assert done.exit_code == 0, done.output
    assert run("data", "check").exit_code == 0


def test_an_import_is_not_undone_once_its_month_is_closed_until_it_is_opened_again(run, tmp_path):
    assert run("ledger", "import", hours(tmp_path, "2021-03-05"), "--commit", "--verified").exit_code == 0
    number = run("batches", "list").output.split()[0]
    run("closes", "add", "2021-03", "--grace", 0, "--commit")
    refused = run("batches", "undo", number, "--commit")
    assert (refused.exit_code, "只能冲正" in refused.stderr) == (1, True)
    run("closes", "reopen", run("closes", "list").output.split()[0], "--why", "导入有误", "--commit")
    assert run("batches", "undo", number, "--commit").exit_code == 0
    assert run("data", "check").exit_code == 0


def test_a_record_of_a_closed_month_is_reversed_from_the_command_line(run, tmp_path):
    assert run("ledger", "import", hours(tmp_path, "2021-03-05"), "--commit", "--verified").exit_code == 0
    run("closes", "add", "2021-03", "--grace", 0, "--commit")
    assert run("records", "reverse", 1, "--why", "录错了", "--commit").exit_code == 0
