"""How the versions of a workflow, and what was done about them, read on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from commands.output import day, table, wrap
from commands.words import t
from engine.people import People
from engine.runnable import SHOWN_DIGITS
from engine.workflow_versions import Proposal, Version
from workflows.version_changes import Changed

STANDINGS: Final = {
    "draft": ("草案", "draft"),
    "proposed": ("提议启用", "proposed"),
    "in_force": ("现行", "in force"),
    "coming": ("将施行", "coming"),
    "replaced": ("已被替代", "replaced"),
}


def version_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """The versions, what is proposed, and whether what a local one starts from has a newer version."""
    yield from table(
        [
            t("版本", "version"),
            t("状况", "standing"),
            t("施行日", "from"),
            t("作者", "author"),
            t("启用人", "by"),
            t("未结案件", "open cases"),
            t("依据", "why"),
        ],
        [
            [
                v["hash"][:SHOWN_DIGITS],
                t(*STANDINGS[v["standing"]]),
                v["from"],
                v["author"],
                t("、", ", ").join(v["by"]) or None,
                v["open_cases"],
                v["reason"],
            ]
            for v in found["versions"]
        ],
    )
    proposal = found["proposal"]
    if proposal is not None:
        shown, lapsed = proposal["draft"][:SHOWN_DIGITS], proposal["lapsed"]
        yield from wrap(
            t(
                f"{proposal['by']}于{proposal['proposed_on']}提议自{proposal['from']}起启用{shown}"
                + ("，已经失效" if lapsed else "，等待另一人确认："),
                f"{proposal['by']} proposed {shown} from {proposal['from']} on, on {proposal['proposed_on']}; "
                + ("it has lapsed" if lapsed else "another person is to confirm:"),
            )
        )
        if not lapsed:
            yield f"  anjuan workflow activate {found['workflow']} --from {proposal['from']} --reason …"
    if found["newer_base"] is not None:
        yield from wrap(t(found["newer_base"]["zh"], found["newer_base"]["en"]))


def proposal_words(proposal: Proposal, draft: Version) -> tuple[str, str]:
    """What somebody is about to confirm, in both languages."""
    shown, on = draft.hash[:SHOWN_DIGITS], proposal.effective_on
    return (
        f"将确认{proposal.by}（{proposal.proposed_on}）的提议：自{on}起启用{shown}（{draft.author}作，{draft.reason}；"
        f"提议理由：{proposal.reason}）",
        f"about to confirm what {proposal.by} proposed on {proposal.proposed_on}: {shown} from {on} on "
        f"(by {draft.author}: {draft.reason}; proposed because: {proposal.reason})",
    )


def changed_lines(done: Changed, people: People, rehearsed: bool) -> Iterator[str]:
    """After `workflow load` and `workflow activate`."""
    if rehearsed:
        yield t("预演，未保存：", "rehearsed, nothing was kept:")
    shown, id_ = (done.version or done.draft)[:SHOWN_DIGITS], done.workflow
    if done.act == "drafted":
        yield from wrap(
            t(f"{id_}：已存为草案{shown}，现行版本继续有效", f"{id_}: kept as draft {shown}; nothing else changed")
        )
        yield t("启用：", "to put it in force:")
        yield f"  anjuan workflow activate {id_} --from today --reason …"
    elif done.act == "unchanged":
        yield from wrap(_unchanged(done, shown))
    elif done.act == "proposed":
        yield from _proposed_lines(done, shown, people)
    elif done.act == "withdrawn":
        yield from wrap(t(f"{id_}：已撤回启用{shown}的提议", f"{id_}: the proposal of {shown} is withdrawn"))
    else:
        by = t("、", ", ").join(done.by)
        on = day(done.effective_on) if done.effective_on is not None else ""
        yield from wrap(
            t(
                f"{id_}：{shown}自{on}起施行（{by}）；此前登记的案件仍依原版本，未结{done.open_cases}件",
                f"{id_}: {shown} is in force from {on} on ({by}); open cases that stay as they are: {done.open_cases}",
            )
        )


def _unchanged(done: Changed, shown: str) -> str:
    if done.version is None:
        return t(
            f"{done.workflow}：草案{shown}已在，未作改动", f"{done.workflow}: draft {shown} is there; nothing changed"
        )
    return t(
        f"{done.workflow}：与自{done.effective_on}起施行的版本{shown}相同，未作改动",
        f"{done.workflow}: the same as version {shown}, in force from {done.effective_on} on; nothing changed",
    )


def _proposed_lines(done: Changed, shown: str, people: People) -> Iterator[str]:
    yield from wrap(
        t(
            f"{done.workflow}：已提议自{done.effective_on}起启用{shown}，须由另一人确认：",
            f"{done.workflow}: proposed {shown} from {done.effective_on} on; another person is to confirm it:",
        )
    )
    yield f"  anjuan workflow activate {done.workflow} --from {done.effective_on} --reason …"
    names = dict.fromkeys(holder.name for holder in done.who_can)
    said = t("、", ", ").join(t(f"{people.person(n).zh}（{n}）", n) for n in names) or t("现无人可以确认", "nobody yet")
    yield from wrap(t(f"谁可以确认：{said}", f"Who can: {said}"))
