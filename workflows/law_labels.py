"""What the guards and limits on which laws rest are called, for the report of a proof."""

from __future__ import annotations

from collections.abc import Mapping

from engine.legal_proof import Ground
from engine.time_limits import TimeLimit
from workflows.guard_names import GUARD_NAMES


def labels_of(limits: Mapping[str, TimeLimit]) -> dict[tuple[Ground, str], tuple[str, str]]:
    """By ground and name: Chinese and English."""
    guards: dict[tuple[Ground, str], tuple[str, str]] = {("guard", n): said for n, said in GUARD_NAMES.items()}
    return guards | {("limit", limit.id): (limit.zh, limit.en) for limit in limits.values()}
