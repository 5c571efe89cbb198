"""What `doctor` looks at, without a store: the calendar, certificates, and the file system of the home."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.health import calendar_checks, certificate_checks, file_system_of, home_checks
from engine.missing_holidays import MissingYear, years_to_know
from engine.people import Certificate, People, Person, Unit
from engine.working_days import WorkingDays

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
server:/export /srv/share nfs4 rw 0 0
//server/office {office} cifs rw 0 0
tmpfs /srv/share/local tmpfs rw 0 0
"""


def _calendar(*years: int) -> WorkingDays:
    def load(year: int) -> object:
        raise AssertionError(f"{year} was read, only its presence matters")

    return WorkingDays(years, load)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("today", "years"),
    [
        (date(2018, 3, 1), (2018,)),
        (date(2018, 10, 31), (2018,)),
        (date(2018, 11, 1), (2018, 2019)),
        (date(2018, 12, 31), (2018, 2019)),
    ],
)
def test_this_years_holidays_must_be_known_and_from_november_on_the_next(today: date, years: tuple[int, ...]) -> None:
    assert years_to_know(today) == years
    assert [c.ok for c in calendar_checks(_calendar(*years), today, ())] == [True] * len(years)


@pytest.mark.parametrize(
    ("today", "missing", "ok"),
    [
        (date(2018, 11, 1), MissingYear(2019, 0), True),
        (date(2018, 11, 1), MissingYear(2019, 2), False),
        (date(2018, 3, 1), MissingYear(2018, 0), False),
    ],
    ids=["nothing_rests_on_it_yet", "two_cases_wait", "it_has_begun"],
)
def test_a_missing_year_is_an_alarm_once_it_has_begun_or_a_case_rests_on_it(
    today: date, missing: MissingYear, ok: bool
) -> None:
    check = list(calendar_checks(_calendar(2017), today, [missing]))[-1]

    assert (check.id, check.ok) == ("holidays", ok)
    for text in (check.zh, check.en):
        assert f"anjuan rule load {missing.year}.yaml --reason 国办发明电〔{missing.year - 1}〕" in text


def test_the_alarm_leads_with_how_many_cases_wait() -> None:
    one = MissingYear(2019, 2)

    assert one.zh.startswith("2019年放假安排尚未录入，2件案件的期限为暂定")
    assert "2 cases have provisional dates" in one.en


def test_an_ended_certificate_is_a_remark() -> None:
    ended = Certificate("1", date(2000, 1, 1), date(2018, 6, 30))
    held = Certificate("2", date(2018, 7, 1), date(2020, 6, 30))
    unit = Unit("suzhou", "苏州市版权局", "city", None)
    staff = [
        Person("renewed", "甲", "suzhou", frozenset(), (ended, held)),
        Person("expired", "乙", "suzhou", frozenset(), (ended,)),
        Person("none", "丙", "suzhou", frozenset()),
    ]

    (check,) = certificate_checks(People([unit], staff), date(2018, 7, 1))

    assert check.ok
    assert "expired (2018-06-30)" in check.en
    assert "renewed" not in check.en


def test_the_file_system_is_that_of_the_nearest_mount(tmp_path: Path) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(MOUNTS.format(office="/srv/my\\040office"))

    assert file_system_of(Path("/home/anjuan"), mounts) == "ext4"
    assert file_system_of(Path("/srv/share/anjuan"), mounts) == "nfs4"
    assert file_system_of(Path("/srv/share/local/anjuan"), mounts) == "tmpfs"
    assert file_system_of(Path("/srv/my office/anjuan"), mounts) == "cifs"
    assert file_system_of(Path("/home"), tmp_path / "none") is None


def test_a_home_on_a_network_share_is_not_well(tmp_path: Path) -> None:
    home, mounts = tmp_path / "home", tmp_path / "mounts"
    home.mkdir()
    mounts.write_text(MOUNTS.format(office=tmp_path))

    found = {check.id: check.ok for check in home_checks(home, mounts)}

    assert found == {"home": True, "disk": True, "file_system": False}


def test_a_home_that_is_not_there_cannot_be_written(tmp_path: Path) -> None:
    found = {check.id: check.ok for check in home_checks(tmp_path / "none")}

    assert not found["home"]
