"""Files that appear whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.whole_files import beside, put_new, write_whole


def test_a_finished_file_is_moved_to_its_place(tmp_path: Path) -> None:
    finished, place = beside(tmp_path / "a.db"), tmp_path / "a.db"
    finished.write_text("whole")

    put_new(finished, place)

    assert os.listdir(tmp_path) == ["a.db"]
    assert place.read_text() == "whole"


@pytest.mark.parametrize("links", [True, False])
def test_a_place_that_is_taken_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    finished, place = beside(tmp_path / "a.db"), tmp_path / "a.db"
    finished.write_text("new")
    place.write_text("old")
    if not links:
        monkeypatch.setattr(os, "link", _no_links)

    with pytest.raises(FileExistsError):
        put_new(finished, place)

    assert place.read_text() == "old"


def test_a_file_system_without_links_does_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finished, place = beside(tmp_path / "a.db"), tmp_path / "a.db"
    finished.write_text("whole")
    monkeypatch.setattr(os, "link", _no_links)

    put_new(finished, place)

    assert os.listdir(tmp_path) == ["a.db"]


def test_an_older_file_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "a.ics"
    place.write_bytes(b"older and longer")

    write_whole(place, b"new")

    assert place.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["a.ics"]


def test_a_write_that_fails_leaves_the_older_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "a.ics"
    place.write_bytes(b"older")

    def fail(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)

    with pytest.raises(OSError, match="No space"):
        write_whole(place, b"new")

    assert place.read_bytes() == b"older"
    assert os.listdir(tmp_path) == ["a.ics"]


def _no_links(*_: object) -> None:
    raise OSError(1, "Operation not permitted")
