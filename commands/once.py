"""One change to a case: in one transaction, once per key, a refusal put on record in a transaction of its own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Annotated, Any

from typer import Option

from commands.door import Desk, writing
from commands.frame import Run
from commands.words import t
from engine import casework
from engine.errors import CaseChangedMeanwhile, TransitionRefused
from engine.office import Office
from engine.repeating import TIMES
from engine.request_keys import answered, keep_answer

Key = Annotated[str | None, Option("--key", metavar="KEY", help=t("同一键只办一次", "the same key does it only once"))]


def once(
    run: Run,
    office: Office,
    key: str | None,
    request: Mapping[str, Any],
    act: Callable[[Desk], dict[str, Any]],
    refused: Callable[[Desk, TransitionRefused], None],
) -> dict[str, Any]:
    """What the act answers; with a key that was used before, the answer it got then. Raises as the act does."""
    try:
        with writing(run, office) as desk:
            if key is None:
                return act(desk)
            asked = {**request, "actor": desk.who.name}
            kept = answered(desk.work, key, asked)
            if kept is not None:
                return kept
            document = act(desk)
            keep_answer(desk.work, key, asked, json.loads(json.dumps(document)))
            return document
    except TransitionRefused as refusal:
        with writing(run, office) as desk:
            refused(desk, refusal)
        raise


def behind_the_others(change: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The change; many units write into the book of one campaign, and whoever was slower writes behind the others."""
    for _ in range(TIMES - 1):
        with suppress(CaseChangedMeanwhile):
            return change()
    return change()


def record(desk: Desk, refusal: TransitionRefused) -> None:
    """Put the refusal into the book of its case."""
    casework.record_refusal(desk.office, desk.work, refusal, desk.who.name)
