"""Makes the problems of a campaign file: each with its line, and whether it stops loading."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator

from engine.errors import Problem
from engine.parsed_file import KeyPath, Parsed

# What kind of thing a name should have named, in both languages.
What = tuple[str, str]


class Finder:
    """Says what is wrong at a place of the file. An error stops loading, a remark does not."""

    def __init__(self, parsed: Parsed) -> None:
        self._parsed = parsed

    def error(self, path: KeyPath, code: str, zh: str, en: str) -> Problem:
        return Problem(self._parsed.line_of(path), code, zh, en)

    def remark(self, path: KeyPath, code: str, zh: str, en: str) -> Problem:
        return Problem(self._parsed.line_of(path), code, zh, en, remark=True)

    def unknown(self, path: KeyPath, what: What, name: str, known: Collection[str]) -> Problem:
        """A name that stands for nothing; the nearest one that does is suggested."""
        import difflib

        near = difflib.get_close_matches(name, known, 1)
        zh = f"没有{what[0]}“{name}”，已有：{'、'.join(known) or '无'}，请改正或者补上"
        en = f"there is no {what[1]} {name!r}; known are {', '.join(known) or '-'}; correct the name or add it"
        if near:
            zh, en = f"{zh}；是否想写“{near[0]}”？", f"{en}; did you mean {near[0]!r}?"
        return self.error(path, "name.unknown", zh, en)

    def unknown_ones(
        self, path: KeyPath, names: Iterable[str], what: What, known: Collection[str]
    ) -> Iterator[Problem]:
        """Every name of a list that stands for nothing."""
        for position, name in enumerate(names):
            if name not in known:
                yield self.unknown((*path, position), what, name, known)

    def repeated(self, path: KeyPath, said: Iterable[Hashable], key: str | None = None) -> Iterator[Problem]:
        """Every item of a list that stands there already; `key` is the field of the item that says the same."""
        places: Iterable[tuple[KeyPath, Hashable]] = (
            ((*path, position, key) if key else (*path, position), one) for position, one in enumerate(said)
        )
        yield from self.repeated_at(places)

    def repeated_at(self, places: Iterable[tuple[KeyPath, Hashable]]) -> Iterator[Problem]:
        """Every place that says what an earlier one says."""
        seen: set[Hashable] = set()
        for path, said in places:
            if said in seen:
                yield self.error(
                    path,
                    "id.duplicate",
                    f"“{said}”重复，请改用不同的名称或者删去一处",
                    f"{said!r} twice; rename one or take one away",
                )
            seen.add(said)
