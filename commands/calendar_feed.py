"""`anjuan calendar feed`: a calendar file that is kept up to date for somebody to subscribe to, until it is revoked."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

from typer import Option, Typer

from commands.door import Desk, office_here, writing
from commands.frame import Run, command
from commands.output import wrap
from commands.words import t
from engine.clock import shown_instant
from engine.home import calendar_folder

if TYPE_CHECKING:
    from notifications.calendar_subscribing import Subscribed


def hang(app: Typer) -> None:
    """Makes the command of the noun."""
    command(
        app,
        "feed",
        zh="日历订阅：生成随案件自动更新的日历文件，供日历程序订阅\n\n"
        "文件在每次提醒运行时更新，语言以最近一次本命令的语言为准。知道文件名的人都可以读取，请勿外传；"
        "泄露或者不再需要的，用--revoke撤销，再次生成的文件另有名称。为他人生成或者撤销，限负责人和管理员，"
        "文件的位置只告诉其本人。文件夹用ANJUAN_CALENDARS指定，默认为案卷库的calendars，每个案卷库各用一个。",
        en="A calendar file that is kept up to date, for calendar programs to subscribe to\n\n"
        "Every run of reminders brings it up to date, in the language of the last call of this command. Whoever knows "
        "its name can read it. Where that got out, or it is no longer wanted, --revoke takes it away, and a new one "
        "has another name. For somebody else it is for leads, heads and administrators, and only he is told where it "
        "lies. ANJUAN_CALENDARS names the folder, else it is `calendars` in the home; each store needs its own.",
        changes=True,
    )(feed)


def feed(
    run: Run,
    person: Annotated[str | None, Option("--person", metavar="NAME", help=t("他人的日历", "of somebody else"))] = None,
    revoke: Annotated[bool, Option("--revoke", help=t("撤销", "take it away"))] = False,
) -> None:
    """Raises NotFound, Forbidden, InputWrong, StoreUnavailable."""
    if revoke:
        _revoke(run, person)
    else:
        _subscribe(run, person)


def _subscribe(run: Run, person: str | None) -> None:
    # Loaded here, so that the help page comes without it.
    from notifications.calendar_files import make_folder, place_of, write_feed
    from notifications.calendar_subscribing import subscribe

    folder, office = calendar_folder(os.environ), office_here()
    with writing(run, office) as desk:
        done = subscribe(desk.office, desk.work, desk.who, person, run.lang)
        own = _is_own(desk, done)
        if not run.dry_run:
            make_folder(folder)
    if not run.dry_run:
        write_feed(office, folder, done.person.name)
    # A name that is not kept is no name: the next call makes another.
    told = own and not (run.dry_run and done.made)
    document = {
        "person": done.person.name,
        "made": done.made,
        "made_at": shown_instant(done.feed.made_at),
        "lang": done.feed.lang,
        "file": str(place_of(folder, done.feed.token).absolute()) if told else None,
        "revoked": False,
    }
    run.show(document, lambda: _made_lines(document, done, own=own, dry_run=run.dry_run))


def _revoke(run: Run, person: str | None) -> None:
    from notifications.calendar_files import remove_file
    from notifications.calendar_subscribing import revoke

    folder, office = calendar_folder(os.environ), office_here()
    with writing(run, office) as desk:
        done = revoke(desk.office, desk.work, desk.who, person)
    if not run.dry_run:
        remove_file(folder, done.feed.token)
    document = {
        "person": done.person.name,
        "made": False,
        "made_at": shown_instant(done.feed.made_at),
        "lang": done.feed.lang,
        "file": None,
        "revoked": True,
    }
    zh, name = done.person.zh, done.person.name
    would = t(f"将撤销{zh}的日历订阅", f"the calendar of {name} would be revoked")
    is_gone = t(f"{zh}的日历订阅已撤销，文件已删除", f"the calendar of {name} is revoked and its file removed")
    run.show(document, lambda: wrap(would if run.dry_run else is_gone))


def _is_own(desk: Desk, done: Subscribed) -> bool:
    return done.person.name == desk.who.name


def _made_lines(document: dict[str, Any], done: Subscribed, *, own: bool, dry_run: bool) -> Iterator[str]:
    zh, name = done.person.zh, done.person.name
    if dry_run and done.made:
        yield from wrap(t(f"将为{zh}生成日历订阅文件", f"a calendar for {name} to subscribe to would be made"))
    elif not own:
        yield from wrap(t(f"{zh}有日历订阅，文件位置由其本人查看：", f"{name} has a calendar; he alone is told where:"))
        yield "  anjuan calendar feed"
    else:
        yield t(f"{zh}的日历订阅文件：", f"The calendar of {name}:")
        yield f"  {document['file']}"
        yield from wrap(
            t(
                "知道这个文件名的人都可以读取，请勿外传。撤销：",
                "Whoever knows this name can read it; keep it to yourself. To revoke it:",
            )
        )
        yield "  anjuan calendar feed --revoke"
