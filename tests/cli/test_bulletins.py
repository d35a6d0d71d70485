"""flask bulletin and flask bulletins prove: one command writes a bulletin, another proves what was issued."""

from __future__ import annotations

import datetime as dt
import io
import json
from typing import Any

import docx
import pytest
from sqlalchemy import func, select, update

from tests.bulletins import DAY
from tests.maker import Maker
from tests.services.test_bulletins import Here
from tracker.db import db
from tracker.models import AuditEvent, Bulletin, BulletinFigure, Participation
from tracker.services.records import reverse_participation

pytestmark = pytest.mark.slow  # left out of `make check`, which fits into a minute

LATER = dt.datetime(2021, 8, 2, 8, tzinfo=dt.UTC)


@pytest.fixture
def run(fresh_app: Any) -> Any:
    """Runs a command on a database with a small bureau."""
    with fresh_app.app_context():
        Here(Maker())
        db.session.commit()
    runner = fresh_app.test_cli_runner()
    return lambda *args: runner.invoke(args=[str(arg) for arg in args])


def bulletins(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Bulletin))


def test_without_issue_it_writes_a_draft_and_keeps_nothing(run, fresh_app, tmp_path):
    out = tmp_path / "F.docx"
    done = run("bulletin", "--as-of", DAY, "--out", out)
    assert done.exit_code == 0, done.output
    text = "\n".join(one.text for one in docx.Document(io.BytesIO(out.read_bytes())).paragraphs)
    assert "现场教学2场次，6人次（4人）参加。" in text
    assert bulletins(fresh_app) == 0


def test_with_issue_it_is_drafted_and_issued_in_one_act(run, fresh_app, tmp_path):
    out = tmp_path / "F.json"
    for number in (1, 2):
        done = run("bulletin", "--as-of", DAY, "--out", out, "--issue")
        assert done.exit_code == 0, done.output
        assert f"第{number}期" in done.output
    said = json.loads(out.read_text(encoding="utf-8"))
    assert (said["number"], said["as_of"], len(said["sources"])) == ("第2期", "2021-06-26", 5)
    assert said["digest"] in done.output
    with fresh_app.app_context():
        acts = db.session.scalars(select(AuditEvent.action).where(AuditEvent.subject_type == "bulletin"))
        assert list(acts) == ["bulletin:draft", "bulletin:issue"] * 2


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["--as-of", "2021-08-01"], "还没有到"),
        (["--as-of", "2021-02-01"], "请选择其间的一天"),
        (["--as-of", "2021-06-26", "--template", "nothing"], "没有这种简报"),
        (["--as-of", "2021-06-26", "--campaign", "nothing"], ""),
    ],
)
@pytest.mark.parametrize("more", [[], ["--issue"]])
def test_what_cannot_be_written_is_said_and_leaves_no_file(run, fresh_app, tmp_path, args, said, more):
    done = run("bulletin", *args, "--out", tmp_path / "F.docx", *more)
    assert done.exit_code == 1
    assert said in done.stderr
    assert not list(tmp_path.glob("F.*"))
    assert bulletins(fresh_app) == 0


def test_a_file_of_another_sort_is_refused(run, tmp_path):
    done = run("bulletin", "--as-of", DAY, "--out", tmp_path / "F.txt")
    assert (done.exit_code, ".docx" in done.stderr) == (1, True)


def test_without_a_campaign_it_says_so(fresh_app, tmp_path):
    runner = fresh_app.test_cli_runner()
    assert runner.invoke(args=["bulletin", "--out", str(tmp_path / "F.docx")]).exit_code == 1
    assert runner.invoke(args=["bulletins", "prove"]).exit_code == 1


def test_proving_names_the_first_row_that_differs(run, fresh_app, tmp_path):
    for _ in range(2):
        run("bulletin", "--as-of", DAY, "--out", tmp_path / "F.json", "--issue")
    good = run("bulletins", "prove")
    assert (good.exit_code, good.output.count("均未变动")) == (0, 2)
    assert run("bulletins", "prove", 3).exit_code == 1
    with fresh_app.app_context():
        chosen = db.session.scalars(select(Participation).order_by(Participation.id.desc())).first()
        record_id = chosen.record_id
        reverse_participation(chosen, version=1, why="未到", by=None, at=LATER)
        db.session.commit()
    bad = run("bulletins", "prove", 1)
    assert bad.exit_code == 1
    assert f"台账记录{record_id}（冲正）：现场教学人次 2 → 1" in bad.stderr
    assert "现场教学人次: 6人次 → 5人次" in bad.stdout
    assert run("data", "check").exit_code == 0, "the issue itself is as it was"


def test_data_check_tells_an_issue_that_somebody_changed(run, fresh_app, tmp_path):
    run("bulletin", "--as-of", DAY, "--out", tmp_path / "F.json", "--issue")
    assert run("data", "check").exit_code == 0
    with fresh_app.app_context():
        db.session.execute(update(BulletinFigure).where(BulletinFigure.ref == "visits").values(value="9"))
        db.session.commit()
    for command in (("data", "check"), ("bulletins", "prove")):
        bad = run(*command)
        assert (bad.exit_code, "校验码" in bad.stderr) == (1, True)
