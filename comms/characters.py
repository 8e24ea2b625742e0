"""What a text may hold so that every output can show it."""

from __future__ import annotations

import re
from functools import cache

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def visible(text: str) -> str:
    """The text as one line that every output can hold; what it can't hold comes out as U+FFFD, visibly."""
    # What Python calls printable holds none of these; nearly every text is, and no pattern need be compiled for it.
    return text if text.isprintable() else _invisible().sub(REPLACEMENT, text)


@cache
def _invisible() -> re.Pattern[str]:
    """What no output can hold or what would break a line: controls, line and paragraph separators, lone surrogates,
    non-characters. Zero-width and direction marks are text in some languages and stay."""
    return re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
