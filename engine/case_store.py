"""Reads a case in one statement and writes what a step changed. Nothing here decides anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

from engine.case_view import CaseView, Child, GatePass, InCampaign, Party, StepTaken
from engine.deadline_columns import deadline_from_columns, deadline_to_columns
from engine.deadlines import Deadline
from engine.errors import CaseChangedMeanwhile, NotFound, Remedy
from engine.ledger import NO_HASH, STORE_BOOK
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import CaseCampaignRow, CaseRow, DeadlineRow, EntryRow, PartyRow, PassRow

CASE = CaseRow.__table__  # type: ignore[attr-defined]
PARTY = PartyRow.__table__  # type: ignore[attr-defined]
IN_CAMPAIGN = CaseCampaignRow.__table__  # type: ignore[attr-defined]
DEADLINE = DeadlineRow.__table__  # type: ignore[attr-defined]
PASS = PassRow.__table__  # type: ignore[attr-defined]
ENTRY = EntryRow.__table__  # type: ignore[attr-defined]

# pydantic reads and writes JSON in a third of the time of the standard library.
_TRAIL = TypeAdapter(tuple[StepTaken, ...])

CASE_COLUMNS = [c.name for c in CASE.columns]
PARTY_COLUMNS = [
    PARTY.c.party_no,
    PARTY.c.part,
    PARTY.c.kind,
    PARTY.c.name,
    PARTY.c.joined_seq,
    PARTY.c.respondent,
]
CAMPAIGN_COLUMNS = [IN_CAMPAIGN.c.campaign, IN_CAMPAIGN.c.category, IN_CAMPAIGN.c.since]
DEADLINE_COLUMNS = [c.name for c in DEADLINE.columns]


@dataclass(frozen=True)
class Loaded:
    """A case and the hash of the store's last entry, by which a process knows whether its rules are stale."""

    case: CaseView
    store_head: str


def load_case(work: Work, case_no: str) -> Loaded:
    """The whole case, in one read. Raises NotFound."""
    row = work.first(_LOAD, {"case_no": case_no, "store_book": STORE_BOOK})
    if row is None:
        raise case_not_found(case_no)
    values = dict(zip(CASE_COLUMNS, row, strict=False))
    parties, campaigns, deadlines, passes, children, store_head = row[len(CASE_COLUMNS) :]
    rows = map(_rows, (parties, campaigns, deadlines, passes, children))
    return Loaded(view_from(values, *rows), store_head or NO_HASH)


def case_not_found(case_no: str) -> NotFound:
    return NotFound(
        "case.unknown",
        f"没有案件“{case_no}”",
        f"there is no case {case_no!r}",
        Remedy("查看案件清单", "list the cases", "anjuan case list"),
    )


def insert_case(work: Work, case: CaseView) -> None:
    """Write a new case with its parties, campaigns and deadlines."""
    work.run(_INSERT_CASE, _columns_of(case))
    insert_parties(work, case.case_no, case.parties)
    insert_campaigns(work, case.case_no, case.campaigns)
    save_deadlines(work, case.case_no, case.deadlines.values())


def insert_campaigns(work: Work, case_no: str, campaigns: Iterable[InCampaign]) -> None:
    """Write in which campaigns the case counts."""
    work.run_many(
        _INSERT_IN_CAMPAIGN,
        [
            {"case_no": case_no, "campaign": c.id, "category": c.category, "since": c.since.isoformat()}
            for c in campaigns
        ],
    )


def update_case(work: Work, case: CaseView, expected: int) -> None:
    """Write the case as it now stands. Raises CaseChangedMeanwhile unless it still has the version `expected`."""
    values = {**_columns_of(case), "expected_version": expected}
    work.change_one(_UPDATE_CASE, values, CaseChangedMeanwhile(case.case_no, expected))


def insert_parties(work: Work, case_no: str, parties: Iterable[Party]) -> None:
    """Write who became a party of the case."""
    work.run_many(
        _INSERT_PARTY,
        [
            {
                "case_no": case_no,
                "party_no": p.party_no,
                "part": p.part,
                "kind": p.kind,
                "name": p.name,
                "joined_seq": p.joined_seq,
                "respondent": p.respondent,
            }
            for p in parties
        ],
    )


def remove_party(work: Work, case_no: str, party_no: int) -> None:
    """Forget a party whom an undone step had made one; the record keeps both."""
    work.run(_REMOVE_PARTY, {"case_key": case_no, "party_key": party_no})


