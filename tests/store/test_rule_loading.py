"""Editing rules on a real store: open deadlines follow at once, on record, and no edit is lost to another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from builders import Scene, day

from engine import rule_changes
from engine.agenda import AGENDA
from engine.book_store import entries_of
from engine.casework import take_step
from engine.clock import StandingClock
from engine.courses import course_of
from engine.deadline_orders import TurnDeadline, TurnKind
from engine.deadlines import new_deadline
from engine.documents import document_by_hash, documents_in_force, editions_of
from engine.errors import FileWrong, Forbidden, InputWrong, RuleChanged, TransitionRefused
from engine.health import calendar_checks, deadline_checks
from engine.ledger import STORE_BOOK
from engine.missing_holidays import missing_holidays
from engine.office import Office
from engine.orders import TakeStep
from engine.repeating import kept
from engine.rule_changes import EVERYTHING, Reach, candidates, touches
from engine.snapshot import snapshot
from engine.store import Store, postgres_store, sqlite_store
from engine.time_limits import TimeLimit
from engine.turning import turn_deadline
from engine.verifying import verify_store
from workflows.rule_edits import Edit, rule_of, rules_in_force
from workflows.rule_exporting import export_rule
from workflows.rule_files import RuleFile, known_in, read_rules
from workflows.rule_loading import Account, apply_rules, confirm_rule, foresee, load_rules, sweep

pytest_plugins = ("scenes",)

REASON = "国办发明电〔2026〕1号"
YEAR_2027 = """\
year: 2027
notice: 国办发明电〔2026〕1号
source: 虚构，供试验
confidence: M-
rest:
  - {on: 2027-01-01, zh: 元旦, en: New Year}
  - {on: 2027-01-02, zh: 元旦, en: New Year}
  - {on: 2027-01-03, zh: 元旦, en: New Year}
  - {on: 2027-05-01, zh: 劳动节, en: Labour Day}
  - {on: 2027-10-01, zh: 国庆节, en: National Day}
