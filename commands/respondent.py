"""`anjuan respondent`: the persons and units behind parties, with their names, number and cases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Annotated, Any

from typer import Argument, Option

from commands.arguments import parse_day
from commands.door import Desk, reading, writing
from commands.frame import Run, command, noun
from commands.output import table, wrap
from commands.words import t
from engine.book_store import entries_of
from engine.clock import legal_day, shown_instant
from engine.definitions import state_words
from engine.respondent_store import cases_of, joined_to, listed, respondent
from engine.respondents import Respondent, respondent_book
from workflows.respondents import add_alias, join_to, set_end, set_number
from workflows.respondents import part as part_again

ACTS = {
    "add": ("登记", "added"),
    "alias": ("别名", "another name"),
    "number": ("证件号码", "number"),
    "end": ("注销或死亡", "dissolved or died"),
    "same": ("并入", "joined to"),
    "part": ("分开", "parted again"),
}

app = noun("respondent", zh="当事人", en="Respondents")

Id = Annotated[str, Argument(metavar="ID", help=t("当事人编号，如R-000001", "its id, like R-000001"))]
Reason = Annotated[str, Option("--reason", metavar="R", help=t("理由", "reason"))]


@command(app, "list", zh="列出当事人", en="List respondents")
def list_(
    run: Run,
    text: Annotated[
        str | None, Option("--text", metavar="T", help=t("名称、别名、号码中的文字", "text in names or number"))
    ] = None,
    limit: Annotated[int, Option("--limit", metavar="N", min=1, max=10000, help=t("最多列出", "at most"))] = 50,
) -> None:
    with reading(run) as desk:
        _ = desk.who
        found = listed(desk.work, text, limit)
    # Whose number it is, is a matter of those who have a case of him.
    hidden = tuple(_masked(r) for r in found)
    run.show([_document(r) for r in hidden], lambda: _table(hidden, limit))


@command(app, "show", zh="查看一个当事人及其案件", en="Show one with its cases")
def show(run: Run, respondent_id: Id) -> None:
    with reading(run) as desk:
        found = respondent(desk.work, respondent_id)
        cases = _cases(desk, found)
        joined = [{"id": r.id, "name": r.name} for r in joined_to(desk.work, found.id)]
        history = _history(desk, found) if cases["cases"] else []
        found = found if cases["cases"] else _masked(found)
        document = {**_document(found), "joined": joined, **cases, "history": history}
    run.show(document, lambda: _page(found, document))


@command(app, "alias", zh="登记别名、曾用名", en="Record another name", changes=True)
def alias(
    run: Run,
    respondent_id: Id,
    name: Annotated[str, Argument(metavar="NAME", help=t("别名", "the other name"))],
    reason: Reason = "",
) -> None:
    _change(run, lambda desk: add_alias(desk.office, desk.work, desk.who, respondent_id, name, reason))


@command(app, "number", zh="登记证件号码", en="Record its number", changes=True)
def number(
    run: Run,
    respondent_id: Id,
    text: Annotated[
        str, Argument(metavar="NUMBER", help=t("统一社会信用代码或身份证号码", "credit code or identity number"))
    ],
    reason: Reason = "",
) -> None:
    _change(run, lambda desk: set_number(desk.office, desk.work, desk.who, respondent_id, text, reason))


@command(app, "end", zh="登记注销、死亡", en="Record that it was dissolved or died", changes=True)
def end(
    run: Run,
    respondent_id: Id,
    on: Annotated[str, Option("--on", metavar="D", help=t("注销或死亡之日", "the day"))],
    reason: Reason = "",
    successor: Annotated[
        str | None, Option("--successor", metavar="ID", help=t("权利义务的承继者", "who succeeds it"))
    ] = None,
) -> None:
    def act(desk: Desk) -> Respondent:
        day = parse_day(on, legal_day(desk.office.clock.now()), desk.office.law.calendar)
        return set_end(desk.office, desk.work, desk.who, respondent_id, day, reason, successor)

    _change(run, act)


@command(
    app,
    "same",
    zh="登记两个编号是同一当事人\n\n后一个并入前一个，其案件今后一并查到。",
    en="Record that two are one\n\nThe second is joined to the first; its cases are found with the first one's.",
    changes=True,
)
def same(
    run: Run,
    respondent_id: Id,
    other: Annotated[str, Argument(metavar="OTHER", help=t("并入的编号", "the one to join to it"))],
    reason: Reason = "",
) -> None:
    _change(run, lambda desk: join_to(desk.office, desk.work, desk.who, respondent_id, other, reason))


@command(
    app,
    "part",
    zh="登记并入有误，两个编号不是同一当事人\n\n其案件今后分别查到。",
    en="Record that one was joined by mistake\n\nFrom now on its cases are found with it alone.",
    changes=True,
)
def part(run: Run, respondent_id: Id, reason: Reason = "") -> None:
    _change(run, lambda desk: part_again(desk.office, desk.work, desk.who, respondent_id, reason))


def _change(run: Run, act: Callable[[Desk], Respondent]) -> None:
    with writing(run) as desk:
        done = act(desk)
    run.show(_document(done), lambda: _lines(done))


def _document(r: Respondent) -> dict[str, Any]:
    return {
        "id": r.id,
        "kind": r.kind,
        "name": r.name,
        "aliases": list(r.aliases),
        "number": r.number,
        "ended_on": r.ended_on,
        "same_as": r.same_as,
    }


def _cases(desk: Desk, found: Respondent) -> dict[str, Any]:
    """The cases in the reader's units; of others only how many there are."""
    people, today = desk.office.people, legal_day(desk.office.clock.now())
    seen, hidden = [], 0
    for no, unit, title, state, definition in cases_of(desk.work, found.id):
        if not people.sees(desk.who, unit, today):
            hidden += 1
            continue
        words = state_words(desk.office.definition_of(desk.work, definition), state)
        seen.append({"case_no": no, "unit": unit, "title": title, "state": state, "zh": words.zh, "en": words.en})
    return {"cases": seen, "cases_elsewhere": hidden}


