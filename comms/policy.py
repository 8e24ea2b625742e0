"""The provisions of the policy; the data stands in ``policy.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from comms import resources

Kind = Literal["prepare", "decide", "say", "tone", "advise"]


@dataclass(frozen=True, slots=True)
class Provision:
    """One provision: what the policy asks, in our own words, by language of the interface."""

    id: str
    kind: Kind
    step: str
    heading: Mapping[str, str]
    gist: Mapping[str, str]


@cache
def provisions() -> dict[str, Provision]:
    """All 42 provisions by id, in the order of the policy."""
    with resources.file("policy.toml").open("rb") as file:
        return {key: Provision(id=key, **fields) for key, fields in tomllib.load(file).items()}
