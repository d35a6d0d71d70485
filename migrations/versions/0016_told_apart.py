"""told apart: two records that look like one fact and are two

Revision: 0016, after 0015.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "told_apart",
        sa.Column("id", INT, nullable=False),
        sa.Column("first_id", INT, nullable=False),
        sa.Column("second_id", INT, nullable=False),
        sa.Column("why", sa.String(length=400), nullable=False),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_told_apart_in_order")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_told_apart_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["first_id"], ["record.id"], name=op.f("fk_told_apart_first_id_record")),
        sa.ForeignKeyConstraint(["second_id"], ["record.id"], name=op.f("fk_told_apart_second_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_told_apart")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_told_apart_first_id_second_id")),
    )
    op.create_index(op.f("ix_told_apart_second_id"), "told_apart", ["second_id"], unique=False)


def downgrade() -> None:
    op.drop_table("told_apart")
