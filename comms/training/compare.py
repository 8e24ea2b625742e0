"""Compare: what another wish, scale or answer of the police would do to the plan and the texts of an incident.

Five facts make 1152 combinations. Drafting each would take minutes, and nearly all would differ in something that a text
does not look at. Here the five facts are *open*: they are each their list of values, and what runs through the rules and
the templates does so once for all combinations that these cannot tell apart. Where code compares an open fact, the run
splits in the combinations for which the answer is yes and those for which it is no, and both are followed. What it made
then holds for all that are left. What the plan decided is open in the same way for the texts, since they look at it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from types import SimpleNamespace
from typing import Any, Final, Generic, TypeVar, cast

from comms import compose, texts
from comms.decisions import PlannedMessage, decide, decide_for
from comms.document import Block, Message, Passage
from comms.documents import Document, documents
from comms.drafts import cases_of, reviewed
from comms.errors import ReviewError
from comms.fields import Choice
from comms.incident import AUDIENCES, FIELDS, VICTIM_FIELDS, Incident
from comms.languages import available
from comms.planning import Action, Plan, actions, warnings
from comms.review.rules import rule_set
from comms.review.ruleset import CASES, LANGUAGES

FACTS: Final = ("consent", "scale", "media", "police", "origin")
"""What a trainer can change, in the order in which combinations are numbered; the last counts fastest."""

T = TypeVar("T")
Combinations = int
"""A set of combinations: bit *i* for the combination with number *i*."""


@cache
def values() -> dict[str, tuple[str, ...]]:
    """What each of the facts can be."""
    kinds = {each.name: each.kind for each in (*FIELDS, *VICTIM_FIELDS) if isinstance(each.kind, Choice)}
    return {name: tuple(kinds[name].labels) for name in FACTS}


@cache
def combinations() -> tuple[tuple[str, ...], ...]:
    """All of them by number."""
    return tuple(product(*values().values()))


@cache
def everything() -> Combinations:
    return (1 << len(combinations())) - 1


@cache
def _columns() -> dict[str, dict[str, Combinations]]:
    """For each fact in which combinations it has which value."""
    found: dict[str, dict[str, Combinations]] = {name: dict.fromkeys(values()[name], 0) for name in FACTS}
    for number, combination in enumerate(combinations()):
        for name, value in zip(FACTS, combination, strict=True):
            found[name][value] |= 1 << number
    return found


def facts_of(incident: Incident) -> tuple[str, ...]:
    """The combination that an incident has."""
    return (incident.victim.consent, incident.scale, incident.media, incident.police, incident.origin)


def with_combination(incident: Incident, combination: Sequence[str]) -> Incident:
    """The incident with another combination of the five facts."""
    given: dict[str, Any] = dict(zip(FACTS, combination, strict=True))
    victim = replace(incident.victim, consent=given.pop("consent"))
    return replace(incident, victim=victim, **given)


def numbers(some: Combinations) -> Iterator[int]:
    """The numbers of the combinations in a set."""
    while some:
        lowest = some & -some
        yield lowest.bit_length() - 1
        some ^= lowest


class Way:
    """A way through the code: the combinations that are left, and which way each fork went."""

    def __init__(self) -> None:
        self.left: Combinations = everything()
        self.asked = 0
        """How many questions had an answer that depends on the combination."""
        self._script: list[bool] = []
        self._position = 0

    def ask(self, yes: Combinations) -> bool:
        """Whether the combination is among these."""
        self.asked += 1
        there = self.left & yes
        if not there or there == self.left:
            return bool(there)
        if self._position == len(self._script):
            self._script.append(True)
        answer = self._script[self._position]
        self._position += 1
        self.left = there if answer else self.left ^ there
        return answer

    def settle(self, column: Mapping[T, Combinations]) -> T:
        """The value itself, for code that uses it as a text or a key."""
        for value, where in column.items():
            if self.ask(where):
                return value
        raise AssertionError("a column covers every combination")

    def every(self, code: Callable[[], T]) -> Iterator[tuple[Combinations, T]]:
        """What the code gives, with the combinations for which it does; each combination once."""
        while True:
            self.left, self._position = everything(), 0
            result = code()
            yield self.left, result
            while self._script and not self._script[-1]:
                self._script.pop()
            if not self._script:
                return
            self._script[-1] = False


class _Word(str):
    """An open fact that is a word; it is compared, or asked as a whole."""

    __slots__ = ("_column", "_way")
    _way: Way
    _column: Mapping[str, Combinations]

    def __new__(cls, way: Way, column: Mapping[str, Combinations]) -> _Word:
        word = super().__new__(cls, "")
        word._way, word._column = way, column
        return word

    def __eq__(self, other: object) -> bool:
        if isinstance(other, _Word):
            other = str(other)
        return isinstance(other, str) and self._way.ask(self._column.get(str.__str__(other), 0))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(str(self))

    def __bool__(self) -> bool:
        return bool(str(self))

    def __str__(self) -> str:
        return self._way.settle(self._column)

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class _OpenIncident:
    """An incident of which the five facts are open. ``whole``: they are asked as texts, not compared."""

    def __init__(self, incident: Incident, way: Way, whole: bool = False) -> None:
        self._incident, self._way, self._whole = incident, way, whole
        self.victim = _OpenVictim(self)

    def __getattr__(self, name: str) -> Any:
        return self._open(name) if name in FACTS else getattr(self._incident, name)

    def _open(self, name: str) -> str:
        column = _columns()[name]
        return self._way.settle(column) if self._whole else _Word(self._way, column)


class _OpenVictim:
    def __init__(self, owner: _OpenIncident) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> Any:
        return self._owner._open(name) if name == "consent" else getattr(self._owner._incident.victim, name)


class _OpenMessage:
    """What the plan says of an audience, open where it depends on the combination."""

    def __init__(self, table: Table[PlannedMessage], way: Way, whole: bool = False) -> None:
        self._table, self._way, self._whole = table, way, whole
        self._known: dict[str, Mapping[Any, Combinations]] = {}

    def __getattr__(self, name: str) -> Any:
        column = self._known.get(name)
        if column is None:
            found: dict[Any, Combinations] = {}
            for value, where in zip(self._table.values, self._table.where, strict=True):
                each = getattr(value, name)
                found[each] = found.get(each, 0) | where
            column = self._known[name] = found
        if len(column) == 1:
            return next(iter(column))
        if not self._whole and all(isinstance(each, str) for each in column):
            return _Word(self._way, column)
        return self._way.settle(column)


@dataclass(frozen=True, slots=True)
class Table(Generic[T]):
    """What each combination has: the different values, and for each the combinations that have it."""

    values: tuple[T, ...]
    where: tuple[Combinations, ...]

    @classmethod
    def of(cls, found: Iterable[tuple[Combinations, T]]) -> Table[T]:
        merged: dict[T, Combinations] = {}
        for where, value in found:
            merged[value] = merged.get(value, 0) | where
        return cls(tuple(merged), tuple(merged.values()))

    def value(self, combination: int) -> T:
        """What the combination with this number has."""
        return next(each for each, where in zip(self.values, self.where, strict=True) if where >> combination & 1)

    def at(self) -> list[int]:
        """For each combination the number of its value."""
        found = [-1] * len(combinations())
        for number, where in enumerate(self.where):
            for each in numbers(where):
                found[each] = number
        return found

    def again(self, made: Callable[[tuple[str, ...]], T]) -> Table[T]:
        """The same for which something else is made, such as in another language, from one combination of each."""
        examples = (combinations()[next(numbers(where))] for where in self.where)
        return Table(tuple(made(each) for each in examples), self.where)


@dataclass(frozen=True, slots=True)
class OpenPlan:
    """The plan for every combination, in the language of the interface in which it was made."""

    messages: Mapping[str, Table[PlannedMessage]]
    actions: Table[tuple[Action, ...]]
    warnings: Table[tuple[str, ...]]

    def again(self, incident: Incident) -> OpenPlan:
        """The same in the language of the interface of now."""

        def each(code: Callable[[Incident], T]) -> Callable[[tuple[str, ...]], T]:
            return lambda combination: code(with_combination(incident, combination))

        return OpenPlan(
            {audience: table.again(each(_deciding(audience))) for audience, table in self.messages.items()},
            self.actions.again(each(actions)),
            self.warnings.again(each(_warnings)),
        )


def _deciding(audience: str) -> Callable[[Incident], PlannedMessage]:
    return lambda incident: decide_for(incident, audience)


def _warnings(incident: Incident) -> tuple[str, ...]:
    return warnings(incident, decide(incident))


@dataclass(frozen=True, slots=True)
class OpenText:
    """A document in one language for every combination: passages once, each text as their numbers; None when there is
    no text."""

    document: Document
    language: str
    passages: tuple[Passage, ...]
    texts: Table[tuple[int, ...] | None]


def open_plan(incident: Incident) -> OpenPlan:
    """The plan for every combination."""
    way = Way()
    facts = cast(Incident, _OpenIncident(incident, way))

    def table(look: Callable[[], object], code: Callable[[Incident], T]) -> Table[T]:
        def made() -> T:
            look()  # to see which combinations it cannot tell apart; what it makes may hold facts that are still open
            return code(with_combination(incident, combinations()[next(numbers(way.left))]))

        return Table.of(way.every(made))

    def message(audience: str) -> Table[PlannedMessage]:
        return table(lambda: decide_for(facts, audience), _deciding(audience))

    messages = {audience: message(audience) for audience in AUDIENCES}
    planned = cast(tuple[PlannedMessage, ...], tuple(_OpenMessage(each, way) for each in messages.values()))
    return OpenPlan(
        messages, table(lambda: actions(facts), actions), table(lambda: warnings(facts, planned), _warnings)
    )


def open_texts(incident: Incident, made: OpenPlan, codes: Sequence[str], gate: Gate) -> dict[tuple[str, str], OpenText]:
    """What goes out, by document and language, for every combination. Raises TemplateError and ReviewError."""
    found = {}
    for document in documents().values():
        if not document.internal and document.when(incident):
            for each in _Drafting(incident, made, document, codes, gate).texts():
                found[document.id, each.language] = each
    return found


class _Drafting:
    """Drafts one document in some languages for every combination."""

    def __init__(
        self, incident: Incident, made: OpenPlan, document: Document, codes: Sequence[str], gate: Gate
    ) -> None:
        self.incident, self.document, self.codes, self.gate = incident, document, codes, gate
        self.way = Way()
        school = incident.school
        self.own = texts.own_passages(school.templates) if school.templates else {}
        self.facts = cast(Incident, _OpenIncident(incident, self.way))
        self.conditions = self._view(made, codes[0], whole=False)
        self.views = {code: self._view(made, code, whole=True) for code in codes}
        self.planned = self.conditions["message"]
        self.said: dict[str, dict[Passage, int]] = {code: {} for code in codes}
        self._ready: dict[tuple[str, str, str], int] = {}

    def _view(self, made: OpenPlan, language: str, whole: bool) -> dict[str, Any]:
        facts = cast(Incident, _OpenIncident(self.incident, self.way, whole))
        messages = {name: _OpenMessage(table, self.way, whole) for name, table in made.messages.items()}
        plan = cast(Plan, SimpleNamespace(message=messages.__getitem__))
        return compose.view_of(facts, plan, self.document, language)

    def texts(self) -> Iterator[OpenText]:
        found = list(self.way.every(self._drafted))
        for position, code in enumerate(self.codes):
            table = Table.of((where, texts[position] if texts else None) for where, texts in found)
            yield OpenText(self.document, code, tuple(self.said[code]), table)

    def _drafted(self) -> tuple[tuple[int, ...], ...] | None:
        if self.planned.decision == "withhold":
            return None
        variant = str(self.planned.variant)
        spoken = texts.spoken(self.document.template, self.conditions)
        cases = cases_of(self.facts, self.document, variant)
        drafted = tuple(tuple(self._passage(each, handed, code) for each, handed in spoken) for code in self.codes)
        for code, text in zip(self.codes, drafted, strict=True):
            self.gate.let_through(self.incident, self.document, variant, cases, self._message(code, text))
        return drafted

    def _passage(self, passage_id: str, handed: dict[str, object], code: str) -> int:
        """The number of a passage among those said in a language."""
        key = (code, passage_id, repr(sorted(handed.items())))
        ready = self._ready.get(key)
        if ready is not None:
            return ready
        asked = self.way.asked
        values = {name: str(value) if isinstance(value, _Word) else value for name, value in handed.items()}
        passage = compose.passage_of(passage_id, code, self.own, self.views[code] | values)
        number = self.said[code].setdefault(passage, len(self.said[code]))
        if self.way.asked == asked:  # it looked at nothing that is open, so it reads the same everywhere
            self._ready[key] = number
        return number

    def _message(self, code: str, text: tuple[int, ...]) -> Message:
        said = tuple(self.said[code])
        return Message(
            audience=self.document.audience,
            language=code,
            direction=available()[code].direction,
            passages=tuple(said[number] for number in text),
            author=self.incident.school.name,
            date=self.incident.date.isoformat(),
        )


class Gate:
    """The review of many texts that are made of the same passages: nothing is let through that it has an error against.

    What the review says of a sentence hangs on its own part, on the heading above it and on what announces it. So a
    passage that was read with what stands above it is as good in another text of the same kind where these are the same.
    Where the text counts as a whole it is read whole: when something must be in it, when a school has rules of its own,
    and when words are protected.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[Any, ...], list[frozenset[str]]] = {}
        self._numbers: dict[Block, int] = {}
        self._known: dict[int, tuple[Block, int]] = {}

    def _number(self, block: Block) -> int:
        """One number for all blocks that are the same; comparing blocks themselves takes longer than all the rest."""
        known = self._known.get(id(block))
        if known is None:
            known = self._known[id(block)] = (block, self._numbers.setdefault(block, len(self._numbers)))
        return known[1]

    def let_through(
        self, incident: Incident, document: Document, variant: str, cases: frozenset[str], message: Message
    ) -> None:
        """Raises ReviewError as a draft of this text would."""
        if _whole_counts(incident, document, message.language, cases):
            reviewed(incident, document, variant, message, cases)
            return
        kind = (document.id, message.language, incident.school.names(), incident.group)
        for passage, above in zip(message.passages, _above(message.passages), strict=True):
            blocks = (*above, *passage.blocks)
            read = self._read.setdefault((*kind, *map(self._number, blocks)), [])
            if any(earlier >= cases for earlier in read):  # more rules hold in more cases, never fewer
                continue
            alone = replace(message, passages=(replace(passage, blocks=blocks),))
            # Most passages are good in any case, so that is asked first.
            tried = [cases] if read else [cases | _ANY_CASE, cases]
            for each in tried:
                try:
                    reviewed(incident, document, variant, alone, each)
                except ReviewError:
                    if each == cases:
                        raise
                else:
                    read.append(each)
                    break


