"""The language of patterns: read from a rule, matched against a sentence.

A pattern is read into elements (:func:`parse`). When rules are built these become plain tuples in which every word,
lemma or class is a number, a *symbol* (:mod:`comms.review.rules`). Matching follows all ways through a pattern
at once: a set of positions between words is one integer, bit *i* for the position before word *i*, and every
element maps such a set to the positions after it. So the time depends on the length of pattern and sentence,
never on the number of ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from comms.languages import _

SHORT_GAP, LONG_GAP = 3, 8
"""How many words ``..`` and ``...`` stand for at most."""

SHAPES = ("name", "given", "number", "age", "class", "account", "hashtag", "email", "link", "initials", "capital")
"""What can be asked of a word's looks with ``#``."""


class PatternError(ValueError):
    """A mistake in a pattern: ``wrong`` says what in words that fit after the pattern."""

    def __init__(self, wrong: str) -> None:
        self.wrong = wrong
        super().__init__(wrong)


class Word(NamedTuple):
    """A word as it is written."""

    text: str


class Lemma(NamedTuple):
    """Any form of a word; ``kind`` says what kind of word where it doesn't show."""

    text: str
    kind: str = ""


class Class(NamedTuple):
    """A word or phrase of a class."""

    name: str


class Tail(NamedTuple):
    """The last part of a compound, in any form."""

    text: str


class Head(NamedTuple):
    """The first part of a compound."""

    text: str


class Shape(NamedTuple):
    """A word that looks like this."""

    name: str


class Gap(NamedTuple):
    """Up to so many words."""

    words: int


class Either(NamedTuple):
    """One of these."""

    branches: tuple[tuple[Element, ...], ...]


class Maybe(NamedTuple):
    """These or nothing."""

    inner: tuple[Element, ...]


class Mark(NamedTuple):
    """What is no word: ``^`` ``$`` ``?`` or punctuation; ``"`` is any quotation mark."""

    character: str


Element = Word | Lemma | Class | Tail | Head | Shape | Gap | Either | Maybe | Mark
ATOMS = (Word, Lemma, Class, Tail, Head, Shape)


class Stretch(NamedTuple):
    """What must, or with ``!`` must not, stand in the sentence."""

    elements: tuple[Element, ...]
    absent: bool = False


_PIECE = re.compile(
    r"(?P<space>\s+)|(?P<gap>\.{2,})(?=[\s)\]]|$)|<(?P<lemma>[^<>]*)>|\{(?P<class>[^{}]*)\}|#(?P<shape>\w*)"
    r"|(?P<sign>[()\[\]|&!^$?,;:\"])|(?P<word>[^\s()\[\]|&!^$?,;:\"<>{}#]+)"
)


def parse(pattern: str) -> tuple[Stretch, ...]:
    """The sequences of a pattern. Raises PatternError."""
    return _Parser(pattern).whole()


class _Parser:
    def __init__(self, pattern: str) -> None:
        self.pieces: list[tuple[str, str]] = []
        position = 0
        while position < len(pattern):
            match = _PIECE.match(pattern, position)
            if match is None:
                raise PatternError(_("vanaf “{rest}” is dit geen patroon").format(rest=pattern[position:]))
            kind = match.lastgroup or ""
            if kind != "space":
                self.pieces.append((kind, match[kind]))
            position = match.end()
        self.at = 0

    def whole(self) -> tuple[Stretch, ...]:
        sequences = [self._sequence()]
        while self._takes("&"):
            sequences.append(self._sequence())
        if self.at < len(self.pieces):
            raise PatternError(_("“{sign}” sluit niets").format(sign=self.pieces[self.at][1]))
        if all(each.absent for each in sequences):
            raise PatternError(_("dit vraagt alleen om wat er niet staat"))
        return tuple(sequences)

    def _sequence(self) -> Stretch:
        absent = self._takes("!")
        elements = self._elements()
        if not elements:
            raise PatternError(_("een deel ervan is leeg"))
        return Stretch(elements, absent)

    def _takes(self, sign: str) -> bool:
        if self.at < len(self.pieces) and self.pieces[self.at] == ("sign", sign):
            self.at += 1
            return True
        return False

    def _elements(self) -> tuple[Element, ...]:
        elements: list[Element] = []
        while self.at < len(self.pieces):
            kind, text = self.pieces[self.at]
            if kind == "sign" and text in ")]|&":
                break
            self.at += 1
            if kind == "sign" and text in "([":
                elements.append(self._group(text))
            elif kind == "sign" and text == "!":
                raise PatternError(_("“!” staat alleen na “&”"))
            elif kind == "sign":
                elements.append(Mark(text))
            else:
                elements.append(_element(kind, text))
        return tuple(elements)

    def _group(self, opening: str) -> Element:
        branches = [self._elements()]
        while self._takes("|"):
            branches.append(self._elements())
        if not self._takes(")" if opening == "(" else "]"):
            raise PatternError(_("“{sign}” wordt niet gesloten").format(sign=opening))
        if not all(branches):
            raise PatternError(_("een van de mogelijkheden is leeg"))
        either = Either(tuple(branches))
        if opening == "[":
            return Maybe((either,) if len(branches) > 1 else branches[0])
        return either


