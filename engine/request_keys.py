"""Answered requests: the same key again gets the same answer and does nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from engine.canonical import content_hash
from engine.errors import InputWrong, Remedy
from engine.store import Statement, Work
from engine.tables import RequestKeyRow

KEY = RequestKeyRow.__table__  # type: ignore[attr-defined]


def answered(work: Work, key: str, request: Mapping[str, Any]) -> dict[str, Any] | None:
    """The kept answer, `None` for a new key. Raises InputWrong `key.reused` when it was used for something else."""
    row = work.first(_GET, {"request_name": key})
    if row is None:
        return None
    if row[0] != content_hash(dict(request)):
        raise InputWrong(
            "key.reused",
            f"键“{key}”已用于另一请求",
            f"the key {key!r} was used for another request",
            Remedy("换用新的--key", "use a new --key"),
        )
    answer: dict[str, Any] = json.loads(row[1])
    return answer


def keep_answer(work: Work, key: str, request: Mapping[str, Any], answer: Mapping[str, Any]) -> None:
    """Remember what was answered, in the transaction that did it."""
    values = {"key": key, "request": content_hash(dict(request)), "answer": json.dumps(answer, ensure_ascii=False)}
    work.run(_PUT, values)


_GET = Statement(lambda _: sa.select(KEY.c.request, KEY.c.answer).where(KEY.c.key == sa.bindparam("request_name")))
_PUT = Statement(lambda _: sa.insert(KEY).values({c.name: sa.bindparam(c.name) for c in KEY.columns}))
