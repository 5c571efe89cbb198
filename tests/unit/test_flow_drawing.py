"""What a drawing of a workflow shows: every arc in one place, the main way, what is laid over it, in three forms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flow_shapes import CASE, HOSTILE, SHIPPED, defined, definitions, hostile, large
from hypothesis import given, settings

from commands.output import MAX_WIDTH, display_width
from commands.words import use_language
from commands.workflow_draw_lines import draw_document, draw_lines
from engine.campaign_checks import read_campaign
from engine.definitions import Definition, arcs_of
from reports.flow_arcs import main_way
from reports.flow_drawing import Drawing, Overlay, drawing_of
from reports.flow_mermaid import escaped, mermaid_of
from reports.flow_overlay import shut_on
from reports.flow_svg import svg_of

ROOT = Path(__file__).parent.parent.parent
PLAN, _ = read_campaign(ROOT / "data" / "campaigns" / "suzhou-2018.yaml")
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(params=["zh", "en"])
def lang(request: pytest.FixtureRequest) -> str:
    use_language(request.param)
    return str(request.param)


@pytest.fixture(autouse=True)
def chinese_again() -> None:
    use_language("zh")


def arcs_shown(drawing: Drawing) -> Counter[tuple[str, str, str]]:
    arrows = [(step.id, arrow.source, arrow.dest) for arrow in drawing.arrows for step in arrow.steps]
    notes = [(note.step.id, *arc) for note in (*drawing.numbered, *drawing.staying) for arc in note.arcs]
    return Counter([*arrows, *notes])


@given(definitions())
def test_every_arc_is_shown_once(definition: Definition) -> None:
    arcs = {(step, *arc) for step in definition.steps for arc in arcs_of(definition, step)}

    assert arcs_shown(drawing_of(definition, "zh")) == Counter(arcs)


@given(definitions())
def test_the_boxes_say_which_numbered_steps_leave_and_enter(definition: Definition) -> None:
    drawing = drawing_of(definition, "zh")

    boxes = [box for lane in drawing.lanes for box in lane.boxes]
    leaving = {(box.id, number) for box in boxes for number in box.leaves}
    entering = {(box.id, number) for box in boxes for number in box.enters}
    assert leaving == {(source, note.number) for note in drawing.numbered for source, _ in note.arcs}
    assert entering == {(dest, note.number) for note in drawing.numbered for _, dest in note.arcs}


@given(definitions())
def test_the_main_way_goes_forward_by_steps_that_are_no_exceptions(definition: Definition) -> None:
    way = main_way(definition)

    ordinary = {
        arc for name, s in definition.steps.items() if s.by and not s.on_occasion for arc in arcs_of(definition, name)
    }
    order = list(definition.states)
    assert all(pair in ordinary and order.index(pair[0]) < order.index(pair[1]) for pair in pairwise(way))
    main = {(arrow.source, arrow.dest) for arrow in drawing_of(definition, "zh").arrows if arrow.weight == "main"}
    assert main == set(pairwise(way))


def test_the_main_way_of_a_case_is_that_of_a_complaint_to_the_archive() -> None:
    way = main_way(CASE)

    assert (way[0], way[-1]) == ("complaint", "archived")
    assert {"verifying", "filed", "concluded", "notified", "decided", "served", "executed", "closed"} <= set(way)


def test_a_step_from_many_states_is_a_note_and_its_arc_on_the_main_way_an_arrow() -> None:
    drawing = drawing_of(CASE, "zh")

    arrows = {(step.id, arrow.source) for arrow in drawing.arrows for step in arrow.steps}
    numbered = {note.step.id: note for note in drawing.numbered}
    assert {"merge", "terminate", "transfer_out", "close"} <= set(numbered)
    assert ("close", "executed") in arrows
    assert "executed" not in {source for source, _ in numbered["close"].arcs}


def test_what_is_laid_over_a_workflow_marks_boxes_and_steps() -> None:
    overlay = Overlay(
        counts={"lead": 3},
        stands={"verifying": ["甲案"]},
        taken=[("verify", "lead", "verifying")],
        shut={"file": "refused", "inspect": "warn"},
        remarks=["一句话"],
    )

    drawing = drawing_of(CASE, "zh", overlay)

    boxes = {box.id: box for lane in drawing.lanes for box in lane.boxes}
    assert (boxes["lead"].count, boxes["complaint"].count, boxes["closed"].count) == (3, 0, None)
    assert boxes["verifying"].stands == ("甲案",)
    assert {id_ for id_, box in boxes.items() if box.visited} == {"lead", "verifying"}
    marked = {(s.id, a.source): s.marked for a in drawing.arrows for s in a.steps}
    assert marked["verify", "lead"] == "√交办核查"
    assert marked["verify", "accepted"] == "交办核查"
    assert marked["file", "rechecked"] == "×立案"
    assert next(n for n in drawing.staying if n.step.id == "inspect").step.marked == "！现场检查"


@pytest.mark.parametrize(
    ("on", "shut"),
    [
        # Before the inspection (September), in which companies report themselves, its cases wait; orders begin at once.
        (date(2018, 8, 20), {"open": "partly"}),
        (date(2018, 9, 10), {}),
        (
            date(2018, 11, 5),
            {"open": "partly", "order_rectification": "refused", "recheck": "warn", "close_rectified": "warn"},
        ),
        (
            date(2019, 3, 1),
            {"open": "refused", "order_rectification": "refused", "recheck": "warn", "close_rectified": "warn"},
        ),
    ],
)
def test_a_campaign_closes_steps_outside_their_time(on: date, shut: dict[str, str]) -> None:
    assert shut_on(PLAN, on) == shut


def test_a_beginning_says_that_a_campaign_closes_it() -> None:
    drawing = drawing_of(CASE, "zh", Overlay(shut=shut_on(PLAN, date(2019, 3, 1))))

    boxes = {box.id: box for lane in drawing.lanes for box in lane.boxes}
    assert boxes["lead"].kinds("zh") == ["×起点"]
    assert boxes["closed"].kinds("en") == ["end"]
    assert "×起点" in svg_of(drawing)
    assert "×起点" in mermaid_of(drawing)


def test_the_text_fits_the_screen_and_names_every_state(lang: str) -> None:
    lines = list(draw_lines(drawing_of(CASE, lang, Overlay(counts={"lead": 3}))))

    assert max(map(display_width, lines)) <= MAX_WIDTH
    text = "\n".join(lines)
    assert all(state in text for state in CASE.states)
    assert ("lead（3件）" if lang == "zh" else "lead (3)") in text


def test_the_text_of_hostile_names_fits_the_screen_and_steers_no_terminal(lang: str) -> None:
    lines = list(draw_lines(drawing_of(hostile(), lang)))

    assert max(map(display_width, lines)) <= MAX_WIDTH
    assert not re.search("[\x00-\x1f\u202e]", "".join(lines))


def test_the_document_holds_every_arc_under_the_state_that_it_leaves() -> None:
    document = draw_document(CASE, drawing_of(CASE, "zh"))

    arcs = [(arc["step"], s["id"], arc["to"]) for s in document["states"] for arc in s["arcs"]]
    assert Counter(arcs) == Counter({(step, *arc) for step in CASE.steps for arc in arcs_of(CASE, step)})
    assert {arc["shown"] for s in document["states"] for arc in s["arcs"]} == {"arrow", "number", "same"}


def test_hostile_names_are_text_in_svg(lang: str) -> None:
    root = ElementTree.fromstring(svg_of(drawing_of(hostile(), lang)))

    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "desc", "style", "rect", "text", "g", "polyline", "path"}
    titles = [element.text or "" for element in root.iter(f"{SVG}title")]
    assert any(HOSTILE[0] in title for title in titles)
    assert any("𠮷野家" in (element.text or "") for element in root.iter(f"{SVG}text"))


def test_an_svg_file_needs_no_other_and_runs_nothing(lang: str) -> None:
    text = svg_of(drawing_of(CASE, lang))

    assert not re.search(r"href|url\(|@import|<script|\bon\w+=", text.replace("http://www.w3.org/2000/svg", ""))
    root = ElementTree.fromstring(text)
    assert root.get("{http://www.w3.org/XML/1998/namespace}lang") == lang
    assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]


@pytest.mark.parametrize("write", [svg_of, mermaid_of])
def test_equal_drawings_give_equal_files(write: Callable[[Drawing], str]) -> None:
    assert write(drawing_of(CASE, "zh")) == write(drawing_of(CASE, "zh"))


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_in_a_name_means_anything_to_mermaid(name: str) -> None:
    assert not re.search(r"[\"'`<>|{}()\[\]&]", escaped(name))
    assert re.sub(r"#(\d+);", lambda found: chr(int(found[1])), escaped(name)) == name


@given(definitions())
@settings(max_examples=30)
def test_mermaid_has_a_node_per_state_and_a_line_per_arrow(definition: Definition) -> None:
    drawing = drawing_of(definition, "zh")

    lines = mermaid_of(drawing).splitlines()

    nodes = [line for line in lines if re.match(r"    s\d+[\[(]", line)]
    arrows = [line for line in lines if re.match(r'  s\d+ (==>|-->|-\.->)\|"[^"]*"\| s\d+$', line)]
    assert (len(nodes), len(arrows)) == (len(definition.states), len(drawing.arrows))
    assert sum(line.count('"') % 2 for line in lines) == 0


def test_a_thousand_states_are_drawn() -> None:
    drawing = drawing_of(large(1000, 7), "zh")

    assert ElementTree.fromstring(svg_of(drawing)).tag == f"{SVG}svg"
    assert mermaid_of(drawing).count("\n") > 1000


def test_a_workflow_of_one_state_is_drawn(lang: str) -> None:
    alone = defined({"only": {"zh": "唯一", "en": "only", "stage": "held"}}, {}, "only")

    assert "only" in svg_of(drawing_of(alone, lang))


@pytest.mark.parametrize("name", ["case", "preservation"])
def test_the_drawings_in_docs_are_current(name: str) -> None:
    """Written by `ANJUAN_HOME=/nowhere anjuan workflow draw NAME --to docs/drawings/NAME.svg`."""
    kept = (ROOT / "docs" / "drawings" / f"{name}.svg").read_text("utf-8")

    assert kept == svg_of(drawing_of(SHIPPED[name], "zh"))
