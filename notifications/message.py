"""Puts a rendered mail into its envelope: the bytes that are filed, sent, and sent again unchanged."""

from __future__ import annotations

import base64
import re
from datetime import date, datetime
from email.header import Header
from email.headerregistry import Address, BaseHeader, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import lru_cache

from engine.canonical import text_hash
from engine.clock import SHANGHAI
from engine.errors import InputWrong, Remedy
from notifications.plain_text import one_line
from notifications.render import Rendered

SENDER_NAME = "案卷 anjuan"
# One encoded word on the first line of the header: some programs (Python 3.11 among them) show a blank between two.
NAME_BYTES = 42

_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# A bare number is no domain: 10.0.0.1 would have to stand in brackets, which some servers refuse.
_DOMAIN = re.compile(r"(?![0-9.]+$)[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.-]+@[A-Za-z0-9.-]+>")

# Characters with a meaning inside an address header, and their full-width twins, which have none. Quotes would not do:
# some versions of Python lose them while folding a name that is not ASCII.
_MEANINGFUL = str.maketrans('"(),:;<>@[]\\', "＂（），：；＜＞＠［］＼")


def message_id_of(rung_key: str, planned_on: date) -> str:
    """The Message-ID of a rung: always the same, so that a mail sent again is known as the same one.

    `rung_key` names the store, what is due, the rung and the reader; it cannot be read back from the id.
    """
    return f"<{planned_on.isoformat()}.{text_hash(rung_key)[:32]}@mail.anjuan>"


def build_message(
    rendered: Rendered, *, to_name: str, to_address: str, message_id: str, sent_from: str, at: datetime
) -> EmailMessage:
    """A mail of text and HTML, seven-bit throughout. Equal arguments give equal bytes.

    `sent_from` is a bare address, `at` an aware instant for the Date header. Raises InputWrong (`address.invalid`).
    """
    if at.tzinfo is None:
        raise ValueError(f"an instant needs its zone: {at!r}")
    if not _MESSAGE_ID.fullmatch(message_id):
        raise ValueError(f"not a Message-ID: {message_id!r}")
    message = EmailMessage(policy=_POLICY)
    message["From"] = _mailbox("From", SENDER_NAME, sent_from)
    message["To"] = _mailbox("To", to_name, to_address)
    message["Subject"] = _not_encoded(one_line(rendered.subject))
    message["Date"] = _shared("Date", format_datetime(at.astimezone(SHANGHAI)))
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = _shared("Auto-Submitted", "auto-generated")
    message["MIME-Version"] = _shared("MIME-Version", "1.0")
    # An underscore never occurs in base64, so the boundary cannot occur in a part.
    message["Content-Type"] = f'multipart/alternative; boundary="=_{text_hash(message_id)[:32]}"'
    message.attach(_part("plain", rendered.text))
    message.attach(_part("html", rendered.html))
    return message


def checked_address(address: str) -> str:
    """`address` itself when it is one plain address (`name@host`, ASCII). Raises InputWrong (`address.invalid`)."""
    local, at_sign, domain = address.rpartition("@")
    plain = at_sign and len(local) <= 64 and len(domain) <= 253
    if plain and _LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return address
    shown = one_line(address, limit=60)
    raise InputWrong(
        "address.invalid",
        zh=f"“{shown}”不是有效的电子邮件地址",
        en=f"“{shown}” is not a mail address",
        remedy=Remedy("请写成 姓名@单位.cn 的形式，只用英文字母、数字和符号", "write it as name@office.cn, in ASCII"),
    )


def _part(subtype: str, text: str) -> EmailMessage:
    """One of the two ways to say it, in lines of base64."""
    part = EmailMessage(policy=_POLICY)
    part["Content-Type"] = _shared("Content-Type", f'text/{subtype}; charset="utf-8"')
    part["Content-Transfer-Encoding"] = _shared("Content-Transfer-Encoding", "base64")
    if subtype == "html":
        # Says nothing, and stays: mails that are on their way are sent again with the bytes of the first time.
        part["MIME-Version"] = _shared("MIME-Version", "1.0")
    lines = text.encode().splitlines()
    part.set_payload(base64.encodebytes(b"".join(line + b"\r\n" for line in lines)).decode("ascii"))
    return part


def _display_name(name: str) -> str:
    shown = one_line(_not_encoded(name).translate(_MEANINGFUL))
    if len(shown.encode()) <= NAME_BYTES:
        return shown
    ellipsis = "…"
    return shown.encode()[: NAME_BYTES - len(ellipsis.encode())].decode(errors="ignore").rstrip() + ellipsis


def _not_encoded(text: str) -> str:
    # `=?` begins an encoded word: the reader's program would decode it and show, or obey, what was hidden in it.
    return text.replace("=?", "＝?")


class _FoldedOnce(BaseHeader):
    """A header that keeps its line: many mails share it, and to fold it is most of what it costs."""

    _folded: tuple[tuple[object, ...], str] | None = None

    def fold(self, *, policy: Policy) -> str:
        form = (policy.linesep, policy.max_line_length, getattr(policy, "utf8", False))
        if self._folded is None or self._folded[0] != form:
            self._folded = form, super().fold(policy=policy)
        return self._folded[1]


class _Subject(UnstructuredHeader, BaseHeader):
    """A subject encoded as a whole: where only its Chinese parts are, blanks are lost or added between the lines."""

    def fold(self, *, policy: Policy) -> str:
        words = Header(str(self), charset="utf-8", header_name=self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {words}{policy.linesep}"


class _Headers(HeaderRegistry):
    """Keeps the class of each header, which the library makes anew for every single one."""

    def __init__(self) -> None:
        super().__init__(base_class=_FoldedOnce)
        self.map_to_type("subject", _Subject)
        self._classes: dict[str, type[BaseHeader]] = {}

    def __getitem__(self, name: str) -> type[BaseHeader]:
        if name not in self._classes:
            self._classes[name] = super().__getitem__(name)
        return self._classes[name]


_HEADERS = _Headers()
_POLICY = SMTP.clone(header_factory=_HEADERS)


# What mails have in common is parsed once, not for each of thousands in a morning.
@lru_cache(maxsize=256)
def _shared(name: str, value: str) -> BaseHeader:
    return _HEADERS(name, value)


@lru_cache(maxsize=256)
def _mailbox(name: str, person: str, address: str) -> BaseHeader:
    return _HEADERS(name, Address(_display_name(person), addr_spec=checked_address(address)))
