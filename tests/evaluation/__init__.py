"""The evaluation set of the text review, read from its files; what it is and how it was labelled: README.md."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent
LANGUAGES = ("nl", "en")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the categories that must be found in it."""

    text: str
    by: str
    findings: frozenset[str]
    arguable: frozenset[str]
    """Categories that count neither as missed nor as a false alarm."""
    hard: bool
    act: str
    """In which way it blames the victim; empty for other sentences."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong in a letter: a stretch of its text, and the category that must be found there."""

    category: str
    excerpt: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Letter:
    name: str
    text: str
    faults: tuple[Fault, ...]


def sentences(language: str, *, kept_aside: bool = False) -> list[Sentence]:
    """The open part of the set, or the part that is kept aside."""
    folder = FOLDER / "kept_aside" if kept_aside else FOLDER
    return [_sentence(entry) for entry in _read(folder / f"{language}.toml")["sentences"]]


def letters(language: str, kind: str) -> list[Letter]:
    """The letters of a kind: ``good``, ``bad``, or ``other``, about something else."""
    return [_letter(path) for path in sorted((FOLDER / "letters" / language / kind).glob("*.md"))]


def _sentence(entry: dict[str, Any]) -> Sentence:
    unknown = entry.keys() - {"text", "by", "findings", "arguable", "hard", "act"}
    if unknown:
        raise ValueError(f"unknown keys {sorted(unknown)}: {entry}")
    return Sentence(
        entry["text"],
        entry["by"],
        frozenset(entry["findings"]),
        frozenset(entry.get("arguable", ())),
        entry.get("hard", False),
        entry.get("act", ""),
    )


def _letter(path: Path) -> Letter:
    text = path.read_text(encoding="utf-8")
    beside = path.with_suffix(".toml")
    entries = _read(beside)["faults"] if beside.exists() else []
    return Letter(path.stem, text, tuple(_fault(entry, text, beside) for entry in entries))


def _fault(entry: dict[str, str], text: str, path: Path) -> Fault:
    excerpt = entry["excerpt"]
    # Lines of a letter are broken anywhere; an excerpt is written on one line.
    found = list(re.finditer(r"\s+".join(map(re.escape, excerpt.split())), text))
    if len(found) != 1:
        raise ValueError(f"{path}: stands {len(found)} times in the letter, not once: {excerpt}")
    return Fault(entry["category"], excerpt, *found[0].span())


def _read(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)
