"""How tall every box of a drawing is, what is written in it, and at which heights arrows leave and enter it. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from reports.flow_drawing import Arrow, Box, Drawing
from reports.flow_grid import Grid, Route
from reports.flow_places import BOX_WIDTH, INDENT, LABEL_ROOMS, LINES, RASTER, SIZES, Style, Text, rastered
from reports.flow_type import even_lines_of, lines_of, width_of

MOST_LABEL_LINES = 6
MOST_NAME_LINES = 3
SMALLEST_BOX = 48
Turn: TypeAlias = tuple[int, int]  # the order of arrows on one side of a box, from above
ENTERING = RASTER  # what an arrow takes that enters on the right


@dataclass(frozen=True)
class Written:
    """A line in a box, still without its place."""

    text: str
    style: Style
    bold: bool = False


@dataclass(frozen=True)
class BoxSize:
    """The height of a box, where below its upper edge arrows go in and out on the right, and who enters on the left.

    Arrows are named by the numbers of their routes; on the left the uppermost comes first.
    """

    height: int
    lines: tuple[Written, ...]
    right: dict[int, int]
    left: tuple[int, ...]


def label_lines(arrow: Arrow, lang: str, room: int) -> tuple[str, ...]:
    """The names of the steps of an arrow, as they are written beside it."""
    last = len(arrow.steps) - 1
    between = "、" if lang == "zh" else ","
    names = [step.marked + (between if place < last else "") for place, step in enumerate(arrow.steps)]
    return tuple(line for name in names for line in even_lines_of(name, SIZES["label"], room, MOST_LABEL_LINES))


def box_sizes(drawing: Drawing, grid: Grid) -> dict[str, BoxSize]:
    """The size of every box, by state."""
    right: dict[str, list[tuple[Turn, int, int]]] = defaultdict(list)
    left: dict[str, list[tuple[Turn, int]]] = defaultdict(list)
    for number, route in enumerate(grid.routes):
        if route.kind == "next":
            continue
        room = len(label_lines(route.arrow, drawing.lang, LABEL_ROOMS[drawing.lang])) * LINES["label"] + 4
        right[route.arrow.source].append((_turn(route.leads, _reach(route)), rastered(room), number))
        if route.enters_left:
            left[route.arrow.dest].append((_turn(route.comes, -_reach(route)), number))
        else:
            right[route.arrow.dest].append((_turn(route.comes, _reach(route)), ENTERING, number))
    boxes = [box for lane in drawing.lanes for box in lane.boxes]
    return {box.id: _size(drawing, box, sorted(right[box.id]), sorted(left[box.id])) for box in boxes}


def texts_of(size: BoxSize, x: int, y: int) -> tuple[Text, ...]:
    """The lines of a box, in the middle of its height."""
    height = sum(LINES[line.style] for line in size.lines)
    base = y + (size.height - height) // 2
    found = []
    for line in size.lines:
        base += LINES[line.style]
        found.append(Text(x + INDENT, base - LINES[line.style] // 4, line.text, line.style, bold=line.bold))
    return tuple(found)


def pill_of(box: Box, x: int, y: int) -> Text | None:
    """How many open cases stand there, for the upper right corner."""
    if box.count is None:
        return None
    return Text(x + BOX_WIDTH - 8, y + 17, str(box.count), "stands", align="end", bold=box.count > 0)


def _size(
    drawing: Drawing,
    box: Box,
    right: Sequence[tuple[Turn, int, int]],
    left: Sequence[tuple[Turn, int]],
) -> BoxSize:
    lines = tuple(_lines(drawing, box))
    text = sum(LINES[line.style] for line in lines) + 14
    # A name does not begin right below the head of an arrow.
    before = [ENTERING + 1, *(room for _, room, _ in right)]
    rooms = [
        (room + (RASTER if room > ENTERING == above else 0), number)
        for above, (_, room, number) in zip(before, right, strict=False)
    ]
    joined = max(sum(room for room, _ in rooms), RASTER * len(left)) + RASTER
    height = max(rastered(text), rastered(joined), SMALLEST_BOX)
    at = (height - sum(room for room, _ in rooms)) // 2 // RASTER * RASTER
    places = {}
    for room, number in rooms:
        at += room
        places[number] = at
    return BoxSize(height, lines, places, tuple(number for _, number in left))


def _lines(drawing: Drawing, box: Box) -> Iterator[Written]:
    full = BOX_WIDTH - 2 * INDENT
    room = full - (0 if box.count is None else width_of(str(box.count), SIZES["stands"]) + 6)
    yield from (Written(line, "name", box.main) for line in lines_of(box.name, SIZES["name"], room, MOST_NAME_LINES))
    kinds = box.kinds(drawing.lang) + ["√"] * (box.visited and not box.stands)
    small = " · ".join([box.id, *kinds])
    yield from (Written(line, "small") for line in lines_of(small, SIZES["small"], full, 2))
    numbers = [(drawing.said("出 ", "out "), box.leaves), (drawing.said("入 ", "in "), box.enters)]
    joined = [word + ", ".join(drawing.numbered[n - 1].label for n in some) for word, some in numbers if some]
    if joined and width_of(" · ".join(joined), SIZES["small"]) <= full:
        joined = [" · ".join(joined)]
    for one in joined:
        yield from (Written(line, "small") for line in lines_of(one, SIZES["small"], full, 8))
    for who in box.stands:
        yield from (Written(line, "stands", bold=True) for line in lines_of(f"▶ {who}", SIZES["stands"], full, 2))


def _turn(rows: int, reach: int) -> Turn:
    """Where an arrow has its place among others on one side: above those that lead up, below those that lead down."""
    if rows < 0:
        return (0, reach)
    return (1, 0) if rows == 0 else (2, -reach)


def _reach(route: Route) -> int:
    """How far it goes, in rows and lanes: the farther it goes, the more other arrows it goes around."""
    return abs(route.dest.row - route.source.row) + 20 * abs(route.dest.lane - route.source.lane)
