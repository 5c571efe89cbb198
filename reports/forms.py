"""The official forms as data: titles, heads, columns and foot as they are printed, read from `data/forms/`.

Three kinds: a form of figures (rows are the campaign's categories, cells are sums of tallies), a list (one line per
case or site), and a form of which the source prints the head alone. Printed texts may hold the placeholders of
`PLACEHOLDERS`, filled in when a sheet is written. `reading` says what of a form is ours and not the source's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from engine.campaign_parts import Reading
from engine.data_files import data_folder, read_yaml, validated
from engine.data_values import Contradiction, Number
from engine.errors import NotFound, Remedy, StoreUnavailable
from engine.parsed_file import Parsed

PLACEHOLDERS = ("campaign", "region", "period", "unit", "filled_by", "phone", "contact", "contact_phone")
TOTAL = "total"  # the id of the totals row, which no category may have
OTHER = "other"  # the category that takes what belongs to no category of the campaign
CASES = "cases"  # what a list may be filled in from; the form of that id is, also in older stores

Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]
Text = Annotated[str, Field(min_length=1, max_length=500)]
WidthInCharacters = Annotated[Number, Field(ge=4, le=80)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Words(_Frozen):
    """A fixed text in both languages."""

    zh: Text
    en: Text


class Printed(Words):
    """A printed text whose placeholders, like `{unit}`, are filled in; both languages hold the same ones."""

    @model_validator(mode="after")
    def _placeholders_are_known(self) -> Printed:
        _check_placeholders(self.zh, self.en)
        return self


class SheetName(Words):
    """The name on the tab of a workbook, within what spreadsheet programs allow."""

    zh: Annotated[str, Field(pattern=r"^[^\[\]:*?/\\']+$", max_length=31)]
    en: Annotated[str, Field(pattern=r"^[^\[\]:*?/\\']+$", max_length=31)]


class RowHead(Words):
    """The head of the column that names the rows."""

    width: WidthInCharacters


class Group(Words):
    """A head that spans the neighbouring columns which name it."""

    id: Identifier


class FigureColumn(Words):
    """A column of figures: the sum of one measure, as a count or in 万元 (the measure is then in fen)."""

    id: Identifier
    unit: Words
    measure: Identifier
    kind: Literal["count", "wan"]
    group: Identifier | None = None
    width: WidthInCharacters

    @property
    def heading_zh(self) -> str:
        """As printed, with the unit: 立案数量（件）."""
        return f"{self.zh}（{self.unit.zh}）"

    @property
    def heading_en(self) -> str:
        """The English head with its unit."""
        return f"{self.en} ({self.unit.en})"


class ListColumn(Words):
    """A column of text. `personal` values are shown only to whoever may see personal data."""

    id: Identifier
    width: WidthInCharacters
    align: Literal["left", "centre"] = "left"
    personal: bool = False


class _Form(Printed):
    """What all kinds share. `zh` and `en` are the title; `reading` tells what the source does not print."""

    form: Identifier
    source: Text
    sheet: SheetName
    region_blank: Words | None = None
    reading: Reading | None = None

    @property
    def id(self) -> str:
        """The form's id, as campaigns and reports name it."""
        return self.form


class _Table(_Form):
    """A form with columns; `label` stands above the title, each part of the foot under a column of its own."""

    label: Words
    head: Printed | None = None
    period: Printed
    foot: Annotated[tuple[Printed, ...], Field(min_length=1, max_length=4)]
    note: Printed


class FigureForm(_Table):
    """A form of figures with a two-level head, one row per category and a totals row."""

    kind: Literal["figures"]
    row_head: RowHead
    other: Words
    total: Words
    groups: tuple[Group, ...] = ()
    columns: Annotated[tuple[FigureColumn, ...], Field(min_length=3, max_length=40)]

    @model_validator(mode="after")
    def _columns_fit_together(self) -> FigureForm:
        _refuse_repeated(column.id for column in self.columns)
        _refuse_repeated(group.id for group in self.groups)
        _check_groups(self.columns, {group.id for group in self.groups})
        for column in self.columns:
            if (column.kind == "wan") != column.measure.endswith("_fen"):
                raise Contradiction(
                    f"栏目“{column.id}”：金额栏（wan）的计量项须以_fen结尾，计数栏（count）则不得",
                    f"column {column.id!r}: a wan column takes a measure ending in _fen, a count column does not",
                )
        return self

    def group_of(self, column: FigureColumn) -> Group | None:
        """The group over `column`, if it stands under one."""
        return next((group for group in self.groups if group.id == column.group), None)


