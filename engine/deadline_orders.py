"""What somebody wants done to a running time limit: pause it, let it run again, extend it, begin it anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

TurnKind = Literal["pause", "resume", "extend", "restart"]


@dataclass(frozen=True)
class TurnDeadline:
    """One act on one deadline of a case.

    `on` is the first day that is not counted (pause), the first that counts again (resume), or the day after which
    the limit begins anew (restart); the day of an extension is the day on which it is granted. `ground` is the id of
    a ground of the rule; empty where the rule knows one only. `number` is how much more is granted, in the unit of
    the ground (calendar days where it has no cap).
    """

    kind: TurnKind
    case_no: str
    deadline: str
    actor: str
    reason: str = ""
    ground: str = ""
    on: date | None = None
    number: int = 0
