"""What is laid over the drawing of a workflow: where a case stands and went, what a campaign closes. Pure."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from engine.campaign_gates import judge_gates
from engine.campaign_plan import CampaignPlan
from engine.case_view import CaseView
from engine.definitions import Definition
from engine.party_views import positions
from reports.flow_drawing import SIGNS, Shut


def shut_on(plan: CampaignPlan, on: date) -> dict[str, Shut]:
    """The steps of campaign work that the campaign closes on that day, or lets pass only with a remark.

    A gate that concerns some answers only closes a step `partly`.
    """
    found: dict[str, Shut] = {}
    for gate in plan.gates:
        for verdict in judge_gates(plan, gate.step, gate.when, on):
            if verdict.gate == gate.id and verdict.outcome != "open":
                shut: Shut = "warn" if verdict.outcome == "warn" else "partly" if gate.when else "refused"
                before = found.get(gate.step)
                found[gate.step] = shut if before is None else min(before, shut, key=list(SIGNS).index)
    return found


def stands_of(definition: Definition, case: CaseView, lang: str) -> dict[str, list[str]]:
    """Who stands in which state, in words: the case, or its parties by their numbers where they went different ways.

    Nobody is named: a drawing is put up on a wall.
    """
    known = all(taken.dest in definition.states for taken in case.trail)
    stand = positions(definition, case.parties, case.trail) if known and len(case.parties) > 1 else {}
    if len(set(stand.values())) < 2:
        return {case.state: [case.case_no]}
    numbers: dict[str, list[str]] = defaultdict(list)
    for number, state in stand.items():
        numbers[state].append(str(number))
    return {
        state: [f"{'、'.join(some)}号当事人" if lang == "zh" else f"party {', '.join(some)}"]
        for state, some in numbers.items()
    }


def way_of(case: CaseView) -> tuple[tuple[str, str, str], ...]:
    """The arcs that the case went, as (step, source, destination)."""
    return tuple((taken.step, taken.source, taken.dest) for taken in case.trail[1:])
