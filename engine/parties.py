"""Who becomes a party of a case, with its opening and with later steps. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.case_view import Attempt, CaseView, Party
from engine.definitions import Definition, Step

UNIT = "unit"
# What a definition says about the parties of an opening besides the part that each has.
ABOUT = ("kind", "number")


def parties_of_opening(definition: Definition, answers: Mapping[str, Any]) -> tuple[Party, ...]:
    """Those named when the case is opened, numbered from 1."""
    parts = definition.open.party
    kind = str(answers.get(parts.get("kind", ""), UNIT))
    named = [(part, answers.get(answer)) for part, answer in parts.items() if part not in ABOUT]
    return tuple(Party(number, part, kind, str(name)) for number, (part, name) in enumerate(named, 1) if name)


def joining(step: Step, case: CaseView, attempt: Attempt) -> tuple[Party, ...]:
    """Who becomes a party by the step. The first one a case has takes over all that was done before he was known."""
    joins = step.joins
    if joins is None or not attempt.answers.get(joins.name):
        return ()
    number = max((p.party_no for p in case.parties), default=0) + 1
    kind = str(attempt.answers.get(joins.kind) or UNIT)
    joined_seq = case.head_seq + 1 if case.parties else 1
    return (Party(number, joins.part, kind, str(attempt.answers[joins.name]), joined_seq, attempt.respondent),)
