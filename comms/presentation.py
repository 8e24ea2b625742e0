"""Plans and provisions as people read them in a terminal: lines of text, with colour where that is wanted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from comms.characters import visible
from comms.decisions import DECISIONS, VARIANTS, Case, PlannedMessage, Rule
from comms.incident import AUDIENCES, Incident
from comms.languages import N_, _, current_ui_language
from comms.planning import Plan, Step

if TYPE_CHECKING:
    from comms.policy import Provision
    from comms.tracing import Trace

Style = Callable[[str, str], str]
"""Text and a colour (``green``, ``yellow``, ``red``, ``bold``, ``dim``) in, the text in that colour out."""

WIDTH = 88
KINDS = {
    "prepare": N_("voorbereiden: doen voordat er iets uitgaat"),
    "decide": N_("beslissen: of en aan wie er een bericht gaat"),
    "say": N_("zeggen: staat in een tekst"),
    "tone": N_("toon: hoe alles wordt gezegd"),
    "advise": N_("advies aan de school"),
}
_COLOURS = {"send": "green", "hold": "yellow", "withhold": "red"}


def plain(text: str, colour: str) -> str:
    """The style without colour."""
    return text


def plan_lines(incident: Incident, made: Plan, style: Style = plain) -> Iterator[str]:
    """The plan: at a glance, what to look at, what to do first, and why each hears what it hears."""
    heading = _("Plan voor {school}, {date}").format(
        school=visible(incident.school.name), date=incident.date.isoformat()
    )
    yield style(heading, "bold")
    yield from ("", style(_("In één oogopslag, in de volgorde van versturen"), "bold"))
    yield from (_headline(message, style) for message in made.messages)
    if made.warnings:
        yield from ("", style(_("Let op"), "bold"))
        for warning in made.warnings:
            yield from _wrapped(warning, "  ! ", "    ")
    yield from ("", style(_("Eerst doen"), "bold"))
    for action in made.actions:
        box = "[x]" if action.done else "[ ]"
        lines = _wrapped(action.text + _ids(action.provisions), f"  {box} ", "      ")
        yield from (style(line, "dim") if action.done else line for line in lines)
    yield from ("", style(_("Wie hoort wat, en waarom"), "bold"))
    for message in made.messages:
        yield ""
        yield from _message_lines(message, style)


def _headline(message: PlannedMessage, style: Style) -> str:
    decision = _(DECISIONS[message.decision])
    if message.decision != "withhold":
        decision += ", " + _(VARIANTS[message.variant])
    name = _(AUDIENCES[message.audience])
    return f"  {message.order}. {style(f'{name:<26}', 'bold')} {style(decision, _COLOURS[message.decision])}"


def _message_lines(message: PlannedMessage, style: Style) -> Iterator[str]:
    yield _headline(message, style)
    if message.decision != "withhold":
        yield from _labelled(_("aan"), message.reach.text)
    for reason in message.reasons:
        yield from _labelled(_("waarom"), reason.text + _ids(reason.provisions))
    for condition in message.conditions:
        yield from _labelled(_("eerst"), condition.text + _ids(condition.provisions))


def _labelled(label: str, text: str) -> Iterator[str]:
    return _wrapped(text, f"     {label:<8}", " " * 13)


def _ids(provisions: tuple[str, ...]) -> str:
    return f" ({', '.join(provisions)})" if provisions else ""


def _wrapped(text: str, first: str, rest: str) -> Iterator[str]:
    yield from wrap(visible(text), WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)


def provision_lines(provision: Provision, where: Trace, style: Style = plain) -> Iterator[str]:
    """A provision: what the policy asks, and where the program carries it out."""
    language = current_ui_language()
    yield style(f"{provision.id}  {provision.heading[language]}", "bold")
    yield from _wrapped(provision.gist[language], "  ", "  ")
    kind = _("soort")
    yield f"  {kind}: " + _(KINDS[provision.kind])
    for label, ids in (
        (_("regels"), where.rules),
        (_("acties"), where.actions),
        (_("teksten"), where.passages),
        (_("controle"), where.review),
    ):
        if ids:
            yield from _wrapped(", ".join(ids), f"  {label}: ", "    ")
    if not where.anywhere:
        yield "  " + _("nog nergens uitgevoerd")


def rule_lines(rule: Rule, style: Style = plain) -> Iterator[str]:
    """A rule of the decision table: why it is there and what it does to whom."""
    yield style(_("{id}  regel van het plan").format(id=rule.id), "bold")
    yield from _wrapped(_(rule.reason) + _ids(rule.provisions), "  ", "  ")
    for case in rule.cases:
        yield from _wrapped(_effect(case), "  - ", "    ")
        if case.condition:
            yield from _wrapped(_(case.condition), "    " + _("eerst") + ": ", "      ")
        if not case.releasable:
            yield "    " + _("kan niet worden vrijgegeven")


def _effect(case: Case) -> str:
    audiences = ", ".join(_(AUDIENCES[audience]) for audience in case.audiences)
    effects = [_(DECISIONS[case.decision])] if case.decision != "send" or not case.minimal else []
    if case.minimal:
        short = VARIANTS["minimal"]
        effects.append(_(short))
    return f"{audiences}: {', '.join(effects)}"


def review_rule_lines(rule_id: str, rules: Mapping[str, Mapping[str, Any]], style: Style = plain) -> Iterator[str]:
    """A rule of the review, as it stands in the rule file of each language that has it: what it finds, and why."""
    from comms.review.findings import CATEGORIES, SEVERITIES

    language = current_ui_language()
    rule = rules.get(language) or next(iter(rules.values()))
    yield style(_("{id}  regel van de controle").format(id=rule_id), "bold")
    yield f"  {_(SEVERITIES[rule['severity']])}: {_(CATEGORIES[rule['category']])}"
    yield from _wrapped(rule["why"][language] + _ids(tuple(rule["provisions"])), "  ", "  ")
    if better := rule["better"].get(language):
        yield from _wrapped(_("Beter: {suggestion}").format(suggestion=better), "  ", "  ")
    if rule.get("audiences"):
        readers = ", ".join(_(AUDIENCES[audience]) for audience in rule["audiences"])
        yield from _wrapped(_("alleen in teksten voor: {audiences}").format(audiences=readers), "  ", "    ")
    for code, each in rules.items():
        for label, examples in ((_("vindt"), each.get("found", ())), (_("laat staan"), each.get("not_found", ()))):
            if examples:
                yield f"  {label} ({code}):"
            for example in examples:
                yield from _wrapped(" ".join(example.split()), "    - ", "      ")


def step_lines(step: Step, style: Style = plain) -> Iterator[str]:
    """A step of the action list."""
    yield style(_("{id}  stap van de actielijst").format(id=step.id), "bold")
    yield from _wrapped(_(step.text) + _ids(step.provisions), "  ", "  ")


def passage_lines(passage_id: str, body: str, provisions: tuple[str, ...], style: Style = plain) -> Iterator[str]:
    """A passage of a text, as it stands in the template."""
    yield style(_("{id}  passage van een tekst").format(id=passage_id) + _ids(provisions), "bold")
    for number, block in enumerate(body.split("\n\n")):
        if number:
            yield ""
        for line in block.replace("\n- ", "\n\n- ").split("\n\n"):
            yield from _wrapped(" ".join(line.split()), "  ", "  ")


def document_lines(document_id: str, passage_ids: list[str], style: Style = plain) -> Iterator[str]:
    """A document: the passages that it is made of, which a school can replace one by one."""
    yield style(_("{id}  tekst, gemaakt van deze passages").format(id=document_id), "bold")
    yield from (f"  {each}" for each in passage_ids if each.split(".")[0] == document_id)
