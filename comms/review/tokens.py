"""A part of a text as sentences of words.

A word knows where it stands; what stands between words (a comma, a full stop, a quotation mark) is kept beside
them. Contractions come apart, so that "don't" and "do not" are the same two words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from comms.review.folding import INVISIBLE, MARKS, folded, listed

LONGEST = 120
"""Words in a sentence; what is longer is read as several."""
_LONGEST_WORD = 80
"""Letters of a word that are looked at."""

_CHUNK = rf"[^\W_]++(?:(?:[{MARKS}]++|[{INVISIBLE}{MARKS}]++(?=[^\W_]))[^\W_]*+)*+"
_TOP = "(?:nl|com|org|net|eu|be|de|uk|io|me|app|info|gg|to|tv|co|link|ly|xyz|site|online|page|example)"
_TOKEN = re.compile(
    rf"(?:{_CHUNK}(?:['’‘ʼ‐‑-][{INVISIBLE}]*+{_CHUNK})*+)(?![@\w]|[.:,/_+-]+\w|\.[{INVISIBLE}]*+(?:\w|$))"  # most words
    r"|(?:https?://|www\.)[^\s<>\"“”|\\^{}]{1,2000}(?<=[\w/=#&%+-])"
    rf"|[\w.+-]{{1,64}}@[\w-]{{1,63}}(?:\.[\w-]{{1,63}}){{1,5}}"
    rf"|(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}{_TOP}\b(?!\.\w)(?:/[^\s<>\"“”]{{0,2000}}(?<=[\w/=#&%+-]))?"
    r"|[0-9]++(?:[.,:][0-9]++)+"
    r"|(?:(?:[A-Z]\.)(?:[a-z]{1,4}\.)?){2,6}(?!\w)"
    r"|(?:[a-z]{1,3}\.){2,6}(?!\w)"
    rf"|{_CHUNK}(?:['’‘ʼ‐‑-][{INVISIBLE}]*+{_CHUNK})*+"
    r"|@\w[\w.]{0,60}(?<=\w)"
    r"|['’‘][tnmkrs](?!\w)"
)

_ABBREVIATIONS = listed(
    "dhr mevr mw mr mrs ms dr drs ir ing prof st jr sr nr tel blz bijv bv vb evt enz etc ca art lid max min incl "
    "excl resp jl ll no vs approx dept est fig i.v.m o.a a.u.b"
)
"""What can stand before a full stop that ends no sentence."""

_STARTERS = listed(
    "de het een dit dat deze die wij we ik je jij u hij zij ze er als wat wie waar waarom hoe in op bij voor "
    "met na dus maar en toch ook daarom daar dan nu heb heeft is zijn wil kunt kun the a an this that these "
    "those it he she they you i if what who where why how at on for with after so but and please do daarna "
    "daarbij daardoor verder bel kijk neem vraag praat meer onze uw jullie iedereen niemand stuur zo then "
    "there everyone nobody our your ask call also"
)
"""Words that begin a new sentence when they have a capital after an abbreviation."""

_DUTCH = {
    "'t": "het", "'n": "een", "'m": "hem", "'k": "ik", "'r": "haar", "z'n": "zijn", "m'n": "mijn", "d'r": "haar",
    "t": "het", "zn": "zijn", "mn": "mijn", "nie": "niet", "tog": "toch", "egt": "echt", "wrm": "waarom", "gwn": "gewoon",
    "wss": "waarschijnlijk", "mss": "misschien",
}  # fmt: skip
_ENGLISH = {
    "cannot": ("can", "not", 3), "dont": ("do", "not", 2), "doesnt": ("does", "not", 2), "didnt": ("did", "not", 2),
    "isnt": ("is", "not", 2), "arent": ("are", "not", 2), "wasnt": ("was", "not", 2), "werent": ("were", "not", 2),
    "cant": ("can", "not", 2), "couldnt": ("could", "not", 2), "wouldnt": ("would", "not", 2), "havent": ("have", "not", 2),
    "shouldnt": ("should", "not", 2), "hasnt": ("has", "not", 2), "hadnt": ("had", "not", 2), "wont": ("will", "not", 2),
    "youre": ("you", "are", 2), "theyre": ("they", "are", 2), "youve": ("you", "have", 2), "ive": ("i", "have", 2),
    "shouldve": ("should", "have", 2), "couldve": ("could", "have", 2), "wouldve": ("would", "have", 2),
    "shes": ("she", "'s", 1), "hes": ("he", "'s", 1), "thats": ("that", "'s", 1), "im": ("i", "am", 1),
}  # fmt: skip
"""Contractions that people write without their apostrophe: the two words, and how many letters are the second."""
_CLITICS = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'s": "'s", "'d": "'d"}
_BEFORE_NOT = {"ca": "can", "wo": "will", "sha": "shall"}

CLITIC_WORDS = {"'s": ("is", "has"), "'d": ("had", "would")}
"""English contractions that stand for more than one word."""


class Sentence(NamedTuple):
    """A sentence. ``words`` are folded; ``written`` as they stand; ``starts`` and ``ends`` are offsets in the text."""

    words: list[str]
    written: list[str]
    starts: list[int]
    ends: list[int]
    marks: dict[int, str]
    """Punctuation before the word with this number; after the last word under the number of words."""
    question: bool
    part: int
    """The number of the part that it stands in."""

    @property
    def announces(self) -> bool:
        """Whether it ends in a colon, so that it says how to read what follows."""
        return self.marks.get(len(self.words), "").rstrip("\"'”’»*_ ").endswith(":")

    def word_count(self) -> int:
        """How many words a reader counts: a contraction is one."""
        return sum(start != end for start, end in zip(self.starts, (None, *self.ends), strict=False))


def sentences(text: str, offset: int, part: int, language: str) -> Iterator[Sentence]:
    """The sentences of a part's readable text, which begins at ``offset`` of the whole."""
    english = language == "en"
    words: list[str] = []
    written: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    marks: dict[int, str] = {}
    last = 0
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        raw = match[0]
        if start != last + 1 or text[last] != " ":
            between = text[last:start].strip()
            if between:
                marks[len(words)] = between
                if words and _ends(between, text[last:start], written[-1], raw):
                    yield Sentence(words, written, starts, ends, marks, "?" in between, part)
                    words, written, starts, ends, marks = [], [], [], [], {}
        if len(words) >= LONGEST:
            yield Sentence(words, written, starts, ends, marks, False, part)
            words, written, starts, ends, marks = [], [], [], [], {}
        last = end
        if end - start > _LONGEST_WORD:
            raw = raw[:_LONGEST_WORD]
        word = folded(raw)
        if english:
            if "'" in word or word in _ENGLISH:
                for each, length in _apart(word, end - start):
                    words.append(each)
                    written.append(text[start : start + length])
                    starts.append(start + offset)
                    start += length
                    ends.append(start + offset)
                continue
        elif word in _DUTCH:
            word = _DUTCH[word]
        words.append(word)
        written.append(raw)
        starts.append(start + offset)
        ends.append(end + offset)
    if words:
        if rest := text[last:].strip():
            marks[len(words)] = rest
        yield Sentence(words, written, starts, ends, marks, "?" in rest, part)