class ListForm(_Table):
    """A form with one line per case or site; `empty` is printed where there is none, `rows` says what fills it in."""

    kind: Literal["list"]
    restricted: bool = False
    rows: Literal["cases"] | None = None
    empty: Words
    columns: Annotated[tuple[ListColumn, ...], Field(min_length=4, max_length=40)]

    @model_validator(mode="after")
    def _columns_fit_together(self) -> ListForm:
        _refuse_repeated(column.id for column in self.columns)
        if any(column.personal for column in self.columns) and not self.restricted:
            raise Contradiction(
                "含有个人信息栏目（personal），须写明restricted: yes",
                "a form with personal columns must say restricted: yes",
            )
        return self

    @property
    def lists_cases(self) -> bool:
        """Whether its rows are the cases of the campaign; nothing fills in any other list yet."""
        return CASES in (self.form, self.rows)


class HeadForm(_Form):
    """A form whose columns nobody has seen: its title, the fields of its head, its foot, and `reading` to say so."""

    kind: Literal["head"]
    fields: Annotated[tuple[Printed, ...], Field(min_length=1, max_length=6)]
    foot: Annotated[tuple[Printed, ...], Field(max_length=4)] = ()
    reading: Reading


Form: TypeAlias = FigureForm | ListForm | HeadForm
_MODELS: dict[Any, type[Form]] = {"list": ListForm, "head": HeadForm}


def read_form(path: Path) -> Form:
    """The form in a YAML file. Raises NotFound, InputWrong, FileWrong with every problem and its line."""
    parsed = read_yaml(path)
    return validated(_model_for(parsed), parsed)


def shipped_form(form_id: str) -> Form:
    """The first version that travels with the program. Raises NotFound."""
    files = {path.stem: path for path in _shipped_files()}
    if form_id not in files:
        raise NotFound(
            "form.unknown",
            f"没有报表“{form_id}”",
            f"there is no form {form_id!r}",
            Remedy(f"可用的报表：{'、'.join(files)}", f"known forms: {', '.join(files)}"),
        )
    return read_form(files[form_id])


def shipped_forms() -> tuple[Form, ...]:
    """Every form that travels with the program, by id."""
    return tuple(read_form(path) for path in _shipped_files())


def form_document(form: Form) -> dict[str, Any]:
    """The form as plain JSON values, for the database copy; `form_from` reads it back."""
    return form.model_dump(mode="json", exclude_none=True)


def form_from(document: Mapping[str, Any]) -> Form:
    """The form kept in the database. Raises StoreUnavailable when the copy is damaged."""
    model = _MODELS.get(document.get("kind"), FigureForm)
    try:
        return model.model_validate(document)
    except ValidationError as e:
        raise StoreUnavailable(
            "form.damaged",
            f"库中的报表“{document.get('form')}”已损坏，无法读取",
            f"the stored form {document.get('form')!r} is damaged and cannot be read",
            Remedy("请运行体检查看详情", "run the check-up for details", "anjuan doctor"),
        ) from e


def _shipped_files() -> list[Path]:
    return sorted((data_folder() / "forms").glob("*.yaml"))


def _model_for(parsed: Parsed) -> type[Form]:
    kind = parsed.value.get("kind") if isinstance(parsed.value, dict) else None
    return _MODELS.get(kind, FigureForm) if isinstance(kind, str) else FigureForm


def _check_placeholders(zh: str, en: str) -> None:
    in_zh, in_en = (set(re.findall(r"\{(.*?)\}", text)) for text in (zh, en))
    unknown = sorted((in_zh | in_en) - set(PLACEHOLDERS))
    if unknown:
        raise Contradiction(
            f"没有占位符“{unknown[0]}”，可用的有：{'、'.join(PLACEHOLDERS)}",
            f"there is no placeholder {unknown[0]!r}; known are {', '.join(PLACEHOLDERS)}",
            "value.unknown",
        )
    if in_zh != in_en:
        raise Contradiction("中文与英文的占位符不一致", "the Chinese and the English text hold different placeholders")


def _refuse_repeated(ids: Iterable[str]) -> None:
    for repeated in [name for name, times in Counter(ids).items() if times > 1]:
        raise Contradiction(f"“{repeated}”重复出现", f"{repeated!r} stands there twice")


def _check_groups(columns: tuple[FigureColumn, ...], known: set[str]) -> None:
    """A group can be printed over its columns only where they are neighbours."""
    ended: set[str] = set()
    before: str | None = None
    for column in columns:
        if column.group is not None and column.group not in known:
            raise Contradiction(
                f"栏目“{column.id}”所属的“{column.group}”不在groups中",
                f"column {column.id!r} names the group {column.group!r}, which is not among groups",
                "value.unknown",
            )
        if column.group != before and before is not None:
            ended.add(before)
        if column.group in ended:
            raise Contradiction(
                f"“{column.group}”之下的栏目须相邻排列", f"the columns of group {column.group!r} must be neighbours"
            )
        before = column.group
