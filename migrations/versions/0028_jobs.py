"""jobs: long work of any sort, what it was asked, what it gave, the file that it made

Revision: 0028, after 0027.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATES = {
    "0027": ("queued", "running", "done", "failed"),
    "0028": ("queued", "running", "done", "failed", "cancelled"),
}
FILE_OF_DONE_WORK = "path IS NULL OR state = 'done'"


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The condition of an enumeration kept as text."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    with op.batch_alter_table("job") as batch_op:
        batch_op.add_column(sa.Column("campaign_id", INT, nullable=True))
        batch_op.add_column(sa.Column("arguments", sa.JSON(), nullable=False, server_default=sa.text("'{}'")))
        batch_op.add_column(sa.Column("result", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("path", sa.String(length=200), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_job_campaign_id_campaign"), "campaign", ["campaign_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_job_campaign_id"), ["campaign_id"], unique=False)
        batch_op.drop_constraint(op.f("ck_job_jobstate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_job_jobstate"), one_of("state", STATES["0028"]))
        batch_op.create_check_constraint(op.f("ck_job_file_of_done_work"), FILE_OF_DONE_WORK)


def downgrade() -> None:
    # What is no import was unknown then: a worker of that time would not see it, or wait for it for ever.
    op.execute("DELETE FROM job WHERE batch_id IS NULL")
    op.execute("UPDATE job SET state = 'failed' WHERE state = 'cancelled'")
    with op.batch_alter_table("job") as batch_op:
        batch_op.drop_constraint(op.f("ck_job_file_of_done_work"), type_="check")
        batch_op.drop_constraint(op.f("ck_job_jobstate"), type_="check")
        batch_op.create_check_constraint(op.f("ck_job_jobstate"), one_of("state", STATES["0027"]))
        batch_op.drop_index(batch_op.f("ix_job_campaign_id"))
        batch_op.drop_constraint(batch_op.f("fk_job_campaign_id_campaign"), type_="foreignkey")
        for column in ("path", "result", "arguments", "campaign_id"):
            batch_op.drop_column(column)
