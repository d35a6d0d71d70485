"""flask campaigns lint, and load of a file with something forbidden."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from tests.maker import SHIPPED, Maker
from tracker.db import db
from tracker.models import Campaign

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

TEXT = SHIPPED.read_text(encoding="utf-8")
POINTS = TEXT.replace('heading = "学习内容"', 'heading = "积分"', 1)
PHOTO = TEXT.replace('heading = "学习内容"', 'heading = "学习照片"', 1)


@pytest.fixture
def run(fresh_app, tmp_path):
    """Runs `flask campaigns …` on a file with that text."""
    runner = fresh_app.test_cli_runner()

    def call(command, text, *options):
        file = tmp_path / "campaign.toml"
        file.write_text(text, encoding="utf-8")
        return runner.invoke(args=["campaigns", command, str(file), *options])

    return call


def test_the_shipped_file_passes_and_its_fields_are_told(run):
    result = run("lint", TEXT)
    assert result.exit_code == 0
    assert "没有不允许的内容" in result.output
    assert "读党史：必填4项" in result.output
    assert "导入名册后" in result.output


def test_with_a_roster_it_tells_what_a_branch_is_asked_for_in_a_week(fresh_app, run):
    with fresh_app.app_context():
        make = Maker()
        make.member(make.branch())
        db.session.commit()
    result = run("lint", TEXT)
    assert "完成目标每个支部每周合计不超过" in result.output


def test_a_refusal_is_told_with_line_source_and_cure_and_ends_with_1(run):
    result = run("lint", POINTS)
    assert result.exit_code == 1
    line = next(one for one in result.output.splitlines() if "[points]" in one)
    for word in ("campaign.toml:", "kinds[0].columns[6].heading", "“积分”", "国办函〔2026〕12号"):
        assert word in line


def test_warnings_alone_end_with_0(run):
    result = run("lint", PHOTO)
    assert result.exit_code == 0
    assert "[photo]" in result.output


def test_loading_a_refused_file_writes_nothing_and_a_warned_one_says_so(fresh_app, run):
    result = run("load", POINTS, "--commit")
    assert result.exit_code == 1
    assert "国办函〔2026〕12号" in result.output
    with fresh_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Campaign)) == 0
    result = run("load", PHOTO, "--commit")
    assert result.exit_code == 0
    assert "[photo]" in result.output
    with fresh_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Campaign)) == 1


def test_a_faulty_file_is_told_by_its_faults(run):
    result = run("lint", TEXT.replace('measure = "units"', 'measure = "unitz"', 1))
    assert result.exit_code == 1
    assert "'unitz'; it must be one of" in result.output
    assert run("lint", "\x00").exit_code == 1
