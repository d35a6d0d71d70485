"""layouts: how the ledger of a kind stands on the sheets that an office hands in

Revision: 0027, after 0026.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "layout",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=True),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.Column("saved_by_id", INT, nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_layout_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_layout_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["saved_by_id"], ["user_account.id"], name=op.f("fk_layout_saved_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_layout")),
        sa.UniqueConstraint(
            "campaign_id", "kind", "unit_id", "name", name=op.f("uq_layout_campaign_id_kind_unit_id_name")
        ),
    )
    op.create_index(op.f("ix_layout_unit_id"), "layout", ["unit_id"], unique=False)
    bureau = sa.text("unit_id IS NULL")
    op.create_index(
        "ix_layout_name_of_bureau", "layout", ["campaign_id", "kind", "name"], unique=True,
        sqlite_where=bureau, postgresql_where=bureau,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("layout")
