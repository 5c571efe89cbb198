"""`anjuan rule` as typed words: JSON keys, exit codes, and what people read; provisional days wherever they stand."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import cli
from commands.output import MAX_WIDTH, display_width

DATA = Path(cli.__file__).parent / "data"
REASON = ("--reason", "国办发明电〔2026〕1号")
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
CASE = "suzhou-2026-0001"


class Ended(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> str:
        return str(self.json["error"]["code"])


Anjuan = Callable[..., Ended]


@pytest.fixture
def anjuan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Anjuan:
    """Runs `anjuan` in this process, on a home of this test; it is 28 December 2026. Every line fits the screen."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2026-12-28")
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

    return run


@pytest.fixture
def office(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """A practice store with a complaint complete on 23 December 2026, due on 7 January 2027; the file for 2027."""
    assert anjuan("init", "--practice").code == 0
    said = (
        "title=某案",
        "source=complaint",
        "respondent=某公司",
        "respondent_kind=unit",
        "materials_complete_on=2026-12-23",
    )
    sets = [word for one in said for word in ("--set", one)]
    assert anjuan("case", "open", "case", *sets, "--as", "handler1").code == 0
    (tmp_path / "2027.yaml").write_text(YEAR_2027, encoding="utf-8")
    return anjuan


def edited(anjuan: Anjuan, place: Path, old: str = "+15cd", new: str = "+20cd") -> Path:
    assert anjuan("rule", "export", "complaint_decision", "--to", str(place)).code == 0
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new), encoding="utf-8")
    return place


# --- list, show, check, export ----------------------------------------------------------------------------------------


def test_rules_are_listed_by_kind_also_without_a_store(anjuan: Anjuan) -> None:
    rows = anjuan("rule", "list", "--json").json
    named = ("limit", "parameter", "holidays", "ladder")
    kinds = {kind: anjuan("rule", "list", "--kind", kind, "--json").json for kind in named}

    assert {row["kind"] for row in rows} == set(kinds)
    assert all({row["kind"] for row in found} == {kind} for kind, found in kinds.items())
    assert sum(map(len, kinds.values())) == len(rows)
    assert {"kind", "id", "zh", "en", "hash", "basis", "source", "confidence", "confirmed"} <= set(rows[0])
    assert {row["id"] for row in kinds["holidays"]} == {str(year) for year in range(2007, 2027)}


def test_only_what_nobody_has_confirmed_is_listed_on_demand(office: Anjuan) -> None:
    assert office("rule", "confirm", "complaint_decision", "--reason", "已核对", "--as", "reviewer").code == 0

    ids = {row["id"] for row in office("rule", "list", "--unconfirmed", "--json").json}

    assert "complaint_decision" not in ids  # confirmed just now
    assert "hearing_request" not in ids  # read in full text
    assert {"publication_general", "report_answer", "rectification"} <= ids


def test_a_rule_is_shown_with_all_versions_and_the_one_of_the_day(anjuan: Anjuan) -> None:
    found = anjuan("rule", "show", "hearing_request", "--on", "2021-07-14", "--json").json

    assert [(v["from"], v["to"], v["in_force"]) for v in found["versions"]] == [
        (None, "2021-07-14", True),
        ("2021-07-15", None, False),
    ]
    assert all({"basis", "source", "confidence", "confirmed_by", "confirmed_on"} <= set(v) for v in found["versions"])


@pytest.mark.parametrize(("lang", "plainly"), [("zh", "未经确认"), ("en", "not confirmed")])
@pytest.mark.parametrize("rule", ["complaint_decision", "hearing_right", "decision_limit"])
def test_a_rule_that_nobody_has_confirmed_says_so_plainly(anjuan: Anjuan, rule: str, lang: str, plainly: str) -> None:
    shown = anjuan("rule", "show", rule, "--lang", lang)

    assert shown.code == 0
    assert plainly in shown.out


def test_a_rule_that_was_read_is_not_marked(anjuan: Anjuan) -> None:
    shown = anjuan("rule", "show", "hearing_request")

    assert "未经确认" not in shown.out
    assert "已读全文（V1）" in shown.out


