"""`anjuan workflow`: lists and shows the kinds of case, and checks a definition file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

from typer import Argument

from commands.failures import problem_document
from commands.frame import Run, command, noun
from commands.output import table, wrap
from commands.rules_here import office_or_none
from commands.words import t
from commands.workflow_matrix import matrix_document, matrix_lines
from engine.definitions import Answer, Counted, Definition, Step, arcs_of, openings_of
from engine.errors import FileWrong, NotFound, Remedy
from engine.limit_checks import shipped_time_limits
from workflows import guards
from workflows.shipped import read_definition, shipped_definitions

app = noun("workflow", zh="流程", en="Workflows")


@command(app, "list", zh="列出流程", en="List the workflows")
def list_workflows(run: Run) -> None:
    found = _definitions()
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
    definition = _definition(workflow_id)
    run.show(workflow_document(definition), lambda: _lines(definition))


@command(app, "matrix", zh="查看各角色可以办理哪些步骤", en="Show which role may take which step")
def matrix(
    run: Run, workflow_id: Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))]
) -> None:
    definition = _definition(workflow_id)
    run.show(matrix_document(definition), lambda: matrix_lines(definition))


@command(app, "check", zh="校验流程文件，不启用", en="Check a workflow file without putting it to use")
def check(run: Run, file: Annotated[Path, Argument(metavar="FILE", help=t("流程文件", "the file"))]) -> None:
    errors: list[dict[str, Any]] = []
    try:
        definition = read_definition(file, _natures())
        said = (f"{file.name} 没有错误：{definition.zh}", f"{file.name} has no errors: {definition.en}")
    except FileWrong as wrong:
        errors = [problem_document(p) for p in wrong.problems if not p.remark]
        said = (f"{file.name} 有{len(errors)}处错误：", f"{file.name}: errors: {len(errors)}")

    def lines() -> Iterator[str]:
        yield from wrap(t(*said))
        for e in errors:
            where = t(f"第{e['line']}行：", f"line {e['line']}: ")
            yield from wrap(where + t(e["zh"], e["en"]), indent="    ", first="  ")

    run.show({"ok": not errors, "errors": errors}, lines)
    if errors:
        run.exit(2)


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


def _definition(workflow_id: str) -> Definition:
    found = _definitions()
    definition = found.get(workflow_id)
    if definition is None:
        names = sorted(found)
        raise NotFound(
            "workflow.unknown",
            f"没有流程“{workflow_id}”",
            f"there is no workflow {workflow_id!r}",
            Remedy(f"现有：{'、'.join(names)}", f"there are: {', '.join(names)}", "anjuan workflow list"),
        )
    return definition


def _definitions() -> dict[str, Definition]:
    """Those of the store; without a store those shipped."""
    office = office_or_none()
    if office is not None:
        return office.definitions()
    guards.known()
    return shipped_definitions(_shipped_natures())


def _natures() -> dict[str, str]:
    office = office_or_none()
    return _shipped_natures() if office is None else office.law.natures


def _shipped_natures() -> dict[str, str]:
    return {limit.id: limit.nature for limit in shipped_time_limits().values()}
