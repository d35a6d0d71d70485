"""The acceptance bureau: its roster and ledger give each figure of the report, on both days."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.maker import NOW, SHIPPED
from tracker.db import db
from tracker.models import Batch, BatchSort, BatchState, Campaign, Participation, Record, Status
from tracker.queries.boards import board_on
from tracker.queries.figures import figures_json
from tracker.queries.forecasts import back_test_of, outlooks_on
from tracker.queries.recounts import differences
from tracker.services.records import reverse_participation

pytestmark = pytest.mark.slow

DEMO = Path("tracker/demo")
TRUTH = Path("tests/data/article")


@pytest.fixture(scope="module")
def bureau(database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The bureau brought in from its own spreadsheets, by the commands that the README names."""
    url = database.create(template_url)
    app = make_app(config_for(url, tmp_path_factory.mktemp("article")))
    run = app.test_cli_runner()
    for args in (
        ["campaigns", "load", str(SHIPPED), "--commit"],
        ["members", "import", str(DEMO / "roster.xlsx"), "--commit"],
        ["ledger", "import", str(DEMO / "ledger.xlsx"), "--verified", "--commit"],
    ):
        result = run.invoke(args=args)
        assert result.exit_code == 0, result.output
    yield app
    close_app(app)
    database.drop(url)


def truth(name: str) -> dict[str, Any]:
    return json.loads((TRUTH / f"{name}.json").read_text(encoding="utf-8"))


def is_same(found: Any, true: Any) -> bool:
    """Means are printed with four decimals."""
    return found == pytest.approx(true, abs=5e-5) if isinstance(true, float) else found == true


@pytest.mark.parametrize("name", ["figures", "figures-later"])
def test_every_figure_of_the_report_is_reproduced(bureau: Flask, name: str):
    wanted = truth(name)
    as_of = wanted.pop("as_of")
    result = bureau.test_cli_runner().invoke(args=["figures", "--as-of", as_of, "--json"])
    answer = json.loads(result.output)
    assert answer["as_of"] == as_of
    assert set(wanted) <= set(answer["figures"])
    wrong = {key: (value, answer["figures"][key]) for key, value in wanted.items()}
    assert {key: pair for key, pair in wrong.items() if not is_same(pair[1], pair[0])} == {}


def test_the_folded_cells_agree_with_the_ledger(bureau: Flask):
    assert bureau.test_cli_runner().invoke(args=["data", "check"]).exit_code == 0


def test_the_same_files_again_change_nothing(bureau: Flask):
    with bureau.app_context():
        before = figures_json(campaign(), dt.date(2021, 7, 31)), rows()
    run = bureau.test_cli_runner()
    for group, name, more in (("members", "roster.xlsx", []), ("ledger", "ledger.xlsx", ["--verified"])):
        result = run.invoke(args=[group, "import", str(DEMO / name), *more, "--commit"])
        assert result.exit_code == 0, result.output
    with bureau.app_context():
        assert (figures_json(campaign(), dt.date(2021, 7, 31)), rows()) == before


@pytest.mark.parametrize(
    ("day", "slowest", "held"),
    [
        (dt.date(2021, 6, 26), dt.date(2021, 7, 26), (22, 30)),
        (dt.date(2021, 7, 31), dt.date(2021, 8, 23), (41, 54)),
    ],
)
def test_the_forecast_is_the_reports_and_the_band_holds_as_the_docs_say(
    bureau: Flask, day: dt.date, slowest: dt.date, held: tuple[int, int]
):
    with bureau.app_context():
        board = board_on(campaign(), day)
        seen = [(one, back_test_of(one, weeks, board.standing)) for one, weeks in outlooks_on(board) if one]
    assert seen[0][0].slowest.reaches_on == slowest
    tests = [test for _, test in seen if test]
    assert (sum(test.inside for test in tests), sum(test.of for test in tests)) == held


def test_one_attendance_reversed_changes_exactly_what_it_should(bureau: Flask):
    """A member who came to one on-site lesson only was not there: one 人次 and one 人数 less."""
    day = dt.date(2021, 6, 26)
    with bureau.app_context():
        before = figures_json(campaign(), day)["figures"]
        once = (
            select(Participation.member_id)
            .join(Record, Record.id == Participation.record_id)
            .where(Record.type == "现场教学", Record.happened_on <= day)
            .group_by(Participation.member_id)
            .having(func.count() == 1)
        )
        chosen = db.session.scalars(
            select(Participation)
            .join(Record, Record.id == Participation.record_id)
            .where(Record.type == "现场教学", Record.happened_on <= day, Participation.member_id.in_(once))
            .order_by(Participation.id)
            .limit(1)
        ).one()
        reverse_participation(chosen, version=chosen.version, why="本人当天请假", by=None, at=NOW)
        after = figures_json(campaign(), day)["figures"]
        assert list(differences(campaign())) == []
        db.session.rollback()
    changed = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    assert changed == {"stories.person_times": (167, 166), "stories.persons": (89, 88)}


def test_the_ledger_undone_leaves_nothing_counted_and_can_come_again(bureau: Flask):
    run = bureau.test_cli_runner()
    with bureau.app_context():
        before = figures_json(campaign(), dt.date(2021, 7, 31))
        batch_id = db.session.scalars(
            select(Batch.id)
            .where(Batch.sort == BatchSort.LEDGER, Batch.state == BatchState.COMMITTED)
            .order_by(Batch.id)
        ).first()
    assert run.invoke(args=["batches", "undo", str(batch_id), "--commit"]).exit_code == 0
    with bureau.app_context():
        assert figures_json(campaign(), dt.date(2021, 7, 31))["figures"]["study.rows"] == 0
        assert db.session.scalar(select(func.count()).where(Record.status == Status.VERIFIED)) == 0
    args = ["ledger", "import", str(DEMO / "ledger.xlsx"), "--verified", "--commit"]
    assert run.invoke(args=args).exit_code == 0
    assert run.invoke(args=["data", "check"]).exit_code == 0
    with bureau.app_context():
        assert figures_json(campaign(), dt.date(2021, 7, 31)) == before


def campaign() -> Campaign:
    return db.session.scalars(select(Campaign)).one()


def rows() -> int:
    return db.session.scalar(select(func.count()).select_from(Record)) or 0
