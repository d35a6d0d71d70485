"""The schema: up from nothing, down again, and the same as the models say."""

from __future__ import annotations

from pathlib import Path

import flask_migrate
import pytest
from sqlalchemy import func, inspect, select, text

from tests.conftest import close_app, config_for, make_app
from tests.filled import filled
from tests.maker import Maker
from tracker.db import db
from tracker.models import Campaign, Record, Status
from tracker.queries.recounts import differences


def test_the_migrations_go_up_from_nothing_agree_with_the_models_and_go_down_again(empty_url, tmp_path: Path):
    app = make_app(config_for(empty_url, tmp_path))
    with app.app_context():
        for _ in range(2):
            flask_migrate.upgrade()
            flask_migrate.check()  # exits if a model and its table differ
            assert set(inspect(db.engine).get_table_names()) >= set(db.metadata.tables)
            flask_migrate.downgrade(revision="base")
            assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    close_app(app)


@pytest.mark.slow
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_upgrade_that_broke_off_while_it_built_an_index_is_run_again(empty_url, tmp_path: Path):
    app = make_app(config_for(empty_url, tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision="0043")
        for name, columns in (
            ("pk_tally_cell_new", "tally_cell (day)"),
            ("ix_record_section_id_kind_id_happened_on", "record (section_id)"),
            ("ix_record_waiting", "record (entered_at)"),
            ("ix_record_group_id_kind_id_happened_on", "record (group_id)"),
            ("ix_participation_group_id_record_id", "participation (group_id)"),
            ("ix_audit_event_change", "audit_event (id)"),
        ):
            db.session.execute(text(f"CREATE INDEX {name} ON {columns}"))
        db.session.commit()
        flask_migrate.upgrade()
        flask_migrate.check()
    close_app(app)


@pytest.mark.slow  # left out of `make check`, which fits into a minute
def test_a_ledger_that_is_filled_goes_down_to_the_first_tables_and_up_again(fresh_app):
    with fresh_app.app_context():
        campaign_id = filled(Maker())
        verified = select(func.count()).where(Record.status == Status.VERIFIED)
        before = db.session.scalar(verified)
        db.session.remove()
        flask_migrate.downgrade(revision="0001")
        flask_migrate.upgrade()
        assert db.session.scalar(verified) == before
        assert list(differences(db.session.get_one(Campaign, campaign_id))) == []


def test_every_sqlite_connection_has_the_safe_settings(fresh_app):
    with fresh_app.app_context():
        if db.engine.dialect.name != "sqlite":
            assert db.session.execute(db.text("SHOW transaction_isolation")).scalar() == "read committed"
            return
        for name, value in (
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("busy_timeout", 15000),
            ("secure_delete", 1),
        ):
            assert db.session.execute(db.text(f"PRAGMA {name}")).scalar() == value, name
        assert db.session.execute(db.text("PRAGMA journal_mode")).scalar() in ("wal", "delete")
