"""What a page needs to show another combination of facts: every plan and text once, and for each combination numbers.

It holds no rules. A page that is asked for a combination only looks up what was made for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeVar

from comms.decisions import DECISIONS, VARIANTS, PlannedMessage
from comms.document import Passage, Run
from comms.fields import Choice
from comms.incident import FIELDS, VICTIM_FIELDS, Incident
from comms.languages import _, available
from comms.training.compare import FACTS, OpenPlan, OpenText, Table, combinations, facts_of, values

T = TypeVar("T")
_KINDS = {"heading": "h", "paragraph": "p", "bullet": "b"}


def comparison(
    incident: Incident, plan: OpenPlan, texts: Mapping[str, OpenText], labels: Mapping[str, str]
) -> dict[str, Any]:
    """The data of one sample in the language of the interface; ``texts`` by document, ``labels`` of the facts."""
    reasons, conditions, reaches, to_do, to_note, said = (Numbered() for _each in range(6))
    base = facts_of(incident)
    return {
        "facts": [
            {"name": name, "label": labels[name], "values": [fact_value(name, each) for each in values()[name]]}
            for name in FACTS
        ],
        "base": [values()[name].index(value) for name, value in zip(FACTS, base, strict=True)],
        "decisions": list(DECISIONS),
        "variants": list(VARIANTS),
        "plan": {
            audience: _looked_up(table, lambda message: _message(message, reaches, reasons, conditions))
            for audience, table in plan.messages.items()
        },
        "warnings": _looked_up(plan.warnings, lambda all_: word(map(to_note.number, all_))),
        "actions": _looked_up(
            plan.actions,
            lambda all_: word(to_do.number((each.text, each.provisions, each.done)) for each in all_),
        ),
        "documents": {document: _document(text, combinations().index(base), said) for document, text in texts.items()},
        "said": said.things,
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


class Numbered:
    """Things that many have, each once."""

    def __init__(self) -> None:
        self._numbers: dict[Any, int] = {}

    def number(self, thing: Any) -> int:
        return self._numbers.setdefault(thing, len(self._numbers))

    @property
    def things(self) -> list[Any]:
        return list(self._numbers)


def _message(message: PlannedMessage, reaches: Numbered, reasons: Numbered, conditions: Numbered) -> list[Any]:
    return [
        list(DECISIONS).index(message.decision),
        list(VARIANTS).index(message.variant),
        reaches.number(message.reach.text),
        word(reasons.number((each.text, each.provisions)) for each in message.reasons),
        word(conditions.number((each.text, each.provisions)) for each in message.conditions),
    ]


def _document(text: OpenText, base: int, said: Numbered) -> dict[str, Any]:
    """A document: its passages, *sections* as words of which each letter is a passage, and texts as words of sections.

    What a passage of the sample itself says stands in the page; what others say is among what is ``said`` anywhere.
    """
    there = set(text.texts.value(base) or ())
    sections = Numbered()
    texts = _looked_up(text.texts, lambda numbers: _sections(numbers, text.passages, sections))
    return {
        "audience": text.document.governed_by,
        "language": text.language,
        "direction": available()[text.language].direction,
        "passages": [
            [
                " ".join(each.provisions),
                each.part.removeprefix("body"),
                -1 if number in there else said.number(_blocks(each)),
            ]
            for number, each in enumerate(text.passages)
        ],
        "sections": sections.things,
        **texts,
    }


def _sections(numbers: tuple[int, ...] | None, passages: Sequence[Passage], sections: Numbered) -> str | None:
    """A text as a word of its sections, which begin at its headings: far fewer than the texts that are made of them."""
    if numbers is None:
        return None
    found: list[list[int]] = [[]]
    for number in numbers:
        if found[-1] and passages[number].blocks[0].kind == "heading":
            found.append([])
        found[-1].append(number)
    return word(sections.number(word(each)) for each in found)


def word(numbers: Iterable[int]) -> str:
    """Numbers as one short text: each is a digit, a letter, or what comes after ``À``."""
    return "".join(
        _LETTERS[number] if number < len(_LETTERS) else chr(ord("À") + number - len(_LETTERS)) for number in numbers
    )


_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _looked_up(table: Table[T], shown: Callable[[T], Any]) -> dict[str, Any]:
    nodes, top = _nodes(table.where)
    return {"values": [shown(each) for each in table.values], "nodes": nodes, "top": top}


@lru_cache(maxsize=512)  # the same tables come again in the other language
def _nodes(where: tuple[int, ...]) -> tuple[list[str], int]:
    nodes = Numbered()
    top = _node(Table(where, where).at(), [len(each) for each in values().values()], nodes)
    return nodes.things, top


def _node(at: Sequence[int], sizes: Sequence[int], nodes: Numbered) -> int:
    """Where a look-up goes for these combinations: to a value, as twice its number, or to a node, as one more than that.

    A node is a word with a letter for each value of the first fact. What comes to the same is the same node, so the
    whole is as small as what it tells apart.
    """
    if not sizes:
        return 2 * at[0]
    width = len(at) // sizes[0]
    branches = [_node(at[start : start + width], sizes[1:], nodes) for start in range(0, len(at), width)]
    if len(set(branches)) == 1 and branches[0] % 2 == 0:
        return branches[0]
    return 2 * nodes.number(word(branches)) + 1


def _blocks(passage: Passage) -> tuple[Any, ...]:
    return tuple((_KINDS[each.kind], each.level, *map(_run, each.runs)) for each in passage.blocks)


def _run(run: Run) -> Any:
    """A text, or when it looks different: the text, how it looks, and where it leads."""
    look = ("b" if run.bold else "") + ("g" if run.gap else "")
    return (run.text, look, run.href) if look or run.href else run.text
