"""Reads the data files: YAML of which every scalar stays text and knows its line, then checked against a schema.

Stable codes of the problems found:

| Code | What is wrong |
|---|---|
| `yaml.syntax` | not YAML; a tab as indentation |
| `yaml.encoding` | not UTF-8, or a NUL or other control character |
| `yaml.too_big`, `yaml.too_deep` | over 1 MiB; nested deeper than 20 |
| `yaml.duplicate_key`, `yaml.key` | the same key twice; a key that is empty or not plain text |
| `yaml.alias`, `yaml.merge`, `yaml.tag` | an anchor or alias (`&`, `*`); a merge key (`<<`); a tag (`!`) |
| `yaml.documents` | more than one document in the file |
| `field.missing`, `field.unknown`, `field.invalid` | a field that is absent or empty; not known; out of bounds |
| `shape.invalid` | a list, a group of fields or a text was expected |
| `date.invalid`, `date.out_of_range` | no such day; a day before 1990 or after 2100 |
| `number.invalid`, `value.unknown` | not a whole number; not among the choices |

A schema adds codes of its own by raising `engine.data_values.Contradiction`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import engine
from engine.errors import FileWrong, InputWrong, NotFound, Problem, Remedy
from engine.parsed_file import KeyPath, Parsed

if TYPE_CHECKING:
    from pydantic import BaseModel

M = TypeVar("M", bound="BaseModel")

MAX_BYTES = 1024 * 1024
MAX_DEPTH = 20
ABSENT = ("", "~", "null")
# What an escape in a quoted scalar can still bring in; no text of ours holds it, and databases refuse it.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def data_folder() -> Path:
    """The shipped data, beside the package `engine`; never written to."""
    return Path(engine.__file__).parent.parent / "data"


def read_yaml(path: Path) -> Parsed:
    """Read a file of at most 1 MiB in UTF-8, with or without BOM. Raises NotFound, InputWrong, FileWrong."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError as e:
        raise NotFound(
            "file.missing",
            f"没有文件“{path}”",
            f"there is no file {path}",
            Remedy("请检查文件名和所在文件夹", "check the name and the folder"),
        ) from e
    except (OSError, ValueError) as e:
        raise InputWrong(
            "file.unreadable",
            f"文件“{path}”无法读取（{_reason(e)[0]}）",
            f"{path} cannot be read ({_reason(e)[1]})",
            Remedy("请给出一个可读取的文件", "name a file that you may read"),
        ) from e
    if len(content) > MAX_BYTES:
        raise FileWrong(path.name, (_too_big(),))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        line = content.count(b"\n", 0, e.start) + 1
        zh = "文件不是UTF-8编码，请在编辑器中另存为UTF-8"
        raise FileWrong(path.name, (Problem(line, "yaml.encoding", zh, "not UTF-8; save the file as UTF-8"),)) from e
    return parse_yaml(text, path.name)


def parse_yaml(text: str, name: str) -> Parsed:
    """Parse one document. Every scalar stays text; a plain empty, `~` or `null` scalar is None. Raises FileWrong."""
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise FileWrong(name, (_too_big(),))
    reader = _Reader()
    try:
        value = reader.read(_events(text, pure=False))
    except _Misread:
        # The quick parser knows an older YAML: what it refuses the thorough one reads, or explains.
        reader = _Reader()
        value = _read_thoroughly(reader, text, name)
    except _Stopped as e:
        raise FileWrong(name, (*reader.problems, e.problem)) from e
    if reader.problems:
        raise FileWrong(name, tuple(reader.problems))
    return Parsed(value, reader.lines, name)


def validated(model: type[M], parsed: Parsed) -> M:
    """The parsed file as `model`. Raises FileWrong with every problem of the schema, each with its line."""
    from pydantic import ValidationError

    from engine.data_problems import problems_of

    try:
        return model.model_validate(parsed.value)
    except ValidationError as e:
        raise FileWrong(parsed.name, problems_of(e, model, parsed)) from e


def _read_thoroughly(reader: _Reader, text: str, name: str) -> Any:
    try:
        return reader.read(_events(text, pure=True))
    except _Stopped as e:
        raise FileWrong(name, (*reader.problems, e.problem)) from e.__cause__


class _Misread(Exception):
    """The quick parser could not read it."""


class _Stopped(Exception):
    def __init__(self, problem: Problem) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass
class _Open:
    """A mapping or list that is being read. `key` is the key whose value comes next."""

    value: dict[str, Any] | list[Any]
    path: KeyPath
    key: str | None = None
    key_line: int = 1


