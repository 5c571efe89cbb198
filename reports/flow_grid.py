"""The grid of a drawing: which lane and row a state has, and along which corridors an arrow goes round the boxes. Pure.

A stage is a lane from top to bottom, a state takes one row of it. Beside every lane runs a corridor, between the rows
run gaps; an arrow that is not between neighbours goes only there, so it can cross no box. Layout libraries with a free
licence and without a program of their own were looked at: they keep no lanes and leave no room for the names of steps.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reports.flow_drawing import Arrow, Drawing


@dataclass(frozen=True)
class Cell:
    lane: int
    row: int


@dataclass(frozen=True)
class Route:
    """The way of an arrow. `next` goes straight to the neighbour in the same lane, `side` leaves on the right side.

    `first` and `last` are the corridors (by the lane to the left of them) in which it goes up or down; `gap` is the gap
    above that row in which it changes from one to the other. It enters on the left only in a lane further on.
    """

    arrow: Arrow
    source: Cell
    dest: Cell
    kind: Literal["next", "side"]
    first: int
    last: int
    gap: int | None = None

    @property
    def enters_left(self) -> bool:
        return self.kind == "side" and self.dest.lane > self.source.lane

    @property
    def leads(self) -> int:
        """How many rows down (above 0) or up (below 0) it goes from where it begins, as far as order is concerned."""
        if self.gap is None:
            return self.dest.row - self.source.row
        return self.gap - self.source.row - (1 if self.gap <= self.source.row else 0)

    @property
    def comes(self) -> int:
        """How many rows below (above 0) or above (below 0) its end it comes from."""
        if self.gap is None:
            return self.source.row - self.dest.row
        return self.gap - self.dest.row - (1 if self.gap <= self.dest.row else 0)


@dataclass(frozen=True)
class Grid:
    cells: dict[str, Cell]
    rows: int
    routes: tuple[Route, ...]


def grid_of(drawing: Drawing) -> Grid:
    """Rows and routes of a drawing. Equal drawings give equal grids."""
    cells = dict(_cells(drawing))
    rows = 1 + max(cell.row for cell in cells.values())
    return Grid(cells, rows, tuple(_routes(drawing.arrows, cells, rows)))


def _cells(drawing: Drawing) -> Iterator[tuple[str, Cell]]:
    """Each lane is let down to where the main way enters it, as far as it then still fits beside the longest."""
    most = max(len(lane.boxes) for lane in drawing.lanes)
    lane_of = {box.id: n for n, lane in enumerate(drawing.lanes) for box in lane.boxes}
    into = {lane_of[b]: (a, b) for a, b in reversed([*pairwise(drawing.main)]) if lane_of[a] < lane_of[b]}
    row_of: dict[str, int] = {}
    for number, lane in enumerate(drawing.lanes):
        ids = [box.id for box in lane.boxes]
        source, dest = into.get(number, ("", ids[0]))
        lowered = max(0, min(row_of.get(source, 0) - ids.index(dest), most - len(ids)))
        for row, id_ in enumerate(ids, start=lowered):
            row_of[id_] = row
            yield id_, Cell(number, row)


def _routes(arrows: Sequence[Arrow], cells: dict[str, Cell], rows: int) -> Iterator[Route]:
    load: Counter[int] = Counter()
    for arrow in arrows:
        source, dest = cells[arrow.source], cells[arrow.dest]
        if source.lane == dest.lane and abs(source.row - dest.row) == 1:
            yield Route(arrow, source, dest, "next", source.lane, source.lane)
            continue
        last = dest.lane - 1 if dest.lane > source.lane else dest.lane
        gap = None if last == source.lane else _gap(source.row, dest.row, load)
        if gap is not None:
            load[gap] += 1
        yield Route(arrow, source, dest, "side", source.lane, last, gap)


def _gap(source: int, dest: int, load: Counter[int]) -> int:
    """The gap, by the row below it, through which the way is shortest; of several the emptiest, then the uppermost."""
    low, high = min(source, dest), max(source, dest)
    between = range(low + 1, high + 1) if low != high else (low, low + 1)
    return min(between, key=lambda gap: (load[gap], gap))
