"""Which passages a template lets through.

The build turns the conditions of a template that only compares into plain tuples, so that nobody waits for Jinja2 to
be loaded, which takes longer than composing a letter.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cache
from typing import Any
from zlib import crc32

from comms import kept, resources

IF, SET, SAY, INCLUDE = "if", "set", "say", "include"
NAME, CONST, ATTRIBUTE, TUPLE, NOT, AND, OR, COMPARE = (
    "name",
    "const",
    "attribute",
    "tuple",
    "not",
    "and",
    "or",
    "compare",
)

Condition = tuple[Any, ...]
"""What is asked: one of the words above and what belongs to it."""
Step = tuple[Any, ...]
"""What is done: likewise."""

COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    "eq": lambda one, other: one == other,
    "ne": lambda one, other: one != other,
    "in": lambda one, other: one in other,
    "notin": lambda one, other: one not in other,
}
"""The comparisons that a kept condition may make, as Jinja2 names them."""

Spoken = list[tuple[str, dict[str, object]]]
"""Ids of passages, each with what a loop hands to it."""


def spoken(template: str, view: Mapping[str, Any]) -> Spoken:
    """The ids of the passages that a template's conditions let through, in order.

    Raises KeyError when the build kept nothing of this very template, and anything at a name that is not there.
    """
    found: Spoken = []
    _follow(_steps(template), dict(view), found)
    return found


def _follow(steps: Iterable[Step], names: dict[str, Any], found: Spoken) -> None:
    for step in steps:
        what = step[0]
        if what == SAY:
            found.append((step[1], {name: names[name] for name in step[2]}))
        elif what == IF:
            for asked, then in step[1]:
                if asked is None or _answer(asked, names):
                    _follow(then, names, found)
                    break
        elif what == SET:
            names[step[1]] = _answer(step[2], names)
        else:
            _follow(_steps(step[1]), dict(names), found)


def _answer(asked: Condition, names: Mapping[str, Any]) -> Any:
    what = asked[0]
    if what == COMPARE:
        one = _answer(asked[1], names)
        return COMPARED[asked[2]](one, _answer(asked[3], names))
    if what == ATTRIBUTE:
        return getattr(_answer(asked[1], names), asked[2])
    if what == NAME:
        return names[asked[1]]
    if what == CONST:
        return asked[1]
    if what == AND:
        return _answer(asked[1], names) and _answer(asked[2], names)
    if what == OR:
        return _answer(asked[1], names) or _answer(asked[2], names)
    if what == NOT:
        return not _answer(asked[1], names)
    return tuple(_answer(each, names) for each in asked[1])


@cache
def _steps(template: str) -> tuple[Step, ...]:
    """Raises KeyError when the build kept nothing of this very template."""
    checksum, steps = _kept()[template]
    if checksum != crc32((resources.folder("templates") / "messages" / template).read_bytes()):
        raise KeyError(template)
    found: tuple[Step, ...] = steps
    return found


@cache
def _kept() -> Mapping[str, tuple[int, tuple[Step, ...]]]:
    with suppress(OSError, ValueError, EOFError, TypeError):
        found = marshal.loads((kept.folder() / _name()).read_bytes())
        return found if isinstance(found, dict) else {}
    return {}


def _name() -> str:
    return f"conditions.{kept.made_with('comms.conditions', 'comms.templating', 'comms.passages', 'jinja2')}"


def keep(templates: Mapping[str, tuple[bytes, tuple[Step, ...]]]) -> tuple[str, bytes]:
    """What the build keeps of templates, each with its source and its steps, and the name of the file."""
    return _name(), marshal.dumps({name: (crc32(source), steps) for name, (source, steps) in templates.items()})
