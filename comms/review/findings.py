"""What the review has against a text, and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from comms.languages import N_

Severity = Literal["error", "warning", "info"]

SEVERITIES = {
    "error": N_("fout"),
    "warning": N_("waarschuwing"),
    "info": N_("ter informatie"),
}
"""From the heaviest down. Only an error stops a text."""

CATEGORIES = {
    "victim_blaming": N_("verwijt aan het slachtoffer"),
    "minimising": N_("kleiner maken dan het is"),
    "terms": N_("sensatie of afgewezen woorden"),
    "escalating": N_("dreigen of opjutten"),
    "retaliation": N_("wraak"),
    "online_reply": N_("oproep om online te reageren"),
    "guilt": N_("schuld als feit"),
    "speculation": N_("gissen"),
    "identity": N_("wie het is"),
    "images": N_("omgang met de beelden"),
    "promises": N_("beloven wat niet kan"),
    "legal": N_("te stellig over de wet"),
    "pressure": N_("druk op het slachtoffer"),
    "reputation": N_("de goede naam voorop"),
    "missing": N_("wat ontbreekt"),
    "tone": N_("toon en begrijpelijkheid"),
    "wish": N_("tegen de wens, of te vroeg"),
    "directive": N_("aanwijzing aan de controle"),
}
"""The kinds of finding by id, with what they are called in Dutch."""


HIDDEN = "…"
"""The excerpt of a finding in a text that holds a protected word: nothing of it is shown again."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that the review has against a text."""

    rule: str
    category: str
    severity: Severity
    message: str
    """Why, in the language of the interface."""
    provisions: tuple[str, ...]
    start: int = 0
    """Offsets in the text as it was given, in characters."""
    end: int = 0
    line: int = 1
    """Line and column of ``start`` in that text, both from 1, in characters."""
    column: int = 1
    excerpt: str = ""
    """What stands there, on one line and shortened when long: for people. ``start`` and ``end`` are exact."""
    suggestion: str = ""
    """A better wording or advice, in the language of the interface; empty when there is none."""
    replacement: str | None = None
    """Text that can stand in place of ``start`` to ``end`` as it is; None when no such text is certain."""
    file: str = ""
    passage: str = ""
    """The passage of a draft that it stands in."""
    place: str = ""
    """Where in a document, in words: header, comment, deleted text. Empty for the running text."""

    def to_dict(self) -> dict[str, Any]:
        """The form of ``comms check --json``."""
        told: dict[str, Any] = {
            "file": self.file,
            "line": self.line,
            "column": self.column,
            "start": self.start,
            "end": self.end,
            "rule": self.rule,
            "category": self.category,
            "severity": self.severity,
            "excerpt": self.excerpt,
            "message": self.message,
            "suggestion": self.suggestion,
            "provisions": list(self.provisions),
        }
        if self.replacement is not None:
            told["replacement"] = self.replacement
        if self.passage:
            told["passage"] = self.passage
        if self.place:
            told["place"] = self.place
        return told
