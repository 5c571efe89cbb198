"""Mails handed to a real SMTP server on this machine that accepts, puts off, refuses or hangs up."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

from engine.clock import SHANGHAI
from engine.errors import InputWrong
from notifications.delivery import DeliveryDelayed, DeliveryFailed
from notifications.message import build_message, message_id_of
from notifications.render import Rendered
from notifications.smtp_delivery import SmtpDelivery, smtp_server

PASSWORD = "s3cret-@:/"
CERTIFICATE = Path(__file__).parent / "mail_server.pem"

# The server warns about sign-in without encryption, which some of these tests want on purpose.
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


class Sink:
    """Takes mails, and answers as told: `answers={"RCPT": "550 no such user"}`. An exception hangs up."""

    def __init__(self, answers: dict[str, str] | None = None) -> None:
        self.answers = answers or {}
        self.taken: list[tuple[str | None, list[str], bytes]] = []
        self.connections: set[object] = set()

    async def handle_MAIL(  # noqa: N802
        self, _: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(session.peer)
        envelope.mail_from = address
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.answers.get("RCPT", "250 OK")

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers.get("DATA") == "hang up":
            server.transport.close()
        content = envelope.content
        assert isinstance(content, bytes)
        if "DATA" not in self.answers:
            self.taken.append((envelope.mail_from, envelope.rcpt_tos, content))
        return self.answers.get("DATA", "250 taken as 7F3")


@contextmanager
def serving(sink: Sink, **options: object) -> Iterator[str]:
    """`host:port` of a server for `sink`."""
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    try:
        yield f"127.0.0.1:{controller.port}"
    finally:
        controller.stop()


def encrypted() -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def only_with(user: str, password: str) -> dict[str, object]:
    """Options of a server that demands this sign-in, encrypted or not."""

    def authenticate(_server: object, _session: object, _envelope: object, _mechanism: object, data: Any) -> AuthResult:
        right = (data.login, data.password) == (user.encode(), password.encode())
        return AuthResult(success=right, handled=False)

    return {"authenticator": authenticate, "auth_required": True, "auth_require_tls": False}


def a_mail(text: str = "正文\n.\n..一行\n") -> EmailMessage:
    return build_message(
        Rendered("2018-0003 作出处罚决定", text, html="<p>正文</p>\n"),
        to_name="李文",
        to_address="liwen@example.cn",
        message_id=message_id_of("rung", date(2018, 9, 11)),
        sent_from="anjuan@example.cn",
        at=datetime(2018, 9, 11, 8, tzinfo=SHANGHAI),
    )


def test_a_mail_arrives_byte_for_byte_with_the_servers_answer() -> None:
    sink = Sink()

    with serving(sink) as address:
        accepted = SmtpDelivery(f"smtp://{address}").deliver(a_mail())

    [(mail_from, recipients, content)] = sink.taken
    assert accepted.answer == "250 taken as 7F3"
    assert (mail_from, recipients) == ("anjuan@example.cn", ["liwen@example.cn"])
    assert content == a_mail().as_bytes()


@pytest.mark.parametrize(
    ("command", "answer", "outcome"),
    [
        ("MAIL", "451 4.3.0 busy", DeliveryDelayed),
        ("RCPT", "451 4.7.1 greylisted, come back", DeliveryDelayed),
        ("DATA", "452 4.2.2 mailbox full today", DeliveryDelayed),
        ("MAIL", "530 5.7.0 sign in first", DeliveryDelayed),
        ("MAIL", "553 5.7.1 not your address", DeliveryFailed),
        ("RCPT", "550 5.1.1 no such user", DeliveryFailed),
        ("DATA", "552 5.3.4 too big", DeliveryFailed),
    ],
)
def test_4xx_means_later_and_5xx_means_never(command: str, answer: str, outcome: type[Exception]) -> None:
    sink = Sink({command: answer})

    with serving(sink) as address, pytest.raises((DeliveryDelayed, DeliveryFailed)) as caught:
        SmtpDelivery(f"smtp://{address}").deliver(a_mail())

    assert type(caught.value) is outcome
    assert caught.value.answer == answer
    assert answer in caught.value.zh
    assert sink.taken == []


def test_a_refused_mail_does_not_hold_up_the_next() -> None:
    sink = Sink({"RCPT": "550 no such user"})
    with serving(sink) as address:
        delivery = SmtpDelivery(f"smtp://{address}")
        with pytest.raises(DeliveryFailed):
            delivery.deliver(a_mail())
        sink.answers = {}

        delivery.deliver(a_mail())

    assert len(sink.taken) == 1


def test_mails_go_one_after_another_on_one_connection() -> None:
    sink = Sink()
    with serving(sink) as address:
        with closing(SmtpDelivery(f"smtp://{address}")) as delivery:
            for _ in range(3):
                delivery.deliver(a_mail())
        delivery.deliver(a_mail())
        delivery.close()

    assert len(sink.taken) == 4
    assert len(sink.connections) == 2


@pytest.mark.parametrize("answer", ["421 too many mails on this connection", "451 not again"])
def test_a_server_that_wants_another_connection_gets_one(answer: str) -> None:
    class Choosy(Sink):
        async def handle_MAIL(  # noqa: N802
            self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
        ) -> str:
            if session.peer in self.connections:
                return answer
            return await super().handle_MAIL(server, session, envelope, address, options)

    sink = Choosy()
    with serving(sink) as address, closing(SmtpDelivery(f"smtp://{address}")) as delivery:
        for _ in range(3):
            delivery.deliver(a_mail())

    assert len(sink.taken) == len(sink.connections) == 3


def test_a_connection_that_the_server_ended_between_two_mails_is_opened_anew() -> None:
    sink = Sink()
    with serving(sink) as address, closing(SmtpDelivery(f"smtp://{address}")) as delivery:
        delivery.deliver(a_mail())
        kept = delivery._kept
        assert kept is not None
        assert kept.sock is not None
        kept.sock.shutdown(socket.SHUT_RDWR)
        delivery.deliver(a_mail())

    assert len(sink.taken) == 2


def test_a_server_that_falls_silent_after_the_mail_is_a_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.smtp_delivery.TIMEOUT_SECONDS", 0.2)

    class Silent(Sink):
        async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
            await asyncio.sleep(60)
            raise AssertionError

    with serving(Silent()) as address, pytest.raises(DeliveryDelayed) as caught:
        SmtpDelivery(f"smtp://{address}").deliver(a_mail())

    assert "连接中断" in caught.value.zh


def test_a_connection_lost_after_the_mail_was_sent_is_a_delay() -> None:
    with serving(Sink({"DATA": "hang up"})) as address, pytest.raises(DeliveryDelayed) as caught:
        SmtpDelivery(f"smtp://{address}").deliver(a_mail())

    assert "连接中断" in caught.value.zh


def test_nobody_listening_is_a_delay() -> None:
    with closing(socket.socket()) as not_listening:
        not_listening.bind(("127.0.0.1", 0))
        delivery = SmtpDelivery(f"smtp://127.0.0.1:{not_listening.getsockname()[1]}")

        with pytest.raises(DeliveryDelayed) as caught:
            delivery.deliver(a_mail())

    assert "无法连接" in caught.value.zh


def test_a_server_that_never_greets_is_a_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("notifications.smtp_delivery.TIMEOUT_SECONDS", 0.05)

    with closing(socket.create_server(("127.0.0.1", 0))) as silent, pytest.raises(DeliveryDelayed) as caught:
        SmtpDelivery(f"smtp://127.0.0.1:{silent.getsockname()[1]}").deliver(a_mail())

    assert "cannot be reached" in caught.value.en


def test_starttls_is_used_where_it_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    sink = Sink()

    with serving(sink, tls_context=encrypted(), require_starttls=True) as address:
        SmtpDelivery(f"smtp://{address}").deliver(a_mail())

    assert len(sink.taken) == 1


def test_smtps_is_encrypted_from_the_first_byte(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    sink = Sink()

    with serving(sink, ssl_context=encrypted()) as address:
        SmtpDelivery(f"smtps://{address}").deliver(a_mail())

    assert len(sink.taken) == 1


@pytest.mark.parametrize(
    ("scheme", "options"), [("smtp", {"tls_context": encrypted()}), ("smtps", {"ssl_context": encrypted()})]
)
def test_a_server_with_a_certificate_that_nobody_vouches_for_gets_neither_mail_nor_password(
    scheme: str, options: dict[str, object]
) -> None:
    sink, asked = Sink(), []

    def authenticate(*seen: object) -> AuthResult:
        asked.append(seen)
        return AuthResult(success=True)

    with (
        serving(sink, authenticator=authenticate, auth_require_tls=False, **options) as address,
        pytest.raises(DeliveryDelayed) as caught,
    ):
        SmtpDelivery(f"{scheme}://anjuan:s3cret@{address}").deliver(a_mail())

    assert "certificate" in caught.value.answer
    assert asked == sink.taken == []


def test_an_unencrypted_server_behind_smtps_is_a_delay() -> None:
    with serving(Sink()) as address, pytest.raises(DeliveryDelayed) as caught:
        SmtpDelivery(f"smtps://{address}").deliver(a_mail())

    assert "无法连接" in caught.value.zh


def test_sign_in_uses_the_decoded_user_and_password() -> None:
    sink = Sink()

    with serving(sink, **only_with("anjuan@example.cn", PASSWORD)) as address:
        delivery = SmtpDelivery(f"smtp://anjuan%40example.cn:s3cret-%40%3A%2F@{address}")
        delivery.deliver(a_mail())

    assert len(sink.taken) == 1
    assert delivery.sender == "anjuan@example.cn"


def test_a_wrong_password_is_a_delay_and_is_never_shown() -> None:
    sink = Sink()

    with serving(sink, **only_with("anjuan", "right")) as address, pytest.raises(DeliveryDelayed) as caught:
        SmtpDelivery(f"smtp://anjuan:wr0ng-pass@{address}").deliver(a_mail())

    assert caught.value.answer.startswith("535")
    assert "用户名或密码" in caught.value.zh
    assert "wr0ng-pass" not in repr(caught.value) + str(caught.value) + caught.value.zh
    assert sink.taken == []


def test_a_password_that_the_server_repeats_is_struck_out() -> None:
    sink = Sink({"DATA": "554 I remember s3cret and AGFuanVhbgBzM2NyZXQ= of you"})  # base64 of NUL anjuan NUL s3cret

    with serving(sink, **only_with("anjuan", "s3cret")) as address, pytest.raises(DeliveryFailed) as caught:
        SmtpDelivery(f"smtp://anjuan:s3cret@{address}").deliver(a_mail())

    assert caught.value.answer == "554 I remember *** and *** of you"


@pytest.mark.parametrize(
    ("url", "host", "port", "encrypted", "user"),
    [
        ("smtp://mail.example.cn", "mail.example.cn", 25, False, ""),
        ("smtps://mail.example.cn", "mail.example.cn", 465, True, ""),
        ("smtp://u:p@mail.example.cn:587/", "mail.example.cn", 587, False, "u"),
        ("SMTPS://u%40x.cn:p@[::1]:2465", "::1", 2465, True, "u@x.cn"),
    ],
)
def test_server_urls(url: str, host: str, port: int, encrypted: bool, user: str) -> None:
    server = smtp_server(url)

    assert (server.host, server.port, server.encrypted, server.user) == (host, port, encrypted, user)


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.cn",
        "http://u:hunter2@mail.example.cn",
        "smtp://",
        "smtp://u:hunter2@",
        "smtp://u:hunter2@mail.example.cn:port",
        "smtp://u:hunter2@mail.example.cn:99999",
        "smtp://u:hunter2@mail.example.cn:0",
        "smtp://u:hunter2@mail.example.cn/inbox",
        "smtp://u:hunter2@mail.example.cn?x=1",
        "smtp://u:hunter2/x@mail.example.cn",
        "smtp://hunter2@mail.example.cn",
        "smtp://:hunter2@mail.example.cn",
        "smtp://u:hunter2%0d%0a@mail.example.cn",
        "smtp://u:hunter2\r\n@mail.example.cn",
        "smtp://用户:hunter2@mail.example.cn",
        "smtp://[u:hunter2@mail.example.cn",
    ],
)
def test_a_wrong_server_url_is_explained_without_the_password(url: str) -> None:
    with pytest.raises(InputWrong) as caught:
        SmtpDelivery(url)

    shown = caught.value.zh + caught.value.en + repr(caught.value) + repr(caught.value.__cause__)
    assert caught.value.code == "smtp.url"
    assert "ANJUAN_SMTP" in caught.value.zh
    assert "hunter2" not in shown


@pytest.mark.parametrize(
    ("url", "sender"),
    [
        ("smtp://liwen%40example.cn:p@mail.example.cn", "liwen@example.cn"),
        ("smtp://liwen:p@mail.example.cn", "anjuan@mail.example.cn"),
        ("smtp://mail.example.cn", "anjuan@mail.example.cn"),
        ("smtp://10.0.0.1", "anjuan@localhost"),
        ("smtp://[::1]", "anjuan@localhost"),
    ],
)
def test_the_sender_follows_from_the_server_url(url: str, sender: str) -> None:
    assert SmtpDelivery(url).sender == sender


def test_the_password_is_not_in_the_objects_text() -> None:
    assert "hunter2" not in repr(smtp_server("smtp://u:hunter2@mail.example.cn"))
    assert "hunter2" not in repr(SmtpDelivery("smtp://u:hunter2@mail.example.cn"))
