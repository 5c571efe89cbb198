"""Whole steps, one by one and 500 in a commit, against the raw driver replaying the same statements."""

from __future__ import annotations

import statistics
from collections.abc import Sequence

from bench.figures import Pace, Pairs, in_turn, seconds
from bench.places import Place
from bench.recording import Ran, RecordingStore, replay
from bench.scene import Bureau, Scene
from engine import casework
from engine.orders import TakeStep
from engine.store import Store

Recording = tuple[tuple[Ran, ...], ...]


class StepBench:
    """One place with its scene; the statements are recorded once, before anything is measured."""

    def __init__(self, place: Place, scene: Scene) -> None:
        self._place = place
        self._warming, self._orders = scene.warming, scene.measured
        recorded = _recorded(place, (*self._warming, *self._orders))
        self._raw_warming, self._raw_steps = recorded[: len(self._warming)], recorded[len(self._warming) :]

    @property
    def statements(self) -> tuple[int, float]:
        """The most and the mean of statements in a step."""
        numbers = [len(step) for step in self._raw_steps]
        return max(numbers), round(statistics.mean(numbers), 1)

    def one_by_one(self, pace: Pace, count: int) -> Pairs:
        """The first `count` steps, a transaction for every one."""
        return in_turn(
            lambda: self._product_step_by_step(count), lambda: self._raw(self._raw_steps[:count], False), pace
        )

    def in_one_commit(self, pace: Pace) -> Pairs:
        """All steps in one transaction."""
        return in_turn(self._product_at_once, lambda: self._raw(self._raw_steps, True), pace)

    def _product_step_by_step(self, count: int) -> float:
        with self._place.store() as store:
            bureau = _warm(store, self._warming)
            return seconds(lambda: _take_each(bureau, self._orders[:count]))

    def _product_at_once(self) -> float:
        with self._place.store() as store:
            bureau = _warm(store, self._warming)
            return seconds(lambda: _take_all(bureau, self._orders))

    def _raw(self, steps: Recording, in_one_commit: bool) -> float:
        begin = self._place.begin
        with self._place.raw() as raw:
            replay(raw, self._raw_warming, begin, in_one_commit=False)
            return seconds(lambda: replay(raw, steps, begin, in_one_commit=in_one_commit))


def _warm(store: Store, orders: Sequence[TakeStep]) -> Bureau:
    bureau = Bureau(store)
    _take_each(bureau, orders)
    return bureau


def _take_each(bureau: Bureau, orders: Sequence[TakeStep]) -> None:
    for order in orders:
        with bureau.office.store.writing() as work:
            bureau.take(work, order)


def _take_all(bureau: Bureau, orders: Sequence[TakeStep]) -> None:
    with bureau.office.store.writing() as work:
        for order in orders:
            bureau.take(work, order)


def _recorded(place: Place, orders: Sequence[TakeStep]) -> Recording:
    """What the product sends for each step. What a process reads only once is left out."""
    with place.store() as plain:
        store = RecordingStore(plain)
        bureau = Bureau(store)
        with store.writing() as work:
            bureau.office.refresh(work)
            casework.explain(bureau.office, work, orders[0])
            store.take()
            recorded = []
            for order in orders:
                bureau.take(work, order)
                recorded.append(store.take())
    return tuple(recorded)
