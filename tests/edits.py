"""Random single edits of a workflow's document, the slips and tricks that a proof has to see through.

Each edit changes the document in place and says in a few words what it did; `None` where there is nothing to do it to.
What it leaves behind is well-formed, but may be as wrong as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from random import Random
from typing import Any

Document = dict[str, Any]
Edit = Callable[[Document, Random, Mapping[str, str]], str | None]
TYPES = ("text", "date", "moment", "money", "integer", "officers", "yes_no", "schedule")


def _asked(document: Document) -> dict[str, Document]:
    return {"open": document["open"], **document["steps"]}


def _having(document: Document, *keys: str) -> list[tuple[str, str]]:
    """The steps (and the opening) that have something under one of the keys, with that key."""
    return [(name, key) for name, asked in _asked(document).items() for key in keys if asked.get(key)]


def _drop_from(*keys: str) -> Edit:
    """Leave out one entry of a list or mapping."""

    def edit(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
        found = _having(document, *keys)
        if not found:
            return None
        name, key = rng.choice(found)
        entries = _asked(document)[name][key]
        which = rng.choice(list(entries) if isinstance(entries, dict) else range(len(entries)))
        return f"{name}: {key} without {entries.pop(which) if key != 'ask' else (which, entries.pop(which))[0]}"

    return edit


def _drop(key: str) -> Edit:
    """Leave out what a step says under that key."""

    def edit(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
        found = _having(document, key)
        if not found:
            return None
        name, _ = rng.choice(found)
        return f"{name}: no {key} {_asked(document)[name].pop(key)}"

    return edit


def _drop_entry(place: str) -> Edit:
    """Leave out a whole step, state or role, and nothing of what speaks of it."""

    def edit(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
        name = rng.choice(list(document[place]))
        del document[place][name]
        return f"no {name} in {place}"

    return edit


def _drop_guard_of_a_law(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    wanted = {name for law in document["never"].values() for item in law.get("unguarded", ()) for name in item}
    found = [
        (name, item)
        for name, asked in _asked(document).items()
        for item in asked.get("require", ())
        if wanted & item.keys()
    ]
    if not found:
        return None
    name, item = rng.choice(found)
    _asked(document)[name]["require"].remove(item)
    return f"{name}: not guarded by {item}"


def _parameters(document: Document) -> list[tuple[str, Document, str]]:
    """Every parameter of a guard: at which step, the parameters of the guard, and which of them."""
    return [
        (name, parameters, key)
        for name, place in _having(document, "require", "warn")
        for item in _asked(document)[name][place]
        for parameters in item.values()
        for key in parameters
    ]


def _drop_parameter(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    found = _parameters(document)
    if not found:
        return None
    name, parameters, key = rng.choice(found)
    return f"{name}: a guard without {key}: {parameters.pop(key)}"


def _change_parameter(document: Document, rng: Random, natures: Mapping[str, str]) -> str | None:
    found = [one for one in _parameters(document) if one[2] not in {"step", "answered", "optional"}]
    if not found:
        return None
    name, parameters, key = rng.choice(found)
    was = parameters[key]
    known = list(natures) if key in {"deadline", "rule"} else list(_asked(document)[name].get("ask", {was: 0}))
    parameters[key] = rng.choice([*known, f"{was}_"])
    return f"{name}: a guard with {key}: {parameters[key]} for {was}"


def _add_guard(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
    items = [item for asked in _asked(document).values() for item in asked.get("require", ())]
    name, item = rng.choice(list(_asked(document))), rng.choice(items)
    _asked(document)[name].setdefault("require", []).append(item)
    return f"{name}: guarded by {item} too"


def _add_source(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    name, source = rng.choice(list(document["steps"])), rng.choice(list(document["states"]))
    if source in document["steps"][name]["from"]:
        return None
    document["steps"][name]["from"].append(source)
    return f"{name}: from {source} too"


def _places(asked: Document) -> Iterator[tuple[Document, str]]:
    """Where the states are written that a step leads to: the mapping, and the key in it."""
    waiting: list[tuple[Document, str]] = [(asked, "to")]
    while waiting:
        holder, key = waiting.pop()
        if isinstance(holder[key], str):
            if key not in {"previous", "by"}:
                yield holder, key
        else:
            waiting.extend((holder[key], inner) for inner in holder[key])


def _retarget(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    name = rng.choice(list(_asked(document)))
    found = list(_places(_asked(document)[name]))
    if not found:
        return None
    holder, key = rng.choice(found)
    was, holder[key] = holder[key], rng.choice([*document["states"], *(["same"] if name != "open" else [])])
    return f"{name}: {key} {holder[key]} for {was}"


def _close_loop(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
    """Every way out of a state leads back to a state before it."""
    states = list(document["states"])
    index = rng.randrange(1, len(states))
    left, earlier = states[index], rng.choice(states[:index])
    for step in document["steps"].values():
        if step["from"] == [left]:
            step["to"] = earlier
        elif left in step["from"]:
            step["to"] = {"at": {source: earlier if source == left else step["to"] for source in step["from"]}}
    return f"from {left} only back to {earlier}"


def _leading_back(document: Document) -> list[str]:
    targets = {name: step["to"] for name, step in document["steps"].items()}
    return [name for name, target in targets.items() if isinstance(target, dict) and "previous" in target]


def _restart_elsewhere(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    """A step after which a law counts anew leads elsewhere, often to where others lead back from."""
    fresh = sorted({step for law in document["never"].values() for step in law.get("since", ())})
    if not fresh:
        return None
    name, back = rng.choice(fresh), [s for step in _leading_back(document) for s in document["steps"][step]["from"]]
    document["steps"][name]["to"] = rng.choice(rng.choice([back, list(document["states"])]))
    return f"{name}: to {document['steps'][name]['to']}"


def _swap_previous(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    found = _leading_back(document)
    if not found:
        return None
    name, other = rng.choice(found), rng.choice(list(document["steps"]))
    document["steps"][name]["to"] = {"previous": other}
    return f"{name}: back to before {other}"


def _rename_limit(document: Document, rng: Random, natures: Mapping[str, str]) -> str | None:
    found = _having(document, "start", "stop")
    if not found:
        return None
    name, place = rng.choice(found)
    one = rng.choice(_asked(document)[name][place])
    was, one["rule"] = one["rule"], rng.choice([*rng.sample(list(natures), 3), f"{one['rule']}_"])
    return f"{name}: {place} {one['rule']} for {was}"


def _move_start(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    """A limit counts from another day that the step asks, or from the day of the step."""
    found = _having(document, "start")
    if not found:
        return None
    name, _ = rng.choice(found)
    asked = _asked(document)[name]
    one = rng.choice(asked["start"])
    was = one.pop("from", None)
    days = [a for a, said in asked.get("ask", {}).items() if said["type"] in {"date", "moment"} and a != was]
    if was is None or rng.random() < 0.5:
        if not days:
            return None
        one["from"] = rng.choice(days)
    return f"{name}: {one['rule']} from {one.get('from')} for {was}"


def _new_start(document: Document, rng: Random, natures: Mapping[str, str]) -> str:
    name = rng.choice(list(_asked(document)))
    started = [start["rule"] for asked in _asked(document).values() for start in asked.get("start", ())]
    rule = rng.choice(rng.choice([started, list(natures)]))
    days = [a for a, said in _asked(document)[name].get("ask", {}).items() if said["type"] == "date"]
    start = {"rule": rule, "from": rng.choice(days)} if days and rng.random() < 0.5 else {"rule": rule}
    _asked(document)[name].setdefault("start", []).append(start)
    return f"{name}: starts {start}"


def _answer(document: Document, rng: Random) -> tuple[str, str, Document] | None:
    found = _having(document, "ask")
    if not found:
        return None
    name, _ = rng.choice(found)
    answer = rng.choice(list(_asked(document)[name]["ask"]))
    return name, answer, _asked(document)[name]["ask"][answer]


def _flip_of_answer(key: str) -> Edit:
    def edit(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
        found = _answer(document, rng)
        if found is None:
            return None
        name, answer, said = found
        said[key] = not said.get(key, False)
        return f"{name}: {answer} {key}: {said[key]}"

    return edit


def _change_type(document: Document, rng: Random, _natures: Mapping[str, str]) -> str | None:
    found = _answer(document, rng)
    if found is None:
        return None
    name, answer, said = found
    was, said["type"] = said["type"], rng.choice([t for t in (*TYPES, "choice") if t != said["type"]])
    return f"{name}: {answer} is {said['type']} for {was}"


def _add_answer(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
    name = rng.choice(list(_asked(document)))
    said = {"zh": "备注", "en": "remark", "type": rng.choice(TYPES), "optional": True}
    _asked(document)[name].setdefault("ask", {})["remark_"] = said
    return f"{name}: asks {said}"


def _flip_of_step(key: str) -> Edit:
    def edit(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
        name = rng.choice(list(document["steps"]))
        document["steps"][name][key] = not document["steps"][name].get(key, False)
        return f"{name}: {key} {document['steps'][name][key]}"

    return edit


def _flip_end(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
    ends = [name for name, said in document["states"].items() if said.get("end")]
    name = rng.choice(rng.choice([ends, list(document["states"])]))
    document["states"][name]["end"] = not document["states"][name].get("end", False)
    return f"{name}: end {document['states'][name]['end']}"


def _add_step(document: Document, rng: Random, _natures: Mapping[str, str]) -> str:
    """A step of the office's own, alone or a second form of another one, from anywhere to anywhere."""
    states, like = list(document["states"]), rng.choice(list(document["steps"]))
    bare = {"zh": "新步骤", "en": "New step", "by": [next(iter(document["roles"]))]}
    step = {
        **(bare if rng.random() < 0.4 else document["steps"][like]),
        "from": rng.sample(states, rng.randint(1, 2)),
        "to": rng.choice([*states, "same"]),
    }
    document["steps"]["new_step"] = step
    return f"new step from {step['from']} to {step['to']}{'' if step['zh'] == '新步骤' else f' like {like}'}"


