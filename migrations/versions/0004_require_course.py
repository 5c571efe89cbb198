"""From here on every deadline has its course."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Refuse a deadline without one."""
    with op.batch_alter_table("deadline") as table:
        table.alter_column("course", existing_type=sa.Text(), nullable=False)
