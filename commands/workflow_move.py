"""`anjuan workflow move`: the open cases of a workflow to another version, rehearsed first, then for real."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.asking import PasswordStdin
from commands.confirming import confirm_again
from commands.door import office_here, reading
from commands.frame import Run, command
from commands.output import table, wrap
from commands.screen import progress
from commands.words import t
from engine.move_judging import MoveVerdict, NameMapping
from workflows.name_mappings import read_mapping
from workflows.rule_loading import require_may_load
from workflows.version_moves import (
    SHOWN_DIGITS,
    MoveAccount,
    MovePlan,
    count_candidates,
    move,
    rehearse,
    target_version,
)

# So many cases are listed on the screen; the JSON has all.
MOST_LISTED = 20
OUTCOMES = {
    "moves": ("可以移动", "can move"),
    "needs_mapping": ("须有对应表", "need a mapping"),
    "blocked": ("不能移动", "blocked"),
}
KINDS = {"states": ("状态", "state"), "steps": ("步骤", "step"), "answers": ("填报项", "answer")}
LIMIT = ("期限", "limit")


def hang(app: Typer) -> None:
    """Makes `move` a command of the noun."""
    command(
        app,
        "move",
        zh="把未结案件移到流程的另一版本\n\n先用--rehearse预演：逐案写明能否移动、须对应什么、因何不能。中断的，重新执行即可。",
        en="Move the open cases to another version of their workflow\n\nRehearse it first: case by case what can move, "
        "what needs a mapping, what is blocked. A move that was interrupted is simply begun again.",
    )(move_)


def move_(
    run: Run,
    workflow_id: Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))],
    reason: Annotated[str, Option("--reason", metavar="R", help=t("依据", "why"))],
    to: Annotated[
        str | None,
        Option("--to", metavar="VERSION", help=t("版本（默认现行版本）", "which version; by default the one in force")),
    ] = None,
    mapping: Annotated[
        Path | None, Option("--mapping", metavar="FILE", help=t("名称对应表", "a file that maps names"))
    ] = None,
    only_rehearse: Annotated[bool, Option("--rehearse", help=t("只预演", "only rehearse"))] = False,
    password_stdin: PasswordStdin = False,
) -> None:
    """Shows what became of every case. Raises Forbidden, NotFound, InputWrong, FileWrong, TransitionRefused."""
    office = office_here()
    with reading(run, office) as desk:
        actor = desk.who
        require_may_load(office, actor)
        _, target = target_version(office, desk.work, workflow_id, to)
        total = count_candidates(desk.work, workflow_id, target.hash)
    names = read_mapping(mapping, target.definition) if mapping is not None else NameMapping()
    plan = MovePlan(workflow_id, target, names, actor, reason)
    if not only_rehearse:
        words = f"anjuan workflow move {workflow_id} --to {target.hash[:SHOWN_DIGITS]} --reason …"
        confirm_again(run, office, actor, words, from_stdin=password_stdin)
    said = t("预演", "rehearsing") if only_rehearse else t("移动案件", "moving cases")
    with progress(total, said) as advance:
        account = rehearse(office, plan, advance) if only_rehearse else move(office, plan, advance)
    document = account_document(plan, account, rehearsed=only_rehearse)
    run.show(document, lambda: account_lines(plan, account, rehearsed=only_rehearse))


def account_document(plan: MovePlan, account: MoveAccount, *, rehearsed: bool) -> dict[str, Any]:
    """What became of every case, as scripts read it."""
    return {
        "workflow": plan.workflow,
        "to": plan.target.hash,
        "rehearsed": rehearsed,
        "counts": account.counts,
        "verdicts": account.digest(),
        "needs": [{"kind": kind, "name": name, "cases": len(nos)} for (kind, name), nos in account.needs.items()],
        "cases": [_verdict_document(v) for v in account.verdicts],
        "left": account.left,
    }


def _verdict_document(v: MoveVerdict) -> dict[str, Any]:
    return {
        "case_no": v.case.case_no,
        "outcome": v.outcome,
        "from": v.case.state,
        "to": v.after.state if v.outcome == "moves" else None,
        "needs": [{"kind": n.kind, "name": n.name, "zh": n.zh, "en": n.en} for n in v.needs],
        "blocks": [r.document() for r in v.blocks],
        "ended": [d.id for d in v.ended],
    }


def account_lines(plan: MovePlan, account: MoveAccount, *, rehearsed: bool) -> Iterator[str]:
    """How many of each outcome; what must be mapped; which cases stay and why; what to do next."""
    digits = plan.target.hash[:SHOWN_DIGITS]
    counts = account.counts
    moved = ("可以移动", "can move") if rehearsed else ("已移动", "moved")
    words = {**OUTCOMES, "moves": moved}
    told = [t(f"{words[o][0]}{n}件", f"{words[o][1]}: {n}") for o, n in counts.items()]
    yield from wrap(t(f"移到版本{digits}：", f"to version {digits}: ") + t("，", ", ").join(told))
    if account.needs:
        yield ""
        yield from wrap(t("须在对应表中写明：", "a mapping must say:"))
        rows = [(t(*KINDS.get(kind, LIMIT)), name, str(len(nos))) for (kind, name), nos in account.needs.items()]
        yield from table((t("种类", "kind"), t("名称", "name"), t("案件数", "cases")), rows)
    staying = [v for v in account.verdicts if v.outcome == "blocked"]
    if staying:
        yield ""
        for v in staying[:MOST_LISTED]:
            why = t("；".join(r.zh for r in v.blocks), "; ".join(r.en for r in v.blocks))
            yield from wrap(f"{v.case.case_no}  {why}", indent="    ")
        if len(staying) > MOST_LISTED:
            yield t(f"另有{len(staying) - MOST_LISTED}件", f"and {len(staying) - MOST_LISTED} more")
    if rehearsed:
        ways = Counter((v.case.state, v.after.state) for v in account.verdicts if v.outcome == "moves")
        changed = [f"{was} → {now} ({n})" for (was, now), n in sorted(ways.items()) if was != now]
        if changed:
            yield from wrap(t("状态改变：", "states that change: ") + ", ".join(changed))
        yield from wrap(
            t("按此移动：", "to move them: ") + f"anjuan workflow move {plan.workflow} --to {digits} --reason …"
        )
    for no in account.left:
        yield from wrap(t(f"{no} 他人正在办理，未移动", f"{no}: others are at work on it; not moved"))
