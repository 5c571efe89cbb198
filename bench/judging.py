"""`explain` on a case with 20 steps, of one step and of all that are possible, without the database."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

from bench.places import Place
from bench.scene import Bureau, Scene
from engine import casework
from engine.case_page import possible_steps, steps_here
from engine.judging import judge_step
from engine.orders import TakeStep


def explain_ms(place: Place, scene: Scene, calls: int) -> dict[str, float | int]:
    """The medians of judging `decide` with all its reasons, and every step possible where that case stands, in
    milliseconds."""
    with place.store() as store:
        office = Bureau(store).office
        order = TakeStep(scene.long_case, "decide", "head", {"fine_fen": "99000000", "measures": "fine"})
        with store.reading() as work:
            asked = casework.explain(office, work, order)
    actor = office.people.person(order.actor)

    def one() -> None:
        judge_step(asked.workflow, asked.case, order, actor, asked.around)

    def every() -> None:
        possible_steps(asked.workflow, asked.case, actor, asked.around)

    return {
        "explain_ms": _median_ms(one, calls),
        "explain_all_ms": _median_ms(every, calls),
        "steps_possible": len(steps_here(asked.workflow, asked.case)),
        "steps": len(asked.case.trail),
        "refusals": len(asked.verdict.refusals),
    }


def _median_ms(work: Callable[[], None], calls: int) -> float:
    def once() -> float:
        start = perf_counter()
        work()
        return (perf_counter() - start) * 1000

    return round(statistics.median(once() for _ in range(calls)), 3)
