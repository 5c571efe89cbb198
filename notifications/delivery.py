"""The port through which a mail leaves: one call, and three possible outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from email.message import EmailMessage
from typing import Protocol

from engine.errors import AnjuanError, Remedy

SMTP_VARIABLE = "ANJUAN_SMTP"


@dataclass(frozen=True)
class Accepted:
    """The mail is delivered as far as we can know; `answer` is what the other side said, one line."""

    answer: str


class NotDelivered(AnjuanError):
    """A mail was not accepted. `answer` is what the other side said, one line, as it is kept with the attempt."""

    def __init__(self, answer: str, reason_zh: str, reason_en: str) -> None:
        super().__init__(answer, reason_zh, reason_en)
        self.answer, self.reason_zh, self.reason_en = answer, reason_zh, reason_en


class DeliveryDelayed(NotDelivered):
    """Not now: the same mail may be accepted later without anybody changing it."""

    code = "mail.delayed"

    def __str__(self) -> str:
        return f"mail not delivered yet: {self.reason_en} ({self.answer})"

    @property
    def zh(self) -> str:
        return f"邮件暂未送出：{self.reason_zh}（{self.answer}）"

    @property
    def remedy(self) -> Remedy:
        return Remedy("排除原因后再次运行", "remove the cause, then run it again", "anjuan remind run")


class DeliveryFailed(NotDelivered):
    """Never: the server refuses this mail for good."""

    code = "mail.failed"

    def __str__(self) -> str:
        return f"mail refused for good: {self.reason_en} ({self.answer})"

    @property
    def zh(self) -> str:
        return f"邮件被拒收：{self.reason_zh}（{self.answer}）"

    @property
    def remedy(self) -> Remedy:
        return Remedy("请核对收件地址", "check the address of the reader")


class Delivery(Protocol):
    """Somewhere mails go."""

    @property
    def sender(self) -> str:
        """The bare address that stands in From."""

    def deliver(self, message: EmailMessage) -> Accepted:
        """Hands over one mail to the address in its To header. Raises DeliveryDelayed or DeliveryFailed."""


class WayOut(Delivery, Protocol):
    """A delivery that may hold something open between two mails."""

    def close(self) -> None:
        """Ends what it holds open; it may deliver again afterwards."""
