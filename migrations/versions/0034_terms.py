"""terms: what the ledger and the plans say, each text once, with its pinyin

Revision: 0034, after 0033.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from tracker.rules.pinyin import term_keys

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SAID = ("title", "category", "place", "community", "subject")
WHERE = [("record", name) for name in (*SAID, "ref")] + [("story", "title"), ("plan", "title")]
AT_ONCE = 1_000


def upgrade() -> None:
    term = op.create_table(
        "term",
        sa.Column("id", INT, nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.Column("typed", sa.String(length=400), nullable=False),
        sa.Column("pinyin", sa.String(length=400), nullable=False),
        sa.Column("initials", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("text", name=op.f("uq_term_text")),
    )
    op.drop_index(op.f("ix_record_ref"), table_name="record")
    for name in (*SAID, "ref"):
        there = sa.text(f"{name} IS NOT NULL")
        op.create_index(
            op.f(f"ix_record_{name}"), "record", [name], unique=False,
            sqlite_where=there, postgresql_where=there,
        )  # fmt: skip
    op.create_index(
        op.f("ix_participation_branch_id_record_id"),
        "participation",
        ["branch_id", "record_id"],
        unique=False,
    )
    for table in ("story", "plan"):
        op.create_index(op.f(f"ix_{table}_title"), table, ["title"], unique=False)
    link = op.get_bind()
    said: set[str] = set()
    for table, name in WHERE:
        column: sa.ColumnClause[str] = sa.column(name)
        said.update(
            link.scalars(sa.select(column).select_from(sa.table(table)).where(column != "").distinct())
        )
    texts = sorted(said)
    for start in range(0, len(texts), AT_ONCE):
        rows = [term_keys(text) for text in texts[start : start + AT_ONCE]]
        op.bulk_insert(term, rows)


def downgrade() -> None:
    op.drop_index(op.f("ix_participation_branch_id_record_id"), table_name="participation")
    for table in ("story", "plan"):
        op.drop_index(op.f(f"ix_{table}_title"), table_name=table)
    for name in (*SAID, "ref"):
        op.drop_index(op.f(f"ix_record_{name}"), table_name="record")
    op.create_index(op.f("ix_record_ref"), "record", ["ref"], unique=False)
    op.drop_table("term")
