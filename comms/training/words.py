"""What the pages of the training say themselves, in Dutch; pages and scripts take each by its name."""

from __future__ import annotations

from typing import Final

from comms.incident import Incident
from comms.languages import N_, _

FACT_NAMES: Final = {
    "phase": N_("Het hoeveelste bericht"),
    "role": N_("Wie er in beeld is"),
    "age": N_("Leeftijd"),
    "material": N_("Soort beelden"),
    "origin": N_("Hoe het is ontstaan"),
    "scale": N_("Wie het heeft gezien"),
    "media": N_("De media"),
    "police": N_("De politie"),
    "suspect": N_("Tegen wie er een vermoeden is"),
    "inspector_consulted": N_("Vertrouwensinspecteur geraadpleegd"),
    "consent": N_("Wat het slachtoffer wil"),
    "unsafe_at_home": N_("Thuis onveilig"),
    "parents": N_("De ouders van het slachtoffer"),
    "contact_appointed": N_("Eén contactpersoon"),
    "grave": N_("Zeer ernstig"),
    "outside_expert": N_("Deskundige van buiten erbij"),
    "several_victims": N_("Meer slachtoffers"),
    "sent": N_("Kreeg al een eerder bericht"),
    "released": N_("Vrijgegeven door het crisisteam"),
    "next_update": N_("Het volgende bericht"),
}
"""The facts as pages and comments show them, in the order in which a page does."""

QUESTIONS: Final = (
    ("consent", "refused", N_("Wat als het slachtoffer nee zegt?")),
    ("consent", "granted", N_("Wat als het slachtoffer ja zegt?")),
    ("scale", "public", N_("Wat als iedereen het kan zien?")),
    ("scale", "class", N_("Wat als alleen de klas het zag?")),
    ("media", "asking", N_("Wat als een journalist belt?")),
    ("media", "none", N_("Wat als de media niets weten?")),
    ("police", "not_consulted", N_("Wat als de politie nog niet is gesproken?")),
    ("police", "reported", N_("Wat als er aangifte is gedaan?")),
    ("origin", "deepfake", N_("Wat als de beelden nep zijn?")),
    ("origin", "forwarded", N_("Wat als de beelden echt zijn doorgestuurd?")),
)
"""What a class asks first: a fact, another value for it, and the question. Each fact has its question once on a page."""

AFTER_DEATH: Final = {
    "Wat het slachtoffer wil": N_("Wat de nabestaanden willen"),
    "Wat als het slachtoffer nee zegt?": N_("Wat als de nabestaanden nee zeggen?"),
    "Wat als het slachtoffer ja zegt?": N_("Wat als de nabestaanden ja zeggen?"),
}

