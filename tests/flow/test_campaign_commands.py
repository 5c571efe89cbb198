"""`anjuan campaign` as typed words: wrong files, loading for a unit, showing, export, new, extend."""

from __future__ import annotations

import copy
import io
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from campaign_documents import FULL, Place, full_text, leaves

import cli
from commands.output import MAX_WIDTH, display_width
from engine.campaign_plan import CampaignPlan

OFFICE = ("--as", "campaign_office")
REASON = ("--reason", "苏知法〔2018〕99号")


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
    """Runs `anjuan` in this process, on a home of this test; it is 14 August 2018. Every line fits the screen."""
    for name in ("ANJUAN_DATABASE", "ANJUAN_LANG", "ANJUAN_SMTP", "ANJUAN_EVIDENCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ANJUAN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("ANJUAN_NOW", "2018-08-14")
    monkeypatch.chdir(tmp_path)

    def run(*words: str, now: str | None = None, typed: str | None = None) -> Ended:
        with monkeypatch.context() as patched:
            if now is not None:
                patched.setenv("ANJUAN_NOW", now)
            patched.setattr(sys, "stdin", Terminal(typed) if typed is not None else io.StringIO())
            code = cli.main(words)
        out, err = capsys.readouterr()
        if "--json" not in words and "export" not in words and typed is None:
            lines = [line for line in (out + err).splitlines() if "anjuan " not in line]  # commands are to be copied
            assert [line for line in lines if display_width(line) > MAX_WIDTH] == []
        return Ended(code, out, err)

    return run


class Terminal(io.StringIO):
    """Somebody sits there and has typed this."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def practice(anjuan: Anjuan) -> Anjuan:
    assert anjuan("init", "--practice").code == 0
    return anjuan


@pytest.fixture
def loaded(practice: Anjuan) -> Anjuan:
    assert practice("campaign", "load", "suzhou-2018", *OFFICE).code == 0
    return practice


# --- every field made wrong in turn -----------------------------------------------------------------------------------


def at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


def spoilt(place: Place, value: Any) -> dict[str, Any]:
    document = copy.deepcopy(FULL)
    at(document, place[:-1])[place[-1]] = value
    return document


def every_place(value: Any, place: Place = ()) -> Iterator[Place]:
    """Every field and every item, those that hold others too."""
    if place:
        yield place
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in parts:
        yield from every_place(inner, (*place, step))


def kinds_of(place: Place) -> set[str]:
    """What the schema says may stand there: its types, and `date`, `choice` or `pattern` where it says so."""
    schema = CampaignPlan.model_json_schema()
    here: list[dict[str, Any]] = [schema]
    for step in place:
        found = []
        for one in opened(here, schema):
            if isinstance(step, int):
                found += [one["items"]] if "items" in one else []
            elif step in one.get("properties", {}):
                found.append(one["properties"][step])
            elif isinstance(one.get("additionalProperties"), dict):
                found.append(one["additionalProperties"])
        here = found
    kinds = set()
    for one in opened(here, schema):
        kinds.add(one.get("type", ""))
        if one.get("format") == "date":
            kinds.add("date")
        if "enum" in one or "const" in one:
            kinds.add("choice")
        if "pattern" in one:
            kinds.add("pattern")
    return kinds


def opened(parts: list[dict[str, Any]], schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The parts with references followed and alternatives side by side."""
    found = []
    for one in parts:
        if "$ref" in one:
            found += opened([schema["$defs"][one["$ref"].rpartition("/")[2]]], schema)
        elif "anyOf" in one:
            found += opened(one["anyOf"], schema)
        else:
            found.append(one)
    return found


def wrongs(place: Place) -> Iterator[tuple[str, Any]]:
    """What cannot stand there, by the schema: what is wrong, and the value."""
    kinds, value = kinds_of(place), at(FULL, place)
    yield "empty", ""
    yield "wrong type", [] if isinstance(value, dict) else {"x": "y"}
    if isinstance(value, dict):
        yield "unknown field", {**value, "no_such_field": "1"}
    if "date" in kinds:
        yield "impossible date", "2026-02-30"
        yield "no date", "next week"
        yield "date far away", "1812-06-24"
    if "choice" in kinds:
        yield "unknown choice", "no_such_choice"
    if "pattern" in kinds:
        yield "unwritable name", "No Such Name"
    if "integer" in kinds:
        yield "no number", "ten"
        yield "below nought", "-1"


# Names that stand for something: another name stands for nothing.
REFERENCES: tuple[Place, ...] = (
    ("unknown_category",),
    ("forms", 0),
    ("tasks", 0, "owners", 0),
    ("phases", 0, "tasks", 0, "owners", 0),
    ("matrix", 0, "department"),
    ("matrix", 0, "tasks", 0),
    ("special_periods", 0, "lists", 0),
    ("counters", 0, "measure"),
    ("obligations", 1, "forms", 0),
    ("obligations", 3, "each_phase", "phases", 0),
    ("gates", 0, "phase"),
    ("gates", 0, "step"),
    ("gates", 0, "when", "source"),
)


def refused(ended: Ended) -> bool:
    """A file that is wrong, told in full: exit 2, and of every error line, code and both languages."""
    errors = ended.json["errors"]
    return (
        ended.code == 2
        and not ended.json.get("ok", False)
        and bool(errors)
        and all(
            error["line"] > 0 and error["code"] and error["en"] and any("一" <= sign <= "鿿" for sign in error["zh"])
            for error in errors
        )
    )


@pytest.mark.parametrize("field", list(FULL))
def test_every_field_made_wrong_in_turn_is_refused_with_line_and_reason(
    anjuan: Anjuan, tmp_path: Path, field: str
) -> None:
    file, accepted = tmp_path / "wrong.yaml", []
    for place in every_place(FULL[field], (field,)):
        for what, value in wrongs(place):
            file.write_text(full_text(spoilt(place, value)), encoding="utf-8")
            if not refused(anjuan("campaign", "check", str(file), "--json")):
                accepted.append((place, what))
    for place in REFERENCES:
        if place[0] == field:
            file.write_text(full_text(spoilt(place, "nowhere")), encoding="utf-8")
            if not refused(anjuan("campaign", "check", str(file), "--json")):
                accepted.append((place, "unknown name"))

    assert accepted == []


REQUIRED = ("id", "name", "title", "level", "issued_on", "issuers", "organisers", "unit")


@pytest.mark.parametrize("field", REQUIRED)
def test_a_file_without_a_field_that_is_needed_loads_nothing(practice: Anjuan, tmp_path: Path, field: str) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(full_text({name: value for name, value in FULL.items() if name != field}), encoding="utf-8")

    checked = practice("campaign", "check", str(file), "--json")
    ended = practice("campaign", "load", str(file), *OFFICE, "--json")

    assert refused(checked)
    assert (ended.code, ended.error) == (2, "file.wrong")
    assert ended.json["errors"]
    assert practice("campaign", "list", "--json").json == []


def test_the_full_campaign_is_accepted_and_each_problem_says_what_it_is(anjuan: Anjuan, tmp_path: Path) -> None:
    file = tmp_path / "full.yaml"
    file.write_text(full_text(), encoding="utf-8")
    good = anjuan("campaign", "check", str(file))
    file.write_text(full_text(spoilt(("ends_on",), "2026-01-01")), encoding="utf-8")
    bad = anjuan("campaign", "check", str(file), "--lang", "en")

    assert (good.code, bad.code) == (0, 2)
    assert "（提示）：" in good.out
    assert "（错误）" not in good.out
    assert "(error): " in bad.out


# --- shown ------------------------------------------------------------------------------------------------------------

# What is not said as it is written: words of ours stand for it, a name stands for another, or nobody reads it.
SAID_OTHERWISE = {
    "department",
    "confidence",
    "rhythm",
    "kind",
    "level",
    "date",
    "for",
    "of",
    "after",
    "based_on",
    "measure",
}


@pytest.mark.parametrize(("lang", "other"), [("zh", "en"), ("en", "zh")])
def test_every_field_is_shown_to_people_in_their_language(
    practice: Anjuan, tmp_path: Path, lang: str, other: str
) -> None:
    (tmp_path / "full.yaml").write_text(full_text(), encoding="utf-8")
    assert practice("campaign", "load", "full.yaml", *OFFICE, now="2026-06-02").code == 0

    shown = practice("campaign", "show", "full-2026", "--lang", lang, now="2026-07-01").out

    whole = "".join(line.strip() for line in shown.splitlines())
    wanted = [
        (place, value)
        for place, value in leaves(FULL)
        if isinstance(value, str) and place[-1] != other and not SAID_OTHERWISE & set(map(str, place[-2:]))
    ]
    assert [place for place, value in wanted if value.replace(" ", "") not in whole.replace(" ", "")] == []
    assert "copies_seized" in whole
    assert FULL["based_on"][:12] in whole


def test_the_matrix_is_a_table_with_a_row_for_each_department(practice: Anjuan, tmp_path: Path) -> None:
    (tmp_path / "full.yaml").write_text(full_text(), encoding="utf-8")
    practice("campaign", "load", "full.yaml", *OFFICE, now="2026-06-02")

    shown = practice("campaign", "show", "full-2026", now="2026-07-01")
    found = practice("campaign", "show", "full-2026", "--json", now="2026-07-01").json

    rows = [line for line in shown.out.splitlines() if "●" in line]
    assert [row.split()[0] for row in rows] == ["公安局", "版权局"]
    assert found["matrix"] == [
        {"department": "police", "tasks": ["handed"]},
        {"department": "copyright", "tasks": ["train"]},
    ]


def test_a_campaign_that_says_next_to_nothing_is_shown_with_its_open_ends(practice: Anjuan, tmp_path: Path) -> None:
    bare = {name: FULL[name] for name in REQUIRED} | {"phases": [{"id": "some", "zh": "某阶段", "en": "Some phase"}]}
    (tmp_path / "bare.yaml").write_text(full_text(bare), encoding="utf-8")

    loaded = practice("campaign", "load", "bare.yaml", *OFFICE)
    english = practice("campaign", "show", "full-2026", "--lang", "en")

    assert loaded.code == 0
    assert "不限" in loaded.out
    assert "at any time" in english.out
    assert practice("campaign", "list", "--json").json[0]["starts_on"] is None


# --- load for a unit --------------------------------------------------------------------------------------------------


def test_a_campaign_of_a_unit_elsewhere_is_run_by_the_actors_own(practice: Anjuan, tmp_path: Path) -> None:
    elsewhere = {**copy.deepcopy(FULL), "unit": "guangdong"}
    (tmp_path / "plan.yaml").write_text(full_text(elsewhere), encoding="utf-8")

    checked = practice("campaign", "check", "plan.yaml", "--json")
    done = practice("campaign", "load", "plan.yaml", *OFFICE, "--json")
    again = practice("campaign", "load", "plan.yaml", *OFFICE)

    assert "unit.elsewhere" in [remark["code"] for remark in checked.json["remarks"]]
    assert (done.json["unit"], done.json["unit_written"], done.json["loaded"]) == ("suzhou", "guangdong", True)
    assert "unit.elsewhere" in [remark["code"] for remark in done.json["remarks"]]
    assert "由suzhou执行（方案所写为guangdong）" in again.out


def test_a_unit_may_be_chosen_and_must_be_there(practice: Anjuan) -> None:
    wrong = practice("campaign", "load", "suzhou-2018", "--unit", "nowhere", *OFFICE, "--json")
    chosen = practice("campaign", "load", "suzhou-2018", "--unit", "kunshan", *OFFICE, "--json")

    assert (wrong.code, wrong.error) == (6, "unit.unknown")
    assert (chosen.code, chosen.json["unit"]) == (0, "kunshan")


def test_the_right_to_load_is_judged_for_the_unit_that_is_to_run_it(practice: Anjuan) -> None:
    above = practice("campaign", "load", "suzhou-2018", "--unit", "jiangsu", *OFFICE, "--json")

    assert (above.code, above.error) == (4, "command.forbidden")


def test_what_other_campaigns_say_is_remarked(loaded: Anjuan, tmp_path: Path) -> None:
    parents = [{"zh": "苏州", "en": "Suzhou", "issuers": ["市版权局"], "id": "suzhou-2018", "task": "none_such"}]
    child = {**copy.deepcopy(FULL), "parents": parents}
    (tmp_path / "child.yaml").write_text(full_text(child), encoding="utf-8")

    done = loaded("campaign", "load", "child.yaml", *OFFICE, "--json")

    codes = {remark["code"] for remark in done.json["remarks"]}
    assert {"parent.no_task", "parent.ends_earlier", "campaign.not_loaded"} <= codes


def test_a_unit_that_owes_or_has_dates_must_be_in_the_store(practice: Anjuan, tmp_path: Path) -> None:
    for place in (("obligations", 0, "owed_by", 0), ("regions", 0, "unit"), ("phases", 0, "regions", 0, "unit")):
        (tmp_path / "plan.yaml").write_text(full_text(spoilt(place, "nowhere")), encoding="utf-8")

        ended = practice("campaign", "load", "plan.yaml", *OFFICE, "--json")

        assert (ended.code, ended.error) == (2, "file.wrong")
        assert [error["code"] for error in ended.json["errors"]] == ["unit.unknown"]


# --- export -----------------------------------------------------------------------------------------------------------


def test_a_loaded_campaign_is_exported_and_is_the_same_when_it_is_loaded(loaded: Anjuan, tmp_path: Path) -> None:
    exported = loaded("campaign", "export", "suzhou-2018", "--to", "out.yaml", "--json")
    text = loaded("campaign", "export", "suzhou-2018")
    again = loaded("campaign", "load", "out.yaml", *OFFICE, "--json")
    occupied = loaded("campaign", "export", "suzhou-2018", "--to", "out.yaml", "--json")
    missing = loaded("campaign", "export", "national-2015", "--json")

    assert set(exported.json) == {"id", "file", "hash"}
    assert (exported.json["file"], exported.json["hash"]) == ("out.yaml", again.json["hash"])
    assert text.out == (tmp_path / "out.yaml").read_text("utf-8")
    assert again.json["loaded"] is False
    assert (occupied.code, occupied.error) == (2, "file.exists")
    assert missing.code == 6


# --- new --------------------------------------------------------------------------------------------------------------

NEW = ("campaign", "new", "jianwang-2026", "--name", "剑网2026", "--title", "通知：剑网", "--issued", "2026-06-01")


def test_a_new_file_is_accepted_at_once_with_and_without_a_store(anjuan: Anjuan, tmp_path: Path) -> None:
    days = ("--starts", "2026-06-05", "--ends", "2026-10-31", "--phases", "部署，检查，总结")
    made = anjuan(*NEW, "--level", "city", *days, "--json")
    checked = anjuan("campaign", "check", "jianwang-2026.yaml", "--json")
    assert anjuan("init", "--practice").code == 0
    loaded = anjuan("campaign", "load", "jianwang-2026.yaml", *OFFICE, "--json")

    assert (made.code, made.json["file"]) == (0, "jianwang-2026.yaml")
    assert (checked.code, checked.json["remarks"]) == (0, [])
    assert (loaded.code, loaded.json["unit"]) == (0, "suzhou")
    assert [(p["zh"], p["starts_on"], p["ends_on"]) for p in loaded.json["phases"]] == [
        ("部署", "2026-06-05", "2026-07-23"),
        ("检查", "2026-07-24", "2026-09-11"),
        ("总结", "2026-09-12", "2026-10-31"),
    ]
    text = (tmp_path / "jianwang-2026.yaml").read_text("utf-8")
    assert "# obligations:" in text


def test_a_new_campaign_in_the_likeness_of_another_has_its_days_in_its_own_year(practice: Anjuan) -> None:
    made = practice(*NEW, "--like", "suzhou-2018", *OFFICE, "--json")
    loaded = practice("campaign", "load", "jianwang-2026.yaml", *OFFICE, "--json")

    assert made.code == 0, made.out
    assert loaded.code == 0, loaded.out
    found = loaded.json
    assert (found["starts_on"], found["ends_on"], found["document_no"]) == ("2026-08-14", "2026-11-20", None)
    assert found["phases"][0]["starts_on"] == "2026-08-14"
    assert "monthly_form.2026-09" in [owed["id"] for owed in found["obligations"]]
    assert len(found["tasks"]) == 12
    assert not any(owed.get("printed") for owed in found["obligations"])


def test_without_a_terminal_what_is_missing_is_told_in_one_sentence(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("campaign", "new", "jianwang-2026", "--name", "剑网2026")
    as_json = anjuan("campaign", "new", "jianwang-2026", "--json", typed="剑网2026\n")

    assert ended.code == 2
    assert "--title、--level、--issued" in ended.err
    assert (as_json.code, as_json.error) == (2, "campaign.incomplete")
    assert list(tmp_path.glob("*.yaml")) == []


def test_on_a_terminal_everything_is_asked_and_asked_again(anjuan: Anjuan, tmp_path: Path) -> None:
    answers = "\n剑网2026\n\n通知\n\ntown\ncity\n2026-13-01\n2026-06-01\n2026-06-05\n\n3\n"

    ended = anjuan("campaign", "new", "jianwang-2026", typed=answers)

    assert ended.code == 0, ended.err
    assert "不能为空" in ended.err
    assert "没有“2026-13-01”这一天" in ended.err
    checked = anjuan("campaign", "check", "jianwang-2026.yaml")
    assert checked.code == 0
    assert (tmp_path / "jianwang-2026.yaml").read_text("utf-8").count("第") >= 3


def test_nobody_answers_and_nothing_is_written(anjuan: Anjuan, tmp_path: Path) -> None:
    ended = anjuan("campaign", "new", "jianwang-2026", typed="剑网2026\n")

    assert ended.code == 2
    assert list(tmp_path.glob("*.yaml")) == []


WRONG_NEW: list[tuple[tuple[str, ...], str]] = [
    (("--level", "city", "--starts", "2026-09-01", "--ends", "2026-08-01"), "campaign.invalid"),
    (("--level", "city", "--starts", "2026-09-01", "--ends", "2026-09-02", "--phases", "3"), "campaign.phases"),
    (("--level", "city", "--phases", "21"), "campaign.phases"),
    (("--like", "suzhou-2018", "--phases", "3"), "campaign.phases"),
    (("--like", "suzhou-2019"), "campaign.unknown"),
    (("--level", "city", "--starts", "someday"), "date.invalid"),
    (("--level", "city", "--unit", "No Unit"), "campaign.invalid"),
]


@pytest.mark.parametrize(("options", "code"), WRONG_NEW)
def test_answers_that_contradict_one_another_write_nothing(
    anjuan: Anjuan, tmp_path: Path, options: tuple[str, ...], code: str
) -> None:
    ended = anjuan(*NEW, *options, "--json")

    assert (ended.code in (2, 6), ended.error) == (True, code)
    assert list(tmp_path.glob("*.yaml")) == []


@pytest.mark.parametrize("name", ["Jian Wang", "../jianwang", "2026", "", "x" * 300])
def test_an_id_that_no_campaign_can_have_is_told(anjuan: Anjuan, tmp_path: Path, name: str) -> None:
    ended = anjuan("campaign", "new", name, *NEW[3:], "--level", "city", "--json")

    assert (ended.code, ended.error in {"campaign.invalid", "file.place"}) == (2, True)
    assert list(tmp_path.rglob("*.yaml")) == []


def test_a_file_that_is_there_is_left_alone(anjuan: Anjuan, tmp_path: Path) -> None:
    (tmp_path / "jianwang-2026.yaml").write_text("mine", encoding="utf-8")

    ended = anjuan(*NEW, "--level", "city", "--json")

    assert (ended.code, ended.error) == (2, "file.exists")
    assert (tmp_path / "jianwang-2026.yaml").read_text("utf-8") == "mine"


def test_hostile_answers_make_a_file_that_says_them(anjuan: Anjuan, tmp_path: Path) -> None:
    for number, name in enumerate(("- 𠮷: #1", "'\"", "null", "a\nb", "{x}")):
        ended = anjuan("campaign", "new", f"c{number}", "--name", name, *NEW[5:], "--level", "city", "--json")

        assert ended.code == 0, ended.out
        assert anjuan("campaign", "check", f"c{number}.yaml").code == 0
    assert len(list(tmp_path.glob("*.yaml"))) == 5


# --- extend -----------------------------------------------------------------------------------------------------------

EXTEND = ("campaign", "extend", "suzhou-2018")


def test_an_extension_tells_what_moved_and_is_shown_from_then_on(loaded: Anjuan) -> None:
    done = loaded(*EXTEND, "summary", "--to", "2018-12-05", *REASON, *OFFICE, "--json")
    shown = loaded("campaign", "show", "suzhou-2018", "--json").json

    assert {"id", "phase", "from", "to", "moved"} <= set(done.json)
    assert (done.json["id"], done.json["phase"]) == ("suzhou-2018", "summary")
    assert (done.json["from"], done.json["to"]) == ("2018-11-20", "2018-12-05")
    assert [(m["kind"], m["id"], m["from"], m["to"]) for m in done.json["moved"]] == [
        ("campaign_end", None, "2018-11-20", "2018-12-05"),
        ("phase_end", "summary", "2018-11-20", "2018-12-05"),
        ("gate_end", "open_case", "2018-11-20", "2018-12-05"),
    ]
    assert (shown["ends_on"], shown["phases"][-1]["ends_on"]) == ("2018-12-05", "2018-12-05")
    assert shown["hash"] == done.json["hash"]
    assert loaded("ledger", "verify", "--as", "auditor").code == 0


def test_a_rehearsed_extension_changes_nothing(loaded: Anjuan) -> None:
    before = loaded("campaign", "show", "suzhou-2018", "--json").json

    done = loaded(*EXTEND, "summary", "--to", "2018-12-05", *REASON, *OFFICE, "--dry-run")

    assert "预演" in done.out
    assert loaded("campaign", "show", "suzhou-2018", "--json").json == before


def test_an_extension_reads_in_english(loaded: Anjuan) -> None:
    done = loaded(*EXTEND, "inspection", "--to", "2018-10-05", *REASON, *OFFICE, "--lang", "en")

    assert "Inspection ends on 2018-10-05 instead of 2018-09-30" in done.out
    assert "Rectification overlaps Inspection" in done.out


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("summary", "--to", "2018-10-31"), 2, "extend.before_start"),
        (("summary", "--to", "2018-11-20"), 2, "extend.unchanged"),
        (("summmary", "--to", "2018-12-01"), 6, "phase.unknown"),
        (("summary", "--to", "someday"), 2, "date.invalid"),
        (("summary", "--to", "2018-12-01", "--as", "handler1"), 4, "command.forbidden"),
        (("summary", "--to", "2018-12-01", "--reason", " "), 2, "reason.missing"),
    ],
)
def test_an_extension_that_cannot_be_is_refused_in_words(
    loaded: Anjuan, words: tuple[str, ...], code: int, error: str
) -> None:
    reason = () if "--reason" in words else REASON
    actor = () if "--as" in words else OFFICE
    before = loaded("campaign", "show", "suzhou-2018", "--json").json

    ended = loaded(*EXTEND, *words, *reason, *actor, "--json")

    assert (ended.code, ended.error) == (code, error)
    assert loaded("campaign", "show", "suzhou-2018", "--json").json == before


def test_a_campaign_that_is_not_loaded_cannot_be_extended(practice: Anjuan) -> None:
    ended = practice(*EXTEND, "summary", "--to", "2018-12-01", *REASON, *OFFICE, "--json")

    assert ended.code == 6
