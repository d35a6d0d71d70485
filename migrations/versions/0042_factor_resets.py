"""factor_reset: two of the office take the second step away from somebody whose device is lost

Revision: 0042, after 0041.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = ("open", "done", "withdrawn", "expired")


def _account(column: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_factor_reset_{column}_user_account")
    return sa.ForeignKeyConstraint([column], ["user_account.id"], name=name)


def upgrade() -> None:
    op.create_table(
        "factor_reset",
        sa.Column("id", INT, nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column(
            "state",
            sa.Enum(*STATES, name="resetstate", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("asked_by_id", INT, nullable=True),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("closed_by_id", INT, nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_factor_reset_reasoned")),
        sa.CheckConstraint(
            "(state = 'open') = (closed_at IS NULL)", name=op.f("ck_factor_reset_closed_unless_open")
        ),
        sa.CheckConstraint(
            "state <> 'done' OR asked_by_id IS NULL OR (closed_by_id IS NOT NULL"
            " AND asked_by_id <> closed_by_id AND user_id <> asked_by_id AND user_id <> closed_by_id)",
            name=op.f("ck_factor_reset_done_by_two"),
        ),
        _account("user_id"),
        _account("asked_by_id"),
        _account("closed_by_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factor_reset")),
    )
    op.create_index(op.f("ix_factor_reset_user_id_asked_at"), "factor_reset", ["user_id", "asked_at"])
    op.create_index(
        op.f("ix_factor_reset_open"), "factor_reset", ["user_id"], unique=True,
        sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("factor_reset")
