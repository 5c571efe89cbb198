"""Room for mails that workers claim and try again, and for what people do not want to hear of."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and the table. Nothing is claimed, and nothing is muted."""
    for name in ("next_try_at", "claimed_by", "claimed_until"):
        op.add_column("mail", sa.Column(name, sa.String(), nullable=True))
    op.create_table(
        "mute",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("ladder", sa.String(), nullable=False),
        sa.Column("muted_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["staff.name"]),
        sa.PrimaryKeyConstraint("name", "ladder"),
    )