def test_grounds_say_how_far_they_reach_and_for_whom(anjuan: Anjuan) -> None:
    shown = [anjuan("rule", "show", "decision_limit", "--lang", lang).out for lang in ("zh", "en")]

    zh, en = "".join(shown[0].split()), " ".join(shown[1].split())
    assert "（complex），最多30日，限1次，仅市场监督管理部门；由head决定" in zh
    assert "（criminal_referral），仅由流程步骤自动适用" in zh
    assert "未经确认（inference）" in zh
    assert "(complex), at most 30 days, 1 time(s), only market regulation; by head" in en
    assert all(display_width(line) <= MAX_WIDTH for page in shown for line in page.splitlines())


def test_who_confirmed_and_who_edited_is_shown(office: Anjuan) -> None:
    office("rule", "confirm", "complaint_decision", "--reason", "已与办法核对", "--as", "reviewer")

    shown = office("rule", "show", "complaint_decision")
    found = office("rule", "show", "complaint_decision", "--json").json

    assert "reviewer 2026-12-28" in shown.out
    assert "已与办法核对" in shown.out
    assert [(e["by"], e["reason"]) for e in found["editions"]][-1] == ("reviewer", "已与办法核对")
    assert found["editions"][-1]["hash"] == found["hash"]
    assert found["based_on"] == found["editions"][0]["hash"]


def test_a_year_is_shown_day_by_day(anjuan: Anjuan) -> None:
    shown, found = anjuan("rule", "show", "2026"), anjuan("rule", "show", "2026", "--json").json

    assert "2026-02-14" in shown.out
    assert "调休上班" in shown.out
    assert found["notice"] == "国办发明电〔2025〕7号"
    assert (len(found["rest"]), len(found["worked"])) == (33, 6)


def test_an_unknown_rule_is_told_with_the_nearest_names(anjuan: Anjuan) -> None:
    ended = anjuan("rule", "show", "hearing_requst", "--json")

    assert (ended.code, ended.error) == (6, "rule.unknown")
    assert "hearing_request" in ended.json["error"]["remedy"]["zh"]


def test_a_file_is_checked_without_a_store(anjuan: Anjuan, tmp_path: Path) -> None:
    right = anjuan("rule", "check", str(DATA / "time_limits" / "decision.yaml"), "--json")
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text(YEAR_2027.replace("notice: 国办发明电〔2026〕1号", "notice: ~"), encoding="utf-8")
    refused = anjuan("rule", "check", str(wrong), "--json")

    assert (right.code, right.json) == (0, {"ok": True, "kind": "limit", "errors": [], "remarks": []})
    assert (refused.code, refused.json["ok"], refused.json["kind"]) == (2, False, "holidays")
    (error,) = refused.json["errors"]
    assert (error["line"], error["code"]) == (2, "notice.missing")
    assert set(error) == {"line", "code", "zh", "en"}
    assert "国办发明电〔2026〕" in error["zh"]


def test_what_is_no_rule_file_is_said(anjuan: Anjuan) -> None:
    ended = anjuan("rule", "check", str(DATA / "campaigns" / "suzhou-2018.yaml"), "--json")

    assert (ended.code, ended.json["kind"], ended.json["errors"][0]["code"]) == (2, None, "rule.kind")


