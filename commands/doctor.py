"""`anjuan doctor`: checks the store and its surroundings."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from commands.door import office_here
from commands.frame import Run, command, single
from commands.output import wrap
from commands.words import t
from engine.canonical import content_hash
from engine.clock import SystemClock, today
from engine.errors import AnjuanError
from engine.health import (
    Check,
    calendar_checks,
    certificate_checks,
    deadline_checks,
    document_checks,
    evidence_checks,
    failed,
    home_checks,
    store_checks,
)
from engine.home import Home, evidence_folder, home_from
from engine.missing_holidays import missing_holidays
from engine.office import Office
from engine.version_health import read_only_checks
from engine.workflow_versions import WORKFLOW
from notifications.delivery import SMTP_VARIABLE
from notifications.mail_health import mail_checks
from notifications.pacing import pace_from
from notifications.silence import standings
from notifications.silence_health import run_checks
from notifications.way_out import delivery_from
from notifications.worker_health import worker_checks
from workflows.shipped import shipped_documents
from workflows.shipped_versions import shipped_checks

app = single("doctor")


@command(app, "doctor", zh="检查案卷库和运行环境", en="Check the store and its surroundings")
def doctor(run: Run) -> None:
    home = home_from(os.environ)
    checks = list(_checks(home, os.environ))
    ok = all(check.ok for check in checks)

    def lines() -> Iterator[str]:
        for check in checks:
            mark = t("正常", "ok  ") if check.ok else t("问题", "FAIL")
            yield from wrap(t(check.zh, check.en), indent="      ", first=f"{mark}  ")
        yield ""
        yield t("一切正常", "All is well") if ok else t("有问题需要处理", "Something needs attention")

    document = {"ok": ok, "checks": [{"id": c.id, "ok": c.ok, "zh": c.zh, "en": c.en} for c in checks]}
    run.show(document, lines)
    if not ok:
        run.exit(1)


def _checks(home: Home, environment: Mapping[str, str]) -> Iterator[Check]:
    try:
        office = office_here()
        yield from store_checks(office.store)
        yield from _office_checks(office)
        with office.store.reading() as work:
            files = list(evidence_checks(work, evidence_folder(environment)))
            mails = list(mail_checks(work, office.clock.now()))
            runs = list(run_checks(standings(office, work)))
            working = list(worker_checks(work, SystemClock().now()))
        yield from files
        yield from mails
        yield from runs
        yield from working
    except AnjuanError as error:
        yield failed("store", error)
    yield from home_checks(home.folder)
    yield _mail_check(home, environment)


def _office_checks(office: Office) -> Iterator[Check]:
    on = today(office.clock)
    with office.store.reading() as work:
        office.refresh(work)
        missing = missing_holidays(work, office.law.calendar, on)
        agreeing = list(deadline_checks(work, office.law, on))
        shipped = shipped_documents()
        versions = [*read_only_checks(office, work), *shipped_checks(office, work, shipped)]
    yield from calendar_checks(office.law.calendar, on, missing)
    yield from agreeing
    yield from certificate_checks(office.people, on)
    yield from document_checks(office, [(s.kind, s.id, content_hash(s.content)) for s in shipped if s.kind != WORKFLOW])
    yield from versions


def _mail_check(home: Home, environment: Mapping[str, str]) -> Check:
    try:
        delivery = delivery_from(environment, home.mail_folder)
        pace_from(environment)
    except AnjuanError as error:
        return failed("mail", error)
    if environment.get(SMTP_VARIABLE, "").strip():
        return Check("mail", True, f"邮件经服务器发出，发件人{delivery.sender}", f"mail goes out as {delivery.sender}")
    folder = home.mail_folder
    there = folder if folder.exists() else home.folder
    writable = there.is_dir() and os.access(there, os.W_OK)
    if writable:
        return Check(
            "mail", True, f"未设邮件服务器，邮件存入{folder}", f"no mail server; mails are written to {folder}"
        )
    return Check("mail", False, f"邮件文件夹不可写：{folder}", f"the folder for mails cannot be written: {folder}")
