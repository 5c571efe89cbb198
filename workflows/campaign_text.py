"""Writes a campaign plan as the YAML file that it could have been read from, with a comment on every field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.campaign_plan import CampaignPlan
from workflows.campaign_fields import FIELDS
from workflows.yaml_text import WIDTH, scalar

# What a reader looks for first in every part.
FIRST = ("id", "no", "date", "kind", "unit", "department", "name", "zh", "en")


def campaign_text(plan: CampaignPlan, comments: Iterable[str] = (), *, examples: bool = False) -> str:
    """The file: comments on top, then every field that says something, in the order of the language.

    With `examples` a field that says nothing stands there as a comment, to be filled in.
    """
    document = plan.as_document()
    lines = [f"# {line}".rstrip() for line in comments]
    for name, field in FIELDS.items():
        if name in document:
            lines += ["", f"# {field.zh}", f"# {field.en}", *_field(f"{name}:", document[name], "")]
        elif examples and name != "based_on":
            lines += ["", f"# {field.zh}", f"# {field.en}", *(f"# {line}" for line in field.example.splitlines())]
    return "\n".join(lines).lstrip("\n") + "\n"


def _field(head: str, value: Any, indent: str) -> list[str]:
    """A field on one line where it fits, otherwise its parts below it."""
    short = f"{head} {_on_one_line(value)}"
    if isinstance(value, Mapping):
        return [short] if _is_short(value, short) else [head, *_mapping(value, f"{indent}  ")]
    if isinstance(value, Sequence) and not isinstance(value, str):
        if not value or (not any(isinstance(one, Mapping) for one in value) and len(short) <= WIDTH):
            return [short]
        return [head, *(line for one in value for line in _item(one, f"{indent}  "))]
    return [f"{head} {scalar(value)}"]


def _mapping(values: Mapping[str, Any], indent: str) -> list[str]:
    return [line for name in _in_order(values) for line in _field(f"{indent}{scalar(name)}:", values[name], indent)]


def _item(value: Any, indent: str) -> list[str]:
    if not isinstance(value, Mapping):
        return [f"{indent}- {scalar(value)}"]
    short = f"{indent}- {_on_one_line(value)}"
    if _is_short(value, short):
        return [short]
    first, *others = _mapping(value, f"{indent}  ")
    return [f"{indent}- {first.lstrip()}", *others]


def _is_short(value: Mapping[str, Any], line: str) -> bool:
    return len(line) <= WIDTH and not any(isinstance(part, Mapping) or _has_mappings(part) for part in value.values())


def _has_mappings(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and any(isinstance(one, (Mapping, list, tuple)) for one in value)


def _on_one_line(value: Any) -> str:
    if isinstance(value, Mapping):
        named = (f"{scalar(name, inside=True)}: {_on_one_line(value[name])}" for name in _in_order(value))
        return "{" + ", ".join(named) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_on_one_line, value)) + "]"
    return scalar(value, inside=True)


def _in_order(values: Mapping[str, Any]) -> list[str]:
    return sorted(values, key=lambda name: FIRST.index(name) if name in FIRST else len(FIRST))
