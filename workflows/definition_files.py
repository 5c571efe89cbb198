"""Reads a file that defines a workflow, on its own or as a difference from another, and proves it before it may run."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from engine.data_files import read_yaml, validated
from engine.definitions import Definition
from engine.errors import FileWrong, Problem
from engine.parsed_file import Parsed
from engine.soundness import flaws_of
from workflows import guards
from workflows.extending import EXTENDS, extended
from workflows.kept_laws import loosened

DEFINITIONS = Path(__file__).parent / "definitions"
# What steps may count; the forms add these up.
MEASURES = (
    "filed",
    "penalties",
    "fines_fen",
    "referrals",
    "referred_fen",
    "mediations",
    "sites_closed",
    "links_removed",
    "copies_seized",
)
# What may be counted only under the laws of the main line: otherwise a workflow of one's own would be a way round them.
UNDER_LAWS = ("filed", "penalties", "fines_fen", "referrals", "referred_fen")
MAIN_LINE = "case"


def read_definition(path: Path, natures: Mapping[str, str]) -> Definition:
    """A definition file, proved before it runs. Raises FileWrong with every line that is wrong, NotFound.

    A file with `extends` starts from the file of that name beside it, else from the shipped workflow of that name.
    `natures` are the time limits that the law knows, each with its nature.
    """
    guards.known()
    return _read(path, natures, ())


def shipped_definitions(natures: Mapping[str, str]) -> dict[str, Definition]:
    """Every shipped workflow, by id."""
    read = (read_definition(path, natures) for path in sorted(DEFINITIONS.glob("*.yaml")))
    return {d.workflow: d for d in read}


def base_of(path: Path, named: str) -> Path | None:
    """The file that is meant by `extends: named` in that file: one beside it, else a shipped one."""
    candidates = (path.parent / f"{named}.yaml", DEFINITIONS / f"{named}.yaml")
    here = path.resolve()
    return next((p for p in candidates if named.isidentifier() and p.is_file() and p.resolve() != here), None)


def _read(path: Path, natures: Mapping[str, str], within: tuple[Path, ...]) -> Definition:
    parsed = read_yaml(path)
    difference: tuple[Problem, ...] = ()
    base: Definition | None = None
    named = parsed.value.get(EXTENDS) if isinstance(parsed.value, dict) else None
    if named is not None:
        base = _base(path, parsed, str(named), natures, within)
        parsed, difference = extended(base, parsed)
    if difference:
        raise FileWrong(parsed.name, difference)
    definition = validated(Definition, parsed)
    problems = [*_flaws(definition, parsed, natures), *_out_of_law(path, definition, parsed, natures)]
    if base is not None:
        problems += _loosened(base, definition, parsed)
    if problems:
        raise FileWrong(parsed.name, tuple(sorted(problems, key=lambda p: p.line)))
    return definition


def _base(path: Path, parsed: Parsed, named: str, natures: Mapping[str, str], within: tuple[Path, ...]) -> Definition:
    here = path.resolve()
    line = parsed.line_of((EXTENDS,))
    found = base_of(path, named)
    if found is None:
        known = ", ".join(sorted(p.stem for p in DEFINITIONS.glob("*.yaml")))
        zh, en = (
            f"没有可以据以扩展的流程“{named}”，现有：{known}",
            f"no workflow {named!r} to extend; there are: {known}",
        )
        raise FileWrong(path.name, (Problem(line, "extends.unknown", zh, en),))
    if found.resolve() in within:
        way = " → ".join(p.name for p in (*within, here, found.resolve()))
        zh, en = f"extends互相引用：{way}，请断开一处", f"extends goes in a circle: {way}; break it"
        raise FileWrong(path.name, (Problem(line, "extends.circle", zh, en),))
    if found == DEFINITIONS / f"{named}.yaml":
        return _shipped(found, tuple(sorted(natures.items())))
    try:
        return _read(found, natures, (*within, here))
    except FileWrong as wrong:
        raise wrong if wrong.name != found.name else _of_base(path, line, found, wrong) from wrong


def _of_base(path: Path, line: int, found: Path, wrong: FileWrong) -> FileWrong:
    first = wrong.problems[0]
    zh = f"所扩展的{found.name}第{first.line}行有误：{first.zh}"
    en = f"{found.name}, which it extends, is wrong on line {first.line}: {first.en}"
    return FileWrong(path.name, (Problem(line, first.code, zh, en),))


@lru_cache(maxsize=16)
def _shipped(path: Path, natures: tuple[tuple[str, str], ...]) -> Definition:
    """The program's own files do not change while it runs."""
    return _read(path, dict(natures), ())


def _flaws(definition: Definition, parsed: Parsed, natures: Mapping[str, str]) -> list[Problem]:
    return [flaw.at_line(parsed.line_of(flaw.path)) for flaw in flaws_of(definition, natures, MEASURES)]


def _out_of_law(path: Path, definition: Definition, parsed: Parsed, natures: Mapping[str, str]) -> list[Problem]:
    """What is not shipped stands under the laws of the shipped workflow of its name, and whatever counts in the figures
    of cases under those of the main line: extended, or written out whole."""
    if path.resolve().parent == DEFINITIONS.resolve() or definition.extends is not None:
        return []
    known = tuple(sorted(natures.items()))
    same_name = DEFINITIONS / f"{definition.workflow}.yaml"
    if definition.workflow.isidentifier() and same_name.is_file():
        base = _shipped(same_name, known)
        return [*_without_laws(base, definition, parsed), *_loosened(base, definition, parsed)]
    main_line = _shipped(DEFINITIONS / f"{MAIN_LINE}.yaml", known)
    if not _without_laws(main_line, definition, parsed):
        return []
    problems = []
    for name, step in definition.steps.items():
        counted = [measure for measure in step.count if measure in UNDER_LAWS]
        if counted:
            zh = f"步骤“{step.zh}”计入{'、'.join(counted)}：只有扩展{MAIN_LINE}、受其法定规定约束的流程才能计入"
            en = f"{name} counts {', '.join(counted)}: only a workflow that extends {MAIN_LINE}, under its laws, may"
            problems.append(Problem(parsed.line_of(("steps", name, "count")), "count.outside_laws", zh, en))
    return problems


def _without_laws(base: Definition, definition: Definition, parsed: Parsed) -> list[Problem]:
    """The laws of the base that the definition does not have word for word."""
    lost = [(name, law) for name, law in base.never.items() if definition.never.get(name) != law]
    return [
        Problem(
            parsed.line_of(("never", name)),
            "law.untouchable",
            f"“{law.zh}”（{law.basis}）须照原样写在never中；或者写extends: {base.workflow}，只写不同之处",
            f"the law {name} ({law.en}; {law.basis}) must stand in `never` as it is; or write extends: {base.workflow} "
            "and only what differs",
        )
        for name, law in lost
    ]


def _loosened(base: Definition, definition: Definition, parsed: Parsed) -> list[Problem]:
    return [flaw.at_line(parsed.line_of(flaw.path)) for flaw in loosened(base, definition)]
