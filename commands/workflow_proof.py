"""`anjuan workflow proof`: on what each law of a workflow rests, on the terminal, as JSON or as a page to print."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.frame import Run, command
from commands.output import wrap
from commands.rules_here import clock_of, office_or_none
from commands.words import language, t
from commands.workflow_sources import definition_named, limits_here
from engine.clock import today
from engine.definitions import Definition
from engine.legal_proof import prove
from engine.staff_at_hand import remarks_on_staff
from reports.law_report import LawReport, law_report, require_report_place, write_report
from workflows.law_labels import labels_of


def hang(app: Typer) -> None:
    """Makes `proof` a command of the noun."""
    command(
        app,
        "proof",
        zh="证明流程符合法定规定：每项规定由什么保证\n\n--to另存为可以打印的网页。",
        en="Prove that a workflow keeps its laws: on what each rests\n\n--to also writes a page to print.",
    )(proof)


def proof(
    run: Run,
    workflow: Annotated[
        str, Argument(metavar="ID|FILE", help=t("流程代号或者流程文件", "the id of a workflow, or a file"))
    ],
    to: Annotated[
        Path | None, Option("--to", metavar="FILE.html", help=t("另存为可以打印的网页", "write a page too"))
    ] = None,
) -> None:
    """Raises NotFound, FileWrong with every law that is broken, InputWrong for the place of the page."""
    if to is not None:
        require_report_place(to)
    definition = definition_named(workflow)
    report = law_report(definition, prove(definition), labels_of(limits_here()), _remarks(definition))
    if to is not None:
        write_report(to, report, language())
    document = {**report_document(report), "file": str(to) if to is not None else None}
    run.show(document, lambda: report_lines(report, to))


def report_document(report: LawReport) -> dict[str, Any]:
    """The report as scripts read it."""
    return {
        "workflow": report.workflow,
        "hash": report.hash,
        "laws": [
            {
                "id": law.law,
                "number": law.number,
                "zh": law.zh,
                "en": law.en,
                "basis": law.basis,
                "rests_on": [
                    {
                        "ground": ground.kind[1],
                        "zh": ground.said[0],
                        "en": ground.said[1],
                        "steps": [name for _, name in ground.steps],
                    }
                    for ground in law.grounds
                ],
            }
            for law in report.laws
        ],
        "remarks": [{"zh": zh, "en": en} for zh, en in report.remarks],
    }


def report_lines(report: LawReport, to: Path | None) -> Iterator[str]:
    """Each law with its article, then what it rests on, one ground a line."""
    yield from wrap(t(f"{report.zh}（{report.workflow}）", f"{report.en} ({report.workflow})"))
    for law in report.laws:
        yield ""
        number = f"{law.number}  " if law.number is not None else ""
        yield from wrap(number + t(law.zh, law.en), indent="    ")
        yield from wrap(law.basis, indent="    ", first="    ")
        for ground in law.grounds:
            steps = t("、", ", ").join(t(zh, name) for zh, name in ground.steps)
            said = t(f"{ground.kind[0]}：{ground.said[0]}", f"{ground.kind[1]}: {ground.said[1]}")
            yield from wrap(f"· {said}{f' [{steps}]' if steps else ''}", indent="      ", first="    ")
    if report.remarks:
        yield ""
        yield t("提示：", "Remarks:")
        for zh, en in report.remarks:
            yield from wrap(t(zh, en), indent="    ", first="  ")
    if to is not None:
        yield ""
        yield from wrap(t(f"已写出{to}", f"written to {to}"))


def _remarks(definition: Definition) -> tuple[tuple[str, str], ...]:
    """Of the office that is here, for every unit with staff; without a store nothing is known of staff."""
    office = office_or_none()
    if office is None:
        return ()
    on = today(clock_of(office))
    units = sorted({p.unit for p in office.people.persons.values() if not p.has_left(on)})
    return tuple(remark for unit in units for remark in remarks_on_staff(definition, office.people, unit, on))
