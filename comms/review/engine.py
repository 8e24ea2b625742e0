"""A text and a set of rules in, what the rules find out.

For each sentence: which words are which symbols (:class:`Reading`), which patterns these set off, and for what
matches, whether something excuses it. A word is looked up once; a pattern is tried only where a word stands that it
can't do without.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import zip_longest
from math import inf
from typing import NamedTuple

from comms.review import measures
from comms.review.folding import listed, readable
from comms.review.patterns import EITHER, SYMBOL, Compiled, after, asked_for, spans, symbols_in
from comms.review.resemblance import FEWEST_WORDS, points, resemblance
from comms.review.ruleset import SHORTEST_SLIP, Pattern, Rule, RuleSet
from comms.review.tokens import Sentence, quotations, sentences, shapes
from comms.review.written import Written

NEAR = 4
"""Words between a finding and what excuses it from before or after, at most."""

GREETING_PARTS = 8
"""A greeting stands in one of the first parts."""

_LONGEST_WORD = 40
_SHORTEST_COMPOUND = 4
_REMEMBERED = 30_000
_READINGS = 1_000
_NEIGHBOURS = {
    letters[0]: letters[1:]
    for letters in listed(
        "qwa wqes ewrdi retf tryd ytuhi uyij iuokey oiplu pol aqsz sawdxzc dsefctr fdrgv gfthb hgyjnb jhunm kjilmc lkop "
        "zasx xzsdc cxdfvks vcfgbf bvghn nbhjm mnjk"
    )
}
"""After each letter those on the keys beside it, and those that it is confused with in spelling: d and t, c and k."""


class Kind(NamedTuple):
    """What a word is."""

    symbols: frozenset[int]
    present: int
    """The same symbols, bit *i* for symbol *i*."""
    sets_off: tuple[int, ...]
    """Those of them that set patterns off."""


_HOST = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?#:].*)?")
_QUOTATION_MARKS = "\"“”„«»‘’'"
_NOTHING = Kind(frozenset(), 0, ())


class Candidate(NamedTuple):
    """A pattern, and what tells at once that most do not match."""

    needs: int
    """The symbols that it can't do without, bit *i* for symbol *i*."""
    choices: tuple[int, ...]
    """Of each of these one must be there."""
    pattern: Pattern
    rule: int


class Candidates(dict[int, tuple[Candidate, ...]]):
    """By symbol the patterns that it sets off; those that were asked for before."""

    def __init__(self, rules: RuleSet) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, symbol: int) -> tuple[Candidate, ...]:
        made = self[symbol] = tuple(map(self._candidate, self._rules.set_off.get(symbol, ())))
        return made

    def _candidate(self, number: int) -> Candidate:
        pattern = self._rules.patterns[number]
        choices = tuple(
            sum(1 << symbol for symbol in {branch[0][1] for branch in value})
            for elements, absent in pattern[1]
            for code, value in elements
            if code == EITHER and not absent and all(branch[0][0] == SYMBOL for branch in value)
        )
        return Candidate(pattern[0], choices, pattern, self._rules.rule_of[number])


class Needed(dict[int, tuple[tuple[int, int], ...]]):
    """By symbol the phrases that it sets off: what each can't do without, and its number; those asked for before."""

    def __init__(self, rules: RuleSet, index: Mapping[int, tuple[int, ...]]) -> None:
        super().__init__()
        self._rules = rules
        self._index = index

    def __missing__(self, symbol: int) -> tuple[tuple[int, int], ...]:
        phrases = self._rules.phrases
        made = self[symbol] = tuple((phrases[number][0], number) for number in self._index[symbol])
        return made


