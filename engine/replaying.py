"""Holds the tables against the record: plays a book again and names the first place where they differ. Pure.

The entries say what every step changed; state, version, trail, answers, deadlines and figures follow from them, and
nothing else may stand in the tables.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from typing import Any

from engine.canonical import canonical_text
from engine.ledger import Damage, Entry, Head, first_damage
from engine.parties import ABOUT, UNIT
from engine.renaming import Renaming, renamed_answers, renaming_from
from engine.standing import MOVE

MOVING = ("open", "step", "undo")
# Entries that turn the course of deadlines and move neither state nor version.
TURNING = ("pause", "resume", "extend", "restart", "rules")
# Entries that name who holds the case; any of them, or a refusal by the one asked, ends an offer.
HOLDING = ("assign", "accept", "handover")


@dataclass(frozen=True)
class Face:
    """What the tables say of a case: its row, its deadlines by id, its campaigns as (id, category, since), its parties
    as (number, part, kind, name), and its offer as (from, to, reason)."""

    row: Mapping[str, Any]
    deadlines: Mapping[str, Mapping[str, Any]]
    campaigns: frozenset[tuple[str, str, str]]
    parties: frozenset[tuple[int, str, str, str, str | None]]
    offer: tuple[str, str, str] | None = None


@dataclass
class _Play:
    """A case as its book tells it so far."""

    version: int = 0
    state: str = ""
    standing: list[tuple[Entry, Mapping[str, Any]]] = field(default_factory=list)  # opening and steps not taken back
    deadlines: dict[str, dict[str, Any]] = field(default_factory=dict)
    touched_by: dict[str, int] = field(default_factory=dict)
    campaigns: dict[str, tuple[str, str, int]] = field(default_factory=dict)  # id -> category, since, by which entry
    assigned: tuple[list[str], int] = ([], 0)  # the holders last named apart from the steps, by which entry
    offer: tuple[tuple[str, str, str] | None, int] = (None, 0)
    corrected: dict[tuple[int, str], int] = field(default_factory=dict)  # entry and answer -> the latest correction
    last_seq: int = 0
    definition: str | None = None  # the version of the workflow to which the case was moved last


def chain_damage(book: str, entries: Sequence[Entry], anchored: Mapping[int, str]) -> Damage | None:
    """What is wrong with a book by itself: changed, missing or foreign entries, or not what was anchored."""
    readable = list(takewhile(_is_readable, entries))
    damage = first_damage(book, readable)
    if damage is not None:
        return damage
    if len(readable) < len(entries):
        return Damage(book, entries[len(readable)].seq, "记录正文无法读取", "the text of the entry cannot be read")
    for seq, hash_ in sorted(anchored.items()):
        if seq > len(entries):
            return _missing(book, len(entries) + 1)
        if entries[seq - 1].hash != hash_:
            return Damage(book, seq, "与固定时的记录不同", "it is not the entry that was anchored")
    return None


def head_damage(book: str, entries: Sequence[Entry], head: Head) -> Damage | None:
    """Whether the case knows another last entry than its book has: a cut tail, or an entry slipped in."""
    last = entries[-1]
    if head.seq > last.seq:
        return _missing(book, last.seq + 1)
    if head.seq < last.seq:
        return Damage(book, head.seq + 1, "案件不知道有这一条记录", "the case does not know of this entry")
    if head.hash != last.hash:
        return Damage(book, last.seq, "与案件所记的最后一条不符", "it is not the last entry that the case knows")
    return None


def face_damage(book: str, entries: Sequence[Entry], face: Face, definition: Mapping[str, Any]) -> Damage | None:
    """What the case's tables say otherwise than its book. `definition` is the workflow it was opened under."""
    try:
        play = _played(entries)
        return (
            _row_damage(book, play, face, definition)
            or _trail_damage(book, play, face)
            or _facts_damage(book, play, face)
            or _deadline_damage(book, play, face)
            or _campaign_damage(book, play, face)
            or _named_damage(book, play, face, definition)
        )
    except (KeyError, IndexError, TypeError, AttributeError, ValueError):
        return Damage(book, entries[-1].seq, "案件登记内容无法与记录核对", "the case cannot be held against its record")


