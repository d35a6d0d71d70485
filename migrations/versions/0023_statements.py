"""statements: what branches say of each month, and an index for a branch's rows of a kind and month

Revision: 0023, after 0022.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "statement",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("said", sa.String(length=24), nullable=False),
        sa.Column("told_by", sa.String(length=80), nullable=True),
        sa.Column("stated_by_id", INT, nullable=False),
        sa.Column("stated_at", sa.DateTime(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint("said IN ('handed_in', 'nothing', 'taken_back')", name=op.f("ck_statement_said")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_statement_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_statement_kind_id_kind")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_statement_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["stated_by_id"], ["user_account.id"], name=op.f("fk_statement_stated_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("kind_id", "unit_id", "month", name=op.f("uq_statement_kind_id_unit_id_month")),
    )
    op.create_index(
        op.f("ix_statement_campaign_id_unit_id"), "statement", ["campaign_id", "unit_id"], unique=False
    )
    op.create_index(
        op.f("ix_record_branch_id_kind_id_happened_on"),
        "record",
        ["branch_id", "kind_id", "happened_on"],
        unique=False,
    )
    op.create_index(op.f("ix_co_organiser_unit_id"), "co_organiser", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_co_organiser_unit_id"), table_name="co_organiser")
    op.drop_index(op.f("ix_record_branch_id_kind_id_happened_on"), table_name="record")
    op.drop_table("statement")
