"""Gives lines that run side by side tracks of their own, so that none lies upon another. Pure."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations

# Beyond this the order of the tracks is left as it comes: nobody follows that many lines, and it would take long.
MOST_TRACKS_TO_ORDER = 24


@dataclass(frozen=True)
class Bar:
    """A line along a corridor from `start` to `end` (the lesser and the greater, inclusive).

    `near` and `far` are the places where it is joined to what lies on the near side (that of the first track) and on
    the far one.
    """

    start: int
    end: int
    near: tuple[int, ...] = ()
    far: tuple[int, ...] = ()


def bar_between(one: int, other: int, near: tuple[int, ...] = (), far: tuple[int, ...] = ()) -> Bar:
    """The line from one place to another, whichever is the lesser."""
    return Bar(min(one, other), max(one, other), near, far)


def tracks_of(bars: Sequence[Bar], apart: int) -> list[int]:
    """The track of every bar, 0 nearest. Two bars on one track are more than `apart` from each other.

    Short bars lie nearer than long ones that go around them.
    """
    taken: list[list[tuple[int, int]]] = []
    found = [0] * len(bars)
    for place in sorted(range(len(bars)), key=lambda i: (bars[i].end - bars[i].start, bars[i].start, i)):
        bar = bars[place]
        track = next((n for n, line in enumerate(taken) if _free(line, bar, apart)), len(taken))
        if track == len(taken):
            taken.append([])
        insort(taken[track], (bar.start, bar.end))
        found[place] = track
    return _ordered(bars, found, len(taken)) if 1 < len(taken) <= MOST_TRACKS_TO_ORDER else found


def _free(line: Sequence[tuple[int, int]], bar: Bar, apart: int) -> bool:
    place = bisect_left(line, (bar.start, bar.end))
    before = place == 0 or line[place - 1][1] + apart < bar.start
    return before and (place == len(line) or bar.end + apart < line[place][0])


def _ordered(bars: Sequence[Bar], found: Sequence[int], count: int) -> list[int]:
    """The same tracks in an order with fewer crossings: neighbours change places while that makes them fewer."""
    lying: list[list[Bar]] = [[] for _ in range(count)]
    for bar, track in zip(bars, found, strict=True):
        lying[track].append(bar)
    order = list(range(count))
    crossings = {(a, b): _crossings(lying[a], lying[b]) for a, b in permutations(order, 2)}
    gain = {(a, b): crossings[b, a] - crossings[a, b] for a, b in crossings}
    for _ in range(count):
        swaps = [i for i, (a, b) in enumerate(pairwise(order)) if gain[a, b] < 0]
        if not swaps:
            break
        for i in swaps:
            if gain[order[i], order[i + 1]] < 0:
                order[i], order[i + 1] = order[i + 1], order[i]
    place = {track: n for n, track in enumerate(order)}
    return [place[track] for track in found]


def _crossings(nearer: Sequence[Bar], farther: Sequence[Bar]) -> int:
    """How often the joints of either cross the other, where one lies nearer than the other."""
    over = sum(n.start <= y <= n.end for f in farther for y in f.near for n in nearer)
    return over + sum(f.start <= y <= f.end for n in nearer for y in n.far for f in farther)
