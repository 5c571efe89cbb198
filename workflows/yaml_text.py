"""Writes plain values as YAML that the readers of data files take for the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from engine.data_files import ABSENT

WIDTH = 120
# What means something to YAML at the beginning of a plain scalar, or anywhere in one that stands in brackets.
INDICATORS = frozenset("-?:,[]{}#&*!|>'\"%@`= ")
BRACKETS = re.compile(r"[,\[\]{}]")
# What JSON would leave as it is and YAML takes for a line break or refuses.
SPECIAL = re.compile("[\x7f-\x9f\u2028\u2029\ufeff]")


def scalar(value: Any, *, inside: bool = False) -> str:
    """A text, number, yes or nothing; quoted where YAML would read something else. `inside` brackets more is."""
    if value is None:
        return "~"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    if text not in ABSENT and _is_plain(text) and not (inside and BRACKETS.search(text)):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return SPECIAL.sub(lambda found: f"\\u{ord(found[0]):04x}", quoted)


def in_brackets(value: Any) -> str:
    """Any value on one line, fields that are empty left out."""
    if isinstance(value, Mapping):
        parts = (f"{scalar(name, inside=True)}: {in_brackets(part)}" for name, part in value.items() if not empty(part))
        return "{" + ", ".join(parts) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(in_brackets, value)) + "]"
    return scalar(value, inside=True)


def empty(value: Any) -> bool:
    """Whether a field with this value says nothing."""
    return value is None or value is False or value in ("", [], (), {})


def _is_plain(text: str) -> bool:
    if text[0] in INDICATORS or text[-1] in " :" or text.startswith("...") or not text.isprintable():
        return False
    return ": " not in text and " #" not in text
