"""Cases on the command line: open, show, list, history, do, why, plan, note, undo, pause and the like."""

from __future__ import annotations

import difflib
from typing import Annotated, Any

from typer import Argument, Option

from commands import case_assignments, case_corrections, case_deadlines, case_files, case_plan, case_steps
from commands.arguments import parse_day, parse_settings
from commands.case_lines import (
    case_lines,
    list_lines,
    opened_lines,
    undone_lines,
)
from commands.case_steps import CaseNo, On, Outside, Reason, Settings, columns_of, when_of
from commands.door import Desk, office_here, reading, writing
from commands.frame import Run, command, noun
from commands.history_lines import history_document, history_lines
from commands.once import Key, once, record
from commands.words import t
from engine import casework
from engine.book_store import entries_of
from engine.case_page import case_document
from engine.case_queries import CaseFilter, any_case_in, find_cases
from engine.case_view import CaseView
from engine.clock import legal_day
from engine.deadline_page import shown
from engine.definitions import Words
from engine.errors import InputWrong, NotFound, Remedy, TransitionRefused
from engine.ledger import case_book
from engine.office import Office
from engine.orders import OpenCase
from engine.runnable import tells_states
from engine.store import Work
from engine.undoing import Undone
from engine.undoing import undo as undo_last
from workflows.settlement import late_fee_fen

app = noun("case", zh="案件", en="Cases")


@command(app, "open", zh="登记案件", en="Open a case", changes=True)
def open_(
    run: Run,
    workflow: Annotated[str, Argument(metavar="WORKFLOW", help=t("流程，如case", "workflow, such as case"))],
    campaign: Annotated[str | None, Option("--campaign", metavar="ID", help=t("专项行动", "campaign"))] = None,
    category: Annotated[str | None, Option("--category", metavar="C", help=t("类别", "category"))] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("单位，默认本单位", "unit"))] = None,
    parent: Annotated[str | None, Option("--parent", metavar="NO", help=t("上级案件", "parent case"))] = None,
    on: On = None,
    settings: Settings = None,
    reason: Reason = "",
    outside_campaign: Outside = False,
    key: Key = None,
) -> None:
    """Opens a case; a refusal is told with every reason and put on record."""
    office = office_here()
    given = parse_settings(settings or [])
    request = {
        "open": workflow,
        "campaign": campaign,
        "category": category,
        "unit": unit,
        "parent": parent,
        "on": on,
        "set": given,
        "reason": reason,
        "outside": outside_campaign,
    }

    def act(desk: Desk) -> dict[str, Any]:
        when = when_of(office, on)
        order = OpenCase(
            workflow, desk.who.name, given, unit, campaign, category, parent, when.on, when.at, reason, outside_campaign
        )
        move = casework.open_case(office, desk.work, order)
        now = office.clock.now()
        return {
            "case_no": move.after.case_no,
            "workflow": move.after.workflow,
            "state": move.after.state,
            "version": move.after.version,
            "names": {"state": move.document(now)["names"]["to"]},
            "warnings": [w.document() for w in move.warnings],
            "deadlines": [shown(d, office.law.calendar, legal_day(now), now) for d in move.started],
        }

    def refused_(desk: Desk, refusal: TransitionRefused) -> None:
        casework.record_refused_opening(office, desk.work, refusal, desk.who.name, unit or desk.who.unit, campaign)

    done = once(run, office, key, request, act, refused_)
    run.show(done, lambda: opened_lines(done))


case_steps.hang(app)
case_plan.hang(app)


@command(app, "show", zh="查看案件", en="Show a case")
def show(run: Run, case_no: CaseNo) -> None:
    """Shows one case with its deadlines and the steps possible from here."""
    with reading(run) as desk:
        case = casework.find_case(desk.office, desk.work, case_no, desk.who.name)
        definition = desk.office.definition_of(desk.work, case.definition)
        extra = {"late_fee_fen": _late_fee(desk, case)}
        found = case_document(desk.office, desk.work, case, desk.who, extra)
    run.show(found, lambda: case_lines(found, definition))


