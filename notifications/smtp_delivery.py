"""Delivers mails to an SMTP server, one after another on a connection that is kept open."""

from __future__ import annotations

import base64
import smtplib
import socket
import ssl
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from urllib.parse import unquote, urlsplit

from engine.errors import InputWrong, Remedy
from notifications.delivery import SMTP_VARIABLE, Accepted, DeliveryDelayed, DeliveryFailed, NotDelivered
from notifications.message import checked_address
from notifications.plain_text import one_line

TIMEOUT_SECONDS = 20
ANSWER_CHARACTERS = 300
_DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
_SIGN_IN_FIRST = 530


@dataclass(frozen=True)
class SmtpServer:
    """Where mails go, as read from the URL. `user` and `password` are both empty, or neither is."""

    host: str
    port: int
    encrypted: bool
    user: str
    password: str = field(repr=False)


class SmtpDelivery:
    """`smtp://` is encrypted by STARTTLS where the server offers it, `smtps://` from the first byte.

    Until the server has heard of the mail (connection, encryption, sign-in) every trouble is a delay, whatever its
    number: a password that expired says nothing against the reader's address. From then on 4xx is a delay, 5xx final.

    The connection stays open for the next mail until `close`. After trouble it is opened anew; one that the server
    has ended meanwhile is noticed before the mail is handed over, so that this never makes two of one.
    """

    def __init__(self, url: str) -> None:
        self._server = smtp_server(url)
        self._kept: smtplib.SMTP | None = None

    @cached_property
    def sender(self) -> str:
        """The user of the URL when it is an address, otherwise `anjuan@` and the name of the server."""
        for address in (self._server.user, f"anjuan@{self._server.host}"):
            with suppress(InputWrong):
                return checked_address(address)
        return "anjuan@localhost"

    def deliver(self, message: EmailMessage) -> Accepted:
        """Hands the mail over. Raises DeliveryDelayed or DeliveryFailed; silence counts as trouble after 20 seconds."""
        try:
            connection = self._ready(message)
        except smtplib.SMTPAuthenticationError as e:
            reasons = "邮件服务器不接受用户名或密码", "the mail server does not accept user and password"
            raise DeliveryDelayed(self._answer(e), *reasons) from e
        except smtplib.SMTPSenderRefused as e:
            raise self._refused(e) from e
        except (OSError, UnicodeError) as e:
            reasons = "无法连接邮件服务器", "the mail server cannot be reached"
            raise DeliveryDelayed(self._answer(e), *reasons) from e
        # Kept for the next mail only once this one went well: after a refusal nobody knows what the server remembers.
        self._kept = None
        with ExitStack() as in_trouble:
            in_trouble.callback(connection.close)
            try:
                answer = _handed_over(connection, message)
            except smtplib.SMTPResponseException as e:
                raise self._refused(e) from e
            except OSError as e:
                reasons = "与邮件服务器的连接中断", "the connection to the mail server broke"
                raise DeliveryDelayed(self._answer(e), *reasons) from e
            in_trouble.pop_all()
        self._kept = connection
        return Accepted(self._shown(answer))

    def close(self) -> None:
        """Says goodbye to the server. Whatever happens then must not make a mail look as if it had not gone."""
        connection, self._kept = self._kept, None
        if connection is not None:
            with suppress(OSError):
                connection.putcmd("quit")
            connection.close()

    def _ready(self, message: EmailMessage) -> smtplib.SMTP:
        """A connection on which the server has accepted the sender of this mail."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(OSError):
                return _announced(kept, message)
        with ExitStack() as in_trouble:
            connection = self._opened(in_trouble)
            _announced(connection, message)
            in_trouble.pop_all()
            return connection

    def _opened(self, in_trouble: ExitStack) -> smtplib.SMTP:
        server = self._server
        if server.encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, self._own_name, timeout=TIMEOUT_SECONDS, context=self._encryption
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, self._own_name, timeout=TIMEOUT_SECONDS)
        in_trouble.callback(connection.close)
        connection.ehlo_or_helo_if_needed()
        if not server.encrypted and connection.has_extn("starttls"):
            connection.starttls(context=self._encryption)
            connection.ehlo()
        if server.user:
            connection.login(server.user, server.password)
        return connection

    @cached_property
    def _encryption(self) -> ssl.SSLContext:
        return ssl.create_default_context()

    @cached_property
    def _own_name(self) -> str:
        # Asked once: where the name service is slow, each question costs seconds.
        name = socket.getfqdn()
        return name if "." in name and name.isascii() else "[127.0.0.1]"

    def _refused(self, error: smtplib.SMTPResponseException) -> NotDelivered:
        zh, en = next((zh, en) for stage, zh, en in _STAGES if isinstance(error, stage))
        final = error.smtp_code >= 500 and error.smtp_code != _SIGN_IN_FIRST
        return (DeliveryFailed if final else DeliveryDelayed)(self._answer(error), zh, en)

    def _answer(self, error: Exception) -> str:
        if isinstance(error, smtplib.SMTPResponseException):
            return self._shown(_text(error.smtp_code, error.smtp_error))
        return self._shown(str(error) or type(error).__name__)

    def _shown(self, answer: str) -> str:
        # Some servers repeat the command that they did not like; the password must not reach the record that way.
        user, password = self._server.user, self._server.password
        for secret in (f"\0{user}\0{password}", password):
            if password:
                coded = base64.b64encode(secret.encode()).decode()
                answer = answer.replace(coded, "***").replace(secret, "***")
        return one_line(answer, limit=ANSWER_CHARACTERS)


def smtp_server(url: str) -> SmtpServer:
    """Reads `smtp://user:password@host:port` or `smtps://…`, user and password percent-encoded.

    The port is 25 or 465 where none is given. Raises InputWrong (`smtp.url`), which never repeats the URL and its
    password.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _url_wrong("端口或主机不正确", "its port or host is wrong") from None
    if parts.scheme not in _DEFAULT_PORTS:
        raise _url_wrong("须以 smtp:// 或 smtps:// 开头", "it must begin with smtp:// or smtps://")
    if not parts.hostname or port == 0 or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _url_wrong(
            "主机、端口之后或之前有多余或缺少的内容", "something is missing or too much around host and port"
        )
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise _url_wrong("用户名和密码须同时给出", "user and password go together")
    if not all(text.isascii() and text.isprintable() for text in (url, user, password)):
        raise _url_wrong("只能用英文字母、数字和符号", "only printable ASCII characters can be used")
    return SmtpServer(parts.hostname, port or _DEFAULT_PORTS[parts.scheme], parts.scheme == "smtps", user, password)


