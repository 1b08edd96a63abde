"""Requests for a person."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "assistance_requests",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("principal", sa.String(length=200), nullable=False),
        sa.Column("idempotency_key", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("topic", sa.String(length=50), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=200), nullable=True),
        sa.Column("language", sa.String(length=20), nullable=True),
        sa.Column("conversation_id", sa.String(length=32), nullable=True),
        sa.Column("turn_id", sa.String(length=32), nullable=True),
        sa.Column("question", sa.Text(), nullable=True),
        sa.Column("channels", sa.String(length=400), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("executor", sa.String(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("updated_at", UtcDateTime(), nullable=False),
        sa.Column("waiting_since", UtcDateTime(), nullable=False),
        sa.Column("alerted_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("principal", "idempotency_key"),
    )
    with op.batch_alter_table("assistance_requests", schema=None) as batch_op:
        batch_op.create_index("ix_assistance_requests_conversation", ["conversation_id"], unique=False)
        batch_op.create_index("ix_assistance_requests_principal_created", ["principal", "created_at"], unique=False)
        batch_op.create_index("ix_assistance_requests_status_created", ["status", "created_at"], unique=False)

    op.create_table(
        "assistance_notes",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["assistance_requests.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("request_id", "ordinal"),
    )
    op.create_table(
        "assistance_replies",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("event_id", sa.String(length=400), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["assistance_requests.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "event_id"),
    )
    with op.batch_alter_table("assistance_replies", schema=None) as batch_op:
        batch_op.create_index("ix_assistance_replies_request", ["request_id", "created_at"], unique=False)

    op.create_table(
        "assistance_deliveries",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("request_id", sa.String(length=32), nullable=False),
        sa.Column("note_id", sa.String(length=32), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("target", sa.String(length=400), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("attempts_before", sa.Integer(), nullable=False),
        sa.Column("active_since", UtcDateTime(), nullable=True),
        sa.Column("next_attempt_at", UtcDateTime(), nullable=True),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.Column("reference", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["assistance_notes.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["request_id"], ["assistance_requests.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("note_id", "position"),
    )
    with op.batch_alter_table("assistance_deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_assistance_deliveries_reference", ["channel", "reference"], unique=False)
        batch_op.create_index("ix_assistance_deliveries_request", ["request_id"], unique=False)
        batch_op.create_index("ix_assistance_deliveries_status_next", ["status", "next_attempt_at"], unique=False)

    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.add_column(sa.Column("handed_over_at", UtcDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("turns", schema=None) as batch_op:
        batch_op.drop_column("handed_over_at")

    with op.batch_alter_table("assistance_deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_assistance_deliveries_status_next")
        batch_op.drop_index("ix_assistance_deliveries_request")
        batch_op.drop_index("ix_assistance_deliveries_reference")

    op.drop_table("assistance_deliveries")
    with op.batch_alter_table("assistance_replies", schema=None) as batch_op:
        batch_op.drop_index("ix_assistance_replies_request")

    op.drop_table("assistance_replies")
    op.drop_table("assistance_notes")
    with op.batch_alter_table("assistance_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_assistance_requests_status_created")
        batch_op.drop_index("ix_assistance_requests_principal_created")
        batch_op.drop_index("ix_assistance_requests_conversation")

    op.drop_table("assistance_requests")
