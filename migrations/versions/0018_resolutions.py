"""resolutions: agendas of sessions, what was resolved, and whether it is done

Revision: 0018, after 0017.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("ordinal", INT, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("speaker", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_agenda_item_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("record_id", "ordinal", name=op.f("uq_agenda_item_record_id_ordinal")),
    )
    op.create_table(
        "resolution",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("unit_id", INT, nullable=True),
        sa.Column("member_id", INT, nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by_id", INT, nullable=True),
        sa.Column("noted_by_id", INT, nullable=False),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("(unit_id IS NULL) <> (member_id IS NULL)", name=op.f("ck_resolution_one_owner")),
        sa.CheckConstraint(
            "(done_on IS NULL) = (done_by_id IS NULL)", name=op.f("ck_resolution_done_on_and_by")
        ),
        sa.ForeignKeyConstraint(
            ["done_by_id"], ["user_account.id"], name=op.f("fk_resolution_done_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_resolution_member_id_member")),
        sa.ForeignKeyConstraint(
            ["noted_by_id"], ["user_account.id"], name=op.f("fk_resolution_noted_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_resolution_record_id_record")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_resolution_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
    )
    for column in ("record_id", "unit_id", "member_id"):
        op.create_index(op.f(f"ix_resolution_{column}"), "resolution", [column], unique=False)


def downgrade() -> None:
    op.drop_table("resolution")
    op.drop_table("agenda_item")
