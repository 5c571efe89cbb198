"""What a campaign board says of cases: how many stand in which state, and the open limits whose date has passed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.case_queries import OPEN_STATES
from engine.case_store import CASE, DEADLINE, DEADLINE_COLUMNS, IN_CAMPAIGN
from engine.clock import stored_instant
from engine.deadline_columns import deadline_from_columns
from engine.deadlines import Deadline
from engine.definitions import Definition, state_words, steps_that_meet
from engine.ladders import OWED_NATURES
from engine.office import Office
from engine.store import Statement, Work
from reports.board_plan import View
from reports.tally_store import in_list, listed

MOST_LATE = 10
RUNNING = "running"
_CASE_FIELDS = ("title", "unit", "case_state", "definition")


def cases_of(office: Office, work: Work, view: View) -> dict[str, Any]:
    """How many cases of the units in view count in the campaign, by state in the order of their workflow."""
    counted: dict[tuple[str, str], int] = defaultdict(int)
    hashes: dict[tuple[str, str], str] = {}
    ended = 0
    for workflow, state, definition, is_ended, n in work.all(_BY_STATE, _reach(view)):
        counted[workflow, state] += int(n)
        hashes.setdefault((workflow, state), definition)
        ended += int(n) if is_ended else 0
    definitions = {hash_: office.definition_of(work, hash_) for hash_ in sorted(set(hashes.values()))}
    total = sum(counted.values())
    return {
        "total": total,
        "open": total - ended,
        "ended": ended,
        "states": [
            _state_line(*place, definitions[hashes[place]], counted[place])
            for place in sorted(counted, key=lambda place: (place[0], _rank(definitions[hashes[place]], place[1])))
        ],
    }


def limits_late(office: Office, work: Work, view: View, now: datetime) -> dict[str, Any]:
    """How many open limits of those cases are overdue, and the ten longest so, each with the command that says what to
    do. However many there are it takes three statements."""
    values = {**_reach(view), "on_key": view.on.isoformat(), "now_key": stored_instant(now)}
    n = int(work.first(_COUNT_PAST, values)[0])
    judged = [one for row in work.all(_TO_JUDGE, values) if (one := _Late(row)).deadline.standing(now) == "overdue"]
    first = [_Late(row) for row in work.all(_FIRST_PAST, values)]
    both = sorted([*first, *judged], key=lambda one: (one.deadline.due_on, one.case_no, one.deadline.id))
    return {"n": n + len(judged), "first": [_late_line(office, work, view, one) for one in both[:MOST_LATE]]}


class _Late:
    """A limit that may be overdue, and its case."""

    def __init__(self, row: tuple[Any, ...]) -> None:
        self.title, self.unit, self.state, self.definition = row[: len(_CASE_FIELDS)]
        values = dict(zip(DEADLINE_COLUMNS, row[len(_CASE_FIELDS) :], strict=True))
        self.case_no: str = values["case_no"]
        self.deadline: Deadline = deadline_from_columns(values)


def _late_line(office: Office, work: Work, view: View, one: _Late) -> dict[str, Any]:
    deadline = one.deadline
    step = _step(office, work, one)
    return {
        "case_no": one.case_no,
        "title": one.title,
        "unit": one.unit,
        "deadline": deadline.id,
        "zh": deadline.terms.zh,
        "en": deadline.terms.en,
        "due_on": deadline.due_on,
        "provisional": deadline.provisional,
        "days_late": (view.on - deadline.due_on).days,
        "step": step,
        "command": f"anjuan case why {one.case_no} {step}" if step is not None else f"anjuan case show {one.case_no}",
    }


def _step(office: Office, work: Work, one: _Late) -> str | None:
    """The step that meets the limit, before others one from where the case stands; none where it can only be read."""
    if office.lost_under(work, one.definition, (one.state,)):
        return None
    definition = office.definition_of(work, one.definition)
    if definition is None:
        return None
    ending = steps_that_meet(definition, one.deadline.rule)
    here = [name for name in ending if one.state in definition.steps[name].from_]
    return next(iter(here or ending), None)


def _state_line(workflow: str, state: str, definition: Definition | None, n: int) -> dict[str, Any]:
    words = state_words(definition, state)
    return {"workflow": workflow, "state": state, "zh": words.zh, "en": words.en, "n": n}


def _rank(definition: Definition | None, state: str) -> tuple[int, str]:
    order = list(definition.states) if definition is not None else []
    return (order.index(state) if state in order else len(order), state)


def _reach(view: View) -> Mapping[str, str]:
    return {"campaign_key": view.plan.id, "unit_list": listed(view.units)}


def _in_view(dialect: str) -> sa.ColumnElement[bool]:
    return sa.and_(IN_CAMPAIGN.c.campaign == sa.bindparam("campaign_key"), in_list(dialect, CASE.c.unit, "unit_list"))


def _build_by_state(dialect: str) -> sa.Executable:
    by = (CASE.c.workflow, CASE.c.state, CASE.c.definition, CASE.c.ended)
    return (
        sa.select(*by, sa.func.count())
        .join_from(CASE, IN_CAMPAIGN, IN_CAMPAIGN.c.case_no == CASE.c.case_no)
        .where(_in_view(dialect))
        .group_by(*by)
        .order_by(*by)
    )


def _limits(dialect: str, *columns: Any) -> sa.Select[Any]:
    return (
        sa.select(*columns)
        .join_from(DEADLINE, CASE, DEADLINE.c.case_no == CASE.c.case_no)
        .join(IN_CAMPAIGN, IN_CAMPAIGN.c.case_no == CASE.c.case_no)
        .where(_in_view(dialect), _one_of(DEADLINE.c.nature, OWED_NATURES), _one_of(DEADLINE.c.state, OPEN_STATES))
    )


def _one_of(column: Any, values: Collection[str]) -> sa.ColumnElement[bool]:
    """Written out: a list bound to one name would be filled in only when the statement is run."""
    return sa.or_(*(column == value for value in sorted(values)))


def _surely_past() -> sa.ColumnElement[bool]:
    return sa.and_(DEADLINE.c.state == RUNNING, DEADLINE.c.due_on < sa.bindparam("on_key"))


def _to_be_judged() -> sa.ColumnElement[bool]:
    """A pause may have ended by itself, and where the law counts hours today's may have run out."""
    paused = sa.and_(DEADLINE.c.state != RUNNING, DEADLINE.c.due_on < sa.bindparam("on_key"))
    today = sa.and_(DEADLINE.c.due_on == sa.bindparam("on_key"), DEADLINE.c.due_at < sa.bindparam("now_key"))
    return sa.or_(paused, today)


_WITH_CASE = (CASE.c.title, CASE.c.unit, CASE.c.state.label("case_state"), CASE.c.definition, *DEADLINE.columns)
_LONGEST = (DEADLINE.c.due_on, DEADLINE.c.case_no, DEADLINE.c.id)
_BY_STATE = Statement(_build_by_state)
_COUNT_PAST = Statement(lambda dialect: _limits(dialect, sa.func.count()).where(_surely_past()))
_TO_JUDGE = Statement(lambda dialect: _limits(dialect, *_WITH_CASE).where(_to_be_judged()))
_FIRST_PAST = Statement(
    lambda dialect: _limits(dialect, *_WITH_CASE).where(_surely_past()).order_by(*_LONGEST).limit(MOST_LATE)
)
