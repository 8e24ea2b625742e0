"""A rule file, as a policy officer reads and writes it: read, and every mistake in it told.

A file holds classes of words, named excuses, greetings by audience, and rules: what each looks for in the language
of patterns (:mod:`comms.review.patterns`), what excuses it, why, and examples.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, NamedTuple

from comms.errors import InputError, Place, Problem
from comms.fields import allowed, nearest
from comms.languages import _
from comms.policy import provisions
from comms.review.findings import CATEGORIES, SEVERITIES
from comms.review.inflection import en, nl
from comms.review.patterns import ATOMS, Class, Either, Element, Lemma, Maybe, PatternError, Stretch, Word, parse
from comms.review.ruleset import AUDIENCES, CASES
from comms.review.tokens import sentences

MEASURES = ("sentence_words", "average_sentence_words", "passive_share", "flesch_douma")
INFLECTIONS: Mapping[str, ModuleType] = {"nl": nl, "en": en}

_TABLES = ("words", "excuses", "subject", "audiences", "never_slips", "not_names", "given_names", "rule")
_SUBJECT_KEYS = ("about", "from_words", "names", "anyway")
_RULE_KEYS = (
    "id", "category", "severity", "provisions", "looks_for", "requires", "measures", "resembles", "above", "below", "excuses", "unless",
    "why", "better", "replace", "audiences", "from_words", "case", "found", "not_found",
)  # fmt: skip
_WAYS = ("looks_for", "requires", "measures", "resembles")
_EXCUSE_PATTERNS = ("before", "after", "sentence", "lead_in", "next", "previous", "quoted")


class Source(NamedTuple):
    """A rule file as it was read, without mistakes."""

    language: str
    file: str
    words: Mapping[str, list[str]]
    excuses: Mapping[str, Mapping[str, Any]]
    subject: Mapping[str, Any]
    """Which words show that a text is about what these rules are for: ``names``, from how many words a text without
    them is about something else, ``from_words``, and the categories that count in such a text too, ``anyway``."""
    audiences: Mapping[str, list[str]]
    never_slips: list[str]
    not_names: list[str]
    given_names: list[str]
    rules: Sequence[Mapping[str, Any]]


def read(content: bytes, language: str, file: str, base: Source | None = None) -> Source:
    """The rules in a file. ``base``: the rules whose classes and excuses it may use. Raises InputError."""
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError([Problem(Place(file), "", str(error))]) from error
    checked = _Reading(content.decode("utf-8-sig"), file, base)
    source = checked.source(data, language)
    if checked.problems:
        raise InputError(checked.problems)
    return source


class _Reading:
    """Checks a file and collects every mistake in it."""

    def __init__(self, text: str, file: str, base: Source | None) -> None:
        self.lines = text.split("\n")
        self.file = file
        self.base = base
        self.problems: list[Problem] = []

    def problem(self, field: str, wrong: str, ways: str = "", hint: str = "", near: str = "") -> None:
        line = next((number for number, line in enumerate(self.lines, 1) if near and near in line), 0)
        self.problems.append(Problem(Place(self.file, line, 1 if line else 0), field, wrong, ways, hint))

    def source(self, data: Mapping[str, Any], language: str) -> Source:
        self._known_keys("", data, _TABLES)
        words = self._lists("words", data.get("words", {}))
        excuses = {name: self._excuse(f"excuses.{name}", each) for name, each in data.get("excuses", {}).items()}
        subject = self._subject(data["subject"]) if "subject" in data else {}
        audiences = self._lists("audiences", data.get("audiences", {}))
        for name in audiences:
            self._one_of("audiences", name, AUDIENCES)
        known_words = {**(self.base.words if self.base else {}), **words}
        known_excuses = {**(self.base.excuses if self.base else {}), **excuses}
        tables = data.get("rule", [])
        if not isinstance(tables, list):
            self.problem("rule", _("hier hoort een lijst"), "[[rule]]")
            tables = []
        rules = [self._rule(each, number, known_excuses) for number, each in enumerate(tables, 1)]
        ids = [each["id"] for each in (self.base.rules if self.base else [])]
        for each in rules:
            if each.get("id") in ids:
                self.problem(each["id"], _("deze regel is er al"), near=f'"{each["id"]}"')
            ids.append(each.get("id"))
        source = Source(
            language, self.file, words, excuses, subject, audiences, list(data.get("never_slips", [])),
            list(data.get("not_names", [])), list(data.get("given_names", [])), rules,
        )  # fmt: skip
        self._patterns(source, known_words)
        return source

    def _known_keys(self, field: str, table: Mapping[str, Any], known: Iterable[str]) -> None:
        for key in table:
            if key not in known:
                self.problem(f"{field}.{key}".lstrip("."), _("onbekend veld"), allowed(known), nearest(key, known), key)

    def _one_of(self, field: str, value: Any, known: Iterable[str], near: str = "") -> None:
        if value not in known:
            wrong = _("{text} is geen geldige waarde").format(text=f"“{value}”")
            self.problem(field, wrong, allowed(known), nearest(str(value), known), near or f'"{value}"')

    def _lists(self, field: str, table: Any) -> dict[str, list[str]]:
        if not isinstance(table, dict):
            self.problem(field, _("hier hoort een tabel"))
            return {}
        return {name: self._list(f"{field}.{name}", value) for name, value in table.items()}

    def _list(self, field: str, value: Any) -> list[str]:
        if isinstance(value, list) and value and all(isinstance(each, str) and each.strip() for each in value):
            return value
        self.problem(field, _("hier hoort een lijst van teksten"), near=field.rpartition(".")[2])
        return []

    def _excuse(self, field: str, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            self.problem(field, _("hier hoort een tabel"))
            return {}
        self._known_keys(field, table, ("about", *_EXCUSE_PATTERNS))
        read: dict[str, Any] = {}
        for name in _EXCUSE_PATTERNS:
            if name == "quoted" and isinstance(table.get(name), bool):
                read[name] = ["{rejects}"] if table[name] else []
            elif name in table:
                read[name] = self._list(f"{field}.{name}", table[name])
        return read

    def _subject(self, table: Any) -> dict[str, Any]:
        if not isinstance(table, dict):
            self.problem("subject", _("hier hoort een tabel"))
            return {}
        self._known_keys("subject", table, _SUBJECT_KEYS)
        from_words, anyway = table.get("from_words"), table.get("anyway", [])
        if not isinstance(from_words, int) or from_words < 1:
            self.problem("subject.from_words", _("hier hoort een getal groter dan 0"), near="from_words")
        for each in anyway:
            self._one_of("subject.anyway", each, CATEGORIES)
        return {"names": self._list("subject.names", table.get("names")), "from_words": from_words, "anyway": anyway}

    def _rule(self, table: Any, number: int, excuses: Iterable[str]) -> dict[str, Any]:
        if not isinstance(table, dict):
            self.problem("rule", _("hier hoort een tabel"))
            return {}
        rule = dict(table)
        name = str(rule.setdefault("id", f"rule {number}"))
        self._known_keys(name, rule, _RULE_KEYS)
        self._one_of(f"{name}.category", rule.setdefault("category", ""), CATEGORIES)
        self._one_of(f"{name}.severity", rule.setdefault("severity", ""), SEVERITIES)
        known = provisions()
        for each in rule.setdefault("provisions", []):
            self._one_of(f"{name}.provisions", each, known)
        for each in rule.setdefault("audiences", []):
            self._one_of(f"{name}.audiences", each, AUDIENCES)
        if "case" in rule:
            self._one_of(f"{name}.case", rule["case"], CASES)
        for each in rule.setdefault("excuses", []):
            self._one_of(f"{name}.excuses", each, excuses)
        if "unless" in rule:
            rule["unless"] = self._excuse(f"{name}.unless", rule["unless"])
        ways = [key for key in _WAYS if key in rule]
        if len(ways) != 1:
            self.problem(name, _("een regel heeft een van deze"), ", ".join(_WAYS), near=f'"{name}"')
        if "resembles" in rule:
            self._resembles(name, rule["resembles"])
        for key in ("looks_for", "requires"):
            if key in rule:
                rule[key] = self._list(f"{name}.{key}", rule[key])
        if "measures" in rule:
            self._one_of(f"{name}.measures", rule["measures"], MEASURES)
        for key, required in (("why", True), ("better", False)):
            value = rule.setdefault(key, {})
            if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
                self.problem(f"{name}.{key}", _("hier hoort { nl = …, en = … }"), near=f'"{name}"')
                rule[key] = {}
            elif (required or value) and not (value.get("nl") and value.get("en")):
                self.problem(f"{name}.{key}", _("hier hoort { nl = …, en = … }"), near=f'"{name}"')
        return rule

    def _resembles(self, name: str, value: Any) -> None:
        if self.base is not None:
            self.problem(f"{name}.resembles", _("alleen onze eigen regels kennen voorbeeldzinnen"), near=f'"{name}"')
        elif not isinstance(value, (int, float)) or value <= 0:
            self.problem(f"{name}.resembles", _("hier hoort een getal groter dan 0"), near=f'"{name}"')

    def _patterns(self, source: Source, words: Mapping[str, list[str]]) -> None:
        """Every pattern can be read, and the classes in it exist."""
        inflection = INFLECTIONS[source.language]
        for field, pattern in all_patterns(source):
            try:
                stretches = parse(pattern)
            except PatternError as error:
                self.problem(field, f"“{pattern}”: {error.wrong}", near=pattern)
                continue
            if not any(_asks(each.elements) for each in stretches if not each.absent):
                self.problem(field, _("“{pattern}” vraagt om geen enkel woord").format(pattern=pattern), near=pattern)
            for element in all_elements(stretches):
                if isinstance(element, Word) and not any(sentences(element.text, 0, 0, source.language)):
                    wrong = _("“{pattern}”: “{text}” is geen woord").format(pattern=pattern, text=element.text)
                    self.problem(field, wrong, near=pattern)
                if isinstance(element, Class) and element.name not in words:
                    wrong = _("“{pattern}”: de klasse {name} is er niet").format(pattern=pattern, name=element.name)
                    self.problem(field, wrong, hint=nearest(element.name, words), near=pattern)
                if isinstance(element, Lemma) and element.kind and element.kind not in inflection.KINDS:
                    self._one_of(field, element.kind, inflection.KINDS, pattern)


def _asks(elements: Sequence[Element]) -> bool:
    """Whether the elements ask for any word, whichever way is taken through them."""
    return any(
        isinstance(each, ATOMS) or (isinstance(each, Either) and all(_asks(branch) for branch in each.branches))
        for each in elements
    )


def all_patterns(source: Source) -> Iterator[tuple[str, str]]:
    """Every pattern of a file, with the field that it stands in."""
    for table, lists in (("words", source.words), ("audiences", source.audiences)):
        for name, members in lists.items():
            yield from ((f"{table}.{name}", each) for each in members)
    yield from (("subject.names", each) for each in source.subject.get("names", ()))
    for name, excuse in source.excuses.items():
        for key, patterns in excuse.items():
            yield from ((f"excuses.{name}.{key}", each) for each in patterns)
    for rule in source.rules:
        for key in ("looks_for", "requires"):
            yield from ((f"{rule['id']}.{key}", each) for each in rule.get(key, ()))
        for key, patterns in rule.get("unless", {}).items():
            yield from ((f"{rule['id']}.unless.{key}", each) for each in patterns)


def all_elements(stretches: Iterable[Stretch]) -> Iterator[Element]:
    """Every element of a pattern, also within brackets."""
    open_elements = [element for stretch in stretches for element in stretch.elements]
    while open_elements:
        element = open_elements.pop()
        yield element
        if isinstance(element, Either):
            open_elements += [each for branch in element.branches for each in branch]
        elif isinstance(element, Maybe):
            open_elements += element.inner
