"""From a rule file to the form that the engine works with.

Every word, lemma, class and shape that a pattern names becomes a number, a *symbol*. For each word form it is
written down which symbols it is, all inflections worked out, so that reading a text takes one look-up a word.
For each pattern it is written down which rare symbol it can't do without: only where that stands is it tried.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, count
from typing import Any

from comms.review.examples import Example
from comms.review.folding import listed
from comms.review.inflection import Forms
from comms.review.patterns import (
    ATOMS,
    BEGIN,
    EITHER,
    END,
    GAP,
    MAYBE,
    PUNCTUATION,
    QUESTION,
    SYMBOL,
    Class,
    Compiled,
    Either,
    Element,
    Gap,
    Head,
    Lemma,
    Mark,
    Maybe,
    Shape,
    Tail,
    Word,
    parse,
    symbols_in,
)
from comms.review.resemblance import NOTHING
from comms.review.rulefile import INFLECTIONS, Source
from comms.review.ruleset import SHORTEST_SLIP, Pattern, Phrase, Rule, RuleSet, Stretches, Subject
from comms.review.tokens import CLITIC_WORDS, sentences, shapes
from comms.review.weighing import weigh

_MISREAD = listed("were well hell shell ill id shed wed its lets")
"""Words that are another word without an apostrophe."""


def build(source: Source, base: Source | None = None, examples: Sequence[Example] = ()) -> RuleSet:
    """The rules in the form that the engine works with. ``base``: whose classes and excuses they may use. ``examples``:
    sentences that show what rules look for that go by resemblance."""
    symbols = _Symbols({**(base.words if base else {}), **source.words}, source.language)
    excuses = _Excuses({**(base.excuses if base else {}), **source.excuses}, symbols)
    rules, rule_of, patterns, requires = [], [], [], []
    for number, each in enumerate(source.rules):
        rules.append(_rule(each, excuses))
        for pattern in each.get("looks_for", ()):
            patterns.append(symbols.pattern(pattern))
            rule_of.append(number)
        if "requires" in each:
            requires.append((number, symbols.patterns(each["requires"])))
    audiences = tuple((name, symbols.patterns(greetings)) for name, greetings in source.audiences.items())
    named = symbols.patterns(source.subject.get("names", ()))
    words = _Words(symbols, source)
    numbers = _Numbers(words, [patterns, excuses.made, requires, named, audiences, symbols.phrases()])
    phrases, phrases_set_off = _phrases(symbols, words, numbers)
    set_off: dict[int, list[int]] = defaultdict(list)
    for number, stretches in enumerate(patterns):
        best = min(_rarest(elements, words.often) for elements, absent in stretches if not absent)
        for trigger in best[1]:
            set_off[numbers.new[trigger]].append(number)
    kinds = _Kinds(numbers)
    return RuleSet(
        language=source.language,
        rules=tuple(rules),
        patterns=tuple(map(numbers.pattern, patterns)),
        rule_of=tuple(rule_of),
        set_off=_frozen(set_off),
        phrases=phrases,
        phrases_set_off=phrases_set_off,
        requires=tuple((number, numbers.patterns(each)) for number, each in requires),
        subject=_subject(source.subject, numbers.patterns(named)),
        audiences=tuple((name, numbers.patterns(each)) for name, each in audiences),
        excuses=tuple({key: numbers.patterns(each) for key, each in excuse.items()} for excuse in excuses.made),
        weights=weigh(examples, source.language) if examples else NOTHING,
        vocabulary=kinds.numbered(words.symbols),
        tails=kinds.numbered(words.tails),
        heads=kinds.numbered(words.heads),
        shapes=kinds.numbered(words.shapes),
        given_names=frozenset((*(base.given_names if base else ()), *source.given_names)),
        apart={particle: kinds.numbered(forms) for particle, forms in words.apart.items()},
        kinds=kinds.made(),
        reach=symbols.inflection.REACH,
        auxiliaries=symbols.inflection.AUXILIARIES,
        after_particle=symbols.inflection.AFTER_PARTICLE,
        turns=symbols.inflection.TURNS,
        concessions=symbols.inflection.CONCESSIONS,
        by_front=_spaced(words.grouped(lambda word: word[:4])),
        by_back=_spaced(words.grouped(lambda word: word[0] + word[-4:])),
    )


def _frozen(table: Mapping[Any, list[Any]]) -> dict[Any, tuple[Any, ...]]:
    return {key: tuple(found) for key, found in table.items()}


def _spaced(table: Mapping[str, list[str]]) -> dict[str, str]:
    return {key: " ".join(words) for key, words in table.items()}


def _rule(source: Mapping[str, Any], excuses: _Excuses) -> Rule:
    used = [excuses.number(name) for name in source["excuses"]]
    if source.get("unless"):
        used.append(excuses.number(f"{source['id']}.unless", source["unless"]))
    return Rule(
        source["id"], source["category"], source["severity"], tuple(source["provisions"]), dict(source["why"]),
        dict(source["better"]), source.get("replace"), tuple(source["audiences"]), tuple(used),
        source.get("measures", ""), source.get("resembles", 0.0), source.get("above"), source.get("below"), source.get("from_words", 0),
        source.get("case", ""),
    )  # fmt: skip


def _subject(source: Mapping[str, Any], names: tuple[Pattern, ...]) -> Subject:
    return Subject(names, source.get("from_words", 0), tuple(source.get("anyway", ())))


class _Excuses:
    """The excuses that rules use, each made once."""

    def __init__(self, sources: Mapping[str, Mapping[str, Any]], symbols: _Symbols) -> None:
        self.sources = sources
        self.symbols = symbols
        self.numbers: dict[str, int] = {}
        self.made: list[dict[str, tuple[Stretches, ...]]] = []

    def number(self, name: str, source: Mapping[str, Any] | None = None) -> int:
        if name not in self.numbers:
            self.numbers[name] = len(self.made)
            patterns = source if source is not None else self.sources[name]
            self.made.append({key: self.symbols.patterns(each) for key, each in patterns.items() if each})
        return self.numbers[name]


class _Content:
    """What a symbol can be."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.tails: set[str] = set()
        self.heads: set[str] = set()
        self.shapes: set[str] = set()
        self.apart: dict[str, set[str]] = {}
        self.includes: set[int] = set()
        self.phrases: list[Compiled] = []


