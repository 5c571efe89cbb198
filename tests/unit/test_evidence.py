"""Files are kept by their content: once each, whole or not at all, and what changed since is noticed."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis.strategies import binary

from engine import evidence
from engine.errors import InputWrong, NotFound
from engine.evidence import is_whole, keep, measured, place_of

SHOT = "截图 1.png"


def a_file(folder: Path, content: bytes = b"page", name: str = SHOT) -> Path:
    file = folder / name
    file.write_bytes(content)
    return file


def lying_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_a_file_is_kept_under_the_hash_of_its_content(tmp_path: Path) -> None:
    kept = keep(tmp_path / "evidence", a_file(tmp_path))

    sha256 = hashlib.sha256(b"page").hexdigest()
    place = tmp_path / "evidence" / "sha256" / sha256[:2] / sha256
    assert (kept.name, kept.size_bytes, kept.sha256) == (SHOT, 4, sha256)
    assert place.read_bytes() == b"page"
    assert lying_in(tmp_path / "evidence") == [place]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=binary(min_size=1, max_size=2000))
def test_what_is_kept_is_what_was_there(content: bytes, tmp_path: Path) -> None:
    kept = keep(tmp_path / "evidence", a_file(tmp_path, content))

    assert place_of(tmp_path / "evidence", kept.sha256).read_bytes() == content
    assert is_whole(tmp_path / "evidence", kept.sha256)


def test_the_same_content_is_kept_once_under_whatever_name(tmp_path: Path) -> None:
    first = keep(tmp_path / "evidence", a_file(tmp_path))
    second = keep(tmp_path / "evidence", a_file(tmp_path, name="另一个名称.png"))

    assert (first.sha256, first.name, second.name) == (second.sha256, SHOT, "另一个名称.png")
    assert len(lying_in(tmp_path / "evidence")) == 1


def test_measuring_keeps_nothing(tmp_path: Path) -> None:
    file = a_file(tmp_path)

    assert measured(file).sha256 == hashlib.sha256(b"page").hexdigest()
    assert lying_in(tmp_path) == [file]


def test_a_file_that_vanished_or_changed_is_noticed_and_kept_anew(tmp_path: Path) -> None:
    folder, file = tmp_path / "evidence", a_file(tmp_path)
    sha256 = keep(folder, file).sha256
    place_of(folder, sha256).write_bytes(b"pagE")
    changed = is_whole(folder, sha256)

    keep(folder, file)
    mended = is_whole(folder, sha256)
    place_of(folder, sha256).unlink()

    assert (changed, mended, is_whole(folder, sha256)) == (False, True, False)


def test_what_is_no_file_of_a_possible_size_is_refused_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "LARGEST_BYTES", 1024 * 1024)
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    large = a_file(tmp_path, b"x" * (1024 * 1024 + 1), "large")
    wrong = {
        tmp_path / "nowhere": "file.missing",
        tmp_path / "nowhere" / "below": "file.missing",
        tmp_path: "file.unreadable",
        pipe: "file.unreadable",
        tmp_path / "a\x00b": "file.missing",
        a_file(tmp_path, b"", "empty"): "file.empty",
        large: "file.too_large",
    }

    for file, code in wrong.items():
        with pytest.raises((InputWrong, NotFound)) as caught:
            keep(tmp_path / "evidence", file)
        assert caught.value.code == code, file
        assert any("\u4e00" <= c <= "\u9fff" for c in caught.value.zh)
    assert not (tmp_path / "evidence").exists()


def test_a_link_is_followed_and_one_that_leads_nowhere_is_missing(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(a_file(tmp_path))
    broken = tmp_path / "broken"
    broken.symlink_to(tmp_path / "gone")

    assert keep(tmp_path / "evidence", link).name == "link"
    with pytest.raises(NotFound):
        keep(tmp_path / "evidence", broken)


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        keep(tmp_path / "evidence", a_file(tmp_path))

    assert lying_in(tmp_path / "evidence") == []


def test_a_file_that_changes_while_it_is_copied_is_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = a_file(tmp_path)
    copy = shutil.copyfileobj

    def another_writes(source: Any, target: Any) -> None:
        file.write_bytes(b"PAGE")
        copy(source, target)

    monkeypatch.setattr(shutil, "copyfileobj", another_writes)

    with pytest.raises(InputWrong) as caught:
        keep(tmp_path / "evidence", file)

    assert caught.value.code == "file.changing"
    assert lying_in(tmp_path / "evidence") == []
