"""Migrations are run while people work: none holds a table that they wait for, or takes away what the version
before still reads. `squawk` reads each one's SQL for PostgreSQL; docs/operating.md says how it is done."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory

from migrations.online import beside_others
from tests.conftest import close_app, config_for, make_app
from tracker.db import db

ROOT = Path(__file__).resolve().parent.parent
SQUAWK = Path(sys.executable).with_name("squawk")
# The last revision before anybody had a ledger to be migrated: what it and those before do is not looked at.
BASELINE = "0042"
# (revision, rule) → why it is right there. A column is dropped one release after the last code that read it.
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("0044", "ban-drop-column"): "no release ever read tally_cell.id: cells are found by what they are of",
}

WAIT = "SET lock_timeout = '5s';\n"
NOT_NULL = "ALTER TABLE record ADD CONSTRAINT ck_a CHECK (a IS NOT NULL)"
# What squawk calls it → what must not be, and how it is done.
RULES = {
    "require-lock-timeout": (
        "ALTER TABLE record ADD COLUMN a BIGINT;", WAIT + "ALTER TABLE record ADD COLUMN a BIGINT;",
    ),
    "require-concurrent-index-creation": (
        WAIT + "CREATE INDEX ix_a ON record (a);",
        f"{WAIT}COMMIT; CREATE INDEX CONCURRENTLY ix_a ON record (a); BEGIN;",
    ),
    "require-concurrent-index-deletion": (
        WAIT + "DROP INDEX ix_a;", f"{WAIT}COMMIT; DROP INDEX CONCURRENTLY ix_a; BEGIN;",
    ),
    "ban-concurrent-index-creation-in-transaction": (
        WAIT + "CREATE INDEX CONCURRENTLY ix_a ON record (a);",
        f"{WAIT}COMMIT; CREATE INDEX CONCURRENTLY ix_a ON record (a); BEGIN;",
    ),
    "changing-column-type": (
        WAIT + "ALTER TABLE record ALTER COLUMN a TYPE TEXT;", WAIT + "ALTER TABLE record ADD COLUMN b TEXT;",
    ),
    "adding-required-field": (
        WAIT + "ALTER TABLE record ADD COLUMN a BIGINT NOT NULL;",
        WAIT + "ALTER TABLE record ADD COLUMN a BIGINT DEFAULT 0 NOT NULL;",
    ),
    "adding-field-with-default": (
        WAIT + "ALTER TABLE record ADD COLUMN a UUID DEFAULT gen_random_uuid() NOT NULL;",
        WAIT + "ALTER TABLE record ADD COLUMN a UUID;",
    ),
    "adding-not-nullable-field": (
        WAIT + "ALTER TABLE record ALTER COLUMN a SET NOT NULL;",
        f"{WAIT}{NOT_NULL} NOT VALID; COMMIT; BEGIN; ALTER TABLE record VALIDATE CONSTRAINT ck_a;"
        " ALTER TABLE record ALTER COLUMN a SET NOT NULL; ALTER TABLE record DROP CONSTRAINT ck_a;",
    ),
    "constraint-missing-not-valid": (
        WAIT + NOT_NULL + ";",
        f"{WAIT}{NOT_NULL} NOT VALID; COMMIT; BEGIN; ALTER TABLE record VALIDATE CONSTRAINT ck_a;",
    ),
    "adding-foreign-key-constraint": (
        WAIT + "ALTER TABLE record ADD COLUMN a BIGINT REFERENCES job (id);",
        WAIT + "ALTER TABLE record ADD COLUMN a BIGINT;"
        " ALTER TABLE record ADD CONSTRAINT fk_a FOREIGN KEY (a) REFERENCES job (id) NOT VALID;",
    ),
    "disallowed-unique-constraint": (
        WAIT + "ALTER TABLE record ADD CONSTRAINT uq_a UNIQUE (a);",
        f"{WAIT}COMMIT; CREATE UNIQUE INDEX CONCURRENTLY uq_a ON record (a); BEGIN;"
        " ALTER TABLE record ADD CONSTRAINT uq_a UNIQUE USING INDEX uq_a;",
    ),
    "ban-drop-column": (
        WAIT + "ALTER TABLE record DROP COLUMN a;", WAIT + "ALTER TABLE record ALTER COLUMN a SET DEFAULT 0;",
    ),
    "ban-drop-table": (WAIT + "DROP TABLE record;", WAIT + "CREATE TABLE other (id BIGINT);"),
    "renaming-column": (
        WAIT + "ALTER TABLE record RENAME COLUMN a TO b;", WAIT + "ALTER TABLE record ADD COLUMN b BIGINT;",
    ),
    "renaming-table": (WAIT + "ALTER TABLE record RENAME TO other;", WAIT + "CREATE TABLE new (id BIGINT);"),
}  # fmt: skip


def faults(sql: str) -> set[str]:
    """The rules against which SQL for PostgreSQL offends."""
    done = subprocess.run(
        [SQUAWK, "--config", ROOT / "migrations" / "squawk.toml", "--reporter", "json"],
        input=sql, capture_output=True, text=True, check=False, env={},
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return {one["rule_name"] for one in json.loads(done.stdout)}


@pytest.mark.parametrize("rule", RULES)
def test_what_must_not_be_is_found_and_how_it_is_done_is_not(rule):
    bad, good = RULES[rule]
    assert rule in faults(f"BEGIN;\n{bad}\nCOMMIT;\n")
    assert faults(f"BEGIN;\n{good}\nCOMMIT;\n") == set()


def test_a_new_table_with_its_indexes_and_constraints_is_no_fault():
    made = "CREATE TABLE n (id BIGSERIAL, a BIGINT NOT NULL REFERENCES job (id), CHECK (a > 0), UNIQUE (a));"
    assert faults(f"BEGIN; {WAIT} {made} CREATE INDEX ix_n ON n (a); COMMIT;") == set()


def sql_of(revisions: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What an upgrade would tell PostgreSQL; nobody is connected to."""
    app = make_app(config_for("postgresql+psycopg://nobody@127.0.0.1:9/none", tmp_path))
    with app.app_context():
        flask_migrate.upgrade(revision=revisions, sql=True)
    close_app(app)
    return capsys.readouterr().out


