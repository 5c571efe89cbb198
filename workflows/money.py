"""Amounts of money as people read them; inside, money is integer fen."""

from __future__ import annotations

FEN_PER_YUAN = 100


def yuan(fen: int) -> str:
    """An amount in yuan: 2,500.00."""
    return f"{fen // FEN_PER_YUAN:,}.{fen % FEN_PER_YUAN:02d}"
