"""`anjuan worker`: works without end, and says who does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import closing
from threading import Event
from typing import Annotated, Any

from typer import Option

from commands.bugs import bug
from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import table, wrap
from commands.words import t
from engine.clock import SystemClock, shown_instant
from engine.home import calendar_folder, home_from
from engine.jobs import queue_of
from engine.office import Office
from engine.workers import workers
from notifications.doing import Doer
from notifications.mail_store import OPEN_STATES, listed
from notifications.pacing import pace_from
from notifications.way_out import delivery_from
from notifications.working import MORNING_FROM, Working

app = single("worker")

_STATES = {"working": ("在运行", "working"), "silent": ("无响应", "silent"), "ended": ("已停止", "ended")}


@command(
    app,
    "worker",
    zh="常驻运行：到期即生成并发送提醒\n\n"
    f"每日{MORNING_FROM:%H:%M}起生成当日提醒和汇总，未送出的邮件到时重发，自动生效的事项到时记入案卷。收到SIGTERM或者Ctrl+C时"
    "办完手头一件后停止，退出码0。使用PostgreSQL的，可以在多台机器上同时运行；多运行几个，发得更快。",
    en="Work without end: make and send reminders as they fall due\n\n"
    f"Reminders and digests of a day are made from {MORNING_FROM:%H:%M} on, mails that were put off are tried again in "
    "their time, and what takes effect by itself is put on record. On SIGTERM or Ctrl+C it finishes what it has in "
    "hand and ends with 0. With PostgreSQL it may run on several machines at once; more of them send faster.",
)
def worker(
    run: Run,
    status: Annotated[bool, Option("--status", help=t("只列出运行情况", "only tell who works and what waits"))] = False,
) -> None:
    office = office_here()
    if status:
        document = _status(office)
        run.show(document, lambda: _status_lines(document))
        return
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    pace = pace_from(os.environ)
    with closing(delivery_from(os.environ, home_from(os.environ).mail_folder)) as delivery:
        working = Working(office, Doer(office, delivery, run.say, pace, bug, calendar_folder(os.environ)), stop)
        run.say(
            f"已开始运行（{working.worker.name}），按Ctrl+C停止",
            f"working ({working.worker.name}); Ctrl+C ends it",
        )
        count = working.run()
    done = {"sent": count.sent, "suppressed": count.suppressed, "failed": count.failed, "happened": count.happened}
    run.show(
        done,
        lambda: wrap(
            t(
                f"已停止。发送{count.sent}封，不需发送{count.suppressed}条，未送出{count.failed}封。",
                f"Ended. {count.sent} sent, {count.suppressed} not needed, {count.failed} failed.",
            )
        ),
    )


def _status(office: Office) -> dict[str, Any]:
    now = SystemClock().now()
    with office.store.reading() as work:
        jobs = queue_of(office.store).counts(work)
        mails = {state: len(listed(work, state=state)) for state in sorted(OPEN_STATES)}
        found = [(one, one.state(now)) for one in workers(work, now)]
    return {
        "workers": [
            {
                "name": one.name,
                "machine": one.machine,
                "process": one.process,
                "state": state,
                "started_at": shown_instant(one.started_at),
                "seen_at": shown_instant(one.seen_at),
            }
            for one, state in found
        ],
        "jobs": vars(jobs),
        "mails": mails,
    }


def _status_lines(found: dict[str, Any]) -> Iterator[str]:
    if found["workers"]:
        headers = (
            t("机器", "machine"),
            t("进程", "process"),
            t("状态", "state"),
            t("开始", "since"),
            t("最近", "seen"),
        )
        yield from table(
            headers,
            [
                (
                    one["machine"],
                    str(one["process"]),
                    t(*_STATES[one["state"]]),
                    one["started_at"][:16].replace("T", " "),
                    one["seen_at"][:16].replace("T", " "),
                )
                for one in found["workers"]
            ],
        )
    else:
        yield t("近7日没有常驻进程运行过。", "No worker has run in the last seven days.")
        yield t("启动：anjuan worker", "Start one: anjuan worker")
    jobs, mails = found["jobs"], found["mails"]
    yield from wrap(
        t(
            f"任务：待办{jobs['waiting']}，在办{jobs['doing']}，中断{jobs['stalled']}；"
            f"邮件：待发{mails['queued']}，待重发{mails['retrying']}。",
            f"Jobs: {jobs['waiting']} waiting, {jobs['doing']} being done, {jobs['stalled']} left behind. "
            f"Mails: {mails['queued']} queued, {mails['retrying']} to be tried again.",
        )
    )
