"""A mistyped number is found and told; a right one reads the same however it is written."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from engine.respondents import normal_number
from workflows.identity_numbers import check_of_person, check_of_unit, checked_number

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Invented: regions and birthdays of nobody, units that are not registered.
PEOPLE = st.builds(
    lambda region, born, order: (lambda first: first + check_of_person(first))(f"{region:06}{born:%Y%m%d}{order:03}"),
    st.integers(110000, 659999),
    st.dates(min_value=date(1930, 1, 1), max_value=date(2010, 12, 31)),
    st.integers(0, 999),
)
UNITS = st.builds(
    lambda kind, region, body: (lambda first: first + check_of_unit(first))(f"{kind}{region:06}{body}"),
    st.text(ALPHABET, min_size=2, max_size=2),
    st.integers(100000, 659999),
    st.text(ALPHABET, min_size=9, max_size=9),
)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        # The worked examples of the two standards.
        ("11010519491231002X", "person"),
        ("91350100M000100Y43", "unit"),
    ],
)
def test_the_examples_of_the_standards_are_right(number: str, kind: str) -> None:
    assert checked_number(number, kind).is_right  # type: ignore[arg-type]


@given(PEOPLE)
def test_every_person_with_a_due_check_digit_is_right(number: str) -> None:
    assert checked_number(number, "person").is_right


@given(UNITS)
def test_every_unit_with_a_due_check_character_is_right(number: str) -> None:
    assert checked_number(number, "unit").is_right


@given(PEOPLE, st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_of_a_person_is_found(number: str, place: int, by: int) -> None:
    other = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]

    assert not checked_number(other, "person").is_right


@given(PEOPLE, st.integers(0, 15))
def test_two_digits_of_a_person_in_the_wrong_order_are_found(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    assume(a != b)

    assert not checked_number(number[:place] + b + a + number[place + 2 :], "person").is_right


@given(UNITS, st.integers(0, 17), st.integers(1, 30))
def test_one_wrong_character_of_a_unit_is_found(number: str, place: int, by: int) -> None:
    other = ALPHABET[(ALPHABET.index(number[place]) + by) % 31]
    changed = number[:place] + other + number[place + 1 :]

    assert not checked_number(changed, "unit").is_right


@given(UNITS, st.integers(0, 15))
def test_two_characters_of_a_unit_in_the_wrong_order_are_found(number: str, place: int) -> None:
    a, b = number[place], number[place + 1]
    assume(a != b)

    assert not checked_number(number[:place] + b + a + number[place + 2 :], "unit").is_right


@given(UNITS | PEOPLE, st.sampled_from([" ", "-", "－", "\u3000"]), st.integers(1, 17))
def test_blanks_hyphens_width_and_case_make_no_other_number(number: str, between: str, place: int) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in number.lower())

    assert normal_number(number[:place] + between + number[place:]) == number
    assert normal_number(wide) == number


@pytest.mark.parametrize(
    ("text", "kind", "zh", "en"),
    [
        ("110105194912310021", "person", "末位是1，按前17位应为X", "the others give X"),
        ("110105491231002", "person", "旧的15位", "15 digits"),
        ("11010519490231002X", "person", "出生日期19490231不存在", "no date of birth 19490231"),
        ("1101", "person", "现为4个字符", "this has 4 characters"),
        ("91350100M000100Y40", "unit", "按前17位应为3", "the others give 3"),
        ("717850190", "unit", "旧的9位", "9 characters"),
        ("9135010OM000100Y43", "unit", "没有O", "never has O"),
        ("9135A100M000100Y43", "unit", "第3至8位应为数字", "characters 3 to 8"),
        ("9" * 300, "unit", "现为300个", "this has 300"),
        ("<script>", "person", "现为8个字符", "8 characters"),
    ],
)
def test_what_is_wrong_is_said_in_both_languages(text: str, kind: str, zh: str, en: str) -> None:
    found = checked_number(text, kind)  # type: ignore[arg-type]

    assert not found.is_right
    assert zh in found.wrong_zh
    assert en in found.wrong_en
