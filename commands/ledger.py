"""`anjuan ledger`: verifies the record and seals it with an anchor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from typer import Option

from commands.door import office_here, writing
from commands.frame import Run, command, noun
from commands.output import wrap
from commands.words import t
from engine.book_store import write_anchor
from engine.clock import shown_instant, stored_instant
from engine.snapshot import snapshot
from engine.verifying import CASE_PREFIX, verify_case, verify_store

app = noun("ledger", zh="记录链", en="The record")


@command(
    app, "verify", zh="核验记录未被改动，指出第一处损坏", en="Verify that nothing was changed; name the first damage"
)
def verify(
    run: Run,
    case_no: Annotated[str | None, Option("--case", metavar="NO", help=t("只核验该案", "that case only"))] = None,
) -> None:
    with snapshot(office_here().store) as work:
        verified = verify_store(work) if case_no is None else verify_case(work, case_no)
    bad = verified.first_bad

    def lines() -> Iterator[str]:
        counts = t(
            f"案件{verified.cases}件，记录{verified.entries}条",
            f"cases: {verified.cases}, entries: {verified.entries}",
        )
        if bad is None:
            yield from wrap(t(f"核验无误：{counts}", f"Nothing was changed. {counts}"))
            return
        yield from wrap(t(f"发现损坏（{counts}）", f"Damage found ({counts})"))
        where = t(f"“{bad.book}”第{bad.seq}条：", f"{bad.book}, entry {bad.seq}: ")
        yield from wrap(where + t(bad.zh, bad.en), indent="    ", first="  ")
        yield from wrap(
            t(
                "怎么办：保留数据库原样备查，从最近一次核验无误的备份恢复",
                "What to do: keep this database for inspection and restore the last backup that verified",
            )
        )

    document = {
        "cases": verified.cases,
        "entries": verified.entries,
        "ok": verified.ok,
        "first_bad": None if bad is None else {"book": bad.book, "seq": bad.seq, "zh": bad.zh, "en": bad.en},
    }
    run.show(document, lines)
    if bad is not None:
        run.exit(1)


@command(app, "anchor", zh="固定全部记录，得出一个固定值", en="Seal all books into one root", changes=True)
def anchor(run: Run) -> None:
    with writing(run) as desk:
        at = desk.office.clock.now()
        root, heads = write_anchor(desk.work, at)
    cases = sum(book.startswith(CASE_PREFIX) for book in heads)
    entries = sum(head.seq for head in heads.values())
    shown_at = shown_instant(stored_instant(at))

    def lines() -> Iterator[str]:
        yield from wrap(t(f"固定值：{root}", f"Root: {root}"))
        yield from wrap(
            t(
                f"{shown_at}，案件{cases}件，记录{entries}条；请抄存于系统之外",
                f"{shown_at}, cases: {cases}, entries: {entries}; keep a copy outside the system",
            )
        )

    run.show({"root": root, "cases": cases, "entries": entries, "at": shown_at}, lines)
