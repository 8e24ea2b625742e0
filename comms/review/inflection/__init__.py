"""All forms of a word from its principal parts. Used when rules are built, never when a text is read."""

from __future__ import annotations

from typing import NamedTuple


class Forms(NamedTuple):
    """The forms of a lemma, without accents, in small letters."""

    words: frozenset[str]
    """As one word."""
    apart: frozenset[str] = frozenset()
    """Forms of a verb that stand apart from its particle: ``stuurt`` … door."""
    particle: str = ""
