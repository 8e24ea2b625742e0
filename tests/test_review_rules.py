"""Every rule of the review against its own examples, and what a rule file must hold.

While writing rules: ``python -m pytest tests/test_review_rules.py -k "nl and blame"``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import pytest

from comms.languages import ui_language
from comms.policy import provisions
from comms.review import rulefile, rules
from comms.review.checking import check_written
from comms.review.findings import CATEGORIES, Finding
from comms.review.patterns import Class, parse
from comms.review.ruleset import CASES, LANGUAGES
from comms.review.written import from_plain


def source(language: str) -> rulefile.Source:
    return rules.source_of(language)


def each_rule() -> Iterator[Any]:
    for language in LANGUAGES:
        try:
            found = source(language).rules
        except Exception as error:  # told by test_the_file_can_be_read
            yield pytest.param(language, {"id": "unreadable"}, id=f"{language}-unreadable-{type(error).__name__}")
            continue
        for rule in found:
            yield pytest.param(language, rule, id=f"{language}-{rule['id']}")


ALL_RULES = list(each_rule())


@cache
def found_in(text: str, language: str, audience: str | None) -> tuple[Finding, ...]:
    return tuple(check_written(from_plain(text), language, audience, any_length=True, cases=frozenset(CASES)))


def ids_in(text: str, language: str, rule: Mapping[str, Any]) -> set[str]:
    audience = rule["audiences"][0] if rule["audiences"] else "students" if "looks_for" not in rule else None
    return {each.rule for each in found_in(text, language, audience)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_can_be_read(language: str) -> None:
    assert source(language).rules


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_class_and_excuse_is_used(language: str) -> None:
    read = source(language)
    patterns = list(rulefile.all_patterns(read))
    used = {
        (field.partition(".")[2] if field.startswith("words.") else "", element.name)
        for field, pattern in patterns
        for element in rulefile.all_elements(parse(pattern))
        if isinstance(element, Class)
    }
    assert sorted(set(read.words) - {name for within, name in used if within != name}) == []
    assert sorted(set(read.excuses) - {name for rule in read.rules for name in rule["excuses"]}) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_asks_for_a_word(language: str) -> None:
    read = source(language)
    made = rules.rule_set(language)
    reached = {number for numbers in made.set_off.values() for number in numbers}
    lost = [read.rules[rule]["id"] for number, rule in enumerate(made.rule_of) if number not in reached]
    assert lost == []


@pytest.mark.parametrize(("language", "rule"), ALL_RULES)
def test_a_rule_is_whole(language: str, rule: Mapping[str, Any]) -> None:
    assert rule["category"] in CATEGORIES
    assert set(rule["provisions"]) <= set(provisions())
    for code in ("nl", "en"):
        assert rule["why"][code].strip()
    for examples in ("found", "not_found"):
        assert len(set(rule.get(examples, ()))) >= 3, f"{rule['id']}: at least three of {examples}"


@pytest.mark.parametrize(("language", "rule"), ALL_RULES)
def test_a_rule_finds_what_it_must(language: str, rule: Mapping[str, Any]) -> None:
    missed = [each for each in rule["found"] if rule["id"] not in ids_in(each, language, rule)]
    assert missed == []


@pytest.mark.parametrize(("language", "rule"), ALL_RULES)
def test_a_rule_leaves_what_it_must(language: str, rule: Mapping[str, Any]) -> None:
    wrong = [each for each in rule["not_found"] if rule["id"] in ids_in(each, language, rule)]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_messages_are_in_the_language_of_the_interface(language: str) -> None:
    rule = next(each for each in source(language).rules if "looks_for" in each)
    for code in ("nl", "en"):
        with ui_language(code):
            found = check_written(from_plain(rule["found"][0]), language)
        assert rule["why"][code] in [each.message for each in found]
