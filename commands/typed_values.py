"""Typed words turned into the values that a command function declares, with our own sentences where they do not fit.

Typer would load pydantic for this, which costs more than everything else in a short command together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from typer._click.core import Context, Parameter
from typer._coercion import RuntimeParam
from typer.core import TyperArgument, TyperOption, _TyperParameter

from commands.usage import not_a_value

WHOLE_NUMBER = re.compile(r"[+-]?\d{1,18}", re.ASCII)


@dataclass(frozen=True)
class TypedValue(RuntimeParam):
    """Reads texts, whole numbers, paths, flags, a choice of texts, and lists of these."""

    def _coerce_value(self, value: Any, param: _TyperParameter, ctx: Context) -> Any:
        if isinstance(value, (list, tuple)):
            (kind,) = get_args(self.annotation)
            return [_read(one, kind, param) for one in value]
        return _read(value, self.annotation, param)


def read_plainly(params: Iterable[Parameter]) -> None:
    """Lets every parameter read its value by `TypedValue`. Raises TypeError for a type that this does not know."""
    for param in params:
        if not isinstance(param, (TyperArgument, TyperOption)):
            raise TypeError(f"{param.name}: neither an option nor an argument")
        described = param.type_descriptor
        kind: Any = described.annotation
        (one,) = get_args(kind) if get_origin(kind) is list else (kind,)
        if one not in (str, int, bool, Path) and get_origin(one) is not Literal:
            raise TypeError(f"{param.name}: a command cannot take {kind}")
        param._runtime_param = TypedValue(described.parameter_info, kind)


def _read(value: Any, kind: Any, param: Parameter) -> Any:
    if not isinstance(value, str) or kind is str:
        return value
    if kind is Path:
        return Path(value)
    if kind is int:
        return _whole_number(value, param)
    choices = get_args(kind)
    if value not in choices:
        raise not_a_value(param, value, f"“{'”“'.join(choices)}”之一", f"one of {', '.join(choices)}")
    return value


def _whole_number(value: str, param: Parameter) -> int:
    if not WHOLE_NUMBER.fullmatch(value.strip()):
        raise not_a_value(param, value, "整数", "a whole number")
    number = int(value)
    low, high = getattr(param, "min", None), getattr(param, "max", None)
    if low is not None and number < low:
        raise not_a_value(param, value, f"不小于{low}的整数", f"a whole number of at least {low}")
    if high is not None and number > high:
        raise not_a_value(param, value, f"不大于{high}的整数", f"a whole number of at most {high}")
    return number
