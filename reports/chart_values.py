"""What a chart shows, as values: panels of series of figures, what is missing, the words around them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from reports.figures import Cell, wan, wan_places


@dataclass(frozen=True)
class Label:
    """A text in both languages."""

    zh: str
    en: str

    def said(self, lang: str) -> str:
        """The one in that language, `zh` or `en`."""
        return self.zh if lang == "zh" else self.en

    def document(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}


@dataclass(frozen=True)
class Point:
    """One figure: a count, money in fen; with `of`, so many out of how many. A correction may make it negative.

    `amount` is None where nobody knows it, which is not 0; `why` then says so.
    """

    id: str
    label: Label
    amount: int | None
    of: int | None = None
    why: Label | None = None


@dataclass(frozen=True)
class Series:
    """Figures of one thing, one for each category of the chart, in their order. `before`: of the campaign before."""

    id: str
    label: Label
    points: tuple[Point, ...]
    money: bool = False
    before: bool = False

    @cached_property
    def _places(self) -> int:
        return wan_places(point.amount or 0 for point in self.points)

    def value(self, point: Point) -> Cell:
        """As scripts read it: a count is an integer, money a text in 万元, what nobody knows None."""
        return wan(point.amount, self._places) if self.money and point.amount is not None else point.amount

    def shown(self, point: Point, lang: str) -> str:
        """As people read it beside its bar."""
        if point.amount is None:
            return point.why.said(lang) if point.why is not None else "–"
        if point.of is None:
            return str(self.value(point))
        return f"{point.amount}/{point.of}" + (f" ({point.amount * 100 // point.of}%)" if point.of else "")

    def document(self) -> dict[str, Any]:
        points = [
            {
                "id": point.id,
                **point.label.document(),
                "value": self.value(point),
                **({"of": point.of} if point.of is not None else {}),
            }
            for point in self.points
        ]
        return {"id": self.id, **self.label.document(), "unit": "wan" if self.money else "count", "points": points}


@dataclass(frozen=True)
class Panel:
    """Series that share a scale, under a head that says their unit."""

    label: Label
    series: tuple[Series, ...]


@dataclass(frozen=True)
class Chart:
    """A whole chart. `upright` bars stand side by side, as months do; others lie one below the other.

    `missing` names what nothing counts yet, by the id of its series or figure; `remarks` say how it was counted.
    `empty` is what stands there where there is no category at all.
    """

    kind: str
    title: Label
    about: Label
    panels: tuple[Panel, ...]
    source: Label
    upright: bool = False
    empty: Label = Label("没有可画的内容", "nothing to be drawn")
    missing: tuple[tuple[str, Label], ...] = ()
    remarks: tuple[Label, ...] = ()

    @property
    def series(self) -> Iterator[Series]:
        """All series, panel by panel."""
        return (series for panel in self.panels for series in panel.series)

    @property
    def categories(self) -> tuple[Point, ...]:
        """What stands beside the bars: all series have the same."""
        return next((series.points for series in self.series), ())

    def document(self) -> dict[str, Any]:
        """What scripts read of it: `{kind, title, series, missing, remarks}`."""
        return {
            "kind": self.kind,
            "title": self.title.document(),
            "series": [series.document() for series in self.series],
            "missing": [{"id": id_, **label.document()} for id_, label in self.missing],
            "remarks": [remark.document() for remark in self.remarks],
        }


def not_counted(id_: str, label: Label) -> tuple[str, Label]:
    """Names something that no step of any workflow counts, and nobody has counted from outside."""
    return id_, Label(
        f"“{label.zh}”尚无办理步骤计数，未画出，不是0",
        f"nothing counts “{label.en}” yet: it is not drawn, which does not mean 0",
    )
