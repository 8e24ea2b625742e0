"""Sentences that show what to look for, where no pattern can say it: ``rules/nl.examples.txt`` and ``en.examples.txt``.

One sentence a line, behind what is wrong with it: the ids of one or more categories, or ``good``. A line that begins
with # is for the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from comms.errors import InputError, Place, Problem
from comms.fields import allowed, nearest
from comms.languages import _
from comms.review.findings import CATEGORIES

GOOD = "good"
NOT_OF_A_SENTENCE = ("missing", "tone", "wish", "directive")
SHOWN = tuple(each for each in CATEGORIES if each not in NOT_OF_A_SENTENCE)
"""The categories that a sentence by itself can belong to."""


class Example(NamedTuple):
    """A sentence, and the categories that it belongs to; none when nothing is wrong with it."""

    text: str
    categories: tuple[str, ...]


def read(content: bytes, file: str) -> list[Example]:
    """The sentences in a file. Raises InputError with every mistake in it."""
    problems: list[Problem] = []
    examples: list[Example] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(content.decode("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        place = Place(file, number, 1)
        written, _tab, text = line.partition("\t")
        if not text.strip():
            problems.append(Problem(place, "", _("hier hoort een categorie, een tab en een zin")))
            continue
        categories = tuple(each for each in written.split(",") if each != GOOD)
        problems += _unknown(categories, place)
        if text in seen:
            wrong = _("deze zin staat er al, op regel {line}").format(line=seen[text])
            problems.append(Problem(place, "", wrong))
        seen[text] = number
        examples.append(Example(text, categories))
    if problems:
        raise InputError(problems)
    return examples


def _unknown(categories: tuple[str, ...], place: Place) -> Iterator[Problem]:
    for each in categories:
        if each not in SHOWN:
            wrong = _("{text} is geen geldige waarde").format(text=f"“{each}”")
            known = (GOOD, *SHOWN)
            yield Problem(place, "", wrong, allowed(known), nearest(each, known))
