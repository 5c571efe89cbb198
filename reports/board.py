"""The board of a campaign: where it stands on a day, for one unit and those below it."""

from __future__ import annotations

from typing import Any

from engine.clock import legal_day
from engine.office import Office
from engine.people import Person
from engine.store import Work
from reports.board_cases import cases_of, limits_late
from reports.board_counters import counters_of, previous_of
from reports.board_plan import View, dates_of, obligations_in, past, phases_of
from reports.board_tasks import departments_of, standings_in, tasks_late, tasks_of
from reports.scope import scope_of


def campaign_board(office: Office, work: Work, campaign: str, actor: Person, unit: str | None = None) -> dict[str, Any]:
    """The board as plain values, days as dates; a section of which the plan has nothing is empty.

    It counts the unit (the actor's own when None) with those below it. However many cases there are, it takes the same
    number of statements. Raises NotFound, and Forbidden (`unit.outside`) for a unit that the actor does not see.
    """
    now = office.clock.now()
    plan, people, on = office.plan(campaign), office.people, legal_day(now)
    scope = scope_of(people, plan, actor, unit, on, tree=True)
    taking = tuple(u for u in scope.units if plan.unit in people.above(u))
    view = View(plan, scope.unit.id, scope.units, taking, on)
    standing, previous = standings_in(work, view), previous_of(office, view)
    tasks, obligations = tasks_of(office, view, standing), obligations_in(office, view)
    return {
        "id": plan.id,
        "on": on,
        "name": plan.name.zh,
        "name_en": plan.name.en,
        "unit": view.unit,
        "units": [{"id": u, "zh": people.unit(u).zh} for u in taking],
        **dates_of(plan, office, view, view.unit),
        "phases": phases_of(office, view),
        "tasks": tasks,
        "departments": departments_of(view, tasks),
        "obligations": obligations,
        "previous": {"id": previous.id, "on": previous.on} if previous is not None else None,
        "counters": counters_of(office, work, view, previous),
        "cases": cases_of(office, work, view),
        "late": {
            "deadlines": limits_late(office, work, view, now),
            "obligations": past(obligations),
            "tasks": tasks_late(office, view, standing),
        },
    }
