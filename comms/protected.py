"""Words that may appear in no output, in no form: names, nicknames, classes, accounts.

A word is found whatever its case and accents, with spaces or punctuation put in, and split over
lines; but only whole, so that "Jan" does not stop "januari".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")


def folded(text: str) -> list[str]:
    """The text's words, without case, accents and punctuation."""
    if text.isascii():  # as nearly all text is, and far faster
        return _WORD.findall(text.lower())
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) not in ("Mn", "Cf")
    )
    return _WORD.findall(plain.casefold())


def contains(text: str, protected: Iterable[str]) -> bool:
    """Whether any protected word stands in the text, in any form."""
    by_first = _by_first(protected)
    return bool(by_first) and _found(folded(text), by_first)


class Watch:
    """Looks for protected words in rows of a table, where the parts of a name can stand in columns of their own."""

    def __init__(self, protected: Iterable[str]) -> None:
        protected = tuple(protected)
        self._by_first = _by_first(protected)
        self._names = [frozenset(folded(entry)) for entry in protected]

    def sees(self, cells: Iterable[str]) -> bool:
        """Whether a protected word stands in the row, or all parts of one in whatever order."""
        if not self._names:
            return False
        words = folded("\n".join(cells))
        there = set(words)
        return any(name <= there for name in self._names) or _found(words, self._by_first)


def _by_first(protected: Iterable[str]) -> dict[str, list[str]]:
    by_first: dict[str, list[str]] = {}
    for entry in protected:
        if joined := "".join(folded(entry)):
            by_first.setdefault(joined[0], []).append(joined)
    return by_first


def _found(words: list[str], by_first: dict[str, list[str]]) -> bool:
    return any(
        _starts_with(words, start, wanted) for start, word in enumerate(words) for wanted in by_first.get(word[0], ())
    )


def _starts_with(words: list[str], start: int, wanted: str) -> bool:
    """Whether the words from here on, written as one, begin with exactly the wanted one and end with a word."""
    position = 0
    for index in range(start, len(words)):
        if not wanted.startswith(words[index], position):
            return False
        position += len(words[index])
        if position == len(wanted):
            return True
    return False
