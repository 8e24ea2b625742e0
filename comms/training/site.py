"""The training as pages that open from the disk: samples to read and compare, and exercises to find faults in.

Every page stands by itself: styles, scripts and data are in it, and it loads nothing. What comes from a school's files
reaches a page as text only: through templates that escape, or as data that no script takes for markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

from comms import resources
from comms.dates import long_date
from comms.decisions import DECISIONS, VARIANTS, PlannedMessage
from comms.document import Passage
from comms.documents import Document
from comms.drafts import Draft
from comms.fields import YES_NO_LABELS
from comms.incident import AUDIENCES, Incident
from comms.languages import N_, UI_LANGUAGES, _, current_ui_language, ui_language
from comms.planning import Plan, plan
from comms.policy import provisions
from comms.render.html import elements
from comms.training.compare import FACTS, Gate, OpenPlan, OpenText, facts_of, open_plan, open_texts, values
from comms.training.comparison import Numbered, comparison, fact_value, word
from comms.training.exercises import Exercise, Fault
from comms.training.reasons import chosen_by
from comms.training.words import FACT_NAMES, QUESTIONS, told_of, words

if TYPE_CHECKING:
    from jinja2 import Environment

_KEPT = r"(\"[^\"\n]*\"|'[^'\n]*'|(?<=\()/(?:[^/\\\n]|\\.)+/|= /(?:[^/\\\n]|\\.)+/)"
"""What stands in quotes, and patterns: these stay as they are where spaces around marks go."""
_SPACED = {
    ".css": re.compile(rf"{_KEPT}|\s*([{{}};,]|(?<=\w):(?=\s))\s*"),
    ".js": re.compile(rf"{_KEPT}|\s*([{{}};,:?<>*+]|=+>?|!=+|-(?!-)|&&|[()\[\]]|\|\||(?<=\w):(?=\s))\s*"),
}
_SAID = re.compile(r"\bwords\.(\w+)")
HOME = {"nl": "index.html", "en": "site/en.html"}
"""The first page in each language; the others stand in ``site`` below it."""

DOCUMENTS = {
    "victim": N_("Gespreksleidraad: slachtoffer"),
    "victim_parents": N_("Gespreksleidraad: ouders van het slachtoffer"),
    "crisis_team": N_("Actielijst van het crisisteam"),
    "teachers": N_("Bericht aan docenten"),
    "students": N_("Brief aan studenten"),
    "parents": N_("Brief aan ouders"),
    "website": N_("Bericht op de website"),
    "social": N_("Bericht op sociale media"),
    "press": N_("Verklaring voor de pers"),
    "next_of_kin": N_("Gespreksleidraad: nabestaanden"),
    "sharers": N_("Gesprek met wie heeft gedeeld"),
    "class_script": N_("Gesprek in de klas"),
    "students_app": N_("Bericht in de app voor studenten"),
    "phone_card": N_("Telefoonkaart"),
    "questions": N_("Vragen van journalisten"),
    "online_replies": N_("Reacties online"),
    "sending_log": N_("Verzendlijst"),
}
"""What each document is called above it."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An incident of the samples and what the program makes of it. ``about``: what it is, by language."""

    name: str
    about: Mapping[str, str]
    incident: Incident
    drafts: Sequence[Draft]


def pages(samples: Sequence[Sample], exercises: Mapping[str, Sequence[Exercise]]) -> dict[str, str]:
    """Every page by its path below the folder of the samples. Raises TemplateError and ReviewError."""
    gate = Gate()
    found = {}
    open_ = [_opened(each, gate) for each in samples]
    for language in UI_LANGUAGES:
        with ui_language(language):
            site = _Site(language, samples, exercises)
            found[HOME[language]] = site.home()
            for number, each in enumerate(open_):
                found[f"site/{each.sample.name}.{language}.html"] = site.sample(number, each)
            for number, exercise in enumerate(site.exercises):
                found[f"site/faults/{exercise.id}.{language}.html"] = site.exercise(number, exercise)
    return found


