"""Plans a case of the store, along the ordinary penalty procedure where nobody says otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from engine.case_view import CaseView
from engine.casework import find_case, surroundings
from engine.definitions import Definition
from engine.errors import InputWrong, NotFound, Remedy
from engine.happening import as_it_stands
from engine.law_book import LawBook
from engine.office import Office
from engine.party_history import history_for
from engine.party_views import seen_by
from engine.plan_values import Aim, Plan
from engine.planning import plan_of
from engine.store import Work
from workflows.settlement import balance_of

MAIN_LINE = "case"
LAST_YEAR = 2100  # as for every answer
# The stages from which a case ordinarily goes on to a penalty; what was asked to be rectified is re-checked and closed.
BEFORE_DECISION = ("intake", "verification", "investigation", "penalty")
DECIDED = ("decided", "served")


@dataclass(frozen=True)
class PlanOrder:
    """Who wants to know how which case, or one party of several, gets to a state, by which day, through which steps."""

    case_no: str
    actor: str
    to: str
    by: date | None = None
    via: tuple[str, ...] = ()
    party: int | None = None


def plan_case(office: Office, work: Work, order: PlanOrder) -> Plan:
    """The plan; nothing is done. Raises NotFound for an unknown case, state or step, Forbidden, InputWrong."""
    if order.by is not None and order.by.year > LAST_YEAR:
        raise InputWrong("date.out_of_range", f"年份不得晚于{LAST_YEAR}", f"the year must not lie after {LAST_YEAR}")
    read = find_case(office, work, order.case_no, order.actor)
    workflow = office.workflow_for(work, read)
    definition = workflow.definition
    _require(definition, "state", "状态", order.to, definition.states)
    for name in order.via:
        _require(definition, "step", "步骤", name, definition.steps)
    around = surroundings(office, read, history_for(work, read, workflow, definition.steps))
    case = as_it_stands(workflow, read, around).case
    if order.party is not None:
        case = _of_party(definition, case, order.party)
    aim = Aim(order.to, order.by, order.via, usual_way(definition, case, around.law, around.today))
    return plan_of(workflow, case, aim, office.people.person(order.actor), around)


def _of_party(definition: Definition, case: CaseView, party: int) -> CaseView:
    numbers = [p.party_no for p in case.parties]
    if party not in numbers:
        raise NotFound(
            "party.unknown",
            f"本案没有{party}号当事人",
            f"the case has no party {party}",
            Remedy("查看当事人", "see the parties", f"anjuan case show {case.case_no}"),
        )
    return seen_by(definition, case, party)


def usual_way(definition: Definition, case: CaseView, law: LawBook, today: date) -> tuple[str, ...]:
    """The steps through which a case ordinarily leads on: decided and paid, or what of that is still ahead."""
    if definition.workflow != MAIN_LINE:
        return ()
    if case.state in DECIDED:
        balance = balance_of(case, law, today)
        return ("pay",) if balance is not None and balance.open else ()
    return ("decide", "pay") if definition.states[case.state].stage in BEFORE_DECISION else ()


def _require(definition: Definition, kind: str, kind_zh: str, name: str, known: Collection[str]) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name, list(known), 3)
    hint_zh = f"是否指：{'、'.join(near)}" if near else "查看流程的状态和步骤"
    hint_en = f"did you mean {', '.join(near)}?" if near else "see the states and steps of the workflow"
    raise NotFound(
        f"{kind}.unknown",
        f"没有{kind_zh}“{name[:40]}”",
        f"there is no {kind} {name[:40]!r}",
        Remedy(hint_zh, hint_en, f"anjuan workflow show {definition.workflow}"),
    )
