"""How much room text takes on a sheet whose fonts are not known here, and where its lines break. Pure.

Widths are taken on the wide side of what common fonts need, so that a label stays inside the room it was given.
"""

from __future__ import annotations

import re
import unicodedata

NARROW, WIDE = frozenset("iljtfrI.,;:'|!()[]/ "), frozenset("mwMW@%—…")
# What an XML document cannot hold, and what would turn the direction of writing around.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
PIECES = re.compile(r"[!-^`-~\u00a1-\u024f]*_|[!-^`-~\u00a1-\u024f]+| +|[^!-~ ]")
NEVER_FIRST = frozenset("，。；：！？、）》】」』”’…—")


def printable(text: str) -> str:
    """The text on one line, with what cannot be printed replaced by a visible mark."""
    return UNPRINTABLE.sub("\ufffd", re.sub(r"[\t\r\n]+", " ", text))


def width_of(text: str, size: int) -> int:
    """How many units the text takes in letters of that size, rounded up."""
    return -(-sum(map(_hundredths, text)) * size // 100)


def lines_of(text: str, size: int, room: int, most: int) -> tuple[str, ...]:
    """The text in at most that many lines of at most `room` units; the last ends in an ellipsis if it is cut."""
    lines, line = [], ""
    for piece in PIECES.findall(printable(text)):
        if line and width_of(line + piece.rstrip(), size) > room and piece not in NEVER_FIRST:
            lines.append(line.rstrip())
            line = ""
        line = (line + piece).lstrip() if not line else line + piece
        while width_of(line.rstrip(), size) > room + size:
            head = _head(line, size, room)
            lines.append(line[:head])
            line = line[head:]
    lines = [one for one in (*lines, line.rstrip()) if one] or [""]
    if len(lines) <= most:
        return tuple(lines)
    last = lines[most - 1]
    return (*lines[: most - 1], last[: _head(last, size, room - size)] + "…")


def even_lines_of(text: str, size: int, room: int, most: int) -> tuple[str, ...]:
    """The same, as few lines as that and about equally long."""
    lines = lines_of(text, size, room, most)
    if len(lines) == 1 or lines[-1].endswith("…"):
        return lines
    even = lines_of(text, size, min(room, width_of(text, size) // len(lines) + size), most)
    return even if len(even) == len(lines) else lines


def _hundredths(character: str) -> int:
    if character in NARROW:
        return 36
    if character in WIDE or character.isupper():
        return 100 if character in WIDE else 74
    kind = unicodedata.category(character)
    if kind in {"Mn", "Me", "Cf"}:
        return 0
    return 58 if unicodedata.east_asian_width(character) in {"N", "Na", "H"} else 100


def _head(text: str, size: int, room: int) -> int:
    """How many characters of the text fit; one at least."""
    left = room * 100 // size
    for place, character in enumerate(text):
        left -= _hundredths(character)
        if left < 0:
            return max(place, 1)
    return len(text)
