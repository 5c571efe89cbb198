"""Fills the course of the deadlines there are: by the law of which day each was chosen, as its entry says."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DEADLINE = sa.table(
    "deadline", *(sa.column(name) for name in ("case_no", "id", "rule", "started_on", "terms", "course"))
)
ENTRY = sa.table("entry", *(sa.column(name) for name in ("book", "seq", "kind", "happened_on", "body")))
DOCUMENT = sa.table("document", *(sa.column(name) for name in ("kind", "id", "hash")))


def upgrade() -> None:
    """Read the entries of every case that has deadlines."""
    connection = op.get_bind()
    limits = {
        row.hash: row.id
        for row in connection.execute(sa.select(DOCUMENT.c.hash, DOCUMENT.c.id).where(DOCUMENT.c.kind == "time_limit"))
    }
    cases = connection.execute(sa.select(DEADLINE.c.case_no).distinct()).scalars().all()
    for case_no in cases:
        chosen_on = _days_of_starting(connection, case_no)
        rows = connection.execute(sa.select(DEADLINE).where(DEADLINE.c.case_no == case_no)).all()
        for row in rows:
            terms = json.loads(row.terms)
            terms = {"limit": limits.get(terms["rule_hash"], row.rule), "owed": False, **terms}
            connection.execute(
                sa.update(DEADLINE)
                .where(DEADLINE.c.case_no == case_no, DEADLINE.c.id == row.id)
                .values(
                    terms=_text(terms),
                    course=_text({"chosen_on": chosen_on.get(row.id, row.started_on)}),
                )
            )


def _days_of_starting(connection: sa.Connection, case_no: str) -> dict[str, str]:
    """The day of the step that started each deadline of the case."""
    found = {}
    entries = connection.execute(
        sa.select(ENTRY.c.happened_on, ENTRY.c.body)
        .where(ENTRY.c.book == f"case:{case_no}", ENTRY.c.kind.in_(("open", "step")))
        .order_by(ENTRY.c.seq)
    )
    for happened_on, body in entries:
        for effect in json.loads(body)["effects"]["deadlines"]:
            if effect["act"] == "start":
                found[effect["id"]] = happened_on
    return found


def _text(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
