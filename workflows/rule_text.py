"""Writes a rule as the YAML file that it could have been read from, to be edited by people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from workflows.rule_files import HOLIDAYS, KINDS
from workflows.yaml_text import WIDTH, empty, in_brackets, scalar

# A version that leaves its end open says so; everything else that is empty is left out.
ALWAYS = frozenset({"from", "to", "remind", "notice", "rest", "worked"})


def rule_text(kind: str, content: Mapping[str, Any], based_on: str, comments: Iterable[str]) -> str:
    """The file of one rule: comments on top, `based_on` naming the version that it was made from."""
    head = "".join(f"# {line}\n" for line in comments)
    named = {"based_on": based_on, **{name: value for name, value in content.items() if name != "based_on"}}
    if kind == HOLIDAYS:
        body = _mapping({"year": content["year"], **named}, "")
    else:
        rule = _mapping({"id": content["id"], **named}, "    ")
        key = next(key for key, known in KINDS.items() if known == kind)
        body = [f"{key}:", *_as_item(rule, "  ")]
    return head + "\n".join(body) + "\n"


def _mapping(values: Mapping[str, Any], indent: str) -> list[str]:
    lines = []
    for name, value in values.items():
        if name in ALWAYS or not empty(value):
            lines += _field(f"{indent}{scalar(name)}:", value, indent)
    return lines


def _field(head: str, value: Any, indent: str) -> list[str]:
    """A field on one line where it fits, otherwise its parts below it."""
    short = f"{head} {in_brackets(value)}" if not isinstance(value, str) else f"{head} {scalar(value)}"
    if isinstance(value, Mapping):
        is_flat = all(not isinstance(part, (Mapping, list, tuple)) for part in value.values())
        return [short] if is_flat and len(short) <= WIDTH else [head, *_mapping(value, f"{indent}  ")]
    if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(one, Mapping) for one in value):
        return [head, *(line for one in value for line in _item(one, f"{indent}  "))]
    return [short]


def _item(value: Mapping[str, Any], indent: str) -> list[str]:
    is_flat = all(not isinstance(part, (Mapping, list, tuple)) for part in value.values())
    short = f"{indent}- {in_brackets(value)}"
    if is_flat and len(short) <= WIDTH and not ALWAYS & set(value):
        return [short]
    return _as_item(_mapping(value, f"{indent}  "), indent)


def _as_item(lines: Sequence[str], indent: str) -> list[str]:
    """A mapping as an item of a list: a dash before its first line."""
    return [f"{indent}- {lines[0].strip()}", *lines[1:]]
