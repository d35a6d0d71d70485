"""A made-up bureau of 24 members holds three campaigns side by side; two of them are counted here by hand."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests import small_truths
from tests.acceptance.test_article import is_same
from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.maker import SHIPPED
from tracker.db import db
from tracker.models import Record

FILES = SHIPPED.parent
ASKED = [(code, day) for code, days in small_truths.DAYS.items() for day in days]


def run(app: Flask, *args: str) -> str:
    result = app.test_cli_runner().invoke(args=list(args))
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture(scope="module")
def small(database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The bureau with all three campaigns, and the ledgers of two."""
    url = database.create(template_url)
    app = make_app(config_for(url, tmp_path_factory.mktemp("small"), today=dt.date(2024, 12, 31)))
    for path in sorted(FILES.glob("*.toml")):
        run(app, "campaigns", "load", str(path), "--commit")
    run(app, "members", "import", str(small_truths.DATA / "small" / "roster.xlsx"), "--commit")
    for code in small_truths.DAYS:
        path = small_truths.DATA / code / "ledger.xlsx"
        run(app, "ledger", "import", str(path), "--campaign", code, "--verified", "--commit")
    yield app
    close_app(app)
    database.drop(url)


@pytest.mark.parametrize(("code", "day"), ASKED, ids=[f"{code}-{day}" for code, day in ASKED])
def test_the_kept_truth_is_what_plain_counting_of_the_rows_gives(code, day):
    kept = json.loads(small_truths.file_of(code, day).read_text(encoding="utf-8"))
    assert small_truths.COUNTS[code](day) == kept


@pytest.mark.slow
@pytest.mark.parametrize(("code", "day"), ASKED, ids=[f"{code}-{day}" for code, day in ASKED])
def test_every_figure_of_the_second_and_third_campaign_is_reproduced(small, code, day):
    wanted = json.loads(small_truths.file_of(code, day).read_text(encoding="utf-8"))
    answer = json.loads(run(small, "figures", "--campaign", code, "--as-of", wanted.pop("as_of"), "--json"))
    found = answer["figures"]
    assert set(found) == {*wanted, "bureau"}  # every figure of the file has its truth
    wrong = {key: (value, found[key]) for key, value in wanted.items() if not alike(found[key], value)}
    assert wrong == {}


def alike(found, true):
    if isinstance(true, dict):
        return found.keys() == true.keys() and all(alike(found[key], value) for key, value in true.items())
    return is_same(found, true)


@pytest.mark.slow
def test_thirty_two_class_hours_are_reached_at_the_last_minute_and_not_before(small):
    """Z005 has 1,439 of 1,440 minutes on one day, and the last one on the day after."""

    def on(day):
        answer = run(small, "figures", "--campaign", small_truths.THEME, "--as-of", day, "--json")
        figures = json.loads(answer)["figures"]
        return figures["training.min"], figures["training.reached"]

    assert on("2023-11-27") == (1439 / 45, 21)
    assert on("2023-11-28") == (32, 22)


@pytest.mark.slow
def test_no_row_of_one_campaign_counts_in_another(small):
    answer = json.loads(run(small, "figures", "--campaign", "qigeyibai-2021", "--json"))["figures"]
    assert {answer[key] for key in ("study.rows", "service.people_served", "tasks.done")} == {0}
    run(small, "data", "check")


@pytest.mark.slow
def test_the_same_ledgers_again_change_nothing(small):
    def rows():
        with small.app_context():
            return db.session.scalar(select(func.count()).select_from(Record))

    before = rows()
    for code in small_truths.DAYS:
        path = small_truths.DATA / code / "ledger.xlsx"
        run(small, "ledger", "import", str(path), "--campaign", code, "--verified", "--commit")
    assert rows() == before