class Lexicon:
    """What each word is, also as a compound, mistyped, or with a hyphen."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._triggers = frozenset(rules.set_off).union(*rules.phrases_set_off)
        self._kinds: list[Kind | None] = [None] * len(rules.kinds)
        self._phrases: list[Kind | None] = [None] * len(rules.phrases)
        self.known: dict[str, Kind] = {}
        """The words that were looked up before."""
        self.candidates = Candidates(rules)
        self.phrases_need = tuple(Needed(rules, index) for index in rules.phrases_set_off)
        """As ``rules.phrases_set_off``, with what each phrase can't do without."""
        self.plain: set[str] = set()
        """Words that look like nothing but a word, as they are written."""
        self.by_resemblance = {each.category: number for number, each in enumerate(rules.rules) if each.resembles}
        """By category the rule that goes by what a sentence resembles."""
        self.least_points = min((rules.rules[each].resembles for each in self.by_resemblance.values()), default=inf)
        """What a sentence weighs at least to be looked at by these."""
        self._tail_lengths = sorted({len(each) for each in rules.tails})
        self._head_lengths = sorted({len(each) for each in rules.heads})

    def kind(self, word: str) -> Kind:
        kind = self.known.get(word)
        if kind is None:
            if len(self.known) >= _REMEMBERED:
                self.known.clear()
            number = self.rules.vocabulary.get(word)
            kind = self.numbered(number) if number is not None else self._worked_out(word)
            self.known[word] = kind
        return kind

    def numbered(self, number: int) -> Kind:
        """The kind with this number; worked out when it is first asked for."""
        kind = self._kinds[number]
        if kind is None:
            written = self.rules.kinds[number]
            symbols = [written[at] | written[at + 1] << 8 for at in range(0, len(written), 2)]
            kind = self._kinds[number] = self._kind(symbols)
        return kind

    def of_phrase(self, number: int) -> Kind:
        """What the phrase with this number is."""
        kind = self._phrases[number]
        if kind is None:
            kind = self._phrases[number] = self._kind(self.rules.phrases[number][2])
        return kind

    def _kind(self, symbols: Iterable[int]) -> Kind:
        known = frozenset(symbols)
        present = 0
        for symbol in known:
            present |= 1 << symbol
        return Kind(known, present, tuple(sorted(known & self._triggers)))

    def _merged(self, kinds: Iterable[Kind]) -> Kind:
        return self._kind(symbol for kind in kinds for symbol in kind.symbols)

    def _worked_out(self, word: str) -> Kind:
        if len(word) <= _SHORTEST_COMPOUND:
            return _NOTHING
        if "." in word and (host := _HOST.fullmatch(word)):
            return self.kind(host[1]) if host[1] in self.rules.vocabulary else self.kind(host[1].partition(".")[0])
        if "-" in word:
            joined = word.replace("-", "")
            if joined in self.rules.vocabulary:
                return self.kind(joined)
            last = word.rpartition("-")[2]
            if len(last) > 2 and not word.startswith(("niet-", "non-", "anti-")):
                return self._merged([*self._compound(joined), self.kind(last)])
        if len(word) > _LONGEST_WORD:
            return _NOTHING
        if compound := self._compound(word):
            return self._merged(compound)
        slip = self._slip(word) if word.isalpha() and len(word) >= SHORTEST_SLIP - 1 else None
        return self.kind(slip) if slip else _NOTHING

    def _compound(self, word: str) -> list[Kind]:
        kinds, rules = [], self.rules
        for length in self._tail_lengths:
            if length > len(word) - 3:
                break
            number = rules.tails.get(word[-length:])
            if number is not None:
                kinds.append(self.numbered(number))
        for length in self._head_lengths:
            if length > len(word) - 3:
                break
            number = rules.heads.get(word[:length])
            if number is not None:
                kinds.append(self.numbered(number))
        return kinds

    def _slip(self, word: str) -> str | None:
        """The known word that this one is with one letter dropped, doubled, swapped or replaced."""
        known = self.rules.vocabulary
        for position in range(1, len(word) - 1):  # swapped
            here, following = word[position], word[position + 1]
            if here == following:
                tried = word[:position] + word[position + 1 :]  # doubled
            else:
                tried = word[:position] + following + here + word[position + 2 :]
            if len(tried) >= SHORTEST_SLIP and tried in known:
                return tried
        for position in range(1, len(word)):  # replaced
            if len(word) < SHORTEST_SLIP:
                break
            for letter in _NEIGHBOURS.get(word[position], ""):
                tried = word[:position] + letter + word[position + 1 :]
                if tried in known:
                    return tried
        wanted = len(word) + 1
        front = self.rules.by_front.get(word[:4], "")
        back = self.rules.by_back.get(word[0] + word[-4:], "")
        for candidate in (*front.split(), *back.split()):  # dropped
            if len(candidate) == wanted and _lacks_one(word, candidate):
                return candidate
        return None


