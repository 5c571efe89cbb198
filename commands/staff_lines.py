"""How somebody of the staff, and a change to what he may do, read as JSON and on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from commands.output import table, wrap
from commands.words import t
from engine.people import People, Person, StandIn, Term


def person_document(person: Person) -> dict[str, Any]:
    """Somebody as scripts read it; `terms` are the roles that are held for a time only."""
    return {
        "name": person.name,
        "zh": person.zh,
        "unit": person.unit,
        "roles": [{"unit": unit, "role": role} for unit, role in sorted(person.roles)],
        "certificates": [
            {"number": c.number, "from_on": c.from_on, "to_on": c.to_on}
            for c in sorted(person.certificates, key=lambda c: c.from_on)
        ],
        "email": person.email,
        "account": person.account,
        "terms": [
            {"unit": unit, "role": role, "from_on": term.from_on, "to_on": term.to_on}
            for (unit, role), term in sorted(person.terms.items())
        ],
        "left_on": person.left_on,
    }


def person_page(people: People, person: Person, open_cases: int, on: date) -> dict[str, Any]:
    """Somebody with everything that says what he may do on that day and later."""
    running = [one for one in people.stand_ins if one.to_on >= on]
    roles = []
    for unit, role in sorted(person.roles):
        term = person.terms.get((unit, role), Term())
        roles.append(
            {
                "unit": unit,
                "role": role,
                "from_on": term.from_on,
                "to_on": term.to_on,
                "held_now": person.has_role(unit, role, on),
                "lent": unit != person.unit,
            }
        )
    document = person_document(person)
    return {
        **document,
        "roles": roles,
        "certificates": [
            {**c, "days_left": (c["to_on"] - on).days, "valid_now": c["from_on"] <= on <= c["to_on"]}
            for c in document["certificates"]
        ],
        "stands_in_for": [_running(one, on) for one in running if one.name == person.name],
        "stood_in_by": [_running(one, on) for one in running if one.for_name == person.name],
        "open_cases": open_cases,
    }


def stand_in_document(one: StandIn) -> dict[str, Any]:
    return {
        "name": one.name,
        "for": one.for_name,
        "unit": one.unit,
        "role": one.role,
        "from_on": one.from_on,
        "to_on": one.to_on,
    }


def list_lines(people: People, staff: Sequence[Person], on: date) -> Iterator[str]:
    """The staff with what they hold on that day."""
    headers = (
        t("代号", "name"),
        t("姓名", "in Chinese"),
        t("单位", "unit"),
        t("角色", "roles"),
        t("执法证", "certificate"),
    )
    yield from table(
        headers,
        [
            (
                p.name,
                p.zh,
                p.unit,
                _roles_now(people, p, on),
                t("；", "; ").join(f"{c.number} {c.from_on}–{c.to_on}" for c in p.certificates) or None,
            )
            for p in staff
        ],
    )


def page_lines(page: Mapping[str, Any]) -> Iterator[str]:
    """After `staff show`."""
    yield from wrap(t(f"{page['zh']}（{page['name']}），{page['unit']}", f"{page['name']}, {page['unit']}"))
    if page["left_on"] is not None:
        yield t(f"最后工作日：{page['left_on']}", f"Last day: {page['left_on']}")
    yield from _part(t("角色", "Roles"), [_role_words(role) for role in page["roles"]])
    yield from _part(t("执法证", "Certificates"), [_certificate_words(c) for c in page["certificates"]])
    yield from _part(t("代行他人职责", "Stands in for"), [_stand_in_words(s, s["for"]) for s in page["stands_in_for"]])
    yield from _part(t("由他人代行", "Stood in for by"), [_stand_in_words(s, s["name"]) for s in page["stood_in_by"]])
    yield t(f"承办的未结案件：{page['open_cases']}件", f"Open cases held: {page['open_cases']}")


def role_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `staff role` and `staff role-end`."""
    lent = t("（借调）", " (lent)") if done["lent"] else ""
    when = _when(done["from_on"], done["to_on"])
    yield from wrap(
        t(
            f"{done['zh']}（{done['name']}）在{done['unit']}{lent}：{done['role']}，{when}",
            f"{done['name']} in {done['unit']}{lent}: {done['role']}, {when}",
        )
    )
    if done["before"] is not None:
        before = _when(done["before"]["from_on"], done["before"]["to_on"])
        yield t(f"原为：{before}", f"until now: {before}")
    yield from _warnings(done["warnings"])


