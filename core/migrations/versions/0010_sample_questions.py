"""Keep what people ask of a document, as vectors."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "sample_questions",
        sa.Column("document_id", sa.String(length=1024), nullable=False),
        sa.Column("root", sa.String(length=1024), nullable=False),
        sa.Column("embedding", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("vectors", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("document_id"),
    )
    op.create_index("ix_sample_questions_root", "sample_questions", ["root"])


def downgrade() -> None:
    op.drop_table("sample_questions")
