"""Mails delivered as files: whole or not there, one per Message-ID."""

from __future__ import annotations

import email
import errno
import os
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import NoReturn

import pytest

from engine.clock import SHANGHAI
from engine.errors import InputWrong
from notifications.delivery import Accepted, DeliveryDelayed, DeliveryFailed
from notifications.folder_delivery import FolderDelivery
from notifications.message import build_message, message_id_of
from notifications.render import Rendered
from notifications.smtp_delivery import SmtpDelivery
from notifications.way_out import delivery_from


def a_mail(key: str = "rung", subject: str = "提醒", hour: int = 8) -> EmailMessage:
    return build_message(
        Rendered(subject, text="正文\n", html="<p>正文</p>\n"),
        to_name="李文",
        to_address="liwen@example.cn",
        message_id=message_id_of(key, date(2018, 9, 11)),
        sent_from="anjuan@localhost",
        at=datetime(2018, 9, 11, hour, tzinfo=SHANGHAI),
    )


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


def test_a_mail_becomes_one_readable_file_named_after_its_day(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "mail"

    accepted = FolderDelivery(folder).deliver(a_mail())

    [name] = names(folder)
    assert accepted == Accepted(name)
    assert name.startswith("2018-09-11.")
    assert name.endswith(".eml")
    assert (folder / name).read_bytes() == a_mail().as_bytes()
    assert email.message_from_bytes((folder / name).read_bytes())["Message-ID"] == a_mail()["Message-ID"]


def test_the_same_mail_again_changes_nothing(tmp_path: Path) -> None:
    delivery = FolderDelivery(tmp_path)
    delivery.deliver(a_mail(hour=8))

    again = FolderDelivery(tmp_path).deliver(a_mail(hour=9))

    assert names(tmp_path) == [again.answer]
    assert (tmp_path / again.answer).read_bytes() == a_mail(hour=8).as_bytes()


def test_different_rungs_become_different_files(tmp_path: Path) -> None:
    delivery = FolderDelivery(tmp_path)

    for key in ("first", "second", "third"):
        delivery.deliver(a_mail(key))

    assert len(names(tmp_path)) == 3


def test_a_message_id_cannot_leave_the_folder(tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["Message-ID"] = "<../../etc/passwd@x>"

    FolderDelivery(tmp_path / "mail").deliver(mail)

    assert names(tmp_path) == ["mail"]
    assert names(tmp_path / "mail") == ["etc-passwd.eml"]


def test_what_a_killed_program_left_is_replaced(tmp_path: Path) -> None:
    name = FolderDelivery(tmp_path).deliver(a_mail()).answer
    (tmp_path / name).rename((tmp_path / name).with_suffix(".part"))
    (tmp_path / name).with_suffix(".part").write_bytes(b"half a ma")

    FolderDelivery(tmp_path).deliver(a_mail())

    assert names(tmp_path) == [name]
    assert (tmp_path / name).read_bytes() == a_mail().as_bytes()


@pytest.mark.parametrize(
    ("number", "zh", "en"),
    [
        (errno.ENOSPC, "磁盘已满", "the disk is full"),
        (errno.EDQUOT, "磁盘已满", "the disk is full"),
        (errno.EROFS, "不可写", "is not writable"),
        (errno.EACCES, "不可写", "is not writable"),
        (errno.EIO, "无法写入", "cannot be written"),
    ],
)
@pytest.mark.parametrize("moment", ["open", "fsync"])
def test_a_folder_that_cannot_be_written_delays_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str, number: int, zh: str, en: str
) -> None:
    def fail(*_: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, moment, fail)

    with pytest.raises(DeliveryDelayed) as caught:
        FolderDelivery(tmp_path).deliver(a_mail())

    assert names(tmp_path) == []
    assert zh in caught.value.zh
    assert en in caught.value.en
    assert caught.value.answer == os.strerror(number)


def test_a_file_in_the_place_of_the_folder_delays(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("not a folder")

    with pytest.raises(DeliveryDelayed) as caught:
        FolderDelivery(tmp_path / "mail").deliver(a_mail())

    assert str(tmp_path / "mail") in caught.value.en


def test_mail_goes_to_files_until_a_server_is_set(tmp_path: Path) -> None:
    unset = delivery_from({}, tmp_path / "mail")
    empty = delivery_from({"ANJUAN_SMTP": " "}, tmp_path / "mail")
    server = delivery_from({"ANJUAN_SMTP": "smtp://mail.example.cn"}, tmp_path / "mail")

    assert isinstance(unset, FolderDelivery)
    assert isinstance(empty, FolderDelivery)
    assert isinstance(server, SmtpDelivery)
    assert names(tmp_path) == []


def test_a_wrong_server_url_is_refused_before_anything_is_sent(tmp_path: Path) -> None:
    with pytest.raises(InputWrong) as caught:
        delivery_from({"ANJUAN_SMTP": "http://mail.example.cn"}, tmp_path)

    assert caught.value.code == "smtp.url"


def test_outcomes_survive_pickling() -> None:
    import pickle

    for outcome in (DeliveryDelayed("451 later", "稍后", "later"), DeliveryFailed("550 no", "不收", "no")):
        copy = pickle.loads(pickle.dumps(outcome))
        assert (copy.answer, copy.zh, copy.en, copy.code) == (outcome.answer, outcome.zh, outcome.en, outcome.code)
