"""A flaw of a definition: what is wrong, at which place of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.errors import Problem

PathOf = tuple[str | int, ...]


@dataclass(frozen=True)
class Flaw:
    """Something wrong, at a place in the definition."""

    path: PathOf
    code: str
    zh: str
    en: str

    def at_line(self, line: int) -> Problem:
        return Problem(line, self.code, self.zh, self.en)


def missing(path: PathOf, used: Iterable[str], known: Iterable[str], en: str, zh: str) -> Iterator[Flaw]:
    """A flaw for each name that is used and not known, with the nearest one that is."""
    names = list(known)
    for name in used:
        if name not in names:
            near = difflib.get_close_matches(name, names, 1)
            hint_zh, hint_en = (f"，是否为“{near[0]}”", f"; did you mean {near[0]}?") if near else ("", "")
            code = "time_limit" if en == "time limit" else en.split()[0]
            yield Flaw(path, f"{code}.unknown", f"没有{zh}“{name}”{hint_zh}", f"unknown {en} {name!r}{hint_en}")
