"""Makes a whole workflow out of a shipped one and the difference that an office writes (`extends`). Pure.

Mappings are merged, lists are added to, a target replaces the one before, `drop:` takes away. A new state or step
stands after the one that its `after:` names, else at the end. The laws (`never`) come with what is extended: an office
may add some, and rewrites or drops none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.definitions import Definition
from engine.errors import Problem
from engine.parsed_file import KeyPath, Parsed

EXTENDS, DROP, AFTER, LAWS = "extends", "drop", "after", "never"
# What is replaced as a whole: its parts only make sense together.
WHOLE = ("to", "joins")
ORDERED = ("states", "steps")
# Where a single name may be written instead of a list of one.
LISTS = ("from", "by", "entering", "since", "save")


@dataclass
class _Merging:
    """What is being made: lines of the whole where the office's file has any, and what is wrong with the difference."""

    base: Definition
    parsed: Parsed
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, path: KeyPath) -> int:
        return self.parsed.line_of(path)

    def report(self, path: KeyPath, code: str, zh: str, en: str) -> None:
        self.problems.append(Problem(self.line(path), code, zh, en))

    def copy_lines(self, source: KeyPath, dest: KeyPath) -> None:
        for path, line in self.parsed.lines.items():
            if path[: len(source)] == source:
                self.lines[(*dest, *path[len(source) :])] = line


def extended(base: Definition, parsed: Parsed) -> tuple[Parsed, tuple[Problem, ...]]:
    """The whole definition as a document, with the lines of the office's file; and the problems of the difference."""
    merging = _Merging(base, parsed)
    over = dict(parsed.value)
    drop = over.pop(DROP, None) or {}
    over.pop(EXTENDS)
    _refuse_rewritten_laws(merging, over, drop)
    whole = base.as_document()
    whole.pop("based_on", None)
    if not merging.problems:
        _drop(merging, whole, drop, (DROP,), ())
        _merge(merging, whole, over, (), ())
    whole[EXTENDS] = {"workflow": base.workflow, "hash": base.hash}
    lines = {(): 1, **merging.lines, **{(key,): merging.line((key,)) for key in parsed.value}}
    return Parsed(whole, lines, parsed.name), tuple(merging.problems)


def _refuse_rewritten_laws(merging: _Merging, over: Mapping[str, Any], drop: Any) -> None:
    """Any word under `drop` about the laws is about all of them, unless it names some."""
    laws = merging.base.never
    touched: list[tuple[KeyPath, str]] = [((LAWS, name), name) for name in _keys(over.get(LAWS)) if name in laws]
    if LAWS in _keys(drop):
        named = set(_keys(drop[LAWS])) | {name for name in _as_list(drop[LAWS]) if isinstance(name, str)}
        touched += [((DROP, LAWS), name) for name in laws if not named or name in named]
    elif LAWS in _as_list(drop):
        touched += [((DROP,), name) for name in laws]
    for path, name in touched:
        law = laws[name]
        zh = f"“{law.zh}”（{law.basis}）不得改动或者删除；可以另加自己的规定"
        en = f"the law {name} ({law.en}; {law.basis}) may be neither changed nor dropped; laws of your own may be added"
        merging.report(path, "law.untouchable", zh, en)


def _keys(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _merge(merging: _Merging, whole: dict[str, Any], over: Mapping[str, Any], path: KeyPath, source: KeyPath) -> None:
    for key, value in over.items():
        here, there = (*path, key), (*source, key)
        before = whole.get(key)
        if key in LISTS or isinstance(before, list) or isinstance(value, list):
            whole[key] = _added(merging, before, value, here, there)
        elif key not in WHOLE and isinstance(before, dict) and isinstance(value, dict):
            merging.lines[here] = merging.line(there)
            _merge(merging, before, value, here, there)
            if path == () and key in ORDERED:
                whole[key] = _in_order(merging, before, value, here)
        else:
            whole[key] = value
            merging.copy_lines(there, here)


def _added(merging: _Merging, before: Any, value: Any, path: KeyPath, source: KeyPath) -> list[Any]:
    """The list with what is not in it yet."""
    merging.lines[path] = merging.line(source)
    found = _as_list(before)
    for index, item in enumerate(_as_list(value)):
        if _plain(item) not in [_plain(known) for known in found]:
            merging.copy_lines((*source, index), (*path, len(found)))
            found.append(item)
    return found


def _in_order(merging: _Merging, merged: dict[str, Any], over: Mapping[str, Any], path: KeyPath) -> dict[str, Any]:
    """Every new state or step after the one that it names, which must exist."""
    order = list(merged)
    for key, value in over.items():
        after = value.pop(AFTER, None) if isinstance(value, dict) else None
        if isinstance(merged[key], dict):
            merged[key].pop(AFTER, None)
        if after is None:
            continue
        if after not in merged or after == key:
            merging.report(
                (*path, key, AFTER), "after.unknown", f"没有“{after}”", f"there is no {after!r} to stand after"
            )
            continue
        order.remove(key)
        order.insert(order.index(after) + 1, key)
    return {key: merged[key] for key in order}


def _drop(merging: _Merging, whole: Any, drop: Any, source: KeyPath, path: KeyPath) -> None:
    """Takes away what `drop` names: keys of a mapping, items of a list; deeper where it says deeper."""
    if isinstance(drop, dict):
        for key, inner in drop.items():
            merging.lines.setdefault((*path, key), merging.line((*source, key)))
            if not isinstance(whole, dict) or key not in whole:
                _report_unknown(merging, (*source, key), key)
            elif key in LISTS or isinstance(whole[key], list):
                whole[key] = _without(merging, _as_list(whole[key]), inner, (*source, key))
            else:
                _drop(merging, whole[key], inner, (*source, key), (*path, key))
        return
    for index, name in enumerate(_as_list(drop)):
        here = (*source, index) if isinstance(drop, list) else source
        if not isinstance(name, str) or not isinstance(whole, dict) or name not in whole:
            _report_unknown(merging, here, name)
            continue
        del whole[name]
        merging.lines.setdefault((*path, name), merging.line(here))


def _without(merging: _Merging, items: list[Any], drop: Any, source: KeyPath) -> list[Any]:
    left = items
    for index, named in enumerate(_as_list(drop)):
        kept = [item for item in left if not _is_meant(named, item)]
        if len(kept) == len(left):
            _report_unknown(merging, (*source, index), named)
        left = kept
    return left


def _is_meant(named: Any, item: Any) -> bool:
    """Whether an item of a list is the one named: itself, or by its rule or its guard alone."""
    return _plain(named) == _plain(item) or (isinstance(named, str) and named in _names_of(item))


def _names_of(item: Any) -> Iterator[str]:
    if isinstance(item, dict):
        yield from ((str(item["rule"]),) if "rule" in item else (str(key) for key in item))


def _plain(item: Any) -> Any:
    """The same thing in the same form: a guard by its name alone is one without parameters."""
    if isinstance(item, str):
        return {item: {}}
    return {key: value or {} for key, value in item.items()} if isinstance(item, dict) else item


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _report_unknown(merging: _Merging, path: KeyPath, named: Any) -> None:
    merging.report(
        path, "drop.unknown", f"所依流程中没有“{named}”，无从删去", f"what is extended has no {named!r} to drop"
    )
