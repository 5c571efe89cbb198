"""A form of figures as a table on the screen: group heads, heads over two lines, figures on the right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from commands.output import MAX_WIDTH, NOTHING, display_width, pad, wrap
from commands.words import t
from reports.figures import Cell, StatisticsPage
from reports.forms import FigureColumn, FigureForm

LABEL_WIDTH = 16  # enough for the name of a row on two lines
NARROWEST_LABEL = 6
UNBROKEN = 8  # four Chinese characters read as one word
# Heads over two lines are easier to read than over three, wide gaps than narrow ones: the first that fits is taken.
LAYOUTS = ((2, 2), (2, 1), (3, 2), (3, 1))


@dataclass(frozen=True)
class _Column:
    group: str
    head: str
    unit: str
    figures: tuple[str, ...]

    def width(self, head_lines: int) -> int:
        """The least width at which the head takes so many lines with its unit, and no word is broken."""
        width = max(*map(display_width, self.figures), _widest_word(self.head), _widest_word(self.unit))
        while len(wrap(self.head, width)) > head_lines or len(wrap(self.unit, width)) > head_lines - 1:
            width += 1
        return width

    def heads(self, width: int) -> list[str]:
        return [*wrap(self.head, width), *wrap(self.unit, width)]


def figure_lines(form: FigureForm, page: StatisticsPage, max_width: int = MAX_WIDTH) -> list[str]:
    """The filled-in form as lines of at most `max_width` columns, if its columns fit at all."""
    columns = [_column(form, column, page) for column in form.columns]
    labels = [t(row.zh, row.en) for row in page.rows]
    corner = t(form.row_head.zh, form.row_head.en)
    longest_label = max(map(display_width, [corner, *labels]))
    wanted = min(longest_label, LABEL_WIDTH)
    for head_lines, gap in LAYOUTS:
        widths = [column.width(head_lines) for column in columns]
        room = max_width - sum(widths) - gap * len(widths)
        if room >= wanted:
            break
    frame = _Frame(max(min(longest_label, room), NARROWEST_LABEL), tuple(widths), " " * gap)
    return [
        *_group_lines(columns, frame),
        *frame.block(corner, [column.heads(width) for column, width in zip(columns, widths, strict=True)], top=False),
        frame.rule(),
        *(
            line
            for place, label in enumerate(labels)
            for line in frame.block(label, [[column.figures[place]] for column in columns], top=True)
        ),
    ]


@dataclass(frozen=True)
class _Frame:
    label: int
    widths: tuple[int, ...]
    gap: str

    def block(self, label: str, cells: Sequence[Sequence[str]], *, top: bool) -> list[str]:
        """A row whose label and cells may take several lines; `top` says where the shorter ones stand."""
        columns = [wrap(label, self.label), *cells]
        height = max(map(len, columns))
        blank = [[""] * (height - len(column)) for column in columns]
        full = [[*c, *b] if top else [*b, *c] for c, b in zip(columns, blank, strict=True)]
        return [self._line(line) for line in zip(*full, strict=True)]

    def rule(self) -> str:
        return self.gap.join("-" * width for width in (self.label, *self.widths))

    def _line(self, texts: Sequence[str]) -> str:
        label, *figures = texts
        padded = (pad(text, width, right=True) for text, width in zip(figures, self.widths, strict=True))
        return self.gap.join([pad(label, self.label), *padded]).rstrip()


def _widest_word(text: str) -> int:
    return max(display_width(word) if word.isascii() else min(display_width(word), UNBROKEN) for word in text.split())


def _group_lines(columns: Sequence[_Column], frame: _Frame) -> list[str]:
    """The heads that span several columns, each centred over them."""
    spans: list[list[str]] = []
    widths: list[int] = []
    place = 0
    for group, members in groupby(columns, key=lambda column: column.group):
        count = len(list(members))
        width = sum(frame.widths[place : place + count]) + len(frame.gap) * (count - 1)
        lines = wrap(group, width)
        spans.append([_between_dashes(group, width)] if len(lines) == 1 else [_centred(line, width) for line in lines])
        widths.append(width)
        place += count
    lines = []
    for parts in zip_longest(*spans, fillvalue=""):
        padded = (pad(part, width) for part, width in zip(parts, widths, strict=True))
        lines.append(frame.gap.join([" " * frame.label, *padded]).rstrip())
    return [line for line in lines if line]


def _between_dashes(text: str, width: int) -> str:
    dashes = width - display_width(text) - 2
    if not text or dashes < 2:
        return _centred(text, width)
    return f"{'-' * (dashes // 2)} {text} {'-' * (dashes - dashes // 2)}"


def _centred(text: str, width: int) -> str:
    return " " * ((width - display_width(text)) // 2) + text


def _column(form: FigureForm, column: FigureColumn, page: StatisticsPage) -> _Column:
    group = form.group_of(column)
    return _Column(
        t(group.zh, group.en) if group else "",
        t(column.zh, column.en),
        t(f"（{column.unit.zh}）", f"({column.unit.en})"),
        tuple(_shown(row.cells[column.id]) for row in page.rows),
    )


def _shown(cell: Cell) -> str:
    return NOTHING if cell is None else str(cell)
