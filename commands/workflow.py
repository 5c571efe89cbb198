"""`anjuan workflow`: lists and shows the kinds of case, and checks a definition file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from commands import workflow_diff, workflow_draw, workflow_move, workflow_proof, workflow_versions
from commands.failures import problem_document
from commands.frame import Run, command, noun
from commands.output import table, wrap
from commands.words import t
from commands.workflow_matrix import matrix_document, matrix_lines
from commands.workflow_scenarios import outcomes_of, scenario_documents, scenario_lines
from commands.workflow_sources import definition_here, definitions_here, natures_here
from engine.definitions import Answer, Counted, Definition, Step, arcs_of, openings_of
from engine.errors import FileWrong
from workflows.definition_files import read_definition

app = noun("workflow", zh="流程", en="Workflows")


@command(app, "list", zh="列出流程", en="List the workflows")
def list_workflows(run: Run) -> None:
    found = definitions_here()
    rows = [
        {"id": id_, "zh": d.zh, "en": d.en, "states": len(d.states), "steps": len(d.steps), "hash": d.hash}
        for id_, d in sorted(found.items())
    ]
    headers = (t("代号", "id"), t("名称", "name"), t("状态", "states"), t("步骤", "steps"))
    run.show(
        rows, lambda: table(headers, [(r["id"], t(str(r["zh"]), str(r["en"])), r["states"], r["steps"]) for r in rows])
    )


@command(app, "show", zh="查看流程的状态和步骤", en="Show the states and steps of a workflow")
def show(
    run: Run, workflow_id: Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))]
) -> None:
    definition = definition_here(workflow_id)
    run.show(workflow_document(definition), lambda: _lines(definition))


@command(app, "matrix", zh="查看各角色可以办理哪些步骤", en="Show which role may take which step")
def matrix(
    run: Run, workflow_id: Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))]
) -> None:
    definition = definition_here(workflow_id)
    run.show(matrix_document(definition), lambda: matrix_lines(definition))


@command(app, "check", zh="校验流程文件，不启用", en="Check a workflow file without putting it to use")
def check(
    run: Run,
    file: Annotated[Path, Argument(metavar="FILE", help=t("流程文件", "the file"))],
    scenarios: Annotated[
        bool,
        Option("--scenarios", help=t("并演练随附的全程案例", "also play the whole cases that travel with it")),
    ] = False,
) -> None:
    errors: list[dict[str, Any]] = []
    definition = None
    try:
        definition = read_definition(file, natures_here())
        said = (f"{file.name} 没有错误：{definition.zh}", f"{file.name} has no errors: {definition.en}")
    except FileWrong as wrong:
        errors = [problem_document(p) for p in wrong.problems if not p.remark]
        said = (f"{file.name} 有{len(errors)}处错误：", f"{file.name}: errors: {len(errors)}")
    outcomes = outcomes_of(file, definition) if scenarios and definition is not None else ()

    def lines() -> Iterator[str]:
        yield from wrap(t(*said))
        for e in errors:
            where = t(f"第{e['line']}行：", f"line {e['line']}: ")
            yield from wrap(where + t(e["zh"], e["en"]), indent="    ", first="  ")
        if scenarios and not errors:
            yield from scenario_lines(outcomes)

    ok = not errors and all(one.ok for one in outcomes)
    played = {"scenarios": scenario_documents(outcomes)} if scenarios else {}
    run.show({"ok": ok, "errors": errors, **played}, lines)
    if not ok:
        run.exit(2)


workflow_proof.hang(app)
workflow_move.hang(app)
workflow_diff.hang(app)
workflow_draw.hang(app)
workflow_versions.hang(app)


def workflow_document(definition: Definition) -> dict[str, Any]:
    """A workflow as scripts read it. A target that depends on something is given as it is written; `arcs` lists all."""
    return {
        "workflow": definition.workflow,
        "zh": definition.zh,
        "en": definition.en,
        "hash": definition.hash,
        "roles": {role: {"zh": said.zh, "en": said.en} for role, said in definition.roles.items()},
        "states": {
            state: {"zh": said.zh, "en": said.en, "stage": said.stage, "end": said.end}
            for state, said in definition.states.items()
        },
        "open": {
            "to": list(openings_of(definition)),
            "by": definition.open.by,
            "ask": _asked(definition.open.ask),
            "basis": definition.open.basis,
        },
        "steps": {step_id: _step_document(definition, step_id, step) for step_id, step in definition.steps.items()},
    }


def _step_document(definition: Definition, step_id: str, step: Step) -> dict[str, Any]:
    return {
        "zh": step.zh,
        "en": step.en,
        "from": step.from_,
        "to": step.to,
        "arcs": [{"from": source, "to": dest} for source, dest in dict.fromkeys(arcs_of(definition, step_id))],
        "by": step.by,
        "not_by": step.not_by,
        "ask": _asked(step.ask),
        "require": [name for guard in step.require for name in guard],
        "warn": [name for guard in step.warn for name in guard],
        "start": [start.rule for start in step.start],
        "stop": [stop.rule for stop in step.stop],
        "count": {
            measure: n.model_dump(exclude_defaults=True) if isinstance(n, Counted) else n
            for measure, n in step.count.items()
        },
        "basis": step.basis,
    }


def _asked(ask: Mapping[str, Answer]) -> dict[str, Any]:
    return {
        name: {
            "type": answer.type,
            "zh": answer.zh,
            "en": answer.en,
            "optional": answer.optional,
            "choices": list(answer.choices),
        }
        for name, answer in ask.items()
    }


def _lines(definition: Definition) -> Iterator[str]:
    """Each step as it would be read aloud: its name, who takes it, from where to where, under which article."""
    yield from wrap(t(f"{definition.zh}（{definition.workflow}）", f"{definition.en} ({definition.workflow})"))
    yield ""
    by = _by(definition, definition.open.by)
    begins = " | ".join(_states(definition, openings_of(definition)))
    yield from _step_lines("open", t("登记", "Open"), by, begins, definition.open.basis)
    for step_id, step in definition.steps.items():
        targets = dict.fromkeys(dest for _, dest in arcs_of(definition, step_id))
        to = t("不变", "same") if step.to == "same" else " | ".join(_states(definition, targets))
        way = f"{t('、', ', ').join(_states(definition, step.from_))} → {to}"
        yield from _step_lines(step_id, t(step.zh, step.en), _by(definition, step.by), way, step.basis)


def _states(definition: Definition, states: Iterable[str]) -> list[str]:
    return [t(definition.states[s].zh, s) for s in states]


def _step_lines(step_id: str, name: str, by: str, way: str, basis: str) -> Iterator[str]:
    yield from wrap(t(f"{step_id}  {name}（{by}）", f"{step_id}  {name} ({by})"))
    yield from wrap(way, indent="    ")
    if basis:
        yield from wrap(t(f"依据：{basis}", f"basis: {basis}"), indent="    ")


def _by(definition: Definition, roles: tuple[str, ...]) -> str:
    return t("、", ", ").join(
        t(definition.roles[role].zh, role) if role in definition.roles else role for role in roles
    )
