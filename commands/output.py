"""Texts and tables that fit a screen of at most 100 columns, Chinese counted as two, and do no harm to a terminal."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from itertools import zip_longest

from commands.words import language, t

MAX_WIDTH = 100
NARROWEST_COLUMN = 6
GAP = "  "
NOTHING = "–"

# Control characters of both sets, and those that turn the direction of writing around.
DANGEROUS = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
NEVER_FIRST = frozenset("，。；：！？、）》】」』”’…—,.;:!?)]}%")
NEVER_LAST = frozenset("（《【「『“‘([{")
PIECES = re.compile(r"[!-~]+| +|[^!-~ ]")
WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def harmless(text: str) -> str:
    """The text on one line, with every character that could steer a terminal replaced by a visible one."""
    return DANGEROUS.sub(_visible, text)


def display_width(text: str) -> int:
    """How many columns of a terminal the text takes. Chinese characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    joined = text.split("\u200d")  # what follows a joiner is drawn into the character before it
    return sum(map(_width, joined[0])) + sum(sum(map(_width, part[1:])) for part in joined[1:])


def cut(text: str, width: int) -> str:
    """The text, shortened to `width` columns with an ellipsis at the end where it is longer."""
    text = harmless(text)
    if display_width(text) <= width:
        return text
    head, _ = _split_at(text, max(width - 1, 0))
    return (head.rstrip() + "…") if width > 0 else ""


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text filled with blanks to `width` columns; the blanks stand before it when `right`."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int = MAX_WIDTH, indent: str = "", first: str | None = None) -> list[str]:
    """The text as lines of at most `width` columns, `indent` before each (`first` before the first, if given).

    Line breaks in the text stay. Words of letters stay whole where they fit; no line starts with closing
    punctuation or ends with opening punctuation.
    """
    room = max(width - display_width(indent), 4)
    lines = [line for part in text.splitlines() or [""] for line in _filled(harmless(part), room)]
    heads = [indent if first is None else first] + [indent] * (len(lines) - 1)
    return [(head + line).rstrip() for head, line in zip(heads, lines, strict=True)]


def table(headers: Sequence[str], rows: Iterable[Sequence[object]], max_width: int = MAX_WIDTH) -> list[str]:
    """Lines of a table no wider than `max_width` columns; the widest columns wrap first, nothing is cut off.

    Whole numbers stand on the right, `None` is a dash (nothing there, which is not 0), dates are written YYYY-MM-DD.
    """
    values = [list(row) for row in rows]
    texts = [[_cell(value) for value in row] for row in values]
    heads = [harmless(header) for header in headers]
    right = [_is_figures([row[place] for row in values]) for place in range(len(heads))]
    natural = [max(map(display_width, column)) for column in zip(heads, *texts, strict=True)]
    widths = _fitted(natural, max_width - len(GAP) * (len(heads) - 1))
    rule = GAP.join("-" * width for width in widths)
    return [*_row(heads, widths, right), rule, *(line for row in texts for line in _row(row, widths, right))]


def money(fen: int) -> str:
    """An amount in fen as people read it: 250000 is `2,500.00 元` or `2,500.00 yuan`."""
    whole, part = divmod(abs(fen), 100)
    sign = "-" if fen < 0 else ""
    return f"{sign}{whole:,}.{part:02d} {t('元', 'yuan')}"


def day(on: date, lang: str | None = None) -> str:
    """A day as it is typed, with its weekday: `2018-09-15（周六）` or `2018-09-15 (Sat)`."""
    if (lang or language()) == "zh":
        return f"{on.isoformat()[:10]}（周{WEEKDAYS_ZH[on.weekday()]}）"
    return f"{on.isoformat()[:10]} ({WEEKDAYS_EN[on.weekday()]})"


def _visible(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == 0x09:
        return " "
    if code < 0x20:
        return chr(0x2400 + code)
    return "\u2421" if code == 0x7F else "\ufffd"


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _split_at(text: str, width: int) -> tuple[str, str]:
    """The longest beginning that takes at most `width` columns, and the rest."""
    taken = 0
    for place, character in enumerate(text):
        taken += _width(character)
        if taken > width:
            return text[:place], text[place:]
    return text, ""


def _filled(text: str, room: int) -> list[str]:
    lines, line = [], ""
    for piece in _unbreakable(text):
        if line and display_width(line + piece.rstrip()) > room:
            lines.append(line.rstrip())
            line, piece = "", piece.lstrip()
        line += piece
        while display_width(line.rstrip()) > room:
            head, line = _split_at(line, room)
            lines.append(head.rstrip())
    return [*lines, line.rstrip()]


def _unbreakable(text: str) -> list[str]:
    """The text in pieces between which a line may end."""
    pieces: list[str] = []
    for piece in PIECES.findall(text):
        held = bool(pieces) and (pieces[-1][-1] in NEVER_LAST or piece[0] in NEVER_FIRST)
        if held and pieces[-1][-1] != " ":
            pieces[-1] += piece
        else:
            pieces.append(piece)
    return pieces


def _cell(value: object) -> str:
    if value is None:
        return NOTHING
    if isinstance(value, bool):
        return t("是", "yes") if value else t("否", "no")
    return harmless(value.isoformat() if isinstance(value, date) else str(value))


def _is_figures(column: Sequence[object]) -> bool:
    figures = [value for value in column if value is not None]
    return bool(figures) and all(isinstance(value, int) and not isinstance(value, bool) for value in figures)


def _fitted(natural: Sequence[int], room: int) -> list[int]:
    """Widths that fit the room: the widest column gives way first, none below the narrowest that can be read."""
    widths = [min(width, room) for width in natural]
    while sum(widths) > room and max(widths) > NARROWEST_COLUMN:
        widths[widths.index(max(widths))] -= 1
    return widths


def _row(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> list[str]:
    columns = [_filled(text, width) for text, width in zip(texts, widths, strict=True)]
    return [
        GAP.join(pad(part, width, right=side) for part, width, side in zip(parts, widths, right, strict=True)).rstrip()
        for parts in zip_longest(*columns, fillvalue="")
    ]
