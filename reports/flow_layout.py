"""Lays a drawing of a workflow out on a sheet: where every box, arrow, name and note stands, in whole units. Pure.

From the top: title and key, the lanes with their boxes, under each lane what changes no state, then the numbered notes.
"""

from __future__ import annotations

from collections.abc import Iterator

from reports.flow_boxes import BoxSize, box_sizes, label_lines, pill_of, texts_of
from reports.flow_drawing import Arrow, Drawing
from reports.flow_frame import ASIDE, DOWN, UP, Frame, both_ways, frame_of, name_room, runs_level
from reports.flow_grid import Grid, Route, grid_of
from reports.flow_notes import footing, heading
from reports.flow_places import (
    BOX_WIDTH,
    ENTRY,
    LABEL_ROOMS,
    LINES,
    MARGIN,
    SIZES,
    PlacedArrow,
    PlacedBox,
    PlacedLane,
    Point,
    Sheet,
    Text,
)
from reports.flow_type import lines_of

NARROWEST = 900  # so that title, key and notes of a small workflow have room


def sheet_of(drawing: Drawing) -> Sheet:
    """The drawing on a sheet. Equal drawings give equal sheets."""
    grid = grid_of(drawing)
    sizes = box_sizes(drawing, grid)
    frame = frame_of(drawing, grid, sizes)
    width = max(frame.lanes[-1], NARROWEST)
    head = heading(drawing, MARGIN, width)
    shift = (MARGIN, head.bottom)
    lanes = tuple(_lanes(drawing, frame, shift))
    foot = footing(drawing, lanes, width)
    boxes = tuple(_boxes(drawing, grid, sizes, frame, shift))
    arrows = tuple(_arrows(drawing, grid, sizes, frame, shift))
    texts = (*head.texts, *foot.texts)
    return Sheet(width + 2 * MARGIN, foot.bottom + MARGIN, lanes, boxes, arrows, texts, head.samples)


def _lanes(drawing: Drawing, frame: Frame, shift: Point) -> Iterator[PlacedLane]:
    dx, dy = shift
    for number, lane in enumerate(drawing.lanes):
        x, right = frame.lanes[number] + dx, frame.lanes[number + 1] + dx
        name, *_ = lines_of(lane.name, SIZES["head"], right - x - 2 * ENTRY, 1)
        head = Text(x + ENTRY, dy + LINES["head"], name, "head", bold=True)
        yield PlacedLane(lane, x, dy, right - x, frame.height, head)


def _boxes(drawing: Drawing, grid: Grid, sizes: dict[str, BoxSize], frame: Frame, shift: Point) -> Iterator[PlacedBox]:
    for lane in drawing.lanes:
        for box in lane.boxes:
            x = frame.lanes[grid.cells[box.id].lane] + ENTRY + shift[0]
            y, size = frame.tops[box.id] + shift[1], sizes[box.id]
            yield PlacedBox(box, x, y, size.height, texts_of(size, x, y), pill_of(box, x, y))


def _arrows(
    drawing: Drawing, grid: Grid, sizes: dict[str, BoxSize], frame: Frame, shift: Point
) -> Iterator[PlacedArrow]:
    beside = both_ways(grid)
    for number, route in enumerate(grid.routes):
        if route.kind == "next":
            pair = (route.arrow.source, route.arrow.dest)
            points, labels = _next(drawing, route, sizes, frame, pair in beside)
        else:
            points, labels = _side(drawing, route, number, frame)
        moved = tuple((x + shift[0], y + shift[1]) for x, y in points)
        placed = tuple(Text(t.x + shift[0], t.y + shift[1], t.text, t.style) for t in labels)
        yield PlacedArrow(route.arrow, moved, placed, _shut_at(route.arrow, moved))


def _next(
    drawing: Drawing, route: Route, sizes: dict[str, BoxSize], frame: Frame, beside: bool
) -> tuple[list[Point], list[Text]]:
    source, dest = route.arrow.source, route.arrow.dest
    down = route.dest.row > route.source.row
    x = frame.lanes[route.source.lane] + ENTRY + (DOWN if down else UP)
    begins = frame.tops[source] + (sizes[source].height if down else 0)
    ends = frame.tops[dest] + (0 if down else sizes[dest].height)
    y = frame.names[max(route.source.row, route.dest.row)]
    lines = label_lines(route.arrow, drawing.lang, name_room(route, beside, drawing.lang))
    return [(x, begins), (x, ends)], _label(lines, x + ASIDE, y)


def _side(drawing: Drawing, route: Route, number: int, frame: Frame) -> tuple[list[Point], list[Text]]:
    begins, ends = frame.begins[number], frame.ends[number]
    from_x = frame.lanes[route.source.lane] + ENTRY + BOX_WIDTH
    to_x = frame.lanes[route.dest.lane] + ENTRY + (0 if route.enters_left else BOX_WIDTH)
    lines = label_lines(route.arrow, drawing.lang, LABEL_ROOMS[drawing.lang])
    labels = _label(lines, from_x + ASIDE, begins - 4 - LINES["label"] * (len(lines) - 1))
    if runs_level(route, begins, ends):
        return [(from_x, begins), (to_x, ends)], labels
    first = frame.posts[number, route.first]
    points = [(from_x, begins), (first, begins)]
    if route.gap is not None:
        last, turn = frame.posts[number, route.last], frame.turns[number]
        points += [(first, turn), (last, turn), (last, ends)]
    else:
        points.append((first, ends))
    return [*points, (to_x, ends)], labels


def _label(lines: tuple[str, ...], x: int, y: int) -> list[Text]:
    return [Text(x, y + LINES["label"] * place, line, "label") for place, line in enumerate(lines)]


def _shut_at(arrow: Arrow, points: tuple[Point, ...]) -> Point | None:
    """Near the end of the arrow, where no name stands."""
    if not all(step.shut == "refused" for step in arrow.steps):
        return None
    (ax, ay), (bx, by) = points[-2:]
    if ax == bx:
        return bx, by + (-10 if by > ay else 10)
    return bx + (-12 if bx > ax else 12), by
