"""absences: why somebody was not at a session, and how they made it up

Revision: 0010, after 0009.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("member_id", INT, nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("made_up_on", sa.Date(), nullable=True),
        sa.Column("made_up_by", sa.String(length=40), nullable=True),
        sa.Column("noted_by_id", INT, nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "(made_up_on IS NULL) = (made_up_by IS NULL)", name=op.f("ck_absence_made_up_on_and_by")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_absence_member_id_member")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user_account.id"], name=op.f("fk_absence_noted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_absence_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("record_id", "member_id", name=op.f("uq_absence_record_id_member_id")),
    )
    op.create_index(op.f("ix_absence_member_id"), "absence", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("absence")
