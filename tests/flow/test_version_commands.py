"""`anjuan workflow load / activate / versions` as typed words, and every command over a case that can only be read."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli
from commands.output import MAX_WIDTH, display_width
from workflows.shipped import Shipped, shipped_documents

LOCAL = """\
workflow: case
extends: case
zh: 行政处罚案件（本市）
en: Administrative penalty, local
"""
CASE = "suzhou-2026-0001"


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
    """Runs `anjuan` in this process, on a practice store of this test; it is 25 November 2026."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2026-11-25")
    monkeypatch.chdir(tmp_path)

    def run(*words: str, now: str | None = None) -> Ended:
        with monkeypatch.context() as patched:
            if now is not None:
                patched.setenv("ANJUAN_NOW", now)
            code = cli.main(words)
        out, err = capsys.readouterr()
        if "--json" not in words:
            lines = [line for line in (out + err).splitlines() if "anjuan " not in line]  # commands are to be copied
            assert [line for line in lines if display_width(line) > MAX_WIDTH] == []
        return Ended(code, out, err)

    assert run("init", "--practice").code == 0
    (tmp_path / "local.yaml").write_text(LOCAL, encoding="utf-8")
    return run


def opened(anjuan: Anjuan) -> None:
    said = ("title=某案", "source=complaint", "respondent=某公司", "respondent_kind=unit")
    sets = [word for one in (*said, "materials_complete_on=2026-11-24") for word in ("--set", one)]
    assert anjuan("campaign", "load", "suzhou-2018", "--as", "campaign_office").code == 0
    assert anjuan("case", "open", "case", *sets, "--as", "handler1").code == 0


def activating(anjuan: Anjuan, by: str, *more: str, on: str = "+5d") -> Ended:
    return anjuan("workflow", "activate", "case", "--from", on, "--reason", "试行", "--as", by, *more)


# --- load, activate, versions -----------------------------------------------------------------------------------------


def test_a_version_goes_from_a_file_into_force_by_two_people(anjuan: Anjuan) -> None:
    opened(anjuan)
    loaded = anjuan("workflow", "load", "local.yaml", "--reason", "本市", "--as", "reviewer", "--json").json
    proposed = activating(anjuan, "reviewer", "--json").json
    told = activating(anjuan, "head")
    listed = anjuan("workflow", "versions", "case", "--json").json

    assert (loaded["act"], loaded["workflow"], loaded["open_cases"]) == ("drafted", "case", 1)
    assert (proposed["act"], proposed["draft"], proposed["from"]) == ("proposed", loaded["draft"], "2026-11-30")
    assert "head" in {one["name"] for one in proposed["who_can"]}
    assert told.code == 0
    assert "将确认reviewer" in told.err
    assert [(v["standing"], v["from"], v["open_cases"]) for v in listed["versions"]] == [
        ("coming", "2026-11-30", 0),
        ("in_force", "1990-01-01", 1),
    ]
    assert listed["versions"][0]["by"] == ["reviewer", "head"]
    assert listed["versions"][0]["based_on"] == listed["versions"][1]["hash"]
    assert (listed["proposal"], listed["newer_base"]) == (None, None)
    now, then = (anjuan("workflow", "list", "--json", now=on).json for on in ("2026-11-29", "2026-11-30"))
    assert [{d["id"]: d["en"] for d in found}["case"] for found in (now, then)] != ["", ""]
    assert {d["id"]: d["en"] for d in then}["case"] == "Administrative penalty, local"
    assert {d["id"]: d["en"] for d in now}["case"] != "Administrative penalty, local"
    assert anjuan("ledger", "verify").code == 0


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("zh", ("已存为草案", "未作改动", "须由另一人确认", "等待另一人确认", "起施行", "已撤回")),
        (
            "en",
            (
                "kept as draft",
                "nothing changed",
                "another person is to confirm",
                "another person",
                "is in force",
                "withdr",
            ),
        ),
    ],
)
def test_people_read_what_was_done_in_their_language(anjuan: Anjuan, lang: str, said: tuple[str, ...]) -> None:
    drafted, again, proposed, waits, active, withdrawn = said
    load = ("workflow", "load", "local.yaml", "--reason", "x", "--as", "head", "--lang", lang)

    assert drafted in anjuan(*load, "--dry-run").out
    assert drafted in anjuan(*load).out
    assert again in anjuan(*load).out
    assert proposed in activating(anjuan, "head", "--lang", lang).out
    assert waits in anjuan("workflow", "versions", "case", "--lang", lang).out
    assert active in activating(anjuan, "reviewer", "--lang", lang, "--dry-run").out
    assert withdrawn in anjuan("workflow", "activate", "case", "--withdraw", "--as", "admin", "--lang", lang).out
    assert [v["standing"] for v in anjuan("workflow", "versions", "case", "--json").json["versions"]] == [
        "draft",
        "in_force",
    ]


