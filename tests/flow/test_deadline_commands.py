"""Acts on deadlines, proofs and their printable page as typed words: JSON keys, exit codes and what people read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from builders import AS_MARKET_REGULATION, scene_in

import cli
from commands.output import MAX_WIDTH, display_width
from engine.home import Home

NO = "suzhou-2025-0001"
HOSTILE = "<script>alert(1)</script>某短视频平台案"


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
    """Runs `anjuan` in this process on 10 October 2025, on a home that does not exist yet."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))

    def run(*words: str, now: str = "2025-10-11") -> Ended:
        with monkeypatch.context() as patched:
            patched.setenv("ANJUAN_NOW", now)
            code = cli.main(words)
        out, err = capsys.readouterr()
        return Ended(code, out, err)

    return run


@pytest.fixture
def filed(anjuan: Anjuan, tmp_path: Path) -> Anjuan:
    """With a case that was filed on Saturday 20 September 2025: the ninety days end on 19 December."""
    scene = scene_in(Home(tmp_path / "home", None))
    no = scene.open("2025-09-19", campaign=None, title=HOSTILE)
    scene.walk(no, "verify file", "2025-09-20")
    scene.office.store.close()
    assert no == NO
    return anjuan


@pytest.fixture
def market(filed: Anjuan, tmp_path: Path) -> Anjuan:
    """With that case at market regulation, whose rules name grounds on which the ninety days are paused."""
    rule = tmp_path / "authority_kind.yaml"
    assert filed("rule", "export", "authority_kind", "--to", str(rule)).code == 0
    text = rule.read_text(encoding="utf-8")
    assert AS_MARKET_REGULATION[0] in text
    rule.write_text(text.replace(*AS_MARKET_REGULATION), encoding="utf-8")
    assert filed("rule", "load", str(rule), "--reason", "本机关的规定", "--as", "head").code == 0
    return filed


def pause(anjuan: Anjuan, *words: str, now: str = "2025-10-11") -> Ended:
    named = ("--ground", "appraisal", "--reason", "已送鉴定", "--as", "lead")
    said = ("case", "pause", NO, "decision_limit", *named)
    return anjuan(*said, *words, now=now)


def lines_fit(text: str) -> bool:
    return all(display_width(line) <= MAX_WIDTH for line in text.splitlines())


# --- acts -------------------------------------------------------------------------------------------------------------


def test_a_pause_answers_with_the_entry_the_deadline_and_the_move(market: Anjuan) -> None:
    ended = pause(market, "--json")

    said = ended.json
    assert ended.code == 0
    assert {"seq", "kind", "actor", "happened_on", "recorded_at", "reason", "hash", "deadline", "moved"} <= set(said)
    assert (said["kind"], said["reason"], said["deadline"]["state"]) == ("pause", "已送鉴定", "paused")
    assert said["moved"] == {"from": "2025-12-19", "to": "2025-12-20"}


def test_old_and_new_day_and_the_working_days_left_are_read(market: Anjuan) -> None:
    pause(market)

    zh = market("case", "resume", NO, "decision_limit", "--as", "lead", "--dry-run", now="2025-11-03")
    en = market("case", "resume", NO, "decision_limit", "--as", "lead", "--lang", "en", now="2025-11-03")

    # 23 days were left out: 19 December + 23. After 3 November 2025 there are 19 working days in November, 23 in
    # December, and 6 to Sunday 11 January 2026 (1 to 3 are off, Sunday the 4th is worked).
    assert "届满日：2025-12-20（周六） → 2026-01-11（周日），剩48个工作日" in zh.out
    assert "due: 2025-12-20 (Sat) → 2026-01-11 (Sun), 48 working days left" in en.out


def test_a_refusal_is_told_in_both_languages_and_put_on_record(filed: Anjuan) -> None:
    words = ("case", "extend", NO, "decision_limit", "--days", "30", "--reason", "复杂", "--as", "head")

    zh, en, document = filed(*words), filed(*words, "--lang", "en"), filed(*words, "--json")

    assert (zh.code, en.code, document.code) == (3, 3, 3)
    assert "适用的规定没有可以延长的依据" in zh.err
    assert "no ground on which it could be extended" in en.err
    assert [r["code"] for r in document.json["refusals"]] == ["ground.none"]
    history = filed("case", "history", NO, "--as", "lead", "--json").json
    assert [(e["kind"], e["step"]) for e in history[-3:]] == [("refusal", "extend")] * 3