EDITS: dict[str, Edit] = {
    "drop a guard": _drop_from("require"),
    "drop a warning": _drop_from("warn"),
    "drop a guard of a law": _drop_guard_of_a_law,
    "drop a parameter": _drop_parameter,
    "change a parameter": _change_parameter,
    "add a guard": _add_guard,
    "add a source": _add_source,
    "drop a source": _drop_from("from"),
    "retarget": _retarget,
    "close a loop": _close_loop,
    "restart elsewhere": _restart_elsewhere,
    "swap previous": _swap_previous,
    "rename a limit": _rename_limit,
    "move a start": _move_start,
    "drop a start": _drop_from("start"),
    "new start": _new_start,
    "drop a stop": _drop_from("stop"),
    "drop an answer": _drop_from("ask"),
    "make an answer optional": _flip_of_answer("optional"),
    "make an answer correctable": _flip_of_answer("correctable"),
    "change a type": _change_type,
    "add an answer": _add_answer,
    "drop from not_by": _drop_from("not_by"),
    "drop in_person": _drop("in_person"),
    "drop on_expiry": _drop("on_expiry"),
    "drop from by": _drop_from("by"),
    "drop a role": _drop_entry("roles"),
    "drop a step": _drop_entry("steps"),
    "drop a state": _drop_entry("states"),
    "flip end": _flip_end,
    "flip after_end": _flip_of_step("after_end"),
    "flip on_occasion": _flip_of_step("on_occasion"),
    "add a step": _add_step,
}