def certificate_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `staff certificate`."""
    yield from wrap(
        t(
            f"已登记{done['name']}的执法证{done['number']}：{done['from_on']}至{done['to_on']}，{_left(done['days_left'])}",
            f"recorded for {done['name']}: {done['number']}, {done['from_on']} to {done['to_on']}, "
            f"{_left(done['days_left'])}",
        )
    )
    if done["before"] is not None:
        before = _when(done["before"]["from_on"], done["before"]["to_on"])
        yield t(f"原为：{before}", f"until now: {before}")
    if done["reminders"]:
        yield t(f"已安排到期提醒{done['reminders']}次", f"reminders planned: {done['reminders']}")


def stand_in_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `staff stand-in`."""
    days_zh, days_en = f"{done['from_on']}至{done['to_on']}", f"{done['from_on']} to {done['to_on']}"
    yield from wrap(
        t(
            f"{days_zh}，{done['name']}代行{done['for']}在{done['unit']}的{done['role']}职责",
            f"{days_en}: {done['name']} stands in for {done['for']} as {done['role']} in {done['unit']}",
        )
    )
    if done["overlapping"]:
        others = t("；", "; ").join(_stand_in_words(one, one["name"]) for one in done["overlapping"])
        yield from wrap(t(f"同时代行的还有：{others}", f"also standing in then: {others}"))
    yield from _warnings(done["warnings"])


def ended_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `staff stand-in-end`."""
    for one in done["ended"]:
        what = t(f"{one['name']}代行{one['for']}的{one['role']}", f"{one['name']} for {one['for']} as {one['role']}")
        if one["removed"]:
            yield from wrap(t(f"{what}：尚未开始，已取消", f"{what}: not begun yet, taken out"))
        else:
            yield from wrap(t(f"{what}：至{done['last_on']}终止", f"{what}: ends on {done['last_on']}"))


def leave_lines(done: Mapping[str, Any]) -> Iterator[str]:
    """After `staff leave`."""
    yield from wrap(
        t(
            f"{done['zh']}（{done['name']}）的最后工作日为{done['left_on']}，次日起不能再办理任何事项",
            f"the last day of {done['name']} is {done['left_on']}; from the day after nothing can be done in this name",
        )
    )
    if done["before"] is not None:
        yield t(f"原为：{done['before']}", f"until now: {done['before']}")


def _running(one: StandIn, on: date) -> dict[str, Any]:
    return {**stand_in_document(one), "running_now": one.covers(on)}


def _roles_now(people: People, person: Person, on: date) -> str:
    """The roles of that day, those in which he only stands in marked; or that he has left."""
    if person.has_left(on):
        return t(f"已离岗（至{person.left_on}）", f"left on {person.left_on}")
    own = person.role_names(on)
    others = sorted({s.role for s in people.stand_ins if s.name == person.name and s.covers(on)} - set(own))
    return t("、", ", ").join([*own, *(t(f"{role}（代行）", f"{role} (stands in)") for role in others)])


def _part(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield f"{title}{t('：', ':')}"
        for line in lines:
            yield from wrap(line, indent="    ", first="  ")


def _role_words(role: Mapping[str, Any]) -> str:
    lent = t("（借调）", " (lent)") if role["lent"] else ""
    when = _when(role["from_on"], role["to_on"])
    now = "" if role["held_now"] else t("，今日不在任", ", not today")
    return t(f"{role['role']}，{role['unit']}{lent}，{when}{now}", f"{role['role']}, {role['unit']}{lent}, {when}{now}")


def _certificate_words(c: Mapping[str, Any]) -> str:
    left = _left(c["days_left"])
    return t(
        f"{c['number']}，{c['from_on']}至{c['to_on']}，{left}", f"{c['number']}, {c['from_on']} to {c['to_on']}, {left}"
    )


def _stand_in_words(one: Mapping[str, Any], name: str) -> str:
    return t(
        f"{name}，{one['role']}（{one['unit']}），{one['from_on']}至{one['to_on']}",
        f"{name}, {one['role']} in {one['unit']}, {one['from_on']} to {one['to_on']}",
    )


def _left(days: int) -> str:
    if days < 0:
        return t(f"已过期{-days}天", f"ended {-days} days ago")
    return t(f"还有{days}天到期", f"{days} days left")


def _when(from_on: date | None, to_on: date | None) -> str:
    if from_on is None and to_on is None:
        return t("长期", "for good")
    begins = t(f"{from_on}起", f"from {from_on}") if from_on else ""
    ends = t(f"至{to_on}", f"until {to_on}") if to_on else t("长期", "for good")
    return t("，", ", ").join(part for part in (begins, ends) if part)


def _warnings(warnings: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for w in warnings:
        yield from wrap(t(f"请注意：{w['zh']}", f"mind: {w['en']}"), indent="        ")
        if w["remedy"] and w["remedy"]["command"]:
            yield f"        {w['remedy']['command']}"
