"""`anjuan remind`: sends the reminders that are due."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import closing

from commands.bugs import bug
from commands.door import office_here
from commands.frame import Run, command, noun
from commands.output import table, wrap
from commands.words import t
from engine.home import calendar_folder, home_from
from notifications.pacing import pace_from
from notifications.reminding import Outgoing, RunResult, rehearse_reminders, run_reminders
from notifications.way_out import delivery_from

app = noun("remind", zh="提醒", en="Reminders")

PARTLY_DONE = 7


@command(
    app,
    "run",
    zh="发送到期的提醒\n\n未设ANJUAN_SMTP时，邮件写入案卷库的mail文件夹。暂未送出的，1至60分钟后由再次运行重发，48小时不成"
    "即停止。重复运行、几处同时运行都不会重复发送；有未送出的，退出码为7。",
    en="Send the reminders that are due\n\nWithout ANJUAN_SMTP mails are written into the folder mail of the store. "
    "What is put off is tried again by a run 1 to 60 minutes later, for 48 hours. Running it again, or in several "
    "places at once, sends nothing twice; exit code 7 when something did not leave.",
    changes=True,
)
def run_now(run: Run) -> None:
    office = office_here()
    if run.dry_run:
        result, mails = rehearse_reminders(office, run.say)
        document = {**result.document(), "mails": [vars(mail) for mail in mails]}
        run.show(document, lambda: _rehearsed(result, mails))
    else:
        pace = pace_from(os.environ)
        with closing(delivery_from(os.environ, home_from(os.environ).mail_folder)) as delivery:
            result = run_reminders(office, delivery, run.say, pace, bug, calendar_folder(os.environ))
        run.show(result.document(), lambda: _done(result))
    if result.failed:
        run.exit(PARTLY_DONE)


def _done(result: RunResult) -> Iterator[str]:
    yield from wrap(
        t(
            f"已发送{result.sent}封，不需发送{result.suppressed}条，未送出{result.failed}封；"
            f"尚有{result.planned}条提醒未到期。",
            f"{result.sent} sent, {result.suppressed} not needed, {result.failed} failed; "
            f"{result.planned} reminders are still to come.",
        )
    )
    if result.waiting:
        yield from wrap(
            t(
                f"{result.waiting}封邮件等待重发，到时由下一次运行发出。",
                f"{result.waiting} mails wait for their next try; the next run after that time sends them.",
            )
        )
        yield t("查看：anjuan mail list --state retrying", "See: anjuan mail list --state retrying")
    if result.sent:
        yield t("查看：anjuan mail list", "See: anjuan mail list")


def _rehearsed(result: RunResult, mails: Sequence[Outgoing]) -> Iterator[str]:
    yield from wrap(
        t(
            f"将发送{result.sent}封，不需发送{result.suppressed}条，无法发送{result.failed}封；未作任何改动。",
            f"{result.sent} would be sent, {result.suppressed} are not needed, {result.failed} cannot be sent; "
            "nothing was changed.",
        )
    )
    if mails:
        yield from table(
            (t("收件人", "to"), t("邮箱", "address"), t("主题", "subject")),
            [(mail.to, mail.address, mail.subject) for mail in mails],
        )
