"""How a rule, or an edit of rules, reads on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from commands.ladder_lines import ladder_lines
from commands.output import day, table, wrap
from commands.words import t
from engine.clock import shown_instant, stored_instant
from engine.confidence import confidence_words, is_unconfirmed
from engine.errors import Problem
from engine.holiday_values import WEEKDAYS
from engine.period_values import parse_length
from engine.rule_changes import Shift
from workflows.rule_edits import rule_name
from workflows.rule_loading import Account

KINDS = {
    "limit": ("期限", "limit"),
    "parameter": ("参数", "parameter"),
    "holidays": ("放假安排", "holidays"),
    "ladder": ("提醒层级", "ladder"),
}
NATURES = {
    "right": ("当事人权利", "a right of the party"),
    "duty": ("机关义务", "a duty of the authority"),
    "waiting": ("等待期", "a waiting period"),
    "bar": ("时效", "a bar"),
    "automatic": ("自动效果", "an automatic effect"),
    "other_body": ("其他机关义务", "a duty of another body"),
}
AUTHORITIES = {
    "copyright_bureau": ("版权局", "copyright bureaus"),
    "culture_enforcement": ("文化市场综合执法机构", "culture enforcement"),
    "market_regulation": ("市场监督管理部门", "market regulation"),
}
# More than that nobody reads on a screen; the JSON has all.
MOST_ROWS = 100


def list_lines(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """The rules in force, one line each."""
    headers = (t("代号", "id"), t("名称", "name"), t("类别", "kind"), t("现行内容", "in force"), t("确认", "confirmed"))
    cells = [
        (r["id"], t(r["zh"], r["en"]), t(*KINDS[r["kind"]]), t(r["rule_zh"] or "", r["rule_en"] or ""), confirmation(r))
        for r in rows
    ]
    yield from table(headers, cells)
    yield t(f"共{len(rows)}项", f"{len(rows)} in all")


def rule_lines(found: Mapping[str, Any]) -> Iterator[str]:
    """A rule with all its versions side by side, and who changed it."""
    yield from wrap(t(f"{found['zh']}（{found['id']}）", f"{found['en']} ({found['id']})"))
    if found["kind"] == "limit":
        yield from _limit_lines(found)
    yield ""
    if found["kind"] == "holidays":
        yield from _holiday_lines(found)
    elif found["kind"] == "ladder":
        yield from ladder_lines(found)
        (version,) = found["versions"]
        yield from wrap(t(f"确认：{confirmation(version)}", f"confirmed: {confirmation(version)}"))
    else:
        yield from _version_lines(found)
    yield ""
    yield from wrap(t(f"版本散列值：{found['hash']}", f"hash: {found['hash']}"))
    for edition in found["editions"]:
        on = edition["at"][:10]
        text = t(f"{on}  {edition['by']}：{edition['reason']}", f"{on}  {edition['by']}: {edition['reason']}")
        yield from wrap(text, indent="    ", first="  ")


def check_lines(name: str, errors: Sequence[Problem], remarks: Sequence[Problem]) -> Iterator[str]:
    """After `rule check`."""
    if errors:
        yield from wrap(t(f"{name} 有{len(errors)}处错误：", f"{name}: errors: {len(errors)}"))
        yield from _problem_lines(errors)
    else:
        yield from wrap(t(f"{name} 没有错误", f"{name} has no errors"))
    yield from _remark_lines(remarks)


def account_lines(
    account: Account, remarks: Sequence[Problem], deed: tuple[str, str], *, dry_run: bool
) -> Iterator[str]:
    """After `rule load`, `confirm` and `apply`, or what they would do; `deed` is what is done to a rule."""
    for edit in account.edits:
        zh, en = rule_name(edit.kind, edit.document.content)
        verb = t(f"将{deed[0]}", f"would be {deed[1]}") if dry_run else t(f"已{deed[0]}", deed[1])
        yield from wrap(t(f"{verb}：{zh}（{edit.id}）", f"{verb}: {en} ({edit.id})"))
    yield from _remark_lines(remarks)
    if not account.edits and not account.changed:
        yield t("与现行规则相同，没有变动", "the same as what is in force: nothing changes")
        yield from _orphan_lines(account)
        return
    yield from _moved_lines(account.moved, account.cases, dry_run=dry_run)
    yield from _firm_lines(account.firm, dry_run=dry_run)
    others = account.changed - len(account.moved) - len(account.firm)
    if others:
        zh = f"另有{others}个期限日期不变，依据{'将' if dry_run else '已'}更新"
        en = f"{others} more deadlines keep their dates; what they rest on {'would be' if dry_run else 'was'} updated"
        yield from wrap(t(zh, en))
    yield from _orphan_lines(account)
    yield from _safe_day_lines(account)
    if dry_run:
        yield t("以上只是预演，没有保存", "this was a rehearsal; nothing was kept")


def confirmation(version: Mapping[str, Any]) -> str:
    """Who confirmed a version and when; plainly, that nobody has, where it was not read in a text either."""
    if version["confirmed_by"] is None:
        code = version["confidence"]
        return _mark(code) or t(*confidence_words(code or "–"))
    by, on = version["confirmed_by"], version["confirmed_on"]
    return t(f"{by} {on}", f"{by} {on}")


def _limit_lines(found: Mapping[str, Any]) -> Iterator[str]:
    if found.get("trigger"):
        yield from wrap(t(f"起算：{found['trigger']['zh']}", f"starts: {found['trigger']['en']}"))
    yield from wrap(t(f"届满：{found['expiry']['zh']}", f"at its end: {found['expiry']['en']}"))
    nature = (
        t("性质：", "nature: ")
        + t(*NATURES[found["nature"]])
        + (t("（逾期即瑕疵）", " (missing it is a defect)") if found.get("owed") else "")
    )
    remind = t("、", ", ").join(found["remind"]) or "–"
    yield from wrap(nature + t(f"；提醒：{remind}", f"; reminds: {remind}"))


def _version_lines(found: Mapping[str, Any]) -> Iterator[str]:
    headers = ("", t("自", "from"), t("至", "to"), t("内容", "what"), t("依据", "basis"), t("确认", "confirmed"))
    rows = [
        (
            t("→", "->") if v["in_force"] else "",
            v["from"] or "~",
            v["to"] or "~",
            t(v["rule_zh"], v["rule_en"]),
            v["basis"],
            confirmation(v),
        )
        for v in found["versions"]
    ]
    yield from table(headers, rows)
    yield t(f"→ 为{day(found['on'])}适用的版本", f"-> is the version of {day(found['on'])}")
    for number, version in enumerate(found["versions"], start=1):
        said = t(*confidence_words(version["confidence"]))
        source = t(
            f"第{number}版来源：{version['source']}（{said}）",
            f"version {number}, source: {version['source']} ({said})",
        )
        yield from wrap(source, indent="    ", first="  ")
        note = t(version.get("note_zh") or "", version.get("note_en") or "")
        if note:
            yield from wrap(note, indent="    ")
        for name, zh, en in (
            ("extensions", "延长", "extension"),
            ("exclusions", "扣除", "exclusion"),
            ("restarts", "重新计算", "restart"),
        ):
            for ground in version.get(name) or ():
                yield from wrap(_ground(ground, zh, en), indent="      ", first="    ")


def _ground(ground: Mapping[str, Any], zh: str, en: str) -> str:
    caps, by, mark = [*_caps(ground)], ", ".join(ground["by"]), _mark(ground["confidence"])
    what_zh = "，".join((f"{zh}：{ground['zh']}（{ground['id']}）", *(cap_zh for cap_zh, _ in caps)))
    what_en = ", ".join((f"{en}: {ground['en']} ({ground['id']})", *(cap_en for _, cap_en in caps)))
    return t(
        "；".join(filter(None, (what_zh, f"由{by}决定", ground["basis"], mark))),
        "; ".join(filter(None, (what_en, f"by {by}", ground["basis"], mark))),
    )


def _caps(ground: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How far a ground reaches, in words: how much, how often, for whom."""
    if ground.get("most") is not None:
        most = parse_length(ground["most"])
        yield f"最多{most.zh}", f"at most {most.en}"
    if ground.get("times") is not None:
        yield f"限{ground['times']}次", f"{ground['times']} time(s)"
    if ground.get("most_days") is not None:
        yield f"每次最多{ground['most_days']}日", f"at most {ground['most_days']} days each time"
    if ground.get("latest") is not None:
        latest = parse_length(ground["latest"])
        yield f"自最初起算最长{latest.zh}", f"at most {latest.en} from the first start"
    if ground.get("by_step"):
        yield "仅由流程步骤自动适用", "only by a step of the workflow"
    if ground.get("authorities"):
        named = [AUTHORITIES.get(kind, (kind, kind)) for kind in ground["authorities"]]
        yield "仅" + "、".join(n[0] for n in named), "only " + ", ".join(n[1] for n in named)


