"""The acceptance bureau's bulletin: written by one command, proved, and corrected by the next one."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import docx
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.conftest import close_app, config_for, make_app
from tests.databases import Backend
from tests.maker import SHIPPED
from tracker.db import db
from tracker.models import Bulletin, Participation, Record
from tracker.queries.bulletins import document_of
from tracker.services.records import reverse_participation

pytestmark = pytest.mark.slow

DEMO = Path("tracker/demo")
TRUTH = json.loads(Path("tests/data/article/figures.json").read_text(encoding="utf-8"))
DAY, LATER = dt.date(2021, 6, 26), dt.datetime(2021, 8, 2, 8, tzinfo=dt.UTC)
# What is printed with a hedge; everything else stands as it is.
HEDGED = {
    "study.min_hours": "80小时以上",
    "essays.shared": "480余篇",
    "service.people_served": "超2100人次",
    "study.slowest_reaches_100_on": "7月26日",
}
MEANS = {"study.mean_hours": "98小时", "service.group_mean_hours": "73小时"}  # to one decimal


@pytest.fixture(scope="module")
def bureau(database: Backend, template_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The bureau brought in from its own spreadsheets."""
    url = database.create(template_url)
    app = make_app(config_for(url, tmp_path_factory.mktemp("bulletin")))
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


def write(app: Flask, out: Path, *more: str) -> Any:
    args = ["bulletin", "--as-of", DAY.isoformat(), "--out", str(out), *more]
    result = app.test_cli_runner().invoke(args=args)
    assert result.exit_code == 0, result.output
    return result


def text_of(path: Path) -> str:
    return "\n".join(one.text for one in docx.Document(io.BytesIO(path.read_bytes())).paragraphs)


def test_one_command_writes_every_figure_of_the_report_that_the_template_quotes(
    bureau: Flask, tmp_path: Path
):
    write(bureau, tmp_path / "F.docx")
    write(bureau, tmp_path / "F.json")
    text = text_of(tmp_path / "F.docx")
    sources = {
        one["ref"]: one for one in json.loads((tmp_path / "F.json").read_text(encoding="utf-8"))["sources"]
    }
    quoted = [ref for ref in TRUTH if ref in sources]
    assert len(quoted) >= 25
    wrong = {}
    for ref in quoted:
        (printed,) = sources[ref]["printed"] if len(sources[ref]["printed"]) == 1 else (None,)
        wanted = HEDGED.get(ref) or MEANS.get(ref)
        is_right = (
            printed == wanted if wanted else re.match(r"[0-9]+", printed or "")[0] == str(int(TRUTH[ref]))
        )
        if not (is_right and printed in text):
            wrong[ref] = printed
    assert wrong == {}


def test_a_row_that_is_reversed_is_named_by_the_proof_and_corrected_by_the_next_issue(
    bureau: Flask, tmp_path: Path
):
    run = bureau.test_cli_runner()
    write(bureau, tmp_path / "1.docx", "--issue")
    assert run.invoke(args=["bulletins", "prove"]).exit_code == 0
    with bureau.app_context():
        before = document_of(db.session.scalars(select(Bulletin)).one())
        once = (
            select(Participation.member_id)
            .join(Record, Record.id == Participation.record_id)
            .where(Record.type == "现场教学", Record.happened_on <= DAY)
            .group_by(Participation.member_id)
            .having(func.count() == 1)
        )
        chosen = db.session.scalars(
            select(Participation)
            .join(Record, Record.id == Participation.record_id)
            .where(Record.type == "现场教学", Record.happened_on <= DAY, Participation.member_id.in_(once))
            .order_by(Participation.id)
            .limit(1)
        ).one()
        record_id = chosen.record_id
        reverse_participation(chosen, version=chosen.version, why="本人当天请假", by=None, at=LATER)
        db.session.commit()
    proof = run.invoke(args=["bulletins", "prove", "1"])
    assert proof.exit_code == 1
    assert f"台账记录{record_id}（冲正）" in proof.stderr
    assert "167人次 → 166人次" in proof.stdout
    assert run.invoke(args=["data", "check"]).exit_code == 0
    write(bureau, tmp_path / "2.docx", "--issue")
    text = text_of(tmp_path / "2.docx")
    assert "第1期（截至2021年6月26日）所载“现场教学人次”167人次，现更正为166人次（冲正1条）。" in text
    assert "166人次" in text
    assert "167人次" in text_of(tmp_path / "1.docx")
    with bureau.app_context():
        first = db.session.scalars(select(Bulletin).order_by(Bulletin.number)).first()
        assert first is not None
        assert document_of(first) == before
    write(bureau, tmp_path / "3.docx", "--issue")
    assert "第1期" not in text_of(tmp_path / "3.docx"), "each is printed once"
