"""Room for people who stand in and sign in, for respondents of their own, and for parties that go different ways."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns. Every party so far joined with the opening of its case."""
    _people()
    _parties()
    _tally_key()


def _people() -> None:
    op.add_column("staff", sa.Column("left_on", sa.String(), nullable=True))
    op.add_column("staff_role", sa.Column("from_on", sa.String(), nullable=True))
    op.add_column("staff_role", sa.Column("to_on", sa.String(), nullable=True))
    op.create_table(
        "stand_in",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("for_name", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("from_on", sa.String(), nullable=False),
        sa.Column("to_on", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["staff.name"]),
        sa.ForeignKeyConstraint(["for_name"], ["staff.name"]),
        sa.ForeignKeyConstraint(["unit"], ["unit.id"]),
        sa.PrimaryKeyConstraint("name", "for_name", "unit", "role", "from_on"),
    )
    op.create_table(
        "credential",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("is_code", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.String(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["name"], ["staff.name"]),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", sa.String(), nullable=False),
        sa.Column("last_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["name"], ["staff.name"]),
        sa.PrimaryKeyConstraint("token_hash"),
    )


def _parties() -> None:
    op.create_table(
        "respondent",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=True),
        sa.Column("ended_on", sa.String(), nullable=True),
        sa.Column("same_as", sa.String(), nullable=True),
        sa.Column("recorded_at", sa.String(), nullable=False),
        sa.Column("head_seq", sa.Integer(), nullable=False),
        sa.Column("head_hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("respondent_number", "respondent", ["number"], unique=False)
    op.create_index("respondent_same_as", "respondent", ["same_as"], unique=False)
    op.create_index("respondent_name", "respondent", ["name"], unique=False)
    op.create_table(
        "respondent_alias",
        sa.Column("respondent", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["respondent"], ["respondent.id"]),
        sa.PrimaryKeyConstraint("respondent", "name"),
    )
    op.create_index("respondent_alias_name", "respondent_alias", ["name"], unique=False)
    op.create_table(
        "case_work",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("work", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["case_file.case_no"]),
        sa.PrimaryKeyConstraint("case_no", "work"),
    )
    op.create_index("case_work_work", "case_work", ["work"], unique=False)
    op.create_table(
        "offer",
        sa.Column("case_no", sa.String(), nullable=False),
        sa.Column("from_name", sa.String(), nullable=False),
        sa.Column("to_name", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("offered_at", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["case_no"], ["case_file.case_no"]),
        sa.PrimaryKeyConstraint("case_no"),
    )
    op.create_index("offer_to_name", "offer", ["to_name"], unique=False)
    op.add_column("deadline", sa.Column("party_no", sa.Integer(), nullable=True))
    op.add_column("party", sa.Column("joined_seq", sa.Integer(), nullable=True))
    op.add_column("party", sa.Column("respondent", sa.String(), nullable=True))
    op.execute("UPDATE party SET joined_seq = 1")
    with op.batch_alter_table("party") as table:
        table.alter_column("joined_seq", existing_type=sa.Integer(), nullable=False)
    op.create_index("party_respondent", "party", ["respondent"], unique=False)


def _tally_key() -> None:
    """Category and month join the key of a tally. The triggers on it are re-created after the migration."""
    if op.get_context().dialect.name == "postgresql":
        op.execute("ALTER TABLE tally DROP CONSTRAINT tally_pkey")
        op.create_primary_key("tally_pkey", "tally", ["book", "seq", "campaign", "measure", "category", "period"])
        return
    op.execute("ALTER TABLE tally RENAME TO tally_before")
    op.drop_index("tally_form", table_name="tally_before")
    op.create_table(
        "tally",
        sa.Column("book", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("happened_on", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("book", "seq", "campaign", "measure", "category", "period"),
    )
    op.execute(
        "INSERT INTO tally (book, seq, campaign, measure, category, unit, n, happened_on, period) "
        "SELECT book, seq, campaign, measure, category, unit, n, happened_on, period FROM tally_before"
    )
    op.drop_table("tally_before")
    op.create_index("tally_form", "tally", ["campaign", "period", "unit", "category", "measure"], unique=False)
