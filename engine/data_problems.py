"""Turns what pydantic found wrong in a data file into problems: line, stable code, both languages."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from engine.data_values import PATTERN_WORDS, Contradiction
from engine.errors import Problem
from engine.parsed_file import KeyPath, Parsed

WANTED_SHAPES = {  # pydantic's error type: what was expected
    "model_type": ("若干“项目: 内容”", "a group of `field: value` lines"),
    "model_attributes_type": ("若干“项目: 内容”", "a group of `field: value` lines"),
    "dict_type": ("若干“项目: 内容”", "a group of `field: value` lines"),
    "mapping_type": ("若干“项目: 内容”", "a group of `field: value` lines"),
    "list_type": ("列表（每项以“- ”开头）", "a list (each item begins with `- `)"),
    "tuple_type": ("列表（每项以“- ”开头）", "a list (each item begins with `- `)"),
    "set_type": ("列表（每项以“- ”开头）", "a list (each item begins with `- `)"),
    "frozen_set_type": ("列表（每项以“- ”开头）", "a list (each item begins with `- `)"),
    "string_type": ("文字", "a text"),
}
BOUNDS = {  # pydantic's error type: name of the bound in its context, Chinese and English sentence
    "greater_than": ("gt", "必须大于{}", "must be greater than {}"),
    "greater_than_equal": ("ge", "不得小于{}", "must be at least {}"),
    "less_than": ("lt", "必须小于{}", "must be less than {}"),
    "less_than_equal": ("le", "不得大于{}", "must be at most {}"),
    "string_pattern_mismatch": ("pattern", "写法不符（应符合{}）", "must match {}"),
    "string_too_short": ("min_length", "至少{}个字", "needs at least {} character(s)"),
    "string_too_long": ("max_length", "至多{}个字", "may have at most {} characters"),
    "too_short": ("min_length", "至少要有{}项", "needs at least {} item(s)"),
    "too_long": ("max_length", "至多{}项", "may have at most {} items"),
}


def problems_of(error: ValidationError, model: type[BaseModel], parsed: Parsed) -> tuple[Problem, ...]:
    """Every problem, sorted by line, each said once (a union reports the same fault for each of its members)."""
    found: dict[Problem, None] = {}
    for detail in error.errors(include_url=False):
        if detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]:
            continue  # pydantic does not count items that are wrong themselves
        path = _path_in_file(detail["loc"], parsed)
        code, zh, en = _said(detail, path, model)
        found.setdefault(Problem(parsed.line_of(path), code, zh, en))
    return tuple(sorted(found, key=lambda p: p.line))


def _path_in_file(loc: KeyPath, parsed: Parsed) -> KeyPath:
    """The place in the file: pydantic adds names of union members and `[key]`, which stand in no file."""
    path: KeyPath = ()
    for position, part in enumerate(loc):
        is_last = position == len(loc) - 1
        if (*path, part) in parsed.lines or (is_last and part != "[key]"):
            path = (*path, part)
    return path


def _said(detail: Mapping[str, Any], path: KeyPath, model: type[BaseModel]) -> tuple[str, str, str]:
    kind, value = detail["type"], detail["input"]
    context: Mapping[str, Any] = detail.get("ctx", {})
    label, name_en = _label(path)
    if kind == "missing":
        return "field.missing", f"缺少必填项{label}，请补上", f"{name_en} is missing; add it"
    if kind == "extra_forbidden":
        return _unknown_field(path, model)
    if kind == "value_error":
        return _stated(context.get("error"), label, name_en)
    if value is None:
        return (
            "field.missing",
            f"{label}没有内容，请填写或删去本行",
            f"{name_en} is empty; fill it in or delete the line",
        )
    if kind in ("literal_error", "enum"):
        return _unknown_choice(str(context["expected"]), value, label, name_en)
    if kind.startswith("bool"):
        return "value.unknown", f"{label}只能是yes或no", f"{name_en} must be yes or no"
    if kind.startswith(("date", "time")):
        zh = f"{label}的“{value}”不是有效日期，请写成2018-08-14的样子"
        return "date.invalid", zh, f"{name_en}: {value!r} is not a date; write it like 2018-08-14"
    if kind.startswith("int"):
        return "number.invalid", f"{label}的“{value}”不是整数", f"{name_en}: {value!r} is not a whole number"
    if kind in WANTED_SHAPES:
        zh, en = WANTED_SHAPES[kind]
        return "shape.invalid", f"{label}这里应是{zh}", f"{name_en} must be {en}"
    if kind == "string_pattern_mismatch" and context["pattern"] in PATTERN_WORDS:
        zh, en = PATTERN_WORDS[context["pattern"]]
        return "field.invalid", f"{label}{zh}", f"{name_en} {en}"
    if kind in BOUNDS:
        bound, zh, en = BOUNDS[kind]
        return "field.invalid", f"{label}{zh.format(context[bound])}", f"{name_en} {en.format(context[bound])}"
    return "field.invalid", f"{label}的内容不符合要求", f"{name_en}: {detail['msg']}"


def _label(path: KeyPath) -> tuple[str, str]:
    """How the place is called: items counted from 1, as people count."""
    if not path:
        return "文件", "the file"
    zh = ".".join(f"第{part + 1}项" if isinstance(part, int) else part for part in path)
    en = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    return f"“{zh}”", en


def _stated(error: object, label: str, name_en: str) -> tuple[str, str, str]:
    """What a schema said itself: a Contradiction, or a ValueError in the form `zh | en`."""
    if isinstance(error, Contradiction):
        return error.code, f"{label}：{error.zh}", f"{name_en}: {error.en}"
    zh, _, en = str(error).partition(" | ")
    return "field.invalid", f"{label}：{zh}", f"{name_en}: {en or zh}"


def _unknown_choice(expected: str, value: object, label: str, name_en: str) -> tuple[str, str, str]:
    choices = re.findall(r"'([^']*)'", expected)
    nearest = difflib.get_close_matches(str(value), choices, n=1)
    zh = f"{label}的“{value}”不在可选范围内，可选：{'、'.join(choices)}"
    en = f"{name_en}: {value!r} is not among {', '.join(choices)}"
    return _with_suggestion("value.unknown", zh, en, nearest)


def _unknown_field(path: KeyPath, model: type[BaseModel]) -> tuple[str, str, str]:
    known = _fields_at(model, path[:-1])
    nearest = difflib.get_close_matches(str(path[-1]), known, n=1)
    zh = f"没有“{path[-1]}”这个项目"
    en = f"there is no field {path[-1]!r}"
    if not nearest and known:
        return "field.unknown", f"{zh}，可用的有：{'、'.join(known)}", f"{en}; known are {', '.join(known)}"
    return _with_suggestion("field.unknown", zh, en, nearest)


def _with_suggestion(code: str, zh: str, en: str, nearest: list[str]) -> tuple[str, str, str]:
    if not nearest:
        return code, zh, en
    return code, f"{zh}；是否想写“{nearest[0]}”？", f"{en}; did you mean {nearest[0]!r}?"


def _fields_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    """Names of the fields that may stand at `path`, whatever lists and mappings lie in between."""
    models = {model}
    for part in path:
        inner = [field.annotation for m in models for name, field in _named(m) if name == part]
        if inner:
            models = {found for annotation in inner for found in _models_in(annotation)}
    return sorted({name for m in models for name, _ in _named(m)})


def _named(model: type[BaseModel]) -> list[tuple[str, Any]]:
    return [(field.alias or name, field) for name, field in model.model_fields.items()]


def _models_in(annotation: object) -> set[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return {annotation}
    return {found for argument in get_args(annotation) for found in _models_in(argument)}
