"""Steps on the command line for one party of several, on a signed paper, and in thought only."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import scene_in

import cli
from commands.output import MAX_WIDTH, display_width
from engine.home import Home

NO = "suzhou-2018-0001"


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
    """A case against two companies, reviewed, in a store that the command line reaches."""
    scene = scene_in(Home(tmp_path / "home", None))
    no = scene.open("2018-09-03")
    scene.walk(no, "verify add_party file investigate conclude review", "2018-09-05")
    scene.office.store.close()
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))

    def call(*words: str, now: str = "2018-09-06") -> Ended:
        monkeypatch.setenv("ANJUAN_NOW", now)
        capsys.readouterr()
        code = cli.main(words)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    scan = tmp_path / "签批单.pdf"
    scan.write_bytes(b"%PDF-1.4 signed")
    return scan


APPROVE = ("--set", "proposed_fine_fen=5000000")
NOTIFY = (
    *("--set", "officers=handler1,handler2", "--set", "served_on=2018-09-06"),
    *("--set", "served_how=person", "--set", "proof=送达回证"),
)


def fits(text: str) -> bool:
    return all(display_width(line) <= MAX_WIDTH for line in text.splitlines())


def test_a_step_for_one_party_is_told_with_its_number_and_shown_on_the_page(anjuan: Anjuan) -> None:
    assert anjuan("case", "do", NO, "approve_notice", *APPROVE, "--as", "head").code == 0

    unnamed = anjuan("case", "do", NO, "notify", *NOTIFY, "--as", "handler1", "--json")
    done = anjuan("case", "do", NO, "notify", *NOTIFY, "--as", "handler1", "--party", "2")
    page = anjuan("case", "show", NO, "--as", "handler1")
    english = anjuan("case", "show", NO, "--as", "handler1", "--lang", "en")

    assert unnamed.code == 3
    assert [r["code"] for r in unnamed.json["refusals"]] == ["party.missing"]
    assert done.code == 0
    assert "2号当事人" in done.out
    assert "当事人2：另一公司（法人或其他组织），已告知" in page.out
    assert "陈述申辩期（2号）" in page.out
    assert "party 2:" in english.out
    assert all(fits(text) for text in (done.out, page.out, english.out, unnamed.err))


def test_what_the_head_signed_is_typed_by_another_and_the_paper_is_kept(
    anjuan: Anjuan, paper: Path, tmp_path: Path
) -> None:
    signed = (*APPROVE, "--as", "handler1", "--signed-by", "head")
    without = anjuan("case", "do", NO, "approve_notice", *signed, "--json")
    rehearsed = anjuan("case", "do", NO, "approve_notice", *signed, "--paper", str(paper), "--dry-run")
    kept_before = list((tmp_path / "home" / "evidence").rglob("*")) if (tmp_path / "home" / "evidence").exists() else []
    done = anjuan("case", "do", NO, "approve_notice", *signed, "--paper", str(paper), "--json")

    assert [r["code"] for r in without.json["refusals"]] == ["paper.missing"]
    assert (rehearsed.code, kept_before) == (0, [])
    assert done.code == 0, done.out
    entry = anjuan("case", "history", NO, "--as", "lead", "--json").json[-1]
    assert (entry["actor"], entry["signed_by"]) == ("handler1", "head")
    digest = entry["effects"]["paper"]["sha256"]
    (file,) = (f for f in (tmp_path / "home" / "evidence").rglob("*") if f.is_file())
    assert (file.name, file.read_bytes()) == (digest, paper.read_bytes())
    told = anjuan("case", "history", NO, "--as", "lead")
    assert "由head在纸上签批，handler1代录（签批单.pdf" in told.out
    assert anjuan("ledger", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("--paper", "x.pdf"), 2, "paper.unsigned"),
        (("--signed-by", "nobody", "--paper", "<paper>"), 6, "person.unknown"),
        (("--signed-by", "head", "--paper", "no/such.pdf"), 6, "file.missing"),
        (("--signed-by", "head", "--paper", "."), 2, "file.unreadable"),
    ],
)
def test_a_wrong_paper_is_told_and_nothing_is_done(
    anjuan: Anjuan, paper: Path, words: tuple[str, ...], code: int, error: str
) -> None:
    given = [str(paper) if word == "<paper>" else word for word in words]
    before = anjuan("case", "show", NO, "--as", "lead", "--json").json["version"]

    ended = anjuan("case", "do", NO, "approve_notice", *APPROVE, "--as", "handler1", *given, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert anjuan("case", "show", NO, "--as", "lead", "--json").json["version"] == before


def test_what_if_shows_state_dates_mails_and_figures_and_keeps_nothing(anjuan: Anjuan) -> None:
    anjuan("case", "do", NO, "approve_notice", *APPROVE, "--as", "head")
    before = anjuan("case", "show", NO, "--as", "lead", "--json").json
    words = ("case", "what-if", NO, "notify", *NOTIFY, "--party", "1", "--as", "handler1")

    found, zh, en = anjuan(*words, "--json").json, anjuan(*words), anjuan(*words, "--lang", "en")

    assert {"state", "deadlines", "mails", "tallies"} <= set(found)
    assert {d["id"] for d in found["deadlines"]} >= {"statement_period"}
    assert zh.out.startswith("预演")
    assert en.out.startswith("rehearsed")
    assert fits(zh.out), zh.out
    assert fits(en.out), en.out
    assert anjuan("case", "show", NO, "--as", "lead", "--json").json == before
    assert len(anjuan("case", "history", NO, "--as", "lead", "--json").json) == before["version"]


def test_what_if_of_a_refused_step_gives_the_reasons_and_puts_nothing_on_record(anjuan: Anjuan) -> None:
    before = len(anjuan("case", "history", NO, "--as", "lead", "--json").json)

    refused = anjuan("case", "what-if", NO, "archive", "--as", "handler1", "--json")

    assert refused.code == 3
    assert {r["code"] for r in refused.json["refusals"]} >= {"role.missing", "state.wrong"}
    assert len(anjuan("case", "history", NO, "--as", "lead", "--json").json) == before


def test_a_mail_that_a_step_would_lead_to_is_foreseen(anjuan: Anjuan) -> None:
    for party in ("1", "2"):
        words = ("case", "do", NO, "decide_no_penalty", "--set", "ground=not_established", "--party", party)
        anjuan(*words, "--as", "head")

    found = anjuan("case", "what-if", NO, "reopen", "--set", "ground=x", "--as", "head", "--json")
    serve = anjuan("case", "what-if", NO, "serve", *NOTIFY, "--party", "1", "--as", "handler1", "--json")

    assert found.code == 3
    assert serve.code == 0
    assert all({"send_on", "to", "deadline", "due_on"} <= set(mail) for mail in serve.json["mails"])
