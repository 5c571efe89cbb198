"""Where the rows, gaps, lanes and tracks of a drawing lie, from its upper left corner. Pure.

Heights come first: how many arrows turn in a gap is known from the grid alone. Then every arrow knows from where to
where it runs in its corridors, and these become as wide as they have to be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.flow_boxes import BoxSize, label_lines
from reports.flow_drawing import Drawing
from reports.flow_grid import Cell, Grid, Route
from reports.flow_places import BOX_WIDTH, ENTRY, LABEL_ROOMS, LINES, RASTER, SIZES, rastered
from reports.flow_tracks import Bar, bar_between, tracks_of
from reports.flow_type import width_of

TRACK = 9  # from one track to the next
LANE_HEAD = 40
# Where an arrow to the next box stands on the edge, and the room for its name: alone, or with one that comes back.
DOWN, UP = 20, BOX_WIDTH - 16
DOWN_ROOM, DOWN_ROOM_BESIDE_UP = 150, UP - DOWN - 10
ASIDE = 6  # of a name from its arrow, or from the edge that the arrow leaves


@dataclass(frozen=True)
class Frame:
    """`begins`, `ends`, `turns`: the heights at which a route leaves a side, enters one, changes its corridor, by its
    number; `posts`: where it goes up or down, by number and corridor. `names`: the height of the first line of a name
    in the gap above a row.
    """

    tops: dict[str, int]
    begins: dict[int, int]
    ends: dict[int, int]
    turns: dict[int, int]
    names: dict[int, int]
    lanes: tuple[int, ...]  # the left edge of each, and the right edge of the last
    posts: dict[tuple[int, int], int]
    height: int


def frame_of(drawing: Drawing, grid: Grid, sizes: dict[str, BoxSize]) -> Frame:
    """All places that rows, gaps, lanes and tracks have."""
    tracks, counts = _turning(grid)
    tops, gaps, names, height = _heights(drawing, grid, sizes, counts)
    turns = {number: gaps[gap] + RASTER * (track + 1) for number, (gap, track) in tracks.items()}
    begins = {
        number: tops[route.arrow.source] + sizes[route.arrow.source].right[number]
        for number, route in enumerate(grid.routes)
        if route.kind == "side"
    }
    ends = _ends(grid, sizes, tops, begins)
    lanes, posts = _widths(drawing, grid, _bars(grid, begins, ends, turns))
    return Frame(tops, begins, ends, turns, names, lanes, posts, height)


def runs_level(route: Route, begins: int, ends: int) -> bool:
    """Whether a route at these heights runs straight into the box beside it."""
    return route.gap is None and begins == ends


def both_ways(grid: Grid) -> frozenset[tuple[str, str]]:
    """Neighbours between which arrows go in both directions, as (source, destination)."""
    pairs = {(r.arrow.source, r.arrow.dest) for r in grid.routes if r.kind == "next"}
    return frozenset(pair for pair in pairs if (pair[1], pair[0]) in pairs)


def name_room(route: Route, beside: bool, lang: str) -> int:
    """How long the lines of a name between two neighbours may be; `beside` one that goes the other way."""
    if route.dest.row < route.source.row:
        return LABEL_ROOMS[lang]
    return DOWN_ROOM_BESIDE_UP if beside else DOWN_ROOM


def _turning(grid: Grid) -> tuple[dict[int, tuple[int, int]], dict[int, int]]:
    """The gap and track of every route that turns in one, and how many tracks each gap has."""
    by_gap: dict[int, list[int]] = defaultdict(list)
    for number, route in enumerate(grid.routes):
        if route.gap is not None:
            by_gap[route.gap].append(number)
    tracks: dict[int, tuple[int, int]] = {}
    counts: dict[int, int] = {}
    for gap, numbers in by_gap.items():
        found = tracks_of([bar_between(grid.routes[n].first, grid.routes[n].last) for n in numbers], 0)
        tracks.update({n: (gap, track) for n, track in zip(numbers, found, strict=True)})
        counts[gap] = 1 + max(found)
    return tracks, counts


def _heights(
    drawing: Drawing, grid: Grid, sizes: dict[str, BoxSize], counts: dict[int, int]
) -> tuple[dict[str, int], dict[int, int], dict[int, int], int]:
    """The upper edge of every box, the upper edge of every gap, where names begin in it, and the lower edge of all."""
    rows: dict[int, int] = defaultdict(int)
    for state, cell in grid.cells.items():
        rows[cell.row] = max(rows[cell.row], sizes[state].height)
    named: dict[int, int] = defaultdict(int)
    beside = both_ways(grid)
    for route in grid.routes:
        if route.kind == "next":
            room = name_room(route, (route.arrow.source, route.arrow.dest) in beside, drawing.lang)
            gap = max(route.source.row, route.dest.row)
            named[gap] = max(named[gap], len(label_lines(route.arrow, drawing.lang, room)))
    y, row_y, gaps, names = LANE_HEAD, {}, {}, {}
    for row in range(grid.rows):
        gaps[row] = y
        names[row] = y + RASTER * (counts.get(row, 0) + 1) + LINES["label"]
        y = rastered(names[row] + LINES["label"] * (named[row] - 1) + 2 * RASTER)
        row_y[row] = y
        y += rows[row]
    gaps[grid.rows] = y
    height = rastered(y + RASTER * (counts.get(grid.rows, 0) + 2))
    tops = {
        state: row_y[cell.row] + (rows[cell.row] - sizes[state].height) // 2 // RASTER * RASTER
        for state, cell in grid.cells.items()
    }
    return tops, gaps, names, height


def _ends(grid: Grid, sizes: dict[str, BoxSize], tops: dict[str, int], begins: dict[int, int]) -> dict[int, int]:
    """The height at which every route enters a side: one that can run straight into the box beside it does so."""
    states = {cell: state for state, cell in grid.cells.items()}
    ends: dict[int, int] = {}
    for state, size in sizes.items():
        cell, top = grid.cells[state], tops[state]
        ends.update({n: top + y for n, y in size.right.items() if grid.routes[n].arrow.dest == state})
        level = {
            number
            for number in size.left
            if grid.routes[number].source == Cell(cell.lane - 1, cell.row)
            and top + RASTER <= begins[number] <= top + size.height - RASTER
        }
        ends.update({number: begins[number] for number in level})
        beside = states.get(Cell(cell.lane - 1, cell.row))
        others = [] if beside is None else [tops[beside] + y for y in sizes[beside].right.values()]
        bent = [number for number in size.left if number not in level]
        ends.update(zip(bent, _entries(len(bent), top, size.height, others), strict=True))
    return ends


def _entries(count: int, top: int, height: int, others: Sequence[int]) -> list[int]:
    """Heights between the lines of the raster for so many arrows, as far as possible away from those of `others`."""
    first, room = top + RASTER // 2, height // RASTER
    middle = (room - count) / 2
    far = {k: min((abs(first + RASTER * k - y) for y in others), default=RASTER) > RASTER // 2 for k in range(room)}
    begin = min(
        range(room - count + 1),
        key=lambda k: (sum(not far[k + i] for i in range(count)), abs(k - middle), k),
    )
    return [first + RASTER * (begin + i) for i in range(count)]


def _bars(
    grid: Grid, begins: dict[int, int], ends: dict[int, int], turns: dict[int, int]
) -> dict[int, list[tuple[int, Bar]]]:
    """What runs up and down in every corridor, with the number of its route."""
    bars: dict[int, list[tuple[int, Bar]]] = defaultdict(list)
    for number, route in enumerate(grid.routes):
        if route.kind == "side" and not runs_level(route, begins[number], ends[number]):
            for corridor, bar in _bars_of(route, begins[number], ends[number], turns.get(number)):
                bars[corridor].append((number, bar))
    return bars


def _bars_of(route: Route, begins: int, ends: int, turn: int | None) -> Iterator[tuple[int, Bar]]:
    """A bar is joined on its near side where the arrow leaves or enters the lane that its corridor belongs to."""
    if turn is None:
        far = (ends,) if route.enters_left else ()
        yield route.first, bar_between(begins, ends, (begins,) if far else (begins, ends), far)
        return
    onward = route.last > route.first
    yield route.first, bar_between(begins, turn, (begins,) if onward else (begins, turn), (turn,) if onward else ())
    near, far = ((turn,), (ends,)) if onward else ((ends,), (turn,))
    yield route.last, bar_between(turn, ends, near, far)


def _widths(
    drawing: Drawing, grid: Grid, bars: dict[int, list[tuple[int, Bar]]]
) -> tuple[tuple[int, ...], dict[tuple[int, int], int]]:
    """The edges of the lanes, and the place of every bar."""
    rooms = _name_rooms(drawing, grid)
    lanes, posts = [0], {}
    for lane in range(len(drawing.lanes)):
        x = lanes[-1] + ENTRY + BOX_WIDTH + rooms[lane] + RASTER
        found = tracks_of([bar for _, bar in bars[lane]], RASTER)
        posts.update({(number, lane): x + TRACK * track for (number, _), track in zip(bars[lane], found, strict=True)})
        lanes.append(x + TRACK * (1 + max(found, default=-1)))
    return tuple(lanes), posts


def _name_rooms(drawing: Drawing, grid: Grid) -> dict[int, int]:
    """How far names reach out beside the boxes of each lane."""
    rooms: dict[int, int] = defaultdict(int)
    beside = both_ways(grid)
    for route in grid.routes:
        if route.kind == "next":
            room = name_room(route, (route.arrow.source, route.arrow.dest) in beside, drawing.lang)
            begins = (DOWN if route.dest.row > route.source.row else UP) + ASIDE - BOX_WIDTH
        else:
            room, begins = LABEL_ROOMS[drawing.lang], ASIDE
        widest = max(width_of(line, SIZES["label"]) for line in label_lines(route.arrow, drawing.lang, room))
        rooms[route.source.lane] = max(rooms[route.source.lane], begins + widest)
    return rooms
