"""Properties of the store itself: whether it is a practice store, and who founded it."""

from __future__ import annotations

import sqlalchemy as sa

from engine.store import Statement, Work
from engine.tables import SettingRow

SETTING = SettingRow.__table__  # type: ignore[attr-defined]

PRACTICE = "practice"
STORE_ID = "store_id"


def setting(work: Work, name: str) -> str | None:
    row = work.first(_GET, {"setting_name": name})
    return str(row[0]) if row else None


def put_setting(work: Work, name: str, value: str) -> None:
    """Write a property once, when the store is founded."""
    work.run(_PUT, {"name": name, "value": value})


_GET = Statement(lambda _: sa.select(SETTING.c.value).where(SETTING.c.name == sa.bindparam("setting_name")))
_PUT = Statement(lambda _: sa.insert(SETTING).values({c.name: sa.bindparam(c.name) for c in SETTING.columns}))