worked: []
"""
NOTIFIED, COMPLAINED = "suzhou-2026-0001", "suzhou-2026-0002"


@pytest.fixture
def december(scene: Scene) -> Scene:
    """One party told on Monday 28 December 2026, one complaint complete on the 23rd; the holidays of 2027 not known."""
    no = scene.open("2026-12-21", campaign=None)
    scene.walk(no, "verify file investigate conclude review", "2026-12-28")
    scene.take(no, "approve_notice", "2026-12-28", proposed_fine_fen="15000000")  # enough for a hearing
    scene.take(no, "notify", "2026-12-28")
    scene.open("2026-12-28", campaign=None, source="complaint", materials_complete_on="2026-12-23")
    return scene


def year_file(folder: Path, text: str = YEAR_2027) -> Path:
    path = folder / "2027.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def exported(scene: Scene, id: str, to: Path, *changes: tuple[str, str]) -> Path:
    """The rule in force as a file, with some texts replaced."""
    document = rule_of(rules_in_force(scene.office), id)
    with scene.office.store.reading() as work:
        export_rule(document, editions_of(work, document.kind, document.id), to)
    text = to.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    to.write_text(text, encoding="utf-8")
    return to


def files(scene: Scene, *paths: Path) -> list[RuleFile]:
    return [read_rules(path, known_in(scene.office)) for path in paths]


def load(scene: Scene, *paths: Path, by: str = "head", reason: str = REASON) -> Account:
    read, actor = files(scene, *paths), scene.office.people.person(by)
    with scene.office.store.writing() as work:
        return load_rules(scene.office, work, actor, read, reason, lambda _: None)


def confirm(scene: Scene, id: str, by: str = "reviewer", begins: str | None = None) -> Account:
    actor = scene.office.people.person(by)
    with scene.office.store.writing() as work:
        return confirm_rule(scene.office, work, actor, id, begins, "已与条文核对", lambda _: None)


def whole(scene: Scene) -> None:
    with snapshot(scene.office.store) as work:
        verified = verify_store(work)
    assert verified.first_bad is None, verified.first_bad


def agrees(scene: Scene) -> bool:
    """Whether every open deadline stands as the rules say, by the check of `doctor`."""
    with scene.office.store.reading() as work:
        scene.office.refresh(work)
        checks = list(deadline_checks(work, scene.office.law, day("2026-12-28")))
    return all(check.ok for check in checks)


def dues(scene: Scene, *cases: str) -> dict[str, str]:
    found = (d for no in cases for d in scene.case(no).deadlines.values())
    return {d.id: d.due_on.isoformat() for d in found}


def last_of_store(scene: Scene) -> Mapping[str, Any]:
    with scene.office.store.reading() as work:
        said: Mapping[str, Any] = entries_of(work, STORE_BOOK)[-1].said()
    return said


def planned(scene: Scene, book: str, subject: str) -> set[tuple[str, str]]:
    """Due day and day of sending of the planned rungs."""
    query = sa.select(AGENDA.c.due_on, AGENDA.c.send_on).where(AGENDA.c.book == book, AGENDA.c.subject == subject)
    with scene.office.store.reading() as work:
        rows = work.connection.execute(query.where(AGENDA.c.state == "planned")).all()
    return {(due_on, send_on) for due_on, send_on in rows}


# --- a holiday notice -------------------------------------------------------------------------------------------------


def test_a_published_year_moves_what_it_moves_and_makes_the_rest_firm(december: Scene, tmp_path: Path) -> None:
    """By weekdays the hearing may be asked for until 4 January (29, 30, 31, 1, 4), the statement comes until the 6th;
    with New Year's Day off each ends one working day later. The complaint's fifteen days end on 7 January either way.
    """
    before = dues(december, NOTIFIED, COMPLAINED)

    account = load(december, year_file(tmp_path))

    assert (before["hearing_request"], before["statement_period"]) == ("2027-01-04", "2027-01-06")
    assert {(s.case_no, s.deadline_id, s.after.due_on.isoformat(), s.became_firm) for s in account.moved} == {
        (NOTIFIED, "hearing_request", "2027-01-05", True),
        (NOTIFIED, "statement_period", "2027-01-07", True),
    }
    assert [(s.case_no, s.deadline_id, s.after.due_on) for s in account.firm] == [
        (COMPLAINED, "complaint_decision", day("2027-01-07"))
    ]
    assert (account.cases, account.touched) == (1, 2)
    assert dues(december, NOTIFIED)["hearing_request"] == "2027-01-05"
    whole(december)
    assert agrees(december)


def test_the_record_of_case_and_store_says_what_moved_and_why(december: Scene, tmp_path: Path) -> None:
    load(december, year_file(tmp_path))

    entry = december.entries(NOTIFIED)[-1]
    said = entry.said()
    moved = {e["id"]: (e["before"]["due_on"], e["due_on"]) for e in said["effects"]["deadlines"]}
    hash_ = rule_of(rules_in_force(december.office), "2027").hash
    assert (entry.kind, entry.actor, said["reason"]) == ("rules", "head", REASON)
    assert moved["hearing_request"] == ("2027-01-04", "2027-01-05")
    assert said["effects"]["rule"] == [hash_]
    told = last_of_store(december)
    assert told["effects"] == {
        "act": "load",
        "documents": [["holidays", "2027", hash_]],
        "replaces": [],
        "notices": {"2027": REASON},
        "moved": 2,
        "firm": 1,
        "deadlines": 3,
        "cases": 2,
        "orphaned": 0,
    }
    assert (told["actor"], told["reason"]) == ("head", REASON)


def test_a_rehearsal_tells_the_same_and_keeps_nothing(december: Scene, tmp_path: Path) -> None:
    read, actor = files(december, year_file(tmp_path)), december.office.people.person("head")
    before = dues(december, NOTIFIED, COMPLAINED), len(december.entries(NOTIFIED)), last_of_store(december)

    with december.office.store.reading() as work:
        foreseen = foresee(december.office, work, actor, read)

    assert before == (dues(december, NOTIFIED, COMPLAINED), len(december.entries(NOTIFIED)), last_of_store(december))
    done = load(december, year_file(tmp_path))
    assert (foreseen.moved, foreseen.firm, foreseen.changed) == (done.moved, done.firm, done.changed)


def test_reminders_go_by_the_new_days(december: Scene, tmp_path: Path) -> None:
    load(december, year_file(tmp_path))

    # 5 January 2027 is a Tuesday: three days before it is Saturday the 2nd, after which comes nothing worked before
    # Thursday 31 December; one day before it is Monday the 4th. Seven days before is 29 December.
    rungs = {r for r in planned(december, f"case:{NOTIFIED}", "hearing_request") if r[0] == "2027-01-05"}
    assert {send_on for _, send_on in rungs} == {"2026-12-29", "2026-12-31", "2027-01-04", "2027-01-05"}


def test_the_same_content_again_changes_nothing(december: Scene, tmp_path: Path) -> None:
    load(december, year_file(tmp_path))
    before = len(december.entries(NOTIFIED)), last_of_store(december)

    again = load(december, year_file(tmp_path))

    assert again == Account()
    assert (len(december.entries(NOTIFIED)), last_of_store(december)) == before


def test_one_notice_may_touch_two_years(december: Scene, tmp_path: Path) -> None:
    """31 December becomes free, Saturday the 26th is worked: from the 28th on 29, 30, 4, 5, 6 January."""
    new_year = year_file(tmp_path)
    text = "  - {on: 2026-12-31, zh: 元旦, en: New Year}\nworked:\n  - {on: 2026-12-26, zh: 元旦, en: New Year}\n"
    old_year = exported(december, "2026", tmp_path / "2026.yaml", ("worked:\n", text))

    load(december, old_year, new_year)

    assert dues(december, NOTIFIED)["hearing_request"] == "2027-01-06"
    assert [d[1] for d in last_of_store(december)["effects"]["documents"]] == ["2026", "2027"]
    whole(december)


def test_a_changed_table_moves_the_safe_days_of_campaigns_and_their_reminders(scene: Scene, tmp_path: Path) -> None:
    """The form of August 2018 is owed on Saturday 15 September: by Friday the 14th, by the 13th once that is free."""
    scene.it_is("2018-09-03")
    free = ("worked:\n", "  - {on: 2018-09-14, zh: 试验, en: trial}\nworked:\n")
    path = exported(scene, "2018", tmp_path / "2018.yaml", free)

    account = load(scene, path)

    owed = {(s.campaign, s.id): (s.before_on, s.after_on) for s in account.safe_days}
    assert owed == {("suzhou-2018", "monthly_form.2018-08"): (day("2018-09-14"), day("2018-09-13"))}
    assert planned(scene, "campaign:suzhou-2018", "monthly_form.2018-08") == {
        ("2018-09-15", "2018-09-06"),
        ("2018-09-15", "2018-09-10"),
        ("2018-09-15", "2018-09-12"),
        ("2018-09-15", "2018-09-13"),
    }


def test_doctor_and_today_are_alarmed_until_the_table_is_there(december: Scene, tmp_path: Path) -> None:
    """A third case waits for nothing: its ninety calendar days end in March, whatever is free till then."""
    filed = december.open("2026-12-28", campaign=None)
    december.walk(filed, "verify file", "2026-12-28")
    assert dues(december, filed)["decision_limit"] == "2027-03-28"

    def missing(on: str, units: tuple[str, ...] | None = None) -> list[tuple[int, int]]:
        with december.office.store.reading() as work:
            december.office.refresh(work)
            found = missing_holidays(work, december.office.law.calendar, day(on), units)
        checks = list(calendar_checks(december.office.law.calendar, day(on), found))
        assert all(check.ok for check in checks) == (sum(m.cases for m in found) == 0)
        return [(m.year, m.cases) for m in found]

    assert missing("2026-10-31") == []
    assert missing("2026-11-01") == [(2027, 2)]
    assert missing("2026-11-01", ("kunshan",)) == [(2027, 0)]
    load(december, year_file(tmp_path))
    assert missing("2026-12-31") == []


# --- a limit ----------------------------------------------------------------------------------------------------------

LONGER = ("+15cd", "+20cd")


def test_an_edited_limit_moves_its_deadlines_and_no_others(december: Scene, tmp_path: Path) -> None:
    """Twenty days from 23 December end on 12 January."""
    before = dues(december, NOTIFIED)
    path = exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER)

    account = load(december, path, by="reviewer")

    assert [(s.case_no, s.before.due_on, s.after.due_on) for s in account.moved] == [
        (COMPLAINED, day("2027-01-07"), day("2027-01-12"))
    ]
    assert dues(december, NOTIFIED) == before
    assert account.touched == 1
    whole(december)
    assert agrees(december)


def test_a_rule_that_comes_back_is_a_new_version_and_in_force(december: Scene, tmp_path: Path) -> None:
    first = rule_of(rules_in_force(december.office), "complaint_decision").hash
    load(december, exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER))

    load(december, exported(december, "complaint_decision", tmp_path / "b.yaml", LONGER[::-1]))

    assert dues(december, COMPLAINED)["complaint_decision"] == "2027-01-07"
    with december.office.store.reading() as work:
        editions = editions_of(work, "time_limit", "complaint_decision")
        in_force = documents_in_force(work)["time_limit", "complaint_decision"].hash
    hashes = [edition.document.hash for edition in editions]
    assert hashes[0] == first
    assert hashes[-1] == in_force
    assert len(set(hashes)) == 3
    whole(december)


def test_an_edit_made_while_the_clock_stood_earlier_is_in_force_all_the_same(scene: Scene, tmp_path: Path) -> None:
    scene.it_is("2026-03-02")
    load(scene, exported(scene, "complaint_decision", tmp_path / "a.yaml", LONGER))
    scene.it_is("2025-03-02")

    load(scene, exported(scene, "complaint_decision", tmp_path / "b.yaml", ("+20cd", "+30cd")))

    (version,) = scene.office.law.limits["complaint_decision"].versions
    assert str(version.readings[0].length) == "+30cd"


def test_a_rule_that_sets_no_limit_any_more_leaves_the_date_and_says_so(december: Scene, tmp_path: Path) -> None:
    path = exported(december, "complaint_decision", tmp_path / "a.yaml")
    text = re.sub(
        r"        readings:\n(          - .*\n)+        pick: earlier\n", "        none: yes\n", path.read_text("utf-8")
    )
    path.write_text(text, encoding="utf-8")

    account = load(december, path)

    assert [(o.case_no, o.deadline_id, o.due_on) for o in account.orphans] == [
        (COMPLAINED, "complaint_decision", day("2027-01-07"))
    ]
    assert dues(december, COMPLAINED) == {"complaint_decision": "2027-01-07"}
    with december.office.store.reading() as work:
        checks = list(deadline_checks(work, december.office.law, day("2026-12-28")))
    assert [(c.id, c.ok) for c in checks] == [("deadlines", True), ("orphaned", True)]
    assert COMPLAINED in checks[1].zh
    whole(december)


def test_a_confirmation_moves_no_date_and_stands_with_every_deadline(december: Scene) -> None:
    before = dues(december, COMPLAINED)

    account = confirm(december, "complaint_decision")

    assert (account.moved, account.touched) == ([], 1)
    assert dues(december, COMPLAINED) == before
    assert december.case(COMPLAINED).deadlines["complaint_decision"].terms.confirmed
    (version,) = december.office.law.limits["complaint_decision"].versions
    assert (version.confirmed_by, version.confirmed_on) == ("reviewer", day("2026-12-28"))
    assert confirm(december, "complaint_decision", by="head") == Account()
    whole(december)


def test_the_version_that_begins_on_a_day_can_be_confirmed_alone(december: Scene) -> None:
    confirm(december, "hearing_request", begins="~")

    old, new = december.office.law.limits["hearing_request"].versions
    assert (old.confirmed_by, new.confirmed_by) == ("reviewer", None)
    with pytest.raises(InputWrong) as caught:
        confirm(december, "hearing_request", begins="2020-01-01")
    assert caught.value.code == "rule.from"
    assert "2021-07-15" in caught.value.zh


def test_a_holiday_year_and_a_parameter_are_confirmed_in_the_same_way(december: Scene) -> None:
    confirm(december, "2026")
    confirm(december, "hearing_right")

    rules = rules_in_force(december.office)
    assert rules["2026"].content["confirmed_by"] == "reviewer"
    assert rules["hearing_right"].content["versions"][-1]["confirmed_by"] == "reviewer"
    whole(december)


def test_a_confirmation_is_not_typed_into_a_file_and_ends_with_an_edit(december: Scene, tmp_path: Path) -> None:
    def code_of(path: Path) -> str:
        with pytest.raises(FileWrong) as caught:
            load(december, path)
        (problem,) = caught.value.problems
        line = path.read_text("utf-8").splitlines()[problem.line - 1]
        assert "confirmed_by" in line
        return problem.code

    typed = (
        "        confidence: M+\n",
        "        confidence: M+\n        confirmed_by: head\n        confirmed_on: 2026-01-01\n",
    )
    assert code_of(exported(december, "complaint_decision", tmp_path / "a.yaml", typed)) == "rule.confirmed"

    confirm(december, "complaint_decision")
    assert code_of(exported(december, "complaint_decision", tmp_path / "b.yaml", LONGER)) == "rule.confirmed"
    assert load(december, exported(december, "complaint_decision", tmp_path / "c.yaml")) == Account()


def test_a_later_version_does_not_end_the_confirmation_of_the_one_before(december: Scene, tmp_path: Path) -> None:
    confirm(december, "complaint_decision")
    path = exported(december, "complaint_decision", tmp_path / "a.yaml", ("to: ~", "to: 2027-06-30"))
    text = path.read_text("utf-8")
    version = text[text.index("      - from: ~") :]
    later = version.replace("from: ~", "from: 2027-07-01").replace("to: 2027-06-30", "to: ~").replace(*LONGER)
    path.write_text(text + re.sub(r" +confirmed_\w+: .*\n", "", later), encoding="utf-8")

    load(december, path)

    old, new = december.office.law.limits["complaint_decision"].versions
    assert (old.confirmed_by, new.confirmed_by) == ("reviewer", None)
    assert dues(december, COMPLAINED)["complaint_decision"] == "2027-01-07"


# --- no edit is lost --------------------------------------------------------------------------------------------------


def test_an_edit_names_the_version_that_it_was_made_from(december: Scene, tmp_path: Path) -> None:
    path = exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER)
    text = path.read_text("utf-8")

    def code_of(changed: str) -> str:
        path.write_text(changed, encoding="utf-8")
        with pytest.raises(InputWrong) as caught:
            load(december, path)
        assert "anjuan rule export complaint_decision" in str(caught.value.remedy and caught.value.remedy.command)
        return caught.value.code

    assert code_of(re.sub(r" +based_on: .*\n", "", text)) == "rule.no_base"
    assert code_of(re.sub(r"based_on: .*", "based_on: 0123456789abcdef", text)) == "rule.unknown_base"


def test_an_edit_that_came_between_is_named_and_not_lost(december: Scene, tmp_path: Path) -> None:
    mine = exported(december, "complaint_decision", tmp_path / "mine.yaml", ("+15cd", "+30cd"))
    theirs = exported(december, "complaint_decision", tmp_path / "theirs.yaml", LONGER)
    load(december, theirs, by="reviewer", reason="新规定")

    with pytest.raises(RuleChanged) as caught:
        load(december, mine)

    assert caught.value.code == "rule.changed"
    for text in (caught.value.zh, caught.value.en):
        assert "reviewer" in text
        assert "2026-12-28" in text
    assert dues(december, COMPLAINED)["complaint_decision"] == "2027-01-12"


def test_what_two_people_typed_alike_is_no_conflict(december: Scene, tmp_path: Path) -> None:
    mine = exported(december, "complaint_decision", tmp_path / "mine.yaml", LONGER)
    load(december, exported(december, "complaint_decision", tmp_path / "theirs.yaml", LONGER))

    assert load(december, mine) == Account()


def test_a_rule_stands_once_in_the_files_and_keeps_its_kind(december: Scene, tmp_path: Path) -> None:
    once, again = (exported(december, "complaint_decision", tmp_path / f"{n}.yaml", LONGER) for n in "ab")
    other = exported(
        december, "complaint_decision", tmp_path / "c.yaml", ("id: complaint_decision", "id: hearing_right")
    )

    with pytest.raises(InputWrong) as twice:
        load(december, once, again)
    with pytest.raises(FileWrong) as kind:
        load(december, other)

    assert (twice.value.code, kind.value.problems[0].code) == ("rule.twice", "rule.other_kind")


@pytest.mark.parametrize("scene", ["sqlite"], indirect=True)
def test_an_export_is_never_written_over_another_file(scene: Scene, tmp_path: Path) -> None:
    place = tmp_path / "a.yaml"
    place.write_text("mine", encoding="utf-8")

    with pytest.raises(InputWrong) as caught:
        exported(scene, "complaint_decision", place)

    assert caught.value.code == "file.exists"
    assert place.read_text("utf-8") == "mine"
    assert [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.yaml"]


@pytest.mark.parametrize(("by", "may"), [("reviewer", True), ("county_head", True), ("admin", True), ("lead", False)])
def test_reviewers_heads_and_the_administrator_load(december: Scene, tmp_path: Path, by: str, may: bool) -> None:
    path = year_file(tmp_path)

    if may:
        assert load(december, path, by=by).edits
        return
    with pytest.raises(Forbidden) as caught:
        load(december, path, by=by)
    assert caught.value.code == "command.forbidden"
    assert "2027" not in rules_in_force(december.office)


def test_the_administrator_loads_and_does_not_confirm(december: Scene) -> None:
    with pytest.raises(Forbidden):
        confirm(december, "complaint_decision", by="admin")


def test_a_reason_is_owed(december: Scene, tmp_path: Path) -> None:
    with pytest.raises(InputWrong) as caught:
        load(december, year_file(tmp_path), reason=" ")

    assert caught.value.code == "reason.missing"


def test_a_clock_that_has_gone_back_changes_nothing(december: Scene, tmp_path: Path) -> None:
    december.it_is("2026-12-01")

    with pytest.raises(TransitionRefused):
        load(december, year_file(tmp_path))

    december.it_is("2026-12-28")
    with december.office.store.reading() as work:
        assert ("holidays", "2027") not in documents_in_force(work)
    assert dues(december, NOTIFIED)["hearing_request"] == "2027-01-04"
    whole(december)


def other_store(store: Store) -> Store:
    """Another process's connection to the same database."""
    if store.dialect == "sqlite":
        return sqlite_store(Path(store.place), synchronous="OFF")
    return postgres_store(store.engine.url.render_as_string(hide_password=False))


