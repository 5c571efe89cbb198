"""What a drawing of a workflow shows, as values: lanes, boxes, arrows and notes, in one language.

`flow_layout.py` gives them places on a sheet, `flow_svg.py` and `flow_mermaid.py` write them down. What is laid over
the plain workflow (counts, a case, a campaign) comes as an `Overlay`; nothing here reads a store.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal, TypeAlias

from engine.definitions import OPEN, Definition, Words, openings_of
from reports.flow_arcs import Group, Pair, Weight, heaviest, sorted_arcs, weight_of
from reports.flow_type import printable

Shut: TypeAlias = Literal["refused", "partly", "warn"]
SIGNS: dict[Shut | None, str] = {None: "", "refused": "×", "partly": "△", "warn": "！"}

# The stages of the shipped workflows; one that a bureau adds is shown by its id.
STAGES = {
    "intake": ("受理", "Intake"),
    "verification": ("核查", "Verification"),
    "rectification": ("约谈整改", "Rectification"),
    "investigation": ("立案调查", "Investigation"),
    "penalty": ("审核决定", "Penalty"),
    "execution": ("送达执行", "Execution"),
    "referral": ("移送公安", "Referral"),
    "closure": ("结案归档", "Closure"),
    "held": ("登记保存", "Held"),
}


@dataclass(frozen=True)
class Overlay:
    """What is shown besides the workflow itself.

    `counts`: open cases by state, `None` where there is no store. `stands`: who stands in a state, in words. `taken`:
    the arcs that a case went, as (step, source, destination). `shut`: steps that a campaign refuses on its day, refuses
    for some answers (`partly`) or only warns of. `remarks`: lines under the title, in the language of the drawing.
    """

    counts: Mapping[str, int] | None = None
    stands: Mapping[str, Sequence[str]] = field(default_factory=dict)
    taken: Sequence[tuple[str, str, str]] = ()
    shut: Mapping[str, Shut] = field(default_factory=dict)
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class Named:
    """A step by its id and name; `shut` where a campaign closes it, `taken` where the case went this way."""

    id: str
    name: str
    weight: Weight
    shut: Shut | None = None
    taken: bool = False

    @property
    def marked(self) -> str:
        """The name with its signs, which are the same in every form of the drawing."""
        return ("√" if self.taken else "") + SIGNS[self.shut] + self.name


@dataclass(frozen=True)
class Box:
    """A state. `leaves` and `enters` are the numbers of the notes whose steps begin and end here.

    `opening` says that a case can begin here, `unopened` where a campaign closes that.
    """

    id: str
    name: str
    opening: bool
    end: bool
    main: bool
    visited: bool
    count: int | None
    stands: tuple[str, ...]
    leaves: tuple[int, ...]
    enters: tuple[int, ...]
    unopened: Shut | None = None

    def kinds(self, lang: str) -> list[str]:
        """What the state is besides: a beginning, an end."""
        begins, ends = ("起点", "终点") if lang == "zh" else ("start", "end")
        return [SIGNS[self.unopened] + begins] * self.opening + [ends] * self.end


@dataclass(frozen=True)
class Lane:
    """A stage with its states, in the order of the definition."""

    id: str
    name: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True)
class Arrow:
    """One line from state to state, with every step that goes along it."""

    source: str
    dest: str
    steps: tuple[Named, ...]
    weight: Weight

    @property
    def taken(self) -> bool:
        return any(step.taken for step in self.steps)


@dataclass(frozen=True)
class Note:
    """A step that is not drawn as arrows. `number` stands in the boxes; one that moves nothing has none."""

    step: Named
    arcs: tuple[Pair, ...]
    number: int | None = None

    @property
    def label(self) -> str:
        """The number as it stands in boxes: with the sign that the step is closed, which holds for each of them."""
        return f"{SIGNS[self.step.shut]}{self.number}"


@dataclass(frozen=True)
class Drawing:
    """A workflow as it is drawn."""

    id: str
    title: str
    lang: str
    lanes: tuple[Lane, ...]
    arrows: tuple[Arrow, ...]
    numbered: tuple[Note, ...]
    staying: tuple[Note, ...]
    main: tuple[str, ...]
    remarks: tuple[str, ...] = ()

    def said(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en


def drawing_of(definition: Definition, lang: str, overlay: Overlay | None = None) -> Drawing:
    """The workflow in that language (`zh` or `en`). Equal definitions and overlays give equal drawings."""
    over = overlay or Overlay()
    arcs = sorted_arcs(definition)
    taken = set(over.taken)

    def named(step: str, pairs: Sequence[Pair]) -> Named:
        said = definition.steps[step]
        went = any((step, *pair) in taken for pair in pairs)
        return Named(step, _said(said, lang), weight_of(definition, step), over.shut.get(step), went)

    def note(group: Group, number: int | None = None) -> Note:
        return Note(named(group.step, group.arcs), group.arcs, number)

    on_main = set(pairwise(arcs.main))
    arrows = tuple(
        Arrow(*pair, tuple(named(step, [pair]) for step in steps), _weight(definition, steps, pair in on_main))
        for pair, steps in arcs.drawn.items()
    )
    numbered = tuple(note(group, number) for number, group in enumerate(arcs.numbered, start=1))
    return Drawing(
        definition.workflow,
        _said(definition, lang),
        lang,
        _lanes(definition, lang, over, numbered, arcs.main),
        arrows,
        numbered,
        tuple(note(group) for group in arcs.staying),
        arcs.main,
        tuple(map(printable, over.remarks)),
    )


def _said(words: Words | Definition, lang: str) -> str:
    return printable(words.zh if lang == "zh" else words.en)


def _weight(definition: Definition, steps: Sequence[str], on_main: bool) -> Weight:
    heavy = heaviest([weight_of(definition, step) for step in steps])
    return "main" if on_main and heavy == "usual" else heavy


def _lanes(
    definition: Definition, lang: str, over: Overlay, numbered: Sequence[Note], main: Sequence[str]
) -> tuple[Lane, ...]:
    openings, visited = openings_of(definition), {state for _, *ends in over.taken for state in ends}
    leaves, enters = _numbers(numbered, 0), _numbers(numbered, 1)
    lanes: dict[str, list[Box]] = {}
    for id_, state in definition.states.items():
        box = Box(
            id_,
            _said(state, lang),
            id_ in openings,
            state.end,
            id_ in main,
            id_ in visited,
            None if over.counts is None or state.end else over.counts.get(id_, 0),
            tuple(map(printable, over.stands.get(id_, ()))),
            leaves.get(id_, ()),
            enters.get(id_, ()),
            over.shut.get(OPEN) if id_ in openings else None,
        )
        lanes.setdefault(state.stage, []).append(box)
    place = 0 if lang == "zh" else 1
    return tuple(Lane(s, printable(STAGES.get(s, (s, s))[place]), tuple(boxes)) for s, boxes in lanes.items())


def _numbers(numbered: Sequence[Note], end: int) -> dict[str, tuple[int, ...]]:
    """The numbers of the notes by the state in which their arcs begin (0) or end (1)."""
    found: dict[str, dict[int, None]] = defaultdict(dict)
    for note in numbered:
        assert note.number is not None
        for arc in note.arcs:
            found[arc[end]][note.number] = None
    return {state: tuple(numbers) for state, numbers in found.items()}
