"""`anjuan staff mute / unmute`: which reminders somebody does not want to hear of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

from typer import Argument, Typer

from commands.door import Desk, office_here, writing
from commands.frame import Run, command
from commands.output import wrap
from commands.words import t
from engine.clock import shown_instant
from engine.ladders import Ladder
from engine.mutes import mute as mute_ladder
from engine.mutes import mutes_of
from engine.mutes import unmute as unmute_ladder

LadderId = Annotated[
    str, Argument(metavar="LADDER", help=t("提醒层级，见rule list --kind ladder", "see rule list --kind ladder"))
]


def hang(app: Typer) -> None:
    """Makes both commands of the noun."""
    command(
        app,
        "mute",
        zh="关闭本人的一类提醒\n\n法定期限等规定不能关闭的除外。不发的邮件仍予保存，并注明原因。",
        en="Mute one kind of reminder for yourself\n\nNot what its ladder makes compulsory. A mail that is not sent is "
        "kept all the same, with the reason.",
        changes=True,
    )(mute)
    command(app, "unmute", zh="恢复本人的一类提醒", en="Hear of one kind of reminder again", changes=True)(unmute)


def mute(run: Run, ladder: LadderId) -> None:
    """Shows what the person has muted now."""
    office = office_here()
    with writing(run, office) as desk:
        found = mute_ladder(desk.work, office.law.ladders, desk.who, ladder, office.clock.now())
        document = _document(desk, found, muted=True)
    run.show(document, lambda: _lines(document))


def unmute(run: Run, ladder: LadderId) -> None:
    """Shows what the person has muted now."""
    office = office_here()
    with writing(run, office) as desk:
        found = unmute_ladder(desk.work, office.law.ladders, desk.who, ladder)
        document = _document(desk, found, muted=False)
    run.show(document, lambda: _lines(document))


def _document(desk: Desk, ladder: Ladder, *, muted: bool) -> dict[str, Any]:
    all_muted = {id_: shown_instant(at) for id_, at in mutes_of(desk.work, desk.who).items()}
    return {
        "name": desk.who.name,
        "ladder": ladder.id,
        "zh": ladder.zh,
        "en": ladder.en,
        "muted": muted,
        "all_muted": all_muted,
    }


def _lines(done: dict[str, Any]) -> Iterator[str]:
    name, ladder = done["name"], done["ladder"]
    if done["muted"]:
        yield from wrap(
            t(
                f"{name}不再收到“{done['zh']}”的提醒，恢复：",
                f"{name} hears no more of: {done['en']}. To hear again:",
            )
        )
        yield f"  anjuan staff unmute {ladder}"
    else:
        yield from wrap(t(f"{name}照常收到“{done['zh']}”的提醒", f"{name} hears again of: {done['en']}"))
    if done["all_muted"]:
        yield t(f"已关闭：{'、'.join(done['all_muted'])}", f"muted: {', '.join(done['all_muted'])}")
