"""`anjuan staff …` as typed words: JSON keys, exit codes, what people read in both languages."""

from __future__ import annotations

import pytest
from test_admin_commands import Anjuan, anjuan, practice  # noqa: F401  (fixtures)

from commands.output import MAX_WIDTH, display_width

NOW = "2018-08-14"
AWAY = ("--from", "2018-08-20", "--to", "2018-08-31")
OPENING = ("--set", "title=某站", "--set", "source=patrol", "--set", "respondent=甲", "--set", "respondent_kind=unit")


@pytest.fixture
def staff(practice: Anjuan) -> Anjuan:  # noqa: F811
    def run(*words: str):  # type: ignore[no-untyped-def]
        return practice("staff", *words, now=NOW)

    return run


def test_a_reviewer_is_lent_shown_and_sent_back(staff: Anjuan) -> None:
    lent = staff("role", "county_reviewer", "reviewer", "--unit", "suzhou", *AWAY, "--as", "lead", "--json")
    back = staff("role-end", "county_reviewer", "reviewer", "--unit", "suzhou", "--on", "2018-08-24", "--json")
    shown = staff("show", "county_reviewer", "--json").json

    assert (lent.code, lent.json["lent"], lent.json["to_on"], lent.json["before"]) == (0, True, "2018-08-31", None)
    assert back.json["before"] == {"from_on": "2018-08-20", "to_on": "2018-08-31"}
    assert shown["roles"][1] == {
        "unit": "suzhou",
        "role": "reviewer",
        "from_on": "2018-08-20",
        "to_on": "2018-08-24",
        "held_now": False,
        "lent": True,
    }
    assert {"certificates", "stands_in_for", "stood_in_by", "open_cases", "left_on", "terms"} <= set(shown)


def test_a_stand_in_is_shown_with_both(staff: Anjuan) -> None:
    words = ("lead", "--for", "head", "--role", "head", *AWAY)
    set_ = staff("stand-in", *words, "--reason", "出差", "--as", "head", "--json")
    other = staff("stand-in", "handler3", *words[1:], "--reason", "出差", "--as", "head", "--json")

    assert (set_.code, set_.json["unit"], set_.json["overlapping"]) == (0, "suzhou", [])
    assert [one["name"] for one in other.json["overlapping"]] == ["lead"]
    assert [one["for"] for one in staff("show", "lead", "--json").json["stands_in_for"]] == ["head"]
    assert [one["name"] for one in staff("show", "head", "--json").json["stood_in_by"]] == ["handler3", "lead"]
    ended = staff("stand-in-end", "lead", "--for", "head", "--as", "head", "--json")
    assert (ended.code, ended.json["ended"][0]["removed"]) == (0, True)
    assert staff("stand-in-end", "lead", "--for", "head", "--as", "head").code == 6


def test_a_certificate_is_recorded_and_says_how_long_it_lasts(staff: Anjuan) -> None:
    days = ("--from", "2018-01-01", "--to", "2018-12-31")
    recorded = staff("certificate", "handler1", "苏-1", *days, "--as", "lead", "--json")
    (shown,) = [c for c in staff("show", "handler1", "--json").json["certificates"] if c["number"] == "苏-1"]

    assert (recorded.json["days_left"], recorded.json["reminders"], recorded.json["before"]) == (139, 3, None)
    assert (shown["days_left"], shown["valid_now"]) == (139, True)


def test_nobody_leaves_with_open_cases_and_the_hand_over_is_told(practice: Anjuan, staff: Anjuan) -> None:  # noqa: F811
    opened = practice("case", "open", "case", *OPENING, "--as", "handler1", "--json", now=NOW)
    refused = staff("leave", "handler1", "--on", "today", "--as", "head")
    as_json = staff("leave", "handler1", "--on", "today", "--as", "head", "--json")

    assert refused.code == 3
    assert opened.json["case_no"] in refused.err
    assert "\n       anjuan case hand-over --from handler1 --to NAME" in refused.err
    assert [r["code"] for r in as_json.json["refusals"]] == ["cases.held"]
    assert staff("show", "handler1", "--json").json["open_cases"] == 1
    assert practice("ledger", "verify", "--json").json["ok"]


