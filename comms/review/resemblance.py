"""How much a sentence resembles those that must not be written, in points.

People find ever new words for the same reproach; no list of patterns holds them all. So the words of many example
sentences were counted (:mod:`comms.review.weighing`): each word, and each pair of words close together, has points
for how much more often it stands in sentences with something wrong than in good ones. The points of a sentence are
those of its words and pairs together. Nothing is hidden: whoever reads the examples can see why.

The points lie in a table of bytes, a word or pair at the place that its checksum tells, because a dictionary of
so many takes longer to load than a letter takes to read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from zlib import crc32

from comms.review.tokens import Sentence

APART = 2
"""How far apart the words of a pair stand at most."""
PART = 8
"""A point has so many parts; points are kept in whole parts, from 0 to 255."""
MIDDLE = 128
"""No points at all."""
_REMEMBERED = 30_000
FEWEST_WORDS = 3
"""What is shorter resembles everything."""


class Table(NamedTuple):
    """Numbers from 0 to 255 for words and pairs, ``width`` for each."""

    bits: int
    """It has two to this power places."""
    checks: bytes
    """For each place which word or pair it is of, as far as a byte can tell."""
    numbers: bytes
    width: int


class Weights(NamedTuple):
    """What words and pairs of words weigh."""

    points: Table
    """Above the middle for something wrong, below it for nothing."""
    categories: tuple[str, ...]
    by_category: Table
    """For each category in turn: above the middle for that one rather than another."""


NOTHING = Weights(Table(0, b"\0", b"\x80", 1), (), Table(0, b"\0", b"", 0))
"""Nothing weighs anything."""


class Resemblance(NamedTuple):
    """What a sentence resembles."""

    points: float
    category: str
    """The category that it resembles most."""
    start: int
    """From and to which word it resembles that most."""
    end: int


class Codes(dict[str, int]):
    """Checksums of words; all numbers alike."""

    def __missing__(self, word: str) -> int:
        if len(self) >= _REMEMBERED:
            self.clear()
        code = self[word] = crc32(b"0" if word[0].isdigit() else word.encode())
        return code


_codes = Codes()
_BEGIN, _END, _QUESTION = (crc32(each) for each in (b"^", b".", b"?"))


def codes_of(sentence: Sentence) -> list[int]:
    """What of a sentence counts as a word, as checksums: its words, its begin and its end."""
    return [_BEGIN, *map(_codes.__getitem__, sentence.words), _QUESTION if sentence.question else _END]


def features_at(codes: Sequence[int], position: int) -> Iterator[int]:
    """The word that stands at a position, and the pairs that it closes."""
    code = codes[position]
    yield code
    for distance in range(1, min(APART, position) + 1):
        yield codes[position - distance] * (2 * distance + 1) ^ code


def place_in(bits: int, feature: int) -> tuple[int, int]:
    """Where a word or pair stands in a table, and how it is known there."""
    return feature & ((1 << bits) - 1), feature >> bits & 255


def points(sentence: Sentence, weights: Weights) -> float:
    """How much a sentence resembles those with something wrong; below 0: it rather resembles good ones."""
    bits, checks, numbers, _width = weights.points
    mask = (1 << bits) - 1
    places: set[int] = set()
    second = first = 0  # written out: this runs for every word of every text
    for code in codes_of(sentence):
        place = code & mask
        if checks[place] == code >> bits & 255:
            places.add(place)
        pair = first * 3 ^ code
        place = pair & mask
        if checks[place] == pair >> bits & 255:
            places.add(place)
        pair = second * 5 ^ code
        place = pair & mask
        if checks[place] == pair >> bits & 255:
            places.add(place)
        second, first = first, code
    return (sum(map(numbers.__getitem__, places)) - MIDDLE * len(places)) / PART


def resemblance(sentence: Sentence, weights: Weights) -> Resemblance:
    """How much, what and where."""
    codes = codes_of(sentence)
    features = {each for position in range(len(codes)) for each in features_at(codes, position)}
    table, count = weights.by_category, len(weights.categories)
    totals = [0] * count
    for each in features:
        place, check = place_in(table.bits, each)
        if table.checks[place] == check:
            for number in range(count):
                totals[number] += table.numbers[place * count + number] - MIDDLE
    most = totals.index(max(totals))
    start, end = _heaviest(codes, weights)
    return Resemblance(points(sentence, weights), weights.categories[most], start, end)


def _heaviest(codes: Sequence[int], weights: Weights) -> tuple[int, int]:
    """From and to which word the points of what stands there are most together."""
    table = weights.points
    best, found, total, begin = 0, (0, len(codes) - 2), 0, 1
    for position in range(1, len(codes) - 1):
        if total <= 0:
            total, begin = 0, position
        for each in features_at(codes, position):
            place, check = place_in(table.bits, each)
            if table.checks[place] == check:
                total += table.numbers[place] - MIDDLE
        if total > best:
            best, found = total, (begin - 1, position)
    return found
