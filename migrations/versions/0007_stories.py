"""stories told at a session

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "story",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("ordinal", INT, nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("member_id", INT, nullable=True),
        sa.Column("teller", sa.String(length=80), nullable=True),
        sa.CheckConstraint("member_id IS NULL OR teller IS NULL", name=op.f("ck_story_one_teller")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_story_member_id_member")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_story_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sa.UniqueConstraint("record_id", "key", name=op.f("uq_story_record_id_key")),
    )
    op.create_index(op.f("ix_story_key"), "story", ["key"], unique=False)
    op.create_index(op.f("ix_story_member_id"), "story", ["member_id"], unique=False)


def downgrade() -> None:
    op.drop_table("story")
