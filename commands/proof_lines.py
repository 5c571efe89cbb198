"""How the proof of a due date reads on a terminal: what it rests on, every day, the account, the hashes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from commands.history_lines import KINDS
from commands.output import day, table, wrap
from commands.words import t
from engine.confidence import confidence_words
from engine.deadlines import Deadline
from engine.proof_values import Counted, Proof, ProofDay, Table
from reports.proof_words import account_words, end_words, reading_words, start_words, undetermined_words

TICK, DASH = "✓", "–"


def proof_lines(proof: Proof) -> Iterator[str]:
    """After `deadline proof`."""
    stored, counted = proof.stored, proof.counted
    yield from wrap(f"{proof.case_no}  {t(stored.terms.zh, stored.terms.en)}{t(f'（{stored.id}）', f' ({stored.id})')}")
    yield from _labelled("起算", "from", t(*start_words(proof)))
    yield from _due_lines(proof)
    yield from _labelled("算法", "length", t(*reading_words(proof)))
    yield from _labelled("依据", "basis", stored.terms.basis)
    yield from _sure_lines(stored)
    if proof.version is not None and proof.version.note_zh:
        yield from _labelled("说明", "note", t(proof.version.note_zh, proof.version.note_en or ""))
    yield from _labelled("账目", "account", t(*account_words(proof.account)))
    if not stored.is_open:
        yield from _labelled("了结", "ended", t(*end_words(proof)))
    yield ""
    yield from day_lines(counted.days)
    yield ""
    yield from hash_lines(counted.tables)
    if stored.terms.rule_hash:
        yield from _labelled("规则", "rule", f"{stored.terms.limit} SHA-256 {stored.terms.rule_hash}")
    for touched in proof.entries:
        entry = touched.entry
        kind = t(*KINDS.get(entry.kind, (entry.kind, entry.kind)))
        told = t(f"第{entry.seq}条，{kind}，{entry.happened_on}，", f"entry {entry.seq}, {kind}, {entry.happened_on}, ")
        yield from _labelled("记录", "record", f"{told}SHA-256 {entry.hash}")


def day_lines(days: Iterable[ProofDay]) -> list[str]:
    """Every day with whether it counts, as which number, and why."""
    rows, before = [], ""
    for d in days:
        why = t(d.line.why_zh, d.line.why_en)
        number = "" if d.line.number is None else str(d.line.number)
        rows.append([day(d.line.on), TICK if d.line.counted else DASH, number, _shortened(why, before)])
        before = why
    return table([t("日期", "day"), t("计入", "counts"), t("第几日", "number"), t("说明", "why")], rows)


def _shortened(why: str, before: str) -> str:
    """The reason; of one that the line before has told already only that it goes on."""
    mark = t("：", ": ")
    plain, colon, told = why.partition(mark)
    if not colon or before.partition(mark)[2] != told:
        return why
    return f"{plain}{t('（同上）', ' (as above)')}"


def hash_lines(tables: dict[int, Table]) -> Iterator[str]:
    """The holiday tables on which a date rests."""
    for year, rests_on in tables.items():
        if rests_on.hash is None:
            yield from _labelled("放假安排", "holidays", t(f"{year}年尚未公布", f"{year}: not published"))
            continue
        notice = rests_on.notice or t("通知文号未录入", "number of the notice not known")
        yield from _labelled(
            "放假安排", "holidays", t(f"{year}年，{notice}，", f"{year}, {notice}, ") + f"SHA-256 {rests_on.hash}"
        )


def provisional_line(counted: Counted) -> str:
    """Which years are not published."""
    years = [str(year) for year, rests_on in counted.tables.items() if rests_on.hash is None]
    return t(
        f"暂定：{'、'.join(years)}年的放假安排尚未公布，公布后重新推算",
        f"provisional: the holidays of {', '.join(years)} are not published; it is worked out anew once they are",
    )


def _due_lines(proof: Proof) -> Iterator[str]:
    counted, earliest_on = proof.counted, proof.shown["earliest_on"]
    if earliest_on is not None:
        yield from _labelled("届满", "due", t(*undetermined_words(proof)))
        return
    last = f"{counted.due_at:%Y-%m-%d %H:%M}" if counted.due_at else day(counted.due_on)
    safe = "" if counted.safe_on == counted.due_on or counted.due_at else day(counted.safe_on)
    yield from _labelled(
        "届满", "due", last + (t(f"，当日休息，稳妥日{safe}", f"; a rest day, the safe day is {safe}") if safe else "")
    )
    if counted.provisional:
        yield from wrap(provisional_line(counted), indent="  ")
    for read in counted.readings if len(counted.readings) > 1 else ():
        rolls_zh = {"next": "，末日遇休息日顺延", "previous": "，末日遇休息日提前", "none": ""}[read.reading.roll]
        rolls_en = {"next": ", moves on over rest days", "previous": ", moves back over rest days", "none": ""}
        length = read.reading.length
        held = t("（以此为准）", " (this one holds)") if read.held else t("（不采）", " (does not hold)")
        yield from wrap(
            t(f"读作{length.zh}{rolls_zh}：", f"read as {length.en}{rolls_en[read.reading.roll]}: ")
            + day(read.due_on)
            + held,
            indent="  ",
        )
    if not proof.agrees:
        registered = day(proof.stored.due_on)
        yield from wrap(
            t(
                f"与登记的届满日（{registered}）不一致：规则或者放假安排已变，请核对",
                f"the case has {registered}: the rule or the holidays have changed; check it",
            ),
            indent="  ",
        )


def _sure_lines(stored: Deadline) -> Iterator[str]:
    said = t(*confidence_words(stored.terms.confidence))
    yield from _labelled(
        "可信程度", "confidence", said + (t("，已确认", ", confirmed") if stored.terms.confirmed else "")
    )
    if stored.unsure:
        unsure = t(*confidence_words(stored.unsure))
        yield from _labelled(
            "未经确认", "NOT CONFIRMED", t(f"{unsure}。使用前请核对原文", f"{unsure}. Check the text first")
        )


def _labelled(zh: str, en: str, text: str) -> list[str]:
    return wrap(f"{t(f'{zh}：', f'{en}: ')}{text}", indent="  ", first="")
