"""Exercises: letters of well-meaning schools with faults in them, and the key to each.

An exercise is two files in ``samples/faults/<language>/``: the text as people read it, ``<id>.md``, and ``<id>.toml``,
which says what it is and where its faults are. The key comes from the review: the author of an exercise adds what a
fault does to the student in the images, and a better wording. A fault that the review does not find, or a finding that
is no fault of the exercise, is a mistake in the exercise, so no reader is ever told a key that the program denies.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from comms.errors import InputError, Place, Problem
from comms.fields import allowed, nearest
from comms.languages import N_, _, reason, told_in, ui_language
from comms.review.checking import check
from comms.review.findings import CATEGORIES, Finding
from comms.review.tokens import sentences

AUDIENCES: Final = ("parents", "students", "teachers", "website", "press")
"""Whom the texts of exercises are for."""

MISSING: Final = "missing"
"""The category of a fault that is of the whole text: something that its readers need is not in it."""

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_TEXTS: Final = ("title", "author", "audience")
_FAULT_KEYS: Final = ("excerpt", "rule", "category", "also", "note", "better")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a reader can mark: a sentence, or a line by itself such as a heading or a name under a letter."""

    start: int
    end: int
    paragraph: int
    """The number of the paragraph that it stands in, from 0."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault and its key. ``start == end == 0`` and no sentences when something is missing in the whole text."""

    start: int
    end: int
    sentences: tuple[int, ...]
    """The numbers of the sentences that it stands in."""
    rules: tuple[str, ...]
    """The rules of the review that find it, that of its own category first."""
    category: str
    category_name: str
    provisions: tuple[str, ...]
    why: str
    """Why it is a fault, in the words of the rule."""
    note: str
    """What it does to the student in the images, in this text; by the author."""
    better: str
    """Better words for the whole sentence, or what to add; empty when the sentence has to go."""

    @property
    def missing(self) -> bool:
        """Whether it is something that the text lacks."""
        return not self.sentences


@dataclass(frozen=True, slots=True)
class Exercise:
    """A text with faults. Offsets of its sentences and faults count in ``text``."""

    id: str
    """The same for a Dutch text and its English counterpart."""
    language: str
    title: str
    author: str
    """Who writes as whom: “Brief van een teamleider aan ouders”."""
    audience: str
    text: str
    """Paragraphs divided by blank lines; a line break within a paragraph is one that the reader sees."""
    sentences: tuple[Sentence, ...]
    faults: tuple[Fault, ...]
    """In the order of the text; what is missing comes last."""


def exercises(folder: Path, language: str) -> list[Exercise]:
    """The exercises in a language, by id; none when the folder has none.

    ``folder`` holds a folder for each language. Raises InputError with every mistake of every exercise.
    """
    found, problems = [], []
    for source in sorted((folder / language).glob("*.toml")):
        reading = _Reading(source, language)
        exercise = reading.exercise()
        problems += reading.problems
        if exercise is not None:
            found.append(exercise)
    if problems:
        raise InputError(problems)
    return found


def sentences_of(text: str, language: str) -> tuple[Sentence, ...]:
    """The sentences of a text, each with the marks that open and close it."""
    return tuple(
        Sentence(start, end, number)
        for number, paragraph in enumerate(_PARAGRAPH.finditer(text))
        for start, end in _sentences_in(text, paragraph.start(), paragraph.end(), language)
    )


def _sentences_in(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int]]:
    offset = start
    for line in text[start:end].split("\n"):
        begins = [offset]
        for sentence in list(sentences(line, offset, 0, language))[1:]:
            begin = sentence.starts[0]
            while not text[begin - 1].isspace():  # a quotation mark that opens the sentence
                begin -= 1
            begins.append(begin)
        ends = [*(begin for begin in begins[1:]), offset + len(line)]
        yield from ((begin, begin + len(text[begin:stop].rstrip())) for begin, stop in zip(begins, ends, strict=True))
        offset += len(line) + 1


