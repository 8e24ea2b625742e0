"""Rules in the form that the engine works with: plain tuples and numbers, so that they load fast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Protocol, TypeVar

from comms.review.patterns import Compiled
from comms.review.resemblance import Weights

LANGUAGES = ("nl", "en")
"""The languages that there are rules for."""

AUDIENCES = ("victim", "victim_parents", "crisis_team", "teachers", "students", "parents", "website", "social", "press")
CASES = ("minimal", "not_sexual", "nothing_spread", "no_deletion", "suicide")
"""In which case a rule holds, when it does not hold always: the audience gets only the short text; the images are not
sexual, as far as is known; it is a threat; nobody may be told to delete (2.3); somebody tried or took their life."""
SHORTEST_SLIP = 7
"""Letters of a word that is also found when it is mistyped."""

Stretches = tuple[tuple[Compiled, bool], ...]
"""What a pattern asks for: stretches, each with whether it must be absent. The first must be present."""

Pattern = tuple[int, Stretches]
"""The symbols that it can't do without, bit *i* for symbol *i*, and what it asks for."""

Phrase = tuple[int, Compiled, tuple[int, ...]]
"""The symbols that it can't do without, what it asks for, and the symbols that it is."""


Of = TypeVar("Of", covariant=True)


class Numbered(Protocol[Of]):
    """Things by their number. Of thousands a text needs a few hundred, so each may be unpacked when it is asked for."""

    def __getitem__(self, number: int, /) -> Of: ...

    def __len__(self) -> int: ...


class Rule(NamedTuple):
    """What the engine and people need to know of a rule; texts by language of the interface."""

    id: str
    category: str
    severity: str
    provisions: tuple[str, ...]
    why: Mapping[str, str]
    better: Mapping[str, str]
    replace: str | None
    audiences: tuple[str, ...]
    excuses: tuple[int, ...]
    measures: str
    resembles: float
    """From how many points a sentence that resembles this category most is found; 0: this rule looks at something else."""
    above: float | None
    below: float | None
    from_words: int
    case: str


class Subject(NamedTuple):
    """What shows that a text is about what the rules are for."""

    names: tuple[Pattern, ...]
    """One of these stands in it; none here: every text is about it."""
    from_words: int
    """A shorter text may leave it to what stands around it."""
    anyway: tuple[str, ...]
    """The categories that count in a text about something else too."""


class RuleSet(NamedTuple):
    """The rules of a language in the form that the engine works with."""

    language: str
    rules: tuple[Rule, ...]
    patterns: Numbered[Pattern]
    rule_of: tuple[int, ...]
    """For each pattern the number of its rule."""
    set_off: Mapping[int, tuple[int, ...]]
    """The patterns that can only match where this symbol stands."""
    phrases: Numbered[Phrase]
    """The phrases of classes."""
    phrases_set_off: tuple[Mapping[int, tuple[int, ...]], ...]
    """As ``set_off``, in turns: a phrase may ask for what a phrase of an earlier turn is."""
    requires: tuple[tuple[int, tuple[Pattern, ...]], ...]
    """Rules that ask for something that must stand in a whole text, by their numbers."""
    subject: Subject
    audiences: tuple[tuple[str, tuple[Pattern, ...]], ...]
    """The greetings of each."""
    excuses: Numbered[Mapping[str, tuple[Pattern, ...]]]
    weights: Weights
    """What words weigh in rules that look at what a sentence resembles."""
    kinds: tuple[bytes, ...]
    """What words are: the symbols of each kind, as numbers of two bytes, the lowest first."""
    vocabulary: Mapping[str, int]
    """The number of its kind for each word form."""
    tails: Mapping[str, int]
    heads: Mapping[str, int]
    shapes: Mapping[str, int]
    given_names: frozenset[str]
    """First names, in small letters; they are names wherever they stand, and however they are written."""
    apart: Mapping[str, Mapping[str, int]]
    """For each particle the verb forms that it belongs to, such as ``door``: stuurt."""
    reach: int
    """How many words a particle stands from its verb at most."""
    auxiliaries: frozenset[str]
    """What may stand between a particle and a verb after it."""
    after_particle: frozenset[str]
    """What may follow a particle that ends a clause; nothing here: anything."""
    turns: frozenset[str]
    """Words such as but, after which what was said before excuses nothing."""
    concessions: frozenset[str]
    """Words such as although, which begin a sentence that turns at its comma."""
    by_front: Mapping[str, str]
    by_back: Mapping[str, str]
    """Words that can be mistyped, with spaces between, by their first four letters, and by their first and last four."""