class _Opened(NamedTuple):
    """A sample with what other facts would make of it."""

    sample: Sample
    plan: OpenPlan
    texts: Mapping[tuple[str, str], OpenText]


def _opened(sample: Sample, gate: Gate) -> _Opened:
    codes = tuple(dict.fromkeys(_language_of_drafts(sample.incident, language) for language in UI_LANGUAGES))
    made = open_plan(sample.incident)
    return _Opened(sample, made, open_texts(sample.incident, made, codes, gate))


def _language_of_drafts(incident: Incident, language: str) -> str:
    """The language in which a page in this language shows the texts of a school: its own where the school writes it."""
    codes = incident.school.languages
    return next((code for code in (language, *UI_LANGUAGES) if code in codes), codes[0])


class _Site:
    """The pages in one language."""

    def __init__(self, language: str, samples: Sequence[Sample], exercises: Mapping[str, Sequence[Exercise]]) -> None:
        self.language, self.samples, self.exercises = language, samples, exercises.get(language, ())
        self.other = next(each for each in UI_LANGUAGES if each != language)
        self.counterparts = {each.id for each in exercises.get(self.other, ())}
        self.words = words()
        self.plans = [plan(each.incident) for each in samples]

    def _page(self, template: str, path: str, other: str, **given: Any) -> str:
        up = "../" * path.count("/")
        here = {"words": self.words, "language": self.language, "up": up, "home": up + HOME[self.language]}
        return (
            environment()
            .get_template(f"{template}.html.j2")
            .render(
                here,
                other=up + _address(other),
                other_language=self.other,
                here_home=template == "home",
                has_exercises=bool(self.exercises),
                style=_asset("site.css") + _asset(f"{template}.css"),
                script=_asset("common.js") + _asset(f"{template}.js"),
                **given,
            )
        )

    def _words_of(self, script: str) -> dict[str, str]:
        """The words that a script says."""
        return {name: self.words[name] for name in sorted(set(_SAID.findall(_asset(script))))}

    def home(self) -> str:
        up = "../" * HOME[self.language].count("/")
        samples = [
            {
                "href": up + _address(f"site/{each.name}.{self.language}.html"),
                "number": number,
                "about": _about(each, self.language),
                "counts": _counts(made),
            }
            for number, (each, made) in enumerate(zip(self.samples, self.plans, strict=True), 1)
        ]
        exercises = [
            {"href": up + _address(f"site/faults/{each.id}.{self.language}.html"), "exercise": each}
            for each in self.exercises
        ]
        return self._page("home", HOME[self.language], HOME[self.other], samples=samples, exercises=exercises)

    def sample(self, number: int, opened: _Opened) -> str:
        sample, made = opened.sample, self.plans[number]
        incident = sample.incident
        code = _language_of_drafts(incident, self.language)
        every = opened.plan if self.language == UI_LANGUAGES[0] else opened.plan.again(incident)
        texts = {document: each for (document, language), each in opened.texts.items() if language == code}
        drafts = [each for each in sample.drafts if each.language == code]
        name = sample.name
        controls = _controls(incident)
        data = comparison(incident, every, texts, {each["name"]: each["label"] for each in controls})
        data["words"] = self._words_of("sample.js")
        data["audiences"] = {each: _(label) for each, label in AUDIENCES.items()}
        data["decision_words"] = [_(each) for each in DECISIONS.values()]
        data["variant_words"] = [_(each) for each in VARIANTS.values()]
        data["because"], data["chosen"] = _chosen(drafts, incident, made)
        shown = [_shown(each, made, self.language) for each in drafts]
        told = [id_ for each in drafts for passage in each.passages for id_ in passage.provisions]
        return self._page(
            "sample",
            f"site/{name}.{self.language}.html",
            f"site/{name}.{self.other}.html",
            about=_about(sample, self.language),
            number=number + 1,
            school=incident.school.name,
            day=long_date(incident.date, self.language),
            facts=list(_facts(incident, self.language)),
            compared=FACTS,
            controls=controls,
            questions=list(_questions(incident)),
            messages=[_planned(each, made, texts, drafts) for each in made.messages],
            warnings=made.warnings,
            outgoing=_with_held_back(shown, texts, made),
            internal=[each for each in shown if each["internal"]],
            provisions=_glossary(made, every, texts, told),
            data=_as_data(data),
            previous=self._neighbour(number - 1),
            next=self._neighbour(number + 1),
        )

    def _neighbour(self, number: int) -> dict[str, str] | None:
        if not 0 <= number < len(self.samples):
            return None
        each = self.samples[number]
        return {"href": _address(f"{each.name}.{self.language}.html"), "about": _about(each, self.language)}

    def exercise(self, number: int, exercise: Exercise) -> str:
        # An exercise without its counterpart leads to the first page in the other language.
        path = f"site/faults/{exercise.id}.{self.language}.html"
        counterpart = f"site/faults/{exercise.id}.{self.other}.html"
        there = counterpart if exercise.id in self.counterparts else HOME[self.other]
        return self._page(
            "exercise",
            path,
            there,
            exercise=exercise,
            number=number + 1,
            paragraphs=list(_paragraphs(exercise)),
            faults=[_key(number, each, exercise) for number, each in enumerate(exercise.faults)],
            missing=list(self._missing(exercise)),
            data=_as_data({"words": self._words_of("exercise.js"), "count": len(exercise.faults)}),
            previous=self._other_exercise(number - 1),
            next=self._other_exercise(number + 1),
        )

    def _missing(self, exercise: Exercise) -> Iterator[dict[str, Any]]:
        """What any text of the exercises lacks, each with the fault that it is here, if it is one."""
        here = {each.why: number for number, each in enumerate(exercise.faults) if each.missing}
        asked = {fault.why for each in self.exercises for fault in each.faults if fault.missing}
        for why in sorted(asked):
            yield {"why": why, "fault": here.get(why)}

    def _other_exercise(self, number: int) -> dict[str, str] | None:
        if not 0 <= number < len(self.exercises):
            return None
        each = self.exercises[number]
        return {"href": _address(f"{each.id}.{self.language}.html"), "about": each.title}


