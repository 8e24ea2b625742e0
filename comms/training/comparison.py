"""What a page needs to show another combination of facts: every plan and text once, and for each combination numbers.

It holds no rules. A page that is asked for a combination only looks up what was made for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from comms.decisions import DECISIONS, VARIANTS, PlannedMessage
from comms.document import Block, Run
from comms.fields import Choice
from comms.incident import FIELDS, VICTIM_FIELDS, Incident
from comms.languages import _, available
from comms.training.compare import FACTS, OpenPlan, OpenText, Table, combinations, facts_of, values
from comms.training.words import FACT_NAMES

T = TypeVar("T")
_KINDS = {"heading": "h", "paragraph": "p", "bullet": "b"}


def comparison(incident: Incident, plan: OpenPlan, texts: Mapping[str, OpenText]) -> dict[str, Any]:
    """The data of one sample in the language of the interface; ``texts`` by document."""
    reasons, conditions, reaches, to_do, to_note = (_Numbered() for _each in range(5))
    base = facts_of(incident)
    return {
        "facts": [
            {"name": name, "label": _(FACT_NAMES[name]), "values": [fact_value(name, each) for each in values()[name]]}
            for name in FACTS
        ],
        "base": [values()[name].index(value) for name, value in zip(FACTS, base, strict=True)],
        "decisions": list(DECISIONS),
        "variants": list(VARIANTS),
        "plan": {
            audience: _looked_up(table, lambda message: _message(message, reaches, reasons, conditions))
            for audience, table in plan.messages.items()
        },
        "warnings": _looked_up(plan.warnings, lambda all_: [to_note.number(each) for each in all_]),
        "actions": _looked_up(
            plan.actions,
            lambda all_: [to_do.number((each.text, each.provisions, each.done)) for each in all_],
        ),
        "documents": {
            document: _document(text, combinations().index(base)) for document, text in texts.items()
        },
        "reaches": reaches.things,
        "reasons": reasons.things,
        "conditions": conditions.things,
        "action_list": to_do.things,
        "warning_list": to_note.things,
    }


def fact_value(name: str, value: str) -> str:
    """What a value of a fact is called."""
    for each in (*FIELDS, *VICTIM_FIELDS):
        if each.name == name and isinstance(each.kind, Choice):
            return _(each.kind.labels[value])
    raise KeyError(name)


class _Numbered:
    """Things that many have, each once."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, thing: Any) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    @property
    def things(self) -> list[Any]:
        return list(self._numbers)


def _message(
    message: PlannedMessage, reaches: _Numbered, reasons: _Numbered, conditions: _Numbered
) -> list[Any]:
    return [
        list(DECISIONS).index(message.decision),
        list(VARIANTS).index(message.variant),
        reaches.number(message.reach.text),
        [reasons.number((each.text, each.provisions)) for each in message.reasons],
        [conditions.number((each.text, each.provisions)) for each in message.conditions],
    ]


def _document(text: OpenText, base: int) -> dict[str, Any]:
    """A document. What a passage of the sample itself says stands in the page, so only the others say it here."""
    at = text.texts.at()
    there = set(text.texts.values[at[base]] or ())
    return {
        "audience": text.document.governed_by,
        "language": text.language,
        "direction": available()[text.language].direction,
        "passages": [
            [each.provisions, each.part, None if number in there else [_block(block) for block in each.blocks]]
            for number, each in enumerate(text.passages)
        ],
        **_looked_up(text.texts, lambda said: said and "".join(map(_letter, said))),
    }


def _letter(number: int) -> str:
    """A number as one character, so that a text is a short word: a digit, a letter, or what comes after ``À``."""
    return _LETTERS[number] if number < len(_LETTERS) else chr(ord("À") + number - len(_LETTERS))


_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _looked_up(table: Table[T], shown: Callable[[T], Any]) -> dict[str, Any]:
    nodes = _Numbered()
    top = _node(table.at(), [len(each) for each in values().values()], nodes)
    return {"values": [shown(each) for each in table.values], "nodes": nodes.things, "top": top}


def _node(at: Sequence[int], sizes: Sequence[int], nodes: _Numbered) -> int:
    """Where a look-up goes for these combinations: a value, below zero, or a node with a branch for each value of the
    first fact. What comes to the same is the same node, so the whole is as small as what it tells apart."""
    if not sizes:
        return -1 - at[0]
    width = len(at) // sizes[0]
    branches = tuple(_node(at[start : start + width], sizes[1:], nodes) for start in range(0, len(at), width))
    if len(set(branches)) == 1 and branches[0] < 0:
        return branches[0]
    return nodes.number(branches)


def _block(block: Block) -> list[Any]:
    return [_KINDS[block.kind], block.level, *map(_run, block.runs)]


def _run(run: Run) -> Any:
    """A text, or when it looks different a list: the text, how it looks, and where it leads."""
    look = ("b" if run.bold else "") + ("g" if run.gap else "")
    return [run.text, look, run.href] if look or run.href else run.text