class _Symbols:
    """Numbers for all that patterns name; what each can be is worked out when it is first asked for."""

    def __init__(self, classes: Mapping[str, list[str]], language: str) -> None:
        self.classes = classes
        self.language = language
        self.inflection = INFLECTIONS[language]
        self.contents: dict[int, _Content] = {}
        self._numbers: defaultdict[str, int] = defaultdict(count().__next__)

    def patterns(self, patterns: Iterable[str]) -> tuple[Stretches, ...]:
        return tuple(self.pattern(each) for each in patterns)

    def pattern(self, pattern: str) -> Stretches:
        stretches = [(self.elements(each.elements), each.absent) for each in parse(pattern)]
        return tuple(sorted(stretches, key=lambda stretch: stretch[1]))

    def elements(self, elements: Iterable[Element]) -> Compiled:
        made: list[tuple[int, Any]] = []
        for element in elements:
            if isinstance(element, Word):
                made += self._word(element)
            elif isinstance(element, ATOMS):
                made.append((SYMBOL, self._symbol(element)))
            elif isinstance(element, Gap):
                made.append((GAP, element.words))
            elif isinstance(element, Maybe):
                made.append((MAYBE, self.elements(element.inner)))
            elif isinstance(element, Either):
                made.append(self._either(element))
            elif isinstance(element, Mark):
                made.append(_mark(element))
        return tuple(made)

    def phrases(self) -> list[tuple[Compiled, int]]:
        """The phrases of classes, each with the symbol that it is."""
        return [(elements, number) for number, content in self.contents.items() for elements in content.phrases]

    def read_words(self, text: str) -> list[str]:
        """The words of a text as they are read in one that is checked."""
        return [word for sentence in sentences(text, 0, 0, self.language) for word in sentence.words]

    def _word(self, element: Word) -> list[tuple[int, Any]]:
        made: list[tuple[int, Any]] = []
        for word in self.read_words(element.text):
            parts = [each for each in word.split("-") if each]
            if len(parts) > 1:  # victim-blaming, victimblaming, victim blaming
                one = self._any_of([self._symbol(Word(word)), self._symbol(Word("".join(parts)))])
                apart = tuple((SYMBOL, self._symbol(Word(each))) for each in parts)
                made.append((EITHER, (((SYMBOL, one),), apart)))
            else:
                made.append((SYMBOL, self._symbol(Word(word))))
        return made

    def _either(self, element: Either) -> tuple[int, Any]:
        """Alternatives of one word each are a class without a name."""
        branches = [self.elements(branch) for branch in element.branches]
        single = [branch[0][1] for branch in branches if _is_symbol(branch)]
        longer = [branch for branch in branches if not _is_symbol(branch)]
        if single:
            one = (SYMBOL, self._any_of(single))
            if not longer:
                return one
            longer.append((one,))
        return (EITHER, tuple(longer))

    def _any_of(self, symbols: Iterable[int]) -> int:
        members = sorted(set(symbols))
        if len(members) == 1:
            return members[0]
        number = self._numbers[f"any of {members}"]
        if number not in self.contents:
            self.contents[number] = _Content()
            self.contents[number].includes.update(members)
        return number

    def _symbol(self, element: Element) -> int:
        number = self._numbers[repr(element)]
        if number in self.contents:
            return number
        content = self.contents[number] = _Content()
        if isinstance(element, Word):
            content.words.add(element.text)
        elif isinstance(element, Lemma):
            forms = self._forms(element.text, element.kind)
            content.words |= forms.words
            if forms.particle:
                content.apart[forms.particle] = set(forms.apart)
        elif isinstance(element, Tail):
            content.tails |= self._forms(element.text, "").words
        elif isinstance(element, Head):
            content.heads |= set(self.read_words(element.text))
        elif isinstance(element, Shape):
            content.shapes.add(element.name)
        elif isinstance(element, Class):
            for member in self.classes[element.name]:
                for stretch in parse(member):
                    self._add_member(content, self.elements(stretch.elements))
        return number

    def _forms(self, lemma: str, kind: str) -> Forms:
        plain = "|".join("".join(self.read_words(each)) for each in lemma.split("|"))
        forms: Forms = self.inflection.forms(plain, kind)
        return forms

    def _add_member(self, content: _Content, elements: Compiled) -> None:
        if _is_symbol(elements):
            content.includes.add(elements[0][1])
        elif len(elements) == 1 and elements[0][0] == EITHER:
            for branch in elements[0][1]:
                self._add_member(content, branch)
        else:
            content.phrases.append(elements)