@dataclass
class _Reader:
    """Builds the value from parser events, which carry anchors, tags and lines and need no recursion."""

    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Any = None
    documents: int = 0

    def read(self, events: Iterator[Any]) -> Any:
        for event in events:
            self.take(event)
        return self.root

    def take(self, event: Any) -> None:
        from ruamel.yaml import events

        line = event.start_mark.line + 1
        if isinstance(event, events.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                zh, en = "文件中有多个文档（“---”），请拆成多个文件", "several documents; split the file at ---"
                raise _Stopped(Problem(line, "yaml.documents", zh, en))
        elif isinstance(event, events.AliasEvent):
            self.report(
                line, "yaml.alias", "不允许引用（*），请把内容写全", "aliases (*) are not allowed; write it out"
            )
            self.take_alias(line)
        elif isinstance(event, events.ScalarEvent):
            self.refuse_marks(event, line)
            self.take_scalar(event, line)
        elif isinstance(event, (events.MappingStartEvent, events.SequenceStartEvent)):
            self.refuse_marks(event, line)
            self.open({} if isinstance(event, events.MappingStartEvent) else [], line)
        elif isinstance(event, (events.MappingEndEvent, events.SequenceEndEvent)):
            self.stack.pop()

    def take_alias(self, line: int) -> None:
        awaiting = self.awaits_key()
        if awaiting is not None:
            awaiting.key, awaiting.key_line = "", line
        else:
            self.put(None, line)

    def awaits_key(self) -> _Open | None:
        """The mapping whose next scalar is a key, if it is one that is being read."""
        top = self.stack[-1] if self.stack else None
        return top if top is not None and isinstance(top.value, dict) and top.key is None else None

    def take_scalar(self, event: Any, line: int) -> None:
        plain = not event.style
        if CONTROL.search(event.value):
            self.report(line, "yaml.encoding", "含有控制字符，请删除", "a control character; delete it")
        awaiting = self.awaits_key()
        if awaiting is not None:
            self.take_key(awaiting, event.value, line, plain)
        else:
            self.put(None if plain and event.value in ABSENT else event.value, line)

    def take_key(self, top: _Open, key: str, line: int, plain: bool) -> None:
        if plain and key == "<<":
            self.report(
                line, "yaml.merge", "不允许合并键（<<），请把内容写全", "merge keys (<<) are not allowed; write it out"
            )
        elif not key.strip():
            self.report(line, "yaml.key", "项目名为空，请写明", "an empty key; give it a name")
        elif key in top.value:
            first = self.lines[(*top.path, key)]
            zh = f"“{key}”与第{first}行重复，请只保留一处"
            self.report(line, "yaml.duplicate_key", zh, f"{key!r} stands already on line {first}; keep one")
        top.key, top.key_line = key, line

    def open(self, value: dict[str, Any] | list[Any], line: int) -> None:
        if len(self.stack) == MAX_DEPTH:
            zh = f"嵌套超过{MAX_DEPTH}层，请检查缩进和括号"
            raise _Stopped(Problem(line, "yaml.too_deep", zh, f"nested deeper than {MAX_DEPTH}; check the brackets"))
        if self.awaits_key() is not None:
            raise _Stopped(Problem(line, "yaml.key", "项目名只能是文字", "a key must be a plain text"))
        self.stack.append(_Open(value, self.put(value, line)))

    def put(self, value: Any, line: int) -> KeyPath:
        """Place a value into what is open and remember its line; returns its path."""
        if not self.stack:
            self.root, self.lines[()] = value, line
            return ()
        top = self.stack[-1]
        if isinstance(top.value, list):
            path: KeyPath = (*top.path, len(top.value))
            top.value.append(value)
        else:
            key, line, top.key = top.key or "", top.key_line, None
            path = (*top.path, key)
            top.value[key] = value
        self.lines.setdefault(path, line)
        return path

    def refuse_marks(self, event: Any, line: int) -> None:
        if event.anchor is not None:
            self.report(
                line, "yaml.alias", "不允许锚点（&），请把内容写全", "anchors (&) are not allowed; write it out"
            )
        if event.tag is not None:
            self.report(line, "yaml.tag", "不允许类型标记（!），请去掉", "tags (!) are not allowed; take it away")

    def report(self, line: int, code: str, zh: str, en: str) -> None:
        self.problems.append(Problem(line, code, zh, en))


def _events(text: str, *, pure: bool) -> Iterator[Any]:
    """The parser's events; what is not YAML ends in _Stopped, or in _Misread where the parser is not the pure one."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        yield from YAML(typ="safe", pure=pure).parse(text)
    except (YAMLError, ValueError, AttributeError) as e:
        if not pure:
            raise _Misread from e
        raise _Stopped(_why_not(text, e)) from e


def _why_not(text: str, error: Exception) -> Problem:
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    if isinstance(error, ReaderError):
        line = text.count("\n", 0, error.position) + 1
        return Problem(line, "yaml.encoding", "含有控制字符，请删除", "a control character; delete it")
    if isinstance(error, MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return _syntax_problem(text, mark.line + 1 if mark else 1, error.problem or "")
    return _syntax_problem(text, 1, str(error).splitlines()[0] if str(error) else "")


def _syntax_problem(text: str, line: int, detail: str) -> Problem:
    lines = text.splitlines()
    content = lines[line - 1] if line <= len(lines) else ""
    if "\t" in content[: len(content) - len(content.lstrip())]:
        return Problem(line, "yaml.syntax", "缩进用了制表符，请改用空格", "a tab as indentation; use spaces")
    zh = "格式有误，请检查本行及上一行的缩进、冒号（后加空格）、引号和括号"
    en = f"not valid YAML ({detail.splitlines()[0] if detail else 'unreadable'}); "
    return Problem(line, "yaml.syntax", zh, en + "check indentation, colons, quotes and brackets here and just above")


def _too_big() -> Problem:
    return Problem(
        1, "yaml.too_big", "文件超过1 MiB，请拆分或检查是否选错文件", "larger than 1 MiB; split it or check the file"
    )


def _reason(error: OSError | ValueError) -> tuple[str, str]:
    if isinstance(error, IsADirectoryError):
        return "这是文件夹", "it is a folder"
    if isinstance(error, PermissionError):
        return "没有读取权限", "no permission"
    return "系统拒绝", (error.strerror if isinstance(error, OSError) else None) or str(error)
