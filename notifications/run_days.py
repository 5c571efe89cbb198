"""Remembers on which day something that is done once a day was done last."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from engine.settings import SETTING, setting
from engine.store import Statement, Work, insert_on_conflict

REMINDED, DIGESTED, REHEARSED = "reminded_on", "digested_on", "rehearsed_on"


def last_on(work: Work, name: str) -> date | None:
    """The day on which it was done last; `None` where it never was."""
    text = setting(work, name)
    return date.fromisoformat(text) if text else None


def done_on(work: Work, name: str, last: date | None, on: date) -> bool:
    """Write that it is done on that day, in the transaction that does it.

    False when somebody else has written since `last` was read: then it is his to do.
    """
    if last is None:
        return work.changes(_FIRST, {"name": name, "value": on.isoformat()}) == 1
    return work.changes(_AGAIN, {"setting_name": name, "seen": last.isoformat(), "now": on.isoformat()}) == 1


_FIRST = Statement(
    lambda dialect: (
        insert_on_conflict(dialect, SETTING)
        .values(name=sa.bindparam("name"), value=sa.bindparam("value"))
        .on_conflict_do_nothing(index_elements=["name"])
    )
)
_AGAIN = Statement(
    lambda _: (
        sa.update(SETTING)
        .where(SETTING.c.name == sa.bindparam("setting_name"), SETTING.c.value == sa.bindparam("seen"))
        .values(value=sa.bindparam("now"))
    )
)