def _mark(confidence: str | None) -> str:
    """That nobody has confirmed what was not read in a text."""
    if confidence is None or not is_unconfirmed(confidence, confirmed=False):
        return ""
    return t(f"未经确认（{confidence}）", f"not confirmed ({confidence})")


def _holiday_lines(found: Mapping[str, Any]) -> Iterator[str]:
    (version,) = found["versions"]
    notice = found["notice"] or t("文号未查到", "number not found")
    yield from wrap(t(f"通知：{notice}", f"notice: {notice}"))
    said = t(*confidence_words(found["confidence"]))
    yield from wrap(t(f"来源：{found['source']}（{said}）", f"source: {found['source']} ({said})"))
    yield from wrap(t(f"确认：{confirmation(version)}", f"confirmed: {confirmation(version)}"))
    rows = [
        (
            row["on"],
            _weekday(row["on"]),
            t(row["zh"], row["en"]),
            t("调休上班", "worked") if worked else t("放假", "off"),
        )
        for worked, name in ((False, "rest"), (True, "worked"))
        for row in found[name]
    ]
    yield from table((t("日期", "day"), "", t("节日", "holiday"), ""), sorted(rows))


def _weekday(on: str) -> str:
    from datetime import date

    return t(*WEEKDAYS[date.fromisoformat(on).weekday()])


