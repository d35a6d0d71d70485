"""quoted: figures from outside the ledger, by code and day, with who said them

Revision: 0029, after 0028.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "quoted",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("value", sa.String(length=24), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=400), nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.Column("corrects_id", INT, nullable=True),
        sa.Column("entered_by_id", INT, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_by_id", INT, nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("withdrawn_why", sa.String(length=400), nullable=True),
        sa.CheckConstraint("title <> '' AND unit <> '' AND source <> ''", name=op.f("ck_quoted_said")),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_by_id IS NULL)", name=op.f("ck_quoted_withdrawn_by_and_at")
        ),
        sa.CheckConstraint(
            "(withdrawn_at IS NULL) = (withdrawn_why IS NULL)", name=op.f("ck_quoted_withdrawn_why_and_at")
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_quoted_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["corrects_id"], ["quoted.id"], name=op.f("fk_quoted_corrects_id_quoted")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_quoted_entered_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["withdrawn_by_id"], ["user_account.id"], name=op.f("fk_quoted_withdrawn_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quoted")),
    )
    op.create_index(
        op.f("ix_quoted_campaign_id_code_id"), "quoted", ["campaign_id", "code", "id"], unique=False
    )
    holds = sa.text("withdrawn_at IS NULL")
    op.create_index(
        "ix_quoted_value_of_day", "quoted", ["campaign_id", "code", "as_of"], unique=True,
        sqlite_where=holds, postgresql_where=holds,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("quoted")