def _element(kind: str, text: str) -> Element:
    if kind == "gap":
        if len(text) > 3:
            raise PatternError(_("woorden ertussen: .. of ..."))
        return Gap(SHORT_GAP if len(text) == 2 else LONG_GAP)
    if kind == "shape":
        if text not in SHAPES:
            known = ", ".join(f"#{each}" for each in SHAPES)
            raise PatternError(_("#{text} is er niet; toegestaan: {words}").format(text=text, words=known))
        return Shape(text)
    if not text.strip():
        raise PatternError(_("tussen de haakjes staat niets"))
    if kind == "lemma":
        lemma, _colon, word_kind = text.strip().partition(":")
        if " " in lemma:
            raise PatternError(_("“{text}” is meer dan één woord").format(text=text))
        return Lemma(lemma.lower(), word_kind)
    if kind == "class":
        return Class(text.strip())
    if ".." in text:
        raise PatternError(_("om puntjes staan spaties: “{text}”").format(text=text))
    if not text.strip("'’‘“”„«»"):
        return Mark('"')
    if text.startswith("-") and len(text) > 1:
        return Tail(text[1:].lower())
    if text.endswith("-") and len(text) > 1:
        return Head(text[:-1].lower())
    return Word(text)


# Compiled elements: a code and what belongs to it.
SYMBOL, GAP, EITHER, MAYBE, BEGIN, END, QUESTION, PUNCTUATION = range(8)

Compiled = tuple[tuple[int, Any], ...]
"""A sequence of compiled elements."""


def symbols_in(elements: Compiled) -> Iterator[int]:
    """Every symbol in the elements, also within brackets."""
    for code, value in elements:
        if code == SYMBOL:
            yield value
        elif code == EITHER:
            for branch in value:
                yield from symbols_in(branch)
        elif code == MAYBE:
            yield from symbols_in(value)


class Places(Protocol):
    """Where what stands in a sentence; see :class:`comms.review.engine.Reading`."""

    count: int
    question: bool
    alone: dict[int, int]
    """What :meth:`where` answered before."""
    present: int
    """The symbols that stand in it, also as phrases, bit *i* for symbol *i*: most of what patterns ask for is not there."""
    longer: dict[int, list[tuple[int, int]]]
    """The phrases that are a symbol, from and to which position."""

    def where(self, symbol: int) -> int:
        """The words that are this symbol by themselves, bit *i* for word *i*."""
        ...

    def before(self, mark: str) -> int:
        """The positions at which this punctuation stands."""
        ...


def after(elements: Compiled, positions: int, sentence: Places) -> int:
    """The positions where the elements can end when they begin at one of ``positions``."""
    alone = sentence.alone
    for code, value in elements:
        if code == SYMBOL:
            there = alone.get(value)
            if there is None:
                if not sentence.present >> value & 1:
                    return 0
                there = sentence.where(value)
            reached = (positions & there) << 1
            if value in sentence.longer:
                for start, end in sentence.longer[value]:
                    if positions >> start & 1:
                        reached |= 1 << end
            positions = reached
        elif code == GAP:
            reach = positions
            for _word in range(value):
                reach |= reach << 1
            positions = reach & ((2 << sentence.count) - 1)
        elif code == EITHER:
            reached = 0
            for branch in value:
                first, symbol = branch[0]
                if first == SYMBOL:
                    there = alone.get(symbol)
                    if there is None:
                        there = sentence.where(symbol) if sentence.present >> symbol & 1 else 0
                    if not positions & there and symbol not in sentence.longer:
                        continue
                reached |= after(branch, positions, sentence)
            positions = reached
        elif code == MAYBE:
            positions |= after(value, positions, sentence)
        elif code == BEGIN:
            positions &= 1
        elif code == END:
            positions &= 1 << sentence.count
        elif code == QUESTION:
            positions = positions if sentence.question else 0
        else:
            positions &= sentence.before(value)
        if not positions:
            return 0
    return positions


def spans(elements: Compiled, sentence: Places) -> Iterator[tuple[int, int]]:
    """From where to where the elements match, for each start the nearest end."""
    starts = (2 << sentence.count) - 1 & _starts(elements[0], sentence)
    if not starts or (starts & (starts - 1) and not after(elements, starts, sentence)):
        return  # of most there is nothing, which one look for all starts together tells
    while starts:
        lowest = starts & -starts
        starts ^= lowest
        if ends := after(elements, lowest, sentence):
            yield lowest.bit_length() - 1, (ends & -ends).bit_length() - 1


def _starts(element: tuple[int, Any], sentence: Places) -> int:
    """The positions where the element may begin; all of them where that is not seen at once."""
    code, value = element
    if code == SYMBOL:
        starts = sentence.where(value)
        for start, _end in sentence.longer.get(value, ()):
            starts |= 1 << start
        return starts
    if code == EITHER:
        starts = 0
        for branch in value:
            starts |= _starts(branch[0], sentence)
        return starts
    return -1


def asked_for(elements: Compiled, start: int, end: int, sentence: Places) -> int:
    """The words between ``start`` and ``end`` that the elements ask for, bit *i* for word *i*: all but the gaps'."""
    reached = [1 << start]
    for element in elements[:-1]:
        reached.append(after((element,), reached[-1], sentence))
    asked = 0
    for element, positions in zip(reversed(elements), reversed(reached), strict=True):
        begin = _begin(element, positions, end, sentence)
        if element[0] in (SYMBOL, EITHER, MAYBE):
            asked |= (1 << end) - (1 << begin)
        end = begin
    return asked


def _begin(element: tuple[int, Any], positions: int, end: int, sentence: Places) -> int:
    """The last of the positions from which the element reaches ``end``."""
    positions &= (2 << end) - 1
    if element[0] == GAP:
        return positions.bit_length() - 1
    while positions:
        begin = positions.bit_length() - 1
        if after((element,), 1 << begin, sentence) >> end & 1:
            return begin
        positions ^= 1 << begin
    return end
