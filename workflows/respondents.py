"""What officers put on record about whoever is behind parties: other names, number, end, whether two are one."""

from __future__ import annotations

from datetime import date

from engine.answers import require_text
from engine.clock import legal_day
from engine.errors import Forbidden, Holder, InputWrong, Remedy
from engine.office import Office
from engine.people import ADMINISTRATOR, Person
from engine.respondent_store import By, act_on, cases_of, joined_to, respondent, those_with
from engine.respondents import Respondent
from engine.store import Work
from workflows.identity_numbers import NumberKind, checked_number

ROLES = ("handler", "lead", "head")
LONGEST_NAME = 300


def add_alias(office: Office, work: Work, actor: Person, respondent_id: str, name: str, reason: str) -> Respondent:
    """Another name under which it is known. Raises NotFound, Forbidden, InputWrong."""
    found = _to_change(office, work, actor, respondent_id, reason)
    name = name.strip()
    if not name or len(name) > LONGEST_NAME or any(c in name for c in "\x00\n\r\t"):
        raise InputWrong(
            "respondent.name",
            f"名称应为1至{LONGEST_NAME}个字符，不能换行",
            f"a name has 1 to {LONGEST_NAME} characters on one line",
        )
    if name in found.names:
        raise InputWrong("respondent.known", f"“{name[:40]}”已经登记", f"{name[:40]!r} is on record already")
    return act_on(work, found, _by(office, actor, reason), "alias", {"alias": name}, {})


def set_number(office: Office, work: Work, actor: Person, respondent_id: str, text: str, reason: str) -> Respondent:
    """Its identity number or credit code, checked.

    Raises NotFound, Forbidden, InputWrong (`number.invalid`, `number.taken`, `respondent.known`).
    """
    found = _to_change(office, work, actor, respondent_id, reason)
    kind: NumberKind = "person" if found.kind == "person" else "unit"
    checked = checked_number(text, kind)
    if not checked.is_right:
        raise InputWrong(
            "number.invalid",
            checked.wrong_zh,
            checked.wrong_en,
            Remedy("核对证件后改正", "compare it with the document"),
        )
    _require_free(work, found, checked.number)
    return act_on(work, found, _by(office, actor, reason), "number", {"number": checked.number}, {})


def set_end(
    office: Office,
    work: Work,
    actor: Person,
    respondent_id: str,
    on: date,
    reason: str,
    successor: str | None = None,
) -> Respondent:
    """The day on which it was dissolved or died, and who succeeds it. Raises NotFound, Forbidden, InputWrong."""
    found = _to_change(office, work, actor, respondent_id, reason)
    if successor is not None and respondent(work, successor).root == found.id:
        raise InputWrong("respondent.same", "不能由自己承继", "nobody succeeds himself")
    if on > legal_day(office.clock.now()):
        raise InputWrong("date.in_future", f"{on}尚未到来", f"{on} lies in the future")
    return act_on(
        work, found, _by(office, actor, reason), "end", {}, {"ended_on": on.isoformat(), "successor": successor}
    )


def join_to(office: Office, work: Work, actor: Person, respondent_id: str, other_id: str, reason: str) -> Respondent:
    """The second turned out to be the first: its cases count as the first one's. Returns the second.

    Those that had been joined to the second before are brought along. Raises NotFound, Forbidden, InputWrong
    (`respondent.same`, `respondent.two`).
    """
    kept = _permitted(office, work, actor, respondent_id, reason)
    other = _permitted(office, work, actor, other_id, reason)
    if kept.id == other.id or other.same_as is not None or kept.same_as is not None:
        raise InputWrong(
            "respondent.same",
            "两个编号已经是同一当事人，或者其中一个已并入他人",
            "these two are one already, or one of them was joined to another",
            Remedy("查看", "look at it", f"anjuan respondent show {other.id}"),
        )
    brought = (other, *joined_to(work, other.id))
    numbers = {r.number for r in (kept, *joined_to(work, kept.id), *brought)} - {None}
    if kept.kind != other.kind or len(numbers) > 1:
        raise InputWrong(
            "respondent.two",
            "两者的类别或者证件号码不同，不是同一当事人",
            "their kinds or numbers differ; they are two",
            Remedy("先核对证件号码", "compare their numbers first", f"anjuan respondent show {other.id}"),
        )
    by = _by(office, actor, reason)
    joined, *_ = [act_on(work, one, by, "same", {}, {"same_as": kept.id}) for one in brought]
    return joined


