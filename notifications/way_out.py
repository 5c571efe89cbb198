"""Chooses the way out for mails: a server, or files in a folder."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from notifications.delivery import SMTP_VARIABLE, WayOut
from notifications.folder_delivery import FolderDelivery


def delivery_from(environment: Mapping[str, str], mail_folder: Path) -> WayOut:
    """The mail server in `ANJUAN_SMTP`, or `.eml` files in `mail_folder` where none is set.

    Raises InputWrong (`smtp.url`); nothing is contacted or written yet.
    """
    url = environment.get(SMTP_VARIABLE, "").strip()
    if url:
        from notifications.smtp_delivery import SmtpDelivery

        return SmtpDelivery(url)
    return FolderDelivery(mail_folder)