def test_what_is_wrong_ends_with_its_code_and_changes_nothing(anjuan: Anjuan) -> None:
    (Path.cwd() / "wrong.yaml").write_text(LOCAL + "steps: {verify: {by: [nobody]}}\n", encoding="utf-8")
    before = anjuan("workflow", "versions", "case", "--json").json

    wrong = anjuan("workflow", "load", "wrong.yaml", "--reason", "x", "--as", "head", "--json")
    gone = anjuan("workflow", "load", "gone.yaml", "--reason", "x", "--as", "head", "--json")
    forbidden = anjuan("workflow", "load", "local.yaml", "--reason", "x", "--as", "handler1", "--json")
    unexplained = anjuan("workflow", "load", "local.yaml", "--as", "head", "--json")
    undated = anjuan("workflow", "activate", "case", "--reason", "x", "--as", "head", "--json")
    nothing = activating(anjuan, "head", "--json")
    unknown = anjuan("workflow", "versions", "nothing", "--json")

    assert [e.code for e in (wrong, gone, forbidden, unexplained, undated, nothing, unknown)] == [2, 6, 4, 2, 2, 6, 6]
    codes = [e.json["error"]["code"] for e in (forbidden, unexplained, undated, nothing, unknown)]
    assert codes == [
        "command.forbidden",
        "reason.missing",
        "workflow.from_missing",
        "workflow.no_draft",
        "workflow.unknown",
    ]
    assert anjuan("workflow", "versions", "case", "--json").json == before


def test_the_same_person_twice_is_refused_on_record(anjuan: Anjuan) -> None:
    assert anjuan("workflow", "load", "local.yaml", "--reason", "x", "--as", "head").code == 0
    assert activating(anjuan, "head").code == 0
    entries = anjuan("ledger", "verify", "--json").json["entries"]

    refused = activating(anjuan, "head", "--json")

    assert refused.code == 3
    assert [r["code"] for r in refused.json["refusals"]] == ["workflow.same_person"]
    assert "reviewer" in {one["name"] for one in refused.json["refusals"][0]["who_can"]}
    assert anjuan("ledger", "verify", "--json").json["entries"] == entries + 1


def test_scenarios_are_played_before_a_file_is_kept(anjuan: Anjuan) -> None:
    folder = Path.cwd() / "local.scenarios"
    done = anjuan("workflow", "load", "local.yaml", "--reason", "x", "--as", "head", "--json", "--scenarios")

    assert not folder.exists()
    assert done.code == 0
    assert all(one["ok"] for one in done.json["scenarios"])


