"""Entry point of `anjuan`: the table of its commands, each loaded only when it is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from commands.places import Place
from commands.running import run

PLACES = {
    "demo": Place("commands.demo", "演示：从头到尾办完一次专项行动", "play a whole campaign from start to end"),
    "init": Place("commands.init", "建立新的案卷库", "make a new store"),
    "today": Place("commands.today", "今天要办的事", "what is due today"),
    "calendar": Place(
        "commands.calendar", "日历：期限、听证、行动，可订阅", "calendar: deadlines, hearings, campaigns, a feed"
    ),
    "campaign": Place(
        "commands.campaign",
        "专项行动：新建、校验、载入、看板、任务、延期",
        "campaigns: begin, check, load, board, tasks, extend",
    ),
    "case": Place(
        "commands.case", "案件：登记、办理、查问、查看、撤回", "cases: open, take a step, ask why, show, undo"
    ),
    "deadline": Place("commands.deadline", "期限：推算、计算说明、列出", "deadlines: work out, prove, list"),
    "remind": Place("commands.remind", "提醒：生成并发送到期提醒", "reminders: plan and send what is due"),
    "worker": Place("commands.worker", "常驻运行：按时发送提醒", "work without end: send reminders in time"),
    "mail": Place("commands.mail", "邮件：列出、查看、说明、重发", "mails: list, show, why, send again"),
    "report": Place(
        "commands.report",
        "报表：查看、预演、追溯、补记、核对、导出、制图",
        "reports: show, rehearse, trace, count, compare, chart",
    ),
    "pass": Place("commands.passes", "放行：批准逾期环节一次性办理", "passes: let one late step through, once"),
    "ledger": Place("commands.ledger", "记录链：核验、固定", "the record: verify, anchor"),
    "respondent": Place(
        "commands.respondent", "当事人：查找、查看、登记别名和证件号码", "respondents: find, show, names and numbers"
    ),
    "staff": Place(
        "commands.staff", "人员：列出、新增、角色、执法证、代行、离岗", "staff: list, add, roles, stand-ins, leave"
    ),
    "unit": Place("commands.unit", "单位：列出、新增", "units: list, add"),
    "workflow": Place(
        "commands.workflow",
        "流程：列出、查看、校验、证明、比较、迁移",
        "workflows: list, show, check, prove, compare, move",
    ),
    "rule": Place(
        "commands.rule",
        "规则与放假安排：列出、查看、校验、导出、载入、确认",
        "rules and holidays: list, show, check, export, load, confirm",
    ),
    "backup": Place("commands.backup", "备份案卷库并核验", "back up the store and verify the copy"),
    "upgrade": Place("commands.upgrade", "升级较早程序建立的案卷库", "upgrade a store that an earlier program made"),
    "doctor": Place("commands.doctor", "检查案卷库和运行环境", "check the store and its surroundings"),
    "login": Place("commands.login", "登录", "sign in"),
    "logout": Place("commands.logout", "退出登录", "sign out"),
    "password": Place("commands.password", "更换自己的口令", "change your password"),
    "whoami": Place("commands.whoami", "当前以谁的身份办理", "who acts, and in which roles"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs `anjuan` with these words, by default those typed, and returns the exit code."""
    return run(sys.argv[1:] if arguments is None else arguments, PLACES)


if __name__ == "__main__":
    raise SystemExit(main())
