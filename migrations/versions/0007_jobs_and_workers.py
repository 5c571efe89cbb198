"""Jobs, workers and calendar feeds; what a mail knew of its worker goes to the job. Procrastinate on PostgreSQL."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables. Open mails get their jobs from the first worker that looks for them."""
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("claimed_until", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "worker",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("machine", sa.String(), nullable=False),
        sa.Column("process", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("seen_at", sa.String(), nullable=False),
        sa.Column("ended_at", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "feed",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("made_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["staff.name"]),
        sa.PrimaryKeyConstraint("name"),
        sa.UniqueConstraint("token"),
    )
    for name in ("claimed_by", "claimed_until"):
        op.drop_column("mail", name)
    if op.get_bind().dialect.name == "postgresql":
        _make_queue()


def _make_queue() -> None:
    """Procrastinate's own tables, of the version that pyproject.toml pins; a newer one needs a revision of its own."""
    from procrastinate.schema import SchemaManager

    # Many statements in one text: only the driver itself takes that.
    connection = op.get_bind().connection.dbapi_connection
    connection.execute(SchemaManager.get_schema())
