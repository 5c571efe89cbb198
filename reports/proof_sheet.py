"""The proof of a due date as one printable page (期限计算说明), to be put into the file of the case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from engine.clock import SHANGHAI
from engine.confidence import confidence_words
from engine.periods import Length, Roll
from engine.proof_values import Counted, Proof, Table
from reports.pages import rendered
from reports.proof_calendar import WEEKDAYS, In, Month, Reason, months_of, reasons_of
from reports.proof_words import (
    ROLLS,
    account_words,
    end_words,
    reading_words,
    start_words,
    undetermined_words,
)
from reports.written_files import put_in_place, require_place

EXAMPLE = "proof.html"


@dataclass(frozen=True)
class Labels:
    """The fixed words of the page."""

    lang: str
    title: str
    calendar: str
    legend: str
    reasons: str
    columns: tuple[str, str, str]
    hashes: str
    account: str
    weekdays: tuple[str, ...]


LABELS = {
    "zh": Labels(
        "zh",
        "期限计算说明",
        "逐日",
        "数字为计入的第几日；休：周六周日，假：法定节假日，班：调休上班，中止：不计算，暂定：放假安排尚未公布，加框：届满",
        "起止和需要说明的日期",
        ("日期", "计入", "说明"),
        "所依据的规则、放假安排和记录（SHA-256）",
        "账目",
        WEEKDAYS["zh"],
    ),
    "en": Labels(
        "en",
        "How the time limit was counted",
        "Day by day",
        "The number is that of the counted day; rest: weekend, holiday, made up: make-up working day, paused: not "
        "counted, prov.: holidays not published, framed: the last day",
        "First and last day, and days that need a reason",
        ("Day", "Counts", "Why"),
        "Rules, holidays and entries it rests on (SHA-256)",
        "Account",
        WEEKDAYS["en"],
    ),
}


@dataclass(frozen=True)
class Sheet:
    """Everything that the page says, in one language."""

    labels: Labels
    facts: tuple[tuple[str, str], ...]
    result: str
    warnings: tuple[str, ...]
    account: str
    months: tuple[Month, ...]
    reasons: tuple[Reason, ...]
    hashes: tuple[tuple[str, str], ...]
    signed: tuple[str, ...]


def require_sheet_place(file: Path) -> None:
    """Raises InputWrong where no page can be written to `file`."""
    require_place(file, EXAMPLE)


def write_sheet(file: Path, sheet: Sheet) -> None:
    """Write the page, in the place of an older one, whole or not at all. Raises InputWrong, StoreUnavailable."""
    put_in_place(file, page_of(sheet).encode("utf-8"), EXAMPLE)


def page_of(sheet: Sheet) -> str:
    """The page: one file that needs no other. Equal sheets give equal pages. Raises PageWrong."""
    return rendered("proof_sheet.html", sheet=sheet)


def sheet_of_proof(proof: Proof, lang: str) -> Sheet:
    """The sheet of a case's deadline. It names the case, and nobody."""
    said = In(lang)
    stored, counted = proof.stored, proof.counted
    facts = [
        (said("案号", "Case"), proof.case_no),
        (said("案件名称", "Title"), proof.title),
        (said("期限", "Time limit"), f"{said(stored.terms.zh, stored.terms.en)} ({stored.id})"),
        (said("起算", "From"), said(*start_words(proof))),
        (said("算法", "Length"), said(*reading_words(proof))),
        (said("依据", "Basis"), stored.terms.basis),
        (said("可信程度", "Confidence"), said(*confidence_words(stored.terms.confidence))),
    ]
    if proof.version is not None and proof.version.note_zh:
        facts.append((said("说明", "Note"), said(proof.version.note_zh, proof.version.note_en or "")))
    if not stored.is_open:
        facts.append((said("了结", "Ended"), said(*end_words(proof))))
    if proof.shown["earliest_on"] is not None:
        result = said(*undetermined_words(proof))
    else:
        result = said(
            f"本期限自{said.day(stored.started_on)}起算，至{said.end(counted)}届满。",
            f"It runs from {said.day(stored.started_on)} and ends on {said.end(counted)}.",
        )
    return Sheet(
        facts=tuple(facts),
        result=result,
        warnings=tuple(_warnings(proof, said)),
        hashes=(*_table_hashes(counted.tables, said), *_record_hashes(proof, said)),
        signed=(proof.unit_zh, said.day(proof.on)),
        account=said(*account_words(proof.account)),
        months=tuple(months_of(counted, said)),
        reasons=tuple(reasons_of(counted.days, said)),
        labels=LABELS[lang],
    )


