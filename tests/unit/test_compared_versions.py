"""Which two versions are compared: by themselves, by hash, by word, by file; and the base of a local one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.definitions import Definition
from engine.documents import Document
from engine.errors import InputWrong, NotFound
from engine.limit_checks import shipped_time_limits
from engine.workflow_versions import History, Standing, Version
from workflows.compared_versions import Choice, Side
from workflows.definition_files import DEFINITIONS, read_definition

NATURES = {limit.id: limit.nature for limit in shipped_time_limits().values()}
SHIPPED = read_definition(DEFINITIONS / "preservation.yaml", NATURES)
NOTHING = History((), (), None)


def worded(words: str, **changes: Any) -> Definition:
    """The shipped workflow under another name."""
    return SHIPPED.model_copy(update={"zh": words, **changes})


def version(definition: Definition, standing: Standing) -> Version:
    document = Document("workflow", "preservation", definition.hash, definition.as_document())
    return Version(document, date(2026, 1, 1), "head", "试", "2026-01-01T00:00:00+00:00", standing)


def choice(*versions: Version, draft: Version | None = None) -> Choice:
    history = History(versions, (), None)
    if draft is not None:
        history = History(versions, (draft,), None, waiting=draft.hash)
    return Choice("preservation", history, NATURES)


def shown(pair: tuple[Side, Side]) -> list[tuple[str, str]]:
    return [(side.origin, side.definition.zh) for side in pair]


FIRST = version(SHIPPED, "replaced")
SECOND = version(worded("二", based_on=FIRST.hash), "in_force")
THIRD = version(worded("三", based_on=SECOND.hash), "coming")
NEXT = version(worded("四"), "draft")


@pytest.mark.parametrize(
    ("known", "pair"),
    [
        (choice(FIRST, SECOND, THIRD, draft=NEXT), [("in_force", "二"), ("draft", "四")]),
        (choice(FIRST, SECOND, THIRD), [("in_force", "二"), ("coming", "三")]),
        (choice(FIRST, SECOND), [("replaced", "先行登记保存"), ("in_force", "二")]),
        (choice(replace(FIRST, standing="in_force")), [("in_force", "先行登记保存"), ("shipped", "先行登记保存")]),
    ],
    ids=["to the draft", "to the coming one", "from the one before", "to the shipped one"],
)
def test_without_a_word_the_next_change_is_shown_else_the_last(known: Choice, pair: list[tuple[str, str]]) -> None:
    assert shown(known.pair(None, None)) == pair


def test_a_version_is_named_by_hash_by_word_or_by_file(tmp_path: Path) -> None:
    file = tmp_path / "local.yaml"
    file.write_text("extends: preservation\nzh: 本地\n", encoding="utf-8")
    known = choice(FIRST, SECOND, THIRD, draft=NEXT)

    assert shown(known.pair(FIRST.hash[:6], THIRD.hash)) == [("replaced", "先行登记保存"), ("coming", "三")]
    assert shown(known.pair("shipped", "draft")) == [("shipped", "先行登记保存"), ("draft", "四")]
    assert shown(known.pair(None, str(file))) == [("in_force", "二"), ("file", "本地")]
    assert shown(known.pair(None, SECOND.hash)) == [("replaced", "先行登记保存"), ("in_force", "二")]


@pytest.mark.parametrize(
    ("word", "code", "kind"),
    [
        (FIRST.hash[:5], "version.ambiguous", InputWrong),
        ("0123456789", "version.unknown", NotFound),
        ("draft", "workflow.no_draft", NotFound),
        ("nowhere.yaml", "file.missing", NotFound),
    ],
)
def test_a_word_that_names_no_single_version_is_refused(
    word: str, code: str, kind: type[InputWrong | NotFound]
) -> None:
    with pytest.raises(kind) as caught:
        choice(FIRST, SECOND).pair(word, None)

    assert caught.value.code == code


def test_a_beginning_that_two_versions_share_is_refused_with_both() -> None:
    twin = replace(FIRST, document=replace(FIRST.document, hash=SECOND.hash[:8] + "0" * 56))

    with pytest.raises(InputWrong) as caught:
        choice(twin, SECOND).pair(SECOND.hash[:8], None)

    assert caught.value.code == "version.ambiguous"
    assert caught.value.remedy is not None
    assert SECOND.hash[:12] in caught.value.remedy.en
    assert twin.hash[:12] in caught.value.remedy.en


def test_a_version_that_cannot_be_read_is_refused_in_a_sentence() -> None:
    odd = replace(SECOND, document=replace(SECOND.document, content={"workflow": "preservation"}))

    with pytest.raises(InputWrong) as caught:
        choice(FIRST, odd).pair(None, "shipped")

    assert caught.value.code == "version.unreadable"


@pytest.mark.parametrize(
    ("known", "code"),
    [
        (Choice("preservation", None, NATURES), "version.missing"),
        (Choice("preservation", NOTHING, NATURES), "version.missing"),
        (Choice("nothing", NOTHING, NATURES), "workflow.unknown"),
        (Choice("../shipped", None, NATURES), "workflow.unknown"),
    ],
)
def test_where_there_are_no_two_versions_it_says_so(known: Choice, code: str) -> None:
    with pytest.raises((InputWrong, NotFound)) as caught:
        known.pair(None, None)

    assert caught.value.code == code


# --- a local workflow and what it extends ---------------------------------------------------------------------------


def local_file(folder: Path, extends: str) -> Path:
    file = folder / "mine.yaml"
    file.write_text(f"extends: {extends}\nzh: 本地\n", encoding="utf-8")
    return file


def test_a_local_version_is_compared_with_the_very_version_that_it_extends(tmp_path: Path) -> None:
    known = choice(FIRST, SECOND)

    side, extended = known.local(str(local_file(tmp_path, "preservation")))

    assert (extended.workflow, extended.hash) == ("preservation", SHIPPED.hash)
    assert shown((known.base(side, extended), side)) == [("replaced", "先行登记保存"), ("file", "本地")]
    assert Choice("preservation", None, NATURES).base(side, extended).origin == "shipped"


def test_a_local_version_may_extend_a_file_beside_it(tmp_path: Path) -> None:
    beside = tmp_path / "ours.yaml"
    beside.write_text("extends: preservation\nworkflow: ours\nzh: 我们的\n", encoding="utf-8")
    side, extended = choice(FIRST).local(str(local_file(tmp_path, "ours")))

    base = Choice("ours", NOTHING, NATURES).base(side, extended)

    assert (base.origin, base.path, base.definition.zh) == ("file", beside, "我们的")


def test_a_version_that_extends_nothing_or_something_lost_is_refused(tmp_path: Path) -> None:
    side, extended = choice(FIRST).local(str(local_file(tmp_path, "preservation")))
    lost = extended.model_copy(update={"hash": "0" * 64})

    with pytest.raises(InputWrong) as not_local:
        choice(FIRST, SECOND).local(None)
    with pytest.raises(NotFound) as not_here:
        choice(FIRST, SECOND).base(side, lost)

    assert (not_local.value.code, not_here.value.code) == ("workflow.not_local", "workflow.base_unknown")
