"""Sets the scene: a practice store with a campaign and cases that each stand before one of the measured steps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine import casework
from engine.campaign_plan import shipped_campaign
from engine.clock import StandingClock, end_of_day
from engine.home import Home, store_of
from engine.office import Office
from engine.orders import OpenCase, TakeStep
from engine.store import Store, Work
from workflows import guards
from workflows.campaign_loading import load_campaign, read_checked
from workflows.founding import Founding, found

CAMPAIGN = "suzhou-2018"
FOUNDED_ON = date(2018, 8, 13)
OPENED_ON = date(2018, 9, 3)
DECIDED_ON = date(2018, 10, 13)
MEASURED = ("verify", "file", "notify", "decide", "serve")
DISCUSSIONS = 12  # make a life of 20 steps, opening included
_OFFICERS = "handler1,handler2"
_SERVED = {"officers": _OFFICERS, "served_how": "person", "proof": "送达回证"}


@dataclass(frozen=True)
class Act:
    """One step of a case's life: who takes it, when, with which answers."""

    step: str
    actor: str
    on: date
    given: Mapping[str, str]

    def order(self, case_no: str) -> TakeStep:
        return TakeStep(case_no, self.step, self.actor, self.given, self.on)


LIFE = (
    Act("verify", "lead", date(2018, 9, 5), {"officers": _OFFICERS}),
    Act("file", "head", date(2018, 9, 6), {"public_interest": "yes"}),
    Act("investigate", "lead", date(2018, 9, 7), {"officers": _OFFICERS}),
    Act(
        "conclude",
        "handler1",
        date(2018, 9, 20),
        {"officers": _OFFICERS, "turnover_fen": "4000000", "proposal": "责令停止侵权，罚款"},
    ),
    Act("review", "reviewer", date(2018, 9, 21), {"opinion": "pass"}),
    Act("approve_notice", "head", date(2018, 9, 25), {"proposed_fine_fen": "10000000"}),
    Act("notify", "handler1", date(2018, 9, 26), {**_SERVED, "served_on": "2018-09-26"}),
    Act(
        "discuss",
        "head",
        DECIDED_ON,
        {"members": "某甲、某乙", "minutes": "同意", "discussed_on": DECIDED_ON.isoformat()},
    ),
    Act("decide", "head", DECIDED_ON, {"fine_fen": "10000000", "measures": "stop,fine"}),
    Act("serve", "handler1", date(2018, 10, 19), {**_SERVED, "served_on": "2018-10-19"}),
)


@dataclass(frozen=True)
class Scene:
    """The steps to measure, each on a case of its own and all different, and the case with a life of 20 steps."""

    warming: tuple[TakeStep, ...]
    measured: tuple[TakeStep, ...]
    long_case: str


class Bureau:
    """An office at work: its clock stands on the day of whatever it does."""

    def __init__(self, store: Store) -> None:
        guards.known()
        self._clock = StandingClock(end_of_day(FOUNDED_ON))
        self.office = Office(store, self._clock, practice=True)

    def open(self, work: Work, number: int) -> str:
        """A new case, discovered on patrol; its number."""
        self._clock.move_to(end_of_day(OPENED_ON))
        given = {
            "source": "patrol",
            "title": f"某网站转载案{number}",
            "respondent": f"某公司{number}",
            "respondent_kind": "unit",
        }
        order = OpenCase("case", "handler1", given, campaign=CAMPAIGN, category="short_video", on=OPENED_ON)
        return casework.open_case(self.office, work, order).after.case_no

    def take(self, work: Work, order: TakeStep) -> None:
        """One step, on its day."""
        assert order.on is not None
        self._clock.move_to(end_of_day(order.on))
        casework.take_step(self.office, work, order)


def set_scene(home: Home, count: int, warming: int) -> Scene:
    """Found a practice store in the home and bring `count` cases (and a few to warm up) before their step."""
    found(home, Founding(practice=True, account="bench", clock=StandingClock(end_of_day(FOUNDED_ON))))
    store = store_of(home)
    bureau = Bureau(store)
    with store.writing() as work:
        bureau.office.refresh(work)
        plan, _ = read_checked(shipped_campaign(CAMPAIGN), bureau.office)
        load_campaign(bureau.office, work, bureau.office.people.person("campaign_office"), plan)
        orders = list(_prepared(bureau, work, warming + count))
        long_case = _long_case(bureau, work)
    store.close()
    return Scene(tuple(orders[:warming]), tuple(orders[warming:]), long_case)


def _prepared(bureau: Bureau, work: Work, count: int) -> Iterator[TakeStep]:
    for number in range(count):
        wanted = MEASURED[number % len(MEASURED)]
        case_no = bureau.open(work, number)
        for act in LIFE:
            if act.step == wanted:
                yield act.order(case_no)
                break
            bureau.take(work, act.order(case_no))


def _long_case(bureau: Bureau, work: Work) -> str:
    case_no = bureau.open(work, 0)
    for act in LIFE:
        if act.step == "decide":
            return case_no
        for _ in range(DISCUSSIONS if act.step == "discuss" else 1):
            bureau.take(work, act.order(case_no))
    raise AssertionError("the life of a case has a decision")