def _ends(marks: str, between: str, before: str, after: str) -> bool:
    """Whether a sentence ends between two words."""
    position = max(marks.rfind(each) for each in ".!?…")
    if position == -1:
        return False
    small = after[0].islower()
    if len(between) == len(marks) and not after[0].isupper():  # nothing but marks: 24/7, and.so.on
        return False
    closing = marks[position + 1 :]
    if small and (closing.startswith(('"', "'", "”", "’", "»", ")")) or marks.endswith(("...", "…"))):
        return False
    if marks == "." and (before.lower() in _ABBREVIATIONS or (len(before) == 1 and before.isupper())):
        return after.lower() in _STARTERS and not small
    return not (before.endswith(".") and not small and after.lower() not in _STARTERS)


def _apart(word: str, length: int) -> Iterator[tuple[str, int]]:
    """The words of an English contraction, each with the length that it takes up of the whole."""
    if word in _ENGLISH:
        first, second, tail = _ENGLISH[word]
    elif word.endswith("n't"):
        stem = word[:-3]
        first, second, tail = _BEFORE_NOT.get(stem, stem), "not", 3
    else:
        first, apostrophe, rest = word.rpartition("'")
        second = _CLITICS.get(apostrophe + rest, "")
        tail = len(rest) + 1
        if not second or not first:
            yield word, length
            return
        if "'" in first:  # shouldn't've
            yield from _apart(first, length - tail)
            yield second, tail
            return
    if not first or tail >= length:
        yield word, length
        return
    yield first, length - tail
    yield second, tail


_NUMBER_WORD = (
    "(?:tien|elf|twaalf|dertien|veertien|vijftien|zestien|zestien|zeventien|achttien|negentien|twintig|eenentwintig|"
    "eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty)"
)
_SHAPES = {
    "number": re.compile(r"[0-9]+(?:[.,:][0-9]+)*"),
    "age": re.compile(
        rf"(?:[0-9]{{1,2}}|{_NUMBER_WORD})[-‑]?(?:jarigen?|jarig|years?-olds?|yr-olds?|yo)", re.IGNORECASE
    ),
    "class": re.compile(
        r"(?![0-9]+(?:e|de|ste|st|nd|rd|th|x|u|k|m|km|cm|mm|kg|g|mb|gb|kb|am|pm|h|p|ste)\b)"
        r"(?:[0-9][A-Za-z]{1,4}[0-9]?|[A-Za-z]{1,4}[0-9]{1,2}[A-Za-z]{0,2}[0-9]?)",
        re.IGNORECASE,
    ),
    "account": re.compile(r"@\w[\w.]*"),
    "email": re.compile(r"[^@\s]+@[^@\s]+"),
    "link": re.compile(rf"(?:https?://|www\.)\S+|(?:[a-z0-9-]+\.)+{_TOP}(?:/\S*)?"),
    "initials": re.compile(r"[A-Z]\.?(?:[a-z]{0,4}\.)?(?:[A-Z]\.)*|(?:[A-Z]\.)+"),
}


@lru_cache(maxsize=20_000)
def shapes(written: str) -> tuple[str, ...]:
    """What a word looks like, whatever it means: number, age, class, account, email, link, capital."""
    if written.isalpha() and written.isascii() and "jarig" not in written:
        return ("capital",) if written[0].isupper() else ()
    found = [name for name, pattern in _SHAPES.items() if name != "initials" and pattern.fullmatch(written)]
    if "." in written and _SHAPES["initials"].fullmatch(written):
        found.append("initials")
    if written[0].isupper():
        found.append("capital")
    return tuple(found)


_QUOTATION = re.compile(
    r"“[^”“]{1,600}[”]|„[^”“„]{1,600}[”“]|«[^»«]{1,600}»|\"[^\"]{1,600}\""
    r"|(?<!\w)‘(?:[^’‘]|’(?=\w)){1,600}’(?!\w)|(?<!\w)'(?=\S)(?:[^']|(?<=\w)'(?=\w)){1,600}'(?!\w)"
)


def quotations(text: str) -> list[tuple[int, int]]:
    """Where quotation marks stand around something: the offsets of what is between them."""
    return [(match.start() + 1, match.end() - 1) for match in _QUOTATION.finditer(text)]