def part(office: Office, work: Work, actor: Person, respondent_id: str, reason: str) -> Respondent:
    """It is not the one that it was joined to after all.

    Raises NotFound, Forbidden, InputWrong (`respondent.alone`).
    """
    found = _permitted(office, work, actor, respondent_id, reason)
    if found.same_as is None:
        raise InputWrong(
            "respondent.alone",
            f"{found.id}没有并入其他编号",
            f"{found.id} was not joined to another",
            Remedy("查看", "look at it", f"anjuan respondent show {found.id}"),
        )
    return act_on(work, found, _by(office, actor, reason), "same", {}, {"same_as": None})


def _require_free(work: Work, found: Respondent, number: str) -> None:
    """The number is new to it, contradicts none of those that are one with it, and is nobody else's."""
    if number == found.number:
        raise InputWrong("respondent.known", "这一号码已经登记", "this number is on record already")
    another = [r.id for r in joined_to(work, found.id) if r.number is not None and r.number != number]
    taken = [r.id for r in those_with(work, number) if r.number == number and r.root != found.id]
    if not (another or taken):
        return
    other = (another or taken)[0]
    if another:
        zh, en = "已并入本编号，其号码与此不同", "was joined to this one and has another number"
        remedy = Remedy("先将两者分开", "part the two first", f"anjuan respondent part {other} --reason …")
    else:
        zh, en = "已有这一号码", "has this number already"
        command = f"anjuan respondent same {other} {found.id} --reason …"
        remedy = Remedy("确系同一当事人的，将两个编号并为一个", "where they are one, join the two", command)
    raise InputWrong("number.taken", f"{other}{zh}", f"{other} {en}", remedy)


def _to_change(office: Office, work: Work, actor: Person, respondent_id: str, reason: str) -> Respondent:
    """One that may be changed and was not joined to another: what is known of it is said of that one."""
    found = _permitted(office, work, actor, respondent_id, reason)
    if found.same_as is not None:
        raise InputWrong(
            "respondent.joined",
            f"{found.id}已并入{found.same_as}，请登记在{found.same_as}",
            f"{found.id} was joined to {found.same_as}: put it on record there",
            Remedy("查看", "look at it", f"anjuan respondent show {found.same_as}"),
        )
    return found


def _permitted(office: Office, work: Work, actor: Person, respondent_id: str, reason: str) -> Respondent:
    require_text(reason)
    found = respondent(work, respondent_id)
    units = {unit for _, unit, *_ in cases_of(work, found.id)}
    _require_may_change(office, actor, units)
    if not reason.strip():
        raise InputWrong(
            "reason.missing", "须说明理由", "it needs a reason", Remedy("写明--reason", "give it with --reason")
        )
    return found


def _require_may_change(office: Office, actor: Person, units: set[str]) -> None:
    """Handlers, lead and head of a unit that has a case of it; an administrator above."""
    people, today = office.people, legal_day(office.clock.now())
    if any(people.holds(actor, role, unit, today) for unit in units for role in ROLES):
        return
    if any(people.holds(actor, ADMINISTRATOR, unit, today, from_above=True) for unit in units):
        return
    can: list[Holder] = [h for unit in sorted(units) for role in ROLES for h in people.holders(role, unit, today)]
    names = "、".join(dict.fromkeys(h.name for h in can[:5])) or "无"
    raise Forbidden(
        "command.forbidden",
        f"{actor.zh}没有办理该当事人的案件，不能改动其登记",
        f"{actor.name} has no case of this respondent and may not change its record",
        Remedy(f"请办案单位人员办理：{names}", f"ask somebody of a unit that has one: {names.replace('无', 'nobody')}"),
    )


def _by(office: Office, actor: Person, reason: str) -> By:
    return By(actor.name, office.clock.now(), reason.strip())
