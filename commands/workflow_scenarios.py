"""Plays the scenarios of a workflow file for a command, and how their outcomes are printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from commands.failures import problem_document
from commands.output import wrap
from commands.rules_here import office_or_none
from commands.screen import progress
from commands.words import t
from engine.definitions import Definition

if TYPE_CHECKING:
    from engine.documents import Document
    from workflows.scenario_acts import Outcome


def outcomes_of(file: Path, definition: Definition) -> tuple[Outcome, ...]:
    """How every scenario goes that travels with the definition in that file, with a bar on the way."""
    # Only who asks for scenarios pays for loading what founds an office.
    from workflows.scenario_files import files_in, folders_of
    from workflows.scenario_playing import played

    folders = folders_of(file)
    with progress(len(files_in(folders)), t("演练", "scenarios")) as advance:
        return played(definition, folders, _own_rules(), advance)


def scenario_documents(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The outcomes as scripts read them."""
    return [
        {
            "id": one.id,
            "zh": one.zh,
            "en": one.en,
            "ok": one.ok,
            "differences": [problem_document(difference) for difference in one.differences],
        }
        for one in outcomes
    ]


def scenario_lines(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """One line for each scenario, below it what differs, and how many there are."""
    if not outcomes:
        yield from wrap(t("没有随附的全程案例", "no scenarios travel with it"))
        return
    for one in outcomes:
        name = t(f"{one.zh}（{one.id}）", f"{one.en} ({one.id})") if one.zh != one.id else one.id
        standing = t("相符  ", "ok      ") if one.ok else t("不符  ", "differs ")
        yield from wrap(standing + name, indent="    ", first="  ")
        for difference in one.differences:
            where = t(f"第{difference.line}行：", f"line {difference.line}: ")
            yield from wrap(where + t(difference.zh, difference.en), indent="      ", first="    ")
    wrong = sum(not one.ok for one in outcomes)
    zh, en = f"演练全程案例{len(outcomes)}件，", f"scenarios played: {len(outcomes)}; "
    yield from wrap(
        t(f"{zh}{wrong}件不符", f"{en}not as written: {wrong}") if wrong else t(f"{zh}全部相符", f"{en}all as written")
    )


def _own_rules() -> tuple[Document, ...]:
    """The time limits and parameters that this office has; those shipped are in every practice office already."""
    office = office_or_none()
    return () if office is None else (*office.documents("time_limit"), *office.documents("parameter"))
