"""Ladders, colours, acknowledging and muting as typed words: JSON keys, exit codes, what people read."""

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

NO, LIMIT = "suzhou-2018-0001", "complaint_decision"


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
    """Runs `anjuan` in this process on the given day, on a home with a complaint to be decided by 2018-09-18."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    scene = scene_in(Home(tmp_path / "home", None))
    scene.take(scene.open("2018-09-03", campaign=None, source="complaint"), "receive_materials", "2018-09-03")
    scene.office.store.close()

    def run(on: str, *words: str, lang: str = "zh") -> Ended:
        monkeypatch.setenv("ANJUAN_NOW", f"{on}T17:00:00+08:00")
        monkeypatch.setenv("ANJUAN_LANG", lang)
        code = cli.main(words)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        assert all(
            display_width(line) <= MAX_WIDTH
            for line in out.splitlines()
            if "--json" not in words and str(tmp_path) not in line
        )
        return Ended(code, out, err)

    return run


@pytest.mark.parametrize(
    ("on", "colour", "zh", "en"),
    [
        ("2018-09-12", "green", "绿", "green"),
        ("2018-09-13", "yellow", "黄", "yellow"),
        ("2018-09-19", "red", "红", "red"),
    ],
)
def test_a_colour_stands_with_its_date_its_proof_and_its_remedy(
    anjuan: Anjuan, on: str, colour: str, zh: str, en: str
) -> None:
    as_handler = ("--as", "handler1")

    assert anjuan(on, "case", "show", NO, "--json", *as_handler).json["deadlines"][0]["colour"] == colour
    assert anjuan(on, "deadline", "list", "--json", *as_handler).json[0]["colour"] == colour
    assert anjuan(on, "today", "--json", *as_handler).json["due"][0]["colour"] == colour
    for lang, word in (("zh", zh), ("en", en)):
        shown = anjuan(on, "case", "show", NO, *as_handler, lang=lang).out
        for out in (shown, anjuan(on, "deadline", "list", *as_handler, lang=lang).out):
            line = next(line for line in out.splitlines() if "2018-09-18" in line)
            assert word in line
        assert word in anjuan(on, "today", *as_handler, lang=lang).out
        urgent = colour != "green"
        assert (f"anjuan deadline proof {NO} {LIMIT}" in shown) == urgent
        assert (f"anjuan case why {NO} accept" in shown) == urgent


def test_acknowledging_from_the_reminder_to_the_record(anjuan: Anjuan) -> None:
    words = ("case", "acknowledge", NO, LIMIT, "--reason", "等权利人补证", "--as", "lead")
    early = anjuan("2018-09-18", *words, "--json")
    assert (early.code, early.json["refusals"][0]["code"]) == (3, "acknowledge.not_overdue")

    anjuan("2018-09-19", "remind", "run")
    rehearsed = anjuan("2018-09-19", *words, "--dry-run", "--json")
    done = anjuan("2018-09-19", *words, "--key", "k1")
    again = anjuan("2018-09-19", *words, "--key", "k1", "--json")

    assert (rehearsed.code, done.code, again.code) == (0, 0, 0)
    assert "仍须办理" in done.out
    assert (again.json["kind"], again.json["effects"]["rung"]) == ("acknowledge", -1)
    shown = anjuan("2018-09-19", "case", "show", NO, "--json", "--as", "lead").json["deadlines"][0]
    assert shown["acknowledged"] == {"by": "lead", "on": "2018-09-19", "reason": "等权利人补证"}
    assert (shown["state"], shown["colour"]) == ("overdue", "red")
    for lang, kinds, page in (
        ("zh", ("逾期逐级报告", "确认知悉逾期"), "lead已于2018-09-19确认知悉逾期"),
        ("en", ("escalated", "overdue acknowledged"), "lead acknowledged on 2018-09-19 that it is overdue"),
    ):
        history = anjuan("2018-09-19", "case", "history", NO, "--as", "lead", lang=lang).out
        assert [kind for kind in kinds if kind in history] == [*kinds]
        assert page in anjuan("2018-09-19", "case", "show", NO, "--as", "lead", lang=lang).out
    later = anjuan("2018-09-21", "remind", "run", lang="en")
    assert "acknowledged by lead on 2018-09-19" in later.out + later.err
    assert anjuan("2018-09-21", "ledger", "verify").code == 0


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_muting_says_what_may_not_be_muted_and_why(anjuan: Anjuan, lang: str) -> None:
    on, as_lead = "2018-09-19", ("--as", "lead")

    muted = anjuan(on, "staff", "mute", "rights", "--json", *as_lead, lang=lang)
    refused = anjuan(on, "staff", "mute", "duties", *as_lead, lang=lang)
    unknown = anjuan(on, "staff", "mute", "right", *as_lead, lang=lang)
    unmuted = anjuan(on, "staff", "unmute", "rights", *as_lead, lang=lang)

    assert (muted.json["muted"], list(muted.json["all_muted"])) == (True, ["rights"])
    assert (refused.code, unknown.code, unmuted.code) == (3, 6, 0)
    assert {"zh": "法定办理期限", "en": "a duty of this office"}[lang] in refused.out + refused.err
    assert "anjuan rule show duties" in refused.out + refused.err
    assert "rights" in unknown.out + unknown.err


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_ladders_are_rules_to_list_show_export_check_and_load(anjuan: Anjuan, tmp_path: Path, lang: str) -> None:
    on, file = "2018-09-14", tmp_path / "duties.yaml"
    listed = anjuan(on, "rule", "list", "--kind", "ladder", "--json", lang=lang).json
    assert {row["kind"] for row in listed} == {"ladder"}
    assert {"duties", "urgent", "certificates"} <= {row["id"] for row in listed}
    assert anjuan(on, "rule", "list", "--kind", "ladder", lang=lang).code == 0
    shown = anjuan(on, "rule", "show", "duties", lang=lang).out
    assert {"zh": "逾期第3个工作日", "en": "working days after: 3"}[lang] in shown

    assert anjuan(on, "rule", "export", "duties", "--to", str(file), lang=lang).code == 0
    right = file.read_text("utf-8")
    file.write_text(right.replace("to: [lead]", "to: [leed]"), "utf-8")
    wrong = anjuan(on, "rule", "check", str(file), "--json", lang=lang)
    assert (wrong.code, [e["code"] for e in wrong.json["errors"]]) == (2, ["role.unknown"])
    assert right.splitlines()[wrong.json["errors"][0]["line"] - 1].strip() == "to: [lead]"

    file.write_text(right.replace("{before: 3}", "{before: 2}"), "utf-8")
    load = ("rule", "load", str(file), "--reason", "本局规定", "--as", "head")
    assert anjuan(on, *load, "--dry-run", lang=lang).code == 0
    assert anjuan(on, *load, lang=lang).code == 0
    after = anjuan(on, "rule", "show", "duties", "--json", lang=lang).json
    assert (after["kind"], after["rungs"][1], len(after["editions"])) == ("ladder", {"before": 2}, 2)
    planned = anjuan(on, "remind", "run", "--dry-run", "--json", lang=lang).json
    assert planned["planned"] > 0
