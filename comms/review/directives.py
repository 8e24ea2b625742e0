"""Lines in a text that switch a rule off at their place: ``comms: blame.why_question off: we quote a parent``."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from comms.review.written import Part, Written

_DIRECTIVE = re.compile(
    r"\bcomms:[ \t]{0,9}(?P<rule>[\w.-]{1,80})[ \t]{1,9}(?:uit|off)\b(?:[ \t]{0,9}:[ \t]{0,9}(?P<reason>[^\n\r]{0,500}))?",
    re.IGNORECASE,
)
_AROUND = 40  # characters that a directive may have around it, such as the marks of a comment


class Directive(NamedTuple):
    """A rule that is off in some parts. ``reason`` is empty when none is given."""

    rule: str
    reason: str
    start: int
    end: int
    parts: frozenset[int]
    """The numbers of the parts that it counts for."""
    own: int | None
    """The part that holds nothing else and is not read."""


def directives(written: Written) -> tuple[Directive, ...]:
    """Every directive in the text, in order."""
    if "comms:" not in written.text.lower():
        return ()
    return tuple(_directives(written))


def _directives(written: Written) -> Iterator[Directive]:
    parts = written.parts
    read = [number for number, part in enumerate(parts) if part.kind != "address"]
    starts = [parts[number].start for number in read]
    for match in _DIRECTIVE.finditer(written.text):
        at = bisect_right(starts, match.start()) - 1
        inside = at if at >= 0 and match.start() < parts[read[at]].end else None
        own = None
        covered = set()
        if inside is not None:
            here = inside
            while here > 0 and parts[read[here]].kind == "comment":  # it is about what it stands beside
                here -= 1
            covered.add(read[here])
            own = read[inside] if _is_all(written, parts[read[inside]], match) else None
        following = at + 1
        while following < len(read) and parts[read[following]].kind == "comment":
            following += 1
        if following < len(read):
            covered.add(read[following])
        reason = (match["reason"] or "").partition("-->")[0].strip(" \t*_.")
        yield Directive(match["rule"].lower(), reason, match.start(), match.end(), frozenset(covered), own)


def _is_all(written: Written, part: Part, match: re.Match[str]) -> bool:
    if part.end - part.start > match.end() - match.start() + _AROUND:
        return False
    rest = written.text[part.start : match.start()] + written.text[match.end() : part.end]
    return not rest.strip(" \t\r\n<>!-*_/#")
