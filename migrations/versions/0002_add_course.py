"""Room for what happens to a running time limit, and a way to find the cases of a party by its name."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, empty for now, and the index."""
    op.add_column("deadline", sa.Column("course", sa.Text(), nullable=True))
    op.create_index("party_name_part", "party", ["name", "part"], unique=False)
