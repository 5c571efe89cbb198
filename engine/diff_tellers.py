"""Tells how one field of a workflow changed: a flag, a name, a set of names, a mapping, or anything at all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias, TypeVar

from pydantic import BaseModel

from engine.diff_values import NONE, Change, Effect, Place, Said, Topic, literal, opposite, say

# Gets the place of the field, what stood there and what stands there now; the two differ.
Teller: TypeAlias = Callable[[Place, Any, Any], Iterable[Change]]
Naming: TypeAlias = Callable[[Place, Any], Said]
Item = TypeVar("Item")


def told_fields(place: Place, before: BaseModel, after: BaseModel, tellers: Mapping[str, Teller]) -> Iterator[Change]:
    """Every field that differs, by its teller; told generally where there is none, or it has nothing to say."""
    for name, info in type(before).model_fields.items():
        old, new = getattr(before, name), getattr(after, name)
        if old == new:
            continue
        here = place.at(info.alias or name)
        teller = tellers.get(name)
        told = tuple(teller(here, old, new)) if teller is not None else ()
        yield from told or (other(here, old, new),)


def other(place: Place, before: Any, after: Any) -> Change:
    """Any change at all, as it is written in the definition."""
    old, new = _plain(before), _plain(after)
    field = literal(place.path[-1])
    if isinstance(old, list) and isinstance(new, list) and sorted(map(_text, old)) == sorted(map(_text, new)):
        sentence = say("其他变化：{}的排列顺序改变", "other change: {} stand in another order", field)
        return place.change("order.changed", "other", sentence)
    parts = (field, literal(_text(old)), literal(_text(new)))
    return place.change(
        "other.changed", "other", say("其他变化：{}由{}改为{}", "other change: {}: {} became {}", *parts)
    )


def flag(topic: Topic, on: Said, off: Said, effect: Effect | None = None) -> Teller:
    """A yes or no: what is said when it is set (with that effect), and when it is taken away."""

    def tell(place: Place, before: bool, after: bool) -> Iterator[Change]:
        name = place.path[-1]
        if after:
            yield place.change(f"{name}.added", topic, on, effect)
        else:
            yield place.change(f"{name}.removed", topic, off, opposite(effect))

    return tell


def one_name(topic: Topic, what: Said, naming: Naming, effect: Effect | None = None) -> Teller:
    """A single name that may be missing."""

    def tell(place: Place, before: Any, after: Any) -> Iterator[Change]:
        word = "added" if before is None else "removed" if after is None else "changed"
        old, new = (NONE if value is None else naming(place, value) for value in (before, after))
        pull = {"added": effect, "removed": opposite(effect), "changed": None}[word]
        sentence = say("{}由{}改为{}", "{}: {} became {}", what, old, new)
        yield place.change(f"{place.path[-1]}.{word}", topic, sentence, pull)

    return tell


def each_name(
    topic: Topic, added: Said, removed: Said, naming: Naming, effect: Effect | None = None, code: str = ""
) -> Teller:
    """A set of names, each with its own sentence; `{}` in `added` and `removed` is the name."""

    def tell(place: Place, before: Iterable[Any], after: Iterable[Any]) -> Iterator[Change]:
        kind = code or place.path[-1]
        gone, _, new = paired(tuple(before), tuple(after), _text)
        for item in gone:
            here = place.at(_text(item))
            yield here.change(f"{kind}.removed", topic, say(*removed, naming(place, item)), opposite(effect))
        for item in new:
            here = place.at(_text(item))
            yield here.change(f"{kind}.added", topic, say(*added, naming(place, item)), effect)

    return tell


def each_entry(
    topic: Topic,
    code: str,
    key_said: Callable[[Place, str], Said],
    value_said: Naming,
    sentences: tuple[Said, Said, Said],
    effect: Effect | None = None,
) -> Teller:
    """A mapping. Of the sentences (added, removed, changed) the first two take key and value, the last both values."""
    added, removed, changed = sentences

    def tell(place: Place, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
        gone, both, new = paired(list(before.items()), list(after.items()), lambda entry: entry[0])
        for key, value in gone:
            sentence = say(*removed, key_said(place, key), value_said(place, value))
            yield place.at(key).change(f"{code}.removed", topic, sentence, opposite(effect))
        for key, value in new:
            sentence = say(*added, key_said(place, key), value_said(place, value))
            yield place.at(key).change(f"{code}.added", topic, sentence, effect)
        for (key, old), (_, now) in both:
            sentence = say(*changed, key_said(place, key), value_said(place, old), value_said(place, now))
            yield place.at(key).change(f"{code}.changed", topic, sentence)

    return tell


def paired(
    before: Sequence[Item], after: Sequence[Item], key: Callable[[Item], str]
) -> tuple[list[Item], list[tuple[Item, Item]], list[Item]]:
    """What only stood there, what stands there otherwise under the same key, and what only stands there now.

    Equal ones are left out first; of those with the same key the first is paired with the first.
    """
    rest_before, rest_after = list(before), list(after)
    for item in before:
        if item in rest_after:
            rest_before.remove(item)
            rest_after.remove(item)
    gone, changed = [], []
    for item in rest_before:
        partner = next((new for new in rest_after if key(new) == key(item)), None)
        if partner is None:
            gone.append(item)
        else:
            rest_after.remove(partner)
            changed.append((item, partner))
    return gone, changed, rest_after


def words_of() -> dict[str, Teller]:
    """The tellers of the two fields that name something."""

    def tell(what: Said) -> Teller:
        def changed(place: Place, before: str, after: str) -> Iterator[Change]:
            parts = (what, literal(before), literal(after))
            yield place.change("wording.changed", "wording", say("{}由“{}”改为“{}”", "{}: '{}' became '{}'", *parts))

        return changed

    return {"zh": tell(Said("中文名称", "Chinese name")), "en": tell(Said("英文名称", "English name"))}


def basis(place: Place, before: str, after: str) -> Iterator[Change]:
    """The article under which something stands."""
    word = "added" if not before else "removed" if not after else "changed"
    old, new = (literal(text) if text else NONE for text in (before, after))
    yield place.change(f"basis.{word}", "basis", say("依据由{}改为{}", "basis: {} became {}", old, new))


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(_plain(value), ensure_ascii=False, sort_keys=True)