def _url_wrong(zh: str, en: str) -> InputWrong:
    return InputWrong(
        "smtp.url",
        zh=f"邮件服务器地址（{SMTP_VARIABLE}）有误：{zh}",
        en=f"the address of the mail server ({SMTP_VARIABLE}) is wrong: {en}",
        remedy=Remedy(
            "请写成 smtp://用户:密码@主机:端口，用户和密码中的特殊符号写成百分号编码（@ 写作 %40）",
            "write smtp://user:password@host:port, with special characters in user and password "
            "percent-encoded (@ as %40)",
        ),
    )


def _announced(connection: smtplib.SMTP, message: EmailMessage) -> smtplib.SMTP:
    """The connection, with the sender of the mail accepted; closed otherwise. Raises SMTPSenderRefused, OSError."""
    try:
        code, answer = connection.mail(message["From"].addresses[0].addr_spec)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, answer, "")
    except OSError:
        connection.close()
        raise
    return connection


def _handed_over(connection: smtplib.SMTP, message: EmailMessage) -> str:
    """The server's answer to the whole mail, whose sender it has accepted."""
    code, answer = connection.rcpt(message["To"].addresses[0].addr_spec)
    if code not in (250, 251):
        raise _RecipientRefused(code, answer)
    code, answer = connection.data(message.as_bytes())
    if code != 250:
        raise smtplib.SMTPDataError(code, answer)
    return _text(code, answer)


class _RecipientRefused(smtplib.SMTPResponseException):
    """The one address of the mail was refused (smtplib's own error is for many at once)."""


# Most telling first; the last one takes whatever is left.
_STAGES = (
    (_RecipientRefused, "服务器不接受收件地址", "the server does not accept the reader's address"),
    (smtplib.SMTPSenderRefused, "服务器不接受发件地址", "the server does not accept the sender's address"),
    (smtplib.SMTPResponseException, "服务器不接受该邮件", "the server does not accept the mail"),
)


def _text(code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"{code} {words}"
