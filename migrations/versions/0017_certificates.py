"""certificates: of a member's own hours, numbered

Revision: 0017, after 0016.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CHECKS = {
    "number_positive": "number > 0",
    "minutes_positive": "minutes > 0",
    "ends_after_start": "ends_on >= starts_on",
    "revoked_by_and_at": "(revoked_at IS NULL) = (revoked_by_id IS NULL)",
    "revoked_why_and_at": "(revoked_at IS NULL) = (revoked_why IS NULL)",
}
REFERENCES = {
    "campaign_id": "campaign",
    "member_id": "member",
    "issued_by_id": "user_account",
    "revoked_by_id": "user_account",
}


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("number", INT, nullable=False),
        sa.Column("code", sa.String(length=24), nullable=False),
        sa.Column("member_id", INT, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("member_number", sa.String(length=64), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("minutes", INT, nullable=False),
        sa.Column("lines", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("issued_at", sa.DateTime(), nullable=False),
        sa.Column("issued_by_id", INT, nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("revoked_by_id", INT, nullable=True),
        sa.Column("revoked_why", sa.String(length=400), nullable=True),
        *(sa.CheckConstraint(said, name=op.f(f"ck_certificate_{name}")) for name, said in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_certificate_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_certificate_campaign_id_number")),
        sa.UniqueConstraint("code", name=op.f("uq_certificate_code")),
    )
    op.create_index(op.f("ix_certificate_member_id_id"), "certificate", ["member_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("certificate")
