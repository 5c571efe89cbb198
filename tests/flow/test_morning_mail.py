"""The morning mail as typed words: `remind run` makes it, `--dry-run` shows it, `today` says the same."""

from __future__ import annotations

from test_admin_commands import Anjuan, anjuan, practice  # noqa: F401  (fixtures)

FRIDAY, SATURDAY, MONDAY = "2018-09-14", "2018-09-15", "2018-09-17"
OPENING = ("--set", "title=某站", "--set", "source=patrol", "--set", "respondent=甲", "--set", "respondent_kind=unit")


def test_the_first_run_of_a_working_day_sends_what_today_says(practice: Anjuan) -> None:  # noqa: F811
    opened = practice("case", "open", "case", *OPENING, "--as", "handler1", "--json", now=FRIDAY)
    case_no = opened.json["case_no"]

    rest_day = practice("remind", "run", "--json", now=SATURDAY).json
    rehearsed = practice("remind", "run", "--dry-run", "--json", now=MONDAY).json
    first = practice("remind", "run", "--json", now=MONDAY).json
    again = practice("remind", "run", "--json", now=MONDAY).json
    listed = [mail for mail in practice("mail", "list", "--json").json if mail["kind"] == "digest"]
    to_lead = next(mail for mail in listed if mail["to"] == "lead")
    shown = practice("mail", "show", str(to_lead["id"]), "--json").json
    today = practice("today", "--as", "lead", "--json", now=MONDAY).json

    assert rest_day["sent"] == 0
    assert [mail["to"] for mail in rehearsed["mails"] if mail["kind"] == "digest"] == [mail["to"] for mail in listed]
    assert (rehearsed["sent"], again["sent"]) == (first["sent"], 0)
    assert first["sent"] == len(listed) > 0
    assert to_lead["subject"] == "2018年9月17日（周一）要办的事：待办1"
    assert (to_lead["state"], to_lead["case_no"], shown["key"]) == ("sent", None, f"digest:lead:{MONDAY}")
    assert [turn["case_no"] for turn in today["turns"]] == [case_no]
    assert f"- {case_no} 某站：" in shown["text"]
    assert f"- {case_no} 某站: " in shown["text"]


def test_people_read_in_both_languages_what_would_go(practice: Anjuan) -> None:  # noqa: F811
    practice("case", "open", "case", *OPENING, "--as", "handler1", now=FRIDAY)

    chinese = practice("remind", "run", "--dry-run", now=MONDAY)
    english = practice("remind", "run", "--dry-run", "--lang", "en", now=MONDAY)

    assert (chinese.code, english.code) == (0, 0)
    assert "要办的事：待办1" in chinese.out
    assert "lead@suzhou.example" in english.out
