"""stages: a record that follows another one

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = {
    "0002": ("submitted", "verified", "returned", "withdrawn", "reversed", "counter"),
    "0003": ("submitted", "verified", "returned", "withdrawn", "reversed", "continued", "counter"),
}
OPEN_OR_COUNTS = sa.text("status IN ('submitted', 'returned', 'verified', 'continued')")


def retake(values: tuple[str, ...]) -> None:
    """Give the states of records another list of values: Alembic does not see it."""
    with op.batch_alter_table("record") as batch_op:
        batch_op.drop_constraint(op.f("ck_record_status"), type_="check")
        condition = f"status IN ({', '.join(repr(value) for value in values)})"
        batch_op.create_check_constraint(op.f("ck_record_status"), condition)


def upgrade() -> None:
    with op.batch_alter_table("record") as batch_op:
        batch_op.add_column(sa.Column("follows_id", INT, nullable=True))
        batch_op.add_column(sa.Column("since_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.String(length=400), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_record_follows_id_record"), "record", ["follows_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_record_follows_id"), ["follows_id"], unique=False)
        batch_op.create_check_constraint(
            op.f("ck_record_since_iff_follows"), "(follows_id IS NULL) = (since_on IS NULL)"
        )
    retake(STATUSES["0003"])
    op.create_index(
        "ix_record_follows_id_open", "record", ["follows_id"], unique=True,
        sqlite_where=OPEN_OR_COUNTS, postgresql_where=OPEN_OR_COUNTS,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_index("ix_record_follows_id_open", "record")
    # The older program knows no earlier stages: the latest one says them all, as a file would.
    # A later stage that still waits would count beside the record that it follows: it is withdrawn too.
    op.execute(
        "UPDATE record SET status = 'withdrawn', returned_at = NULL, returned_by_id = NULL, returned_why = NULL"
        " WHERE status = 'continued' OR (follows_id IS NOT NULL AND status IN ('submitted', 'returned'))"
    )
    op.execute(
        "UPDATE record SET verified_by_id = NULL, verified_at = NULL, verified_by_member_id = NULL"
        " WHERE status = 'withdrawn'"
    )
    retake(STATUSES["0002"])
    with op.batch_alter_table("record") as batch_op:
        batch_op.drop_constraint(op.f("ck_record_since_iff_follows"), type_="check")
        batch_op.drop_index(batch_op.f("ix_record_follows_id"))
        batch_op.drop_constraint(batch_op.f("fk_record_follows_id_record"), type_="foreignkey")
        batch_op.drop_column("note")
        batch_op.drop_column("since_on")
        batch_op.drop_column("follows_id")
