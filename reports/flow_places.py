"""What a finished drawing is made of: texts, boxes, arrows and lanes with their places, and the sizes they share.

Units are those of the sheet; y grows downwards. A box stands on a raster of 8, so that what leaves a box on the right
(on the raster) never lies upon what enters its neighbour on the left (between two lines of it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from reports.flow_arcs import Weight
from reports.flow_drawing import Arrow, Box, Lane

RASTER = 8
BOX_WIDTH = 124
INDENT = 8  # of the text in a box
ENTRY = 20  # free of tracks before a box, for heads of arrows
LABEL_ROOMS = {"zh": 90, "en": 130}  # beside a box, the longest line of a name of a step that leaves it
MARGIN = 28

SIZES = {"title": 26, "remark": 13, "head": 16, "name": 14, "small": 10, "label": 11, "stands": 12, "note": 11}
LINES = {"title": 34, "remark": 18, "head": 22, "name": 17, "small": 13, "label": 12, "stands": 15, "note": 15}
Style: TypeAlias = Literal["title", "remark", "head", "name", "small", "label", "stands", "note"]
Point: TypeAlias = tuple[int, int]


@dataclass(frozen=True)
class Text:
    """One line; `y` is its baseline, `x` its beginning, or its end where it is aligned there."""

    x: int
    y: int
    text: str
    style: Style
    align: Literal["start", "end"] = "start"
    bold: bool = False


@dataclass(frozen=True)
class PlacedBox:
    box: Box
    x: int
    y: int
    height: int
    texts: tuple[Text, ...]
    pill: Text | None  # the count
    width: int = BOX_WIDTH


@dataclass(frozen=True)
class PlacedArrow:
    """A line of straight pieces; `shut_at` is where the sign stands that no step of it can be taken on the day."""

    arrow: Arrow
    points: tuple[Point, ...]
    labels: tuple[Text, ...]
    shut_at: Point | None


@dataclass(frozen=True)
class PlacedLane:
    lane: Lane
    x: int
    y: int
    width: int
    height: int
    head: Text


@dataclass(frozen=True)
class Sample:
    """A line of one kind in the key, from `x`, as long as `SAMPLE`."""

    x: int
    y: int
    weight: Weight


@dataclass(frozen=True)
class Sheet:
    width: int
    height: int
    lanes: tuple[PlacedLane, ...]
    boxes: tuple[PlacedBox, ...]
    arrows: tuple[PlacedArrow, ...]
    texts: tuple[Text, ...]
    samples: tuple[Sample, ...]


SAMPLE = 40


def rastered(length: int) -> int:
    """The length, made up to the raster."""
    return -(-length // RASTER) * RASTER