def _lacks_one(word: str, whole: str) -> bool:
    for position, letter in enumerate(word):
        if letter != whole[position]:
            return word[position:] == whole[position + 1 :]
    return True


class Reading:
    """A sentence as patterns see it: where which symbols stand."""

    __slots__ = (
        "_rules",
        "_turns",
        "_what",
        "alone",
        "count",
        "longer",
        "pairs",
        "present",
        "question",
        "sentence",
        "sets_off",
    )

    def __init__(self, sentence: Sentence, lexicon: Lexicon) -> None:
        self.sentence = sentence
        self.count = len(sentence.words)
        self.question = sentence.question
        self._rules = lexicon.rules
        self._turns: list[int] | None = None
        self.present: int
        """The symbols that stand in it, bit *i* for symbol *i*."""
        self.sets_off: dict[int, None] = {}
        """Those of them that set patterns off."""
        self.pairs: list[tuple[int, int, int]] = []
        """Verbs that stand apart from their particle: the numbers of both words, and what they are."""
        self.alone: dict[int, int] = {}
        self._what: list[tuple[int, frozenset[int]]] = []
        self.longer: dict[int, list[tuple[int, int]]] = {}
        at: dict[str, int] = {}
        bit = 1
        for word in sentence.words:
            at[word] = at.get(word, 0) | bit
            bit <<= 1
        known = lexicon.known
        present = 0
        for word, positions in at.items():
            symbols, there, sets_off = known.get(word) or lexicon.kind(word)
            if symbols:
                self._what.append((positions, symbols))
                present |= there
                for symbol in sets_off:
                    self.sets_off[symbol] = None
        self.present = present
        rules = lexicon.rules
        if rules.shapes:
            self._look_at_shapes(lexicon)
        for particle in rules.apart.keys() & at.keys():
            self._join_apart(particle, lexicon)
        if self.sets_off:
            self._find_phrases(lexicon)

    # what patterns ask

    def where(self, symbol: int) -> int:
        positions = self.alone.get(symbol)
        if positions is None:
            positions = 0
            if self.present >> symbol & 1:  # most of what patterns ask for is not there
                for there, symbols in self._what:
                    if symbol in symbols:
                        positions |= there
            self.alone[symbol] = positions
        return positions

    def before(self, mark: str) -> int:
        wanted = _QUOTATION_MARKS if mark == '"' else mark
        marks = self.sentence.marks.items()
        return sum(1 << number for number, there in marks if any(each in there for each in wanted))

    def said(self, start: int) -> int:
        """The positions of what counts for what begins at ``start``, bit *i* for position *i*.

        What stands before a *but* is conceded and excuses nothing that comes after it: “sharing is wrong, but she knew”.
        """
        if self._turns is None:
            self._turns = list(self._all_turns())
        return -1 << max((turn for turn in self._turns if turn <= start), default=0)

    def _all_turns(self) -> Iterator[int]:
        words, marks, rules = self.sentence.words, self.sentence.marks, self._rules
        if words and words[0] in rules.concessions:
            yield from sorted(number for number, mark in marks.items() if 0 < number < self.count and "," in mark)[:1]
        for number, word in enumerate(words):
            if word in rules.turns and number in marks:  # without a comma it is often another word: kijk maar
                yield number

    # making it

    def _is(self, positions: int, kind: Kind) -> None:
        symbols, present, sets_off = kind
        self._what.append((positions, symbols))
        self.present |= present
        for symbol in sets_off:
            self.sets_off[symbol] = None

    def _look_at_shapes(self, lexicon: Lexicon) -> None:
        rules, sentence, plain = lexicon.rules, self.sentence, lexicon.plain
        for number, written in enumerate(sentence.written):
            if written in plain:
                continue
            word = sentence.words[number]
            given = word in rules.given_names
            if written == word and word.isalpha() and "jarig" not in word and not given:
                if len(plain) < _REMEMBERED:
                    plain.add(written)
                continue
            for shape in (*self._shapes(number, written, word, lexicon), *(("given", "name") if given else ())):
                if shape in rules.shapes:
                    self._is(1 << number, lexicon.numbered(rules.shapes[shape]))

    def _shapes(self, number: int, written: str, word: str, lexicon: Lexicon) -> Iterator[str]:
        marks = self.sentence.marks
        for shape in shapes(written):
            if shape != "class" or word not in lexicon.rules.vocabulary:
                yield shape
        if not written[0].isupper():
            return
        follows = marks.get(number + 1, "")
        if len(written) == 1 and follows.startswith(".") and number + 1 < self.count:
            yield "initials"
        if len(written) < 2 or written.isupper() or not written.replace("-", "").isalpha():
            return
        begins = number == 0 or marks.get(number, "")[-1:] in ('"', "“", "„", "‘", "'", ":", "«", "(", "[", "*")
        if begins or word in lexicon.rules.vocabulary or lexicon.kind(word).symbols:
            return
        if not any(each.isupper() for each in self.sentence.written if len(each) > 3):
            yield "name"

    def _join_apart(self, particle: str, lexicon: Lexicon) -> None:
        """Finds the verb that a particle belongs to: stuurt … door, door te sturen, door heeft gestuurd."""
        rules, words = lexicon.rules, self.sentence.words
        forms = rules.apart[particle]
        for number, word in enumerate(words):
            if word != particle:
                continue
            if self._ends_clause(number, rules):
                for other in range(number - 1, max(-1, number - 1 - rules.reach), -1):
                    if words[other] in forms:
                        self._join(other, number, lexicon.numbered(forms[words[other]]))
                        break
            for other in range(number + 1, min(self.count, number + 5)):
                if words[other] in forms:
                    self._join(number, other, lexicon.numbered(forms[words[other]]))
                    break
                if words[other] not in rules.auxiliaries:
                    break

    def _ends_clause(self, number: int, rules: RuleSet) -> bool:
        following = number + 1
        if not rules.after_particle or following == self.count or following in self.sentence.marks:
            return True
        return self.sentence.words[following] in rules.after_particle

    def _join(self, first: int, last: int, kind: Kind) -> None:
        self.pairs.append((first, last, kind.present))
        self._is(1 << first | 1 << last, kind)

    def _find_phrases(self, lexicon: Lexicon) -> None:
        rules = lexicon.rules
        for index, needed in zip(rules.phrases_set_off, lexicon.phrases_need, strict=True):
            tried: set[int] = set()
            present = self.present
            for trigger in self.sets_off:
                if trigger in index:
                    for needs, number in needed[trigger]:
                        if needs & present == needs:
                            tried.add(number)
            for number in sorted(tried):
                found = list(spans(rules.phrases[number][1], self))
                if not found:
                    continue
                symbols, present, sets_off = lexicon.of_phrase(number)
                for symbol in symbols:
                    self.longer.setdefault(symbol, []).extend(found)
                self.present |= present
                for symbol in sets_off:
                    self.sets_off[symbol] = None

    # whole patterns

    def matches(self, pattern: Pattern) -> bool:
        needs, stretches = pattern
        if needs & self.present != needs:
            return False
        everywhere = (2 << self.count) - 1
        return all(bool(after(elements, everywhere, self)) is not absent for elements, absent in stretches)

    def found(self, pattern: Pattern) -> Iterator[Match]:
        """What a pattern matches; what it asks beside its first stretch counts with it."""
        (first, _present), *others = pattern[1]
        begins = list(spans(first, self))
        wanted = [each for each, absent in others if not absent]
        if not begins or not all(after(each, (2 << self.count) - 1, self) for each in wanted):
            return
        unwanted = [each for each, absent in others if absent]
        beside = [(each, *min(spans(each, self), key=_length)) for each in wanted]
        for start, end in begins:
            if unwanted and any(after(each, (2 << self.count) - 1 & self.said(start), self) for each in unwanted):
                continue
            places = [(first, start, end), *beside]
            low, high = min(place[1] for place in places), max(place[2] for place in places)
            if high > low:
                yield Match(*self._whole(low, high, pattern), tuple(places))

    def _whole(self, start: int, end: int, pattern: Pattern) -> tuple[int, int]:
        """With the other half of a verb that stands apart."""
        for first, last, symbols in self.pairs:
            if (start <= first < end) != (start <= last < end) and symbols & _symbols(pattern):
                start, end = min(start, first), max(end, last + 1)
        return start, end

    def reaches(self, pattern: Pattern, begins: int, ends: int) -> bool:
        """Whether the pattern begins at one of the first positions and ends at one of the others."""
        needs, ((first, _present), *others) = pattern
        if needs & self.present != needs:
            return False
        positions = begins & ((2 << self.count) - 1)
        return bool(after(first, positions, self) & ends) and self.matches((0, tuple(others)))


