"""`anjuan calendar`: what stands in somebody's calendar, on the terminal and as a file for calendar programs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option

from commands import calendar_feed
from commands.door import reading
from commands.frame import Run, alone
from commands.output import day, table, wrap
from commands.words import language, t
from engine.clock import SHANGHAI, today
from engine.working_days import WorkingDays

if TYPE_CHECKING:
    from notifications.calendar_events import Event

EXAMPLE = "calendar.ics"
DEADLINE = "deadline"


@alone(
    "calendar",
    zh="日历：专项行动、本人的期限和听证，可另存为日历文件\n\n"
    "文件可以导入手机和电脑的日历；变动和取消的事项在再次导入时更新。他人的日历，只有负责人和管理员可以查看。"
    "随案件自动更新的订阅文件，见calendar feed。",
    en="The calendar: campaigns, your own deadlines and hearings, also as a file\n\n"
    "Phones and desktops import the file; what moved or fell away follows when it is imported again. The calendar of "
    "somebody else is for leads, heads and administrators. For a file that is kept up to date see calendar feed.",
)
def app(
    run: Run,
    person: Annotated[str | None, Option("--person", metavar="NAME", help=t("他人的日历", "of somebody else"))] = None,
    to: Annotated[
        Path | None,
        Option("--to", metavar="FILE.ics", help=t("另存为日历文件（iCalendar）", "write an iCalendar file too")),
    ] = None,
) -> None:
    """Raises NotFound, Forbidden, InputWrong, StoreUnavailable; then no file is written."""
    # Loaded here, so that the help page comes without it.
    from notifications.calendar_feed import calendar_name
    from notifications.calendar_person import calendar_for
    from reports.written_files import require_place

    if to is not None:
        require_place(to, EXAMPLE)
    with reading(run) as desk:
        found = calendar_for(desk.office, desk.work, desk.who, person)
        on, working_days = today(desk.office.clock), desk.office.law.calendar
    if to is not None:
        write_feed(to, calendar_name(found.person, language()), found.events)
    document = {
        "person": found.person.name,
        "on": on,
        "file": str(to) if to is not None else None,
        "events": [_shown(event, on, working_days) for event in found.events],
    }
    run.show(document, lambda: _lines(document, found.events, to))


def write_feed(to: Path, name: str, events: Sequence[Event]) -> None:
    """Writes the events as an iCalendar file, whole or not at all. Raises InputWrong, StoreUnavailable."""
    from notifications.calendar_feed import feed
    from reports.written_files import put_in_place

    put_in_place(to, feed(name, events, language()), EXAMPLE)


def _shown(event: Event, on: date, working_days: WorkingDays) -> dict[str, Any]:
    at = event.at.astimezone(SHANGHAI).isoformat(timespec="minutes") if event.at is not None else None
    return {
        "uid": event.uid,
        "sequence": event.revision.number,
        "status": "cancelled" if event.cancelled else "confirmed",
        "kind": event.kind,
        "on": event.on,
        "at": at,
        "zh": event.zh,
        "en": event.en,
        "place": event.place,
        "case_no": event.case_no,
        "campaign": event.campaign,
        "days_left": (event.on - on).days,
        "working_days_left": working_days.count(on, event.on),
    }


def _lines(document: dict[str, Any], events: Sequence[Event], to: Path | None) -> Iterator[str]:
    """What stands and is still to come, and limits whose day has passed; the rest is in the file only."""
    pairs = zip(document["events"], events, strict=True)
    listed = [one for one, e in pairs if not e.cancelled and (one["days_left"] >= 0 or e.kind == DEADLINE)]
    if listed:
        headers = (t("日期", "day"), t("剩余", "left"), t("事项", "what"))
        yield from table(headers, [(_day(one), _left(one), _what(one)) for one in listed])
    else:
        yield t("没有要来的事项。", "Nothing is to come.")
    if to is not None:
        yield from wrap(t(f"日历文件：{to}", f"Calendar file: {to}"))


def _day(one: dict[str, Any]) -> str:
    return day(one["on"]) + (f" {one['at'][11:16]}" if one["at"] else "")


def _what(one: dict[str, Any]) -> str:
    title = t(one["zh"], one["en"])
    return title if one["place"] is None else title + t(f"，地点：{one['place']}", f", place: {one['place']}")


def _left(one: dict[str, Any]) -> str:
    if one["days_left"] < 0:
        return t(f"已过{-one['days_left']}日", f"{-one['days_left']} days ago")
    return t(f"{one['working_days_left']}个工作日", f"{one['working_days_left']} working days")


calendar_feed.hang(app)
