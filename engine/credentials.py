"""What a person proves himself with, as values: passwords, one-time codes, and how long too many wrong tries lock."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.errors import InputWrong, Remedy
from engine.password_hashing import Hasher
from engine.people import Person

LEAST_CHARACTERS = 10
MOST_CHARACTERS = 1000
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
# Sixteen of these are 79 bits; without 0 and O, 1, I and L, which are read wrongly from paper.
CODE_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_GROUPS = 4
GROUP_LETTERS = 4


@dataclass(frozen=True)
class Credential:
    """The hash by which somebody is known, and the wrong tries since the last right one."""

    name: str
    hash: str
    is_code: bool
    failed: int = 0
    failed_at: datetime | None = None

    @property
    def locked_until(self) -> datetime | None:
        """The first instant at which another try is taken after too many wrong ones; `None` before that many."""
        if self.failed < MOST_FAILURES or self.failed_at is None:
            return None
        return self.failed_at + LOCKED_FOR


def new_code() -> str:
    """A one-time code, in groups as it is printed."""
    groups = ("".join(secrets.choice(CODE_LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(CODE_GROUPS))
    return "-".join(groups)


def plain_code(typed: str) -> str:
    """A code as it is hashed: however it was typed, in capitals, without blanks and dashes."""
    return "".join(typed.upper().split()).replace("-", "")


def hashed_code(hasher: Hasher, code: str) -> str:
    """The hash by which a printed code will be known."""
    return hasher.hash(plain_code(code))


def plain_password(typed: str) -> str:
    """A password as it is hashed: the same characters whichever keyboard composed them. Raises InputWrong.

    Only one that cannot be anybody's is refused here, whoever's it is said to be.
    """
    password = unicodedata.normalize("NFC", typed)
    if not password:
        raise InputWrong("password.empty", "没有输入口令", "no password was entered")
    if len(password) > MOST_CHARACTERS:
        raise InputWrong(
            "password.long",
            f"口令至多{MOST_CHARACTERS}个字符，输入了{len(password)}个",
            f"a password has at most {MOST_CHARACTERS} characters, this has {len(password)}",
        )
    return password


def new_password(typed: str, person: Person) -> str:
    """A password that the person may take, as it is hashed. Raises InputWrong with what it must be."""
    password = plain_password(typed)
    if len(password) < LEAST_CHARACTERS:
        raise InputWrong(
            "password.short",
            f"口令至少{LEAST_CHARACTERS}个字符，输入了{len(password)}个",
            f"a password has at least {LEAST_CHARACTERS} characters, this has {len(password)}",
            Remedy("可以用一句话作口令", "a sentence makes a good password"),
        )
    if password.casefold().strip() in {person.name.casefold(), person.zh.casefold()}:
        raise InputWrong(
            "password.is_name", "口令不能是姓名或者代号", "a password cannot be the name of the one it belongs to"
        )
    return password
