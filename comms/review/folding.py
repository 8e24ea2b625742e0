"""Writing that looks the same becomes the same, at the same place.

Everything here keeps the length of a text, so that an offset in what is read is an offset in what was given:
what disappears leaves fillers behind. Words are folded one by one and may change length.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

FILLER = "\N{WORD JOINER}"
"""Stands where something was taken out. Like all of INVISIBLE it is no part of a word and splits none."""

_REST = "\N{COMBINING GRAPHEME JOINER}"
"""Stands for the rest of an entity after the letter that it means. Like all of MARKS it belongs to that letter."""

INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
)
"""What shows nothing and can stand within a word, as the inside of a character class."""

MARKS = "\u0300-\u036f\u1ab0-\u1aff\u20d0-\u20ff"
"""Accents that follow the letter they stand on, as the inside of a character class."""

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# A word that was broken off at the end of a line.
_WRAPPED_HYPHEN = re.compile("(?<=[\u00ad-])[ \t]*\r?\n[ \t]*(?=[a-z])")
_NOT_LETTERS = re.compile(f"[{INVISIBLE}{MARKS}]+")

# Letters of other scripts that look like Latin ones, by what they look like; after folding of case.
_LOOK_ALIKES = str.maketrans(
    {
        "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "һ": "h", "і": "i", "ј": "j", "к": "k", "ӏ": "l", "м": "m",
        "н": "h", "о": "o", "р": "p", "ԛ": "q", "ѕ": "s", "т": "t", "ц": "u", "ѵ": "v", "ԝ": "w", "х": "x", "у": "y",
        "α": "a", "β": "b", "ϲ": "c", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "m", "ν": "v", "ο": "o", "ρ": "p",
        "τ": "t", "υ": "u", "χ": "x", "γ": "y", "ω": "w", "σ": "o", "ς": "s", "ı": "i", "ł": "l", "ø": "o", "đ": "d",
        "ħ": "h", "ɑ": "a", "ɡ": "g", "ɩ": "i", "օ": "o", "ո": "n", "ս": "u", "հ": "h", "ց": "g", "æ": "ae", "œ": "oe",
        "’": "'", "‘": "'", "‛": "'", "ʼ": "'", "´": "'", "`": "'", "′": "'", "＇": "'",
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "−": "-", "﹣": "-", "－": "-",
    }
)  # fmt: skip


def listed(words: str) -> frozenset[str]:
    """A set of words that are written one after the other."""
    return frozenset(words.split())


@lru_cache(maxsize=20_000)
def folded(word: str) -> str:
    """The word as it is compared: without case, accents and what is invisible, in Latin letters."""
    plain = word.lower()
    if plain.isascii() and plain.isprintable():
        return plain
    # The letter ij and ligatures come apart, letters in bold or in a circle become plain ones.
    plain = unicodedata.normalize("NFKD", plain).casefold()
    return _NOT_LETTERS.sub("", plain).translate(_LOOK_ALIKES)


def readable(text: str, start: int, end: int, skips: Iterable[tuple[int, int]] = ()) -> str:
    """The stretch of text as a reader takes it in, at the same length: entities decoded, what is skipped filled up.

    ``skips`` are in order and within the stretch.
    """
    if skips:
        pieces: list[str] = []
        position = start
        for skip_start, skip_end in skips:
            if skip_end > position:
                pieces += (text[position:skip_start], FILLER * (skip_end - max(skip_start, position)))
                position = skip_end
        piece = "".join((*pieces, text[position:end]))
    else:
        piece = text[start:end]
    if "&" in piece:
        piece = _ENTITY.sub(_decoded, piece)
    if "\n" in piece and ("-" in piece or "\u00ad" in piece):
        piece = _WRAPPED_HYPHEN.sub(lambda match: FILLER * len(match[0]), piece)
    return piece


def _decoded(match: re.Match[str]) -> str:
    from html import unescape

    character = unescape(match[0])
    if character == match[0] or len(character) > len(match[0]):
        return match[0]
    return character.ljust(len(match[0]), _REST)
