"""Help organisations with their contact data; the data stands in ``organisations.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from comms import resources
from comms.school import School

OLD_AFTER_DAYS = 180


@dataclass(frozen=True, slots=True)
class Fact:
    """One detail of an organisation: as it is printed, where it was found, and when it was last checked, if known."""

    value: str
    source: str
    checked_on: date | None
    confidence: str


@dataclass(frozen=True, slots=True)
class Organisation:
    """An organisation that helps. ``facts`` are its website, phone, hours and the like, by name."""

    id: str
    name: str
    facts: Mapping[str, Fact]
    day_and_night: bool = False


@cache
def _known() -> dict[str, Organisation]:
    with resources.file("organisations.toml").open("rb") as file:
        return {key: _organisation(key, fields) for key, fields in tomllib.load(file).items()}


def _organisation(key: str, fields: dict[str, Any]) -> Organisation:
    facts = {name: Fact(**value) for name, value in fields.items() if isinstance(value, dict)}
    return Organisation(key, fields["name"], facts, fields.get("day_and_night", False))


def organisations(school: School | None = None) -> dict[str, Organisation]:
    """All organisations by id, with what the school's profile corrects."""
    corrections = school.organisations if school and school.organisations else {}
    return {key: _corrected(known, corrections.get(key)) for key, known in _known().items()}


def _corrected(known: Organisation, correction: Mapping[str, Any] | None) -> Organisation:
    if not correction:
        return known
    facts = dict(known.facts)
    for name in ("website", "phone", "hours"):
        if correction[name] is not None:
            known_since = facts[name].checked_on if name in facts else None
            facts[name] = Fact(correction[name], "school", correction["checked_on"] or known_since, "high")
    return replace(known, facts=facts)


def oldest_check(chosen: Iterable[Organisation]) -> date:
    """The day since which none of these organisations' facts has gone unchecked."""
    checks = (fact.checked_on for organisation in chosen for fact in organisation.facts.values())
    return min(check for check in checks if check is not None)
