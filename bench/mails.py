"""How long a morning takes: so many cases fall due at once, are made into mails, and go to a server on this machine."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from time import perf_counter
from typing import Any

from bench.scene import CAMPAIGN, FOUNDED_ON
from engine import casework
from engine.campaign_plan import shipped_campaign
from engine.clock import SHANGHAI, StandingClock, end_of_day
from engine.home import Home, store_of
from engine.jobs import queue_of
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.store import Store
from notifications.doing import Doer
from notifications.smtp_delivery import SmtpDelivery
from workflows import guards
from workflows.campaign_loading import load_campaign, read_checked
from workflows.founding import Founding, found

COMPLAINED_ON = date(2018, 9, 3)
# Whether to accept a complaint is due by 2018-09-18; the first reminder goes out seven days before.
MORNING = datetime(2018, 9, 11, 8, 0, tzinfo=SHANGHAI)
_SINK = """
import socket
from aiosmtpd.controller import Controller

with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]

class Sink:
    async def handle_DATA(self, server, session, envelope):
        return "250 taken"

controller = Controller(Sink(), hostname="127.0.0.1", port=port)
controller.start()
print(port, flush=True)
input()
"""


def morning(home: Home, cases: int) -> dict[str, Any]:
    """What one worker needs for the morning of that many cases: to plan it, and to deliver its mails by SMTP."""
    store = _prepared(home, cases)
    office = Office(store, StandingClock(MORNING), practice=True)
    with _sink() as url, closing(SmtpDelivery(url)) as delivery:
        doer = Doer(office, delivery)
        begun = perf_counter()
        doer.plan()
        planned = perf_counter()
        queue_of(store).work_off(doer)
        done = perf_counter()
    store.close()
    mails = doer.count.sent
    return {
        "cases": cases,
        "mails": mails,
        "plan_seconds": round(planned - begun, 2),
        "mails_per_second": round(mails / (done - planned)),
    }


def _prepared(home: Home, cases: int) -> Store:
    guards.known()
    found(home, Founding(practice=True, account="bench", clock=StandingClock(end_of_day(FOUNDED_ON))))
    store, clock = store_of(home), StandingClock(end_of_day(COMPLAINED_ON))
    office = Office(store, clock, practice=True)
    with store.writing() as work:
        office.refresh(work)
        plan, _ = read_checked(shipped_campaign(CAMPAIGN), office)
        load_campaign(office, work, office.people.person("campaign_office"), plan)
        for number in range(cases):
            given = {
                "source": "complaint",
                "title": f"某网站转载案{number}",
                "respondent": f"某公司{number}",
                "respondent_kind": "unit",
            }
            case_no = casework.open_case(
                office, work, OpenCase("case", "handler1", given, campaign=CAMPAIGN, category="short_video")
            ).after.case_no
            received = {"materials_complete_on": COMPLAINED_ON.isoformat()}
            casework.take_step(office, work, TakeStep(case_no, "receive_materials", "handler1", received))
    return store


@contextmanager
def _sink() -> Iterator[str]:
    """The address of a mail server that takes everything, in a process of its own."""
    server = subprocess.Popen([sys.executable, "-c", _SINK], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert server.stdout is not None
    try:
        yield f"smtp://127.0.0.1:{server.stdout.readline().strip()}"
    finally:
        server.kill()
        server.wait()
