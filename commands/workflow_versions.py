"""`anjuan workflow load / activate / versions`: drafts of a workflow, put in force by two people; what there is."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.arguments import parse_day
from commands.asking import PasswordStdin
from commands.confirming import confirm_again
from commands.door import office_here, reading, writing
from commands.frame import Run, command
from commands.output import wrap
from commands.screen import write_talk
from commands.version_lines import changed_lines, proposal_words, version_lines
from commands.words import t
from commands.workflow_scenarios import outcomes_of, scenario_documents, scenario_lines
from engine.clock import shown_instant, today
from engine.errors import InputWrong, Remedy, TransitionRefused
from engine.office import Office
from engine.people import Person
from engine.repeating import kept
from engine.workflow_versions import History, Proposal, Version, history_of, open_cases_under
from workflows.definition_files import read_definition
from workflows.rule_loading import require_may_load
from workflows.shipped import shipped_documents
from workflows.shipped_versions import NewerBase, newer_bases, shipped_hashes
from workflows.staff_rights import record_refused
from workflows.version_changes import Changed, activate, load_draft, waiting_proposal, withdraw
from workflows.version_judging import Activation

WorkflowId = Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("依据", "why"))]


def hang(app: Typer) -> None:
    """Makes the three commands of the noun."""
    command(
        app,
        "load",
        zh="载入流程文件，存为草案\n\n先校验；现行版本继续有效，启用见workflow activate。",
        en="Keep a workflow file as a draft\n\nIt is proved first. What is in force stays so; see workflow activate.",
        changes=True,
    )(load)
    command(
        app,
        "activate",
        zh="启用流程版本：一人提议，另一人以同样的命令确认\n\n两人中至少一人为机关负责人。已经登记的案件仍依原版本。",
        en="Put a version in force: one proposes, another confirms with the same command\n\nOne of the two must be a "
        "head. Cases that are open stay under their version.",
        changes=True,
    )(activate_)
    command(app, "versions", zh="查看流程的各版本", en="Show the versions of a workflow")(versions)


def load(
    run: Run,
    file: Annotated[Path, Argument(metavar="FILE", help=t("流程文件", "the file"))],
    reason: Reason = "",
    scenarios: Annotated[
        bool,
        Option("--scenarios", help=t("先演练随附的全程案例，不符即不载入", "play its cases first; load if they agree")),
    ] = False,
) -> None:
    """Proves the file, plays its scenarios if asked to, and keeps it as a draft."""
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        require_may_load(office, actor)
    definition = read_definition(file, office.law.natures)
    outcomes = outcomes_of(file, definition) if scenarios else ()
    played: dict[str, Any] = {"scenarios": scenario_documents(outcomes)} if scenarios else {}
    if not all(one.ok for one in outcomes):
        run.show({"act": "refused", "workflow": definition.workflow, **played}, lambda: scenario_lines(outcomes))
        run.exit(2)
    done = kept(office.store, lambda work: load_draft(office, work, actor, definition, reason), keep=not run.dry_run)
    run.show(
        {**done.document(), **played},
        lambda: [*(scenario_lines(outcomes) if scenarios else ()), *changed_lines(done, office.people, run.dry_run)],
    )


def activate_(
    run: Run,
    workflow_id: WorkflowId,
    from_: Annotated[
        str | None, Option("--from", metavar="DATE", help=t("自该日起施行", "the first day on which it holds"))
    ] = None,
    version: Annotated[
        str | None,
        Option("--version", metavar="HASH", help=t("版本（默认最近载入的草案）", "which version; the last draft")),
    ] = None,
    reason: Reason = "",
    take_back: Annotated[bool, Option("--withdraw", help=t("撤回提议", "withdraw the proposal"))] = False,
    password_stdin: PasswordStdin = False,
) -> None:
    """Proposes, confirms or withdraws; a refusal is put on record."""
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        require_may_load(office, actor)
        waiting = waiting_proposal(office, desk.work, workflow_id)
    if take_back:
        done = kept(office.store, lambda work: withdraw(office, work, actor, workflow_id, reason), keep=not run.dry_run)
    else:
        order = _order(office, workflow_id, from_, version, reason)
        # What is confirmed is what was looked at, whatever others propose meanwhile.
        order = replace(order, seen=waiting[0].seq if waiting is not None else 0)
        if waiting is not None and waiting[0].by != actor.name:
            for line in wrap(t(*proposal_words(*waiting))):
                write_talk(line)
        words = f"anjuan workflow activate {workflow_id} --from {order.from_on} --reason …"
        confirm_again(run, office, actor, words, from_stdin=password_stdin)
        done = _activated(run, office, actor, order)
    run.show(done.document(), lambda: changed_lines(done, office.people, run.dry_run))


def versions(run: Run, workflow_id: WorkflowId) -> None:
    """Lists drafts and versions with how many open cases follow each."""
    with reading(run) as desk:
        office, on = desk.office, today(desk.office.clock)
        history = history_of(desk.work, workflow_id, on)
        if not history.versions and not history.drafts:
            raise office.no_workflow(workflow_id)
        cases = open_cases_under(desk.work, workflow_id)
        newer = _newer_base(office, workflow_id)
    found = _document(workflow_id, history, cases, newer)
    run.show(found, lambda: version_lines(found))


def _order(office: Office, workflow_id: str, from_: str | None, version: str | None, reason: str) -> Activation:
    if from_ is None:
        raise InputWrong(
            "workflow.from_missing",
            "请用--from写明自哪一天起施行",
            "say with --from from which day on it holds",
            Remedy(
                "例如今天起", "for example today", f"anjuan workflow activate {workflow_id} --from today --reason …"
            ),
        )
    on = parse_day(from_, today(office.clock), office.law.calendar)
    return Activation(workflow_id, on, reason, version.strip().lower() if version is not None else None)


def _activated(run: Run, office: Office, actor: Person, order: Activation) -> Changed:
    try:
        return kept(office.store, lambda work: activate(office, work, actor, order), keep=not run.dry_run)
    except TransitionRefused as refused:
        with writing(run, office) as desk:
            record_refused(office, desk.work, refused, actor.name)
        raise


def _document(id_: str, history: History, cases: dict[str, int], newer: NewerBase | None) -> dict[str, Any]:
    """The newest first: drafts, then versions as each replaced the one before."""
    listed = [*reversed(history.drafts), *reversed(history.versions)]
    return {
        "workflow": id_,
        "versions": [{**_row(version), "open_cases": cases.get(version.hash, 0)} for version in listed],
        "proposal": _proposal(history.proposal) if history.proposal is not None else None,
        "newer_base": {"base": newer.base, "had": newer.had, "shipped": newer.shipped, "zh": newer.zh, "en": newer.en}
        if newer is not None
        else None,
    }


def _row(version: Version) -> dict[str, Any]:
    return {
        "hash": version.hash,
        "standing": version.standing,
        "from": version.effective_on.isoformat() if version.effective_on else None,
        "author": version.author,
        "by": list(version.by),
        "reason": version.reason,
        "recorded_at": shown_instant(version.recorded_at),
        "based_on": version.based_on,
    }


def _proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "draft": proposal.draft,
        "from": proposal.effective_on.isoformat(),
        "by": proposal.by,
        "proposed_on": proposal.proposed_on.isoformat(),
        "reason": proposal.reason,
        "lapsed": proposal.lapsed,
    }


def _newer_base(office: Office, workflow_id: str) -> NewerBase | None:
    definition = office.definitions().get(workflow_id)
    if definition is None or definition.extends is None:
        return None
    return next(newer_bases([definition], shipped_hashes(shipped_documents())), None)