class Match(NamedTuple):
    """What a pattern matches: from and to which word, and its stretches from and to where."""

    start: int
    end: int
    stretches: tuple[tuple[Compiled, int, int], ...]

    def asked(self, reading: Reading) -> int:
        """The words that the pattern asks for, bit *i* for word *i*; those in its gaps it doesn't."""
        asked = 0
        for elements, start, end in self.stretches:
            asked |= asked_for(elements, start, end, reading)
        return asked


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]


def _symbols(pattern: Pattern) -> int:
    """All that it asks for, bit *i* for symbol *i*."""
    found = 0
    for elements, _absent in pattern[1]:
        for symbol in symbols_in(elements):
            found |= 1 << symbol
    return found


class Hit(NamedTuple):
    """What a rule found: the number of the rule, from and to where in the text."""

    rule: int
    start: int
    end: int
    part: int
    value: float | None = None
    """What was measured."""


class Text:
    """A written text as its sentences, read with one set of rules."""

    def __init__(self, written: Written, lexicon: Lexicon, parts: Sequence[int], language: str) -> None:
        self.written = written
        self.lexicon = lexicon
        self.rules = lexicon.rules
        self.language = language
        self.numbers = parts
        self.sentences: list[Sentence] = []
        self.of_part: dict[int, tuple[int, int]] = {}
        for number in parts:
            part = written.parts[number]
            first = len(self.sentences)
            piece = readable(written.text, part.start, part.end, part.skips)
            self.sentences.extend(sentences(piece, part.start, number, language))
            self.of_part[number] = (first, len(self.sentences))
        self._readings: dict[int, Reading] = {}
        self._quotations: dict[int, list[tuple[int, int]]] = {}

    def reading(self, number: int) -> Reading:
        reading = self._readings.get(number)
        if reading is None:
            if len(self._readings) >= _READINGS:
                self._readings.clear()
            reading = self._readings[number] = Reading(self.sentences[number], self.lexicon)
        return reading

    def running(self) -> list[Sentence]:
        """The sentences that a reader goes through: no headings, no addresses."""
        kinds = {number: self.written.parts[number].kind for number in self.of_part}
        return [each for each in self.sentences if kinds[each.part] in ("paragraph", "bullet")]

    def words(self) -> int:
        return sum(each.word_count() for each in self.sentences)

    def hits(self, audience: str | None, any_length: bool = False) -> Iterator[Hit]:
        """What the rules find. Whole texts for an audience are also measured and asked for what must be in them."""
        lacking = {rule: each for rule, each in self.rules.requires if self._asked(rule, audience, any_length)}
        for number in range(len(self.sentences)):
            yield from self._found(number)
            if self.written.parts[self.sentences[number].part].kind == "comment":
                continue  # what stands beside the text, or was deleted, is not in it
            reading = self.reading(number)
            present = reading.present
            for rule, patterns in tuple(lacking.items()):
                for pattern in patterns:
                    needs = pattern[0]  # looked at here too: of most patterns it tells that they are not there
                    if needs & present == needs and reading.matches(pattern):
                        del lacking[rule]
                        break
        yield from map(self._at_top, lacking)
        yield from self._measured(audience, any_length)

    def _found(self, number: int) -> Iterator[Hit]:
        """What patterns find in a sentence."""
        rules, reading = self.rules, self.reading(number)
        found: dict[int, list[Match]] = {}
        present, everywhere, candidates = reading.present, (2 << reading.count) - 1, self.lexicon.candidates
        for symbol in reading.sets_off:
            for needs, choices, pattern, rule in candidates[symbol]:
                if needs & present != needs:
                    continue
                for each in choices:
                    if not present & each:
                        break
                else:
                    if after(pattern[1][0][0], everywhere, reading):
                        for match in reading.found(pattern):
                            found.setdefault(rule, []).append(match)
        told = [hit for rule, matched in found.items() for hit in self._kept(rule, number, matched)]
        yield from told
        if not any(self._counts(rules.rules[hit.rule]) for hit in told):
            yield from self._resembling(number)

    def _counts(self, rule: Rule) -> bool:
        """Whether a finding of a rule makes it needless to say what the sentence resembles."""
        return rule.severity != "info" and not rule.case and not rule.audiences

    def _resembling(self, number: int) -> Iterator[Hit]:
        """What a sentence resembles as a whole, when no rule could say what is wrong in it."""
        sentence, rules = self.sentences[number], self.rules
        if len(sentence.words) < FEWEST_WORDS or points(sentence, rules.weights) < self.lexicon.least_points:
            return
        found = resemblance(sentence, rules.weights)
        rule = self.lexicon.by_resemblance.get(found.category)
        if rule is not None and found.points >= rules.rules[rule].resembles:
            yield from self._kept(rule, number, [Match(found.start, found.end, ())])

    def _kept(self, rule: int, number: int, matched: list[Match]) -> Iterator[Hit]:
        """Of what overlaps the shortest, and only what nothing excuses."""
        sentence = self.sentences[number]
        excuses = [self.rules.excuses[excuse] for excuse in self.rules.rules[rule].excuses]
        kept: list[Match] = []
        for match in sorted(matched, key=lambda match: (match.end - match.start, match.start)):
            if any(match.start < other.end and other.start < match.end for other in kept):
                continue
            if not any(self._holds(excuse, number, match) for excuse in excuses):
                kept.append(match)
                yield Hit(rule, sentence.starts[match.start], sentence.ends[match.end - 1], sentence.part)

    # excuses

    def _holds(self, excuse: Mapping[str, Sequence[Pattern]], number: int, match: Match) -> bool:
        reading = self.reading(number)
        start, end = match.start, match.end
        for name, patterns in excuse.items():
            if name == "before":  # begins before the finding or in a gap of it, ends near its start or later
                begins, ends = (
                    ((1 << end) - 1) & reading.said(start) & ~match.asked(reading),
                    -1 << max(start - NEAR, 1),
                )
                held = any(reading.reaches(each, begins, ends) for each in patterns)
            elif name == "after":  # begins in a gap of the finding or near its end
                begins, ends = ((2 << end + NEAR) - 1) & (-1 << start) & ~match.asked(reading), -1 << start + 1
                held = any(reading.reaches(each, begins, ends) for each in patterns)
            elif name == "sentence":
                held = any(reading.reaches(each, reading.said(start), -1) for each in patterns)
            elif name == "lead_in":
                held = self._any_matches(patterns, self._lead_ins(number))
            elif name == "next":
                held = self._any_matches(patterns, self._beside(number, 1))
            elif name == "previous":
                held = self._any_matches(patterns, self._beside(number, -1))
            else:
                outside = self._outside_quotation(number, match)
                held = outside is not None and (
                    any(reading.reaches(each, outside, -1) for each in patterns)
                    or self._any_matches(patterns, (*self._lead_ins(number), *self._beside(number, 1)))
                )
            if held:
                return True
        return False

    def _any_matches(self, patterns: Iterable[Pattern], numbers: Iterable[int]) -> bool:
        numbers = tuple(numbers)
        return any(self.reading(number).matches(each) for each in patterns for number in numbers)

    def _beside(self, number: int, step: int) -> Iterator[int]:
        other = number + step
        if 0 <= other < len(self.sentences) and self.sentences[other].part == self.sentences[number].part:
            yield other

    @cached_property
    def _stands_under(self) -> dict[int, tuple[int, ...]]:
        """For each part the parts that say how to read it: its heading, and what announces it or its list."""
        under: dict[int, tuple[int, ...]] = {}
        heading = opener = -1
        in_list = False
        running = [each for each in self.numbers if self.written.parts[each].kind not in ("address", "comment")]
        for number, following in zip_longest(running, running[1:], fillvalue=-1):
            kind = self.written.parts[number].kind
            if in_list and kind != "bullet":
                opener = -1
            under[number] = tuple(each for each in (heading, opener) if each >= 0)
            in_list = kind == "bullet"
            if kind == "heading":
                heading, opener = number, -1
            elif kind == "paragraph":
                before_list = following >= 0 and self.written.parts[following].kind == "bullet"
                opener = number if before_list or self._announces(number) else -1
        return under

    def _announces(self, part: int) -> bool:
        first, last = self.of_part[part]
        return last > first and self.sentences[last - 1].announces

    def _lead_ins(self, number: int) -> Iterator[int]:
        """The sentences that say how to read this one."""
        sentence = self.sentences[number]
        for part in self._stands_under.get(sentence.part, ()):
            first, last = self.of_part[part]
            if self.written.parts[part].kind == "heading":
                yield from range(first, min(last, first + NEAR))
            elif last > first:
                yield last - 1
        # The sentences in which a quotation began that this one still stands in.
        begin, _end = self._quotation_at(sentence.part, sentence.starts[0])
        first, _last = self.of_part[sentence.part]
        while number > first and self.sentences[number - 1].ends[-1] > begin:
            number -= 1
            yield number

    def _quotation_at(self, part: int, offset: int) -> tuple[int, int]:
        """The quotation around an offset, from and to; nothing from there when none is."""
        if part not in self._quotations:
            where = self.written.parts[part]
            found = quotations(readable(self.written.text, where.start, where.end, where.skips))
            self._quotations[part] = [(start + where.start, end + where.start) for start, end in found]
        known = self._quotations[part]
        last = bisect_right(known, (offset, sys.maxsize)) - 1
        return known[last] if last >= 0 and known[last][1] > offset else (sys.maxsize, 0)

    def _outside_quotation(self, number: int, match: Match) -> int | None:
        """The words of the sentence that stand outside the quotation around the finding; None when there is none.

        What is said within it can't reject it: “she did not think” is no answer to itself.
        """
        sentence = self.sentences[number]
        begin, stop = self._quotation_at(sentence.part, sentence.starts[match.start])
        if sentence.ends[match.end - 1] > stop:
            return None
        return sum(1 << word for word, start in enumerate(sentence.starts) if not begin <= start < stop)

    # whole texts

    def names_subject(self) -> bool:
        """Whether it says anywhere that it is about what the rules are for."""
        names = self.rules.subject.names
        return any(self.reading(number).matches(each) for number in range(len(self.sentences)) for each in names)

    def recognised_audience(self) -> str | None:
        """The audience that the greeting names."""
        parts = [number for number in self.numbers if self.written.parts[number].kind not in ("address", "comment")]
        for part in parts[:GREETING_PARTS]:
            first, last = self.of_part[part]
            for number in range(first, min(last, first + 2)):
                for audience, patterns in self.rules.audiences:
                    if any(self.reading(number).matches(each) for each in patterns):
                        return audience
        return None

    def _measured(self, audience: str | None, any_length: bool) -> Iterator[Hit]:
        """What is measured and lies above or below what a rule allows."""
        running = self.running()
        if not running:
            return
        for number, rule in enumerate(self.rules.rules):
            if rule.measures == "sentence_words":
                for sentence in running:
                    words = sentence.word_count()
                    if rule.above is not None and words > rule.above:
                        yield Hit(number, sentence.starts[0], sentence.ends[-1], sentence.part, words)
            elif rule.measures and self._asked(number, audience, any_length):
                value = self._measure(rule.measures, running)
                if (rule.above is not None and value > rule.above) or (rule.below is not None and value < rule.below):
                    yield self._at_top(number)._replace(value=value)

    def _measure(self, name: str, running: Sequence[Sentence]) -> float:
        if name == "average_sentence_words":
            return measures.average_sentence(running)
        if name == "passive_share":
            return measures.passive_share(running, self.language)
        return measures.reading_ease(running, self.language)

    def _asked(self, rule: int, audience: str | None, any_length: bool) -> bool:
        """Whether a rule for whole texts says something of this one."""
        asked = self.rules.rules[rule]
        if audience is None or (asked.audiences and audience not in asked.audiences):
            return False
        return any_length or not asked.from_words or self.words() >= asked.from_words

    def _at_top(self, rule: int) -> Hit:
        """A finding about the whole text is shown at its first sentence."""
        if not self.sentences:
            return Hit(rule, 0, 0, 0)
        sentence = self.sentences[0]
        return Hit(rule, sentence.starts[0], sentence.ends[-1], sentence.part)
