"""Reads and writes what people prove themselves with; a try is counted before it is judged."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.credentials import LOCKED_FOR, MOST_FAILURES, Credential
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import CredentialRow

CREDENTIAL = CredentialRow.__table__  # type: ignore[attr-defined]


def credential_of(work: Work, name: str) -> Credential | None:
    """What somebody proves himself with; `None` where he has nothing yet, or where there is nobody of that name."""
    row = work.first(_GET, {"person_name": name})
    if row is None:
        return None
    hash_, is_code, failed, failed_at = row
    return Credential(name, hash_, bool(is_code), failed, datetime.fromisoformat(failed_at) if failed_at else None)


def count_try(work: Work, name: str, now: datetime) -> bool:
    """Count one more try as a wrong one, unless too many lock it; whether it may be judged.

    Counted first and forgotten when it was right, so that many tries at once are not more than many one by one.
    """
    values = {"person_name": name, "now": stored_instant(now), "open_again": stored_instant(now - LOCKED_FOR)}
    return work.changes(_COUNT, values) == 1


def forget_tries(work: Work, proved: Credential, hash_: str) -> bool:
    """Forget the wrong tries after a right one and keep `hash_`, that of the same secret.

    False where it has been replaced since it was read.
    """
    values = {"person_name": proved.name, "hash_before": proved.hash, "new_hash": hash_}
    return work.changes(_FORGET, values) == 1


def give(work: Work, name: str, hash_: str, now: datetime, *, is_code: bool) -> None:
    """Give somebody a password or a code in the place of whatever he had."""
    work.run(_GIVE, {"name": name, "hash": hash_, "is_code": int(is_code), "set_at": stored_instant(now)})


def replace(work: Work, before: Credential, hash_: str, now: datetime) -> bool:
    """A new password in the place of the one, or of the code, that was proved; False where that is gone already."""
    values = {
        "person_name": before.name,
        "hash_before": before.hash,
        "new_hash": hash_,
        "set_now": stored_instant(now),
    }
    return work.changes(_REPLACE, values) == 1


def _build_give(dialect: str) -> sa.Executable:
    given: dict[str, Any] = {name: sa.bindparam(name) for name in ("name", "hash", "is_code", "set_at")}
    fresh = {**given, "failed": sa.literal(0), "failed_at": sa.null()}
    insert = insert_on_conflict(dialect, CREDENTIAL).values(fresh)
    again = {name: insert.excluded[name] for name in fresh if name != "name"}
    return insert.on_conflict_do_update(index_elements=["name"], set_=again)


_THIS = CREDENTIAL.c.name == sa.bindparam("person_name")
_UNCHANGED = sa.and_(_THIS, CREDENTIAL.c.hash == sa.bindparam("hash_before"))
_GET = Statement(
    lambda _: sa.select(CREDENTIAL.c.hash, CREDENTIAL.c.is_code, CREDENTIAL.c.failed, CREDENTIAL.c.failed_at).where(
        _THIS
    )
)
_COUNT = Statement(
    lambda _: (
        sa.update(CREDENTIAL)
        .where(
            _THIS,
            sa.or_(
                CREDENTIAL.c.failed < sa.literal(MOST_FAILURES), CREDENTIAL.c.failed_at <= sa.bindparam("open_again")
            ),
        )
        .values(failed=CREDENTIAL.c.failed + sa.literal(1), failed_at=sa.bindparam("now"))
    )
)
_FORGET = Statement(
    lambda _: (
        sa.update(CREDENTIAL)
        .where(_UNCHANGED)
        .values(failed=sa.literal(0), failed_at=sa.null(), hash=sa.bindparam("new_hash"))
    )
)
_GIVE = Statement(_build_give)
_REPLACE = Statement(
    lambda _: (
        sa.update(CREDENTIAL)
        .where(_UNCHANGED)
        .values(
            hash=sa.bindparam("new_hash"),
            is_code=sa.literal(0),
            set_at=sa.bindparam("set_now"),
            failed=sa.literal(0),
            failed_at=sa.null(),
        )
    )
)
