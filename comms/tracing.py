"""Where each provision is carried out: rules of the plan and of the review, steps of the action list, passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from comms.decisions import all_rules
from comms.documents import documents
from comms.passages import all_passages
from comms.planning import STEPS
from comms.policy import provisions
from comms.review.rules import source_of
from comms.review.ruleset import LANGUAGES


@dataclass(frozen=True, slots=True)
class Trace:
    """The ids of what carries out one provision."""

    rules: tuple[str, ...]
    actions: tuple[str, ...]
    passages: tuple[str, ...]
    review: tuple[str, ...]

    @property
    def anywhere(self) -> bool:
        return bool(self.rules or self.actions or self.passages or self.review)


def trace(provision: str) -> Trace:
    """Where a provision is carried out."""
    return Trace(
        rules=tuple(rule.id for rule in all_rules().values() if provision in rule.provisions),
        actions=tuple(dict.fromkeys(step.id for step in STEPS if provision in step.provisions)),
        passages=tuple(passage.id for passage in all_passages().values() if provision in passage.provisions),
        review=tuple(
            rule_id
            for rule_id, rules in review_rules().items()
            if any(provision in rule["provisions"] for rule in rules.values())
        ),
    )


@cache
def review_rules() -> dict[str, Mapping[str, Mapping[str, Any]]]:
    """The rules of the review by id, as they stand in the rule file of each language that has them."""
    found: dict[str, dict[str, Mapping[str, Any]]] = {}
    for language in LANGUAGES:
        for rule in source_of(language).rules:
            found.setdefault(rule["id"], {})[language] = rule
    return dict(found)


def explainable() -> tuple[str, ...]:
    """Every id that ``comms explain`` knows: provisions, rules of the plan and the review, steps, documents, passages."""
    steps = dict.fromkeys(step.id for step in STEPS)
    return tuple(dict.fromkeys([*provisions(), *all_rules(), *steps, *documents(), *all_passages(), *review_rules()]))
