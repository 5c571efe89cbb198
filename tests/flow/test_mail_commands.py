"""`mail why`, `mail resend`, and what `remind run` and `doctor` say of mails that wait or died, as typed words."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import scene_in

import cli
from commands.output import MAX_WIDTH, display_width
from engine.home import Home

NO, LIMIT = "suzhou-2018-0001", "complaint_decision"
# Due on Tuesday 2018-09-18: seven days before is the 11th.
FIRST, NEXT = "2018-09-11", "2018-09-14"


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
    """Runs `anjuan` in this process at the given instant, on a home with a complaint to be decided by 2018-09-18."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_SMTP_PER_MINUTE", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    scene = scene_in(Home(tmp_path / "home", None))
    scene.take(scene.open("2018-09-03", campaign=None, source="complaint"), "receive_materials", "2018-09-03")
    scene.office.store.close()

    def run(on: str, *words: str, lang: str = "zh") -> Ended:
        monkeypatch.setenv("ANJUAN_NOW", on if "T" in on else f"{on}T17:00:00+08:00")
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


@pytest.fixture
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mail server that is set is not there."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    monkeypatch.setenv("ANJUAN_SMTP", f"smtp://127.0.0.1:{port}")


def reminder_to(anjuan: Anjuan, name: str, on: str = FIRST) -> int:
    lines = anjuan(on, "mail", "list", "--case", NO, "--json").json
    return next(int(line["id"]) for line in lines if line["to"] == name and line["kind"] == "deadline")


def test_mail_why_tells_of_every_rung_what_became_of_it(anjuan: Anjuan) -> None:
    anjuan(FIRST, "remind", "run")

    fates = anjuan(FIRST, "mail", "why", NO, "handler1", "--json").json

    assert {"rung", "due_on", "state", "why"} <= set(fates[0])
    assert [(one["rung"], one["state"]) for one in fates if one["rung"] >= 0] == [
        (7, "sent"),
        (3, "planned"),
        (1, "planned"),
        (0, "planned"),
    ]
    assert fates[0]["mail"] == reminder_to(anjuan, "handler1")
    assert fates[1]["send_on"] == NEXT in fates[1]["why"]


@pytest.mark.parametrize(
    ("lang", "sent", "planned", "nobody"),
    [("zh", "已发送", f"将于{NEXT}发送", "收件人中没有此人"), ("en", "sent", f"sent on {NEXT}", "it went to others")],
)
def test_mail_why_reads_as_a_table_in_both_languages(
    anjuan: Anjuan, lang: str, sent: str, planned: str, nobody: str
) -> None:
    anjuan(FIRST, "remind", "run")

    his = anjuan(FIRST, "mail", "why", NO, "handler1", lang=lang)
    not_his = anjuan(FIRST, "mail", "why", NO, "handler3", lang=lang)

    assert his.code == not_his.code == 0
    assert sent in his.out
    assert planned in his.out
    assert nobody in " ".join(not_his.out.split())


def test_mail_why_says_that_a_met_limit_will_not_be_announced(anjuan: Anjuan) -> None:
    anjuan(FIRST, "case", "do", NO, "accept", "--as", "lead")

    fates = anjuan(FIRST, "mail", "why", NO, "handler1", "--json").json

    assert {one["state"] for one in fates if one["subject"] == LIMIT} == {"planned"}
    assert all("届时将不发送：已于2018-09-11办理" in one["zh"] for one in fates if one["subject"] == LIMIT)


def test_mail_why_of_what_is_unknown_is_not_found(anjuan: Anjuan) -> None:
    assert anjuan(FIRST, "mail", "why", "suzhou-2018-9999", "handler1").code == 6
    assert anjuan(FIRST, "mail", "why", NO, "nobody").code == 6


def test_mail_why_of_a_campaign_shows_what_concerns_the_person(anjuan: Anjuan) -> None:
    anjuan("2018-09-03", "campaign", "load", "suzhou-2018", "--as", "campaign_office")

    his = anjuan(FIRST, "mail", "why", "suzhou-2018", "campaign_office", "--json").json

    assert {"planned"} == {one["state"] for one in his}
    assert {one["unit"] for one in his} == {"suzhou"}