def move_head(work: Work, case: CaseView, seq: int, hash_: str, recorded_at: str) -> None:
    """Write only that the case's book has grown: a note or a refusal moves neither state nor version.

    Raises CaseChangedMeanwhile when the book has grown otherwise since the case was read.
    """
    values = {
        "case_key": case.case_no,
        "head_seq": seq,
        "head_hash": hash_,
        "recorded_at": recorded_at,
        "expected_seq": case.head_seq,
    }
    work.change_one(_MOVE_HEAD, values, CaseChangedMeanwhile(case.case_no))


def save_deadlines(work: Work, case_no: str, deadlines: Iterable[Deadline]) -> None:
    """Insert or overwrite those deadlines."""
    work.run_many(_SAVE_DEADLINE, [{"case_no": case_no, **deadline_to_columns(d)} for d in deadlines])


def remove_deadline(work: Work, case_no: str, deadline_id: str) -> None:
    """Forget a deadline that an undone step had started; the record keeps both."""
    work.run(_REMOVE_DEADLINE, {"case_key": case_no, "deadline_key": deadline_id})


def use_pass(work: Work, pass_id: str, case_no: str) -> None:
    """Mark a pass as used. Raises CaseChangedMeanwhile when it was used meanwhile."""
    work.change_one(_USE_PASS, {"pass_key": pass_id, "case_key": case_no}, CaseChangedMeanwhile(case_no))


def free_pass(work: Work, pass_id: str) -> None:
    """Give a pass back, after the step that used it was undone."""
    work.run(_FREE_PASS, {"pass_key": pass_id})


def trail_to_json(trail: Sequence[StepTaken]) -> str:
    return _TRAIL.dump_json(tuple(trail), by_alias=True, exclude_defaults=True).decode()


def trail_from_json(text: str) -> tuple[StepTaken, ...]:
    return _TRAIL.validate_json(text)


def _columns_of(case: CaseView) -> dict[str, Any]:
    return {
        "case_no": case.case_no,
        "case_key": case.case_no,
        "workflow": case.workflow,
        "definition": case.definition,
        "state": case.state,
        "ended": int(case.ended),
        "version": case.version,
        "unit": case.unit,
        "title": case.title,
        "holders": _to_json(case.holders),
        "facts": _to_json(case.facts),
        "trail": trail_to_json(case.trail),
        "parent": case.parent,
        "opened_on": case.opened_on.isoformat(),
        "last_on": case.last_on.isoformat(),
        "last_at": case.last_at,
        "recorded_at": case.recorded_at,
        "head_seq": case.head_seq,
        "head_hash": case.head_hash,
    }


def _to_json(value: Any) -> str:
    """Compact, Unicode as it is."""
    return to_json(value).decode()


def _rows(text: Any) -> list[list[Any]]:
    if text is None or text == "[]":
        return []
    rows: list[list[Any]] = from_json(text) if isinstance(text, str) else text
    return rows


def view_from(
    v: Mapping[str, Any],
    parties: Sequence[Any],
    campaigns: Sequence[Any],
    deadlines: Sequence[Any],
    passes: Sequence[Any] = (),
    children: Sequence[Any] = (),
) -> CaseView:
    """The case of a row, by its columns, with rows of PARTY_COLUMNS, CAMPAIGN_COLUMNS, DEADLINE_COLUMNS, unused passes
    and child cases."""
    started = [deadline_from_columns(dict(zip(DEADLINE_COLUMNS, row, strict=True))) for row in deadlines]
    return CaseView(
        case_no=v["case_no"],
        workflow=v["workflow"],
        definition=v["definition"],
        state=v["state"],
        ended=bool(v["ended"]),
        version=v["version"],
        unit=v["unit"],
        title=v["title"],
        holders=tuple(from_json(v["holders"])),
        facts=from_json(v["facts"]),
        trail=trail_from_json(v["trail"]),
        deadlines={d.id: d for d in sorted(started, key=lambda d: (d.started_on, d.id))},
        parties=tuple(Party(*row) for row in sorted(parties)),
        campaigns=tuple(InCampaign(row[0], row[1], date.fromisoformat(row[2])) for row in sorted(campaigns)),
        passes=tuple(GatePass(row[0], row[1], row[2], date.fromisoformat(row[3])) for row in sorted(passes)),
        children=tuple(Child(row[0], row[1], row[2], bool(row[3])) for row in sorted(children)),
        parent=v["parent"],
        opened_on=date.fromisoformat(v["opened_on"]),
        last_on=date.fromisoformat(v["last_on"]),
        last_at=v["last_at"],
        recorded_at=v["recorded_at"],
        head_seq=v["head_seq"],
        head_hash=v["head_hash"],
    )