def sheet_of_count(
    counted: Counted, start_on: date, start_at: datetime | None, length: Length, roll: Roll, on: date, lang: str
) -> Sheet:
    """The sheet of a period that belongs to no case, made on that day."""
    said = In(lang)
    start = f"{start_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if start_at and counted.due_at else said.day(start_on)
    return Sheet(
        facts=(
            (said("起算", "From"), said(f"{start}，当日不计算在内", f"{start}, which is not counted")),
            (said("算法", "Length"), said(f"{length.zh}，{ROLLS[roll][0]}", f"{length.en}, {ROLLS[roll][1]}")),
        ),
        result=said(
            f"自{start}起算，至{said.end(counted)}届满。", f"It runs from {start} and ends on {said.end(counted)}."
        ),
        warnings=tuple(_provisional(counted, said)),
        hashes=tuple(_table_hashes(counted.tables, said)),
        signed=(said.day(on),),
        account="",
        months=tuple(months_of(counted, said)),
        reasons=tuple(reasons_of(counted.days, said)),
        labels=LABELS[lang],
    )


def _warnings(proof: Proof, said: In) -> Iterator[str]:
    stored = proof.stored
    if stored.unsure:
        sure = said(*confidence_words(stored.unsure))
        yield said(
            f"本期限所依的规定未经确认：{sure}。使用前应当核对原文。",
            f"What this time limit rests on is not confirmed: {sure}. Check the text before relying on it.",
        )
    yield from _provisional(proof.counted, said)
    if not proof.agrees:
        yield said(
            f"与案件登记的届满日（{said.day(stored.due_on)}）不一致，规则或者放假安排已变，应当核对。",
            f"The case has another last day ({said.day(stored.due_on)}): the rule or the holidays have changed.",
        )
    if len(proof.counted.readings) > 1:
        dates = [
            f"{said(read.reading.length.zh, read.reading.length.en)}{said('，', ', ')}"
            f"{said(*ROLLS[read.reading.roll])}: {said.day(read.due_on)}"
            + (said("（以此为准）", " (this one holds)") if read.held else said("（不采）", " (does not hold)"))
            for read in proof.counted.readings
        ]
        yield said("条文有两种读法：", "The text can be read in two ways: ") + said("；", "; ").join(dates)


def _provisional(counted: Counted, said: In) -> Iterator[str]:
    if counted.provisional:
        years = said("、", ", ").join(str(year) for year, table in counted.tables.items() if table.hash is None)
        yield said(
            f"本日期为暂定：{years}年的放假安排尚未公布，公布后重新推算。",
            f"This date is provisional: the holidays of {years} are not published yet.",
        )


def _record_hashes(proof: Proof, said: In) -> Iterator[tuple[str, str]]:
    terms = proof.stored.terms
    if terms.rule_hash:
        yield said("规则", "Rule"), f"{terms.limit} {terms.rule_hash}"
    for touched in proof.entries:
        entry = touched.entry
        yield said(f"记录第{entry.seq}条", f"Entry {entry.seq}"), f"{entry.happened_on} {entry.hash}"


def _table_hashes(tables: dict[int, Table], said: In) -> Iterator[tuple[str, str]]:
    for year, table in tables.items():
        name = said(f"{year}年放假安排", f"Holidays of {year}")
        if table.hash is None:
            yield name, said("尚未公布", "not published")
        else:
            yield name, f"{table.notice or said('通知文号未录入', 'number of the notice not known')} {table.hash}"
