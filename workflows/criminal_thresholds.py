"""Criminal thresholds as arithmetic: which of them the figures of a case reach, each dated version by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from engine.law_book import ParameterVersion

Way = Literal["whole", "half", "repeat", "stock"]

# The answers of `conclude` that thresholds speak of, by the names of the thresholds themselves.
ITEMS = ("turnover_fen", "gains_fen", "copies", "works", "clicks", "downloads", "members")
REPEATED = ("turnover_fen", "gains_fen")
# What is unsold, and what was sold of the same: both are added up against a multiple of the threshold of the latter.
STOCKS = {"stock_value_fen": "turnover_fen", "stock": "copies"}
TWO = 2


@dataclass(frozen=True)
class Figures:
    """What was found. `kind`: dissemination, copying, selling; empty where nobody said, and then every item counts.

    `punished_before`: within the time that the version names, before the end of the act.
    """

    amounts: Mapping[str, int]
    kind: str = ""
    by_unit: bool = False
    punished_before: bool = False

    def of(self, item: str) -> int:
        return self.amounts.get(item, 0)


@dataclass(frozen=True)
class Reached:
    """An item that reaches a threshold: by itself, as one of two that reach half, as a repeat, or with unsold stock.

    `threshold` is what had to be reached in that way: of `half` half the threshold, rounded up.
    """

    item: str
    found: int
    threshold: int
    way: Way


def reached(figures: Figures, version: ParameterVersion) -> tuple[Reached, ...]:
    """Every item that reaches a threshold of that version; halves only where nothing is reached otherwise."""
    whole = _thresholds(figures, version)
    found = (*_whole(figures, whole), *_repeated(figures, version, whole), *_in_stock(figures, version, whole))
    return found or _halves(figures, version, whole)


def is_aggravated(figures: Figures, version: ParameterVersion) -> bool:
    """Whether an item reaches so many times its threshold that the higher punishment threatens."""
    times = _number(version, "aggravated_times")
    return times > 0 and any(
        figures.of(item) >= times * threshold for item, threshold in _thresholds(figures, version).items()
    )


def years_of_history(version: ParameterVersion) -> int:
    """For how many years a penalty lowers the threshold of the next case; 0 where that version knows no such rule."""
    return _number(version, "repeat_years")


def _thresholds(figures: Figures, version: ParameterVersion) -> dict[str, int]:
    """The thresholds that this version knows for an act of that kind. For units some versions ask a multiple."""
    named = version.values.get(figures.kind)
    counting = ITEMS if named is None else tuple(named.split())
    times = _number(version, "unit_times") or 1 if figures.by_unit else 1
    numbers = ((item, _number(version, item)) for item in ITEMS if item in counting)
    return {item: times * number for item, number in numbers if number}


def _whole(figures: Figures, whole: Mapping[str, int]) -> Iterator[Reached]:
    for item, threshold in whole.items():
        if figures.of(item) >= threshold:
            yield Reached(item, figures.of(item), threshold, "whole")


def _repeated(figures: Figures, version: ParameterVersion, whole: Mapping[str, int]) -> Iterator[Reached]:
    """Lower amounts for whoever was punished before. An item that is reached by itself is not said twice."""
    for item in REPEATED if figures.punished_before else ():
        lower = _number(version, f"repeat_{item}")
        if lower and lower <= figures.of(item) < whole[item]:
            yield Reached(item, figures.of(item), lower, "repeat")


def _in_stock(figures: Figures, version: ParameterVersion, whole: Mapping[str, int]) -> Iterator[Reached]:
    """Unsold goods, alone or together with sold ones, at a multiple of the threshold for sold ones."""
    times = _number(version, "stock_times")
    for stock, sold in STOCKS.items() if times else ():
        lower = times * _number(version, f"repeat_{sold}") if figures.punished_before else 0
        together = figures.of(stock) + figures.of(sold) if figures.of(stock) else 0
        if together >= times * whole[sold]:
            yield Reached(stock, together, times * whole[sold], "stock")
        elif lower and together >= lower:
            yield Reached(stock, together, lower, "repeat")


def _halves(figures: Figures, version: ParameterVersion, whole: Mapping[str, int]) -> tuple[Reached, ...]:
    halves = [item for item in version.values.get("half", "").split() if item in whole]
    found: Sequence[Reached] = [
        Reached(item, figures.of(item), -(-whole[item] // TWO), "half")
        for item in halves
        if figures.of(item) * TWO >= whole[item]
    ]
    return tuple(found) if len(found) >= TWO else ()


def _number(version: ParameterVersion, name: str) -> int:
    """A number of the version; 0 for what its law does not know."""
    return int(version.values.get(name, "0"))