def test_whoever_has_left_can_do_nothing_the_day_after(practice: Anjuan, staff: Anjuan) -> None:  # noqa: F811
    assert staff("leave", "handler3", "--on", "today", "--as", "head", "--json").json["left_on"] == NOW

    assert practice("case", "open", "case", *OPENING, "--as", "handler3", "--dry-run", now=NOW).code == 0
    assert practice("case", "open", "case", *OPENING, "--as", "handler3", now="2018-08-15").code != 0
    assert "已离岗" in practice("staff", "list", now="2018-08-15").out


def test_staff_list_gains_keys_and_keeps_its_own(staff: Anjuan) -> None:
    staff("role", "handler1", "reviewer", *AWAY, "--as", "lead")

    by_name = {p["name"]: p for p in staff("list", "--json").json}

    assert by_name["handler2"]["roles"] == [{"unit": "suzhou", "role": "handler"}]
    assert by_name["handler1"]["terms"] == [
        {"unit": "suzhou", "role": "reviewer", "from_on": "2018-08-20", "to_on": "2018-08-31"}
    ]


@pytest.mark.parametrize(
    ("words", "code", "error"),
    [
        (("role", "handler1", "reviwer", "--as", "lead"), 2, "role.unknown"),
        (("role", "nobody", "reviewer", "--as", "lead"), 6, "person.unknown"),
        (("role", "handler1", "reviewer", "--unit", "nowhere", "--as", "lead"), 6, "unit.unknown"),
        (("role", "handler1", "reviewer", "--from", "2018-09-31", "--as", "lead"), 2, "date.invalid"),
        (("role", "handler1", "reviewer", "--to", "2018-08-01", "--as", "lead"), 2, "term.invalid"),
        (("role", "handler1", "reviewer", "--as", "handler2"), 4, "command.forbidden"),
        (("certificate", "handler1", "x", "--from", "2018-09-01", "--to", "2018-08-01"), 2, "certificate.invalid"),
        (("certificate", "handler1", "练习-0002", *AWAY), 2, "certificate.exists"),
        (("stand-in", "lead", "--for", "lead", "--role", "lead", *AWAY), 2, "stand_in.self"),
        (("stand-in", "lead", "--for", "nobody", "--role", "lead", *AWAY), 6, "person.unknown"),
        (("show", "handler"), 6, "person.unknown"),
        (("leave", "handler1"), 2, "usage.missing"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(
    staff: Anjuan, words: tuple[str, ...], code: int, error: str
) -> None:
    before = staff("list", "--json").out

    ended = staff(*words, "--json")

    assert (ended.code, ended.json["error"]["code"]) == (code, error)
    assert staff("list", "--json").out == before


def test_a_rehearsal_keeps_nothing(staff: Anjuan) -> None:
    before = staff("list", "--json").out

    assert staff("role", "handler1", "reviewer", "--as", "lead", "--dry-run").code == 0
    assert staff("leave", "handler3", "--on", "today", "--as", "lead", "--dry-run").code == 0
    assert staff("list", "--json").out == before


def test_what_people_read_fits_the_screen_in_both_languages(staff: Anjuan) -> None:
    for lang in ("zh", "en"):
        for words in (
            ("role", "county_reviewer", "reviewer", "--unit", "suzhou", *AWAY, "--as", "lead"),
            ("stand-in", "lead", "--for", "head", "--role", "head", *AWAY, "--reason", "出差", "--as", "head"),
            ("certificate", "handler1", "苏" * 40, *AWAY, "--as", "lead"),
            ("show", "head"),
            ("show", "handler_expired"),
            ("leave", "handler3", "--on", "today", "--as", "lead"),
            ("role", "lead", "head", "--as", "lead"),
        ):
            ended = staff(*words, "--lang", lang, *(() if words[0] == "show" else ("--dry-run",)))
            told = (ended.out + ended.err).splitlines()
            assert told, words
            assert [line for line in told if display_width(line) > MAX_WIDTH and "anjuan " not in line] == [], words