def _is_symbol(elements: Compiled) -> bool:
    return len(elements) == 1 and elements[0][0] == SYMBOL


def _mark(element: Mark) -> tuple[int, Any]:
    codes = {"^": BEGIN, "$": END, "?": QUESTION}
    return (codes[element.character], None) if element.character in codes else (PUNCTUATION, element.character)


class _Words:
    """Which symbols each word form is."""

    def __init__(self, symbols: _Symbols, source: Source) -> None:
        self.within = _within(symbols.contents)
        self.symbols: dict[str, set[int]] = defaultdict(set)
        self.tails: dict[str, set[int]] = defaultdict(set)
        self.heads: dict[str, set[int]] = defaultdict(set)
        self.shapes: dict[str, set[int]] = defaultdict(set)
        self.apart: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        for number, content in symbols.contents.items():
            self._collect(content, self.within[number])
        if source.language == "en":
            for clitic, words in CLITIC_WORDS.items():
                for word in words:
                    self.symbols[clitic] |= self.symbols.get(word, set())
        for word, known in self.symbols.items():
            known |= self._compound(word)
        for text in (*source.never_slips, *source.not_names):
            for word in symbols.read_words(text):
                self.symbols.setdefault(word, set())
        self._counts: defaultdict[int, int] = defaultdict(int)
        self._count_examples(source)

    def often(self, symbol: int) -> int:
        """How often a symbol stands in the examples of the rules; a phrase counts as rare."""
        return self._counts[symbol]

    def grouped(self, key: Callable[[str], str]) -> dict[str, list[str]]:
        """The words that can be mistyped, by a part of them."""
        groups: dict[str, list[str]] = defaultdict(list)
        for word, known in self.symbols.items():
            if len(word) >= SHORTEST_SLIP and word.isalpha() and known:
                groups[key(word)].append(word)
        return groups

    def _collect(self, content: _Content, within: set[int]) -> None:
        for word in content.words:
            self.symbols[word] |= within
            bare = word.replace("'", "")
            if bare != word and len(bare) > 3 and bare not in _MISREAD:
                self.symbols[bare] |= within
        for texts, into in ((content.tails, self.tails), (content.heads, self.heads), (content.shapes, self.shapes)):
            for each in texts:
                into[each] |= within
        for particle, forms in content.apart.items():
            for form in forms:
                self.apart[particle][form] |= within

    def _compound(self, word: str) -> set[int]:
        """The symbols that a word is through its last or first part."""
        found: set[int] = set()
        for length in range(3, len(word)):
            found |= self.tails.get(word[length:], set())
            found |= self.heads.get(word[:-length], set())
        return found

    def _count_examples(self, source: Source) -> None:
        for rule in source.rules:
            for example in (*rule.get("found", ()), *rule.get("not_found", ())):
                for sentence in sentences(example, 0, 0, source.language):
                    for word in sentence.words:
                        for symbol in self.symbols.get(word) or self._compound(word):
                            self._counts[symbol] += 1
                    for name in chain.from_iterable(map(shapes, sentence.written)):
                        # Letters hold more names of people, places and schools than the examples do.
                        for each in (name, "name", "given") if name == "capital" else (name,):
                            for symbol in self.shapes.get(each, ()):
                                self._counts[symbol] += 1


