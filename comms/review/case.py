"""What only the incident tells of a text: protected words, the wish of the victim, and what this audience may not read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby
from urllib.parse import unquote

from comms.decisions import decide_for, deciding
from comms.incident import AUDIENCES, Incident
from comms.languages import _
from comms.protected import contains
from comms.review.findings import HIDDEN, Finding
from comms.review.written import Part, Written

READERS = ("teachers", "students", "parents", "website", "social", "press")


def circumstances(incident: Incident, audience: str | None, variant: str = "") -> frozenset[str]:
    """Which rules of the review hold in this case only (``CASES``): what may not be said here, and what must be.

    ``variant``: what the plan gives this audience, where that is known; else it is worked out.
    """
    holds = {
        "minimal": audience in READERS and (variant or decide_for(incident, str(audience)).variant) == "minimal",
        "not_sexual": incident.material != "sexual",
        "nothing_spread": incident.origin == "threat",
        "no_deletion": incident.grave == "death" or incident.police not in ("consulted", "reported"),
        "suicide": incident.grave in ("attempt", "death"),
    }
    return frozenset(name for name, so in holds.items() if so)


def protected_words(written: Written, incident: Incident) -> Iterator[Finding]:
    """Where a protected word stands, in any form (1.3): the passage of a draft, or the part; it is never repeated."""
    if not incident.protected:
        return
    found = False
    for _passage, parts in groupby(enumerate(written.parts), lambda each: each[1].passage or each[0]):
        first, *rest = (part for _number, part in parts)
        whole = first._replace(end=max(part.end for part in (first, *rest)))
        if contains(unquote(written.text[whole.start : whole.end]), incident.protected):
            found = True
            yield _protected(written, whole)
    if not found and contains(written.text, incident.protected):  # spread over the parts
        yield _protected(written, Part("paragraph", 0, len(written.text)))


def _protected(written: Written, part: Part) -> Finding:
    line = written.text.count("\n", 0, part.start) + 1
    column = part.start - written.text.rfind("\n", 0, part.start)
    return Finding(
        rule="protected",
        category="identity",
        severity="error",
        message=_("hier staat een beschermd woord, en dat mag in geen tekst komen"),
        provisions=("1.3",),
        start=part.start,
        end=part.end,
        line=line,
        column=column,
        excerpt=HIDDEN,
        passage=part.passage,
        place=part.place,
    )


def unspoken(found: list[Finding], protected: list[Finding]) -> list[Finding]:
    """All these findings; one that stands beside a protected word shows nothing of the text."""
    beside = [(each.start, each.end) for each in protected]
    return [
        replace(each, excerpt=HIDDEN) if any(start <= each.start < end for start, end in beside) else each
        for each in found
    ] + protected


def wish(incident: Incident, audience: str) -> Iterator[Finding]:
    """Whether a text for this audience may go out at all: nothing goes out against the victim's wish (1.3)."""
    planned = decide_for(incident, audience)
    if planned.decision == "send":
        return
    provisions = tuple(dict.fromkeys(each for reason in deciding(planned) for each in reason.provisions))
    if planned.decision == "withhold":
        told = _("Voor {audience} hoort hier geen tekst te zijn.").format(audience=_(AUDIENCES[audience]))
        advice = " ".join(reason.text for reason in deciding(planned))
    else:
        told = _("Een tekst voor {audience} mag nog niet uitgaan.").format(audience=_(AUDIENCES[audience]))
        advice = " ".join(condition.text for condition in planned.conditions)
    yield Finding(f"case.{planned.decision}", "wish", "error", told, provisions, suggestion=advice)
