"""Holds units and staff against the store's book: plays it again, names the first entry they differ from. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from engine.ledger import Damage, Entry

# Table and key of a row, and what stands in its other columns.
Rows = dict[tuple[str, ...], tuple[str | None, ...]]


@dataclass
class _Play:
    """Units and staff as the book tells them so far, and by which entry each row was last told."""

    rows: Rows = field(default_factory=dict)
    told_by: dict[tuple[str, ...], int] = field(default_factory=dict)

    def put(self, entry: Entry, key: tuple[str, ...], values: tuple[str | None, ...] | None) -> None:
        """Let the row stand so from this entry on; with `None` it is gone."""
        self.told_by[key] = entry.seq
        if values is None:
            del self.rows[key]
        else:
            self.rows[key] = values


def staff_damage(book: str, entries: Sequence[Entry], stands: Rows) -> Damage | None:
    """What the tables of units, staff, roles, certificates and stand-ins say otherwise than the store's book."""
    play = _Play()
    for entry in entries:
        try:
            _play(play, entry)
        except (KeyError, IndexError, TypeError, ValueError):
            return Damage(book, entry.seq, "人员登记无法与记录核对", "the staff cannot be held against this entry")
    differing = [key for key in play.told_by if play.rows.get(key) != stands.get(key)]
    if differing:
        key = min(differing, key=lambda key: (play.told_by[key], key))
        what = " ".join(key)
        return Damage(
            book,
            play.told_by[key],
            f"人员登记的“{what}”与这一条记录不符",
            f"{what} among the staff differs from what this entry says",
        )
    foreign = sorted(set(stands) - set(play.told_by))
    if foreign:
        return Damage(":".join(foreign[0]), 0, "没有记录说明其来历", "no entry says how this came here")
    return None


def _play(play: _Play, entry: Entry) -> None:
    effects = entry.said()["effects"]
    if entry.kind == "founded":
        _add_units(play, entry, effects.get("units", ()))
        for person in effects.get("staff", ()):
            _add_person(play, entry, person)
    elif entry.kind == "unit":
        _add_units(play, entry, [effects["unit"]])
    elif entry.kind == "staff":
        _ACTS[effects["act"]](play, entry, effects)


def _add_units(play: _Play, entry: Entry, units: Iterable[Mapping[str, Any]]) -> None:
    for unit in units:
        play.put(entry, ("unit", unit["id"]), (unit["zh"], unit["level"], unit["parent"]))


def _add_person(play: _Play, entry: Entry, said: Mapping[str, Any]) -> None:
    name = said["name"]
    play.put(entry, ("staff", name), (said["zh"], said["unit"], said["email"], said["account"], None))
    for unit, role in said["roles"]:
        play.put(entry, ("staff_role", name, unit, role), (None, None))
    for number, from_on, to_on in said["certificates"]:
        play.put(entry, ("certificate", number), (name, from_on, to_on))


def _set_role(play: _Play, entry: Entry, said: Mapping[str, Any]) -> None:
    key = ("staff_role", said["name"], said["unit"], said["role"])
    play.put(entry, key, (said["from_on"], said["to_on"]))


def _set_certificate(play: _Play, entry: Entry, said: Mapping[str, Any]) -> None:
    play.put(entry, ("certificate", said["number"]), (said["name"], said["from_on"], said["to_on"]))


def _set_stand_ins(play: _Play, entry: Entry, said: Mapping[str, Any]) -> None:
    for one in said["stand_ins"]:
        key = ("stand_in", one["name"], one["for"], one["unit"], one["role"], one["from_on"])
        play.put(entry, key, (one["to_on"],) if one["to_on"] is not None else None)


def _set_last_day(play: _Play, entry: Entry, said: Mapping[str, Any]) -> None:
    key = ("staff", said["name"])
    play.put(entry, key, (*play.rows[key][:-1], said["left_on"]))


_ACTS = {
    "add": lambda play, entry, said: _add_person(play, entry, said["person"]),
    "role": _set_role,
    "role_end": _set_role,
    "certificate": _set_certificate,
    "stand_in": _set_stand_ins,
    "stand_in_end": _set_stand_ins,
    "leave": _set_last_day,
}