def _moved_lines(moved: Sequence[Shift], cases: int, *, dry_run: bool) -> Iterator[str]:
    if not moved:
        yield t("没有案件的期限变动", "no date of any case moves")
        return
    will_zh, will_en = ("将变动", "will move") if dry_run else ("已变动", "moved")
    en = f"dates of {cases} case{'s' if cases > 1 else ''} {will_en} ({len(moved)} in all)"
    yield from wrap(t(f"{cases}件案件的期限{will_zh}（共{len(moved)}个期限）", en))
    headers = (t("案号", "case"), t("期限", "deadline"), t("原届满日", "was due"), t("新届满日", "due"))
    rows = [(s.case_no, t(s.zh, s.en), _when(s, before=True), _when(s, before=False)) for s in moved[:MOST_ROWS]]
    yield from table(headers, rows)
    yield from _more(len(moved))


def _firm_lines(firm: Sequence[Shift], *, dry_run: bool) -> Iterator[str]:
    if not firm:
        return
    verb_zh, verb_en = ("将由暂定转为确定", "would become firm") if dry_run else ("已由暂定转为确定", "became firm")
    n = len({shift.case_no for shift in firm})
    yield from wrap(
        t(
            f"{n}件案件的期限{verb_zh}，日期不变（共{len(firm)}个期限）",
            f"dates of {n} cases {verb_en} ({len(firm)} in all)",
        )
    )
    headers = (t("案号", "case"), t("期限", "deadline"), t("届满日", "due"))
    yield from table(headers, [(s.case_no, t(s.zh, s.en), s.after.due_on) for s in firm[:MOST_ROWS]])
    yield from _more(len(firm))


def _when(shift: Shift, *, before: bool) -> str:
    dates = shift.before if before else shift.after
    on = f"{shown_instant(stored_instant(dates.due_at))[:16]}" if dates.due_at is not None else day(dates.due_on)
    return on + (t("，暂定", ", provisional") if dates.provisional else "")


def _more(total: int) -> Iterator[str]:
    if total > MOST_ROWS:
        yield t(f"其余{total - MOST_ROWS}个见--json", f"{total - MOST_ROWS} more: see --json")


def _orphan_lines(account: Account) -> Iterator[str]:
    if account.orphans:
        n = len(account.orphans)
        zh = f"{n}个期限按新规则无从推算，保持原日期，请逐件核对："
        yield from wrap(
            t(zh, f"{n} deadlines have no date under these rules and keep the one they have; look at each:")
        )
        for one in account.orphans[:MOST_ROWS]:
            text = t(
                f"{one.case_no} {one.deadline_id} {one.due_on}：{one.zh}",
                f"{one.case_no} {one.deadline_id} {one.due_on}: {one.en}",
            )
            yield from wrap(text, indent="    ", first="  ")


def _safe_day_lines(account: Account) -> Iterator[str]:
    if account.safe_days:
        yield t("专项行动报送的稳妥日：", "safe days of what campaigns owe:")
        headers = (
            t("行动", "campaign"),
            t("事项", "owed"),
            t("期限", "due"),
            t("原稳妥日", "was"),
            t("新稳妥日", "now"),
        )
        yield from table(
            headers, [(s.campaign, t(s.zh, s.en), s.due_on, s.before_on, s.after_on) for s in account.safe_days]
        )


def _remark_lines(remarks: Sequence[Problem]) -> Iterator[str]:
    if remarks:
        yield t("请注意：", "Mind:")
        yield from _problem_lines(remarks)


def _problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    for p in problems:
        where = t(f"第{p.line}行：", f"line {p.line}: ")
        yield from wrap(where + t(p.zh, p.en), indent="    ", first="  ")