def _about(sample: Sample, language: str) -> str:
    return sample.about.get(language) or next(iter(sample.about.values()), "") or sample.name


def _address(path: str) -> str:
    """A path as an address: a name of a school's own file may hold anything."""
    return quote(path, safe="/")


def _counts(made: Plan) -> dict[str, int]:
    return {name: sum(each.decision == name for each in made.messages) for name in DECISIONS}


# Facts


def _facts(incident: Incident, language: str) -> Iterator[tuple[str, str, str]]:
    """Each fact that counts here, what it is called, and what it is."""
    for name, label in FACT_NAMES.items():
        if told := _fact(name, incident, language):
            yield name, told_of(label, incident), told


def _fact(name: str, incident: Incident, language: str) -> str:
    if name == "sent":
        return ", ".join(_(AUDIENCES[each]) for each in incident.sent)
    if name == "released":
        return "; ".join(f"{_(AUDIENCES[each])}: {by.by}, {by.at}" for each, by in incident.released.items())
    if name == "next_update":
        moment = incident.next_update
        return f"{long_date(moment.date(), language)}, {moment:%H:%M}" if moment else ""
    value = getattr(incident.victim if hasattr(incident.victim, name) else incident, name)
    if isinstance(value, bool):
        relevant = {
            "inspector_consulted": incident.suspect == "staff",
            "outside_expert": incident.grave != "no",
            "several_victims": incident.several_victims,
        }
        word = "yes" if value else "no"
        return _(YES_NO_LABELS[word]) if relevant.get(name, True) else ""
    told = fact_value(name, value)
    if name == "consent":
        particular = (
            f"{_(AUDIENCES[who])}: {fact_value(name, wish)}" for who, wish in incident.victim.consent_for.items()
        )
        told = "; ".join([told, *particular])
    return told


