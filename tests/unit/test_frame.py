"""A toy noun played through the real entry point: what reaches stdout, stderr and the exit code."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Annotated, Any, Literal

import pytest
from typer import Argument, Option

import cli
from commands.answer import json_text
from commands.frame import Run, command, noun, single
from commands.places import Place
from commands.words import t, use_language
from engine.errors import (
    CaseChangedMeanwhile,
    DeadlineUndetermined,
    FileWrong,
    Forbidden,
    Holder,
    InputWrong,
    NotFound,
    Problem,
    Refusal,
    Remedy,
    StoreUnavailable,
    TransitionRefused,
)

WAITING = Refusal(
    "wait.running",
    zh="听证申请期至2018-09-20届满，届满前不得办理",
    en="the hearing window runs until 2018-09-20",
    basis="行政处罚法第四十二条",
    facts={"due_on": date(2018, 9, 20)},
    remedy=Remedy(
        "等待届满，或登记放弃", "wait, or record the waiver", "anjuan case do 001 waive_rights --set waived=both"
    ),
    who_can=(Holder("head", "head"),),
    earliest_on=date(2018, 9, 21),
)
WRONG_ROLE = Refusal("role.missing", zh="该环节由负责人办理", en="this step is taken by the head")
AFTER = Refusal("phase.after", zh="该阶段已结束", en="the phase is over")

FAILURES: dict[str, tuple[Exception, int]] = {
    "refused": (TransitionRefused("001", "decide", (WAITING, WRONG_ROLE), (AFTER,)), 3),
    "forbidden": (Forbidden("role.command", "无权使用", "not yours to use"), 4),
    "case.changed": (CaseChangedMeanwhile("001", 3, 4, "handler2"), 5),
    "case.unknown": (NotFound("case.unknown", "没有案件001", "there is no case 001"), 6),
    "input": (InputWrong("input", "写错了", "wrong"), 2),
    "file.wrong": (FileWrong("a.yaml", (Problem(3, "key.unknown", "没有这个键", "no such key"),)), 2),
    "store.newer": (StoreUnavailable("store.newer", "版本过新", "too new"), 1),
    "deadline.undetermined": (DeadlineUndetermined("payment", date(2018, 9, 1), "没有规则", "no rule"), 1),
    "interrupted": (KeyboardInterrupt(), 130),  # type: ignore[dict-item]
}


def a_toy() -> ModuleType:
    module = ModuleType("toy_case")
    app = noun("case", zh="案件", en="Cases")

    @command(app, "show", zh="查看案件", en="Show a case")
    def show(
        run: Run,
        case_no: Annotated[str, Argument(metavar="NO", help=t("案号", "case number"))],
        limit: Annotated[int, Option(help=t("最多几行", "lines at most"), min=1)] = 20,
    ) -> None:
        run.say("正在读取", "reading")
        run.show({"case_no": case_no, "actor": run.actor_name, "limit": limit}, lambda: [t(f"案件{case_no}", case_no)])

    @command(app, "do", zh="办理一步", en="Take a step", changes=True)
    def do(
        run: Run,
        step: Annotated[str, Argument(metavar="STEP")],
        settings: Annotated[list[str] | None, Option("--set", metavar="k=v")] = None,
        level: Annotated[Literal["city", "nation"], Option(metavar="LEVEL")] = "city",
        to: Annotated[Path | None, Option()] = None,
    ) -> None:
        if step in FAILURES:
            run.show({"too": "early"}, list)
            raise FAILURES[step][0]
        if step == "bug":
            raise LookupError("nobody thought of this")
        if step == "partly":
            run.show({"failed": 1}, lambda: ["1"])
            run.exit(7)
        run.show(
            {"dry_run": run.dry_run, "set": settings, "level": level, "to": to, "actor": run.actor_name, "step": step},
            lambda: [step],
        )

    module.app = app  # type: ignore[attr-defined]
    return module


def a_single() -> ModuleType:
    module = ModuleType("toy_today")
    app = single("today")

    @command(app, "today", zh="今天要办的事", en="What is due today")
    def today(run: Run) -> None:
        """Shows nothing at all."""

    module.app = app  # type: ignore[attr-defined]
    return module


Played = Callable[..., tuple[int, str, str]]


@pytest.fixture
def anjuan(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Played:
    monkeypatch.delenv("ANJUAN_LANG", raising=False)
    monkeypatch.setattr("commands.bugs._folders", lambda: [tmp_path / "log"])
    monkeypatch.setattr(
        cli,
        "PLACES",
        {
            "case": Place("toy_case", "案件：查看、办理", "cases: show, do"),
            "today": Place("toy_today", "今天要办的事", "what is due today"),
            "ghost": Place("commands.no_such_module", "没有", "none"),
        },
    )

    def play(*words: str) -> tuple[int, str, str]:
        use_language("en" if "en" in words else "zh")
        monkeypatch.setitem(sys.modules, "toy_case", a_toy())
        monkeypatch.setitem(sys.modules, "toy_today", a_single())
        code = cli.main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return play


def test_a_result_is_one_document_or_lines_and_talk_goes_to_stderr(anjuan: Played) -> None:
    code, out, err = anjuan("case", "show", "001", "--json")
    lines = anjuan("case", "show", "001")

    assert (code, json.loads(out)) == (0, {"case_no": "001", "actor": None, "limit": 20})
    assert err == "正在读取\n"
    assert lines == (0, "案件001\n", "正在读取\n")


@pytest.mark.parametrize(
    "words",
    [
        "--as handler1 --json case do note --dry-run",
        "--json case --as handler1 --dry-run do note",
        "--dry-run case --json do note --as handler1",
        "--as lead case --as head do note --as handler1 --json --dry-run",
    ],
)
def test_common_options_stand_anywhere_and_the_nearest_wins(anjuan: Played, words: str) -> None:
    code, out, _ = anjuan(*words.split())

    document = json.loads(out)

    assert (code, document["actor"], document["dry_run"]) == (0, "handler1", True)


def test_values_are_read_as_declared(anjuan: Played) -> None:
    words = "case do -3d --set a=1 --set b= --level nation --to x/y --json"

    _, out, _ = anjuan(*words.split())

    assert json.loads(out) == {
        "dry_run": False,
        "set": ["a=1", "b="],
        "level": "nation",
        "to": str(Path("x/y")),
        "actor": None,
        "step": "-3d",
    }


def test_a_command_that_shows_nothing_still_answers_one_document(anjuan: Played) -> None:
    assert anjuan("today", "--json") == (0, "{}\n", "")
    assert anjuan("today") == (0, "", "")


@pytest.mark.parametrize("name", FAILURES)
def test_every_failure_has_its_exit_code_and_its_one_document(anjuan: Played, name: str) -> None:
    code, out, err = anjuan("case", "do", name, "--json")

    document = json.loads(out)

    assert (code, err) == (FAILURES[name][1], "")
    assert "too" not in document
    assert document.get("allowed") is False or document["error"]["code"] in {name, "role.command"}
    assert document.get("allowed") is False or set(document["error"]) >= {"code", "zh", "en", "remedy"}


@pytest.mark.parametrize("name", FAILURES)
def test_people_read_a_failure_on_stderr_in_their_language(anjuan: Played, name: str) -> None:
    code, out, chinese = anjuan("case", "do", name)
    _, _, english = anjuan("case", "do", name, "--lang", "en")

    assert (code, out) == (FAILURES[name][1], "")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese.splitlines()[0])
    assert english.splitlines()[0].isascii()


def test_a_refusal_says_all_that_the_contract_promises(anjuan: Played) -> None:
    _, out, _ = anjuan("case", "do", "refused", "--json")

    assert json.loads(out) == {
        "case_no": "001",
        "step": "decide",
        "allowed": False,
        "refusals": [
            {
                "code": "wait.running",
                "zh": "听证申请期至2018-09-20届满，届满前不得办理",
                "en": "the hearing window runs until 2018-09-20",
                "basis": "行政处罚法第四十二条",
                "facts": {"due_on": "2018-09-20"},
                "remedy": {
                    "zh": "等待届满，或登记放弃",
                    "en": "wait, or record the waiver",
                    "command": "anjuan case do 001 waive_rights --set waived=both",
                },
                "who_can": [{"name": "head", "role": "head"}],
                "earliest_on": "2018-09-21",
            },
            {
                "code": "role.missing",
                "zh": "该环节由负责人办理",
                "en": "this step is taken by the head",
                "basis": "",
                "facts": {},
                "remedy": None,
                "who_can": [],
                "earliest_on": None,
            },
        ],
        "warnings": [
            {
                "code": "phase.after",
                "zh": "该阶段已结束",
                "en": "the phase is over",
                "basis": "",
                "facts": {},
                "remedy": None,
                "who_can": [],
                "earliest_on": None,
            }
        ],
    }


def test_a_refusal_for_people_numbers_the_reasons_and_gives_the_command_a_line(anjuan: Played) -> None:
    _, _, err = anjuan("case", "do", "refused")

    assert err.splitlines() == [
        "001：“decide”现在不能办理，原因2条：",
        "  1. 听证申请期至2018-09-20届满，届满前不得办理",
        "     依据：行政处罚法第四十二条",
        "     怎么办：等待届满，或登记放弃",
        "       anjuan case do 001 waive_rights --set waived=both",
        "     谁可以办：head",
        "     最早可办：2018-09-21",
        "  2. 该环节由负责人办理",
        "请注意：",
        "   - 该阶段已结束",
    ]


def test_a_lost_race_names_the_winner_and_a_wrong_file_its_lines(anjuan: Played) -> None:
    race = json.loads(anjuan("case", "do", "case.changed", "--json")[1])["error"]
    file = json.loads(anjuan("case", "do", "file.wrong", "--json")[1])

    assert (race["actor"], race["version"]) == ("handler2", 4)
    assert file["errors"] == [{"line": 3, "code": "key.unknown", "zh": "没有这个键", "en": "no such key"}]


def test_a_mistake_of_the_program_is_one_sentence_and_its_traceback_goes_to_a_file(
    anjuan: Played, tmp_path: Path
) -> None:
    code, out, err = anjuan("case", "do", "bug")

    kept = tmp_path / "log" / "anjuan-errors.log"
    assert (code, out) == (1, "")
    assert "Traceback" not in err
    assert str(kept) in err.replace("\n", "")
    assert "nobody thought of this" in kept.read_text(encoding="utf-8")


def test_a_listed_command_without_its_module_is_a_mistake_of_the_program(anjuan: Played) -> None:
    code, out, _ = anjuan("ghost", "--json")

    assert (code, json.loads(out)["error"]["code"]) == (1, "bug")


def test_a_command_may_end_partly_done_after_its_result(anjuan: Played) -> None:
    code, out, _ = anjuan("case", "do", "partly", "--json")

    assert (code, json.loads(out)) == (7, {"failed": 1})


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cse", "usage.command"),
        ("case shwo 001", "usage.command"),
        ("case show", "usage.missing"),
        ("case show 001 002", "usage.extra"),
        ("case show 001 --limt 3", "usage.option"),
        ("--limit 3 case show 001", "usage.option"),
        ("case show 001 --limit", "usage.option_value"),
        ("case show 001 --as --limit 3", "usage.option_value"),
        ("case do x --dry-run=yes", "usage.option_value"),
        ("case show 001 --limit three", "usage.value"),
        ("case show 001 --limit 0", "usage.value"),
        ("case do x --level town", "usage.value"),
        ("case show 001 --dry-run", "usage.option"),
        ("--dry-run case show 001", "usage.dry_run"),
        ("case show 001 --lang fr", "usage.language"),
        ("case show a\0b", "text.invalid"),
        ("case show \ud8ff", "text.invalid"),
        ("case show " + "字" * 400_000, "text.too_long"),
    ],
)
def test_wrong_usage_is_one_document_and_exit_2(anjuan: Played, words: str, code: str) -> None:
    exit_code, out, err = anjuan(*words.split(), "--json")

    error = json.loads(out)["error"]

    assert (exit_code, error["code"], err) == (2, code, "")
    assert len(error["zh"]) < 300
    assert error["en"].isascii()


def test_wrong_usage_suggests_what_was_meant(anjuan: Played) -> None:
    near = json.loads(anjuan("case", "shwo", "--json")[1])["error"]["remedy"]["command"]
    code, out, err = anjuan("case", "show", "001", "--limt", "3")

    assert near == "anjuan case show"
    assert (code, out) == (2, "")
    assert err.splitlines() == ["没有选项 --limt", "怎么办：是否指 --limit", "  anjuan case show --help"]


@pytest.mark.parametrize("words", ["", "--help", "case", "case --help", "case show --help", "today --help"])
def test_help_is_chinese_throughout_unless_english_is_asked_for(anjuan: Played, words: str) -> None:
    code, chinese, err = anjuan(*words.split())
    _, english, _ = anjuan("--lang", "en", *words.split())

    assert (code, err) == (0, "")
    assert chinese.startswith("用法：anjuan")
    assert not {"Usage", "Options", "Commands", "required", "default"} & set(chinese.replace("：", " ").split())
    assert english.startswith("Usage: anjuan")
    assert english.isascii()


def test_help_with_json_is_a_document_too(anjuan: Played) -> None:
    _, out, _ = anjuan("case", "show", "--help", "--json")

    assert json.loads(out)["help"].startswith("用法：anjuan case show [选项] NO")


def test_a_bare_noun_given_a_language_prints_its_help(anjuan: Played) -> None:
    code, out, _ = anjuan("case", "--lang", "en")

    assert (code, out.splitlines()[0]) == (0, "Usage: anjuan case [OPTIONS] COMMAND [ARGS]...")


def test_the_environment_chooses_the_language_and_the_option_overrides_it(
    anjuan: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANJUAN_LANG", "en")

    english = anjuan("case", "do", "input")[2]
    chinese = anjuan("case", "do", "input", "--lang=zh")[2]

    assert (english, chinese) == ("wrong\n", "写错了\n")


def test_data_cannot_steer_the_terminal(anjuan: Played) -> None:
    _, lines, _ = anjuan("case", "show", "1\x1b[2J\u202e")
    _, document, _ = anjuan("case", "show", "1\x1b[2J\u202e\x9b", "--json")

    assert lines == "案件1␛[2J\ufffd\n"
    assert "\u202e" not in document
    assert json.loads(document)["case_no"] == "1\x1b[2J\u202e\x9b"


def test_a_command_function_stays_a_plain_function_and_takes_a_run_first() -> None:
    app = noun("x", zh="某", en="x")

    def without_run(step: str) -> None:
        """Has no `run`."""

    with pytest.raises(TypeError, match="first parameter"):
        command(app, "x", zh="某", en="x")(without_run)


def test_a_document_refuses_what_json_does_not_know() -> None:
    values: list[Any] = [object(), 1.5, b"x"]

    for value in values:
        with pytest.raises(TypeError):
            json_text({"value": value})
