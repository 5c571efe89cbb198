"""What `doctor` looks at, without a store: the calendar, certificates, and the file system of the home."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from engine.health import calendar_checks, certificate_checks, file_system_of, home_checks
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
    ("today", "known", "states"),
    [
        (date(2018, 3, 1), (2018,), [True]),
        (date(2018, 3, 1), (2017,), [False]),
        (date(2018, 10, 31), (2018,), [True]),
        (date(2018, 11, 1), (2018, 2019), [True, True]),
    ],
)
def test_this_years_holidays_must_be_known(today: date, known: tuple[int, ...], states: list[bool]) -> None:
    assert [check.ok for check in calendar_checks(_calendar(*known), today)] == states


def test_next_years_holidays_are_called_for_from_november_on() -> None:
    _, following = calendar_checks(_calendar(2018), date(2018, 11, 1))

    assert following.ok
    assert "2019" in following.en
    assert "not in yet" in following.en


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