def _controls(incident: Incident) -> list[dict[str, Any]]:
    """The facts that can be changed, with what each can be."""
    return [
        {
            "name": name,
            "label": told_of(FACT_NAMES[name], incident),
            "values": [fact_value(name, each) for each in values()[name]],
            "base": values()[name].index(value),
        }
        for name, value in zip(FACTS, facts_of(incident), strict=True)
    ]


def _questions(incident: Incident) -> Iterator[dict[str, Any]]:
    """For each fact the first question of which the answer is not the sample itself."""
    base = dict(zip(FACTS, facts_of(incident), strict=True))
    asked: set[str] = set()
    for name, value, question in QUESTIONS:
        if name not in asked and base[name] != value:
            asked.add(name)
            yield {
                "fact": FACTS.index(name),
                "value": values()[name].index(value),
                "text": told_of(question, incident),
            }


# The plan and the texts


def _planned(
    message: PlannedMessage, made: Plan, texts: Mapping[str, OpenText], drafts: Sequence[Draft]
) -> dict[str, Any]:
    drafted = any(each.document.id == message.audience for each in drafts)
    return {
        "audience": message.audience,
        "name": _(AUDIENCES[message.audience]),
        "decision": message.decision,
        "decision_word": _(DECISIONS[message.decision]),
        "variant_word": _(VARIANTS[message.variant]) if message.decision != "withhold" else "",
        "reach": message.reach.text if message.decision != "withhold" else "",
        "reasons": message.reasons,
        "conditions": message.conditions,
        "order": message.order,
        "document": message.audience if drafted or message.audience in texts else "",
    }


def _shown(draft: Draft, made: Plan, language: str) -> dict[str, Any]:
    """A draft as a page shows it. What the plan says of it is in the language of the page."""
    return _document(draft.document, made) | {
        "language": draft.language,
        "direction": draft.message.direction,
        "passages": [_passage(each) for each in draft.passages],
    }


def _chosen(drafts: Sequence[Draft], incident: Incident, made: Plan) -> tuple[list[str], dict[str, str]]:
    """Facts in words, and for each document which of them chose each of its passages, a word a passage."""
    facts = Numbered()
    chosen = {
        each.document.id: " ".join(
            word(map(facts.number, chosen_by(passage, each.document, incident, made))) for passage in each.passages
        )
        for each in drafts
    }
    return facts.things, chosen


def _document(document: Document, made: Plan) -> dict[str, Any]:
    message = made.message(document.governed_by)
    return {
        "id": document.id,
        "name": _(DOCUMENTS[document.id]),
        "internal": document.internal,
        "decision": message.decision,
        "decision_word": _(DECISIONS[message.decision]),
        "variant": message.variant,
        "conditions": message.conditions,
        "passages": [],
    }


def _with_held_back(shown: Sequence[dict[str, Any]], texts: Mapping[str, OpenText], made: Plan) -> list[dict[str, Any]]:
    """What goes out, and what would with other facts, in the order of the documents."""
    there = {each["id"]: each for each in shown if not each["internal"]}
    return [
        there.get(name) or _document(text.document, made) | {"language": text.language, "direction": "ltr"}
        for name, text in texts.items()
    ]


def _passage(passage: Passage) -> dict[str, Any]:
    from markupsafe import Markup

    return {
        "part": passage.part,
        "provisions": passage.provisions,
        "html": Markup("".join(_open_ended(list(elements(passage.blocks, first_level=4))))),  # values are escaped there
    }


