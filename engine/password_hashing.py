"""Hashes what somebody proves himself with, so that the store never holds it: argon2id."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from argon2 import PasswordHasher


class Hasher(Protocol):
    """Something that hashes slowly on purpose."""

    def hash(self, secret: str) -> str:
        """The hash, with its salt and what it cost."""

    def proves(self, hash_: str, secret: str) -> bool:
        """Whether the hash is that of the secret; of a damaged hash it never is."""

    def is_outdated(self, hash_: str) -> bool:
        """Whether it was made at another cost than today's."""


@dataclass(frozen=True)
class Argon2:
    """Argon2id, at the cost that RFC 9106 recommends where memory is short (its second choice), unless said."""

    rounds: int = 3
    memory_kib: int = 65536
    lanes: int = 4

    def hash(self, secret: str) -> str:
        return self._hasher().hash(secret)

    def proves(self, hash_: str, secret: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            return self._hasher().verify(hash_, secret)
        except (VerificationError, InvalidHashError):
            return False

    def is_outdated(self, hash_: str) -> bool:
        return self._hasher().check_needs_rehash(hash_)

    def _hasher(self) -> PasswordHasher:
        # Loaded only by the few commands that ask for a password.
        from argon2 import PasswordHasher

        return PasswordHasher(self.rounds, self.memory_kib, self.lanes)
