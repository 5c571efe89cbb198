"""Reading data files: scalars stay text with their line, and what is wrong is said once, with line and remedy."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from engine.data_files import MAX_BYTES, data_folder, parse_yaml, read_yaml, validated
from engine.data_values import Contradiction, Day, Number
from engine.errors import FileWrong, InputWrong, NotFound, Problem


class Item(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    no: Number = Field(ge=1)
    kind: Literal["weekly", "monthly"] = "monthly"


class Sheet(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    due_on: Day
    paid: bool = False
    items: tuple[Item, ...] = ()
    named: dict[str, Item] = {}

    @field_validator("title")
    @classmethod
    def _no_slash(cls, title: str) -> str:
        if "/" in title:
            raise Contradiction("标题不得含“/”", "a title has no slash", "title.slash")
        if "?" in title:
            raise ValueError("标题不得含“?” | a title has no question mark")
        return title


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(FileWrong) as caught:
        parse_yaml(text, "x.yaml")
    return caught.value.problems


def schema_problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(FileWrong) as caught:
        validated(Sheet, parse_yaml(text, "x.yaml"))
    return caught.value.problems


def test_every_scalar_keeps_its_text() -> None:
    text = "day: 2018-09-31\nno: 007\nline: 12390\nyes: on\nsize: 1e3\nhex: 0x1F\n"
    text += "quoted: '~'\nnone: ~\nempty:\nnull_: null\n"

    value = parse_yaml(text, "x.yaml").value

    assert value == {
        "day": "2018-09-31",
        "no": "007",
        "line": "12390",
        "yes": "on",
        "size": "1e3",
        "hex": "0x1F",
        "quoted": "~",
        "none": None,
        "empty": None,
        "null_": None,
    }


def test_every_key_and_item_knows_its_line() -> None:
    parsed = parse_yaml("# head\na:\n  - x\n  - b: 1\n    c: >\n      long\n      text\nd: {e: [f]}\n", "x.yaml")

    assert parsed.line_of(("a",)) == 2
    assert parsed.line_of(("a", 0)) == 3
    assert parsed.line_of(("a", 1, "c")) == 5
    assert parsed.line_of(("d", "e", 0)) == 8
    assert parsed.line_of(("a", 1, "absent", 3)) == 4
    assert parsed.value["a"][1]["c"] == "long text\n"


REFUSED = [  # text, line, code
    ("a: 1\nb: 2\na: 3\n", 3, "yaml.duplicate_key"),
    ("a: &x 1\n", 1, "yaml.alias"),
    ("a:\n  b: *x\n", 2, "yaml.alias"),
    ("a: 1\n*x : {c: 2}\n", 2, "yaml.alias"),
    ("a: 1\nb: !!int 3\n", 2, "yaml.tag"),
    ("a: !python/object:os.system []\n", 1, "yaml.tag"),
    ("a:\n  <<: {b: 1}\n", 2, "yaml.merge"),
    ("a: 1\n---\nb: 2\n", 2, "yaml.documents"),
    ("a: 1\n? [b]\n: 2\n", 2, "yaml.key"),
    ("a: 1\n'': 2\n", 2, "yaml.key"),
    ("a:\n\t- b\n", 2, "yaml.syntax"),
    ("a: 1\n b: 2\n", 2, "yaml.syntax"),
    ("a: 1\nb: [1\n", 3, "yaml.syntax"),
    ("a: 1\nb: @x\n", 2, "yaml.syntax"),
    ("a: 1\nb: x\x00y\n", 2, "yaml.encoding"),
    ('a: 1\nb: "x\\0y"\n', 2, "yaml.encoding"),
    ('a: 1\nb: "\\uD800"\n', 2, "yaml.encoding"),
    ("a: 1\n" + "[" * 21, 2, "yaml.syntax"),
    ("a:\n" + "[" * 5000, 2, "yaml.syntax"),
    ("a: 1\nb: " + "[" * 5000, 2, "yaml.too_deep"),
    ("x" * (MAX_BYTES + 1), 1, "yaml.too_big"),
    ("字" * (MAX_BYTES // 2), 1, "yaml.too_big"),
]


@pytest.mark.parametrize(("text", "line", "code"), REFUSED)
def test_what_yaml_may_not_do_here_is_refused_with_its_line(text: str, line: int, code: str) -> None:
    found = problems(text)

    assert (found[0].line, found[0].code) == (line, code)
    assert found[0].zh != found[0].en


def test_all_problems_of_a_file_come_at_once() -> None:
    found = problems("a: &x 1\na: 2\nb: !t 3\nc: [\n")

    assert [p.code for p in found] == ["yaml.alias", "yaml.duplicate_key", "yaml.tag", "yaml.syntax"]


def test_twenty_levels_are_allowed() -> None:
    assert parse_yaml("[" * 20 + "]" * 20, "x.yaml").value is not None


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + "标题: 一\r\n".encode())

    assert read_yaml(file).value == {"标题": "一"}


def test_what_is_not_utf_8_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a: 1\nb: " + "苏州".encode("gb18030"))

    with pytest.raises(FileWrong) as caught:
        read_yaml(file)

    assert [(p.line, p.code) for p in caught.value.problems] == [(2, "yaml.encoding")]


def test_a_file_of_ten_megabytes_is_not_read_through(tmp_path: Path) -> None:
    file = tmp_path / "x.yaml"
    file.write_bytes(b"a" * (10 * MAX_BYTES))

    with pytest.raises(FileWrong) as caught:
        read_yaml(file)

    assert [p.code for p in caught.value.problems] == ["yaml.too_big"]


def test_an_absent_file_a_folder_and_an_impossible_name_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="there is no file") as absent:
        read_yaml(tmp_path / "no.yaml")
    with pytest.raises(InputWrong) as folder:
        read_yaml(tmp_path)
    with pytest.raises(InputWrong):
        read_yaml(tmp_path / "a\x00b")

    assert absent.value.code == "file.missing"
    assert folder.value.code == "file.unreadable"


def test_a_good_file_becomes_the_model() -> None:
    text = "title: 表\ndue_on: 2018-09-15\npaid: yes\nitems:\n  - {no: 007, kind: weekly}\n"

    sheet = validated(Sheet, parse_yaml(text, "x.yaml"))

    assert sheet.due_on.isoformat() == "2018-09-15"
    assert sheet.paid is True
    assert sheet.items == (Item(no=7, kind="weekly"),)


HEAD = "title: 表\ndue_on: 2018-09-15\n"
WRONG = [  # text, line, code, a word of the English sentence
    ("title: 表\n", 1, "field.missing", "due_on"),
    ("", 1, "field.missing", "empty"),
    ("- a\n", 1, "shape.invalid", "field: value"),
    ("title:\ndue_on: 2018-09-15\n", 1, "field.missing", "empty"),
    ("title: [a]\ndue_on: 2018-09-15\n", 1, "shape.invalid", "text"),
    ("title: a\ndue_on: 2018-09-31\n", 2, "date.invalid", "no day 2018-09-31"),
    ("title: a\ndue_on: 20180915\n", 2, "date.invalid", "2018-08-14"),
    ("title: a\ndue_on: 1534204800\n", 2, "date.invalid", "2018-08-14"),
    ("title: a/b\ndue_on: 2018-09-15\n", 1, "title.slash", "a title has no slash"),
    ("title: a?b\ndue_on: 2018-09-15\n", 1, "field.invalid", "a title has no question mark"),
    (HEAD + "itmes: []\n", 3, "field.unknown", "'items'"),
    (HEAD + "items:\n  - no: 1\n  - no: 2\n    knd: weekly\n", 6, "field.unknown", "'kind'"),
    (HEAD + "named:\n  a:\n    xyz: 1\n    no: 2\n", 5, "field.unknown", "kind, no"),
    (HEAD + "items: text\n", 3, "shape.invalid", "a list"),
    (HEAD + "items:\n  - no: 5.0\n", 4, "number.invalid", "whole number"),
    (HEAD + "items:\n  - no: 0\n", 4, "field.invalid", "at least 1"),
    (HEAD + "items:\n  - no: 1\n    kind: montly\n", 5, "value.unknown", "did you mean 'monthly'"),
    (HEAD + "paid: perhaps\n", 3, "value.unknown", "yes or no"),
]


@pytest.mark.parametrize(("text", "line", "code", "word"), WRONG)
def test_what_the_schema_refuses_has_line_code_and_both_languages(text: str, line: int, code: str, word: str) -> None:
    found = schema_problems(text)

    assert (found[0].line, found[0].code) == (line, code)
    assert word in found[0].en
    assert any("一" <= sign <= "鿿" for sign in found[0].zh)


def test_the_problems_of_a_schema_come_sorted_by_line() -> None:
    found = schema_problems("due_on: 2018-02-30\nitems:\n  - kind: daily\n")

    assert [(p.line, p.code) for p in found] == [
        (1, "field.missing"),
        (1, "date.invalid"),
        (3, "field.missing"),
        (3, "value.unknown"),
    ]


def test_the_shipped_data_lies_beside_the_engine() -> None:
    assert (data_folder().parent / "engine" / "data_files.py").is_file()
