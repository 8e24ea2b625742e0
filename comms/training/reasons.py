"""Why a passage stands in a draft: the provisions that it carries out, and the facts that chose it, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from comms.characters import visible
from comms.decisions import DECISIONS, VARIANTS, PlannedMessage, deciding
from comms.document import Passage
from comms.documents import Document
from comms.fields import Choice, YesNo
from comms.incident import AUDIENCES, FIELDS, VICTIM_FIELDS, Incident
from comms.languages import N_, _, current_ui_language
from comms.planning import Plan
from comms.policy import provisions
from comms.templating import asked
from comms.training.words import FACT_NAMES, told_of

_LABELS: Final = {
    each.name: each.kind.labels for each in (*FIELDS, *VICTIM_FIELDS) if isinstance(each.kind, Choice | YesNo)
}


def asked_of(passage: Passage) -> Iterator[str]:
    """What the policy asks that this passage carries out: each provision in plain words."""
    language = current_ui_language()
    for each in passage.provisions:
        yield f"{each}: {provisions()[each].gist[language]}"


def chosen_by(passage: Passage, document: Document, incident: Incident, made: Plan) -> Iterator[str]:
    """The facts and outcomes of the plan that the conditions around this passage ask, with their values."""
    told: dict[str, None] = {}
    for name in asked(document.template).get(passage.id, ()):
        words = _in_words(name, passage, document, incident, made)
        if words:
            told[words] = None
    yield from told


def outcome(message: PlannedMessage) -> Iterator[str]:
    """What the plan says of the whole text, and why."""
    decision, variant = _(DECISIONS[message.decision]), _(VARIANTS[message.variant])
    yield _("{audience}: {decision}, {variant}").format(
        audience=_(AUDIENCES[message.audience]), decision=decision.lower(), variant=variant
    )
    shortening = message.reasons if message.variant == "minimal" else deciding(message)
    yield from (visible(reason.text) for reason in shortening)


def _in_words(name: str, passage: Passage, document: Document, incident: Incident, made: Plan) -> str:
    """A name that a condition asks with its value; empty when it says nothing to a reader."""
    first, *rest = name.split(".", 1)
    asks, _space, provision = (rest[0] if rest else "").partition(" ")
    if first == "incident":
        return _fact(asks, incident)
    if first == "message":
        message, audience = made.message(document.governed_by), ""
    elif first == "plan" and "." in asks:
        audience, asks = asks.split(".", 1)
        message = made.message(audience)
    elif first == "next_update":
        told = N_("bekend") if incident.next_update else N_("nog niet bekend")
        return _("{fact}: {value}").format(fact=_within(FACT_NAMES["next_update"], incident), value=_(told))
    else:
        return ""
    return _of_plan(asks, provision, message, audience, passage)


def _fact(name: str, incident: Incident) -> str:
    name = name.removeprefix("victim.")
    if name not in _LABELS or name not in FACT_NAMES:
        return ""
    value = getattr(incident.victim if any(name == each.name for each in VICTIM_FIELDS) else incident, name)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    return _("{fact}: {value}").format(fact=_within(FACT_NAMES[name], incident), value=_(_LABELS[name][value]))


def _within(name: str, incident: Incident) -> str:
    """A fact's name within a sentence."""
    told = told_of(name, incident)
    return told[:1].lower() + told[1:]


def _of_plan(asks: str, provision: str, message: PlannedMessage, audience: str, passage: Passage) -> str:
    if asks == "says" and provision and provision not in passage.provisions:
        told = N_("{provision} hoort hier") if provision in message.says else N_("{provision} hoort hier niet")
        return _(told).format(provision=provision)
    if asks == "variant" and not audience:
        return _("{fact}: {value}").format(fact=_("tekst"), value=_(VARIANTS[message.variant]))
    if asks in ("variant", "decision") and audience:
        value = f"{_(DECISIONS[message.decision]).lower()}, {_(VARIANTS[message.variant])}"
        return _("{fact}: {value}").format(fact=_(AUDIENCES[audience]), value=value)
    return ""
