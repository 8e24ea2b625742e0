"""The questions of the guided interview: one for each fact, with why it is asked and when it matters.

Which facts there are, what they may hold and what is assumed comes from the incident's own fields; a field
that nobody wrote a question for is asked with its description, so that none can be forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from comms.fields import Field, Group
from comms.incident import FIELDS
from comms.languages import N_

Answers = Mapping[str, Any]
"""What was answered so far, by the path of the fact; what was not, or not known, is absent."""


class Question(NamedTuple):
    """What is asked, why (with the provisions), and whether it matters given the answers so far.

    ``unknown`` is what is written down for “don't know” where leaving the fact out would not be cautious enough;
    ``yes`` and ``no`` are what these words answer, where the question can be heard so.
    """

    text: str
    why: str
    provisions: tuple[str, ...] = ()
    matters: Callable[[Answers], bool] = lambda answers: True
    unknown: str = ""
    yes: str = ""
    no: str = ""


def _staff_and_minor(answers: Answers) -> bool:
    student, adult = answers.get("victim.role", "student") == "student", answers.get("victim.age") == "adult"
    return answers.get("suspect") == "staff" and student and not adult


def _something_waits(answers: Answers) -> bool:
    granted = answers.get("victim.consent") == "granted" and "victim.consent_for" not in answers
    safe = answers.get("victim.unsafe_at_home") == "no" and answers.get("grave", "no") == "no"
    parents = answers.get("victim.age") != "minor" or answers.get("victim.parents", "unknown") != "unknown"
    contact = answers.get("contact_appointed") == "yes"
    small = answers.get("scale") in ("few", "class", "year")
    shelf = answers.get("media") in ("asking", "published") or (answers.get("media") == "none" and small)
    return not (granted and safe and parents and contact and shelf and answers.get("suspect") != "staff")


WRITTEN: dict[str, Question] = {
    "school": Question(
        N_("Waar staat het schoolprofiel (bijvoorbeeld school.yaml)?"),
        N_("Daar staan de naam van de school en wie helpt."),
        ("0.1",), unknown='{name: "【naam van de school】"}'),
    "phase": Question(N_("Het hoeveelste bericht wordt dit?"), N_("Een vervolg gaat alleen naar wie het eerste bericht kreeg."), ("0.2",)),
    "sent": Question(
        N_("Wie kreeg al een eerder bericht?"),
        N_("Voor wie nog niets hoorde, zou een vervolg het eerste nieuws zijn."),
        ("0.2",),
        lambda answers: answers.get("phase", "first") != "first",
    ),
    "origin": Question(N_("Hoe is het ontstaan?"), N_("Bij een dreigement is er nog niets verspreid; dan gaat er niets naar velen."), ("1.1",)),
    "material": Question(
        N_("Wat voor beelden zijn het? Bekijk ze niet; ga af op wat is verteld."),
        N_("Daarvan hangen de woorden en de hulporganisaties af."),
        ("2.5", "2.8"),
    ),
    "scale": Question(
        N_("Wie heeft het gezien? Bij een dreigement: wie weet ervan?"),
        N_("Daarvan hangt af wie er een bericht krijgt."),
        ("3.students.1", "3.students.2"),
        unknown="unknown",
    ),
    "group": Question(
        N_("Wie is hier “iedereen”? Bijvoorbeeld: locatie Zuid. Leeg is de hele school."),
        N_("Zo staat het in de teksten."),
        (),
        lambda answers: answers.get("scale") in ("school", "public", "unknown", None),
    ),
    "media": Question(
        N_("Zijn de media ermee bezig?"),
        N_("Dan hoort de pers niets wat studenten en ouders niet hoorden."),
        ("3.media.1",),
        unknown="expected", no="none"),
    "grave": Question(
        N_("Is er iets zeer ernstigs gebeurd, zoals een (poging tot) suïcide?"),
        N_("Dan wacht alles wat naar buiten gaat op een deskundige, en staat 113 in elke tekst."),
        ("2.7",), unknown="other"),
    "outside_expert": Question(
        N_("Is er al een deskundige van buiten bij?"),
        N_("Die begeleidt de betrokkenen en leest de teksten."),
        ("2.7",),
        lambda answers: answers.get("grave", "no") != "no",
    ),
    "victim.role": Question(N_("Gaat het om een student of om een docent?"), N_("Daarvan hangt af wie de contactpersoon is."), ("1.2",)),
    "victim.age": Question(
        N_("Is het slachtoffer minderjarig?"),
        N_("Een volwassene beslist zelf wat ouders horen. In brieven staat dit nooit."),
        ("1.3",), yes="minor", no="adult"),
    "several_victims": Question(N_("Zijn er meer slachtoffers?"), N_("Dan telt de strengste wens."), ("1.3",), unknown="yes"),
    "contact_appointed": Question(
        N_("Is er één vaste contactpersoon voor het slachtoffer, of na een overlijden voor de nabestaanden?"),
        N_("Die licht hen in voordat er iets uitgaat."),
        ("1.2",),
    ),
    "victim.consent": Question(
        N_("Vindt het slachtoffer het goed dat er berichten uitgaan? Na een overlijden: de nabestaanden."),
        N_("Er gaat niets uit tegen die wens."),
        ("1.3",), yes="granted", no="refused"),
    "victim.consent_for": Question(
        N_("Is dat voor één ontvanger anders? Schrijf bijvoorbeeld: {press: refused}. Leeg is nee."),
        N_("Een wens kan per ontvanger verschillen."),
        ("1.3",),
    ),
    "victim.parents": Question(
        N_("Weten de ouders van het slachtoffer het? Gaat het om een docent, sla dit dan over."),
        N_("De school vertelt ouders niets wat het slachtoffer niet wil."),
        ("1.3",), yes="know"),
    "victim.unsafe_at_home": Question(
        N_("Is het thuis onveilig als het daar bekend wordt?"),
        N_("Dan wachten berichten die thuis kunnen terechtkomen."),
        ("1.3", "1.4"),
    ),
    "police": Question(
        N_("Is er contact met de politie?"),
        N_("Studenten krijgen de opdracht om te verwijderen pas na overleg met de politie."),
        ("2.3", "2.4"), no="not_consulted"),
    "suspect": Question(
        N_("Tegen wie is er een vermoeden?"),
        N_("Bij een vermoeden tegen een medewerker gelden andere plichten. In teksten staat dit nooit."),
        ("1.6",),
    ),
    "inspector_consulted": Question(
        N_("Heeft het bestuur de vertrouwensinspecteur geraadpleegd?"),
        N_("Tot dan gaat er niets uit."),
        ("1.6",),
        _staff_and_minor,
    ),
    "released": Question(
        N_("Gaf het crisisteam een vastgehouden bericht vrij? Schrijf bijvoorbeeld: {students: {by: crisisteam, at: 14.00 uur}}. Leeg is nee."),
        N_("Een bericht tegen de wens gaat alleen uit als iemand daarover besloot."),
        ("3.students.2",),
        _something_waits,
    ),
    "next_update": Question(
        N_("Wanneer komt het volgende bericht? Bijvoorbeeld: 2026-11-21 16:00. Leeg is nog niet bekend."),
        N_("Het staat in de teksten; noem alleen een tijd die zeker lukt."),
        ("2.6",),
        lambda answers: answers.get("phase") != "closing",
    ),
    "date": Question(N_("Welke datum krijgt het bericht? Bijvoorbeeld: 2026-11-20. Leeg is vandaag."), N_("De datum staat boven elke tekst.")),
    "protected": Question(
        N_("In welk bestand staan de namen die nergens mogen staan (bijvoorbeeld protected.txt)?"),
        N_("Het programma laat geen tekst door waarin zo'n naam staat."),
        ("1.3",),
    ),
}  # fmt: skip
"""In the order in which they are asked."""


def questions() -> Iterator[tuple[str, Field, Question]]:
    """Every fact with its question: the written ones in their order, then any other with its description."""
    fields = dict(_paths())
    for path in [*WRITTEN, *(path for path in fields if path not in WRITTEN)]:
        yield path, fields[path], WRITTEN.get(path) or Question(fields[path].about, "")


def _paths() -> Iterator[tuple[str, Field]]:
    for each in FIELDS:
        if isinstance(each.kind, Group):
            yield from ((f"{each.name}.{inner.name}", inner) for inner in each.kind.fields)
        else:
            yield each.name, each
