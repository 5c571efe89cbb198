"""The proof of a workflow's laws as a page (法定规定证明): which law rests on what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.definitions import OPEN, Definition
from engine.legal_proof import Ground, LawProof, Rest
from reports.pages import rendered
from reports.written_files import put_in_place, require_place

EXAMPLE = "proof.html"
TEMPLATE = "law_report.html"
GROUNDS: Mapping[Ground, tuple[str, str]] = {
    "way": ("流程路径", "the way through the states"),
    "guard": ("办理条件", "a guard"),
    "answer": ("必填项", "an answer that is asked"),
    "people": ("人员分离", "who may take it"),
    "limit": ("期限", "a time limit"),
    "promise": ("引擎承诺", "a promise of the engine"),
}


Labels = Mapping[tuple[Ground, str], tuple[str, str]]


@dataclass(frozen=True)
class Grounded:
    """One thing that a law rests on, and for which steps."""

    kind: tuple[str, str]
    said: tuple[str, str]
    steps: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LawLine:
    """One law: its number among the invariants of the field, what it says, under which article, and its grounds."""

    law: str
    number: int | None
    zh: str
    en: str
    basis: str
    grounds: tuple[Grounded, ...]


@dataclass(frozen=True)
class LawReport:
    """Everything that the page says, in both languages side by side; `remarks` are what does not stop a workflow."""

    workflow: str
    zh: str
    en: str
    hash: str
    states: int
    steps: int
    laws: tuple[LawLine, ...]
    remarks: tuple[tuple[str, str], ...]


def law_report(
    definition: Definition,
    proofs: Iterable[LawProof],
    labels: Labels,
    remarks: Iterable[tuple[str, str]] = (),
) -> LawReport:
    """The report on proofs that hold. `labels` say in words what a guard asks and what a limit is called."""
    laws = tuple(
        LawLine(p.law, p.said.number, p.said.zh, p.said.en, p.said.basis, tuple(_grounds(definition, p.rests, labels)))
        for p in proofs
    )
    return LawReport(
        definition.workflow,
        definition.zh,
        definition.en,
        definition.hash,
        len(definition.states),
        len(definition.steps),
        laws,
        tuple(remarks),
    )


def require_report_place(file: Path) -> None:
    """Raises InputWrong where no page can be written to `file`."""
    require_place(file, EXAMPLE)


def write_report(file: Path, report: LawReport, lang: str) -> None:
    """Write the page, in the place of an older one, whole or not at all. Raises InputWrong, StoreUnavailable."""
    put_in_place(file, page_of(report, lang).encode("utf-8"), EXAMPLE)


def page_of(report: LawReport, lang: str) -> str:
    """The page; equal reports give equal pages. The language chooses which stands first."""
    return rendered(TEMPLATE, report=report, lang=lang, first=0 if lang == "zh" else 1)


def _grounds(definition: Definition, rests: Iterable[Rest], labels: Labels) -> Iterator[Grounded]:
    """What the law rests on, the same ground said once for all its steps."""
    found: dict[tuple[Ground, str, str], list[Rest]] = {}
    for rest in rests:
        found.setdefault((rest.ground, rest.zh, rest.en), []).append(rest)
    for (ground, zh, en), same in found.items():
        label = labels.get((ground, same[0].named))
        said = (f"{zh}（{label[0]}）", f"{en}: {label[1]}") if label is not None else (zh, en)
        yield Grounded(GROUNDS[ground], said, tuple(_step(definition, r.step) for r in same if r.step))


def _step(definition: Definition, name: str) -> tuple[str, str]:
    return ("登记", OPEN) if name == OPEN else (definition.steps[name].zh, name)