def tally_damage(
    book: str, entries: Sequence[Entry], tallies: Mapping[int, Sequence[Mapping[str, Any]]]
) -> Damage | None:
    """Whether the figures that each entry caused are those in the tables, in number, value, month and day."""
    by_seq = {entry.seq: entry for entry in entries}
    for entry in entries:
        effects = entry.said()["effects"]
        cause = by_seq.get(effects.get("undoes", entry.seq), entry)
        said = [{"happened_on": cause.happened_on, **tally} for tally in effects.get("tallies", ())]
        if _sorted(said) != _sorted(tallies.get(entry.seq, ())):
            return Damage(
                book, entry.seq, "统计数字与这一条记录不符", "the figures differ from what this entry says it counted"
            )
    foreign = sorted(set(tallies) - set(by_seq))
    if foreign:
        return Damage(book, foreign[0], "统计数字没有相应的记录", "figures stand there that no entry caused")
    return None


def _is_readable(entry: Entry) -> bool:
    try:
        content = entry.said()
    except ValueError:
        return False
    return isinstance(content, dict) and all(isinstance(content.get(part), dict) for part in ("answers", "effects"))


def _missing(book: str, seq: int) -> Damage:
    return Damage(book, seq, "缺少这一条记录", "this entry is missing")


def _played(entries: Iterable[Entry]) -> _Play:
    play = _Play()
    for entry in entries:
        content = entry.said()
        effects = content["effects"]
        _play_apart(play, entry, effects)
        if entry.kind == "correct":
            _play_correction(play, entry, content)
        if entry.kind == MOVE:
            _play_move(play, entry, effects)
        if entry.kind not in (*MOVING, *TURNING):
            continue
        for effect in effects["deadlines"]:
            _play_deadline(play, effect, entry.seq)
        if entry.kind in TURNING:
            continue
        play.version, play.last_seq = effects["version"], entry.seq
        play.state = effects.get("case", effects["to"])
        if entry.kind == "undo":
            play.standing = [kept for kept in play.standing if kept[0].seq != effects["undoes"]]
        else:
            play.standing.append((entry, content))
    return play


def _play_apart(play: _Play, entry: Entry, effects: Mapping[str, Any]) -> None:
    """What an entry says of campaigns, holders and offers."""
    if entry.kind == "open":
        for c in effects["campaigns"]:
            play.campaigns[c["id"]] = (c["category"], entry.happened_on, entry.seq)
    elif entry.kind == "join":
        play.campaigns[effects["campaign"]] = (effects["category"], effects["since"], entry.seq)
    elif entry.kind == "offer":
        play.offer = ((effects["from"], effects["to"], entry.said()["reason"]), entry.seq)
    elif entry.kind in {*HOLDING, "decline"}:
        play.offer = (None, entry.seq)
    if entry.kind in HOLDING:
        play.assigned = (effects["holders"], entry.seq)


def _play_correction(play: _Play, entry: Entry, content: Mapping[str, Any]) -> None:
    """Another answer stands in the place of the one that was corrected; its step is told by the same entry."""
    effects = content["effects"]
    play.version, play.last_seq = effects["version"], entry.seq
    readable = {p.answer: p for p in entry.personal}
    for place, (given, said) in enumerate(play.standing):
        names = [name for name, seq in effects["corrects"].items() if seq == given.seq]
        if not names:
            continue
        kept = [p for p in given.personal if p.answer not in names]
        personal = (*kept, *(readable[name] for name in names if name in readable))
        answers = {**said["answers"], **{name: content["answers"][name] for name in names}}
        play.corrected |= {(given.seq, name): entry.seq for name in names}
        play.standing[place] = (replace(given, personal=personal), {**said, "answers": answers})
    for moved in effects["categories"]:
        _, since, _ = play.campaigns[moved["campaign"]]
        play.campaigns[moved["campaign"]] = (moved["to"], since, entry.seq)


def _play_move(play: _Play, entry: Entry, effects: Mapping[str, Any]) -> None:
    """The case came under another version: its steps and answers bear the names that they have there."""
    renaming = renaming_from(effects["renamed"])
    play.version, play.last_seq, play.state = effects["version"], entry.seq, effects["to"]
    play.definition = effects["definition"]["to"]
    play.standing = [_renamed(renaming, given, said) for given, said in play.standing]
    play.corrected = {(seq, renaming.answers.get(name, name)): by for (seq, name), by in play.corrected.items()}
    for effect in effects["deadlines"]:
        _play_deadline(play, effect, entry.seq)


