"""arrivals: the code of a plan, who ticked themselves in, sheets printed for it

Revision: 0015, after 0014.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("plan") as batch_op:
        batch_op.add_column(sa.Column("code_digest", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_plan_code_digest"), ["code_digest"])
    op.create_table(
        "plan_sheet",
        sa.Column("id", INT, nullable=False),
        sa.Column("plan_id", INT, nullable=False),
        sa.Column("paper_id", INT, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_plan_sheet_plan_id_plan")),
        sa.ForeignKeyConstraint(["paper_id"], ["paper.id"], name=op.f("fk_plan_sheet_paper_id_paper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_sheet")),
        sa.UniqueConstraint("paper_id", name=op.f("uq_plan_sheet_paper_id")),
    )
    op.create_index(op.f("ix_plan_sheet_plan_id"), "plan_sheet", ["plan_id"], unique=False)
    op.create_table(
        "arrival",
        sa.Column("id", INT, nullable=False),
        sa.Column("plan_id", INT, nullable=False),
        sa.Column("member_id", INT, nullable=False),
        sa.ForeignKeyConstraint(["plan_id"], ["plan.id"], name=op.f("fk_arrival_plan_id_plan")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_arrival_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrival")),
        sa.UniqueConstraint("plan_id", "member_id", name=op.f("uq_arrival_plan_id_member_id")),
    )
    op.create_index(op.f("ix_arrival_member_id"), "arrival", ["member_id"], unique=False)


def downgrade() -> None:
    # The older program takes every paper for a sheet of a week.
    op.execute("UPDATE record SET paper_id = NULL WHERE paper_id IN (SELECT paper_id FROM plan_sheet)")
    op.execute("CREATE TEMPORARY TABLE gone_paper AS SELECT paper_id FROM plan_sheet")
    op.execute("DELETE FROM plan_sheet")
    op.execute("DELETE FROM paper WHERE id IN (SELECT paper_id FROM gone_paper)")
    op.execute("DROP TABLE gone_paper")
    op.drop_table("arrival")
    op.drop_table("plan_sheet")
    with op.batch_alter_table("plan") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_plan_code_digest"), type_="unique")
        batch_op.drop_column("code_digest")
