"""The morning mail on both databases: what it says, to whom, on which days, and once."""

from __future__ import annotations

from threading import Barrier, Thread

import pytest
from builders import Scene, day
from test_reminding import Killed, Post

import notifications.morning
from engine import assigning
from engine.case_page import possible_steps, steps_here
from engine.casework import surroundings
from engine.definitions import SAME
from engine.errors import NotFound
from engine.office import Office
from engine.party_history import history_for
from engine.people import Person
from engine.workload import Turn, Workloads, workload_of
from notifications.delivery import DeliveryDelayed
from notifications.digest import digest_of
from notifications.mail_store import Mail, listed, mail_of
from notifications.person_mails import envelope as envelope_of
from notifications.person_views import DigestMail
from notifications.reminding import RunResult, rehearse_reminders, run_reminders

pytest_plugins = ("scenes",)

ON_SQLITE = pytest.mark.parametrize("scene", ["sqlite"], indirect=True)


def run(scene: Scene, on: str, post: Post | None = None) -> RunResult:
    scene.it_is(on)
    return run_reminders(scene.office, post or Post())


def digests(scene: Scene) -> dict[str, list[Mail]]:
    """The digests of everybody, the oldest first."""
    found: dict[str, list[Mail]] = {}
    with scene.office.store.reading() as work:
        for line in listed(work):
            if line.kind == "digest":
                found.setdefault(line.to_name, []).append(mail_of(work, line.id))
    return found


def digest(scene: Scene, name: str) -> DigestMail | None:
    with scene.office.store.reading() as work:
        person = scene.office.people.person(name)
        return digest_of(scene.office, work, workload_of(scene.office, work, person), person)


def gone(post: Post) -> int:
    """How many digests left; reminders of the campaign go beside them."""
    return sum("要办的事" in str(message["Subject"]) for message in post.accepted)


def lines(mail: DigestMail | None) -> dict[str, list[str]]:
    assert mail is not None
    return {
        group.en: [f"{one.about} {one.what_en} {one.when_en}".strip() for one in group.lines] for group in mail.groups
    }


@pytest.mark.parametrize(
    ("on", "group", "said"),
    [
        ("2018-09-12", None, ""),  # four working days before
        ("2018-09-13", "Due within three working days", "by Tue 18 Sep 2018, 3 working days left (yellow)"),
        ("2018-09-17", "Due within three working days", "by Tue 18 Sep 2018, 1 working day left (yellow)"),
        ("2018-09-18", "Due within three working days", "by Tue 18 Sep 2018, no working day left after today (yellow)"),
        ("2018-09-19", "Overdue", "was due on Tue 18 Sep 2018, 1 day late (red)"),
    ],
)
@ON_SQLITE
def test_a_limit_is_soon_from_three_working_days_before_and_late_after(
    scene: Scene, on: str, group: str | None, said: str
) -> None:
    case_no = scene.open("2018-09-03", source="complaint", materials_complete_on="2018-09-03")
    scene.it_is(on)

    found = digest(scene, "handler1")

    named = {} if found is None else {head: one for head, each in lines(found).items() for one in each}
    assert named == ({} if group is None else {group: f"{case_no} Accept the complaint {said}"})


def test_what_is_named_as_due_is_not_named_again_as_a_turn(scene: Scene) -> None:
    case_no = scene.open("2018-09-03")
    scene.it_is("2018-09-04")
    said = lines(digest(scene, "lead"))

    assert sum(case_no in line for group in said.values() for line in group) == 1


def test_an_offer_waits_for_whom_it_was_made(scene: Scene) -> None:
    case_no = scene.open("2018-09-03")
    with scene.office.store.writing() as work:
        assigning.offer(scene.office, work, case_no, "handler1", "handler3", "出差")

    run(scene, "2018-09-04")

    [mail] = digests(scene)["handler3"]
    assert f"- {case_no} 某网站转载案：办案一请您接收本案\n" in mail.text
    assert mail.line.subject == "2018年9月4日（周二）要办的事：待办1"
    assert mail.line.key == "digest:handler3:2018-09-04"


def test_each_gets_one_a_day_and_whoever_has_nothing_to_do_none(scene: Scene) -> None:
    scene.open("2018-09-03")
    post = Post()

    run(scene, "2018-09-04", post)
    again = run(scene, "2018-09-04", post)
    made = digests(scene)

    assert gone(post) == len(made) > 0
    assert again.sent == 0
    assert all(len(mails) == 1 for mails in made.values())
    assert "lead" in made
    assert not {"finance", "archivist", "county_lead"} & set(made)
    run(scene, "2018-09-05", post)
    assert [mail.rung.send_on for mail in digests(scene)["lead"]] == [day("2018-09-04"), day("2018-09-05")]


@pytest.mark.parametrize(
    ("on", "goes"),
    [("2018-09-23", False), ("2018-09-24", False), ("2018-09-29", True), ("2018-09-30", True), ("2018-10-01", False)],
)
@ON_SQLITE
def test_it_goes_on_working_days_alone_and_a_worked_weekend_is_one(scene: Scene, on: str, goes: bool) -> None:
    scene.open("2018-09-03")

    run(scene, on)

    assert bool(digests(scene)) is goes


def test_a_day_without_a_run_has_none_and_what_comes_up_after_the_first_run_waits(scene: Scene) -> None:
    run(scene, "2018-09-04")
    scene.open("2018-09-04")
    run(scene, "2018-09-04")
    run(scene, "2018-09-06")

    assert {mail.rung.send_on for mails in digests(scene).values() for mail in mails} == {day("2018-09-06")}


