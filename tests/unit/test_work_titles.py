"""One work is found again however its title was written, and two titles stay two."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from engine.work_titles import comparable, titles_in

TITLES = st.text(st.sampled_from("某电影歌曲第二季abcXYZ019éß"), min_size=1, max_size=12)
MARKS = st.text(st.sampled_from(" 　·・-—:：!！?？.。“”"), max_size=3)


@given(st.text())
@example("\u1100-\u1161")  # two parts of a Korean syllable, and a hyphen between them
def test_the_comparable_form_of_a_comparable_form_is_itself(text: str) -> None:
    assert comparable(comparable(text)) == comparable(text)


@given(TITLES, MARKS, st.integers(0, 12))
def test_marks_blanks_width_and_case_make_no_other_work(title: str, mark: str, place: int) -> None:
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in title)
    written = title[:place] + mark + title[place:]

    assert (
        titles_in(f"《{written}》")
        == titles_in(f"《{wide}》")
        == titles_in(f"《{title.swapcase()}》")
        == (comparable(title),)
    )


@given(st.lists(TITLES, max_size=6), st.sampled_from("、,，;；/\n"))
def test_several_titles_are_each_found_once_and_in_order(titles: list[str], between: str) -> None:
    expected = tuple(dict.fromkeys(map(comparable, titles)))

    assert titles_in("".join(f"《{t}》" for t in titles)) == expected
    assert titles_in(between.join(titles)) == expected


@given(st.text())
def test_whatever_is_typed_no_empty_title_is_kept(text: str) -> None:
    assert "" not in titles_in(text)


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("", ()),
        ("《》", ()),
        ("……", ()),
        ("某电影", ("某电影",)),
        ("涉案作品为《某电影》等", ("某电影",)),
        ("《某电影，又名某片》", ("某电影又名某片",)),  # a comma inside the marks belongs to the title
        ("Ｗｉｎｄｏｗｓ　１０", ("windows10",)),
        ("x" * 300, ("x" * 300,)),
    ],
)
def test_what_is_written_around_the_marks_is_no_title(text: str, titles: tuple[str, ...]) -> None:
    assert titles_in(text) == titles
