"""Where each provision is carried out: rules of the plan, steps of the action list, passages of the texts."""

from __future__ import annotations

from dataclasses import dataclass

from comms.decisions import all_rules
from comms.documents import documents
from comms.passages import all_passages
from comms.planning import STEPS
from comms.policy import provisions


@dataclass(frozen=True, slots=True)
class Trace:
    """The ids of what carries out one provision."""

    rules: tuple[str, ...]
    actions: tuple[str, ...]
    passages: tuple[str, ...]

    @property
    def anywhere(self) -> bool:
        return bool(self.rules or self.actions or self.passages)


def trace(provision: str) -> Trace:
    """Where a provision is carried out."""
    return Trace(
        rules=tuple(rule.id for rule in all_rules().values() if provision in rule.provisions),
        actions=tuple(dict.fromkeys(step.id for step in STEPS if provision in step.provisions)),
        passages=tuple(passage.id for passage in all_passages().values() if provision in passage.provisions),
    )


def explainable() -> tuple[str, ...]:
    """Every id that ``comms explain`` knows: provisions, rules, steps, documents and passages."""
    steps = dict.fromkeys(step.id for step in STEPS)
    return tuple(dict.fromkeys([*provisions(), *all_rules(), *steps, *documents(), *all_passages()]))