def test_a_copyright_bureau_is_refused_a_pause_of_the_ninety_days_and_shown_the_rule(filed: Anjuan) -> None:
    """P11: the law lists no exclusion; the time with the police is left out by the steps alone."""
    words = ("case", "pause", NO, "decision_limit", "--reason", "已移送公安", "--as", "head")

    zh, en, document = filed(*words), filed(*words, "--lang", "en"), pause(filed, "--json")

    assert (zh.code, en.code, document.code) == (3, 3, 3)
    assert "适用的规定没有可以中止的依据" in zh.err
    assert "no ground on which it could be paused" in en.err
    assert all("anjuan rule show decision_limit" in ended.err for ended in (zh, en))
    (refusal,) = document.json["refusals"]
    assert (refusal["code"], refusal["remedy"]["command"]) == ("ground.none", "anjuan rule show decision_limit")
    assert filed("rule", "show", "decision_limit").code == 0


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("pause", NO, "decison_limit", "--reason", "x"), 6, "deadline.unknown"),
        (("pause", "suzhou-2025-0009", "decision_limit", "--reason", "x"), 6, "case.unknown"),
        (("pause", NO, "decision_limit", "--reason", "x", "--on", "1800-01-01"), 2, "date.out_of_range"),
        (("pause", NO, "decision_limit", "--reason", "x", "--on", "2025-09-31"), 2, "date.invalid"),
        (("extend", NO, "decision_limit", "--days", "0", "--reason", "x"), 2, "extension.not_positive"),
        (("extend", NO, "decision_limit", "--days", "-5", "--reason", "x"), 2, "extension.not_positive"),
    ],
)
def test_wrong_input_is_told_with_its_code_and_a_remedy(
    filed: Anjuan, words: tuple[str, ...], code: int, error: str
) -> None:
    ended = filed("case", *words, "--as", "handler1", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert ended.json["error"]["remedy"] is not None


def test_a_rehearsed_act_keeps_nothing(market: Anjuan) -> None:
    before = market("case", "show", NO, "--as", "lead", "--json").json

    assert pause(market, "--dry-run", "--json").json["deadline"]["state"] == "paused"
    assert market("case", "show", NO, "--as", "lead", "--json").json == before


def test_the_same_key_pauses_once(market: Anjuan) -> None:
    first, again = pause(market, "--key", "k", "--json"), pause(market, "--key", "k", "--json")

    assert first.json == again.json
    kinds = [e["kind"] for e in market("case", "history", NO, "--as", "lead", "--json").json]
    assert kinds.count("pause") == 1


def test_what_a_case_shows_of_a_paused_deadline(market: Anjuan) -> None:
    pause(market)

    shown = market("case", "show", NO, "--as", "lead", now="2025-11-03")
    listed = market("deadline", "list", "--as", "lead", now="2025-11-03")
    today = market("today", "--as", "lead", now="2025-11-03")

    for page in (shown, listed):
        assert "最早2026-01-11" in page.out
        assert "中止、未确认" in page.out
        assert "自2025-10-11起中止（检测、检验、检疫、鉴定，已送鉴定" in page.out.replace("\n    ", "")
    assert all(lines_fit(page.out) for page in (shown, listed, today))


def test_the_record_tells_acts_in_words(market: Anjuan) -> None:
    pause(market)
    market("case", "resume", NO, "decision_limit", "--as", "lead", now="2025-11-03")
    market("case", "undo", NO, "--reason", "日期有误", "--as", "lead", now="2025-11-03")

    zh = market("case", "history", NO, "--as", "lead").out
    en = market("case", "history", NO, "--as", "lead", "--lang", "en").out

    for said in ("中止期限  lead", "恢复期限  lead", "届满日2025-12-20 → 2026-01-11", "撤回第5条"):
        assert said in zh
    for said in ("deadline paused  lead", "deadline resumed  lead", "due 2025-12-20 → 2026-01-11"):
        assert said in en


def test_undo_says_what_it_took_back(market: Anjuan) -> None:
    pause(market)

    ended = market("case", "undo", NO, "--reason", "误报", "--as", "lead", "--dry-run")
    document = market("case", "undo", NO, "--reason", "误报", "--as", "lead", "--json").json

    assert f"{NO}：已撤回第4条（中止期限）" in ended.out
    assert (document["undoes"], document["undone"], document["version"]) == (4, "pause", 3)
    assert [(d["id"], d["due_on"], d["state"]) for d in document["deadlines"]] == [
        ("decision_limit", "2025-12-19", "running")
    ]


# --- proofs -----------------------------------------------------------------------------------------------------------


def test_the_proof_has_the_promised_keys(market: Anjuan) -> None:
    pause(market)
    market("case", "resume", NO, "decision_limit", "--as", "lead", now="2025-11-03")

    said = market("deadline", "proof", NO, "decision_limit", "--as", "lead", "--json", now="2025-11-03").json

    assert {"start", "budget", "pauses", "extensions", "due_on", "days"} <= set(said)
    assert (said["start"]["on"], said["due_on"], said["agrees"]) == ("2025-09-20", "2026-01-11", True)
    assert (said["pauses"][0]["from_on"], said["pauses"][0]["to_on"]) == ("2025-10-11", "2025-11-02")
    assert said["budget"]["number"] + said["granted"] == said["consumed"] + said["remaining"]
    assert {"on", "counted", "why"} <= set(said["days"][0])
    # A limit in calendar days that does not roll rests on no table; the safe day before its Sunday does.
    assert set(said["tables"]) == {"2026"}
    assert len(said["tables"]["2026"]["hash"]) == 64


def test_the_proof_reads_in_both_languages_within_the_screen(market: Anjuan) -> None:
    pause(market)
    market("case", "resume", NO, "decision_limit", "--as", "lead", now="2025-11-03")
    words = ("deadline", "proof", NO, "decision_limit", "--as", "lead")

    zh, en = market(*words, now="2025-11-03"), market(*words, "--lang", "en", now="2025-11-03")

    assert lines_fit(zh.out)
    assert lines_fit(en.out)
    for said in ("第1次中止：检测、检验、检疫、鉴定", "期限90 + 延长0 = 已用21 + 剩余69（日）", "未经确认", "✓     90"):
        assert said in zh.out
    for said in ("paused (pause no. 1)", "used 21 + left 69 (days)", "NOT CONFIRMED"):
        assert said in en.out


def test_the_page_is_one_file_without_foreign_parts_and_harmless(market: Anjuan, tmp_path: Path) -> None:
    pause(market)
    file = tmp_path / "说明.html"

    ended = market("deadline", "proof", NO, "decision_limit", "--to", str(file), "--as", "lead", "--json")

    page = file.read_text(encoding="utf-8")
    assert (ended.code, ended.json["file"]) == (0, str(file))
    assert re.search(r"https?:|<link|<script|<img|url\(|@import", page) is None
    assert "&lt;script&gt;alert(1)&lt;/script&gt;某短视频平台案" in page
    for said in ("期限计算说明", NO, "作出处罚决定期限", "尚未恢复", "苏州市版权局", "2025年10月11日"):
        assert said in page


def test_the_page_is_in_the_language_of_the_run_and_the_same_each_time(filed: Anjuan, tmp_path: Path) -> None:
    one, two = tmp_path / "one.html", tmp_path / "two.html"
    words = ("deadline", "proof", NO, "decision_limit", "--as", "lead", "--lang", "en", "--to")

    for file in (one, two):
        assert filed(*words, str(file)).code == 0

    assert one.read_bytes() == two.read_bytes()
    assert '<html lang="en">' in one.read_text(encoding="utf-8")
    assert "How the time limit was counted" in one.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "code"), [("page.pdf", "file.suffix"), (".", "file.is_folder"), ("none/page.html", "folder.missing")]
)
def test_a_page_that_cannot_be_written_is_told_before_anything_is_done(
    filed: Anjuan, tmp_path: Path, name: str, code: str
) -> None:
    ended = filed("deadline", "proof", NO, "decision_limit", "--to", str(tmp_path / name), "--as", "lead", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, code)


