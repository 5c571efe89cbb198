"""The two streams of this run: data on stdout, talk on stderr, both UTF-8, and a bar for long work."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import sys
from collections.abc import Callable, Iterator

from commands.output import MAX_WIDTH, cut, display_width

NARROWEST_SCREEN = 40
BAR_WIDTH = 30


def settle_streams() -> None:
    """Both streams write UTF-8 whatever the locale says; what cannot be written becomes a question mark."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def write_data(text: str) -> None:
    """Writes to stdout. A reader that has gone away (`| head`) is no error: the rest is dropped quietly.

    Raises OSError when the medium is full or broken; nothing is written to it any more.
    """
    if sys.stdout is None:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _write_nowhere()
    except OSError:
        _write_nowhere()
        raise


def write_talk(line: str) -> None:
    """Writes one line to stderr. Where nobody can read it, it is lost."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(line + "\n")
            sys.stderr.flush()


def screen_width() -> int:
    """The columns to fill: those of the terminal, at most 100; 100 when stdout is no terminal."""
    if sys.stdout is None or not sys.stdout.isatty():
        return MAX_WIDTH
    return max(min(shutil.get_terminal_size((MAX_WIDTH, 24)).columns, MAX_WIDTH), NARROWEST_SCREEN)


@contextlib.contextmanager
def progress(total: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on stderr for work of `total` parts; call what it gives with the number of parts just done.

    Draws only where stderr is a terminal, so that logs stay clean.
    """
    if total <= 0 or sys.stderr is None or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda parts: None
        return
    bar = _Bar(total, label)
    try:
        yield bar.advance
    finally:
        bar.end()


class _Bar:
    def __init__(self, total: int, label: str) -> None:
        self._total, self._label, self._done, self._drawn = total, label, 0, ""
        self.advance(0)

    def advance(self, parts: int = 1) -> None:
        self._done = min(self._done + parts, self._total)
        filled = BAR_WIDTH * self._done // self._total
        count = f"{self._done}/{self._total}"
        label = cut(self._label, NARROWEST_SCREEN)
        line = f"{label} [{'#' * filled}{'.' * (BAR_WIDTH - filled)}] {count}"
        if line != self._drawn:
            self._draw(line)

    def end(self) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write("\n")
            sys.stderr.flush()

    def _draw(self, line: str) -> None:
        rest = " " * max(display_width(self._drawn) - display_width(line), 0)
        with contextlib.suppress(OSError):
            sys.stderr.write(f"\r{line}{rest}")
            sys.stderr.flush()
        self._drawn = line


def _write_nowhere() -> None:
    """Points stdout at nothing, so that neither we nor the interpreter at its end stumble over it again."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
