"""Cases as typed words in processes of their own: exit codes and keys of the contract, hostile words, rivals, kills."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import sysconfig
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from builders import CAMPAIGN, TWO, Scene, scene_in

from commands.output import display_width
from engine import casework
from engine.errors import InputWrong
from engine.home import DATABASE_FILE, Home
from engine.orders import TakeStep
from engine.snapshot import snapshot
from engine.store import sqlite_store
from engine.verifying import Verified, verify_store

SCRIPT = Path(sysconfig.get_path("scripts")) / ("anjuan.exe" if sys.platform == "win32" else "anjuan")
NO = "suzhou-2018-0001"
OPENING = ("--set", "source=patrol", "--set", "title=某网站转载案", "--set", "respondent=某公司")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass
class Desk:
    """A practice store of its own, and the installed program in front of it."""

    home: Path
    scene: Scene
    now: str = "2018-09-03"
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __call__(self, *words: str | bytes, stdin: bytes = b"") -> Ended:
        ended = subprocess.run(
            [SCRIPT, *words], env=self.environment, input=stdin, capture_output=True, timeout=60, check=False
        )
        return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))

    def ask(self, *words: str | bytes) -> Any:
        """What a command that must succeed answers as JSON."""
        ended = self(*words, "--json")
        assert ended.code == 0, ended
        return ended.json

    def begin(self, *words: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [SCRIPT, *words], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
        self.started.append(process)
        return process

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ANJUAN_")}
        return {**kept, "ANJUAN_HOME": str(self.home), "ANJUAN_NOW": self.now}

    @property
    def database(self) -> Path:
        return self.home / DATABASE_FILE

    def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        with sqlite3.connect(self.database) as raw:
            names = [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            counts = {name: raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
        raw.close()
        return counts

    def verified(self) -> Verified:
        store = sqlite_store(self.database)
        with snapshot(store) as work:
            found = verify_store(work)
        store.close()
        return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """With one case in it, opened under the campaign on 2018-09-03."""
    home = tmp_path / "home"
    scene = scene_in(Home(home, None))
    scene.open("2018-09-03")
    made = Desk(home, scene)
    yield made
    scene.office.store.close()
    for process in made.started:
        if process.poll() is None:
            process.kill()
        process.communicate()


def keys(document: dict[str, Any]) -> set[str]:
    return set(document)


def words_of(line: str) -> set[str]:
    return set(line.split())


# --- the keys and exit codes of the contract --------------------------------------------------------------------------


def test_a_case_is_opened_moved_shown_and_listed_with_the_promised_keys(desk: Desk) -> None:
    under = ("--campaign", CAMPAIGN, "--category", "other")
    first = desk.ask("case", "open", "case", *under, *OPENING, "--as", "handler1")
    no = "suzhou-2018-0002"
    done = desk.ask("case", "do", no, "verify", "--set", f"officers={TWO}", "--as", "lead")
    shown = desk.ask("case", "show", no, "--as", "lead")
    listed = desk.ask("case", "list", "--as", "head")

    assert (first["case_no"], first["workflow"], first["state"], first["version"]) == (no, "case", "lead", 1)
    assert keys(done) >= {"case_no", "step", "from", "to", "version", "warnings", "deadlines", "papers", "tallies"}
    assert (done["from"], done["to"], done["version"]) == ("lead", "verifying", 2)
    assert keys(shown) >= words_of(
        "case_no workflow definition state version campaigns unit facts parties deadlines steps children"
    )
    assert shown["campaigns"] == [{"id": CAMPAIGN, "category": "other", "since": "2018-09-03"}]
    assert {"id", "allowed"} <= keys(shown["steps"][0])
    assert listed["total"] == 2
    assert keys(listed["cases"][0]) >= {"case_no", "title", "state", "due_on"}


def test_a_deadline_is_shown_with_the_promised_keys(desk: Desk) -> None:
    no = NO
    desk.scene.take(no, "verify", "2018-09-03")
    officers = ("--set", f"officers={TWO}", "--set", "amount_fen=9000000", "--set", "offence=侵犯著作权罪")
    desk("case", "do", no, "propose_referral", *officers, "--as", "handler1")

    (deadline,) = desk.ask("case", "show", no, "--as", "lead")["deadlines"]
    today = desk.ask("today", "--as", "head")

    assert keys(deadline) >= words_of(
        "id rule nature started_on due_on provisional state days_left working_days_left overdue"
    )
    assert (deadline["due_on"], deadline["days_left"], deadline["working_days_left"]) == ("2018-09-06", 3, 3)
    assert keys(today) >= {"actor", "on", "due", "waiting"}
    assert keys(today["due"][0]) >= words_of("case_no deadline due_on days_left working_days_left overdue step")
    assert (today["due"][0]["deadline"], today["due"][0]["step"]) == ("referral_decision", "approve_referral")


def test_a_refused_step_and_a_question_give_the_same_answer(desk: Desk) -> None:
    no = NO
    words = (no, "verify", "--set", "officers=handler1,handler_expired", "--as", "handler1", "--json")

    asked, tried = desk("case", "why", *words), desk("case", "do", *words)

    assert (asked.code, tried.code) == (0, 3)
    assert asked.json["refusals"] == tried.json["refusals"]
    assert tried.json["allowed"] is False
    assert [r["code"] for r in tried.json["refusals"]] == ["role.missing", "officers.certificate"]
    for refusal in tried.json["refusals"]:
        assert keys(refusal) >= words_of("code zh en basis facts remedy who_can earliest_on")
    assert keys(tried.json["refusals"][0]["who_can"][0]) >= {"name", "role"}


def test_a_plan_has_the_promised_keys_and_always_ends_well(desk: Desk) -> None:
    """By hand: test_planning.py, the whole case of Suzhou."""
    plan = ("case", "plan", NO, "--as", "head", "--to")

    found = desk.ask(*plan, "closed", "--by", "2018-11-20")
    refused = desk(*plan, "decided", "--by", "today", "--json")
    unreachable = desk(*plan, "complaint", "--json")

    assert keys(found) >= words_of("reachable steps refusals")
    assert (found["reachable"], found["refusals"]) == (True, [])
    for step in found["steps"]:
        assert keys(step) >= words_of("step by earliest_on latest_on")
    notify = next(step for step in found["steps"] if step["step"] == "notify")
    assert (notify["by"], notify["earliest_on"], notify["latest_on"]) == (["handler"], "2018-09-03", "2018-11-08")
    assert (refused.code, unreachable.code) == (0, 0)
    assert [r["code"] for r in refused.json["refusals"]] == ["plan.too_late"]
    assert keys(refused.json["refusals"][0]) >= words_of("code zh en basis facts remedy who_can earliest_on")
    assert (unreachable.json["reachable"], unreachable.json["steps"]) == (False, [])


@pytest.mark.parametrize(
    ("lang", "first"),
    [
        ("zh", "要在2018-11-20前到“已结案”，最迟须在2018-11-08“送达事先告知书”"),
        ("en", "to reach closed by 2018-11-20, notify must be done by 2018-11-08"),
    ],
)
def test_a_plan_reads_as_one_sentence_and_a_table_that_fits_the_screen(desk: Desk, lang: str, first: str) -> None:
    wanted = ("case", "plan", NO, "--to", "closed", "--by", "2018-11-20", "--as", "head", "--lang", lang)

    lines = desk(*wanted).out.splitlines()

    assert lines[0] == first
    # A command to copy is never broken.
    assert [line for line in lines if display_width(line) > 100 and "anjuan case plan" not in line] == []
    assert desk.ask(*wanted)[lang] == first


def test_the_record_tells_everything_that_happened_in_order(desk: Desk) -> None:
    no = NO
    desk("case", "do", no, "accept", "--as", "lead")
    desk("case", "note", no, "已电话联系", "--as", "handler1")
    desk("case", "do", no, "verify", "--set", f"officers={TWO}", "--as", "lead")
    undone = desk.ask("case", "undo", no, "--reason", "填错", "--as", "lead")

    history = desk.ask("case", "history", no, "--as", "lead")

    assert [(e["seq"], e["kind"]) for e in history] == [
        (1, "open"),
        (2, "refusal"),
        (3, "note"),
        (4, "step"),
        (5, "undo"),
    ]
    assert all(keys(e) >= words_of("seq kind step actor happened_on recorded_at answers hash") for e in history)
    assert (undone["from"], undone["to"], undone["version"]) == ("verifying", "lead", 3)
    assert desk.verified().ok


def test_a_closed_gate_a_pass_and_the_late_step(desk: Desk) -> None:
    no = NO
    desk.scene.take(no, "verify", "2018-09-03")
    desk.now = "2018-11-01"
    order = (no, "order_rectification", "--set", "items=删除", "--set", "rectify_by=2018-11-10", "--as", "lead")
    closed = desk("case", "do", *order, "--json")
    (refusal,) = closed.json["refusals"]
    grant = ("pass", "grant", no, "order_rectification", "--asked-by", "lead", "--reason", "平台迁移延误", "--until")

    by_the_lead = desk(*grant, "2018-11-05", "--as", "lead", "--json")
    granted = desk.ask(*grant, "2018-11-05", "--as", "supervisor")
    through = desk("case", "do", *order, "--json")

    assert (closed.code, refusal["code"]) == (3, "phase.closed")
    assert {"name": "supervisor", "role": "supervisor"}.items() <= refusal["who_can"][0].items()
    assert refusal["remedy"]["command"].startswith(f"anjuan pass grant {no} order_rectification")
    assert (by_the_lead.code, by_the_lead.json["allowed"]) == (3, False)
    assert keys(granted) >= {"pass", "case_no", "step", "until"}
    assert through.code == 0


def test_the_same_key_does_a_thing_once(desk: Desk) -> None:
    words = ("case", "open", "case", *OPENING, "--as", "handler1", "--key", "k1", "--json")

    first, again = desk(*words), desk(*words)
    other = desk(*words, "--set", "work=另一作品")

    assert first.json == again.json
    assert (other.code, other.json["error"]["code"]) == (2, "key.reused")
    assert desk.ask("case", "list", "--as", "lead")["total"] == 2


def test_a_rehearsal_keeps_nothing(desk: Desk) -> None:
    no = NO
    before = desk.rows()

    done = desk.ask("case", "do", no, "verify", "--set", f"officers={TWO}", "--as", "lead", "--dry-run")

    assert done["to"] == "verifying"
    assert desk.rows() == before


# --- two writers ------------------------------------------------------------------------------------------------------


def test_two_writers_of_the_same_version_one_wins_and_the_other_is_told(desk: Desk) -> None:
    no = NO
    step = ("case", "do", no, "verify", "--set", f"officers={TWO}", "--as", "lead", "--expect", "1", "--json")

    rivals = [desk.begin(*step), desk.begin(*step)]
    ends = sorted((p.communicate(timeout=60)[0], p.returncode) for p in rivals)
    ends.sort(key=lambda end: end[1])

    assert [code for _, code in ends] == [0, 5]
    told = json.loads(ends[1][0])["error"]
    assert (told["code"], told["actor"], told["version"]) == ("case.changed", "lead", 2)
    assert desk.ask("case", "show", no, "--as", "lead")["version"] == 2
    assert desk.verified().ok


# --- killed -----------------------------------------------------------------------------------------------------------

HOLDING = """
import sys, time
from datetime import date
from pathlib import Path
from engine import casework
from engine.clock import StandingClock, end_of_day
from engine.office import Office
from engine.orders import TakeStep
from engine.store import sqlite_store
from workflows import guards
guards.known()
office = Office(sqlite_store(Path(sys.argv[1])), StandingClock(end_of_day(date(2018, 9, 3))), practice=True)
with office.store.writing() as work:
    office.refresh(work)
    casework.take_step(office, work, TakeStep(sys.argv[2], "verify", "lead", {"officers": "handler1,handler2"}))
    print("taken", flush=True)
    time.sleep(60)