def after(baseline: str) -> list[tuple[str, str]]:
    """Each revision behind the baseline, with the one before it."""
    scripts = ScriptDirectory(str(ROOT / "migrations"))
    return [(str(one.down_revision), one.revision) for one in scripts.iterate_revisions("heads", baseline)]


def test_no_migration_keeps_people_waiting_or_takes_away_what_is_still_read(tmp_path, capsys):
    assert after("0041")[-1] == ("0041", "0042")
    found = {
        (revision, rule)
        for before, revision in after(BASELINE)
        for rule in faults(sql_of(f"{before}:{revision}", tmp_path, capsys))
    }
    assert found == set(EXCEPTIONS)
    assert all(EXCEPTIONS.values())


def test_the_sql_of_a_migration_is_that_of_postgresql_and_waits_for_no_lock_for_long(tmp_path, capsys):
    sql = sql_of("0041:0042", tmp_path, capsys)
    assert "SET lock_timeout = '5s'" in sql
    assert "id BIGSERIAL NOT NULL" in sql
    assert faults(sql) == set()
    assert "constraint-missing-not-valid" in faults(sql_of("0002:0003", tmp_path, capsys))


def change(op: Operations) -> None:
    """The example of docs/operating.md: a column that must be filled, what it refers to, and its index."""
    on_postgresql = op.get_context().dialect.name == "postgresql"
    with op.batch_alter_table("suggestion") as table:
        table.add_column(sa.Column("handled_by_id", sa.BigInteger(), nullable=True))
        table.create_foreign_key(
            "fk_suggestion_handled_by_id_user_account", "user_account", ["handled_by_id"], ["id"],
            postgresql_not_valid=True,
        )  # fmt: skip
    with beside_others() as concurrently:
        op.create_index("ix_suggestion_handled_by_id", "suggestion", ["handled_by_id"],
                        postgresql_concurrently=concurrently)  # fmt: skip
    if on_postgresql:
        op.execute("ALTER TABLE suggestion VALIDATE CONSTRAINT fk_suggestion_handled_by_id_user_account")


def test_the_example_for_the_next_migration_runs_on_both_databases(fresh_app):
    with fresh_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        with context.begin_transaction(), Operations.context(context) as op:
            change(op)
        connection.commit()
        found = sa.inspect(connection)
        assert "ix_suggestion_handled_by_id" in {one["name"] for one in found.get_indexes("suggestion")}
        assert ["handled_by_id"] in [
            one["constrained_columns"] for one in found.get_foreign_keys("suggestion")
        ]


def test_a_migration_leaves_its_transaction_only_where_no_restore_runs_it():
    """A restore migrates within its own: `beside_others` knows of it, `autocommit_block` would break off."""
    versions = sorted((ROOT / "migrations" / "versions").glob("*.py"))
    assert versions
    assert [one.name for one in versions if "autocommit_block" in one.read_text("utf-8")] == []
