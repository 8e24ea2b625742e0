"""How hard a text is to read: lengths, passives, syllables. Measures, no verdicts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from comms.review.folding import listed
from comms.review.tokens import Sentence

_SYLLABLES = {
    "nl": re.compile(
        r"aai|ooi|oei|eeuw|ieuw|auw|ouw|aa|ee|oo|uu|ie|oe|eu|ou|au|ui|ei|ij|[aeiouyàáâãèéêìíîòóôõùúûäëïöü]"
    ),
    "en": re.compile(r"[aeiouy]+(?!(?<=[^aeiouyl]e)\Z)(?!(?<=[^aeiouytdsz]e)(?:d|s)\Z)"),
}
_PASSIVE = {
    "nl": listed("word wordt worden werd werden"),
    "en": listed("am are is was were be been being 's got gets"),
}
_PARTICIPLE = {
    "nl": re.compile(r"(?:[a-z]{0,8}ge[a-z]{2,}|(?:be|ver|ont|her)[a-z]{3,})(?:d|t|en)"),
    "en": re.compile(
        r"[a-z]{2,}(?:ed|nown|hown|rown|ought|aught|aken|iven|itten|oken|osen|olen|idden|orn)|sent|made|told|done|seen|"
        r"put|held|kept|left|lost|found|paid|said|sold|read|spread|hurt|cut|led|met|built"
    ),
}
_ACTIVE_BEFORE = {"nl": 12, "en": 3}
"""How many words lie between the two parts of a passive at most."""


@lru_cache(maxsize=20_000)
def syllables(word: str, language: str) -> int:
    """How many syllables a word has, by its letters; at least one."""
    return len(_SYLLABLES[language].findall(word.lower())) or 1


def is_passive(sentence: Sentence, language: str) -> bool:
    """Whether something is done to somebody in it, and the sentence says so with worden or to be."""
    words, reach = sentence.words, _ACTIVE_BEFORE[language]
    for number, word in enumerate(words):
        if word in _PASSIVE[language]:
            first = max(0, number - reach) if language == "nl" else number + 1
            near = words[first : number + reach + 1]
            if any(_PARTICIPLE[language].fullmatch(each) for each in near if each != word):
                return True
    return False


def average_sentence(sentences: Sequence[Sentence]) -> float:
    return sum(each.word_count() for each in sentences) / len(sentences)


def passive_share(sentences: Sequence[Sentence], language: str) -> float:
    """Percentage of the sentences."""
    return 100 * sum(is_passive(each, language) for each in sentences) / len(sentences)


def reading_ease(sentences: Sequence[Sentence], language: str) -> float:
    """Flesch-Douma for Dutch, Flesch for English: below 60 is hard."""
    words = sum(each.word_count() for each in sentences) or 1
    count = sum(syllables(word, language) for each in sentences for word in each.written)
    if language == "nl":
        return 206.84 - 77 * count / words - 0.93 * words / len(sentences)
    return 206.835 - 84.6 * count / words - 1.015 * words / len(sentences)