def _json_rows(dialect: str, columns: Sequence[Any], where: Any) -> Any:
    """A subquery that gives matching rows as one JSON list of lists."""
    if dialect == "sqlite":
        rows = sa.func.json_group_array(sa.func.json_array(*columns))
    else:
        rows = sa.func.json_agg(sa.func.json_build_array(*columns))
    return sa.select(rows).where(where).scalar_subquery()


def _build_load(dialect: str) -> sa.Executable:
    child = CASE.alias("child")
    case_no = CASE.c.case_no
    return sa.select(
        *CASE.columns,
        _json_rows(dialect, PARTY_COLUMNS, PARTY.c.case_no == case_no),
        _json_rows(dialect, CAMPAIGN_COLUMNS, IN_CAMPAIGN.c.case_no == case_no),
        _json_rows(dialect, list(DEADLINE.columns), DEADLINE.c.case_no == case_no),
        _json_rows(
            dialect,
            [PASS.c.id, PASS.c.campaign, PASS.c.step, PASS.c.until],
            sa.and_(PASS.c.case_no == case_no, PASS.c.used_in.is_(None)),
        ),
        _json_rows(
            dialect,
            [child.c.case_no, child.c.workflow, child.c.state, child.c.ended],
            child.c.parent == case_no,
        ),
        sa.select(ENTRY.c.hash)
        .where(ENTRY.c.book == sa.bindparam("store_book"))
        .order_by(ENTRY.c.seq.desc())
        .limit(1)
        .scalar_subquery(),
    ).where(case_no == sa.bindparam("case_no"))


def _build_save_deadline(dialect: str) -> sa.Executable:
    statement = insert_on_conflict(dialect, DEADLINE).values({c.name: sa.bindparam(c.name) for c in DEADLINE.columns})
    changing = [c.name for c in DEADLINE.columns if c.name not in {"case_no", "id"}]
    return statement.on_conflict_do_update(
        index_elements=["case_no", "id"], set_={name: statement.excluded[name] for name in changing}
    )


_REMOVE_PARTY = Statement(
    lambda _: sa.delete(PARTY).where(
        PARTY.c.case_no == sa.bindparam("case_key"), PARTY.c.party_no == sa.bindparam("party_key")
    )
)
_LOAD = Statement(_build_load)
_INSERT_CASE = Statement(lambda _: sa.insert(CASE).values({c.name: sa.bindparam(c.name) for c in CASE.columns}))
_UPDATE_CASE = Statement(
    lambda _: (
        sa.update(CASE)
        .where(CASE.c.case_no == sa.bindparam("case_key"), CASE.c.version == sa.bindparam("expected_version"))
        .values(
            {c.name: sa.bindparam(c.name) for c in CASE.columns if c.name not in {"case_no", "workflow", "opened_on"}}
        )
    )
)
_MOVE_HEAD = Statement(
    lambda _: (
        sa.update(CASE)
        .where(CASE.c.case_no == sa.bindparam("case_key"), CASE.c.head_seq == sa.bindparam("expected_seq"))
        .values(
            head_seq=sa.bindparam("head_seq"),
            head_hash=sa.bindparam("head_hash"),
            recorded_at=sa.bindparam("recorded_at"),
        )
    )
)
_INSERT_PARTY = Statement(lambda _: sa.insert(PARTY).values({c.name: sa.bindparam(c.name) for c in PARTY.columns}))
_INSERT_IN_CAMPAIGN = Statement(
    lambda _: sa.insert(IN_CAMPAIGN).values({c.name: sa.bindparam(c.name) for c in IN_CAMPAIGN.columns})
)
_SAVE_DEADLINE = Statement(_build_save_deadline)
_REMOVE_DEADLINE = Statement(
    lambda _: sa.delete(DEADLINE).where(
        DEADLINE.c.case_no == sa.bindparam("case_key"), DEADLINE.c.id == sa.bindparam("deadline_key")
    )
)
_USE_PASS = Statement(
    lambda _: (
        sa.update(PASS)
        .where(PASS.c.id == sa.bindparam("pass_key"), PASS.c.used_in.is_(None))
        .values(used_in=sa.bindparam("case_key"))
    )
)
_FREE_PASS = Statement(lambda _: sa.update(PASS).where(PASS.c.id == sa.bindparam("pass_key")).values(used_in=None))
