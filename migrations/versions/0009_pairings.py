"""pairings: the sealed person, its openings, and notes of visits, needs and measures

Revision: 0009, after 0008.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PRESENT = sa.text("deleted_at IS NULL")


def one_of(name: str, *values: str) -> sa.Enum:
    """A text column with a CHECK that it is one of these."""
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def points_to(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def upgrade() -> None:
    op.create_table(
        "sealed_person",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("branch_id", INT, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("suite", sa.String(length=24), nullable=False),
        sa.Column("key_name", sa.String(length=24), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("created_by_id", INT, nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("written_by_id", INT, nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("delete_on", sa.Date(), nullable=False),
        sa.Column("deleted_at", sa.DateTime(), nullable=True),
        sa.Column("deleted_by_id", INT, nullable=True),
        sa.Column("deleted_why", one_of("deletedwhy", "ended", "asked", "mistake", "due"), nullable=True),
        sa.Column("version", INT, nullable=False),
        sa.CheckConstraint(
            "(deleted_at IS NULL) = (sealed IS NOT NULL)", name=op.f("ck_sealed_person_sealed_until_deleted")
        ),
        sa.CheckConstraint(
            "(sealed IS NULL) = (nonce IS NULL)", name=op.f("ck_sealed_person_nonce_iff_sealed")
        ),
        sa.CheckConstraint(
            "(deleted_at IS NULL) = (deleted_why IS NULL)", name=op.f("ck_sealed_person_deleted_why_and_at")
        ),
        points_to("sealed_person", "campaign_id", "campaign"),
        points_to("sealed_person", "branch_id", "unit"),
        points_to("sealed_person", "created_by_id", "user_account"),
        points_to("sealed_person", "written_by_id", "user_account"),
        points_to("sealed_person", "deleted_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_person")),
    )
    op.create_index(op.f("ix_sealed_person_delete_on"), "sealed_person", ["delete_on"], unique=False)
    op.create_index(
        "ix_sealed_person_present", "sealed_person", ["campaign_id", "branch_id", "subject"], unique=True,
        sqlite_where=PRESENT, postgresql_where=PRESENT,
    )  # fmt: skip
    op.create_table(
        "sealed_opening",
        sa.Column("id", INT, nullable=False),
        sa.Column("sealed_person_id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column(
            "why", one_of("openedwhy", "visit", "call", "check", "hand_over", "emergency"), nullable=False
        ),
        points_to("sealed_opening", "sealed_person_id", "sealed_person"),
        points_to("sealed_opening", "record_id", "record"),
        points_to("sealed_opening", "by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_opening")),
    )
    op.create_index(op.f("ix_sealed_opening_record_id"), "sealed_opening", ["record_id"], unique=False)
    op.create_index(
        op.f("ix_sealed_opening_sealed_person_id_at"), "sealed_opening", ["sealed_person_id", "at"],
        unique=False,
    )  # fmt: skip
    op.create_table(
        "pairing_note",
        sa.Column("id", INT, nullable=False),
        sa.Column("campaign_id", INT, nullable=False),
        sa.Column("member_id", INT, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("sort", one_of("notesort", "visit", "need", "measure"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=True),
        sa.Column("entered_by_id", INT, nullable=False),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "sort = 'visit' OR text IS NOT NULL", name=op.f("ck_pairing_note_text_unless_visit")
        ),
        points_to("pairing_note", "campaign_id", "campaign"),
        points_to("pairing_note", "member_id", "member"),
        points_to("pairing_note", "record_id", "record"),
        points_to("pairing_note", "entered_by_id", "user_account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairing_note")),
    )
    op.create_index(op.f("ix_pairing_note_record_id"), "pairing_note", ["record_id"], unique=False)
    op.create_index(
        op.f("ix_pairing_note_campaign_id_member_id_subject_happened_on"), "pairing_note",
        ["campaign_id", "member_id", "subject", "happened_on"], unique=False,
    )  # fmt: skip


def downgrade() -> None:
    """What is sealed goes with its table: the older program could neither open nor delete it."""
    op.drop_table("pairing_note")
    op.drop_table("sealed_opening")
    op.drop_table("sealed_person")
