"""daily round

Revision: 0002, after 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
STATUSES = {
    "0001": ("draft", "submitted", "verified", "returned", "reversed"),
    "0002": ("submitted", "verified", "returned", "withdrawn", "reversed", "counter"),
}
ROLES = {
    "0001": ("office", "auditor", "secretary"),
    "0002": (
        "office", "auditor", "secretary", "deputy", "group_leader", "section_head", "member", "administrator",
    ),
}  # fmt: skip
RECORD_CHECKS = {
    "not_verified_by_its_member": (
        "verified_by_member_id IS NULL OR member_id IS NULL OR verified_by_member_id <> member_id"
        " OR batch_id IS NOT NULL"
    ),
    "returned_at_iff_returned": "(status = 'returned') = (returned_at IS NOT NULL)",
    "returned_by_and_at": "(returned_at IS NULL) = (returned_by_id IS NULL)",
    "reverses_iff_counter": "(status = 'counter') = (reverses_id IS NOT NULL)",
}
UNIT_IFF = "(role IN ('secretary', 'deputy', 'group_leader', 'section_head')) = (unit_id IS NOT NULL)"


def one_of(column: str, values: tuple[str, ...]) -> str:
    """The condition of an enumeration kept as text."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def retake(table: str, column: str, values: tuple[str, ...]) -> None:
    """Give an enumeration another list of values: Alembic does not see it."""
    with op.batch_alter_table(table) as batch_op:
        batch_op.drop_constraint(op.f(f"ck_{table}_{column}"), type_="check")
        batch_op.create_check_constraint(op.f(f"ck_{table}_{column}"), one_of(column, values))


