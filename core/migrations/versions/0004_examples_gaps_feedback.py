"""Add examples, their audit log, gaps and feedback."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "example_audit",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("example_id", sa.String(length=32), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(length=255), nullable=False),
        sa.Column("act", sa.String(length=16), nullable=False),
        sa.Column("before", sa.JSON(), nullable=True),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("example_audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_example_audit_example_id"), ["example_id"], unique=False)

    op.create_table(
        "examples",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("jurisdiction", sa.String(length=16), nullable=True),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=True),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("cites", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("proposed_by", sa.String(length=255), nullable=False),
        sa.Column("proposed_at", UtcDateTime(), nullable=False),
        sa.Column("approved_by", sa.String(length=255), nullable=True),
        sa.Column("approved_at", UtcDateTime(), nullable=True),
        sa.Column("run_id", sa.String(length=64), nullable=True),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("live_key", sa.String(length=64), nullable=True),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("embedding", sa.String(length=255), nullable=True),
        sa.Column("vector", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("live_key"),
        sa.UniqueConstraint("proposed_by", "idempotency_key"),
    )
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.create_index("ix_examples_proposed_at", ["proposed_at", "id"], unique=False)
        batch_op.create_index("ix_examples_run", ["run_id"], unique=False)
        batch_op.create_index("ix_examples_status_approved", ["status", "approved_at"], unique=False)

    op.create_table(
        "gaps",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column("jurisdiction", sa.String(length=20), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("example_id", sa.String(length=32), nullable=True),
        sa.Column("closed_by", sa.String(length=255), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("gaps", schema=None) as batch_op:
        batch_op.create_index("ix_gaps_kind", ["language", "jurisdiction"], unique=False)

    op.create_table(
        "feedback",
        sa.Column("turn_id", sa.String(length=32), nullable=False),
        sa.Column("principal", sa.String(length=200), nullable=False),
        sa.Column("helpful", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("given_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.create_index("ix_feedback_helpful_given", ["helpful", "given_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_feedback_principal"), ["principal"], unique=False)

    op.create_table(
        "gap_members",
        sa.Column("turn_id", sa.String(length=32), nullable=False),
        sa.Column("gap_id", sa.String(length=32), nullable=False),
        sa.Column("embedding", sa.String(length=255), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["gap_id"], ["gaps.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id"),
    )
    with op.batch_alter_table("gap_members", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gap_members_gap_id"), ["gap_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("gap_members", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gap_members_gap_id"))

    op.drop_table("gap_members")
    with op.batch_alter_table("feedback", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_feedback_principal"))
        batch_op.drop_index("ix_feedback_helpful_given")

    op.drop_table("feedback")
    with op.batch_alter_table("gaps", schema=None) as batch_op:
        batch_op.drop_index("ix_gaps_kind")

    op.drop_table("gaps")
    with op.batch_alter_table("examples", schema=None) as batch_op:
        batch_op.drop_index("ix_examples_status_approved")
        batch_op.drop_index("ix_examples_run")
        batch_op.drop_index("ix_examples_proposed_at")

    op.drop_table("examples")
    with op.batch_alter_table("example_audit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_example_audit_example_id"))

    op.drop_table("example_audit")
