"""My work today: what is due, what waits, where it is my turn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from commands.deadline_words import colour_text, due_text, marks
from commands.door import reading
from commands.frame import Run, command, single
from commands.output import day, table, wrap
from commands.silence_lines import silent_document, silent_lines
from commands.words import language, t
from engine.clock import legal_day
from engine.colours import colour_of
from engine.deadline_page import shown
from engine.missing_holidays import missing_holidays
from engine.office import Office
from engine.workload import Item, Workload, workload_of
from notifications.silence import silent_runs

app = single("today")


@command(app, "today", zh="今天要办的事", en="What is due today")
def today(run: Run) -> None:
    """Shows the actor's day, the most urgent first."""
    with reading(run, tells_silence=False) as desk:
        office, person = desk.office, desk.who
        load = workload_of(office, desk.work, person)
        on = legal_day(office.clock.now())
        missing = missing_holidays(desk.work, office.law.calendar, on, office.people.below(person.unit))
        found: dict[str, Any] = {
            "actor": person.name,
            "on": on,
            "missing_holidays": [
                {"year": one.year, "cases": one.cases, "zh": one.zh, "en": one.en, "command": one.command}
                for one in missing
            ],
            "due": [_item(office, i) for i in load.due],
            "waiting": [_item(office, i) for i in load.waiting],
            "turns": [
                {"case_no": x.case.case_no, "title": x.case.title, "state": x.case.state, "step": x.step}
                for x in load.turns
            ],
            "obligations": _obligations(office, load),
            "offers": [{"case_no": o.offer.case_no, "title": o.title, **o.offer.document()} for o in load.offers],
            "silent": silent_document(silent_runs(office, desk.work)),
        }
    run.show(found, lambda: [*_lines(found), *silent_lines(found["silent"])])


def _item(office: Office, item: Item) -> dict[str, Any]:
    now = office.clock.now()
    facts = shown(item.deadline, office.law.calendar, legal_day(now), now)
    kept = (
        "zh",
        "en",
        "due_on",
        "safe_on",
        "provisional",
        "state",
        "earliest_on",
        "extensions",
        "restart",
        "unconfirmed",
        "unsure",
        "days_left",
        "working_days_left",
        "overdue",
        "nature",
        "basis",
    )
    return {
        "case_no": item.case.case_no,
        "title": item.case.title,
        "deadline": item.deadline.id,
        "step": item.step,
        **{name: facts[name] for name in kept},
        "colour": colour_of(item.deadline, office.law.ladders, office.law.calendar, now),
    }


def _obligations(office: Office, load: Workload) -> list[dict[str, Any]]:
    now_on = legal_day(office.clock.now())
    found = []
    for owed in load.obligations:
        o = owed.obligation
        if o.due_on is None:
            continue
        found.append(
            {
                "campaign": owed.campaign,
                "id": o.id,
                "zh": o.zh,
                "en": o.en,
                "due_on": o.due_on,
                "safe_on": o.safe_on,
                "provisional": not office.law.calendar.is_published(o.due_on.year),
                "days_left": (o.due_on - now_on).days,
                "working_days_left": office.law.calendar.count(now_on, o.due_on),
            }
        )
    return found


def _lines(found: dict[str, Any]) -> Iterator[str]:
    for one in found["missing_holidays"]:
        yield from wrap(t(one["zh"], one["en"]) + t("：", ":"), indent="  ", first="")
        yield f"  {one['command']}"
    yield t(f"{day(found['on'])}  {found['actor']}", f"{day(found['on'])}  {found['actor']}")
    if not any(found[key] for key in ("due", "waiting", "turns", "obligations", "offers")):
        yield t(
            "今天没有要办的事。登记案件：anjuan case open case …",
            "Nothing waits for you. Open a case: anjuan case open case …",
        )
        return
    if found["offers"]:
        yield ""
        yield t("请您接收的案件", "Cases offered to you")
        for one in found["offers"]:
            said = f"anjuan case accept {one['case_no']}   {one['title']}  {one['from']}{t('：', ': ')}{one['reason']}"
            yield from wrap(said, indent="    ", first="  ")
    for key, title in (
        ("due", t("要办的（逾期在前）", "Due (overdue first)")),
        ("obligations", t("专项行动报送", "Campaign reports")),
        ("waiting", t("等待期满或对方办理", "Waiting")),
    ):
        if found[key]:
            yield ""
            yield title
            yield from _table(found[key])
    if found["turns"]:
        yield ""
        yield t("轮到您的案件", "Your turn")
        for turn in found["turns"]:
            yield from wrap(
                f"anjuan case why {turn['case_no']} {turn['step']}   {turn['title']}", indent="    ", first="  "
            )


def _table(items: list[dict[str, Any]]) -> list[str]:
    return table(
        [
            t("案号／行动", "case / campaign"),
            t("事项", "what"),
            t("届满日", "due"),
            t("剩余", "left"),
            t("步骤", "step"),
        ],
        [
            [
                i.get("case_no") or i["campaign"],
                i["zh"] if language() == "zh" else i["en"],
                _due(i),
                _left(i),
                i.get("step"),
            ]
            for i in items
        ],
    )


def _due(item: dict[str, Any]) -> str:
    """The due day with what is to be minded about it; a report of the campaign has no rule to mind."""
    if "nature" not in item:
        unsure = t("（稳妥日暂定）", " (safe day provisional)") if item["provisional"] else ""
        return f"{item['due_on']}{unsure}"
    paused = [t("中止", "paused")] if item["state"] == "paused" else []
    said = [*paused, *marks(item)]
    return due_text(item) + (t(f"（{'、'.join(said)}）", f" ({', '.join(said)})") if said else "")


def _left(item: dict[str, Any]) -> str:
    """The days left, behind the colour of the limit."""
    if item["days_left"] < 0:
        left = t(f"逾期{-item['days_left']}日", f"{-item['days_left']} days late")
    else:
        left = t(
            f"{item['days_left']}日／{item['working_days_left']}个工作日",
            f"{item['days_left']} days / {item['working_days_left']} working",
        )
    return t("，", ", ").join([*colour_text(item), left])
