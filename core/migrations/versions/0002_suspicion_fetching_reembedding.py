"""Suspicious passages, fetched pages and a second set of vectors."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

from core.database import UtcDateTime

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "fetched_pages",
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("document_id", sa.Text(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("content_hash", sa.String(length=64), nullable=True),
        sa.Column("words", sa.Integer(), nullable=False),
        sa.Column("problem", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("checked_at", UtcDateTime(), nullable=False),
        sa.Column("changed_at", UtcDateTime(), nullable=True),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address"),
    )
    op.create_table(
        "reembedded",
        sa.Column("chunk_id", sa.String(length=160), nullable=False),
        sa.Column("embedding", sa.String(length=255), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("sentence_vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chunk_id"),
    )
    op.create_table(
        "releases",
        sa.Column("document_id", sa.String(length=1024), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("released_by", sa.String(length=255), nullable=False),
        sa.Column("released_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", "text_hash"),
    )
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("suspicion", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("released_by", sa.String(length=255), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("chunks", schema=None) as batch_op:
        batch_op.drop_column("released_by")
        batch_op.drop_column("suspicion")

    op.drop_table("releases")
    op.drop_table("reembedded")
    op.drop_table("fetched_pages")
