"""Paired measurements: product and raw in turn, the ratio of each pair, and the median of the pairs."""

from __future__ import annotations

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from math import inf
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Pairs:
    """Seconds of the product and of what it is measured against, pair by pair."""

    product: tuple[float, ...]
    raw: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        return tuple(p / r for p, r in zip(self.product, self.raw, strict=True))

    @property
    def ratio(self) -> float:
        return round(statistics.median(self.ratios), 2)

    def document(self, units: int = 1) -> dict[str, Any]:
        """Medians in milliseconds per unit of work, and how far the pairs lie apart."""
        return {
            "ratio": self.ratio,
            "from": round(min(self.ratios), 2),
            "to": round(max(self.ratios), 2),
            "product_ms": round(statistics.median(self.product) * 1000 / units, 3),
            "raw_ms": round(statistics.median(self.raw) * 1000 / units, 3),
            "pairs": len(self.product),
        }


@dataclass(frozen=True)
class Pace:
    """How many pairs to take, and the moment (of `perf_counter`) after which one is enough."""

    pairs: int
    until: float = inf


def in_turn(product: Callable[[], float], raw: Callable[[], float], pace: Pace) -> Pairs:
    """Both, one after the other, as often as the pace says; each answers how many seconds it took."""
    taken = [(product(), raw())]
    while len(taken) < pace.pairs and perf_counter() < pace.until:
        taken.append((product(), raw()))
    return Pairs(tuple(p for p, _ in taken), tuple(r for _, r in taken))


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, with the garbage of what went before taken out first."""
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start
