"""The commands of the administrator as typed words: JSON keys, exit codes and what people read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import icalendar
import pytest

import cli
from commands.output import MAX_WIDTH, display_width

SUZHOU = Path(cli.__file__).parent / "data" / "campaigns" / "suzhou-2018.yaml"
DEFINITION = Path(cli.__file__).parent / "workflows" / "definitions" / "case.yaml"


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Anjuan = Callable[..., Ended]


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process, on a home of this test that does not exist yet."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_NOW", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))

    def run(*words: str, now: str | None = None) -> Ended:
        with monkeypatch.context() as patched:
            if now is not None:
                patched.setenv("ANJUAN_NOW", now)
            code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def practice(anjuan: Anjuan) -> Anjuan:
    """The same, on a practice store."""
    assert anjuan("init", "--practice", "--json").code == 0
    return anjuan


def keys(rows: Sequence[dict[str, Any]]) -> set[str]:
    return set.intersection(*(set(row) for row in rows))


# --- init, whoami ---------------------------------------------------------------------------------------------------


def test_init_says_where_the_store_is(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("init", "--practice", "--json")

    assert ended.code == 0
    assert ended.json == {
        "home": str(tmp_path / "home"),
        "database": str(tmp_path / "home" / "anjuan.db"),
        "practice": True,
    }


def test_init_again_changes_nothing(practice: Anjuan, tmp_path: Path) -> None:
    before = (tmp_path / "home" / "anjuan.db").read_bytes()

    ended = practice("init", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, "store.exists")
    assert (tmp_path / "home" / "anjuan.db").read_bytes() == before


def test_a_rehearsed_init_makes_nothing(anjuan: Anjuan, tmp_path: Path) -> None:
    assert anjuan("init", "--dry-run", "--json").code == 0
    assert not (tmp_path / "home").exists()


def test_a_real_store_is_not_founded_on_another_time(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("init", "--json", now="2018-08-14")

    assert (ended.code, ended.json["error"]["code"]) == (1, "clock.practice_only")
    assert not (tmp_path / "home").exists()


def test_a_wrong_address_is_refused_before_anything_is_made(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("init", "--database", "mysql://user:secret@host/db", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, "database.url")
    assert "secret" not in ended.out + ended.err
    assert not (tmp_path / "home").exists()


def test_whoami_names_the_administrator_and_whoever_is_chosen(practice: Anjuan) -> None:
    assert practice("whoami", "--json").json["actor"] == "admin"

    chosen = practice("--as", "county_clerk", "whoami", "--json").json

    assert (chosen["actor"], chosen["unit"]) == ("county_clerk", "kunshan")
    assert chosen["roles"] == ["archivist", "campaign_office", "finance"]


def test_nobody_is_chosen_in_a_real_store(anjuan: Anjuan) -> None:
    anjuan("init")

    ended = anjuan("whoami", "--as", "admin", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (4, "actor.not_chosen")


# --- staff, unit ----------------------------------------------------------------------------------------------------


def test_staff_list_shows_roles_and_certificates(practice: Anjuan) -> None:
    staff = practice("staff", "list", "--json").json

    assert {"name", "zh", "unit", "roles", "certificates", "email"} <= keys(staff)
    by_name = {p["name"]: p for p in staff}
    assert by_name["handler_head"]["roles"] == [
        {"unit": "suzhou", "role": "handler"},
        {"unit": "suzhou", "role": "head"},
    ]
    (certificate,) = by_name["handler_expired"]["certificates"]
    assert (certificate["from_on"], certificate["to_on"]) == ("2000-01-01", "2018-06-30")


def test_somebody_added_can_act(practice: Anjuan) -> None:
    words = ("--unit", "suzhou", "--role", "handler", "--role", "reviewer", "--zh", "办案五")
    certificate = ("--certificate", "苏-5", "--from", "2018-01-01", "--to", "2020-12-31")

    added = practice("staff", "add", "handler5", *words, *certificate, "--json")

    assert added.code == 0
    assert added.json["certificates"] == [{"number": "苏-5", "from_on": "2018-01-01", "to_on": "2020-12-31"}]
    assert practice("whoami", "--as", "handler5", "--json").json["roles"] == ["handler", "reviewer"]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("handler5", "--unit", "suzhou", "--role", "handlr"), 2, "role.unknown"),
        (("handler5", "--unit", "suzhou", "--role", "handler", "--email", "no address"), 2, "address.invalid"),
        (("handler5", "--unit", "suzhou", "--role", "handler", "--certificate", "1"), 2, "certificate.incomplete"),
        (
            (
                "h5",
                "--unit",
                "suzhou",
                "--role",
                "handler",
                "--certificate",
                "1",
                "--from",
                "2018-02-30",
                "--to",
                "today",
            ),
            2,
            "date.invalid",
        ),
        (("办案五", "--unit", "suzhou", "--role", "handler"), 2, "name.invalid"),
        (("handler5", "--unit", "nowhere", "--role", "handler"), 6, "unit.unknown"),
        (("handler5", "--unit", "suzhou", "--role", "handler", "--as", "handler1"), 4, "command.forbidden"),
        (("handler5", "--unit", "suzhou"), 2, "usage.missing"),
    ],
)
def test_staff_add_refuses_what_cannot_be(practice: Anjuan, words: tuple[str, ...], code: int, error: str) -> None:
    ended = practice("staff", "add", *words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert len(practice("staff", "list", "--json").json) == 27


def test_a_rehearsed_addition_is_not_kept(practice: Anjuan) -> None:
    assert practice("unit", "add", "changshu", "--zh", "常熟市版权局", "--parent", "suzhou", "--dry-run").code == 0

    assert [u["id"] for u in practice("unit", "list", "--json").json] == ["jiangsu", "suzhou", "kunshan"]


def test_a_unit_added_is_listed_below_its_parent(practice: Anjuan) -> None:
    added = practice("unit", "add", "changshu", "--zh", "常熟市版权局", "--parent", "suzhou", "--json")

    assert added.json == {"id": "changshu", "zh": "常熟市版权局", "level": "county", "parent": "suzhou"}
    assert added.json in practice("unit", "list", "--json").json


# --- campaign -------------------------------------------------------------------------------------------------------


def test_a_campaign_file_is_checked_without_a_store(anjuan: Anjuan, tmp_path: Path) -> None:
    good = anjuan("campaign", "check", "suzhou-2018", "--json")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(SUZHOU.read_text(encoding="utf-8").replace("2018-09-30", "2018-09-31", 1), encoding="utf-8")
    bad = anjuan("campaign", "check", str(wrong), "--json")

    assert (good.code, good.json["ok"], good.json["errors"]) == (0, True, [])
    assert [r["line"] for r in good.json["remarks"]]
    assert (bad.code, bad.json["ok"]) == (2, False)
    (problem,) = bad.json["errors"]
    assert {"line", "code", "zh", "en"} == set(problem)
    assert problem["code"] == "date.invalid"


def test_a_campaign_is_loaded_shown_and_listed(practice: Anjuan) -> None:
    loaded = practice("campaign", "load", "suzhou-2018", "--json", now="2018-08-14")
    again = practice("campaign", "load", str(SUZHOU), "--json", now="2018-08-15")
    shown = practice("campaign", "show", "suzhou-2018", "--json").json

    promised = {
        "id",
        "title",
        "level",
        "organisers",
        "phases",
        "tasks",
        "obligations",
        "categories",
        "forms",
        "matrix",
        "parent",
    }
    assert promised <= set(shown)
    assert {"id", "zh", "starts_on", "ends_on"} <= keys(shown["phases"])
    assert {"id", "kind", "due_on", "safe_on", "period_from", "period_to", "owed_by", "to"} <= keys(
        shown["obligations"]
    )
    assert (loaded.code, loaded.json["loaded"], loaded.json["reminders"]) == (0, True, 48)
    assert (again.code, again.json["loaded"]) == (0, False)
    assert shown.items() <= loaded.json.items()
    (line,) = practice("campaign", "list", "--json").json
    assert (line["id"], line["starts_on"], line["ends_on"]) == ("suzhou-2018", "2018-08-14", "2018-11-20")


def test_a_campaign_that_is_not_there_is_not_found(practice: Anjuan) -> None:
    waiting = practice("campaign", "show", "suzhou-2018", "--json")
    unknown = practice("campaign", "load", "suzhou-2019", "--json")
    missing = practice("campaign", "load", "nowhere/plan.yaml", "--json")

    assert (waiting.code, waiting.json["error"]["remedy"]["command"]) == (6, "anjuan campaign load suzhou-2018")
    assert (unknown.code, missing.code) == (6, 6)
    assert practice("campaign", "list", "--json").json == []


def test_a_handler_may_not_load_a_campaign(practice: Anjuan) -> None:
    ended = practice("campaign", "load", "suzhou-2018", "--as", "handler1", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (4, "command.forbidden")


def test_the_calendar_is_written_for_phones_too(practice: Anjuan, tmp_path: Path) -> None:
    practice("campaign", "load", "suzhou-2018", now="2018-08-14")
    file, again = tmp_path / "a.ics", tmp_path / "b.ics"

    days = practice("campaign", "calendar", "suzhou-2018", "--ics", str(file), "--json").json
    practice("campaign", "calendar", "suzhou-2018", "--ics", str(again))

    feed = icalendar.Calendar.from_ical(file.read_bytes())
    events = feed.walk("VEVENT")
    assert {"on", "kind", "zh"} <= keys(days)
    assert [d["on"] for d in days] == [str(e.decoded("dtstart")) for e in events]
    assert len({str(e["uid"]) for e in events}) == len(days)
    assert all(not part.errors for part in feed.walk())
    assert file.read_bytes() == again.read_bytes()
    assert practice("campaign", "calendar", "suzhou-2018", "--ics", str(tmp_path / "no" / "x.ics")).code == 2


# --- deadline -------------------------------------------------------------------------------------------------------


def test_a_due_date_is_worked_out_without_a_store(anjuan: Anjuan) -> None:
    """国办发明电〔2024〕12号: 1 to 8 October 2025 closed, Saturday 11 October worked."""
    ended = anjuan("deadline", "from", "2025-09-30", "+5wd", "--json")

    assert ended.code == 0
    assert (ended.json["due_on"], ended.json["provisional"]) == ("2025-10-14", False)
    assert "due_at" not in ended.json
    assert {"on", "counted", "why", "why_en", "number"} <= keys(ended.json["days"])
    assert [d["on"] for d in ended.json["days"] if d["counted"]] == [
        "2025-10-09",
        "2025-10-10",
        "2025-10-11",
        "2025-10-13",
        "2025-10-14",
    ]


@pytest.mark.parametrize(
    ("words", "due_on"),
    [
        (("2018-09-15", "-3d"), "2018-09-12"),
        (("2018-08-31", "+6mo"), "2019-02-28"),
        (("2016-02-29", "+2y"), "2018-02-28"),
        (("2018-08-31", "+15d"), "2018-09-15"),
        (("2018-08-31", "+15d", "--roll", "next"), "2018-09-17"),
        (("2018-08-31", "+15d", "--roll", "previous"), "2018-09-14"),
    ],
)
def test_days_months_and_years_and_how_they_roll(anjuan: Anjuan, words: tuple[str, ...], due_on: str) -> None:
    assert anjuan("deadline", "from", *words, "--json").json["due_on"] == due_on


def test_hours_run_from_a_minute(anjuan: Anjuan) -> None:
    hours = anjuan("deadline", "from", "2018-09-29T16:30", "+24h", "--json")
    bare = anjuan("deadline", "from", "2018-09-29", "+24h", "--json")

    assert hours.json["due_at"] == "2018-09-30T16:30:00+08:00"
    assert (bare.code, bare.json["error"]["code"]) == (2, "period.minute_missing")


@pytest.mark.parametrize(
    ("words", "error"), [(("2018-09-31", "+7wd"), "date.invalid"), (("today", "7x"), "period.invalid")]
)
def test_a_date_or_a_period_that_is_none_is_refused(anjuan: Anjuan, words: tuple[str, ...], error: str) -> None:
    ended = anjuan("deadline", "from", *words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, error)


def test_a_year_without_published_holidays_makes_the_date_provisional(anjuan: Anjuan) -> None:
    ended = anjuan("deadline", "from", "2099-12-01", "+7wd", "--json")

    assert ended.json["provisional"] is True


def test_running_deadlines_are_listed_within_sight(practice: Anjuan) -> None:
    answers = (
        "source=complaint",
        "title=影视站",
        "respondent=某公司",
        "respondent_kind=unit",
        "materials_complete_on=2018-08-14",
    )
    settings = [word for answer in answers for word in ("--set", answer)]
    opened = practice("case", "open", "case", *settings, "--as", "handler1", "--json", now="2018-08-14")
    assert opened.code == 0, opened.out

    (line,) = practice("deadline", "list", "--json", now="2018-08-15").json
    overdue = practice("deadline", "list", "--as", "lead", "--json", now="2018-12-01").json

    assert {"case_no", "deadline", "nature", "due_on", "days_left", "working_days_left", "overdue"} <= set(line)
    assert (line["case_no"], line["deadline"], line["overdue"]) == ("suzhou-2018-0001", "complaint_decision", False)
    assert [(d["overdue"], d["days_left"] < 0) for d in overdue] == [(True, True)]
    assert practice("deadline", "list", "--as", "county_head", "--json", now="2018-08-15").json == []
    assert practice("deadline", "list", "--within", "0", "--json", now="2018-08-15").json == []
    assert practice("deadline", "list", "--unit", "kunshan", "--json", now="2018-08-15").json == []
    outside = practice("deadline", "list", "--unit", "suzhou", "--as", "county_head", "--json", now="2018-08-15")
    assert (outside.code, outside.json["error"]["code"]) == (4, "unit.outside")


# --- ledger, backup, doctor -----------------------------------------------------------------------------------------


def test_the_ledger_is_anchored_and_verified(practice: Anjuan) -> None:
    anchor = practice("ledger", "anchor", "--json", now="2018-08-14T09:00").json
    verified = practice("ledger", "verify", "--json")

    assert (len(anchor["root"]), anchor["cases"], anchor["entries"]) == (64, 0, 1)
    assert anchor["at"] == "2018-08-14T09:00:00+08:00"
    assert (verified.code, verified.json) == (0, {"cases": 0, "entries": 1, "ok": True, "first_bad": None})


def test_a_damaged_ledger_ends_with_1_and_names_the_place(practice: Anjuan, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        raw.execute("DROP TRIGGER entry_no_update")
        raw.execute("UPDATE entry SET body = replace(body, 'admin', 'nobody')")

    ended = practice("ledger", "verify", "--json")
    read = practice("ledger", "verify", "--lang", "en")
    backup = practice("backup", "--to", str(tmp_path / "b.db"), "--json")
    doctor = practice("doctor", "--json")

    assert (ended.code, ended.json["ok"]) == (1, False)
    assert (ended.json["first_bad"]["book"], ended.json["first_bad"]["seq"]) == ("store", 1)
    assert read.code == 1
    assert "store, entry 1" in read.out
    assert (backup.code, backup.json["error"]["code"]) == (1, "backup.damaged")
    assert doctor.code == 1
    assert [c["id"] for c in doctor.json["checks"] if not c["ok"]] == ["triggers"]


def test_a_case_that_is_not_there_cannot_be_verified(practice: Anjuan) -> None:
    assert practice("ledger", "verify", "--case", "suzhou-2018-0001", "--json").code == 6


def test_a_backup_is_one_file_and_overwrites_nothing(practice: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"

    done = practice("backup", "--to", str(file), "--json")
    again = practice("backup", "--to", str(file), "--json")

    assert (done.code, set(done.json)) == (0, {"file", "cases", "entries", "sha256"})
    assert (again.code, again.json["error"]["code"]) == (2, "file.exists")


def test_doctor_finds_a_fresh_store_well(practice: Anjuan) -> None:
    ended = practice("doctor", "--json", now="2018-08-14")

    assert ended.code == 0, ended.out
    assert ended.json["ok"] is True
    assert {"id", "ok", "zh", "en"} <= keys(ended.json["checks"])
    assert {"store", "triggers", "log", "foreign_keys", "holidays", "home", "disk", "mail"} <= {
        c["id"] for c in ended.json["checks"]
    }
    (certificates,) = (c for c in ended.json["checks"] if c["id"] == "certificates")
    assert certificates["ok"]
    assert "handler_expired" in certificates["en"]


def test_doctor_without_a_store_says_so(anjuan: Anjuan) -> None:
    ended = anjuan("doctor", "--json")

    assert (ended.code, ended.json["ok"]) == (1, False)
    assert "store" in [c["id"] for c in ended.json["checks"] if not c["ok"]]


def test_doctor_misses_a_year_without_holidays(practice: Anjuan) -> None:
    ended = practice("doctor", "--json", now="2098-03-01")

    # Nothing has run in all these years either.
    assert [c["id"] for c in ended.json["checks"] if not c["ok"]] == ["holidays", "run_digest"]


def test_doctor_reads_the_address_of_the_mail_server(practice: Anjuan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANJUAN_SMTP", "http://mail.example")

    ended = practice("doctor", "--json", now="2018-08-14")

    assert [c["id"] for c in ended.json["checks"] if not c["ok"]] == ["mail"]


# --- workflow -------------------------------------------------------------------------------------------------------


def test_the_workflow_is_listed_and_shown(practice: Anjuan) -> None:
    line, preservation = practice("workflow", "list", "--json").json
    shown = practice("workflow", "show", "case", "--json").json

    assert {"id", "zh", "en", "states", "steps"} <= set(line)
    assert (line["id"], line["steps"]) == ("case", len(shown["steps"]))
    assert (preservation["id"], preservation["zh"]) == ("preservation", "先行登记保存")
    assert {"workflow", "zh", "en", "states", "steps"} <= set(shown)
    assert {"zh", "en", "from", "to", "by", "ask", "count"} <= keys(list(shown["steps"].values()))
    serving = shown["steps"]["notify"]["ask"]["served_how"]
    assert serving["type"] == "choice"
    assert {"person", "left", "post", "entrusted", "electronic", "public_notice"} == set(serving["choices"])
    assert practice("workflow", "show", "nothing", "--json").code == 6


def test_a_definition_is_checked_without_a_store(anjuan: Anjuan, tmp_path: Path) -> None:
    wrong = tmp_path / "case.yaml"
    text = DEFINITION.read_text(encoding="utf-8")
    wrong.write_text(text.replace("    by: lead\n", "    by: laed\n", 1), encoding="utf-8")

    good = anjuan("workflow", "check", str(DEFINITION), "--json")
    bad = anjuan("workflow", "check", str(wrong), "--json")
    missing = anjuan("workflow", "check", str(tmp_path / "none.yaml"), "--json")

    assert (good.code, good.json) == (0, {"ok": True, "errors": []})
    assert (bad.code, bad.json["ok"], missing.code) == (2, False, 6)
    (problem,) = bad.json["errors"]
    assert {"line", "code", "zh", "en"} == set(problem)
    assert "lead" in problem["en"]


# --- what people read -----------------------------------------------------------------------------------------------

READ = [
    ("whoami",),
    ("staff", "list"),
    ("unit", "list"),
    ("campaign", "check", "suzhou-2018"),
    ("campaign", "list"),
    ("campaign", "show", "suzhou-2018"),
    ("campaign", "calendar", "suzhou-2018"),
    ("deadline", "from", "2018-09-28", "+7wd"),
    ("deadline", "from", "2018-09-28", "+2y", "--roll", "next"),
    ("deadline", "list"),
    ("ledger", "verify"),
    ("doctor",),
    ("workflow", "list"),
    ("workflow", "show", "case"),
    ("workflow", "matrix", "case"),
]


def test_what_people_read_fits_the_screen_in_both_languages(practice: Anjuan) -> None:
    practice("campaign", "load", "suzhou-2018", now="2018-08-14")

    for words in READ:
        for lang in ("zh", "en"):
            ended = practice(*words, "--lang", lang, now="2018-08-15")
            assert ended.code == 0, (words, ended.out, ended.err)
            assert ended.out.strip(), words
            assert [line for line in ended.out.splitlines() if display_width(line) > MAX_WIDTH] == [], words


def test_no_command_opens_what_is_no_store(anjuan: Anjuan, tmp_path: Path) -> None:
    for words in (("whoami",), ("staff", "list"), ("unit", "list"), ("campaign", "list"), ("deadline", "list")):
        ended = anjuan(*words, "--json")
        assert (ended.code, ended.json["error"]["code"]) == (1, "store.not_initialised"), words
    assert not (tmp_path / "home").exists()
