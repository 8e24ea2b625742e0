"""Plan and texts in, a message out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import SimpleNamespace
from typing import Any, ClassVar, Literal

from comms import dates, languages, passages, texts
from comms.characters import visible
from comms.decisions import DECISIONS, VARIANTS, PlannedMessage
from comms.document import Banner, Message, Passage
from comms.documents import Document
from comms.errors import TemplateError, UnknownNameError
from comms.fields import Choice, Field, Group
from comms.incident import AUDIENCES, FIELDS, VICTIM_FIELDS, Incident
from comms.languages import _, told_in
from comms.markup import Gap, MergeField, blocks
from comms.organisations import organisations
from comms.passages import PassageSource
from comms.planning import Action, Plan, calls
from comms.school import FIELDS as SCHOOL_FIELDS
from comms.school import ROLES, School

Salutation = Literal["", "salutation", "name"]
"""How a letter greets: as all its readers, as the recipient's own salutation says, or by the recipient's name."""


def compose(
    incident: Incident,
    plan: Plan,
    document: Document,
    language: str,
    banner: Banner | None = None,
    salutation: Salutation = "",
    columns: Iterable[str] | None = None,
) -> Message:
    """A document in one language. Raises TemplateError and UnknownNameError.

    It sees the whole plan, since what one audience reads must agree with what the others do. For a merge,
    ``salutation`` says how its recipients are greeted and ``columns`` what is known of each: fields of the message.
    """
    check_language(language)
    school = incident.school
    own = texts.own_passages(school.templates) if school.templates else {}
    view = view_of(incident, plan, document, language) | {"salutation": salutation, "recipient": _recipient(columns)}
    spoken = texts.spoken(document.template, view)
    return Message(
        audience=document.audience,
        language=language,
        direction=languages.available()[language].direction,
        passages=tuple(passage_of(passage_id, language, own, view | handed) for passage_id, handed in spoken),
        author=visible(school.name),
        date=incident.date.isoformat(),
        banner=banner,
    )


def _recipient(columns: Iterable[str] | None) -> object:
    """What a text sees of a recipient: fields, or where nobody is known yet, gaps of any name."""
    if columns is None:
        return _Anybody()
    return SimpleNamespace(**{name: MergeField(name) for name in columns})


class _Anybody:
    def __getattr__(self, name: str) -> Gap:
        return Gap.named(name)


def check_language(language: str) -> None:
    """Raises UnknownNameError when there are no texts in the language."""
    if language not in languages.available():
        wrong = _("de taal {code} is er niet").format(code=language)
        known = _("toegestaan: {words}").format(words=", ".join(languages.available()))
        raise UnknownNameError(f"{wrong}; {known}")


def passage_of(
    passage_id: str, language: str, own: Mapping[tuple[str, str], PassageSource], view: dict[str, Any]
) -> Passage:
    """One passage in one language. Raises TemplateError."""
    source = passages.source_of(passage_id)
    text = texts.text(passage_id, language, own)
    values: list[object] = []
    rendered = text.render(view, values)
    try:
        found = blocks(rendered, values, language)
    except ValueError as error:
        raise TemplateError(text.place, str(error)) from error
    if not any(block.text.strip() for block in found):
        raise TemplateError(text.place, _("de passage “{id}” is leeg").format(id=passage_id))
    if source.part in ("title", "date") and any(run.field for block in found for run in block.runs):
        # A title is also the subject and the name of the document, which letters to many share.
        raise TemplateError(text.place, _("in een kop of datum kan geen waarde van de ontvanger staan"))
    return Passage(passage_id, source.provisions, found, source.part)


def view_of(incident: Incident, plan: Plan, document: Document, language: str) -> dict[str, Any]:
    """What the templates see. A missing value of the profile is a gap, labelled in the language of the draft."""
    school = incident.school
    moment = incident.next_update
    view = {
        "incident": incident,
        "message": plan.message(document.governed_by),
        "plan": _PlanView(plan),
        "school": school_view(school, language),
        "organisations": SimpleNamespace(**dict(_organisation_views(school, language))),
        "date": dates.long_date(incident.date, language),
        "next_update": moment
        and SimpleNamespace(day=dates.weekday_and_date(moment.date(), language), time=f"{moment:%H:%M}"),
        "group": incident.group or school.name,
        "salutation": "",
        "recipient": _recipient(None),
    }
    return view | _internal_view(incident, plan, language) if document.internal else view


class _PlanView:
    """The plan as templates ask it: what ``plan.students`` gets is looked up when it is asked."""

    _fields = tuple(AUDIENCES)

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __getattr__(self, name: str) -> PlannedMessage:
        try:
            return self._plan.message(name)
        except KeyError:
            raise AttributeError(name) from None


class _FactsView:
    """The facts that are a choice, in words: ``facts.scale``."""

    _labels: ClassVar[dict[str, Any]] = {
        each.name: each.kind.labels for each in (*FIELDS, *VICTIM_FIELDS) if isinstance(each.kind, Choice)
    }
    _fields = tuple(_labels)

    def __init__(self, incident: Incident, language: str) -> None:
        self._incident, self._language = incident, language

    def __getattr__(self, name: str) -> str:
        if name not in self._labels:
            raise AttributeError(name)
        owner = self._incident.victim if any(name == each.name for each in VICTIM_FIELDS) else self._incident
        return told_in(self._language, self._labels[name][getattr(owner, name)])


class _CallsView:
    """The calls to make, by their place: ``calls[:5]``."""

    def __init__(self, incident: Incident, plan: Plan) -> None:
        self._incident, self._plan = incident, plan

    def __getitem__(self, some: slice) -> tuple[str, ...]:
        return calls(self._incident, self._plan.message("teachers").decision == "send")[some]


def _internal_view(incident: Incident, plan: Plan, language: str) -> dict[str, Any]:
    """What only the documents of the crisis team see: the plan in words, and the facts."""
    return {
        "actions": [_action_view(action) for action in plan.actions],
        "calls": _CallsView(incident, plan),
        "messages": [_message_view(message, language) for message in plan.messages],
        "facts": _FactsView(incident, language),
        "roles": SimpleNamespace(
            **{name: (incident.school.roles or {}).get(name) or told_in(language, ours) for name, ours in ROLES.items()}
        ),
    }


def _action_view(action: Action) -> SimpleNamespace:
    return SimpleNamespace(id=action.id, text=action.text, done=action.done, provisions=", ".join(action.provisions))


def _message_view(message: PlannedMessage, language: str) -> SimpleNamespace:
    return SimpleNamespace(
        audience=message.audience,
        name=told_in(language, AUDIENCES[message.audience]),
        decision=message.decision,
        decision_word=told_in(language, DECISIONS[message.decision]),
        variant=message.variant,
        variant_word=told_in(language, VARIANTS[message.variant]),
        reach=message.reach.text,
        reasons=message.reasons,
        conditions=message.conditions,
        order=message.order,
    )


def school_view(school: School, language: str) -> SimpleNamespace:
    """The profile as templates and letterheads see it: every value a text, a missing one a visible gap."""
    view: SimpleNamespace = _with_gaps(school, SCHOOL_FIELDS, language)
    if not isinstance(view.website, Gap):
        view.website = _bare(view.website)
    return view


def _with_gaps(owner: Any, its_fields: tuple[Field, ...], language: str) -> SimpleNamespace:
    view = SimpleNamespace()
    for each in its_fields:
        if each.name in ("letterhead", "templates"):  # files of the school, nothing that a text names
            continue
        value = getattr(owner, each.name)
        if isinstance(each.kind, Group):
            value = _with_gaps(value, each.kind.fields, language)
        elif value is None:
            value = Gap.named(told_in(language, each.about))
        elif isinstance(value, str) and value.startswith("【") and value.endswith("】"):
            value = Gap(value)  # a profile fresh from ``comms init`` says itself what is to be filled in
        setattr(view, each.name, value)
    return view


def _organisation_views(school: School, language: str) -> Iterator[tuple[str, SimpleNamespace]]:
    for key, organisation in organisations(school).items():
        view = SimpleNamespace(name=organisation.name)
        for name, fact in organisation.facts.items():
            ours = name == "hours" and fact.source != "school" and language != languages.SOURCE
            translated = (
                languages.translated_passage(f"organisation.{key}.hours", fact.value, language) if ours else None
            )
            setattr(view, name, translated or fact.value)
        view.url = view.website if "://" in view.website else f"https://{view.website}"
        view.website = _bare(view.website)
        yield key, view


def _bare(address: str) -> str:
    """A website's address as it is read aloud."""
    return address.removeprefix("https://").removeprefix("http://").rstrip("/")