def _history(desk: Desk, found: Respondent) -> list[dict[str, Any]]:
    """What was put on record about it, by whom and why: for those who have a case of it."""
    said = []
    for entry in entries_of(desk.work, respondent_book(found.id)):
        content = entry.said()
        effects = content["effects"]
        said.append(
            {
                "seq": entry.seq,
                "act": effects["act"],
                "actor": entry.actor,
                "happened_on": entry.happened_on,
                "recorded_at": shown_instant(entry.recorded_at),
                "reason": content["reason"],
                "said": {p.answer: p.value for p in entry.personal},
                "ended_on": effects.get("ended_on"),
                "successor": effects.get("successor"),
                "same_as": effects.get("same_as"),
                "hash": entry.hash,
            }
        )
    return said


def _masked(r: Respondent) -> Respondent:
    """Of a person's number only the last four characters."""
    if r.kind != "person" or r.number is None:
        return r
    return replace(r, number="*" * (len(r.number) - 4) + r.number[-4:])


def _kind(r: Respondent) -> str:
    return t("公民", "person") if r.kind == "person" else t("法人或其他组织", "legal person or organisation")


def _lines(r: Respondent) -> Iterator[str]:
    yield from wrap(f"{r.id}  {r.name}（{_kind(r)}）" if t("zh", "en") == "zh" else f"{r.id}  {r.name} ({_kind(r)})")
    if r.aliases:
        names = t("、", ", ").join(r.aliases)
        yield from wrap(t(f"别名：{names}", f"also called: {names}"))
    if r.number:
        yield t(f"证件号码：{r.number}", f"number: {r.number}")
    if r.ended_on:
        yield t(f"已于{r.ended_on}注销或死亡", f"dissolved or died on {r.ended_on}")
    if r.same_as:
        yield t(f"与{r.same_as}是同一当事人", f"the same as {r.same_as}")


def _page(r: Respondent, document: dict[str, Any]) -> Iterator[str]:
    yield from _lines(r)
    for one in document["joined"]:
        yield from wrap(t(f"并入本编号的：{one['id']} {one['name']}", f"joined to it: {one['id']} {one['name']}"))
    if document["cases"]:
        yield ""
        yield from table(
            [t("案号", "number"), t("案件名称", "title"), t("单位", "unit"), t("状态", "state")],
            [[c["case_no"], c["title"], c["unit"], t(c["zh"], c["en"])] for c in document["cases"]],
        )
    if document["cases_elsewhere"]:
        n = document["cases_elsewhere"]
        yield t(f"另有{n}件在其他单位", f"{n} more in other units")
    if document["history"]:
        yield from ("", t("登记经过", "What was put on record"))
    for one in document["history"]:
        yield from wrap(_told(one), indent="       ", first="  ")


def _told(one: dict[str, Any]) -> str:
    """One entry of its book, in a line."""
    parted = one["act"] == "same" and one["same_as"] is None
    act = t(*ACTS["part" if parted else one["act"]])
    to = one["same_as"] or one["successor"]
    said = "、".join([*one["said"].values(), *filter(None, [one["ended_on"], to])])
    reason = t(f"（{one['reason']}）", f" ({one['reason']})") if one["reason"] else ""
    return f"{one['seq']:>3}  {one['happened_on']}  {one['actor']}  {act}{t('：', ': ') if said else ''}{said}{reason}"


def _table(found: tuple[Respondent, ...], limit: int) -> Iterator[str]:
    yield from table(
        [t("编号", "id"), t("名称", "name"), t("类别", "kind"), t("证件号码", "number")],
        [[r.id, r.name, _kind(r), r.number] for r in found],
    )
    if len(found) == limit:
        yield t(f"只列到{limit}个，可用--text、--limit", f"the first {limit} only: narrow it with --text, or --limit")