@command(app, "list", zh="案件清单", en="List cases")
def list_(
    run: Run,
    state: Annotated[str | None, Option("--state", metavar="S", help=t("状态", "state"))] = None,
    campaign: Annotated[str | None, Option("--campaign", metavar="ID", help=t("专项行动", "campaign"))] = None,
    unit: Annotated[str | None, Option("--unit", metavar="U", help=t("单位（含下级）", "unit and those below"))] = None,
    due: Annotated[
        int | None,
        Option("--due", metavar="N", min=0, max=3660, help=t("N日内有期限届满", "something due within N days")),
    ] = None,
    text: Annotated[str | None, Option("--text", metavar="T", help=t("查找文字", "text to look for"))] = None,
    limit: Annotated[int, Option("--limit", metavar="N", min=1, max=10000, help=t("最多列出", "at most"))] = 50,
) -> None:
    """Lists cases of the actor's units, the nearest date first."""
    with reading(run) as desk:
        office = desk.office
        units = set(office.people.below(desk.who.unit))
        if unit is not None:
            office.people.unit(unit)
            units &= set(office.people.below(unit))
        if campaign is not None:
            office.plan(campaign)
        due_by = parse_day(f"+{due}d", legal_day(office.clock.now()), office.law.calendar) if due else None
        if due == 0:
            due_by = legal_day(office.clock.now())
        _require_state(office, desk.work, state)
        total, cases = find_cases(desk.work, CaseFilter(units, state, campaign, due_by, text), limit)
        names = {c.definition: office.definition_of(desk.work, c.definition) for c in cases}
    found = {
        "total": total,
        "cases": [
            {
                "case_no": c.case_no,
                "title": c.title,
                "state": c.state,
                "unit": c.unit,
                "due_on": c.due_on,
                "provisional": c.provisional,
            }
            for c in cases
        ],
    }
    run.show(found, lambda: list_lines(total, cases, names))


@command(app, "history", zh="案件记录", en="The record of a case")
def history(run: Run, case_no: CaseNo) -> None:
    """Lists every entry of the case's book."""
    with reading(run) as desk:
        case = casework.find_case(desk.office, desk.work, case_no, desk.who.name)
        definition = desk.office.definition_of(desk.work, case.definition)
        entries = [history_document(e) for e in entries_of(desk.work, case_book(case_no))]
    run.show(entries, lambda: history_lines(entries, definition))


@command(app, "note", zh="记一笔", en="Write a note", changes=True)
def note(run: Run, case_no: CaseNo, text: Annotated[str, Argument(metavar="TEXT", help=t("内容", "text"))]) -> None:
    """Writes a note into the record; it moves neither state nor version."""
    if not text.strip():
        raise InputWrong("note.empty", "笔记没有内容", "the note is empty")
    with writing(run) as desk:
        entry = history_document(casework.note(desk.office, desk.work, case_no, desk.who.name, text.strip()))
    run.show(entry, lambda: [t(f"{case_no}：已记入第{entry['seq']}条", f"{case_no}: noted as entry {entry['seq']}")])


@command(
    app,
    "undo",
    zh="撤回上一步\n\n上一步之后又中止、恢复、延长、重新计算过期限的，先撤回最近一次。",
    en="Take the last step back\n\nIf a deadline was paused, resumed, extended or begun anew since, that goes first.",
    changes=True,
)
def undo(run: Run, case_no: CaseNo, reason: Reason = "") -> None:
    """Takes the last step, or the last act on a deadline, back by a compensating entry."""
    office = office_here()

    def act(desk: Desk) -> dict[str, Any]:
        done = undo_last(office, desk.work, case_no, desk.who.name, reason)
        now = office.clock.now()
        return {
            "case_no": case_no,
            "undoes": done.seq,
            "undone": done.kind,
            "from": done.before.state,
            "to": done.after.state,
            "version": done.after.version,
            "names": _names(office, desk, done),
            "deadlines": [shown(d, office.law.calendar, legal_day(now), now) for d in done.deadlines],
            "tallies": [tally.shown() for tally in done.tallies],
            **history_document(done.entry),
        }

    done = once(run, office, None, {}, act, record)
    run.show(done, lambda: undone_lines(done, columns_of(office)))


for acts in (case_deadlines, case_corrections, case_files, case_assignments):
    acts.hang(app)


def _require_state(office: Office, work: Work, state: str | None) -> None:
    """Raises NotFound for a state that no workflow has and no case is in: a misspelt one must not look empty."""
    known = sorted({s for definition in office.definitions().values() for s in definition.states})
    if state is not None and state not in known and not any_case_in(work, state):
        near = difflib.get_close_matches(state, known, 3)
        raise NotFound(
            "state.unknown",
            f"没有状态“{state}”",
            f"there is no state {state!r}",
            Remedy(f"可用：{'、'.join(near or known)}", f"there are: {', '.join(near or known)}"),
        )


def _late_fee(desk: Desk, case: CaseView) -> int | None:
    """The late fee so far; None where the case can only be read and nobody can tell where its parties stand."""
    definition = desk.office.definition_of(desk.work, case.definition)
    if definition is None or not tells_states(desk.office.lost_to(desk.work, case)):
        return None
    return late_fee_fen(definition, case, desk.office.law, legal_day(desk.office.clock.now()))


def _names(office: Office, desk: Desk, done: Undone) -> dict[str, dict[str, str]]:
    """The step taken back and the states as people call them."""
    definition = office.workflow_of(desk.work, done.before.definition).definition
    said: dict[str, Words] = {
        "from": definition.states[done.before.state],
        "to": definition.states[done.after.state],
    }
    if done.step is not None:
        said["step"] = definition.steps[done.step]
    return {name: {"zh": words.zh, "en": words.en} for name, words in said.items()}
