"""`anjuan respondent` finds whoever is behind the parties, shows his cases, hides numbers from those without one."""

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

PERSON = "11010519491231002X"
LONG = "很长的单位名称" * 42 + "\x1b[31m末尾"


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
    scene = scene_in(Home(tmp_path / "home", None))
    scene.open("2018-09-03", respondent="王某", respondent_kind="person", respondent_number=PERSON)
    scene.open("2018-09-03", respondent=LONG)
    scene.office.store.close()
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2018-09-06")

    def call(*words: str) -> Ended:
        capsys.readouterr()
        code = cli.main(words)
        said = capsys.readouterr()
        return Ended(code, said.out, said.err)

    return call


def fits(text: str) -> bool:
    return all(display_width(line) <= MAX_WIDTH for line in text.splitlines())


def test_a_list_masks_the_numbers_of_persons_and_fits(anjuan: Anjuan) -> None:
    zh, en = anjuan("respondent", "list", "--as", "lead"), anjuan("respondent", "list", "--as", "lead", "--lang", "en")
    found = anjuan("respondent", "list", "--as", "lead", "--json").json

    assert [r["id"] for r in found] == ["R-000001", "R-000002"]
    assert found[0]["number"] == "*" * 14 + "002X"
    assert fits(zh.out), zh.out
    assert fits(en.out), en.out
    assert "\x1b" not in zh.out


def test_a_list_that_was_cut_says_so(anjuan: Anjuan) -> None:
    cut, whole = (anjuan("respondent", "list", "--limit", n, "--as", "lead", "--lang", "en").out for n in ("1", "3"))

    assert "the first 1 only" in cut
    assert "only" not in whole


def test_whoever_sees_a_case_of_his_sees_the_number_and_nobody_else(anjuan: Anjuan) -> None:
    ours = anjuan("respondent", "show", "R-000001", "--as", "lead", "--json").json
    theirs = anjuan("respondent", "show", "R-000001", "--as", "county_lead", "--json").json

    assert (ours["number"], [c["case_no"] for c in ours["cases"]]) == (PERSON, ["suzhou-2018-0001"])
    assert (theirs["number"], theirs["cases"], theirs["cases_elsewhere"]) == ("*" * 14 + "002X", [], 1)


def test_a_change_is_told_and_rehearsing_it_keeps_nothing(anjuan: Anjuan) -> None:
    words = ("respondent", "alias", "R-000001", "王先生", "--reason", "曾用名", "--as", "handler1")

    rehearsed = anjuan(*words, "--dry-run")
    before = anjuan("respondent", "show", "R-000001", "--as", "lead", "--json").json
    done = anjuan(*words)
    after = anjuan("respondent", "show", "R-000001", "--as", "lead", "--json").json

    assert (rehearsed.code, done.code) == (0, 0)
    assert (before["aliases"], after["aliases"]) == ([], ["王先生"])
    assert "别名：王先生" in done.out
    assert anjuan("ledger", "verify").code == 0


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("show", "R-999999"), 6, "respondent.unknown"),
        (("number", "R-000001", "110105194912310021", "--reason", "核对"), 2, "number.invalid"),
        (("alias", "R-000001", "甲\n乙", "--reason", "核对"), 2, "respondent.name"),
        (("end", "R-000001", "--on", "2099-01-01", "--reason", "死亡"), 2, "date.in_future"),
        (("same", "R-000001", "R-000002", "--reason", "同一人"), 2, "respondent.two"),
        (("alias", "R-000001", "王先生"), 2, "reason.missing"),
        (("part", "R-000001", "--reason", "并错了"), 2, "respondent.alone"),
        (
            ("end", "R-000001", "--on", "2018-09-05", "--successor", "R-000001", "--reason", "死亡"),
            2,
            "respondent.same",
        ),
        (("end", "R-000001", "--on", "2018-09-05", "--successor", "R-9", "--reason", "死亡"), 6, "respondent.unknown"),
    ],
)
def test_wrong_input_is_one_sentence_and_changes_nothing(
    anjuan: Anjuan, words: tuple[str, ...], code: int, error: str
) -> None:
    before = anjuan("respondent", "list", "--as", "lead", "--json").out

    ended = anjuan("respondent", *words, "--as", "handler1", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert anjuan("respondent", "list", "--as", "lead", "--json").out == before


def test_the_page_tells_who_put_what_on_record_and_only_to_those_with_a_case(anjuan: Anjuan) -> None:
    by = ("--as", "handler1")
    given = [f"--set={k}={v}" for k, v in {"source": "patrol", "title": "案", "respondent": "承继公司"}.items()]
    assert anjuan("case", "open", "case", *given, *by).code == 0
    ended = ("end", "R-000002", "--on", "2018-09-05", "--successor", "R-000003", "--reason", "注销")
    joined = ("same", "R-000003", "R-000002", "--reason", "同一执照")
    parted = ("part", "R-000002", "--reason", "并错了")
    for words in (ended, joined, parted):
        done = anjuan("respondent", *words, *by)
        assert done.code == 0, done.err

    zh, en = (anjuan("respondent", "show", "R-000002", *by, "--lang", lang) for lang in ("zh", "en"))
    told = anjuan("respondent", "show", "R-000002", *by, "--json").json
    elsewhere = anjuan("respondent", "show", "R-000002", "--as", "county_lead", "--json").json

    assert [(e["act"], e["successor"], e["same_as"], e["reason"]) for e in told["history"]] == [
        ("add", None, None, ""),
        ("end", "R-000003", None, "注销"),
        ("same", None, "R-000003", "同一执照"),
        ("same", None, None, "并错了"),
    ]
    assert (told["same_as"], told["ended_on"], elsewhere["history"]) == (None, "2018-09-05", [])
    assert "并入：R-000003（同一执照）" in zh.out
    assert "parted again (并错了)" in en.out
    assert fits(zh.out), zh.out
    assert fits(en.out), en.out


def test_one_that_others_were_joined_to_names_them(anjuan: Anjuan) -> None:
    given = [f"--set={k}={v}" for k, v in {"source": "patrol", "title": "案", "respondent": "另一公司"}.items()]
    anjuan("case", "open", "case", *given, "--as", "handler1")
    anjuan("respondent", "same", "R-000003", "R-000002", "--reason", "同一执照", "--as", "handler1")

    page = anjuan("respondent", "show", "R-000003", "--as", "handler1")
    said = anjuan("respondent", "show", "R-000003", "--as", "handler1", "--json").json

    assert [one["id"] for one in said["joined"]] == ["R-000002"]
    assert [c["case_no"] for c in said["cases"]] == ["suzhou-2018-0002", "suzhou-2018-0003"]
    assert "并入本编号的：R-000002" in page.out
    assert fits(page.out), page.out
    assert "\x1b" not in page.out


def test_a_wrong_check_digit_is_told_where_the_case_is_opened(anjuan: Anjuan) -> None:
    given = [f"--set={k}={v}" for k, v in {"source": "patrol", "title": "案", "respondent": "王某"}.items()]
    ended = anjuan(
        *("case", "open", "case", *given, "--set", "respondent_kind=person", "--as", "handler1"),
        *("--set", "respondent_number=110105194912310021", "--lang", "en"),
    )

    assert ended.code == 3
    assert "the check character is 1 where the others give X" in " ".join(ended.err.split())
