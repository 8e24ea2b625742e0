"""Our own rules: ``rules/nl.toml`` and ``rules/en.toml``, compiled by the build or built when they are needed."""

from __future__ import annotations

import marshal
import sys
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from comms import resources
from comms.review.resemblance import Table, Weights
from comms.review.ruleset import LANGUAGES, Rule, RuleSet, Subject

if TYPE_CHECKING:
    from comms.review.examples import Example
    from comms.review.rulefile import Source


def path_of(language: str) -> Path:
    return resources.file("review") / "rules" / f"{language}.toml"


@cache
def source_of(language: str) -> Source:
    """Our own rule file. Raises InputError."""
    from comms.review.rulefile import read

    path = path_of(language)
    return read(path.read_bytes(), language, path.name)


def examples_path(language: str) -> Path:
    return path_of(language).with_suffix(".examples.txt")


@cache
def examples_of(language: str) -> list[Example]:
    """Our own example sentences. Raises InputError."""
    from comms.review.examples import read

    path = examples_path(language)
    return read(path.read_bytes(), path.name)


@cache
def rule_set(language: str) -> RuleSet:
    """Our own rules: as the build compiled them when nothing changed since, else built now."""
    with suppress(OSError, ValueError, EOFError, TypeError):
        return _loaded((path_of(language).parent / "compiled" / _name(language)).read_bytes())
    return _built(language)


def compile_rules() -> dict[str, bytes]:
    """The compiled rules by file name, for the build to put in the folder ``compiled`` beside them."""
    return {_name(language): _dumped(_built(language)) for language in LANGUAGES}


def _built(language: str) -> RuleSet:
    from comms.review.building import build

    return build(source_of(language), None, examples_of(language))


def _name(language: str) -> str:
    """Of the compiled form: it counts only for the very rules, code and Python that it was made from."""
    code = resources.file("review")
    checksum = crc32(examples_path(language).read_bytes(), crc32(path_of(language).read_bytes()))
    for name in _MADE_WITH:
        checksum = crc32(code.joinpath(f"{name}.py").read_bytes(), checksum)
    return f"{language}.{sys.implementation.cache_tag}.{checksum:08x}"


_MADE_WITH = (
    "folding", "tokens", "patterns", "rulefile", "examples", "resemblance", "weighing", "building", "ruleset", "rules",
    "inflection/__init__", "inflection/nl", "inflection/en",
)  # fmt: skip


_PACKED = ("patterns", "phrases", "excuses")
"""Of these a text needs a few only, and unpacking all of them takes longer than reading a letter."""


def _dumped(made: RuleSet) -> bytes:
    fields: dict[str, Any] = made._asdict()
    fields["rules"] = tuple(tuple(each) for each in made.rules)
    fields["subject"] = tuple(made.subject)
    points, categories, by_category = made.weights
    fields["weights"] = (tuple(points), categories, tuple(by_category))
    for name in _PACKED:
        each_of = fields[name]
        fields[name] = [marshal.dumps(_short(each_of[number])) for number in range(len(each_of))]
    return marshal.dumps(fields)


def _loaded(content: bytes) -> RuleSet:
    fields = marshal.loads(content)
    fields["rules"] = tuple(map(Rule._make, fields["rules"]))
    fields["subject"] = Subject._make(fields["subject"])
    points, categories, by_category = fields["weights"]
    fields["weights"] = Weights(Table._make(points), categories, Table._make(by_category))
    for name in _PACKED:
        fields[name] = _Unpacked(fields[name])
    return RuleSet(**fields)


class _Unpacked(dict[int, Any]):
    """Things by their number, those that were asked for before."""

    def __init__(self, packed: list[bytes]) -> None:
        super().__init__()
        self._packed = packed

    def __missing__(self, number: int) -> Any:
        found = self[number] = _whole(marshal.loads(self._packed[number]))
        return found

    def __len__(self) -> int:
        return len(self._packed)


def _short(packed: Any) -> Any:
    """A pattern, a phrase, or an excuse of patterns, the symbols that each can't do without as a list: a number with a
    bit for every symbol that there is takes far longer to read."""
    if isinstance(packed, Mapping):
        return {name: tuple(map(_short, patterns)) for name, patterns in packed.items()}
    needs, *others = packed
    return [number for number in range(needs.bit_length()) if needs >> number & 1], *others


def _whole(packed: Any) -> Any:
    if isinstance(packed, dict):
        return {name: tuple(map(_whole, patterns)) for name, patterns in packed.items()}
    symbols, *others = packed
    needs = 0
    for symbol in symbols:
        needs |= 1 << symbol
    return needs, *others