def at_once(scene: Scene, *writers: Callable[[Office], object]) -> list[BaseException | None]:
    """Lets them write at the same moment, each in an office of its own; what each ended with."""
    ready, ends = Barrier(len(writers)), dict[int, BaseException | None]()

    def write(number: int, writer: Callable[[Office], object]) -> None:
        store = other_store(scene.office.store)
        office = Office(store, StandingClock(scene.clock.now()), practice=True)
        try:
            with store.reading() as work:
                office.refresh(work)
            ready.wait(timeout=30)
            writer(office)
            ends[number] = None
        except Exception as error:
            ends[number] = error
        finally:
            store.close()

    threads = [Thread(target=write, args=pair) for pair in enumerate(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return [ends[number] for number in range(len(writers))]


def loading(path: Path, by: str) -> Callable[[Office], object]:
    def write(office: Office) -> object:
        read, actor = [read_rules(path, known_in(office))], office.people.person(by)
        return kept(office.store, lambda work: load_rules(office, work, actor, read, "同时", lambda _: None))

    return write


def test_of_two_loads_at_once_the_second_fails_and_nothing_is_lost(december: Scene, tmp_path: Path) -> None:
    mine = exported(december, "complaint_decision", tmp_path / "mine.yaml", ("+15cd", "+30cd"))
    theirs = exported(december, "complaint_decision", tmp_path / "theirs.yaml", LONGER)

    ends = at_once(december, loading(mine, "head"), loading(theirs, "reviewer"))

    failed = [end for end in ends if end is not None]
    assert [type(end) for end in failed] == [RuleChanged], failed
    won = "2027-01-22" if ends[0] is None else "2027-01-12"
    assert dues(december, COMPLAINED)["complaint_decision"] == won
    with december.office.store.reading() as work:
        assert len(editions_of(work, "time_limit", "complaint_decision")) == 2
    whole(december)
    assert agrees(december)


def test_two_loads_of_different_rules_at_once_both_come_into_force(december: Scene, tmp_path: Path) -> None:
    limit = exported(december, "complaint_decision", tmp_path / "limit.yaml", LONGER)

    ends = at_once(december, loading(limit, "head"), loading(year_file(tmp_path), "reviewer"))

    assert ends == [None, None]
    assert dues(december, COMPLAINED)["complaint_decision"] == "2027-01-12"
    assert dues(december, NOTIFIED)["hearing_request"] == "2027-01-05"
    whole(december)
    assert agrees(december)


def test_officers_at_work_while_a_rule_is_loaded_lose_nothing(december: Scene, tmp_path: Path) -> None:
    """Six complaints, accepted by two people one after another while the limit that this ends becomes longer."""
    numbers = [COMPLAINED] + [
        december.open("2026-12-28", campaign=None, source="complaint", materials_complete_on="2026-12-23")
        for _ in range(5)
    ]
    path = exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER)

    def accepting(cases: list[str]) -> Callable[[Office], object]:
        def write(office: Office) -> object:
            orders = [TakeStep(no, "accept", "lead", {}) for no in cases]
            return [kept(office.store, lambda work, o=order: take_step(office, work, o)) for order in orders]

        return write

    ends = at_once(december, loading(path, "head"), accepting(numbers[:2]), accepting(numbers[2:4]))
    office = december.office
    with office.store.reading() as work:
        office.refresh(work)
    sweep(office, office.people.person("head"), "补正", [_edit(office, "complaint_decision")])

    assert ends == [None, None, None]
    assert {december.standing(no, "complaint_decision") for no in numbers[:4]} == {"met"}
    assert [dues(december, no)["complaint_decision"] for no in numbers[4:]] == ["2027-01-12", "2027-01-12"]
    whole(december)
    assert agrees(december)


def _edit(office: Office, id: str) -> Edit:
    document = rule_of(rules_in_force(office), id)
    return Edit(document, None)


def test_a_step_under_way_under_the_old_rules_is_set_right_by_the_sweep(december: Scene, tmp_path: Path) -> None:
    office = december.office
    behind = Office(office.store, office.clock, practice=True)
    with office.store.reading() as work:
        behind.refresh(work)
    path = exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER)
    edits = load(december, path).edits
    behind.refresh = lambda work, store_head=None: None  # type: ignore[method-assign]
    no = Scene(behind, december.clock).open(
        "2026-12-28", campaign=None, source="complaint", materials_complete_on="2026-12-23"
    )
    stale = dues(december, no)["complaint_decision"]
    found_by_doctor = not agrees(december)

    account = sweep(office, office.people.person("head"), "补正", edits)

    assert (stale, found_by_doctor) == ("2027-01-07", True)
    assert [(s.case_no, s.after.due_on) for s in account.moved] == [(no, day("2027-01-12"))]
    assert december.entries(no)[-1].said()["reason"] == "补正"
    assert last_of_store(december)["effects"]["act"] == "apply"
    whole(december)
    assert agrees(december)


