"""Cases on the command line: open, show, list, history, do, why, plan, note, undo, pause and the like."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Annotated, Any

from typer import Argument, Option

from commands import case_deadlines, case_plan
from commands.arguments import Moment, parse_day, parse_moment, parse_settings
from commands.case_lines import (
    case_lines,
    list_lines,
    moved_lines,
    opened_lines,
    undone_lines,
)
from commands.door import Desk, office_here, reading, writing
from commands.failures import refused, refused_lines
from commands.frame import Run, command, noun
from commands.history_lines import history_document, history_lines
from commands.once import Key, once, record
from commands.words import t
from engine import casework
from engine.book_store import entries_of
from engine.case_page import case_document
from engine.case_queries import CaseFilter, find_cases
from engine.case_store import load_case
from engine.clock import legal_day
from engine.deadline_page import shown
from engine.definitions import Words
from engine.errors import CaseChangedMeanwhile, InputWrong, NotFound, Remedy, TransitionRefused
from engine.ledger import case_book
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.undoing import Undone
from engine.undoing import undo as undo_last
from workflows.settlement import balance_of

app = noun("case", zh="案件", en="Cases")

CaseNo = Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))]
StepName = Annotated[str, Argument(metavar="STEP", help=t("步骤", "step"))]
Settings = Annotated[
    list[str] | None, Option("--set", metavar="k=v", help=t("填报项，可重复", "an answer; repeatable"))
]
On = Annotated[
    str | None, Option("--on", metavar="WHEN", help=t("办理日期或时刻，默认今天", "day or minute of the step"))
]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("理由", "reason"))]
Outside = Annotated[
    bool, Option("--outside-campaign", help=t("在专项行动外办理，不计入报表", "outside the campaign, uncounted"))
]


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
        when = _when(office, on)
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


@command(app, "do", zh="办理一步", en="Take a step", changes=True)
def do(
    run: Run,
    case_no: CaseNo,
    step: StepName,
    on: On = None,
    settings: Settings = None,
    reason: Reason = "",
    expect: Annotated[
        int | None, Option("--expect", metavar="VERSION", help=t("办理所依据的版本", "the version you saw"))
    ] = None,
    outside_campaign: Outside = False,
    key: Key = None,
) -> None:
    """Takes one step; a refusal is told with every reason and put on record."""
    office = office_here()
    given = parse_settings(settings or [])
    request = {
        "do": [case_no, step],
        "on": on,
        "set": given,
        "reason": reason,
        "expect": expect,
        "outside": outside_campaign,
    }
    with reading(run, office) as desk:
        # What this command was decided on: whoever changes the case from here on makes it fail, not slip through.
        seen = expect if expect is not None else load_case(desk.work, case_no).case.version

    def act(desk: Desk) -> dict[str, Any]:
        when = _when(office, on)
        order = TakeStep(case_no, step, desk.who.name, given, when.on, when.at, reason, seen, outside_campaign)
        return casework.take_step(office, desk.work, order).document(office.clock.now())

    done = _despite_notes(run, office, case_no, seen, lambda: once(run, office, key, request, act, record))
    run.show(done, lambda: moved_lines(done, _columns(office)))


@command(app, "why", zh="查问一步能否办理", en="Ask whether a step is possible")
def why(
    run: Run,
    case_no: CaseNo,
    step: StepName,
    on: On = None,
    settings: Settings = None,
    outside_campaign: Outside = False,
    reason: Reason = "",
) -> None:
    """Tells every reason against a step without taking it; always ends with 0."""
    given = parse_settings(settings or [])
    with reading(run) as desk:
        when = _when(desk.office, on)
        order = TakeStep(case_no, step, desk.who.name, given, when.on, when.at, reason, None, outside_campaign)
        asked = casework.explain(desk.office, desk.work, order)
    verdict, named = asked.verdict, asked.workflow.definition.steps[step]
    run.show(
        refused(case_no, step, verdict.refusals, verdict.warnings),
        lambda: refused_lines(case_no, t(f"“{named.zh}”", f'"{named.en}"'), verdict.refusals, verdict.warnings),
    )


case_plan.hang(app)


@command(app, "show", zh="查看案件", en="Show a case")
def show(run: Run, case_no: CaseNo) -> None:
    """Shows one case with its deadlines and the steps possible from here."""
    with reading(run) as desk:
        case = casework.find_case(desk.office, desk.work, case_no, desk.who.name)
        balance = balance_of(case, desk.office.law, legal_day(desk.office.clock.now()))
        extra = {"late_fee_fen": balance.late_fee_fen if balance else 0}
        found = case_document(desk.office, desk.work, case, desk.who, extra)
        definition = desk.office.workflow_of(desk.work, case.definition).definition
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
        _require_state(office, state)
        total, cases = find_cases(desk.work, CaseFilter(units, state, campaign, due_by, text), limit)
        names = {c.definition: office.workflow_of(desk.work, c.definition).definition for c in cases}
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
        definition = desk.office.workflow_of(desk.work, case.definition).definition
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
    run.show(done, lambda: undone_lines(done, _columns(office)))


case_deadlines.hang(app)


def _despite_notes(
    run: Run, office: Office, case_no: str, seen: int, attempt: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Try again when only the case's book has grown meanwhile (a note, a mail): its version is still the one seen."""
    for last in (False, False, True):
        try:
            return attempt()
        except CaseChangedMeanwhile as e:
            told = _explained(run, office, case_no, seen, e)
            if last or told.version != seen:
                raise told from e
    raise AssertionError("the last attempt returns or raises")


def _explained(
    run: Run, office: Office, case_no: str, seen: int, conflict: CaseChangedMeanwhile
) -> CaseChangedMeanwhile:
    """The conflict with the version that the case has now and who made it."""
    if conflict.version is not None:
        return conflict
    with reading(run, office) as desk:
        case = load_case(desk.work, case_no).case
    return CaseChangedMeanwhile(case_no, seen, case.version, case.trail[-1].actor)


def _require_state(office: Office, state: str | None) -> None:
    """Raises NotFound for a state that no workflow has: a misspelt one must not look like an empty list."""
    known = sorted({s for definition in office.definitions().values() for s in definition.states})
    if state is not None and state not in known:
        near = difflib.get_close_matches(state, known, 3)
        raise NotFound(
            "state.unknown",
            f"没有状态“{state}”",
            f"there is no state {state!r}",
            Remedy(f"可用：{'、'.join(near or known)}", f"there are: {', '.join(near or known)}"),
        )


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


def _columns(office: Office) -> dict[str, tuple[str, str]]:
    """The printed names of what is counted, by measure, from the forms of figures."""
    return {
        column["measure"]: (column["zh"], column["en"])
        for form in office.documents("form")
        for column in form.content["columns"]
        if "measure" in column
    }


def _when(office: Office, text: str | None) -> Moment:
    """The day and minute of `--on`; without it today."""
    today = legal_day(office.clock.now())
    return parse_moment(text, today, office.law.calendar) if text else Moment(today)