def test_an_export_is_right_as_it_is_and_tells_what_to_do_next(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("rule", "export", "payment", "--to", "payment.yaml")

    text = (tmp_path / "payment.yaml").read_text("utf-8")
    assert "anjuan rule check payment.yaml" in ended.out
    assert text.startswith("# ")
    assert anjuan("rule", "check", "payment.yaml", "--json").json["ok"]
    again = anjuan("rule", "export", "payment", "--to", "payment.yaml", "--json")
    assert (again.code, again.error) == (2, "file.exists")


# --- load, confirm, apply ---------------------------------------------------------------------------------------------


def test_a_rehearsed_load_tells_what_would_move_and_keeps_nothing(office: Anjuan, tmp_path: Path) -> None:
    path = str(edited(office, tmp_path / "a.yaml"))

    told = office("rule", "load", path, "--reason", "试验", "--as", "head", "--dry-run")
    found = office("rule", "load", path, "--reason", "试验", "--as", "head", "--dry-run", "--json").json

    assert "1件案件的期限将变动" in told.out
    assert "2027-01-07（周四）" in told.out
    assert "2027-01-12（周二）" in told.out
    assert {"kind", "id", "hash", "based_on", "moved", "firm", "cases", "orphaned"} <= set(found)
    assert (found["kind"], found["id"], found["cases"], found["applied"]) == ("limit", "complaint_decision", 1, False)
    (moved,) = found["moved"]
    assert {name: moved[name] for name in ("case_no", "deadline", "from", "to", "became_firm")} == {
        "case_no": CASE,
        "deadline": "complaint_decision",
        "from": "2027-01-07",
        "to": "2027-01-12",
        "became_firm": False,
    }
    assert office("case", "show", CASE, "--json", "--as", "lead").json["deadlines"][0]["due_on"] == "2027-01-07"


def test_a_load_moves_the_case_and_its_record_says_why(office: Anjuan, tmp_path: Path) -> None:
    done = office("rule", "load", str(edited(office, tmp_path / "a.yaml")), "--reason", "新办法", "--as", "reviewer")

    history = office("case", "history", CASE, "--as", "lead")
    assert done.code == 0
    assert "已变动" in done.out
    assert office("case", "show", CASE, "--json", "--as", "lead").json["deadlines"][0]["due_on"] == "2027-01-12"
    assert "规则变动" in history.out
    assert "新办法" in history.out
    assert office("ledger", "verify", "--json").json["ok"]


def test_a_year_makes_dates_firm_and_silences_the_alarm(office: Anjuan) -> None:
    before = office("today", "--as", "handler1"), office("doctor", "--json")

    done = office("rule", "load", "2027.yaml", *REASON, "--as", "head")

    after = office("today", "--as", "handler1"), office("doctor", "--json")
    alarm = "2027年放假安排尚未录入，1件案件的期限为暂定"
    assert before[0].out.splitlines()[0].startswith(alarm)
    assert before[0].out.splitlines()[1] == "  anjuan rule load 2027.yaml --reason 国办发明电〔2026〕…号"
    assert [c for c in before[1].json["checks"] if not c["ok"] and alarm in c["zh"]]
    assert "1件案件的期限已由暂定转为确定，日期不变" in done.out
    assert alarm not in after[0].out
    assert all(check["ok"] for check in after[1].json["checks"])
    assert after[1].code == 0


def test_an_edit_without_its_base_and_one_that_came_too_late(office: Anjuan, tmp_path: Path) -> None:
    mine, theirs = (
        edited(office, tmp_path / f"{name}.yaml", new=new) for name, new in (("a", "+30cd"), ("b", "+20cd"))
    )
    office("rule", "load", str(theirs), "--reason", "先", "--as", "reviewer")

    late = office("rule", "load", str(mine), "--reason", "后", "--as", "head", "--json")
    lines = [line for line in mine.read_text("utf-8").splitlines(keepends=True) if "based_on:" not in line]
    mine.write_text("".join(lines), encoding="utf-8")
    without = office("rule", "load", str(mine), "--reason", "后", "--as", "head", "--json")

    assert (late.code, late.error) == (5, "rule.changed")
    assert "reviewer" in late.json["error"]["zh"]
    assert "2026-12-28" in late.json["error"]["en"]
    assert (without.code, without.error) == (2, "rule.no_base")
    assert without.json["error"]["remedy"]["command"].startswith("anjuan rule export complaint_decision")


@pytest.mark.parametrize("words", [("load", "2027.yaml"), ("confirm", "payment"), ("apply",)])
def test_a_handler_may_not(office: Anjuan, words: tuple[str, ...]) -> None:
    ended = office("rule", *words, "--reason", "试验", "--as", "handler1", "--json")

    assert (ended.code, ended.error) == (4, "command.forbidden")


def test_a_wrong_file_is_refused_with_its_lines(office: Anjuan, tmp_path: Path) -> None:
    path = edited(office, tmp_path / "a.yaml", new="+15w")

    ended = office("rule", "load", str(path), "--reason", "试验", "--as", "head", "--json")

    assert ended.code == 2
    assert {e["code"] for e in ended.json["errors"]} == {"length.invalid"}
    assert all(e["line"] > 1 for e in ended.json["errors"])


def test_the_reason_is_wanted(office: Anjuan) -> None:
    assert office("rule", "load", "2027.yaml", "--as", "head", "--json").code == 2


def test_apply_says_when_there_is_nothing_to_do(office: Anjuan) -> None:
    told = office("rule", "apply", "--reason", "核对", "--as", "head")
    found = office("rule", "apply", "--reason", "核对", "--as", "head", "--dry-run", "--json").json

    assert "与现行规则相同，没有变动" in told.out
    assert (found["moved"], found["orphaned"], found["id"], found["rules"]) == ([], [], None, [])


def test_several_files_are_told_one_by_one(office: Anjuan, tmp_path: Path) -> None:
    path = str(edited(office, tmp_path / "a.yaml"))

    found = office("rule", "load", path, "2027.yaml", *REASON, "--as", "head", "--json").json

    assert found["id"] is None
    assert [(rule["kind"], rule["id"], rule["notice"]) for rule in found["rules"]] == [
        ("limit", "complaint_decision", None),
        ("holidays", "2027", REASON[1]),
    ]


# --- provisional days wherever they stand -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        ("case", "show", CASE, "--as", "lead"),
        ("case", "list", "--as", "lead"),
        ("today", "--as", "handler1"),
        ("deadline", "list", "--as", "lead"),
        ("deadline", "proof", CASE, "complaint_decision", "--as", "lead"),
        ("deadline", "from", "2026-12-28", "+7wd"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_a_provisional_day_is_marked_in_both_languages_and_forms(office: Anjuan, words: tuple[str, ...]) -> None:
    assert "暂定" in office(*words).out
    assert "rovisional" in office(*words, "--lang", "en").out
    assert '"provisional": true' in office(*words, "--json").out


def test_what_a_step_starts_is_marked_at_once(office: Anjuan) -> None:
    said = (
        "title=又一案",
        "source=complaint",
        "respondent=某",
        "respondent_kind=unit",
        "materials_complete_on=2026-12-24",
    )
    sets = [word for one in said for word in ("--set", one)]

    opened = office("case", "open", "case", *sets, "--as", "handler1")

    assert "暂定" in opened.out


def test_a_campaign_marks_safe_days_that_may_still_move(office: Anjuan, tmp_path: Path) -> None:
    """The printed day stays; the last working day before it is only known once the holidays are."""
    text = (DATA / "campaigns" / "suzhou-2018.yaml").read_text("utf-8").replace("2018-", "2029-")
    (tmp_path / "plan.yaml").write_text(text.replace("suzhou-2018", "suzhou-2029"), encoding="utf-8")
    loaded = office("campaign", "load", "plan.yaml", "--as", "campaign_office", now="2026-12-28")
    assert loaded.code == 0, loaded.err

    shown, found = office("campaign", "show", "suzhou-2029"), office("campaign", "show", "suzhou-2029", "--json").json

    dated = [o for o in found["obligations"] if o["safe_on"]]
    assert dated
    assert all(o["provisional"] for o in dated)
    assert "（暂定）" in shown.out


@pytest.mark.parametrize("place", ["payment.txt", "nowhere/payment.yaml", f"{'x' * 300}.yaml", "."])
def test_a_place_that_cannot_be_is_told(anjuan: Anjuan, place: str) -> None:
    ended = anjuan("rule", "export", "payment", "--to", place, "--json")

    assert (ended.code, ended.error) == (2, "file.place")