def _renamed(renaming: Renaming, given: Entry, said: Mapping[str, Any]) -> tuple[Entry, Mapping[str, Any]]:
    names = renaming.trail.get(given.seq, {})
    places = {name: now for name, (_, now) in names.items() if name != "step"}
    personal = tuple(replace(p, answer=renaming.answers.get(p.answer, p.answer)) for p in given.personal)
    step = names["step"][1] if "step" in names else given.step
    effects = {**said["effects"], **places}
    answers = renamed_answers(renaming, said["answers"])
    return replace(given, step=step, personal=personal), {**said, "effects": effects, "answers": answers}


def _play_deadline(play: _Play, effect: Mapping[str, Any], seq: int) -> None:
    deadline_id = effect["id"]
    play.touched_by[deadline_id] = seq
    if effect["act"] == "remove":
        del play.deadlines[deadline_id]
        return
    said = {name: value for name, value in effect.items() if name not in {"act", "before"}}
    if effect["act"] == "start":
        play.deadlines[deadline_id] = {**said, "state": "running", "ended_on": None, "note": None}
    else:  # ended, its course turned, or as it was before a step that was taken back
        play.deadlines[deadline_id] = {**play.deadlines[deadline_id], **said}


def _row_damage(book: str, play: _Play, face: Face, definition: Mapping[str, Any]) -> Damage | None:
    opening, opened = play.standing[0]
    state = play.state
    said = {
        "state": state,
        "version": play.version,
        "ended": int(bool(definition["states"][state].get("end"))),
        "workflow": opened["effects"]["workflow"],
        "definition": play.definition or opened["rules"]["definition"],
        "unit": opened["effects"]["unit"],
        "parent": opened["effects"]["parent"],
        "opened_on": opening.happened_on,
        "last_on": _last_taken(play, definition).happened_on,
    }
    for column, value in said.items():
        if face.row[column] != value:
            return _differs(book, play.last_seq, column)
    return None


def _last_taken(play: _Play, definition: Mapping[str, Any]) -> Entry:
    """The last step that somebody took; what happened by itself does not count."""
    by_itself = {name for name, step in definition["steps"].items() if step.get("on_expiry")}
    taken: list[Entry] = [entry for entry, _ in play.standing if entry.step not in by_itself]
    return taken[-1]


def _trail_damage(book: str, play: _Play, face: Face) -> Damage | None:
    trail = json.loads(face.row["trail"])
    if [taken["seq"] for taken in trail] != [entry.seq for entry, _ in play.standing]:
        return _differs(book, play.last_seq, "trail")
    for taken, (entry, content) in zip(trail, play.standing, strict=True):
        effects, answers = content["effects"], content["answers"]
        said = (entry.step, effects["from"] or "", effects["to"], entry.actor, content["role"], entry.happened_on)
        stands = tuple(taken[name] for name in ("step", "from", "to", "actor", "role", "on"))
        kept = {name: value for name, value in taken["answers"].items() if not _is_personal(answers[name])}
        same_answers = all(answers[name] == value for name, value in kept.items())
        outside = bool(effects.get("outside_campaign"))
        if stands != said or not same_answers or taken.get("at") != content["happened_at"]:
            return _differs(book, entry.seq, "trail")
        if bool(taken.get("outside")) != outside:
            return _differs(book, entry.seq, "trail")
        by = (content["signed_by"], effects.get("for"), effects.get("party"))
        if (taken.get("signed_by"), taken.get("for_name"), taken.get("party")) != by:
            return _differs(book, entry.seq, "trail")
    return None


def _facts_damage(book: str, play: _Play, face: Face) -> Damage | None:
    facts = json.loads(face.row["facts"])
    said: dict[str, tuple[int, Any]] = {}
    for entry, content in play.standing:
        readable = {p.answer: p.value for p in entry.personal}
        for name, value in content["answers"].items():
            said[name] = (play.corrected.get((entry.seq, name), entry.seq), readable.get(name, value))
    for name, (seq, value) in said.items():
        # A personal value that was erased by law has left only its hash.
        if not _is_personal(value) and facts.get(name) != value:
            return _differs(book, seq, f"facts.{name}")
    foreign = sorted(set(facts) - set(said))
    return _differs(book, play.last_seq, f"facts.{foreign[0]}") if foreign else None


def _deadline_damage(book: str, play: _Play, face: Face) -> Damage | None:
    for deadline_id, said in play.deadlines.items():
        row = face.deadlines.get(deadline_id)
        if row is None:
            return _differs(book, play.touched_by[deadline_id], f"deadline {deadline_id}")
        if {name: _stands(row, name) for name in said} != said:
            return _differs(book, play.touched_by[deadline_id], f"deadline {deadline_id}")
    foreign = sorted(set(face.deadlines) - set(play.deadlines))
    return _differs(book, play.last_seq, f"deadline {foreign[0]}") if foreign else None