def test_a_bare_period_has_the_same_page_without_a_store(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "page.html"

    ended = anjuan("deadline", "from", "2018-09-26", "+7wd", "--to", str(file), "--json")

    page = file.read_text(encoding="utf-8")
    said = ended.json
    assert (ended.code, said["due_on"], set(said["tables"])) == (0, "2018-10-10", {"2018"})
    assert "国办发明电〔2017〕12号" in said["tables"]["2018"]["notice"]
    assert "自2018年9月26日（周三）起算，至2018年10月10日（周三）届满。" in page
    # Seven counted days in the calendar, two of them make-up days, seven of the holiday.
    assert re.findall(r'class="number">(\d+)<', page) == [str(n) for n in range(1, 8)]
    assert (page.count("</span> 班"), page.count("</span>假")) == (2, 7)
    assert not (tmp_path / "home").exists()


# --- days that nobody means -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1800-01-01", "+7wd"), "date.out_of_range"),
        (("9999-12-31", "+7wd"), "date.out_of_range"),
        (("2018-09-14", "+0wd"), "period.out_of_range"),
        (("2018-09-14", "-3mo"), "period.backwards"),
        (("2018-09-14", "+24h"), "period.minute_missing"),
        (("2018-02-30", "+7wd"), "date.invalid"),
    ],
)
def test_what_cannot_be_counted_is_refused_with_a_remedy(anjuan: Anjuan, words: tuple[str, str], code: str) -> None:
    ended = anjuan("deadline", "from", *words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (2, code)
    assert ended.json["error"]["remedy"] is not None


# --- upgrade ----------------------------------------------------------------------------------------------------------


def test_a_store_of_this_program_has_nothing_to_upgrade(filed: Anjuan, tmp_path: Path) -> None:
    before = sorted(p.name for p in (tmp_path / "home").glob("*.db"))

    ended = filed("upgrade", "--json")

    assert (ended.code, ended.json["upgraded"], ended.json["backup"]) == (0, False, None)
    assert sorted(p.name for p in (tmp_path / "home").glob("*.db")) == before
    assert "无须升级" in filed("upgrade").out


def test_where_no_store_is_none_comes_to_be(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("upgrade", "--json")

    assert (ended.code, ended.json["error"]["code"]) == (1, "store.not_initialised")
    assert not (tmp_path / "home").exists()
