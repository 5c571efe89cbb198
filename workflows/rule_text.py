"""Writes a rule as the YAML file that it could have been read from, to be edited by people."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from engine.data_files import ABSENT
from workflows.rule_files import HOLIDAYS, KINDS

WIDTH = 120
# What means something to YAML at the beginning of a plain scalar, or anywhere in one that stands in brackets.
INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`= ")
BRACKETS = re.compile(r"[,\[\]{}]")
# What JSON would leave as it is and YAML takes for a line break or refuses.
SPECIAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")
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
        if name in ALWAYS or not _is_empty(value):
            lines += _field(f"{indent}{_scalar(name)}:", value, indent)
    return lines


def _field(head: str, value: Any, indent: str) -> list[str]:
    """A field on one line where it fits, otherwise its parts below it."""
    short = f"{head} {_in_brackets(value)}" if not isinstance(value, str) else f"{head} {_scalar(value)}"
    if isinstance(value, Mapping):
        is_flat = all(not isinstance(part, (Mapping, list, tuple)) for part in value.values())
        return [short] if is_flat and len(short) <= WIDTH else [head, *_mapping(value, f"{indent}  ")]
    if isinstance(value, Sequence) and not isinstance(value, str) and any(isinstance(one, Mapping) for one in value):
        return [head, *(line for one in value for line in _item(one, f"{indent}  "))]
    return [short]


def _item(value: Mapping[str, Any], indent: str) -> list[str]:
    is_flat = all(not isinstance(part, (Mapping, list, tuple)) for part in value.values())
    short = f"{indent}- {_in_brackets(value)}"
    if is_flat and len(short) <= WIDTH and not ALWAYS & set(value):
        return [short]
    return _as_item(_mapping(value, f"{indent}  "), indent)


def _as_item(lines: Sequence[str], indent: str) -> list[str]:
    """A mapping as an item of a list: a dash before its first line."""
    return [f"{indent}- {lines[0].strip()}", *lines[1:]]


def _in_brackets(value: Any) -> str:
    if isinstance(value, Mapping):
        parts: Iterator[str] = (
            f"{_scalar(name, inside=True)}: {_in_brackets(part)}" for name, part in value.items() if not _is_empty(part)
        )
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_in_brackets, value)) + "]"
    return _scalar(value, inside=True)


def _scalar(value: Any, *, inside: bool = False) -> str:
    """A text, number, yes or nothing; quoted where YAML would read something else."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text not in ABSENT and _is_plain(text) and not (inside and BRACKETS.search(text)):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return SPECIAL.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def _is_plain(text: str) -> bool:
    if text[0] in INDICATORS or text[-1] in " :" or text.startswith("...") or not text.isprintable():
        return False
    return ": " not in text and " #" not in text


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [], (), {})
