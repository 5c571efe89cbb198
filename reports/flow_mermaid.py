"""Writes a drawing of a workflow as Mermaid text, for pages that draw it themselves.

Every name is quoted, and in it every character that could mean something to Mermaid stands as its number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from reports.flow_drawing import Box, Drawing
from reports.flow_notes import note_words, signs_of, staying_words

LINES = {"main": "==>", "usual": "-->", "occasion": "-.->", "itself": "-.->"}
HARMLESS = frozenset(" _-.,")
BREAK = "<br/>"
WIDEST = 480  # of a node, in pixels: the notes are long


def mermaid_of(drawing: Drawing) -> str:
    """The text. Equal drawings give equal texts."""
    return "\n".join(_lines(drawing)) + "\n"


def escaped(text: str) -> str:
    """The text as it may stand between quotation marks."""
    return "".join(c if c in HARMLESS or c.isalnum() or ord(c) > 0xBF else f"#{ord(c)};" for c in text)


def _lines(drawing: Drawing) -> Iterator[str]:
    # The title is read as YAML, where a JSON string is a string too.
    title = json.dumps(drawing.title, ensure_ascii=False)
    yield from ("---", f"title: {title}", "config:", "  flowchart:", f"    wrappingWidth: {WIDEST}", "---")
    yield "flowchart LR"
    boxes = [box for lane in drawing.lanes for box in lane.boxes]
    ids = {box.id: f"s{number}" for number, box in enumerate(boxes, start=1)}
    for number, lane in enumerate(drawing.lanes, start=1):
        yield f'  subgraph lane{number}["{escaped(lane.name)}"]'
        yield "    direction TB"
        yield from (f"    {ids[box.id]}{_shape(drawing, box)}" for box in lane.boxes)
        yield "  end"
    for arrow in drawing.arrows:
        names = drawing.said("、", ", ").join(step.marked for step in arrow.steps)
        yield f'  {ids[arrow.source]} {LINES[arrow.weight]}|"{escaped(names)}"| {ids[arrow.dest]}'
    yield from _legend(drawing)
    yield from _classes("main", "stroke-width:3px", (ids[box.id] for box in boxes if box.main))
    yield from _classes("here", "fill:#fff3c4", (ids[box.id] for box in boxes if box.stands))


def _shape(drawing: Drawing, box: Box) -> str:
    """A state begins round, an end has a double frame."""
    lines = [box.name if box.count is None else f"{box.name} ({box.count})", box.id]
    out = [drawing.numbered[n - 1].label for n in box.leaves]
    into = [drawing.numbered[n - 1].label for n in box.enters]
    lines += [drawing.said("出 ", "out ") + ", ".join(out)] if out else []
    lines += [drawing.said("入 ", "in ") + ", ".join(into)] if into else []
    lines += box.kinds(drawing.lang) if box.unopened else []
    lines += [f"▶ {who}" for who in box.stands] or ["√"] * box.visited
    left, right = ("([", "])") if box.opening else ("[[", "]]") if box.end else ("[", "]")
    return f'{left}"{BREAK.join(map(escaped, lines))}"{right}'


def _legend(drawing: Drawing) -> Iterator[str]:
    notes = [*drawing.remarks, *signs_of(drawing), *(note_words(drawing, note) for note in drawing.numbered)]
    if drawing.staying:
        unchanged = drawing.said("、", ", ").join(staying_words(drawing, note) for note in drawing.staying)
        notes.append(drawing.said("状态不变：", "State unchanged: ") + unchanged)
    if notes:
        yield f'  legend["{BREAK.join(map(escaped, notes))}"]'


def _classes(name: str, style: str, ids: Iterable[str]) -> Iterator[str]:
    some = ",".join(ids)
    if some:
        yield f"  classDef {name} {style}"
        yield f"  class {some} {name}"
