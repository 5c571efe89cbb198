"""`explain` on a case with 20 steps, without the database."""

from __future__ import annotations

import statistics
from time import perf_counter

from bench.places import Place
from bench.scene import Bureau, Scene
from engine import casework
from engine.judging import judge_step
from engine.orders import TakeStep


def explain_ms(place: Place, scene: Scene, calls: int) -> dict[str, float | int]:
    """The median of judging `decide` with all its reasons, in milliseconds."""
    with place.store() as store:
        office = Bureau(store).office
        order = TakeStep(scene.long_case, "decide", "head", {"fine_fen": "99000000", "measures": "fine"})
        with store.reading() as work:
            asked = casework.explain(office, work, order)
    actor = office.people.person(order.actor)

    def once() -> float:
        start = perf_counter()
        judge_step(asked.workflow, asked.case, order, actor, asked.around)
        return (perf_counter() - start) * 1000

    return {
        "explain_ms": round(statistics.median(once() for _ in range(calls)), 3),
        "steps": len(asked.case.trail),
        "refusals": len(asked.verdict.refusals),
    }