"""


def test_a_process_killed_inside_a_step_leaves_no_half_step(desk: Desk) -> None:
    no = NO
    before = desk.rows()
    holder = subprocess.Popen([sys.executable, "-c", HOLDING, str(desk.database), no], stdout=subprocess.PIPE)
    desk.started.append(holder)
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == b"taken"

    holder.kill()
    holder.wait(timeout=10)

    assert desk.rows() == before
    assert desk.verified().ok
    assert desk.ask("case", "do", no, "verify", "--set", f"officers={TWO}", "--as", "lead")["version"] == 2


def test_killed_at_any_moment_every_step_is_whole_or_did_not_happen(desk: Desk) -> None:
    """Kills land at start, in the transaction and after it; the moments are fixed so that a failure comes back."""
    no = NO
    moments = random.Random(20180814)

    for number in range(8):
        process = desk.begin("case", "note", no, f"第{number}次", "--as", "handler1")
        time.sleep(moments.uniform(0.05, 0.5))
        process.send_signal(signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
        process.wait(timeout=10)

    verified = desk.verified()
    assert verified.first_bad is None
    written = [e["seq"] for e in desk.ask("case", "history", no, "--as", "lead")]
    assert written == list(range(1, len(written) + 1))
    assert desk("case", "note", no, "之后", "--as", "handler1").code == 0


# --- hostile words ----------------------------------------------------------------------------------------------------

MORE_THAN_ANYBODY_WRITES = "字" * 30_000  # as bytes 90 KB: near the most that one argument of a process may be
HOSTILE: Sequence[tuple[Sequence[str | bytes], int, str]] = [
    (("case", "show", "nosuch"), 6, "case.unknown"),
    (("case", "show", "'; DROP TABLE entry; --"), 6, "case.unknown"),
    (("case", "show", b"\xed\xa0\x80"), 2, "text.invalid"),  # a lone surrogate
    (("case", "do", NO, "verifi"), 6, "step.unknown"),
    (("case", "do", NO, "verify", "--set", "officers"), 2, "usage.setting"),
    (("case", "do", NO, "verify", "--set", "=x"), 2, "usage.setting"),
    (("case", "do", NO, "verify", "--set", "a=1", "--set", "a=2"), 2, "usage.setting_twice"),
    (("case", "do", NO, "verify", "--set", b"officers=\xff"), 2, "text.invalid"),
    (("case", "do", NO, "verify", "--on", "2018-02-30"), 2, "date.invalid"),
    (("case", "do", NO, "verify", "--on", "tomorrow-ish"), 2, "date.invalid"),
    (("case", "do", NO, "verify", "--on", "99999-01-01"), 2, "date.invalid"),
    (("case", "open", "nosuch"), 6, "workflow.unknown"),
    (("case", "open", "case", "--campaign", "nosuch"), 6, "campaign.unknown"),
    (("case", "open", "case", "--unit", "nosuch"), 6, "unit.unknown"),
    (("case", "plan", NO, "--to", "closde"), 6, "state.unknown"),
    (("case", "plan", NO, "--to", "closed", "--via", "nosuch"), 6, "step.unknown"),
    (("case", "plan", NO, "--to", "closed", "--by", "2018-02-30"), 2, "date.invalid"),
    (("case", "plan", NO, "--to", "closed", "--by", "9999-12-31"), 2, "date.out_of_range"),
    (("case", "note", NO, "   "), 2, "note.empty"),
    (("case", "note", NO, MORE_THAN_ANYBODY_WRITES), 2, "text.too_long"),
    (
        ("pass", "grant", NO, "order_rectification", "--asked-by", "nobody", "--reason", "r", "--until", "today"),
        6,
        "person.unknown",
    ),
]


@pytest.mark.parametrize(("words", "code", "error"), HOSTILE, ids=[str(n) for n in range(len(HOSTILE))])
def test_words_that_make_no_sense_get_one_clear_answer_and_change_nothing(
    words: Sequence[str | bytes], code: int, error: str, desk: Desk
) -> None:
    before = desk.rows()

    ended = desk(*words, "--as", "supervisor" if words[0] == "pass" else "lead", "--json")

    told = ended.json["error"]
    assert ended.code == code, ended
    assert told["code"] == error
    assert told["zh"]
    assert told["en"]
    assert "Traceback" not in ended.out + ended.err
    assert desk.rows() == before


ANSWERS = [  # step, answer, value: each is refused as answer.invalid
    ("verify", "officers", "nobody,handler1"),
    ("interview", "met_on", "2018-02-30"),
    ("interview", "met_on", "2018/09/03"),
    ("file", "public_interest", "maybe"),
    ("recheck", "links_removed", "-1"),
    ("recheck", "links_removed", "9" * 40),
    ("recheck", "result", "DONE"),
    ("verify", "nosuch", "x"),
    ("verify", "x" * 5_000, "x"),
    ("interview", "minutes", MORE_THAN_ANYBODY_WRITES),
    ("approve_referral", "approved_at", "2018-09-03"),
    ("approve_referral", "approved_at", "2018-09-03T25:00"),
    ("decide", "fine_fen", "1e5"),
    ("decide", "fine_fen", "１２.5"),
]


@pytest.mark.parametrize(("step", "answer", "value"), ANSWERS, ids=[f"{a[0]}-{a[1][:9]}-{a[2][:9]}" for a in ANSWERS])
def test_an_answer_that_makes_no_sense_is_refused_with_what_is_allowed(
    step: str, answer: str, value: str, desk: Desk
) -> None:
    with desk.scene.office.store.reading() as work:
        order = TakeStep(NO, step, "lead", {answer: value})
        refusals = casework.explain(desk.scene.office, work, order).verdict.refusals

    found = [r for r in refusals if r.code == "answer.invalid"]
    assert [r.facts["answer"] for r in found] == [answer[:40]]
    assert isinstance(found[0].facts["allowed"], list)
    assert found[0].zh != found[0].en


def test_ten_megabytes_of_text_are_refused_without_being_repeated(desk: Desk) -> None:
    """More than a command line can carry: as a page or an import would hand it over."""
    office, big = desk.scene.office, "字" * 3_500_000
    order = TakeStep(NO, "interview", "lead", {"minutes": big, "met_on": big, "officers": big, big: "x"})

    with office.store.reading() as work:
        refusals = casework.explain(office, work, order).verdict.refusals
    with pytest.raises(InputWrong) as noted, office.store.writing() as work:
        casework.note(office, work, NO, "lead", big)
    with pytest.raises(InputWrong) as undone:
        desk.scene.undo(NO, by="lead", reason=big)

    assert {r.code for r in refusals} == {"answer.invalid", "state.wrong"}
    assert all(len(str(r.document())) < 2_000 for r in refusals)
    assert noted.value.code == undone.value.code == "text.too_long"
    assert len(desk.scene.entries(NO)) == 1


def test_a_refused_opening_tells_its_reasons_and_has_no_case_number(desk: Desk) -> None:
    ended = desk("case", "open", "case", "--as", "finance", "--set", "title=某案", "--json")

    assert ended.code == 3
    assert (ended.json["case_no"], ended.json["step"], ended.json["allowed"]) == (None, "open", False)
    assert [refusal["code"] for refusal in ended.json["refusals"]] == ["role.missing", "answer.missing"]
    assert desk.ask("case", "list", "--as", "head")["total"] == 1


def test_undoing_tells_the_figures_that_are_taken_back(desk: Desk) -> None:
    desk.ask("case", "do", NO, "verify", "--set", f"officers={TWO}", "--as", "lead")
    desk.ask("case", "do", NO, "file", "--set", "public_interest=yes", "--as", "head")

    undone = desk("case", "undo", NO, "--reason", "填错", "--as", "head")

    assert undone.code == 0
    assert "立案数量 -1" in undone.out


def test_a_granted_pass_is_counted_in_its_campaign(desk: Desk) -> None:
    desk.now = "2018-11-05"
    granted = ("pass", "grant", NO, "order_rectification", "--asked-by", "lead", "--reason", "上级交办较晚")

    given = desk.ask(*granted, "--until", "2018-11-07", "--as", "supervisor")

    (counted,) = desk.ask("campaign", "show", CAMPAIGN)["passes"]
    assert (counted["id"], counted["case_no"], counted["until"]) == (given["pass"], NO, "2018-11-07")
    assert counted["used_in"] is None
