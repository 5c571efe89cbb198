"""A laid out drawing can be read: nothing lies upon anything else, and everything is on the sheet."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, pairwise
from typing import NamedTuple

import pytest
from flow_shapes import CASE, SHIPPED, definitions, hostile, large
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.definitions import Definition
from reports.flow_drawing import Overlay, drawing_of
from reports.flow_layout import sheet_of
from reports.flow_places import SIZES, PlacedArrow, PlacedBox, Sheet, Text
from reports.flow_tracks import Bar, tracks_of
from reports.flow_type import even_lines_of, lines_of, width_of


class Area(NamedTuple):
    left: int
    top: int
    right: int
    bottom: int

    def meets(self, other: Area) -> bool:
        """Whether the insides have a point in common; edges may touch."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


def area_of(box: PlacedBox) -> Area:
    return Area(box.x, box.y, box.x + box.width, box.y + box.height)


def room_of(text: Text) -> Area:
    """From the height of a small letter to the baseline."""
    width = width_of(text.text, SIZES[text.style])
    left = text.x - {"start": 0, "end": width}[text.align]
    return Area(left, text.y - SIZES[text.style] * 3 // 4, left + width, text.y)


def pieces(arrow: PlacedArrow) -> Iterator[Area]:
    """Its straight pieces as areas without breadth."""
    for (ax, ay), (bx, by) in pairwise(arrow.points):
        assert ax == bx or ay == by, "every piece is level or upright"
        yield Area(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def crosses(piece: Area, area: Area) -> bool:
    """Whether a piece runs through the inside of an area."""
    return Area(piece.left, piece.top, piece.right + 1, piece.bottom + 1).meets(
        Area(area.left + 1, area.top + 1, area.right, area.bottom)
    )


def lie_upon(one: Area, other: Area) -> bool:
    """Whether two pieces share more than a point."""
    if one.left == one.right == other.left == other.right:
        return one.top < other.bottom and other.top < one.bottom
    if one.top == one.bottom == other.top == other.bottom:
        return one.left < other.right and other.left < one.right
    return False


def assert_readable(sheet: Sheet) -> None:
    boxes = {placed.box.id: area_of(placed) for placed in sheet.boxes}
    assert not [pair for pair in combinations(boxes.values(), 2) if pair[0].meets(pair[1])]
    for placed in sheet.arrows:
        assert_ends_on(placed, boxes)
    runs = [(piece, placed) for placed in sheet.arrows for piece in pieces(placed)]
    assert not [piece for piece, _ in runs for area in boxes.values() if crosses(piece, area)]
    assert not [p for (p, a), (q, b) in combinations(runs, 2) if a is not b and lie_upon(p, q)]

    labels = [room_of(label) for placed in sheet.arrows for label in placed.labels]
    assert not [pair for pair in combinations(labels, 2) if pair[0].meets(pair[1])]
    assert not [label for label in labels for area in boxes.values() if label.meets(area)]
    assert not [label for label in labels for piece, _ in runs if crosses(piece, label)]

    for placed_box in sheet.boxes:
        inside = area_of(placed_box)
        for text in (*placed_box.texts, *([placed_box.pill] if placed_box.pill else [])):
            assert within(room_of(text), inside), text
    whole = Area(0, 0, sheet.width, sheet.height)
    everything = [*labels, *boxes.values(), *map(room_of, sheet.texts), *(room_of(lane.head) for lane in sheet.lanes)]
    assert [area for area in everything if not within(area, whole)] == []
    notes = [room_of(text) for text in sheet.texts]
    assert not [pair for pair in combinations(notes, 2) if pair[0].meets(pair[1])]


def within(area: Area, other: Area) -> bool:
    return (
        other.left <= area.left and area.right <= other.right and other.top <= area.top and area.bottom <= other.bottom
    )


def assert_ends_on(placed: PlacedArrow, boxes: dict[str, Area]) -> None:
    for state, (x, y) in ((placed.arrow.source, placed.points[0]), (placed.arrow.dest, placed.points[-1])):
        area = boxes[state]
        assert (x in (area.left, area.right) and area.top < y < area.bottom) or (
            y in (area.top, area.bottom) and area.left < x < area.right
        )


@given(definitions(), st.sampled_from(["zh", "en"]))
@settings(deadline=None)
def test_any_workflow_can_be_read(definition: Definition, lang: str) -> None:
    assert_readable(sheet_of(drawing_of(definition, lang)))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", ["case", "preservation"])
def test_the_shipped_workflows_can_be_read(name: str, lang: str) -> None:
    definition = SHIPPED[name]
    overlay = Overlay(
        counts=dict.fromkeys(definition.states, 12345),
        stands={state: ["suzhou-2018-0001", "1、2号当事人"] for state in definition.states},
        shut=dict.fromkeys(definition.steps, "refused"),
    )

    assert_readable(sheet_of(drawing_of(definition, lang)))
    assert_readable(sheet_of(drawing_of(definition, lang, overlay)))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_hostile_names_keep_to_their_room(lang: str) -> None:
    assert_readable(sheet_of(drawing_of(hostile(), lang)))


def test_a_hundred_states_can_be_read() -> None:
    assert_readable(sheet_of(drawing_of(large(100, 3), "zh")))


def test_the_main_line_fits_a_sheet_of_a3() -> None:
    """The smallest letters are 10 units; on 400 x 277 mm they are to be 1.7 mm (about 5 points) or more."""
    sheet = sheet_of(drawing_of(CASE, "zh"))

    assert min(400 / sheet.width, 277 / sheet.height) * SIZES["small"] >= 1.7


BARS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda p: Bar(min(p), max(p), (p[0],), (p[1],))))


@given(BARS, st.integers(0, 8))
def test_bars_on_one_track_are_apart(bars: list[Bar], apart: int) -> None:
    found = tracks_of(bars, apart)

    for (one, a), (other, b) in combinations(zip(bars, found, strict=True), 2):
        assert a != b or one.end + apart < other.start or other.end + apart < one.start
    assert set(found) == set(range(1 + max(found, default=-1)))


@given(st.text(max_size=60), st.integers(9, 20), st.integers(40, 200), st.integers(1, 5))
def test_lines_fit_their_room(text: str, size: int, room: int, most: int) -> None:
    for lines in (lines_of(text, size, room, most), even_lines_of(text, size, room, most)):
        assert 1 <= len(lines) <= most
        assert all(width_of(line, size) <= room + size for line in lines)


def test_a_text_that_does_not_fit_says_that_it_goes_on() -> None:
    assert lines_of("一二三四五六七八九十", 10, 40, 2) == ("一二三四", "五六七…")
