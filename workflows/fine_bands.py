"""Fine bands as arithmetic: between which amounts a fine lies, and which of two laws is the milder; in fen."""

from __future__ import annotations

from dataclasses import dataclass

from engine.law_book import ParameterVersion


@dataclass(frozen=True)
class Band:
    """The least and the most that a fine may be, both inclusive; `or_fen` is one more amount that the law allows.

    A fine of 0 is always lawful: 可以并处.
    """

    least_fen: int
    most_fen: int
    or_fen: int | None = None

    def holds(self, fine_fen: int) -> bool:
        return fine_fen in (0, self.or_fen) or self.least_fen <= fine_fen <= self.most_fen


@dataclass(frozen=True)
class Found:
    """What a fine is measured by, as the investigation found it. `None`: unknown, or hard to calculate."""

    turnover_fen: int | None = None
    goods_value_fen: int | None = None
    copies: int | None = None


def fine_band(found: Found, version: ParameterVersion) -> Band | None:
    """The band under that version; `None` where no band is confirmed, or where what it is measured by is unknown."""
    if not version.says("known"):
        return None
    match version.values["measured_by"]:
        case "turnover":
            return _by_turnover(found.turnover_fen, version)
        case "goods":
            return _by_goods(found, version)
        case _:
            return Band(version.integer("least_fen"), version.integer("most_fen"))


def lacks_its_measure(found: Found, version: ParameterVersion) -> bool:
    """Whether the law sets the fine by something that is unknown, and no amount for that case."""
    return version.says("known") and fine_band(found, version) is None


def milder(one: Band, other: Band) -> Band:
    """The milder of two bands: the lower most, then the lower least; `one` where they are alike. 从旧兼从轻."""
    return other if _weight(other) < _weight(one) else one


def _by_turnover(turnover_fen: int | None, version: ParameterVersion) -> Band:
    """From the threshold on (itself included) a multiple of the turnover, else up to a fixed amount.

    著作权法（2020） §53. The words of 2013 let both hold at exactly 50,000 yuan; there the multiple holds.
    """
    if turnover_fen is not None and turnover_fen >= version.integer("turnover_from_fen"):
        return _multiple(turnover_fen, version)
    return Band(0, version.integer("otherwise_most_fen"))


def _by_goods(found: Found, version: ParameterVersion) -> Band | None:
    """So much for each copy, or a multiple of the value of the goods: either is lawful. 计算机软件保护条例 §24(2)."""
    by_copy = None if found.copies is None else found.copies * version.integer("per_copy_fen")
    if found.goods_value_fen is None:
        return None if by_copy is None else Band(by_copy, by_copy)
    band = _multiple(found.goods_value_fen, version)
    return Band(band.least_fen, band.most_fen, by_copy)


def _multiple(base_fen: int, version: ParameterVersion) -> Band:
    return Band(base_fen * version.integer("times_least"), base_fen * version.integer("times_most"))


def _weight(band: Band) -> tuple[int, int]:
    return max(band.most_fen, band.or_fen or 0), band.least_fen
