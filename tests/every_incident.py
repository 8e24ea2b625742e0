"""Every combination of facts at once: an incident whose facts are still open, and fork when they are asked.

All facts multiplied are more than a million billion incidents, and nearly all of them differ in something that nobody
looks at. Here a fact starts as the list of all its values. Code that is given such an incident runs as ever; where it
compares a fact, the run splits in the values for which the answer is yes and those for which it is no, and both are
followed. What is never asked never splits. Each end of a run (a *class*) thus stands for all incidents that the code
cannot tell apart, and the classes together are every incident, each once: their sizes add up to that of the space.

A dependency that is added to a rule, a template or a check splits by itself; nobody has to know of it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from math import prod
from typing import Any, NamedTuple

import comms
from comms.fields import ByName, Choice, Group, Several, YesNo
from comms.incident import AUDIENCES, FIELDS

Value = str | bool | None
RELEASE = comms.Release("crisisteam", "2026-11-20 14:00")
NEXT_UPDATE = datetime(2026, 11, 24, 16, 0)
VALUES_ONLY = ("school", "group", "date", "protected")
"""Fields that hold values that come out as typed; there is nothing in them to choose from."""


def domains() -> dict[str, tuple[Value, ...]]:
    """Every fact with all that it can be, from the fields of the incident file themselves."""
    found: dict[str, tuple[Value, ...]] = {}
    for field in FIELDS:
        if field.name in VALUES_ONLY:
            continue
        if isinstance(field.kind, Group):
            for inner in field.kind.fields:
                found |= _values(f"{field.name}.{inner.name}", inner.kind)
        else:
            found |= _values(field.name, field.kind)
    return found


def _values(name: str, kind: Any) -> dict[str, tuple[Value, ...]]:
    if isinstance(kind, Choice):
        return {name: tuple(kind.labels)}
    if isinstance(kind, ByName) and isinstance(kind.value, Choice):
        return {f"{name}.{each}": (None, *kind.value.labels) for each in AUDIENCES}
    if isinstance(kind, (ByName, Several)):
        return {f"{name}.{each}": (False, True) for each in AUDIENCES}
    assert isinstance(kind, YesNo) or name == "next_update", name
    return {name: (False, True)}


class Class(NamedTuple):
    """Cases that the code could not tell apart: what each fact that was asked can still be, and what the code made."""

    facts: Mapping[str, tuple[Value, ...]]
    result: Any
    size: int
    """How many cases it stands for."""

    def example(self) -> dict[str, Value]:
        """The facts that were asked, each with one of the values that are left."""
        return {name: values[0] for name, values in self.facts.items()}


class Space:
    """All cases: each fact with what it can be."""

    def __init__(self, facts: Mapping[str, tuple[Value, ...]]) -> None:
        self.facts = facts
        self.size = prod(len(values) for values in facts.values())

    def within(self, fact: str, *values: Value) -> Space:
        """The part in which a fact has one of these values."""
        return Space({**self.facts, fact: values})

    def every(self, code: Callable[[Any], Any], school: comms.School, day: date) -> Iterator[Class]:
        """What the code makes of every case at this school, a class at a time."""
        fixed = {"school": school, "group": None, "date": day, "protected": ()}
        script: list[bool] = []
        while True:
            run = Run(self.facts, script)
            result = code(_Group(run, "", FIELDS, fixed))
            asked = prod(len(self.facts[name]) for name in run.left)
            yield Class(run.left, result, self.size // asked * prod(map(len, run.left.values())))
            while script and not script[-1]:
                script.pop()
            if not script:
                return
            script[-1] = False


class Run:
    """One way through the code: what is left of each fact that was asked, and which way each fork goes."""

    def __init__(self, facts: Mapping[str, tuple[Value, ...]], script: list[bool]) -> None:
        self.facts, self.script, self.position = facts, script, 0
        self.left: dict[str, tuple[Value, ...]] = {}

    def ask(self, fact: str, wanted: Value) -> bool:
        values = self.left.get(fact) or self.facts[fact]
        if wanted not in values:
            return False
        if len(values) == 1:
            return True
        if self.position == len(self.script):
            self.script.append(True)
        answer = self.script[self.position]
        self.position += 1
        self.left[fact] = (wanted,) if answer else tuple(value for value in values if value != wanted)
        return answer

    def settle(self, fact: str) -> Value:
        """One value: for code that uses it as a text or a key."""
        for value in self.left.get(fact) or self.facts[fact]:
            if self.ask(fact, value):
                return value
        raise AssertionError(fact)


class Word(str):
    """A fact that is a word, open until it is compared."""

    __slots__ = ("_fact", "_run")
    _run: Run
    _fact: str

    def __new__(cls, run: Run, fact: str) -> Word:
        word = super().__new__(cls, "?")
        word._run, word._fact = run, fact
        return word

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Word):
            other = other._run.settle(other._fact)
        return isinstance(other, str) and self._run.ask(self._fact, str.__str__(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self._run.settle(self._fact))

    def __str__(self) -> str:
        return str(self._run.settle(self._fact))

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)


class _YesNo:
    def __init__(self, run: Run, fact: str) -> None:
        self._run, self._fact = run, fact

    def __bool__(self) -> bool:
        return self._run.ask(self._fact, True)


class _Several:
    """The audiences that had a message."""

    def __init__(self, run: Run, fact: str) -> None:
        self._run, self._fact = run, fact

    def __contains__(self, audience: object) -> bool:
        return self._run.ask(f"{self._fact}.{audience}", True)

    def __iter__(self) -> Iterator[str]:
        return (audience for audience in AUDIENCES if audience in self)

    def __bool__(self) -> bool:
        return any(True for _ in self)


class _ByName(_Several):
    """A wish or a release for each audience, if there is one."""

    def __contains__(self, audience: object) -> bool:
        fact = f"{self._fact}.{audience}"
        return not self._run.ask(fact, None) if None in self._run.facts[fact] else self._run.ask(fact, True)

    def __getitem__(self, audience: str) -> Any:
        return Word(self._run, f"{self._fact}.{audience}") if self._fact.startswith("victim") else RELEASE

    def get(self, audience: str, default: Any = None) -> Any:
        return self[audience] if audience in self else default  # noqa: SIM401  this is what get means

    def values(self) -> Iterator[Any]:
        return (self[audience] for audience in self)

    def items(self) -> Iterator[tuple[str, Any]]:
        return ((audience, self[audience]) for audience in self)


class _Group:
    """The facts of an incident or of its victim as attributes."""

    def __init__(self, run: Run, prefix: str, fields: tuple[Any, ...], fixed: Mapping[str, Any]) -> None:
        self.__dict__.update(fixed)
        for field in fields:
            if field.name in fixed or field.name == "next_update":
                continue
            name = f"{prefix}{field.name}"
            if isinstance(field.kind, Group):
                self.__dict__[field.name] = _Group(run, f"{name}.", field.kind.fields, {})
            elif isinstance(field.kind, Choice):
                self.__dict__[field.name] = Word(run, name)
            elif isinstance(field.kind, YesNo):
                self.__dict__[field.name] = _YesNo(run, name)
            else:
                kind = _ByName if isinstance(field.kind, ByName) else _Several
                self.__dict__[field.name] = kind(run, name)
        self.__dict__["_run"] = run

    @property
    def next_update(self) -> datetime | None:
        return NEXT_UPDATE if self._run.ask("next_update", True) else None
