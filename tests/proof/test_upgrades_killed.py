"""An upgrade that is killed anywhere leaves every row, and a schema from which the next upgrade goes on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.filled import filled
from tests.maker import Maker
from tests.proof.figures import count, reached
from tracker.db import close_connections, db
from tracker.models import Campaign, Record, Status
from tracker.queries.neutral_rows import revision_of
from tracker.queries.recounts import differences

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEVER = "0001", 10**9

DIES = """
import os, signal, sys
import flask_migrate
from sqlalchemy import event
from sqlalchemy.engine import Engine
from config import load_config
from tracker import create_app

never = left = int(sys.argv[1])

def counted(*_what):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)

app = create_app(load_config())
event.listen(Engine, sys.argv[2], counted)
with app.app_context():
    flask_migrate.upgrade()
print(never - left)
"""


def upgrade(
    app: Flask, dies_at: int, moment: str = "before_cursor_execute"
) -> subprocess.CompletedProcess[str]:
    """Let a process upgrade, and kill itself at a statement."""
    config = app.config["TRACKER"]
    environ = {
        **os.environ, "TRACKER_DATABASE_URL": config.database_url, "TRACKER_DATA_DIR": str(config.data_dir),
        "TRACKER_JOBS": "manual", "TRACKER_ENVIRONMENT": "testing", "TRACKER_SECRET_KEY": "k" * 40,
    }  # fmt: skip
    close_connections(app)
    command = [sys.executable, "-c", DIES, str(dies_at), moment]
    return subprocess.run(command, cwd=ROOT, env=environ, check=False, capture_output=True, text=True)


def test_an_upgrade_that_is_killed_anywhere_is_run_again_and_keeps_every_row(fresh_app, record_property):
    times, left_at = count("o"), []
    with fresh_app.app_context():
        campaign_id = filled(Maker())
        verified = select(func.count()).where(Record.status == Status.VERIFIED)
        before = db.session.scalar(verified)
        db.session.remove()
        flask_migrate.downgrade(revision=OLDEST)
        total = int(upgrade(fresh_app, dies_at=NEVER).stdout)
        for turn in range(times):
            flask_migrate.downgrade(revision=OLDEST)
            at = total * (turn + 1) // (times + 1)
            moment = ("before_cursor_execute", "after_cursor_execute")[turn % 2]
            assert upgrade(fresh_app, at, moment).returncode == -signal.SIGKILL, (turn, at, total)
            with db.engine.connect() as connection:
                left_at.append(revision_of(connection))
            flask_migrate.upgrade()
            flask_migrate.check()
            assert db.session.scalar(verified) == before
            assert list(differences(db.session.get_one(Campaign, campaign_id))) == []
            db.session.remove()
    revisions = ", ".join(sorted({str(one) for one in left_at}))
    reached(
        record_property, "o", f"{times} kills within {total} statements, left at {revisions}: 0 rows lost"
    )
