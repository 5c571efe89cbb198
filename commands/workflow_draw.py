"""`anjuan workflow draw`: a workflow as text, SVG or Mermaid, with open cases, one case or a campaign laid over it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.door import Desk, office_here, reading
from commands.frame import Run, command
from commands.output import wrap
from commands.rules_here import office_or_none
from commands.words import language, t
from commands.workflow_sources import FILES, definition_named
from engine.clock import legal_day
from engine.definitions import Definition
from engine.errors import InputWrong, Remedy

if TYPE_CHECKING:
    from engine.case_view import CaseView
    from reports.flow_drawing import Drawing, Overlay, Shut

EXAMPLES = {".svg": "flow.svg", ".mmd": "flow.mmd", ".txt": "flow.txt"}


def hang(app: Typer) -> None:
    """Makes `draw` a command of the noun."""
    command(
        app,
        "draw",
        zh="绘制流程图\n\n--to另存为文件，按结尾写成.svg（可打印A3）、.mmd（Mermaid）或.txt。有案卷库的，各状态标注本单位"
        "及下级的未结案件数；--case标注一个案件所在的状态和经过，--campaign标注专项行动当日不能办理的步骤。",
        en="Draw a workflow\n\n--to writes a file: .svg (prints on A3), .mmd (Mermaid) or .txt. With a store every "
        "state has the number of open cases of the actor's units; --case marks where a case stands and how it came "
        "there, --campaign the steps that a campaign closes on the day.",
    )(draw)


class _Wanted(NamedTuple):
    """What is to be laid over the drawing."""

    case_no: str | None
    campaign: str | None
    on: str | None
    unit: str | None


def draw(
    run: Run,
    workflow: Annotated[
        str, Argument(metavar="ID|FILE", help=t("流程代号或者流程文件", "the id of a workflow, or a file"))
    ],
    to: Annotated[
        Path | None, Option("--to", metavar="FILE.svg", help=t("另存为.svg、.mmd或.txt", "write an .svg, .mmd or .txt"))
    ] = None,
    case_no: Annotated[str | None, Option("--case", metavar="NO", help=t("标注该案", "mark this case"))] = None,
    campaign: Annotated[
        str | None, Option("--campaign", metavar="ID", help=t("标注专项行动不能办理的步骤", "mark what it closes"))
    ] = None,
    on: Annotated[
        str | None,
        Option("--on", metavar="DATE", help=t("专项行动的哪一天，默认今天", "on which day, else today")),
    ] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("单位（含下级）", "unit and those below"))] = None,
) -> None:
    """Raises InputWrong, NotFound, Forbidden, StoreUnavailable; then no file is written."""
    # Loaded here, so that the other commands of the noun start without it.
    from commands.workflow_draw_lines import draw_document, draw_lines
    from reports.written_files import put_in_place

    _require_sense(to, campaign, on)
    definition, drawing = _drawn(run, workflow, _Wanted(case_no, campaign, on, unit))
    if to is not None:
        put_in_place(to, _content(to, drawing).encode("utf-8"), EXAMPLES[to.suffix.lower()])
    document = {**draw_document(definition, drawing), "file": str(to) if to is not None else None}
    written = t(f"已写入{to}", f"written to {to}")
    run.show(document, lambda: draw_lines(drawing) if to is None else wrap(written))


def _drawn(run: Run, workflow: str, wanted: _Wanted) -> tuple[Definition, Drawing]:
    from reports.flow_drawing import drawing_of

    definition = definition_named(workflow)
    office = office_or_none()
    if office is None and not any(wanted):
        return definition, drawing_of(definition, language())
    with reading(run, office or office_here()) as desk:
        definition, overlay = _laid_over(desk, definition, wanted, Path(workflow).suffix.lower() in FILES)
    return definition, drawing_of(definition, language(), overlay)


def _laid_over(desk: Desk, definition: Definition, wanted: _Wanted, from_file: bool) -> tuple[Definition, Overlay]:
    """What is laid over the drawing, and the workflow itself: where a case is shown, the version that it began with."""
    from reports.flow_drawing import Overlay
    from reports.flow_overlay import shut_on, stands_of, way_of

    case, remarks = None, []
    if wanted.case_no is not None:
        case, own = _case(desk, definition, wanted.case_no)
        if own is None or own.hash != definition.hash:
            remarks.append(_version_words(case.case_no, from_file=from_file, lost=own is None))
        definition = definition if from_file or own is None else own
        remarks.append(_case_words(definition, case))
    counts = _counts(desk, definition.workflow, wanted.unit)
    if counts is not None:
        remarks.append(_counted_words(desk, definition, counts, wanted.unit))
    shut: dict[str, Shut] = {}
    if wanted.campaign is not None:
        plan, day = desk.office.plan(wanted.campaign), _day(desk, wanted.on)
        shut = shut_on(plan, day)
        remarks.append(t(f"专项行动：{plan.name.zh}，{day}", f"campaign: {plan.name.en}, {day}"))
    if case is None:
        return definition, Overlay(counts, shut=shut, remarks=remarks)
    return definition, Overlay(counts, stands_of(definition, case, language()), way_of(case), shut, remarks)


def _case(desk: Desk, definition: Definition, case_no: str) -> tuple[CaseView, Definition | None]:
    """The case, and the version it began with if that can still be read. Raises NotFound, Forbidden, InputWrong."""
    from engine.casework import find_case

    case = find_case(desk.office, desk.work, case_no, desk.who.name)
    _require_same(definition.workflow, case.workflow, case.case_no)
    return case, desk.office.definition_of(desk.work, case.definition)


def _counts(desk: Desk, workflow: str, unit: str | None) -> dict[str, int] | None:
    """Open cases by state in the units that the actor sees; `None` where nobody is known and none was asked for."""
    from engine.case_queries import open_cases_by_state

    if desk.actor is None and unit is None:
        return None
    people = desk.office.people
    units = set(people.below(desk.who.unit))
    if unit is not None:
        units &= set(people.below(people.unit(unit).id))
    return open_cases_by_state(desk.work, units, workflow)


def _counted_words(desk: Desk, definition: Definition, counts: Mapping[str, int], unit: str | None) -> str:
    of = desk.office.people.unit(unit or desk.who.unit)
    day, total = legal_day(desk.office.clock.now()), sum(counts.values())
    others = sum(n for state, n in counts.items() if state not in definition.states)
    said = t(f"{of.zh}及下级未结案件{total}件，{day}", f"open cases of {of.id} and units below: {total}, {day}")
    if others:
        said += t(f"，其中{others}件所在的状态不在本版本中", f"; of these in states of other versions: {others}")
    return said


def _case_words(definition: Definition, case: CaseView) -> str:
    state = definition.states.get(case.state)
    zh = state.zh if state else f"{case.state}（本版本没有这一状态）"
    en = state.en if state else f"{case.state} (not in this version)"
    return t(f"案件{case.case_no}：{zh}", f"case {case.case_no}: {en}")


def _day(desk: Desk, on: str | None) -> date:
    today = legal_day(desk.office.clock.now())
    return parse_day(on, today, desk.office.law.calendar) if on else today


def _version_words(case_no: str, *, from_file: bool, lost: bool) -> str:
    if lost:
        return t(
            f"案件{case_no}所依的流程版本已无法读取，按给出的流程绘制",
            f"the version of case {case_no} can no longer be read; drawn is the workflow that was named",
        )
    if from_file:
        return t(f"按文件绘制，不是案件{case_no}所依的版本", f"drawn from the file, not the version of case {case_no}")
    return t(
        f"按案件{case_no}所依的流程版本绘制，不是现行版本",
        f"drawn in the version that case {case_no} began with, not the one in force",
    )


def _content(to: Path, drawing: Drawing) -> str:
    from commands.workflow_draw_lines import draw_lines
    from reports.flow_mermaid import mermaid_of
    from reports.flow_svg import svg_of

    kind = to.suffix.lower()
    if kind == ".svg":
        return svg_of(drawing)
    return mermaid_of(drawing) if kind == ".mmd" else "\n".join(draw_lines(drawing)) + "\n"


def _require_sense(to: Path | None, campaign: str | None, on: str | None) -> None:
    from reports.written_files import require_place

    if on is not None and campaign is None:
        raise InputWrong(
            "usage.on_without_campaign",
            "--on只与--campaign一起使用",
            "--on goes with --campaign only",
            Remedy("注明专项行动", "name the campaign", "anjuan campaign list"),
        )
    if to is not None:
        if to.suffix.lower() not in EXAMPLES:
            raise InputWrong(
                "file.suffix",
                f"文件应以.svg、.mmd或.txt结尾：“{to}”",
                f"the file must end in .svg, .mmd or .txt: {to}",
                Remedy(f"例如{to.stem or 'flow'}.svg", f"for example {to.stem or 'flow'}.svg"),
            )
        require_place(to, EXAMPLES[to.suffix.lower()])


def _require_same(workflow: str, of_case: str, case_no: str) -> None:
    if workflow != of_case:
        raise InputWrong(
            "workflow.other",
            f"案件{case_no}的流程是{of_case}，不是{workflow}",
            f"case {case_no} is of the workflow {of_case}, not {workflow}",
            Remedy("绘制该案的流程", "draw that workflow", f"anjuan workflow draw {of_case} --case {case_no}"),
        )
