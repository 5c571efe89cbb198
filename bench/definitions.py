"""Workflows: read from their files and proved; and, as proved versions, taken from the store by their hash."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from time import perf_counter

from bench.places import Place
from bench.scene import Bureau
from engine.limit_checks import shipped_time_limits
from engine.office import Office
from workflows.definition_files import shipped_definitions


def definition_figures(place: Place, rounds: int) -> dict[str, float]:
    """Medians over the rounds, in milliseconds, for all shipped workflows together."""
    natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
    shipped_definitions(natures)
    with place.store() as store, store.reading() as work:
        office = Bureau(store).office
        office.refresh(work)
        kept = [d.hash for d in office.documents("workflow")]

        def from_store() -> None:
            fresh = Office(store, office.clock, practice=True)
            for hash_ in kept:
                fresh.workflow_of(work, hash_)

        return {
            "prove_definitions_ms": _median_ms(lambda: shipped_definitions(natures), rounds),
            "definitions_by_hash_ms": _median_ms(from_store, rounds),
        }


def _median_ms(work: Callable[[], object], rounds: int) -> float:
    def once() -> float:
        start = perf_counter()
        work()
        return (perf_counter() - start) * 1000

    return round(statistics.median(once() for _ in range(rounds)), 2)