WORDS: Final = {
    "site": N_("Oefenen met berichten na verspreide beelden"),
    "home": N_("Begin"),
    "other_language": N_("English"),
    "skip": N_("Naar de inhoud"),
    "intro": N_(
        "Oefen voordat er iets gebeurt. Lees wat een school schrijft als intieme beelden van een student of docent zijn "
        "verspreid. Verander de feiten en zie wat er dan in het plan en de teksten verandert. Zoek de fouten in brieven "
        "die goed waren bedoeld."
    ),
    "invented": N_(
        "Alles hier is verzonnen. Er is niets te zien van beelden, en er staat geen naam van een slachtoffer."
    ),
    "if_it_touches": N_(
        "Raakt dit iemand in de groep? Stop dan, praat met de zorgcoördinator, of bel Helpwanted of een andere hulplijn "
        "uit de teksten."
    ),
    "sample": N_("Voorbeeld"),
    "exercise": N_("Oefening"),
    "samples": N_("Voorbeelden"),
    "samples_intro": N_("Elk voorbeeld heeft feiten, een plan en alle teksten. Kies er een en vraag: wat als …?"),
    "exercises": N_("Vind de fouten"),
    "exercises_intro": N_("Streep aan wat er niet goed is. Kijk daarna wat de fout is, en hoe het beter kan."),
    "sends": N_("verstuurd"),
    "holds": N_("vastgehouden"),
    "withholds": N_("geen bericht"),
    "facts": N_("De feiten"),
    "compare": N_("Vergelijken: wat als …?"),
    "compare_intro": N_("Kies een vraag, of verander zelf een feit. Het plan en de teksten veranderen mee."),
    "reset": N_("Terug naar het voorbeeld"),
    "change_facts": N_("Verander zelf een feit"),
    "changed_facts": N_("Anders dan in het voorbeeld"),
    "nothing_changes": N_("Hierdoor verandert er niets: niet in het plan en niet in de teksten."),
    "plan": N_("Het plan"),
    "plan_intro": N_("Wie wat hoort, in de volgorde van versturen, en waarom."),
    "warnings": N_("Let op"),
    "actions": N_("Eerst doen"),
    "in_action_list": N_("Dit staat in de actielijst van het crisisteam."),
    "actions_done": N_("gedaan"),
    "actions_open": N_("nog te doen"),
    "to": N_("Aan"),
    "why": N_("Waarom"),
    "first": N_("Eerst"),
    "read": N_("Lees de tekst"),
    "no_text": N_("Er gaat niets uit, dus er is geen tekst."),
    "texts": N_("De teksten"),
    "texts_intro": N_("Zoals ze er uitzien. Kies “Waarom?” bij een passage om te zien welke bepaling erachter zit."),
    "internal": N_("Stukken die binnen blijven"),
    "internal_intro": N_(
        "Waar het crisisteam zelf mee werkt. Deze stukken horen bij het voorbeeld; ze veranderen niet mee bij “Vergelijken”."
    ),
    "open_all": N_("Alles openklappen"),
    "close_all": N_("Alles dichtklappen"),
    "why_here": N_("Waarom?"),
    "why_passage": N_("Waarom staat dit hier?"),
    "policy_asks": N_("Wat het beleid vraagt"),
    "no_provision": N_("Geen bepaling vraagt dit met zoveel woorden: het hoort bij een leesbaar bericht."),
    "full_text": N_("Dit is de volledige tekst: niets in het plan houdt die tegen."),
    "minimal_text": N_("Dit is de korte tekst. De redenen uit het plan:"),
    "always": N_("Verandert u één van de vijf feiten, dan staat deze passage er nog steeds, als er een tekst is."),
    "depends": N_("Of deze passage hier staat, hangt af van:"),
    "gone_with": N_("Zij valt weg bij:"),
    "show_that": N_("laat zien"),
    "inside_reason": N_("Dit stuk blijft binnen."),
    "chosen_by": N_("Gekozen door deze feiten:"),
    "in_all": N_("Staat in elke tekst van deze soort."),
    "new": N_("nieuw"),
    "gone": N_("weg"),
    "changed": N_("veranderd"),
    "new_text": N_("nieuwe tekst"),
    "text_gone": N_("geen tekst meer"),
    "was": N_("was"),
    "do_not_send": N_("NIET VERZENDEN"),
    "waits_for": N_("Dit bericht mag pas uitgaan als dit is gedaan:"),
    "provisions": N_("Bepalingen van het beleid"),
    "provisions_intro": N_("Wat het beleid vraagt, in gewone woorden. Alleen wat op deze pagina voorkomt."),
    "no_script": N_("Deze pagina werkt ook zonder scripts: u kunt alles lezen. Feiten veranderen kan dan niet."),
    "mark_intro": N_("Klik of tik op elke zin die niet goed is. Met het toetsenbord: Tab en dan de spatiebalk."),
    "written_by": N_("Wie schrijft"),
    "the_text": N_("De tekst"),
    "missing_question": N_("Wat ontbreekt er?"),
    "missing_intro": N_("Kruis aan wat de lezers van deze tekst nodig hebben en er niet in staat."),
    "show_key": N_("Laat de antwoorden zien"),
    "again": N_("Opnieuw beginnen"),
    "print_exercise": N_("Druk de oefening af"),
    "print_key": N_("Druk de antwoorden af"),
    "key": N_("De antwoorden"),
    "score": N_("U vond {found} van de {all} fouten."),
    "needless_one": N_("Eén keer streepte u iets aan dat goed is."),
    "needless": N_("{count} keer streepte u iets aan dat goed is."),
    "needless_none": N_("U streepte niets aan dat goed is."),
    "needless_heading": N_("Aangestreept, maar dit is goed"),
    "needless_told": N_("Wat goed is, mag blijven staan. Kijk of u ziet waarom het niemand kwaad doet."),
    "found": N_("gevonden"),
    "missed": N_("gemist"),
    "in_text": N_("In de tekst"),
    "something_missing": N_("Dit ontbreekt"),
    "effect": N_("Wat dit doet"),
    "better": N_("Beter"),
    "better_gone": N_("Deze zin kan helemaal weg."),
    "provision": N_("Bepaling"),
    "marked": N_("aangestreept"),
    "next": N_("Volgende"),
    "previous": N_("Vorige"),
}


def told_of(text: str, incident: Incident) -> str:
    """One of these texts in the language of the interface; after a death the wish is that of the next of kin."""
    meant = AFTER_DEATH.get(text, text) if incident.grave == "death" else text
    return _(meant)


def words() -> dict[str, str]:
    """All words in the language of the interface."""
    return {name: _(text) for name, text in WORDS.items()}