def _open_ended(lines: list[str]) -> Iterator[str]:
    """Elements without the end tags that HTML does without, since a page holds thousands: those of items, and of a
    paragraph before a next block."""
    for number, line in enumerate(lines):
        ends = "</li>" if line.startswith("<li>") else "</p>" if number + 1 < len(lines) else ""
        yield line.removesuffix(ends)


def _glossary(
    made: Plan, every: OpenPlan, texts: Mapping[str, OpenText], told: Iterable[str]
) -> dict[str, dict[str, str]]:
    """Each provision that the page may name: what it is called, and what the policy asks."""
    named = set(told)
    for table in every.messages.values():
        for message in table.values:
            named.update(id_ for each in message.reasons for id_ in each.provisions)
            named.update(id_ for each in message.conditions for id_ in each.provisions)
    for actions in every.actions.values:
        named.update(id_ for each in actions for id_ in each.provisions)
    for text in texts.values():
        named.update(id_ for each in text.passages for id_ in each.provisions)
    return _provisions(named)


def _provisions(named: Iterable[str]) -> dict[str, dict[str, str]]:
    language, wanted = current_ui_language(), set(named)
    return {
        id_: {"heading": each.heading[language], "gist": each.gist[language]}
        for id_, each in provisions().items()
        if id_ in wanted
    }


# Exercises


def _paragraphs(exercise: Exercise) -> Iterator[list[dict[str, Any]]]:
    """The sentences of each paragraph, with the stretches in them that are at fault."""
    for number, sentence in enumerate(exercise.sentences):
        if number == 0 or sentence.paragraph != exercise.sentences[number - 1].paragraph:
            paragraph: list[dict[str, Any]] = []
        before = exercise.text[exercise.sentences[number - 1].end : sentence.start] if paragraph else ""
        paragraph.append(
            {
                "number": number,
                "breaks": "\n" in before,
                "faults": [n for n, each in enumerate(exercise.faults) if number in each.sentences],
                "pieces": list(_pieces(exercise, sentence.start, sentence.end)),
            }
        )
        last = number + 1 == len(exercise.sentences)
        if last or exercise.sentences[number + 1].paragraph != sentence.paragraph:
            yield paragraph


def _pieces(exercise: Exercise, start: int, end: int) -> Iterator[tuple[str, bool]]:
    """The text of a sentence in pieces, each with whether it is at fault."""
    edges = {start, end}
    wrong = [(max(each.start, start), min(each.end, end)) for each in exercise.faults if not each.missing]
    wrong = [(first, last) for first, last in wrong if first < last]
    for first, last in wrong:
        edges |= {first, last}
    ordered = sorted(edges)
    for first, last in pairwise(ordered):
        yield exercise.text[first:last], any(a <= first and last <= b for a, b in wrong)


def _key(number: int, fault: Fault, exercise: Exercise) -> dict[str, Any]:
    whole = " ".join(
        exercise.text[exercise.sentences[each].start : exercise.sentences[each].end] for each in fault.sentences
    )
    return {
        "number": number,
        "fault": fault,
        "sentence": whole,
        "excerpt": exercise.text[fault.start : fault.end],
        "provisions": _provisions(fault.provisions),
    }


# Making a page


@cache
def environment() -> Environment:
    """The environment of these pages: everything that a value holds is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(resources.folder("templates") / "training"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )


@cache
def _asset(name: str) -> Any:
    """A style or a script of ours, to stand in a page, without what only we read: comments on lines of their own, spaces."""
    from markupsafe import Markup

    path = resources.folder("templates") / "training" / name
    lines = (line.strip() for line in path.read_text("utf-8").splitlines()) if path.is_file() else ()
    kept = "\n".join(line for line in lines if line and not line.startswith("//"))
    return Markup(_SPACED[path.suffix].sub(lambda match: match[1] or match[2], kept))


def _as_data(data: Any) -> Any:
    """Data for a script element: whatever a value holds, it ends no element and begins no comment."""
    from markupsafe import Markup

    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
