"""How a drawing of a workflow reads on a terminal, stage by stage, and as JSON."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from commands.output import wrap
from commands.words import language, t
from engine.definitions import Definition
from reports.flow_arcs import Weight
from reports.flow_drawing import Box, Drawing, Named
from reports.flow_notes import OF_MANY_STAGES, of_many_stages, signs_of

Leaving = dict[tuple[str, str], list[tuple[str, Named]]]  # by state and heading: where to, by which step


def draw_lines(drawing: Drawing) -> Iterator[str]:
    """The stages with their states; under each state where it leads, by which steps, and what changes nothing."""
    yield from wrap(f"{drawing.title} ({drawing.id})")
    for remark in (*drawing.remarks, *signs_of(drawing)):
        yield from wrap(remark, indent="  ")
    boxes = {box.id: box for lane in drawing.lanes for box in lane.boxes}
    main = drawing.said("主线：", "Main way: ") + " → ".join(boxes[state].name for state in drawing.main)
    yield from wrap(main, indent="    ", first="  ")
    leaving = _leaving(drawing)
    for lane in drawing.lanes:
        yield ""
        yield from wrap(f"【{lane.name}】" if drawing.lang == "zh" else f"[{lane.name}]")
        for box in lane.boxes:
            yield from wrap(_state_line(box), indent="    ", first="▶ " if box.stands else "  ")
            for heading in _headings():
                found = leaving.get((box.id, heading), [])
                if found:
                    yield from wrap(heading + _ways(found, boxes, box.id), indent="        ", first="    ")
    yield from _many_stages(drawing, boxes)


def draw_document(definition: Definition, drawing: Drawing) -> dict[str, Any]:
    """The drawing as scripts read it: every arc stands once, under the state that it leaves."""
    shown: dict[tuple[str, str, str], tuple[str, Named]] = {}
    for arrow in drawing.arrows:
        shown.update({(step.id, arrow.source, arrow.dest): ("arrow", step) for step in arrow.steps})
    for note in (*drawing.numbered, *drawing.staying):
        how = "same" if note.number is None else "number"
        shown.update({(note.step.id, *pair): (how, note.step) for pair in note.arcs})
    arcs: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (step_id, source, dest), (how, step) in shown.items():
        arcs[source].append({"step": step_id, "to": dest, "shown": how, "shut": step.shut, "taken": step.taken})
    states = [
        {
            "id": box.id,
            "zh": definition.states[box.id].zh,
            "en": definition.states[box.id].en,
            "stage": lane.id,
            "opening": box.opening,
            "opening_shut": box.unopened,
            "end": box.end,
            "main": box.main,
            "count": box.count,
            "here": list(box.stands),
            "visited": box.visited,
            "arcs": arcs[box.id],
        }
        for lane in drawing.lanes
        for box in lane.boxes
    ]
    numbers = [{"number": note.number, "step": note.step.id} for note in drawing.numbered]
    return {
        "workflow": drawing.id,
        "hash": definition.hash,
        "main": list(drawing.main),
        "remarks": list(drawing.remarks),
        "states": states,
        "numbered": numbers,
    }


def _state_line(box: Box) -> str:
    count = "" if box.count is None else t(f"（{box.count}件）", f" ({box.count})")
    said = t("，", ", ").join([*box.kinds(language()), *["√"] * box.visited, *box.stands])
    return f"{box.name} {box.id}{count}" + (t(f"：{said}", f": {said}") if said else "")


def _headings() -> tuple[str, ...]:
    return (
        t("→ ", "→ "),
        t("必要时 → ", "on occasion → "),
        t("自动 → ", "by itself → "),
        t("状态不变：", "state unchanged: "),
    )


def _leaving(drawing: Drawing) -> Leaving:
    usual, occasion, itself, same = _headings()
    heading: dict[Weight, str] = {"main": usual, "usual": usual, "occasion": occasion, "itself": itself}
    found: Leaving = defaultdict(list)
    for arrow in sorted(drawing.arrows, key=lambda arrow: arrow.weight != "main"):
        for step in arrow.steps:
            found[arrow.source, heading[step.weight]].append((arrow.dest, step))
    for note in drawing.numbered:
        for source, dest in note.arcs:
            found[source, heading[note.step.weight]].append((dest, note.step))
    told_once = of_many_stages(drawing)
    for note in drawing.staying:
        for source, dest in () if note in told_once else note.arcs:
            found[source, same].append((dest, note.step))
    return found


def _many_stages(drawing: Drawing, boxes: dict[str, Box]) -> Iterator[str]:
    notes = of_many_stages(drawing)
    if notes:
        yield ""
        yield from wrap(t(*OF_MANY_STAGES) + t("：", ":"))
    for note in notes:
        states = t("、", ", ").join(boxes[source].name for source, _ in note.arcs)
        yield from wrap(f"{note.step.marked}{t('：', ': ')}{states}", indent="      ", first="  ")


def _ways(found: list[tuple[str, Named]], boxes: dict[str, Box], here: str) -> str:
    """Where it leads and by which steps; a step that leads to several states is one with them all."""
    dests: dict[tuple[str, ...], dict[str, None]] = defaultdict(dict)
    by_step: dict[str, list[str]] = defaultdict(list)
    for dest, step in found:
        by_step[step.marked].append(dest)
    for marked, some in by_step.items():
        dests[tuple(some)][marked] = None
    between = t("、", ", ")
    if all(some == (here,) for some in dests):
        return between.join(by_step)
    return " | ".join(
        f"{between.join(boxes[dest].name for dest in some)}{t('：', ': ')}{between.join(steps)}"
        for some, steps in dests.items()
    )
