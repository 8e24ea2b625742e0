"""From example sentences to what words weigh, when rules are built.

How much a word weighs is how much more often it stands in one kind of sentence than in all others, as a logarithm
(naive Bayes, each word counted once a sentence). It asks for nothing but counting, so that anyone can check it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from math import log

from comms.review.examples import SHOWN, Example
from comms.review.resemblance import MIDDLE, PART, Table, Weights, codes_of, features_at, place_in
from comms.review.tokens import sentences

UNSEEN = 0.15
"""What is added to every count: a word that was seen once in one kind is not impossible in the other."""
SEEN_FOR_CATEGORY = 2
"""What stands in fewer examples says nothing about the category."""
ROOM = 4
"""A table has at least so many places for each thing in it, so that few fall on the same."""


def weigh(examples: Sequence[Example], language: str) -> Weights:
    """What the words and pairs of the examples weigh."""
    features = [_features(each.text, language) for each in examples]
    seen = _counted(features)
    among = _counted(found for example, found in zip(examples, features, strict=True) if example.categories)
    wrong = _odds(seen, among, list(seen))
    telling = [each for each, often in among.items() if often >= SEEN_FOR_CATEGORY]
    by_category = [
        _odds(among, _counted(f for e, f in zip(examples, features, strict=True) if name in e.categories), telling)
        for name in SHOWN
    ]
    return Weights(
        _table(sorted(seen, key=lambda each: (abs(wrong[each]), each)), [wrong]),
        SHOWN,
        _table(sorted(telling, key=lambda each: (among[each], each)), by_category),
    )


def _features(text: str, language: str) -> set[int]:
    found: set[int] = set()
    for sentence in sentences(text, 0, 0, language):
        codes = codes_of(sentence)
        for position in range(len(codes)):
            found.update(features_at(codes, position))
    return found


def _counted(features: Iterable[set[int]]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for each in features:
        counts.update(each)
    return counts


def _odds(seen: Counter[int], inside: Counter[int], kept: Sequence[int]) -> dict[int, float]:
    """How much more often each is seen inside than outside."""
    within = sum(inside[each] for each in kept)
    outside = sum(seen[each] for each in kept) - within
    usual = log(within + UNSEEN * (len(kept) + 1)) - log(outside + UNSEEN * (len(kept) + 1))
    return {each: log(inside[each] + UNSEEN) - log(seen[each] - inside[each] + UNSEEN) - usual for each in kept}


def _table(kept: Sequence[int], odds: Sequence[Mapping[int, float]]) -> Table:
    """``kept``: the last ones stay where two fall on the same place."""
    bits = max(1, (ROOM * len(kept)).bit_length())
    checks, numbers = bytearray(1 << bits), bytearray([MIDDLE] * (len(odds) << bits))
    for each in kept:
        place, check = place_in(bits, each)
        checks[place] = check
        numbers[place * len(odds) : (place + 1) * len(odds)] = [_parts(of[each]) for of in odds]
    return Table(bits, bytes(checks), bytes(numbers), len(odds))


def _parts(points: float) -> int:
    return max(0, min(255, round(points * PART) + MIDDLE))
