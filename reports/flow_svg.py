"""Writes a drawing of a workflow as one SVG file that needs no other and prints on an A3 sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reports.flow_drawing import Box, Drawing
from reports.flow_layout import sheet_of
from reports.flow_places import SAMPLE, SIZES, PlacedArrow, Point, Sheet
from reports.flow_type import printable
from reports.pages import rendered

# What an A3 sheet on its side leaves inside its margins, in millimetres.
PAPER_WIDTH, PAPER_HEIGHT = 400, 277


@dataclass(frozen=True)
class Paper:
    """The size on paper, in whole millimetres."""

    width: int
    height: int


@dataclass(frozen=True)
class Line:
    """An arrow in the words of SVG."""

    title: str
    kind: str
    points: str
    tip: str
    cross: str


def svg_of(drawing: Drawing) -> str:
    """The file. Equal drawings give equal files; whatever a name holds is shown as text. Raises PageWrong."""
    sheet = sheet_of(drawing)
    return rendered(
        "flow.svg",
        drawing=drawing,
        sheet=sheet,
        paper=_paper(sheet),
        lines=tuple(_lines(drawing, sheet)),
        sizes=SIZES,
        sample_length=SAMPLE,
        title=printable(f"{drawing.title} ({drawing.id})"),
        description="\n".join(_description(drawing)),
        box_title=lambda box: _box_title(drawing, box),
    )


def _paper(sheet: Sheet) -> Paper:
    if sheet.width * PAPER_HEIGHT >= sheet.height * PAPER_WIDTH:
        return Paper(PAPER_WIDTH, max(1, sheet.height * PAPER_WIDTH // sheet.width))
    return Paper(max(1, sheet.width * PAPER_HEIGHT // sheet.height), PAPER_HEIGHT)


def _lines(drawing: Drawing, sheet: Sheet) -> Iterator[Line]:
    names = {box.id: box.name for lane in drawing.lanes for box in lane.boxes}
    for placed in sheet.arrows:
        arrow = placed.arrow
        steps = drawing.said("、", ", ").join(step.marked for step in arrow.steps)
        yield Line(
            f"{names[arrow.source]} → {names[arrow.dest]}{drawing.said('：', ': ')}{steps}",
            f"{arrow.weight} taken" if arrow.taken else arrow.weight,
            " ".join(f"{x},{y}" for x, y in placed.points),
            _tip(placed.points[-2], placed.points[-1]),
            _cross(placed),
        )


def _tip(before: Point, end: Point) -> str:
    """The head of an arrow that comes from `before` and ends at `end`, level or upright."""
    (ax, ay), (x, y) = before, end
    if ay == y:
        back = -9 if x > ax else 9
        return f"M{x} {y}l{back} -4v8z"
    back = -9 if y > ay else 9
    return f"M{x} {y}l-4 {back}h8z"


def _cross(placed: PlacedArrow) -> str:
    if placed.shut_at is None:
        return ""
    x, y = placed.shut_at
    return f"M{x - 5} {y - 5}l10 10m0 -10l-10 10"


def _description(drawing: Drawing) -> Iterator[str]:
    """The main way and what is marked, for whoever cannot see the picture."""
    boxes = {box.id: box for lane in drawing.lanes for box in lane.boxes}
    yield drawing.said("主线：", "Main way: ") + " → ".join(boxes[state].name for state in drawing.main)
    yield from drawing.remarks
    for box in boxes.values():
        for who in box.stands:
            yield f"{who}{drawing.said('：', ': ')}{box.name}"


def _box_title(drawing: Drawing, box: Box) -> str:
    count = "" if box.count is None else drawing.said(f"，未结案件{box.count}件", f", open cases: {box.count}")
    return printable(f"{box.name} ({box.id}){count}")
