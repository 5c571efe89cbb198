"""How a long run tells somebody about what it meets, in both languages."""

from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[str, str], None]


def silent(_zh: str, _en: str) -> None:
    """Tells nobody."""
