"""What stands above and below the lanes of a drawing: title, key, steps without an arrow of their own. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reports.flow_arcs import WEIGHTS
from reports.flow_drawing import Drawing, Note
from reports.flow_places import LINES, MARGIN, SAMPLE, SIZES, PlacedLane, Sample, Style, Text
from reports.flow_type import lines_of, width_of

# A step that changes no state stands under its lanes, one that is at home in more of them than this below them all.
MOST_LANES_OF_A_STEP = 2
MOST_STATES_NAMED = 4
MOST_LINES = 40
COLUMN = 430
BETWEEN = 24
OF_MANY_STAGES = ("多个阶段可办理、状态不变的步骤", "Steps of several stages that change no state")

KEY = {
    "main": ("主线", "main way"),
    "usual": ("通常办理", "ordinary step"),
    "occasion": ("必要时办理", "when the case calls for it"),
    "itself": ("期满自动发生", "happens by itself"),
}


@dataclass(frozen=True)
class Band:
    """Texts, and the lower edge of what they take."""

    texts: tuple[Text, ...]
    bottom: int
    samples: tuple[Sample, ...] = ()


def heading(drawing: Drawing, x: int, width: int) -> Band:
    """The title, the remarks and the key."""
    texts: list[Text] = []
    y = MARGIN
    title = drawing.said(f"{drawing.title}流程图", f"{drawing.title}: flow chart")
    y = _write(texts, title, "title", x, y, width, 3, bold=True)
    for remark in drawing.remarks:
        y = _write(texts, remark, "remark", x, y, width, 3)
    y, samples = _key(drawing, texts, x, y, width)
    frames = drawing.said("粗框：主线上的状态；双框：终点", "heavy frame: on the main way; double frame: end")
    y = _write(texts, drawing.said("；", "; ").join([frames, *signs_of(drawing)]), "note", x, y, width, 6)
    return Band(tuple(texts), y + LINES["note"], samples)


def footing(drawing: Drawing, lanes: Sequence[PlacedLane], width: int) -> Band:
    """Under each lane the steps that change nothing in it, below them the numbered steps and those of many stages."""
    texts: list[Text] = []
    own: dict[str, list[str]] = defaultdict(list)
    for note, stages in staying_stages(drawing):
        for stage in stages if len(stages) <= MOST_LANES_OF_A_STEP else ():
            own[stage].append(note.step.marked)
    bottom = top = lanes[0].y + lanes[0].height
    for placed in (placed for placed in lanes if own[placed.lane.id]):
        x, room = placed.x + 10, placed.width - 20
        head = drawing.said("状态不变：", "State unchanged:")
        y = _write(texts, head, "small", x, top + LINES["small"], room, 2, bold=True)
        names = drawing.said("、", ", ").join(own[placed.lane.id])
        bottom = max(bottom, _write(texts, names, "small", x, y, room, MOST_LINES))
    return _columns(drawing, texts, of_many_stages(drawing), bottom + LINES["note"], width)


def of_many_stages(drawing: Drawing) -> tuple[Note, ...]:
    """The steps that change no state and are at home in so many stages that they are told once, below them all."""
    return tuple(note for note, stages in staying_stages(drawing) if len(stages) > MOST_LANES_OF_A_STEP)


def staying_stages(drawing: Drawing) -> Iterator[tuple[Note, tuple[str, ...]]]:
    """The steps that change no state, each with the stages in which it can be taken."""
    stage_of = {box.id: lane.id for lane in drawing.lanes for box in lane.boxes}
    for note in drawing.staying:
        yield note, tuple(dict.fromkeys(stage_of[source] for source, _ in note.arcs))


def note_words(drawing: Drawing, note: Note) -> str:
    """A numbered step in words: from which states to which."""
    names = {box.id: box.name for lane in drawing.lanes for box in lane.boxes}
    sources = _some(drawing, [names[a] for a, _ in note.arcs])
    dests = _some(drawing, [names[b] for _, b in note.arcs])
    return f"{note.number}. {note.step.marked}{drawing.said('：', ': ')}{sources} → {dests}"


def staying_words(drawing: Drawing, note: Note) -> str:
    """A step that changes no state, in words: in how many states."""
    return note.step.marked + drawing.said(f"（{len(note.arcs)}个状态）", f" ({len(note.arcs)} states)")


def _columns(drawing: Drawing, texts: list[Text], wide: Sequence[Note], top: int, width: int) -> Band:
    """The notes in columns, one after another from the upper left; none is torn apart."""
    count = max(1, (width + BETWEEN) // (COLUMN + BETWEEN))
    room = (width - BETWEEN * (count - 1)) // count
    blocks = [(lines_of(said, SIZES["note"], room, MOST_LINES), bold) for said, bold in _blocks(drawing, wide)]
    most = -(-sum(len(lines) for lines, _ in blocks) // count)
    column, row, lowest = 0, 0, 0
    for lines, bold in blocks:
        if row and row + len(lines) + bold > most and column < count - 1:  # a heading never stands alone below
            column, row = column + 1, 0
        for line in lines:
            row += 1
            x, y = MARGIN + column * (room + BETWEEN), top + LINES["note"] * row
            texts.append(Text(x, y, line, "note", bold=bold))
        lowest = max(lowest, row)
    return Band(tuple(texts), top + LINES["note"] * (lowest + 1))


def _blocks(drawing: Drawing, wide: Sequence[Note]) -> Iterator[tuple[str, bool]]:
    """What is written in the columns, and whether it is a heading."""
    if drawing.numbered:
        yield drawing.said("有编号的步骤（框内“出”“入”所指）", "Numbered steps (“out” and “in” in the boxes)"), True
    yield from ((note_words(drawing, note), False) for note in drawing.numbered)
    if wide:
        yield drawing.said(*OF_MANY_STAGES), True
    yield from ((staying_words(drawing, note), False) for note in wide)


def _some(drawing: Drawing, names: Sequence[str]) -> str:
    different = list(dict.fromkeys(names))
    if len(different) <= MOST_STATES_NAMED:
        return drawing.said("、", ", ").join(different)
    return drawing.said(f"{len(different)}个状态", f"{len(different)} states")


def _key(drawing: Drawing, texts: list[Text], x: int, y: int, width: int) -> tuple[int, tuple[Sample, ...]]:
    """A line of every kind that there is, each with its name, side by side."""
    used = {arrow.weight for arrow in drawing.arrows}
    samples, here = [], x
    y += 10
    for weight in WEIGHTS:
        if weight in used:
            word = drawing.said(*KEY[weight])
            samples.append(Sample(here, y + LINES["note"] - 4, weight))
            texts.append(Text(here + SAMPLE + 8, y + LINES["note"], word, "note"))
            here += SAMPLE + 8 + width_of(word, SIZES["note"]) + BETWEEN
    return y + LINES["note"] + 6, tuple(samples)


def signs_of(drawing: Drawing) -> list[str]:
    """What the signs in the drawing mean, as far as there are any."""
    boxes = [box for lane in drawing.lanes for box in lane.boxes]
    steps = [*(s for a in drawing.arrows for s in a.steps), *(n.step for n in (*drawing.numbered, *drawing.staying))]
    shut = {step.shut for step in steps} | {box.unopened for box in boxes}
    signs = []
    if any(box.count is not None for box in boxes):
        signs.append(drawing.said("数字：未结案件", "figure: open cases"))
    if any(box.stands for box in boxes):
        signs.append(drawing.said("▶ 现在所在", "▶ stands here"))
    if any(step.taken for step in steps):
        signs.append(drawing.said("√ 已经办理、到过", "√ taken, been here"))
    if "refused" in shut:
        signs.append(drawing.said("× 当日不能办理", "× closed on the day"))
    if "partly" in shut:
        signs.append(drawing.said("△ 当日视填报项而定", "△ closed on the day for some answers"))
    if "warn" in shut:
        signs.append(drawing.said("！当日可以办理，记录注明", "！ possible on the day, put on record"))
    return signs


def _write(texts: list[Text], said: str, style: Style, x: int, y: int, room: int, most: int, bold: bool = False) -> int:
    """Adds the lines of a text below `y` and gives their lower edge."""
    for line in lines_of(said, SIZES[style], room, most):
        y += LINES[style]
        texts.append(Text(x, y, line, style, bold=bold))
    return y
