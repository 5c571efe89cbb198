"""Keeps who does not want to hear of what a ladder announces, and refuses that for what must be heard.

A wish of one person and no fact of the office: nothing depends on it but his own mails, and each that it stops is kept
with that reason. So it stands beside the record and not in it.
"""

from __future__ import annotations

import difflib
from datetime import datetime

import sqlalchemy as sa

from engine.clock import stored_instant
from engine.errors import NotFound, Refusal, Remedy, TransitionRefused
from engine.ladders import Ladder, Ladders
from engine.people import Person
from engine.store import Statement, Work, insert_on_conflict
from engine.tables import MuteRow

MUTE = MuteRow.__table__  # type: ignore[attr-defined]


def mute(work: Work, ladders: Ladders, person: Person, ladder_id: str, at: datetime) -> Ladder:
    """From now on the person hears nothing of that ladder; muted already, nothing changes.

    Raises NotFound, TransitionRefused for one that nobody may mute.
    """
    ladder = ladder_of(ladders, ladder_id)
    if ladder.compulsory:
        raise TransitionRefused("", "mute", (_compulsory(ladder),), (), "关闭提醒", "mute")
    work.run(_INSERT, {"name": person.name, "ladder": ladder.id, "muted_at": stored_instant(at)})
    return ladder


def unmute(work: Work, ladders: Ladders, person: Person, ladder_id: str) -> Ladder:
    """The person hears of that ladder again. Raises NotFound."""
    ladder = ladder_of(ladders, ladder_id)
    work.run(_DELETE, {"person": person.name, "ladder_key": ladder.id})
    return ladder


def muted_by(work: Work, ladder: Ladder) -> frozenset[str]:
    """Who does not want to hear of it; nobody where a ladder that was muted is compulsory now."""
    if ladder.compulsory:
        return frozenset()
    return frozenset(row[0] for row in work.all(_OF_LADDER, {"ladder_key": ladder.id}))


def mutes_of(work: Work, person: Person) -> dict[str, str]:
    """The ladders that the person has muted, each with the stored instant."""
    return {row[0]: row[1] for row in work.all(_OF_PERSON, {"person": person.name})}


def ladder_of(ladders: Ladders, ladder_id: str) -> Ladder:
    """The ladder of that id. Raises NotFound with the nearest ids."""
    found = ladders.by_id.get(ladder_id)
    if found is not None:
        return found
    near = difflib.get_close_matches(ladder_id, list(ladders.by_id), 3)
    raise NotFound(
        "ladder.unknown",
        f"没有提醒层级“{ladder_id[:40]}”",
        f"there is no ladder {ladder_id[:40]!r}",
        Remedy(
            f"是否指：{'、'.join(near)}" if near else "查看全部提醒层级",
            f"did you mean {', '.join(near)}?" if near else "see all ladders",
            "anjuan rule list --kind ladder",
        ),
    )


def _compulsory(ladder: Ladder) -> Refusal:
    return Refusal(
        "ladder.compulsory",
        f"“{ladder.zh}”的提醒不能关闭：{ladder.why_zh}",
        f"the reminders of {ladder.id} ({ladder.en}) cannot be muted: {ladder.why_en}",
        basis=ladder.basis,
        facts={"ladder": ladder.id},
        remedy=Remedy("查看这一提醒层级", "see the ladder", f"anjuan rule show {ladder.id}"),
    )


_INSERT = Statement(
    lambda dialect: (
        insert_on_conflict(dialect, MUTE)
        .values({c.name: sa.bindparam(c.name) for c in MUTE.columns})
        .on_conflict_do_nothing(index_elements=["name", "ladder"])
    )
)
_DELETE = Statement(
    lambda _: sa.delete(MUTE).where(MUTE.c.name == sa.bindparam("person"), MUTE.c.ladder == sa.bindparam("ladder_key"))
)
_OF_LADDER = Statement(lambda _: sa.select(MUTE.c.name).where(MUTE.c.ladder == sa.bindparam("ladder_key")))
_OF_PERSON = Statement(
    lambda _: (
        sa.select(MUTE.c.ladder, MUTE.c.muted_at).where(MUTE.c.name == sa.bindparam("person")).order_by(MUTE.c.ladder)
    )
)