def _stands(row: Mapping[str, Any], name: str) -> Any:
    """What the table says under a name of the record."""
    if name == "provisional":
        return bool(row[name])
    if name == "course":
        return json.loads(row[name])
    return json.loads(row["terms"])["rule_hash"] if name == "limit" else row[name]


def _campaign_damage(book: str, play: _Play, face: Face) -> Damage | None:
    said = frozenset((id_, category, since) for id_, (category, since, _) in play.campaigns.items())
    if said == face.campaigns:
        return None
    differing = {id_ for id_, *_ in said ^ face.campaigns}
    by = [seq for id_, (_, _, seq) in play.campaigns.items() if id_ in differing]
    return _differs(book, max(by, default=play.standing[0][0].seq), "campaigns")


def _named_damage(book: str, play: _Play, face: Face, definition: Mapping[str, Any]) -> Damage | None:
    """Whether title, parties and holders are those of the opening and of the last step that named holders."""
    opening, opened = play.standing[0]
    begins, answers = definition["open"], opened["answers"]
    readable = {p.answer: p.value for p in opening.personal}
    if face.row["title"] != readable.get(begins["title"], answers.get(begins["title"], "")):
        return _differs(book, opening.seq, "title")
    damage = _party_damage(book, play, face, definition)
    if damage is not None:
        return damage
    holders, since = [opening.actor], opening.seq
    for entry, content in play.standing[1:]:
        assigns = definition["steps"].get(entry.step, {}).get("assigns")
        if assigns and content["answers"].get(assigns):
            holders, since = content["answers"][assigns], entry.seq
    if play.assigned[1] > since:
        holders, since = play.assigned
    if json.loads(face.row["holders"]) != holders:
        return _differs(book, since, "holders")
    return None if face.offer == play.offer[0] else _differs(book, play.offer[1] or play.last_seq, "offer")


def _party_damage(book: str, play: _Play, face: Face, definition: Mapping[str, Any]) -> Damage | None:
    """Whether the parties are those of the opening and of the steps that made somebody one, with who is behind each."""
    opening, opened = play.standing[0]
    links = opened["effects"].get("respondents", {})
    said = [(*party, links.get(str(party[0]))) for party in _opened_with(definition, opening, opened)]
    last = opening.seq
    for entry, content in play.standing[1:]:
        for joined in content["effects"].get("joined", ()):
            answer = definition["steps"][entry.step]["joins"]["name"]
            name = _readable(entry, content["answers"], answer)
            said.append((joined["party_no"], joined["part"], joined["kind"], name, joined.get("respondent")))
            last = entry.seq
    # A name that was erased by law has left only its hash, and its row may say anything that erasing put there.
    erased = {number for number, _, _, name, _ in said if _is_personal(name)}
    expected = {(n, part, kind, "" if n in erased else name, known) for n, part, kind, name, known in said}
    stands = {(n, part, kind, "" if n in erased else name, known) for n, part, kind, name, known in face.parties}
    return None if stands == expected else _differs(book, last, "parties")


def _opened_with(
    definition: Mapping[str, Any], entry: Entry, content: Mapping[str, Any]
) -> list[tuple[int, str, str, Any]]:
    parts, answers = definition["open"].get("party", {}), content["answers"]
    kind = str(answers.get(parts.get("kind", ""), UNIT))
    named = [(part, answer) for part, answer in parts.items() if part not in ABOUT]
    return [
        (number, part, kind, _readable(entry, answers, answer))
        for number, (part, answer) in enumerate(named, 1)
        if answers.get(answer)
    ]


def _readable(entry: Entry, answers: Mapping[str, Any], answer: str) -> Any:
    return next((p.value for p in entry.personal if p.answer == answer), answers.get(answer))


def _is_personal(value: Any) -> bool:
    return isinstance(value, dict) and "personal" in value


def _differs(book: str, seq: int, what: str) -> Damage:
    return Damage(
        book, seq, f"案件登记的“{what}”与这一条记录不符", f"{what} of the case differs from what this entry says"
    )


def _sorted(tallies: Iterable[Mapping[str, Any]]) -> list[str]:
    return sorted(canonical_text(dict(tally)) for tally in tallies)