def _within(contents: Mapping[int, _Content]) -> dict[int, set[int]]:
    """For each symbol those that it belongs to, itself included."""
    belongs: dict[int, set[int]] = {number: set() for number in contents}
    for number, content in contents.items():
        for member in content.includes:
            belongs[member].add(number)
    within: dict[int, set[int]] = {}
    for number in belongs:
        found, fresh = {number}, [number]
        while fresh:
            for each in belongs[fresh.pop()] - found:
                found.add(each)
                fresh.append(each)
        within[number] = found
    return within


class _Numbers:
    """New numbers for the symbols that patterns ask for; the others were only needed to find out which words these are.

    Those that some pattern can't do without get the lowest, and of these the most common, so that sets of them are
    short integers.
    """

    def __init__(self, words: _Words, patterns: Any) -> None:
        asked = sorted(set(_all_symbols(patterns)))
        tables = (words.symbols, words.tails, words.heads, words.shapes, *words.apart.values())
        uses: defaultdict[int, int] = defaultdict(int)
        for known in chain.from_iterable(table.values() for table in tables):
            for symbol in known:
                uses[symbol] += 1
        needed = set(_all_symbols(patterns, nested=False))
        order = sorted(asked, key=lambda symbol: (symbol not in needed, -uses[symbol], symbol))
        self.new = {old: new for new, old in enumerate(order)}

    def of(self, symbols: Iterable[int]) -> tuple[int, ...]:
        return tuple(sorted(self.new[each] for each in symbols if each in self.new))

    def patterns(self, patterns: Iterable[Stretches]) -> tuple[Pattern, ...]:
        return tuple(map(self.pattern, patterns))

    def pattern(self, stretches: Stretches) -> Pattern:
        made = tuple((self.elements(elements), absent) for elements, absent in stretches)
        return _bits(need for elements, absent in made if not absent for need in _needs(elements)), made

    def elements(self, elements: Compiled) -> Compiled:
        return tuple((code, self._value(code, value)) for code, value in elements)

    def _value(self, code: int, value: Any) -> Any:
        if code == SYMBOL:
            return self.new[value]
        if code == EITHER:
            return tuple(map(self.elements, value))
        return self.elements(value) if code == MAYBE else value