def test_one_that_could_not_leave_is_for_its_day_alone(scene: Scene) -> None:
    scene.open("2018-09-03")
    late = DeliveryDelayed("451 later", "稍后再试", "try later")
    run(scene, "2018-09-04", Post({p.email: late for p in scene.office.people.persons.values()}))
    post = Post()

    run(scene, "2018-09-05", post)

    states = [mail.line.state for mail in digests(scene)["lead"]]
    assert states == ["suppressed", "sent"]
    assert "当日已过" in digests(scene)["lead"][0].attempts[-1].answer


def test_a_run_killed_at_the_first_mail_sends_each_once_in_the_next(scene: Scene) -> None:
    scene.open("2018-09-03")

    class Dying(Post):
        def deliver(self, message: object) -> None:  # type: ignore[override]
            raise Killed

    with pytest.raises(Killed):
        run(scene, "2018-09-04", Dying())
    made = len(digests(scene))
    post = Post()
    run(scene, "2018-09-04", post)

    assert gone(post) == len(digests(scene)) == made > 0


def test_two_runs_at_once_make_one_each(scene: Scene) -> None:
    scene.open("2018-09-03")
    scene.it_is("2018-09-04")
    start, post = Barrier(2), Post()
    results: list[RunResult] = []

    def runner() -> None:
        office = Office(scene.office.store, scene.clock, practice=True)
        start.wait()
        results.append(run_reminders(office, post))

    threads = [Thread(target=runner) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    made = digests(scene)
    assert sum(one.failed for one in results) == 0
    assert sum(one.sent for one in results) == len(post.accepted)
    assert gone(post) == len(made) > 0
    assert all(len(mails) == 1 for mails in made.values())


def test_a_rehearsal_shows_them_and_keeps_nothing(scene: Scene) -> None:
    scene.open("2018-09-03")
    scene.it_is("2018-09-04")

    result, outgoing = rehearse_reminders(scene.office)

    assert digests(scene) == {}
    assert result.sent == len(outgoing) > 0
    assert run(scene, "2018-09-04") == result


def test_one_that_cannot_be_made_is_told_and_stops_no_other(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.open("2018-09-03")
    scene.it_is("2018-09-04")

    def failing(office: Office, work: object, load: object, person: Person, missing: object) -> DigestMail | None:
        if person.name == "head":
            raise NotFound("x", "缺少", "gone")
        return digest_of(office, work, load, person, missing)  # type: ignore[arg-type]

    monkeypatch.setattr(notifications.morning, "digest_of", failing)
    said: list[str] = []

    result = run_reminders(scene.office, Post(), lambda _, en: said.append(en))

    assert result.failed == 1
    assert said == ["head: no digest could be made: gone"]
    assert "lead" in digests(scene)


def test_somebody_without_an_address_gets_no_dead_mail_every_morning(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.open("2018-09-03")
    monkeypatch.setattr(notifications.morning, "envelope", without_address("lead"))

    result = run(scene, "2018-09-04")

    assert result.failed == 0
    assert "lead" not in digests(scene)


def without_address(name: str):  # type: ignore[no-untyped-def]
    def made(work, kind, person, on):  # type: ignore[no-untyped-def]
        unreachable = Person(person.name, person.zh, person.unit, person.roles)
        return envelope_of(work, kind, unreachable if person.name == name else person, on)

    return made


def test_asked_together_everybody_has_the_day_that_he_has_alone(scene: Scene) -> None:
    several(scene)
    office = scene.office

    with office.store.reading() as work:
        loads = Workloads(office, work)
        for person in office.people.persons.values():
            load = loads.of(person)
            assert load == workload_of(office, work, person)
            assert load.turns == turns_one_by_one(office, work, person)


def test_a_case_is_read_once_however_many_it_concerns(scene: Scene) -> None:
    several(scene)
    office = scene.office

    with office.store.reading() as work:
        loads = Workloads(office, work)
        loads.of(office.people.person("lead"))
        before = work.statements
        for name in ("head", "handler1", "handler2", "reviewer", "supervisor"):
            loads.of(office.people.person(name))
        # What is asked for each is what he was offered, and no more; the cases' own histories are read at most once.
        assert work.statements - before <= 5 + len(CASES)


CASES = ("", "verify", "verify file", "verify file investigate", "verify file investigate conclude")


def several(scene: Scene) -> None:
    for steps in CASES:
        scene.walk(scene.open("2018-09-03"), steps, "2018-09-04")
    scene.it_is("2018-09-05")


def turns_one_by_one(office: Office, work, person: Person) -> list[Turn]:  # type: ignore[no-untyped-def]
    """Whose turn it is, found by judging every step of every case."""
    found = []
    loads = Workloads(office, work)
    for case_no in loads._open_cases(person):
        case = loads._case(case_no).case
        workflow = office.workflow_of(work, case.definition)
        around = surroundings(office, case, history_for(work, case, workflow, steps_here(workflow, case)))
        for possible in possible_steps(workflow, case, person, around):
            step = workflow.definition.steps[possible.step]
            bound = "handler" in step.by and person.name not in case.holders
            if possible.allowed and not step.on_occasion and step.to != SAME and not bound:
                found.append(Turn(case, possible.step))
                break
    return found