def _whole_counts(incident: Incident, document: Document, language: str, cases: frozenset[str]) -> bool:
    own = incident.school.review
    return bool(
        incident.protected
        or own.rules
        or own.own
        or document.id != document.audience
        or (language in LANGUAGES and _errors_of_whole_texts(language) & (cases | {""}))
    )


@cache
def _errors_of_whole_texts(language: str) -> frozenset[str]:
    """The cases in which a text as a whole can be wrong; "" is always."""
    rules = rule_set(language)
    asked = {number for number, _patterns in rules.requires}
    return frozenset(
        rule.case
        for number, rule in enumerate(rules.rules)
        if rule.severity == "error" and (number in asked or rule.measures)
    )


_ANY_CASE: Final = frozenset(CASES) - {"suicide"}  # that one asks for something in the text as a whole


def _above(said: Sequence[Passage]) -> Iterator[tuple[Block, ...]]:
    """For each passage what stands above it and says how to read it: the heading, and a paragraph that announces it or
    the list that it is in."""
    heading: tuple[Block, ...] = ()
    paragraph: tuple[Block, ...] = ()
    in_list = False
    for each in said:
        lists = each.blocks[0].kind == "bullet"
        announced = not in_list and any(block.text.rstrip(_CLOSING).endswith(":") for block in paragraph)
        yield heading + (paragraph if lists or announced else ())
        for block in each.blocks:
            in_list = block.kind == "bullet"
            if block.kind == "heading":
                heading, paragraph = (block,), ()
            elif block.kind == "paragraph":
                paragraph = (block,)


_CLOSING: Final = " \n\"'”’»*_"
"""What may stand behind a colon that announces."""