def _all_symbols(patterns: Any, nested: bool = True) -> Iterator[int]:
    """The symbols of all elements, however these are nested in tuples, lists and tables; or without alternatives."""
    if isinstance(patterns, dict):
        patterns = tuple(patterns.values())
    if isinstance(patterns, tuple) and len(patterns) == 2 and patterns[0] == SYMBOL and isinstance(patterns[1], int):
        yield patterns[1]
    elif isinstance(patterns, (tuple, list)):
        if not nested and len(patterns) == 2 and patterns[0] in (EITHER, MAYBE):
            return
        for each in patterns:
            yield from _all_symbols(each, nested)


def _needs(elements: Compiled) -> Iterator[int]:
    return (value for code, value in elements if code == SYMBOL)


def _bits(symbols: Iterable[int]) -> int:
    bits = 0
    for symbol in symbols:
        bits |= 1 << symbol
    return bits


class _Kinds:
    """The different sets of symbols that words are."""

    def __init__(self, numbers: _Numbers) -> None:
        self.numbers = numbers
        self._known: dict[tuple[int, ...], int] = {}

    def numbered(self, table: Mapping[str, set[int]]) -> dict[str, int]:
        return {name: self._known.setdefault(self.numbers.of(found), len(self._known)) for name, found in table.items()}

    def made(self) -> tuple[bytes, ...]:
        return tuple(b"".join(symbol.to_bytes(2, "little") for symbol in each) for each in self._known)


def _phrases(
    symbols: _Symbols, words: _Words, numbers: _Numbers
) -> tuple[tuple[Phrase, ...], tuple[dict[int, tuple[int, ...]], ...]]:
    """The phrases of classes in turns: a phrase may ask for a class that has phrases itself."""
    phrases: list[Phrase] = []
    turns = []
    waiting = symbols.phrases()
    while waiting:
        unfinished = {symbol for _elements, number in waiting for symbol in words.within[number]}
        turn = [each for each in waiting if not unfinished.intersection(symbols_in(each[0]))]
        turn = turn or waiting  # a class that is made of itself: in whatever order
        index: dict[int, list[int]] = defaultdict(list)
        for elements, number in turn:
            for trigger in _rarest(elements, words.often)[1]:
                index[numbers.new[trigger]].append(len(phrases))
            made = numbers.elements(elements)
            phrases.append((_bits(_needs(made)), made, numbers.of(words.within[number])))
        turns.append(_frozen(index))
        waiting = [each for each in waiting if each not in turn]
    return tuple(phrases), tuple(turns)


def _rarest(elements: Compiled, often: Callable[[int], int]) -> tuple[int, tuple[int, ...]]:
    """How often they are, and the symbols of which one must be there for the elements to match."""
    found: list[tuple[int, tuple[int, ...]]] = []
    for code, value in elements:
        if code == SYMBOL:
            found.append((often(value), (value,)))
        elif code == EITHER:
            branches = [_rarest(branch, often) for branch in value]
            if all(triggers for _often, triggers in branches):
                triggers = dict.fromkeys(symbol for branch in branches for symbol in branch[1])
                found.append((sum(each[0] for each in branches), tuple(triggers)))
    return min(found, default=(sys.maxsize, ()))