def test_an_extension_is_told_that_its_base_has_a_newer_version(
    anjuan: Anjuan, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert anjuan("workflow", "load", "local.yaml", "--reason", "x", "--as", "head").code == 0
    assert activating(anjuan, "head", on="today").code == 0
    assert activating(anjuan, "reviewer", on="today").code == 0
    assert "extends" not in anjuan("doctor", "--lang", "en").out
    newer = [
        Shipped(one.kind, one.id, {**one.content, "en": "newer"}) if (one.kind, one.id) == ("workflow", "case") else one
        for one in shipped_documents()
    ]
    for module in ("commands.doctor", "commands.workflow_versions"):
        monkeypatch.setattr(f"{module}.shipped_documents", lambda: newer)

    assert anjuan("workflow", "versions", "case", "--json").json["newer_base"]["base"] == "case"
    told = anjuan("doctor", "--lang", "en")
    assert "case extends case" in told.out
    assert told.code == 0


# --- over a case that can only be read --------------------------------------------------------------------------------


@pytest.fixture
def lost(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """A case whose version somebody has taken out of the store."""
    opened(anjuan)
    with sqlite3.connect(tmp_path / "home" / "anjuan.db") as raw:
        for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            raw.execute(f"DROP TRIGGER {name}")
        raw.execute("UPDATE case_file SET definition = 'f00', state = 'nowhere'")
    raw.close()
    return anjuan


@pytest.mark.parametrize(
    "words",
    [
        ("case", "list"),
        ("case", "list", "--state", "nowhere"),
        ("case", "history", CASE),
        ("today",),
        ("deadline", "list"),
        ("deadline", "proof", CASE, "complaint_decision"),
        ("report", "show", "suzhou-2018", "--month", "2018-09"),
        ("respondent", "list"),
        ("campaign", "show", "suzhou-2018"),
        ("case", "note", CASE, "已报告"),
        ("remind", "run", "--dry-run"),
    ],
    ids=" ".join,
)
def test_what_reads_goes_on(lost: Anjuan, words: tuple[str, ...]) -> None:
    for lang in ("zh", "en"):
        ended = lost(*words, "--lang", lang, "--as", "handler1")
        assert (ended.code, "Traceback" in ended.err) == (0, False), ended


def test_the_page_says_so_first_and_ends_well(lost: Anjuan) -> None:
    shown, document = lost("case", "show", CASE, "--as", "lead"), lost("case", "show", CASE, "--as", "lead", "--json")

    assert (shown.code, document.code) == (0, 0)
    assert shown.out.startswith("本案只能查看")
    assert "投诉" in shown.out or "受理" in shown.out
    assert "可以办理的步骤" not in shown.out
    assert document.json["read_only"]["facts"]["lost"][0]["reason"] == "definition_lost"
    assert lost("case", "show", CASE, "--as", "lead", "--lang", "en").out.startswith("this case can only be read")


@pytest.mark.parametrize(
    "words",
    [
        ("case", "do", CASE, "accept"),
        ("case", "do", CASE, "no-such-step"),
        ("case", "why", CASE, "accept"),
        ("case", "what-if", CASE, "accept"),
        ("case", "plan", CASE, "--to", "closed"),
        ("case", "assign", CASE, "--to", "handler2", "--reason", "x"),
        ("case", "pause", CASE, "complaint_decision", "--reason", "x"),
        ("case", "correct", CASE, "--set", "title=x", "--reason", "x"),
    ],
    ids=" ".join,
)
def test_what_changes_is_refused_with_one_code(lost: Anjuan, words: tuple[str, ...]) -> None:
    ended = lost(*words, "--as", "lead", "--json")

    assert ended.code == 3, ended
    assert [r["code"] for r in ended.json["refusals"]] == ["case.read_only"]
    told = lost(*words, "--as", "lead")
    assert "anjuan doctor" in told.err
    assert "Traceback" not in told.err


def test_the_doctor_and_the_record_find_it(lost: Anjuan) -> None:
    told, verified = lost("doctor", "--json"), lost("ledger", "verify", "--json")

    (check,) = [c for c in told.json["checks"] if c["id"] == "read_only"]
    assert (check["ok"], told.code) == (False, 1)
    assert "the version is gone from the store: 1" in check["en"]
    assert (verified.code, verified.json["ok"]) == (1, False)
