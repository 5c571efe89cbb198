"""Remembers on which day the store was last copied into a backup that verified."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from engine.settings import SETTING
from engine.store import Statement, Work, insert_on_conflict

BACKED_UP = "backed_up_on"


def backed_up(work: Work, on: date) -> None:
    """Write that there is a good backup of that legal day.

    An earlier day replaces a later one: a store whose clock was ahead for a while must not seem backed up until then.
    """
    work.run(_PUT, {"name": BACKED_UP, "value": on.isoformat()})


def _build_put(dialect: str) -> sa.Executable:
    insert = insert_on_conflict(dialect, SETTING).values(name=sa.bindparam("name"), value=sa.bindparam("value"))
    return insert.on_conflict_do_update(index_elements=["name"], set_={"value": insert.excluded["value"]})


_PUT = Statement(_build_put)
