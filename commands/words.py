"""The language of this run: decided once, before any command module is imported, and asked for ever after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from engine.errors import InputWrong, Remedy

LANGUAGES: Final = ("zh", "en")

_chosen: str = "zh"


def use_language(choice: str) -> None:
    """Everything said from now on is said in `choice`, `zh` or `en`. Raises InputWrong for any other."""
    global _chosen
    if choice not in LANGUAGES:
        raise InputWrong(
            "usage.language",
            f"没有“{choice}”这种语言，可选 zh（中文）、en（英文）",
            f"there is no language {choice!r}; choose zh (Chinese) or en (English)",
            Remedy("改用 zh 或 en", "use zh or en", "anjuan --lang en --help"),
        )
    _chosen = choice


def language() -> str:
    """The language in use, `zh` or `en`."""
    return _chosen


def t(zh: str, en: str) -> str:
    """The one of two texts that is in the language of this run."""
    return zh if _chosen == "zh" else en


def language_asked(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language that the typed words or `ANJUAN_LANG` ask for: the last `--lang` wins, Chinese is the default.

    Reads the words before they are parsed, so the answer may be any text; `use_language` judges it.
    """
    asked = environment.get("ANJUAN_LANG") or "zh"
    words = options_part(arguments)
    for place, word in enumerate(words):
        if word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
        elif word == "--lang" and place + 1 < len(words):
            asked = words[place + 1]
    return asked


def json_asked(arguments: Sequence[str]) -> bool:
    """Whether the typed words ask for JSON, known even when they cannot be parsed."""
    return any(word == "--json" or word.startswith("--json=") for word in options_part(arguments))


def options_part(arguments: Sequence[str]) -> Sequence[str]:
    """The words in which an option is an option: those before a bare `--`."""
    return arguments[: list(arguments).index("--")] if "--" in arguments else arguments