class _Reading:
    """Reads one exercise and collects what is wrong with it."""

    def __init__(self, source: Path, language: str) -> None:
        self.source, self.language = source, language
        self.words = source.with_suffix(".md")
        self.problems: list[Problem] = []
        self.lines: list[int] = []
        """The line of the file where each fault begins."""

    def exercise(self) -> Exercise | None:
        text, data = self._text(), self._data()
        if self.problems:
            return None
        faults = [each for number, table in enumerate(data["fault"]) if (each := self._checked(number, table, text))]
        if self.problems:
            return None
        parts = sentences_of(text, self.language)
        with ui_language(self.language):  # the key is in the language of the text, whoever reads it
            found = check(text, self.language, data["audience"])
        keys = list(self._keys(faults, found, parts))
        self._tell_unseeded(faults, found)
        if self.problems:
            return None
        keys.sort(key=lambda each: (each.missing, each.start))
        told = (data["title"], data["author"], data["audience"])
        return Exercise(self.source.stem, self.language, *told, text, parts, tuple(keys))

    def _problem(self, path: Path, line: int, field: str, wrong: str, ways: str = "", hint: str = "") -> None:
        self.problems.append(Problem(Place(str(path), line, 1 if line else 0), field, wrong, ways, hint))

    def _read(self, path: Path) -> str:
        try:
            return path.read_text("utf-8-sig")
        except OSError as error:
            self._problem(path, 0, "", _("kan niet worden gelezen: {reason}").format(reason=reason(error)))
        except UnicodeDecodeError:
            self._problem(path, 0, "", _("is geen tekst in UTF-8"))
        return ""

    def _text(self) -> str:
        """The text with its lines where the file has them, so that a place in it is a place in the file."""
        return "\n".join(line.rstrip() for line in self._read(self.words).split("\n")).rstrip()

    def _data(self) -> Mapping[str, Any]:
        content = self._read(self.source)
        self.lines = [number for number, line in enumerate(content.split("\n"), 1) if line.strip() == "[[fault]]"]
        try:
            data = tomllib.loads(content)
        except tomllib.TOMLDecodeError as error:
            self._problem(self.source, 0, "", str(error))
            return {}
        self._known(0, data, (*_TEXTS, "fault"))
        for name in _TEXTS:
            self._is_text(0, name, data.get(name))
        if isinstance(data.get("audience"), str):
            self._one_of(0, "audience", data["audience"], AUDIENCES)
        faults = data.get("fault")
        if not isinstance(faults, list) or not faults or not all(isinstance(each, dict) for each in faults):
            self._problem(self.source, 0, "fault", _("hier hoort een lijst"), "[[fault]]")
        return data

    def _known(self, line: int, table: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                self._problem(self.source, line, key, _("onbekend veld"), allowed(known), nearest(key, known))

    def _is_text(self, line: int, name: str, value: Any, *, empty: bool = False) -> None:
        if value is None:
            self._problem(self.source, line, name, _("ontbreekt"))
        elif not isinstance(value, str) or not (value.strip() or empty):
            self._problem(self.source, line, name, _("hier hoort een tekst"))

    def _one_of(self, line: int, name: str, value: Any, known: Sequence[str]) -> None:
        if value not in known:
            wrong = _("{text} is geen geldige waarde").format(text=f"“{value}”")
            self._problem(self.source, line, name, wrong, allowed(known), nearest(str(value), known))

    # What the author says of a fault

    def _checked(self, number: int, table: Mapping[str, Any], text: str) -> _Seeded | None:
        """A fault as the author gives it, at its place in the text; None when something is wrong with it."""
        before = len(self.problems)
        line = self.lines[number] if number < len(self.lines) else 0
        self._known(line, table, _FAULT_KEYS)
        missing = table.get("category") == MISSING
        for name in ("category", "note", "rule" if missing else "excerpt"):
            self._is_text(line, name, table.get(name))
        self._is_text(line, "better", table.get("better"), empty=True)
        self._is_text(line, "rule", table.get("rule", ""), empty=True)
        if missing and "excerpt" in table:
            self._problem(self.source, line, "excerpt", _("hoort niet bij iets wat ontbreekt"))
        also = table.get("also", [])
        if not isinstance(also, list):
            self._problem(self.source, line, "also", _("hier hoort een lijst van teksten"))
            also = []
        for each in (table.get("category", ""), *also):
            self._one_of(line, "category", each, tuple(CATEGORIES))
        if len(self.problems) > before:
            return None
        start = end = 0
        excerpt = table.get("excerpt", "")
        if excerpt:
            if text.count(excerpt) != 1:
                told = N_("staat niet in de tekst") if excerpt not in text else N_("staat meer dan eens in de tekst")
                self._problem(self.source, line, "excerpt", f"“{excerpt}” {_(told)}")
                return None
            start = text.index(excerpt)
            end = start + len(excerpt)
        return _Seeded(
            start, end, excerpt, table.get("rule", ""), table["category"], tuple(also), table["note"].strip(),
            table["better"].strip(), line,
        )  # fmt: skip

    # What the review says of it

    def _keys(self, faults: Iterable[_Seeded], found: Sequence[Finding], parts: Sequence[Sentence]) -> Iterator[Fault]:
        for seeded in faults:
            first = next(filter(seeded.is_found_by, found), None)
            if first is None:
                wrong = _("deze fout vindt de controle niet: {category}, “{excerpt}”").format(
                    category=seeded.rule or seeded.category, excerpt=seeded.excerpt
                )
                self._problem(self.source, seeded.line, "fault", wrong)
                continue
            covered = sorted(filter(seeded.covers, found), key=lambda each: each.category != seeded.category)
            yield Fault(
                seeded.start, seeded.end,
                tuple(n for n, each in enumerate(parts) if each.start < seeded.end and seeded.start < each.end),
                tuple(dict.fromkeys(each.rule for each in (first, *covered))),
                seeded.category, told_in(self.language, CATEGORIES[seeded.category]),
                tuple(dict.fromkeys(provision for each in (first, *covered) for provision in each.provisions)),
                first.message, seeded.note, seeded.better,
            )  # fmt: skip

    def _tell_unseeded(self, faults: Sequence[_Seeded], found: Sequence[Finding]) -> None:
        for each in found:
            if each.severity != "info" and not any(seeded.covers(each) for seeded in faults):
                wrong = _("dit vindt de controle ook, en het is geen fout van deze oefening: {rule}, “{excerpt}”")
                told = wrong.format(rule=each.rule, excerpt=each.excerpt)
                self.problems.append(Problem(Place(str(self.words), each.line, each.column), "", told))


@dataclass(frozen=True, slots=True)
class _Seeded:
    """A fault as its author put it in."""

    start: int
    end: int
    excerpt: str
    rule: str
    """The rule that has to find it; empty when any of its category will do."""
    category: str
    also: tuple[str, ...]
    """Other categories that the review may find in the same words."""
    note: str
    better: str
    line: int

    def is_found_by(self, finding: Finding) -> bool:
        """Whether this is what the review must find."""
        return self.covers(finding) and (finding.rule == self.rule if self.rule else finding.category == self.category)

    def covers(self, finding: Finding) -> bool:
        """Whether the review may find this here."""
        if self.category == MISSING:
            return finding.rule == self.rule
        return self._overlaps(finding) and finding.category in (self.category, *self.also)

    def _overlaps(self, finding: Finding) -> bool:
        return finding.start < self.end and self.start < finding.end
