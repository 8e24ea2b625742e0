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
    plain = "".join(
        each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) not in ("Mn", "Cf")
    )
    return _WORD.findall(plain.casefold())


def contains(text: str, protected: Iterable[str]) -> bool:
    """Whether any protected word stands in the text, in any form."""
    by_first: dict[str, list[str]] = {}
    for entry in protected:
        if joined := "".join(folded(entry)):
            by_first.setdefault(joined[0], []).append(joined)
    if not by_first:
        return False
    words = folded(text)
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