def upgrade() -> None:
    # Nothing ever wrote these two; a row with one could not say who gave it back.
    op.execute("UPDATE record SET status = 'submitted' WHERE status IN ('draft', 'returned')")
    op.create_table(
        "try_count",
        sa.Column("id", INT, nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("count", INT, nullable=False),
        sa.CheckConstraint("count >= 0", name=op.f("ck_try_count_count_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_try_count")),
        sa.UniqueConstraint("key", name=op.f("uq_try_count_key")),
    )
    op.create_table(
        "known_device",
        sa.Column("id", INT, nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_known_device_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_device")),
        sa.UniqueConstraint("digest", name=op.f("uq_known_device_digest")),
    )
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_known_device_user_id"), ["user_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", INT, nullable=False),
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("unit_id", INT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("days", INT, nullable=False),
        sa.Column("member_ids", sa.JSON(), nullable=False),
        sa.Column("printed_by_id", INT, nullable=False),
        sa.Column("printed_at", sa.DateTime(), nullable=False),
        sa.Column("keyed_by_id", INT, nullable=True),
        sa.Column("keyed_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint(
            "(keyed_at IS NULL) = (keyed_by_id IS NULL)", name=op.f("ck_paper_keyed_by_and_at")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 7", name=op.f("ck_paper_days_within_a_week")),
        sa.ForeignKeyConstraint(
            ["keyed_by_id"], ["user_account.id"], name=op.f("fk_paper_keyed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_paper_kind_id_kind")),
        sa.ForeignKeyConstraint(
            ["printed_by_id"], ["user_account.id"], name=op.f("fk_paper_printed_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_paper_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("code", name=op.f("uq_paper_code")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "user_session",
        sa.Column("id", INT, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column("browser", sa.String(length=80), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_user_session_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_user_session_digest")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_session_user_id"), ["user_id"], unique=False)

    op.create_table(
        "comment",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("by_id", INT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("text", sa.String(length=400), nullable=False),
        sa.Column("is_return", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user_account.id"], name=op.f("fk_comment_by_id_user_account")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_comment_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_by_id_is_return"), ["by_id", "is_return"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_record_id_id"), ["record_id", "id"], unique=False)

    op.create_table(
        "draft",
        sa.Column("id", INT, nullable=False),
        sa.Column("user_id", INT, nullable=False),
        sa.Column("kind_id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("version", INT, nullable=False),
        sa.Column("saved_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["kind_id"], ["kind.id"], name=op.f("fk_draft_kind_id_kind")),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_draft_record_id_record")),
        sa.ForeignKeyConstraint(["user_id"], ["user_account.id"], name=op.f("fk_draft_user_id_user_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
    )
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_user_id"), ["user_id"], unique=False)

    op.create_table(
        "work",
        sa.Column("id", INT, nullable=False),
        sa.Column("record_id", INT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name=op.f("fk_work_record_id_record")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_work")),
        sa.UniqueConstraint("record_id", name=op.f("uq_work_record_id")),
    )
    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_event_actor_id_at"), ["actor_id", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_event_at"), ["at"], unique=False)

    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.add_column(sa.Column("verified_by_member_id", INT, nullable=True))
        batch_op.add_column(sa.Column("returned_by_id", INT, nullable=True))
        batch_op.add_column(sa.Column("returned_at", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("returned_why", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("paper_id", INT, nullable=True))
        batch_op.add_column(sa.Column("reverses_id", INT, nullable=True))
        batch_op.create_index(
            batch_op.f("ix_record_entered_by_id_status"), ["entered_by_id", "status"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_record_paper_id"), ["paper_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_record_status_branch_id_entered_at"),
            ["status", "branch_id", "entered_at"],
            unique=False,
        )
        batch_op.create_unique_constraint(batch_op.f("uq_record_reverses_id"), ["reverses_id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_record_returned_by_id_user_account"), "user_account", ["returned_by_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_record_reverses_id_record"), "record", ["reverses_id"], ["id"]
        )
        batch_op.create_foreign_key(batch_op.f("fk_record_paper_id_paper"), "paper", ["paper_id"], ["id"])
        batch_op.create_foreign_key(
            batch_op.f("fk_record_verified_by_member_id_member"), "member", ["verified_by_member_id"], ["id"]
        )

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("must_change", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("slip_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("totp_secret", sa.String(length=400), nullable=True))
        batch_op.add_column(sa.Column("totp_step", INT, nullable=True))
        batch_op.add_column(sa.Column("signed_in_at", sa.DateTime(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_user_account_member_id"), ["member_id"])
        batch_op.drop_column("failed_count")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("must_change", server_default=None)
        batch_op.drop_column("locked_until")
        batch_op.drop_column("session_salt")

    with op.batch_alter_table("user_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_grant_unit_id_role"), ["unit_id", "role"], unique=False)
        batch_op.create_check_constraint(op.f("ck_user_grant_unit_iff_role_has_one"), UNIT_IFF)
    retake("user_grant", "role", ROLES["0002"])
    retake("record", "status", STATUSES["0002"])
    with op.batch_alter_table("record") as batch_op:
        for name, condition in RECORD_CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_record_{name}"), condition)


def downgrade() -> None:
    with op.batch_alter_table("record") as batch_op:
        for name in RECORD_CHECKS:
            batch_op.drop_constraint(op.f(f"ck_record_{name}"), type_="check")
        batch_op.drop_constraint(op.f("ck_record_status"), type_="check")
    # What the older program does not know: it would take a withdrawn row for one that waits.
    op.execute("DELETE FROM record WHERE status = 'counter'")
    op.execute("UPDATE record SET status = 'draft' WHERE status IN ('withdrawn', 'returned')")
    with op.batch_alter_table("record") as batch_op:
        batch_op.create_check_constraint(op.f("ck_record_status"), one_of("status", STATUSES["0001"]))
    known = ", ".join(f"'{role}'" for role in ROLES["0001"])
    op.execute(f"DELETE FROM user_grant WHERE role NOT IN ({known})")  # noqa: S608  (names of this file)
    with op.batch_alter_table("user_grant") as batch_op:
        batch_op.drop_constraint(op.f("ck_user_grant_unit_iff_role_has_one"), type_="check")
    retake("user_grant", "role", ROLES["0001"])
    with op.batch_alter_table("user_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_grant_unit_id_role"))

    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("session_salt", sa.String(length=64), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("locked_until", sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column("failed_count", INT, nullable=False, server_default="0"))
        batch_op.drop_constraint(batch_op.f("uq_user_account_member_id"), type_="unique")
        batch_op.drop_column("signed_in_at")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_secret")
        batch_op.drop_column("slip_until")
        batch_op.drop_column("must_change")
    with op.batch_alter_table("user_account") as batch_op:
        batch_op.alter_column("failed_count", server_default=None)
        batch_op.alter_column("session_salt", server_default=None)

    with op.batch_alter_table("record", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_record_verified_by_member_id_member"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_record_paper_id_paper"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_record_reverses_id_record"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_record_returned_by_id_user_account"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_record_reverses_id"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_record_status_branch_id_entered_at"))
        batch_op.drop_index(batch_op.f("ix_record_paper_id"))
        batch_op.drop_index(batch_op.f("ix_record_entered_by_id_status"))
        batch_op.drop_column("reverses_id")
        batch_op.drop_column("paper_id")
        batch_op.drop_column("returned_why")
        batch_op.drop_column("returned_at")
        batch_op.drop_column("returned_by_id")
        batch_op.drop_column("verified_by_member_id")

    with op.batch_alter_table("audit_event", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_event_at"))
        batch_op.drop_index(batch_op.f("ix_audit_event_actor_id_at"))

    op.drop_table("work")
    with op.batch_alter_table("draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_user_id"))

    op.drop_table("draft")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_record_id_id"))
        batch_op.drop_index(batch_op.f("ix_comment_by_id_is_return"))

    op.drop_table("comment")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_user_session_user_id"))

    op.drop_table("user_session")
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_paper_unit_id"))

    op.drop_table("paper")
    with op.batch_alter_table("known_device", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_known_device_user_id"))

    op.drop_table("known_device")
    op.drop_table("try_count")
