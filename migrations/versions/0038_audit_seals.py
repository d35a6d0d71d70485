"""audit_seal, and an audit that is only ever added to

Revision: 0038, after 0037.

A later migration that makes audit_event anew on SQLite (batch mode) loses its triggers: it has to make them again.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

# 184 days: no six calendar months are longer (网络安全法 第二十三条第三项). What was done in an invented bureau is no
# evidence, and goes with it.
TABLES = ("audit_event", "audit_seal")
SQLITE_MAY_GO = {
    "audit_event": "OLD.at <= (SELECT datetime(max(at), '-184 days') FROM audit_event)",
    "audit_seal": "0",
}
POSTGRESQL_MAY_GO = {
    "audit_event": "OLD.at <= (SELECT max(at) - interval '184 days' FROM audit_event)",
    "audit_seal": "false",
}
IS_DEMO = "EXISTS (SELECT 1 FROM campaign WHERE demo IS NOT NULL)"


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.DateTime(), nullable=False),
        sa.Column("tags", sa.LargeBinary(), nullable=False),
        sa.Column("key_name", sa.String(length=64), nullable=False),
        sa.Column("before", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("before", name=op.f("uq_audit_seal_before")),
        sa.UniqueConstraint("last_id", name=op.f("uq_audit_seal_last_id")),
    )
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            op.execute(
                f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
            op.execute(
                f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}"
                f" WHEN NOT ({SQLITE_MAY_GO[table]} OR {IS_DEMO})"
                f" BEGIN SELECT RAISE(ABORT, '{table} is only added to'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_refuses() RETURNS trigger LANGUAGE plpgsql AS $$"
        " BEGIN RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        op.execute(
            f"CREATE FUNCTION {table}_kept() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN IF {POSTGRESQL_MAY_GO[table]} OR {IS_DEMO} THEN RETURN OLD; END IF;"
            " RAISE EXCEPTION '% is only added to', TG_TABLE_NAME; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_never_changed BEFORE UPDATE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION audit_refuses()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_never_emptied BEFORE TRUNCATE ON {table}"
            " FOR EACH STATEMENT EXECUTE FUNCTION audit_refuses()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_is_kept BEFORE DELETE ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION {table}_kept()"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_event_is_never_changed")
        op.execute("DROP TRIGGER audit_event_is_kept")
        op.drop_table("audit_seal")
        return
    for name in ("is_never_changed", "is_never_emptied", "is_kept"):
        op.execute(f"DROP TRIGGER audit_event_{name} ON audit_event")
    op.drop_table("audit_seal")
    for table in TABLES:
        op.execute(f"DROP FUNCTION {table}_kept()")
    op.execute("DROP FUNCTION audit_refuses()")
