"""`anjuan workflow diff`: the difference between two versions of a workflow, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Annotated, Any

from typer import Argument, Option, Typer

from commands.frame import Run, command
from commands.output import wrap
from commands.rules_here import office_or_none
from commands.words import t
from engine.clock import legal_day, today
from engine.definition_diff import changes
from engine.diff_values import Change, Names
from engine.errors import InputWrong, Remedy
from engine.limit_checks import shipped_time_limits
from engine.office import Office
from engine.time_limits import TimeLimit
from engine.workflow_versions import history_of
from workflows.compared_versions import SHOWN_DIGITS, Choice, Side
from workflows.guard_names import CONDITION_NAMES, GUARD_NAMES, PARAMETER_NAMES

ORIGINS = {
    "in_force": ("现行版本", "the version in force"),
    "coming": ("尚未施行的版本", "a version that is to come"),
    "replaced": ("以往的版本", "an earlier version"),
    "draft": ("草案", "a draft"),
    "proposed": ("拟施行的草案", "a draft proposed for use"),
    "shipped": ("程序自带的版本", "the version of the program"),
    "file": ("文件", "a file"),
}
TOPIC_NAMES = {
    "step": ("步骤", "Steps"),
    "way": ("从何处到何处", "From where to where"),
    "people": ("由谁办理", "Who takes them"),
    "guard": ("条件和提示", "Requirements and warnings"),
    "limit": ("期限", "Time limits"),
    "answer": ("填报", "Answers"),
    "law": ("必须遵守的法律规定", "Laws that it keeps"),
    "state": ("状态", "States"),
    "figure": ("统计", "Figures"),
    "other": ("其他", "Other"),
    "basis": ("依据", "Basis"),
    "wording": ("文字", "Wording"),
}
EFFECTS = {"tightened": ("［收紧］", "[tighter] "), "loosened": ("［放宽］", "[looser] ")}


def hang(app: Typer) -> None:
    """Makes `diff` a command of the noun."""
    command(
        app,
        "diff",
        zh="比较流程的两个版本\n\n不写版本的，从现行版本比到草案；没有草案的，从前一版本比到现行版本。版本写散列值（前6位以上）、"
        "shipped（程序自带的）、draft（草案）或者文件。",
        en="Compare two versions of a workflow\n\nBy default from the version in force to the draft, else from the one "
        "before to the one in force. A version is a hash (6 digits or more), shipped, draft, or a file.",
    )(diff)


def diff(
    run: Run,
    workflow_id: Annotated[str, Argument(metavar="ID", help=t("流程代号，如 case", "its id, like case"))],
    from_: Annotated[
        str | None, Option("--from", metavar="VERSION", help=t("从哪个版本", "from which version"))
    ] = None,
    to: Annotated[str | None, Option("--to", metavar="VERSION", help=t("到哪个版本", "to which version"))] = None,
    local: Annotated[
        bool, Option("--local", help=t("本地流程与其据以扩展的版本比较", "what a local workflow changes in its base"))
    ] = False,
) -> None:
    """Compares without changing anything; always ends with 0 when there are two versions."""
    if local and from_ is not None:
        raise InputWrong(
            "usage.together",
            "--local与--from不能同用：本地流程总是与其据以扩展的版本比较",
            "--local and --from do not go together: a local workflow is compared with what it extends",
            Remedy("去掉其中一个", "leave one out", f"anjuan workflow diff {workflow_id} --local"),
        )
    office = office_or_none()
    limits = shipped_time_limits() if office is None else office.law.limits
    before, after = _sides(office, workflow_id, from_, to, local=local)
    found = changes(before.definition, after.definition, _names(limits))
    run.show(diff_document(workflow_id, before, after, found), lambda: diff_lines(workflow_id, before, after, found))


def diff_document(workflow_id: str, before: Side, after: Side, found: Sequence[Change]) -> dict[str, Any]:
    """The difference as scripts read it."""
    effects = Counter(change.effect for change in found)
    return {
        "workflow": workflow_id,
        "from": _side_document(before),
        "to": _side_document(after),
        "tightened": effects["tightened"],
        "loosened": effects["loosened"],
        "changes": [
            {
                "code": change.code,
                "path": change.path,
                "kind": change.kind,
                "name": change.name,
                "topic": change.topic,
                "effect": change.effect,
                "zh": change.zh,
                "en": change.en,
                "basis": change.basis,
            }
            for change in found
        ],
    }


def diff_lines(workflow_id: str, before: Side, after: Side, found: Sequence[Change]) -> Iterator[str]:
    """The two versions, how much changed, and every change under what it is about, with its article."""
    name = after.definition
    yield from wrap(t(f"{name.zh}（{workflow_id}）", f"{name.en} ({workflow_id})"))
    yield from _side_lines(t("从：", "from: "), before)
    yield from _side_lines(t("到：", "to: "), after)
    told = [change for change in found if change.topic != "origin"]  # the lines above say where they come from
    if not told:
        yield t("两个版本没有差别", "the two versions say the same")
        return
    tightened, loosened = (sum(c.effect == effect for c in told) for effect in ("tightened", "loosened"))
    zh = f"共{len(told)}项变化，其中收紧{tightened}项，放宽{loosened}项"
    yield t(zh, f"{len(told)} changes, of which {tightened} tighter, {loosened} looser")
    for topic, changed in groupby(told, key=lambda change: change.topic):
        yield ""
        yield t(*TOPIC_NAMES[topic])
        yield from _change_lines(list(changed))


def _change_lines(found: Sequence[Change]) -> Iterator[str]:
    for place, change in enumerate(found):
        mark = t(*EFFECTS[change.effect]) if change.effect is not None else ""
        yield from wrap(mark + t(change.zh, change.en), indent="    ", first="  - ")
        following = found[place + 1] if place + 1 < len(found) else None
        same = following is not None and (following.kind, following.name) == (change.kind, change.name)
        if change.basis and not same and change.topic not in ("basis", "wording"):
            yield from wrap(t(f"依据：{change.basis}", f"basis: {change.basis}"), indent="      ")


def _side_lines(head: str, side: Side) -> Iterator[str]:
    origin = t(*ORIGINS[side.origin])
    parts = [f"{origin} {side.path.name}" if side.path else origin, side.hash[:SHOWN_DIGITS]]
    if side.effective_on is not None:
        parts.append(t(f"自{side.effective_on}起", f"from {side.effective_on} on"))
    if side.recorded_at is not None:
        on = legal_day(datetime.fromisoformat(side.recorded_at))
        parts.append(t(f"{side.author}于{on}录入：{side.reason}", f"put in by {side.author} on {on}: {side.reason}"))
    yield from wrap(head + t("，", ", ").join(parts), indent="    ", first="  ")


def _side_document(side: Side) -> dict[str, Any]:
    return {
        "origin": side.origin,
        "hash": side.hash,
        "file": side.path.name if side.path else None,
        "effective_on": side.effective_on,
        "by": side.author or None,
        "reason": side.reason or None,
        "recorded_at": side.recorded_at,
    }


def _sides(
    office: Office | None, workflow_id: str, before: str | None, after: str | None, *, local: bool
) -> tuple[Side, Side]:
    if office is None:
        natures = {limit.id: limit.nature for limit in shipped_time_limits().values()}
        return _chosen(lambda id_: Choice(id_, None, natures), workflow_id, before, after, local=local)
    with office.store.reading() as work:
        on, known = today(office.clock), office.law.natures

        def choice_of(id_: str) -> Choice:
            return Choice(id_, history_of(work, id_, on), known)

        return _chosen(choice_of, workflow_id, before, after, local=local)


def _chosen(
    choice_of: Callable[[str], Choice], workflow_id: str, before: str | None, after: str | None, *, local: bool
) -> tuple[Side, Side]:
    choice = choice_of(workflow_id)
    if not local:
        return choice.pair(before, after)
    side, extended = choice.local(after)
    return choice_of(extended.workflow).base(side, extended), side


def _names(limits: Mapping[str, TimeLimit]) -> Names:
    """What the law calls everything that a workflow only names."""
    called = {id_: (limit.zh, limit.en) for id_, limit in limits.items()}
    return Names(called, GUARD_NAMES, CONDITION_NAMES, PARAMETER_NAMES)
