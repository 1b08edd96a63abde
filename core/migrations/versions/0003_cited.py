"""What approved answers rest on."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "cited",
        sa.Column("version_id", sa.String(length=128), nullable=False),
        sa.Column("reference", sa.String(length=1024), nullable=False),
        sa.Column("document_id", sa.String(length=1024), nullable=False),
        sa.PrimaryKeyConstraint("version_id", "reference"),
    )
    op.create_index("ix_cited_document_id", "cited", ["document_id"])


def downgrade() -> None:
    op.drop_table("cited")