def test_what_waits_is_told_and_goes_later(anjuan: Anjuan, no_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    first = anjuan(FIRST, "remind", "run")
    again = anjuan(FIRST, "remind", "run", lang="en")
    fates = anjuan(FIRST, "mail", "why", NO, "handler1", "--json").json
    checked = {one["id"]: one["ok"] for one in anjuan(FIRST, "doctor", "--json").json["checks"]}
    monkeypatch.delenv("ANJUAN_SMTP")
    later = anjuan(f"{FIRST}T17:01:00+08:00", "remind", "run", "--json")

    assert (first.code, again.code, later.code) == (7, 0, 0)
    assert "等待重发" in first.out
    assert "wait for their next try" in again.out
    assert fates[0]["state"] == "retrying"
    assert "2018-09-11 17:01" in fates[0]["zh"]
    assert (checked["mail_dead"], checked["mail_retrying"], checked["jobs"]) == (True, True, True)
    assert (later.json["failed"], later.json["waiting"]) == (0, 0)
    assert later.json["sent"] >= 2


def test_a_sent_mail_goes_again_and_stands_on_record(anjuan: Anjuan) -> None:
    anjuan(FIRST, "remind", "run")
    mail_id = str(reminder_to(anjuan, "handler1"))

    rehearsed = anjuan(FIRST, "mail", "resend", mail_id, "--dry-run", "--as", "lead")
    done = anjuan(FIRST, "mail", "resend", mail_id, "--as", "lead", "--key", "k", "--json").json
    same = anjuan(FIRST, "mail", "resend", mail_id, "--as", "lead", "--key", "k", "--json").json
    refused = anjuan(FIRST, "mail", "resend", mail_id, "--as", "lead", lang="en")
    run = anjuan(FIRST, "remind", "run", "--json").json
    history = anjuan(FIRST, "case", "history", NO, "--as", "lead", "--json").json

    assert rehearsed.code == 0
    assert "anjuan remind run" in rehearsed.out
    assert done == same
    assert (done["resent"], done["state"], done["to"]) == (int(mail_id), "queued", "handler1")
    assert done["subject"].startswith("重新发送：")
    assert refused.code == 3
    assert "being sent again already" in refused.out + refused.err
    assert run["sent"] == 1
    assert [(entry["kind"], entry["actor"]) for entry in history[-2:]] == [("mail", "lead"), ("refusal", "lead")]
    read = anjuan(FIRST, "case", "history", NO, "--as", "lead")
    assert f"重新发送第{mail_id}号邮件：handler1" in read.out
    assert anjuan(FIRST, "ledger", "verify", "--as", "lead").code == 0


def test_whoever_may_not_send_it_again_hears_who_may(anjuan: Anjuan) -> None:
    anjuan(FIRST, "remind", "run")
    mail_id = str(reminder_to(anjuan, "handler1"))

    refused = anjuan(FIRST, "mail", "resend", mail_id, "--as", "reviewer", "--json")
    outside = anjuan(FIRST, "mail", "resend", mail_id, "--as", "county_lead", "--json")
    unknown = anjuan(FIRST, "mail", "resend", "999", "--as", "lead", "--json")

    assert (refused.code, outside.code, unknown.code) == (3, 4, 6)
    [reason] = refused.json["refusals"]
    assert reason["code"] == "role.missing"
    assert {"handler1", "lead", "head"} <= {one["name"] for one in reason["who_can"]}


def test_a_pace_that_is_none_is_wrong_usage_and_sends_nothing(
    anjuan: Anjuan, no_server: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANJUAN_SMTP_PER_MINUTE", "fast")

    run = anjuan(FIRST, "remind", "run")
    checked = {one["id"]: one for one in anjuan(FIRST, "doctor", "--json").json["checks"]}

    assert run.code == 2
    assert "ANJUAN_SMTP_PER_MINUTE" in run.err
    assert not checked["mail"]["ok"]
    assert anjuan(FIRST, "mail", "list", "--json").json == []
