"""The word `anjuan` itself: it knows its commands by name and help, and loads one only when it is called."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Mapping
from types import ModuleType

import typer.main
from typer._click.core import Command, Context

from commands.frame import common_callback
from commands.parsing import FramedGroup
from commands.places import Place
from commands.words import t


class Root(FramedGroup):
    """The group of all commands, none of them loaded."""

    places: Mapping[str, Place]

    def list_commands(self, ctx: Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: Context, cmd_name: str) -> Command | None:
        place = self.places.get(cmd_name)
        return None if place is None else typer.main.get_command(_loaded(place.module).app)

    def command_rows(self, ctx: Context) -> list[tuple[str, str]]:
        return [(name, t(place.zh, place.en)) for name, place in self.places.items()]


def root_of(places: Mapping[str, Place]) -> Root:
    """The root of the command line over these places."""
    app = typer.Typer(
        cls=Root,
        help=t("案卷：版权执法专项行动的案件流程系统", "Case engine for copyright-enforcement campaigns"),
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(common_callback())
    root = typer.main.get_group(app)
    assert isinstance(root, Root)
    root.places = places
    return root


def _loaded(module: str) -> ModuleType:
    """The module of a command, with all that it imports.

    Loading leaves next to no garbage, yet looking for it, then and at the end of the process, takes a third of the
    time of a short command; so what was loaded is set aside for good.
    """
    if module in sys.modules:
        return sys.modules[module]
    gc.disable()
    try:
        return importlib.import_module(module)
    finally:
        gc.freeze()
        gc.enable()