def test_apply_with_nothing_to_set_right_leaves_no_entry(december: Scene) -> None:
    office, actor = december.office, december.office.people.person("reviewer")
    before = len(december.entries(COMPLAINED)), last_of_store(december)

    with office.store.writing() as work:
        account = apply_rules(office, work, actor, "核对")

    assert account == Account()
    assert (len(december.entries(COMPLAINED)), last_of_store(december)) == before


# --- many deadlines ---------------------------------------------------------------------------------------------------


def test_pages_are_read_one_after_another_without_losing_or_repeating_any(
    december: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        december.open("2026-12-28", campaign=None, source="complaint", materials_complete_on="2026-12-23")
    read, actor = files(december, year_file(tmp_path)), december.office.people.person("head")
    ticks: list[int] = []

    def told() -> Account:
        with december.office.store.reading() as work:
            return foresee(december.office, work, actor, read, ticks.append)

    whole_at_once = told()
    pages = []
    for size in (1, 2, 3):
        monkeypatch.setattr(rule_changes, "PAGE", size)
        pages.append(told())

    assert len(whole_at_once.firm) == 4
    assert all((p.moved, p.firm, p.changed) == (whole_at_once.moved, whole_at_once.firm, 6) for p in pages)
    assert load(december, year_file(tmp_path)).touched == 5
    whole(december)


@pytest.mark.parametrize(
    "reach",
    [
        EVERYTHING,
        Reach(),
        Reach(limits=frozenset({"complaint_decision"})),
        Reach(years=frozenset({2027})),
        Reach(years=frozenset({2030})),
        Reach(frozenset({"hearing_request"}), frozenset({2024})),
    ],
)
def test_the_database_looks_at_the_very_deadlines_that_a_change_can_touch(december: Scene, reach: Reach) -> None:
    with december.office.store.reading() as work:
        everything = {(no, d.id): d for no, _, d in candidates(work, EVERYTHING, lambda _: None)}
        found = {(no, d.id) for no, _, d in candidates(work, reach, lambda _: None)}

    assert len(everything) >= 4
    assert found == {key for key, d in everything.items() if touches(reach, d)}


# --- the ledger played again ------------------------------------------------------------------------------------------


def act(scene: Scene, kind: TurnKind, no: str, on: str, *, number: int = 0, ground: str = "") -> None:
    scene.it_is(on)
    order = TurnDeadline(kind, no, "decision_limit", "head", "见附件", ground, day(on), number)
    with scene.office.store.writing() as work:
        turn_deadline(scene.office, work, order)


def lives(scene: Scene, folder: Path) -> Iterator[tuple[str, str]]:
    """What happens to one limit of ninety days, and the day on which it ends after each: counted by hand.

    Filed on 20 September 2025: 19 December. Left out from 11 October to 2 November, 23 days: 11 January. Thirty days
    more, which only market regulation knows: 10 February. A hundred days instead of ninety: 20 February.
    """
    scene.as_market_regulation()
    no = scene.open("2025-09-19", campaign=None)
    scene.walk(no, "verify file", "2025-09-20")
    yield no, "2025-12-19"
    act(scene, "pause", no, "2025-10-11", ground="appraisal")
    yield no, "2025-12-20"
    act(scene, "resume", no, "2025-11-03")
    yield no, "2026-01-11"
    act(scene, "extend", no, "2025-11-04", number=30, ground="complex")
    yield no, "2026-02-10"
    free = ("worked:\n", "  - {on: 2026-02-10, zh: 试验, en: trial}\nworked:\n")
    load(scene, exported(scene, "2026", folder / "2026.yaml", free))
    yield no, "2026-02-10"  # calendar days, and an end that does not move
    load(scene, exported(scene, "decision_limit", folder / "limit.yaml", ("+90cd", "+100cd")))
    yield no, "2026-02-20"
    scene.undo(no, by="head")  # the extension
    yield no, "2026-01-21"
    load(scene, exported(scene, "decision_limit", folder / "back.yaml", ("+100cd", "+90cd")))
    yield no, "2026-01-11"


def derived_from_the_record(scene: Scene, no: str, id: str) -> str:
    """The day as it follows from the last entry about the deadline and the document that this entry names."""
    effects = (e for entry in scene.entries(no) for e in entry.said()["effects"].get("deadlines", ()))
    *_, said = (effect for effect in effects if effect["id"] == id)
    with scene.office.store.reading() as work:
        document = document_by_hash(work, "time_limit", said["limit"])
    assert document is not None
    limit, course = TimeLimit.model_validate(document.content), course_of(said["course"])
    version, start_on = limit.version_on(course.chosen_on), day(said["started_on"])
    calendar = scene.office.law.calendar
    return new_deadline(
        limit, version, id, said["limit"], calendar, started_on=start_on, course=course
    ).due_on.isoformat()


def test_the_record_gives_the_same_days_after_whatever_happens(scene: Scene, tmp_path: Path) -> None:
    for no, due_on in lives(scene, tmp_path):
        assert scene.due(no, "decision_limit") == due_on
        assert derived_from_the_record(scene, no, "decision_limit") == due_on
        whole(scene)
        assert agrees(scene)


@pytest.mark.parametrize(
    ("column", "old", "new"),
    [
        ("due_on", "2026-01-11", "2026-01-12"),
        ("course", '"to_on":"2025-11-02"', '"to_on":"2025-11-03"'),
        ("terms", '"rule_hash":"', '"rule_hash":"0'),
        ("nature", "duty", "right"),
        ("provisional", "0", "1"),
    ],
)
def test_a_deadline_changed_behind_the_record_is_found(
    scene: Scene, tmp_path: Path, column: str, old: str, new: str
) -> None:
    *_, (no, _) = lives(scene, tmp_path)
    tampered = f"UPDATE deadline SET {column} = replace(CAST({column} AS TEXT), '{old}', '{new}')"
    if column == "provisional":
        tampered = "UPDATE deadline SET provisional = 1"

    with scene.office.store.engine.begin() as connection:
        connection.exec_driver_sql(f"{tampered} WHERE id = 'decision_limit'")

    with snapshot(scene.office.store) as work:
        first_bad = verify_store(work).first_bad
    assert first_bad is not None
    assert first_bad.book == f"case:{no}"
    assert "decision_limit" in first_bad.en


def test_a_step_taken_back_after_an_edit_leaves_deadlines_under_the_new_rules(december: Scene, tmp_path: Path) -> None:
    """Accepting ends the fifteen days; they become twenty; taken back, they run until 12 January."""
    december.take(COMPLAINED, "accept", "2026-12-28")
    load(december, exported(december, "complaint_decision", tmp_path / "a.yaml", LONGER))

    december.undo(COMPLAINED, by="lead")

    assert december.standing(COMPLAINED, "complaint_decision") == "running"
    assert dues(december, COMPLAINED)["complaint_decision"] == "2027-01-12"
    whole(december)
    assert agrees(december)
