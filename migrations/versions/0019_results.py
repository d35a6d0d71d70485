"""results: what members reach in tests and contests

Revision: 0019, after 0018.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "result",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("identity", sa.String(length=64), nullable=False),
        sa.Column("member_id", INT, nullable=False),
        sa.Column("points", INT, nullable=False),
        sa.Column("entered_by_id", INT, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_result_points_not_negative")),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaign.id"], name=op.f("fk_result_campaign_id_campaign")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_result_member_id_member")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"], ["user_account.id"], name=op.f("fk_result_entered_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_result")),
        sa.UniqueConstraint(
            "campaign_id", "identity", "member_id", name=op.f("uq_result_campaign_id_identity_member_id")
        ),
    )
    op.create_index(op.f("ix_result_member_id"), "result", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("result")
