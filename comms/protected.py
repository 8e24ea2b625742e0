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
    words = folded(text)
    wanted = {joined for entry in protected if (joined := "".join(folded(entry)))}
    longest = max(map(len, wanted), default=0)
    for start in range(len(words)):
        joined = ""
        for word in words[start:]:
            joined += word
            if joined in wanted:
                return True
            if len(joined) >= longest:
                break
    return False
