"""What each letter has to say, block by block, and when: a second reading of the policy, apart from the templates.

A row is the gist of one paragraph, bullet or heading and when it is there. The gist names what may not be missing: its
sentences stand between ``|``, the words in a sentence that carry its meaning between ``…``. A sentence too many or too
few, a ``niet`` that is gone, a block too early or under another condition: the letter is then no longer this one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Letter(NamedTuple):
    """A text in a case: who reads it, in which variant, whether others were told in full, and the facts."""

    audience: str
    full: bool
    students_told: bool
    parents_told: bool
    website_told: bool
    incident: Any

    @property
    def first(self) -> bool:
        return bool(self.incident.phase == "first")

    @property
    def closing(self) -> bool:
        return bool(self.incident.phase == "closing")

    @property
    def told_before(self) -> bool:
        """Whether these readers had an earlier message."""
        return not self.first and self.audience in self.incident.sent

    @property
    def suicide(self) -> bool:
        return self.incident.grave in ("attempt", "death")

    @property
    def police_allow_deletion(self) -> bool:
        return self.incident.grave != "death" and self.incident.police in ("consulted", "reported")

    @property
    def fake(self) -> bool:
        return bool(self.incident.origin == "deepfake")


When = Callable[[Letter], bool]
Row = tuple[str, When]


def always(_letter: Letter) -> bool:
    return True


def _both(first: When, second: When) -> When:
    return lambda letter: first(letter) and second(letter)


def _if(when: When, rows: list[Row]) -> list[Row]:
    return [(gist, _both(when, inner)) for gist, inner in rows]


def _full(letter: Letter) -> bool:
    return letter.full


def _minimal(letter: Letter) -> bool:
    return not letter.full


def _scale(*scales: str) -> When:
    return lambda letter: letter.first and letter.incident.scale in scales


def _update(letter: Letter) -> bool:
    return not letter.first and not letter.closing


def _later(letter: Letter) -> bool:
    return not letter.closing


def _next(letter: Letter) -> bool:
    return not letter.closing and bool(letter.incident.next_update)


def _open(letter: Letter) -> bool:
    return not letter.closing and not letter.incident.next_update


def _title(minimal: str, first: str, update: str, closing: str) -> list[Row]:
    return [
        (minimal, _minimal),
        (first, lambda letter: letter.full and letter.first),
        (update, lambda letter: letter.full and _update(letter)),
        (closing, lambda letter: letter.full and letter.closing),
    ]


def _told_for_the_first_time(letter: Letter) -> bool:
    return not letter.told_before


def _told_again(letter: Letter) -> bool:
    return letter.told_before


def _what() -> list[Row]:
    rows: list[Row] = []
    for told, when in ((False, _told_for_the_first_time), (True, _told_again)):
        for sexual in (True, False):
            for teacher in (True, False):
                images = "seksuele beelden" if sexual else "beelden"
                who = "een docent" if teacher else "een student"
                whose = "De docent" if teacher else "De student"
                gists = {
                    "forwarded": f"lieten wij weten dat {images} van {who}… zijn doorgestuurd|{whose} gaf … geen toestemming"
                    if told
                    else f"melding: {images} van {who}… doorgestuurd|{whose} gaf … geen toestemming",
                    "deepfake": f"Eerder … over {images}|lijkt … {who}… op staat|vermoedelijk nep|zonder toestemming"
                    if told
                    else f"melding over {images}|lijkt … {who}… op staat|vermoedelijk nep|zonder toestemming|net zo ernstig",
                    "": f"Eerder … melding over {images} van {who}|Volgens … melding … zonder toestemming"
                    if told
                    else f"kregen een melding over {images} van {who}|Volgens … melding … zonder toestemming|zoeken uit of dat klopt",
                }
                for origin, gist in gists.items():
                    rows.append((gist.replace("… op staat", "… erop staat"), _what_when(when, sexual, teacher, origin)))
    rows.append(
        ("zoeken nog uit of dat klopt", lambda x: x.told_before and _update(x) and x.incident.origin == "unknown")
    )
    rows.append(
        ("contact gehad met de politie", lambda x: x.closing and x.incident.police != "not_consulted"),
    )
    rows.append(("hebben contact met de politie", lambda x: not x.closing and x.incident.police != "not_consulted"))
    return rows


def _what_when(when: When, sexual: bool, teacher: bool, origin: str) -> When:
    def holds(letter: Letter) -> bool:
        incident = letter.incident
        return (
            when(letter)
            and (incident.material == "sexual") == sexual
            and (incident.victim.role == "teacher") == teacher
            and (incident.origin == origin if origin else incident.origin not in ("forwarded", "deepfake"))
        )

    return holds


def _first_113(letter: Letter) -> bool:
    return letter.suicide and letter.full and letter.audience in ("students", "parents", "teachers")


def _later_113(letter: Letter) -> bool:
    return letter.suicide and not (letter.full and letter.audience in ("students", "parents", "teachers"))


_113 = "113 Zelfmoordpreventie…|Gratis en anoniem|Bel 113 of 0800-0113"
HELP: list[Row] = [
    (_113, _first_113),
    ("Meldknop.nl…wijst de weg naar hulp", always),
    ("Helpwanted…zonder toestemming|Gratis en anoniem|020-261 52 75", always),
    (
        "Centrum Seksueel Geweld…tegen iemands wil|Gratis|0800-0188",
        lambda x: x.full and x.incident.material == "sexual",
    ),
    ("Slachtofferhulp Nederland…steun|0900-0101", lambda x: x.full and x.audience != "press"),
    ("Kindertelefoon|Gratis|0800-0432", always),
    (_113, _later_113),
    ("Veilig Thuis…niet veilig|Gratis|0800-2000", always),
    ("nu gevaar|Bel 112", always),
]
CARE: list[Row] = [
    ("lijkt te staan, heeft niets fout gedaan|maakt of verspreidt, doet iets fout", lambda x: x.fake),
    ("in beeld is, heeft niets fout gedaan|verspreidt, doet iets fout", lambda x: not x.fake),
]
DATE: list[Row] = [("20 november 2026", always)]
SIGNATURE: list[Row] = [("Met vriendelijke groet", always), ("Ans Testers…rector…Testcollege", always)]


def _media(published: str, asking: str) -> list[Row]:
    return [
        (published, lambda x: x.incident.media == "published"),
        (asking, lambda x: x.incident.media == "asking"),
    ]


_FORBID = "Verspreid de beelden niet|Stuur … niet door, plaats … niet … laat … niemand zien|Verspreiden … verboden"
STUDENTS: list[Row] = [
    *_title(
        "beelden van een ander|niet door",
        "Stuur de beelden niet door",
        "Vervolg: stuur de beelden niet door",
        "Afsluiting: de beelden",
    ),
    *DATE,
    ("Beste studenten", always),
    *_if(_minimal, [
        ("kreeg … eerder een bericht|vragen we nog steeds", lambda x: not x.first),
        ("van een ander, terwijl die ander dat niet wil|Kijk niet … stuur ze niet door|Plaats ze niet … niemand zien|"
         "Verspreiden … verboden", always),
        ("praten|Ga naar Bo Steun|088 000 20 10|hier terecht", always),
        *HELP,
    ]),
    *_if(_full, [
        *_what(),
        ("misschien iets van hebt gezien|Alleen een paar mensen|Stuur het niet door|praten|Bo Steun", _scale("few")),
        ("in jouw klas|praten", _scale("class")),
        ("in jouw leerjaar|praten", _scale("year")),
        ("Veel mensen … ook buiten school|alle studenten van Testcollege|praten", _scale("public")),
        ("Veel studenten weten ervan|alle studenten van Testcollege|praten", _scale("school")),
        ("weten nog niet hoeveel|alle studenten van Testcollege|praten", _scale("unknown")),
        ("hoort van ons|blijft gelden", _update),
        ("laatste bericht|nieuws|Dank|lang zwaar|Steun blijft", lambda x: x.closing),
        ("heel zwaar … op de beelden lijkt|bekeken, bang of alleen|lang duren|wie de beelden maakt en verspreidt",
         lambda x: x.fake and x.incident.grave == "no" and not x.closing),
        ("heel zwaar … in beeld|bekeken, bang of alleen|lang duren|door het verspreiden, niet door wie in beeld is",
         lambda x: not x.fake and x.incident.grave == "no" and not x.closing),
        ("Dit vragen we van je", always),
        (_FORBID, always),
        ("beelden nog|Verwijder ze nu|verdwijnen … niet alle|Toch … iedereen … ernstig|niet|Bo Steun|niemand te laten zien",
         lambda x: x.closing and x.police_allow_deletion),
        ("de beelden|Verwijder ze nu|prullenbak … elk apparaat|verdwijnen … niet alle|Toch … iedereen … ernstig|niet|"
         "Bo Steun|niemand te laten zien", lambda x: not x.closing and x.police_allow_deletion),
        ("gekregen|Kom naar ons|Kijk … niet … kopieer ze niet en maak geen screenshot|Ga naar Bo Steun|hoor je wat|"
         "niet te laten zien",
         lambda x: not x.police_allow_deletion),
        ("geen verwijten|iedereen overkomen|op de beelden lijkt te staan, heeft niets fout|verwijten help je niemand|"
         "denk je te weten|vriendelijk|Steun", lambda x: x.fake and x.incident.grave != "death"),
        ("geen verwijten|iedereen overkomen|in beeld is, heeft niets fout|verwijten help je niemand|denk je te weten|"
         "vriendelijk|Steun", lambda x: not x.fake and x.incident.grave != "death"),
        ("rustig|Reageer niet online|niet op zoek|Weet je iets|Bo Steun", always),
        *_media("in de media|Deel ze niet … reageer er niet op|journalist|hoeft niets|Cas Woord",
                "journalist|hoeft niets|Cas Woord"),
        *_if(lambda x: x.incident.grave != "death" and not x.closing, [
            ("beelden gedeeld", always),
            ("waarschijnlijk een strafbaar feit|nepbeelden … kan strafbaar|politie … Openbaar Ministerie beslissen|Bo Steun|"
             "samen wat je nu kunt doen", lambda x: x.fake and x.incident.material == "sexual"),
            ("waarschijnlijk een strafbaar feit|zonder toestemming is strafbaar|politie … Openbaar Ministerie beslissen|"
             "Bo Steun|samen wat je nu kunt doen", lambda x: not x.fake and x.incident.material == "sexual"),
            ("tegen iemands wil kan strafbaar zijn|regels van onze school|Bo Steun|samen wat je nu kunt doen",
             lambda x: x.incident.material != "sexual"),
        ]),
        ("hulp nodig", always),
        ("Bo Steun|088 000 20 10|geschrokken", always),
        ("beelden van jou|niet jouw schuld|Wis zelf nog niets en kom naar ons", always),
        ("hier terecht", always),
        *HELP,
        ("24 november 2026 om 16:00 uur hoor je", _next),
        ("meer te vertellen", _open),
    ]),
    *SIGNATURE,
]  # fmt: skip

PARENTS: list[Row] = [
    *_title("Beelden van een ander", "melding over beelden", "Vervolg … brief over beelden", "Afsluiting … over beelden"),
    *DATE,
    ("Beste ouders en verzorgers", always),
    *_if(_minimal, [
        ("eerder een brief|geldt nog steeds", lambda x: not x.first),
        ("van een ander, terwijl die ander dat niet wil|Verspreiden … verboden|Vraag uw kind om niets door te sturen|"
         "Bekijk … zelf ook niet", always),
        ("zorgen|Bo Steun … 088 000 20 10|hier terecht", always),
        *HELP,
    ]),
    *_if(_full, [
        *_what(),
        ("de klas van uw kind", _scale("class")),
        ("het leerjaar van uw kind", _scale("year")),
        ("Veel mensen … ook buiten school|Ook uw kind", _scale("public")),
        ("Veel studenten weten ervan|Ook uw kind", _scale("school")),
        ("weten nog niet hoeveel|Ook uw kind", _scale("unknown", "few")),  # parents get nothing when a few know
        ("met de studenten … praten", lambda x: x.first and x.students_told),
        ("hoort van ons|blijft gelden", _update),
        ("laatste brief|nieuws|Dank|lang zwaar|houden … aandacht", lambda x: x.closing),
        *CARE,
        ("veiligheid van onze studenten en medewerkers", always),
        ("vaste medewerker houdt contact", lambda x: bool(x.incident.contact_appointed)),
        ("Wat u kunt doen", _later),
        ("Praat rustig|Vraag hoe het gaat|Luister, en oordeel niet|terechtkan", _later),
        ("Wat u kunt blijven doen", lambda x: x.closing),
        ("Blijf praten|Vraag|Luister, en oordeel niet", lambda x: x.closing),
        ("stuur niets door|Zoek … niet op en vraag niet om ze te zien|Heeft uw kind|studenten om ze zelf te wissen|"
         "niet mee te kijken|gedeeld|Bo Steun|bespreken", lambda x: x.students_told and x.police_allow_deletion),
        ("stuur niets door|Zoek … niet op en vraag niet om ze te zien|Heeft uw kind|Bo Steun|bespreken",
         lambda x: not (x.students_told and x.police_allow_deletion)),
        ("Reageer niet online|onrust … om wie het gaat", always),
        ("Doe niets terug|boos|begrijpen|toch niets|niemand mee … strafbaar", lambda x: x.closing),
        ("Doe niets terug|boos … betaald|begrijpen|toch niet|niemand mee … strafbaar", _later),
        *_media("in de media|Deel die niet|om wie het gaat|journalist|hoeft niets|Cas Woord",
                "journalist|hoeft niets|Cas Woord|Vraag … uw kind … niets over anderen"),
        ("hulp nodig", always),
        ("Bo Steun|niet om wie het gaat|niet doen als het om uw kind ging|hier terecht", always),
        *HELP,
        ("24 november 2026 om 16:00 uur hoort u", _next),
        ("meer te vertellen", _open),
    ]),
    *SIGNATURE,
]  # fmt: skip


def _parents_hear_nothing(letter: Letter) -> bool:
    return letter.students_told and not letter.parents_told


def _nobody_else_hears(letter: Letter) -> bool:
    return not letter.students_told


_SENT_ON = "Stuur niets door, plaats niets en laat niets zien|Reageer … niet online"
_NOT_WHO = "zeg niet om wie het gaat|niet doen als het om jou ging"
_WITH_YOU = "praten|Bo Steun|loop met je mee"
TEACHERS: list[Row] = [
    *_title("vragen krijgt over beelden van een ander", "melding over beelden", "Vervolg", "Afsluiting: de beelden"),
    *DATE,
    ("Beste collega's", always),
    *_if(_minimal, [
        ("eerder een bericht|geldt nog steeds", lambda x: not x.first),
        ("Studenten kregen … een bericht|mag je ook zeggen|andere vragen|kun je dit zeggen", lambda x: x.students_told),
        ("zeg niets over personen|beschermen we iedereen", lambda x: x.students_told),
        ("Kijk niet verder en stuur niets door|Plaats niets en reageer niet online", lambda x: x.students_told),
        ("Zit je ergens mee|Bo Steun|loop met je mee", lambda x: x.students_told),
        ("vraag … beelden van een ander|kun je dit zeggen", lambda x: not x.students_told),
        ("praat niet over anderen|zeg ook niet of er iets is gebeurd|beschermen we iedereen", lambda x: not x.students_told),
        ("terwijl die dat niet wil|Kijk niet verder en stuur ze niet door", lambda x: not x.students_told),
        ("Zit je ergens mee|Bo Steun|loop met je mee", lambda x: not x.students_told),
        ("Meer hoef je niet|Verwijs ouders … Bo Steun|journalist|Cas Woord", always),
        ("te zien of te horen|Bekijk, kopieer en bewaar geen beelden en vraag niemand|Schrijf op|Schrijf ook op|Bo Steun … "
         "vertel het niet verder|zorgen|dezelfde dag|Beloof niemand … geheimhoudt", always),
        ("hulp … verwijzen|zelf … terecht", always),
        *HELP,
    ]),
    *_if(_full, [
        *_what(),
        ("Enkele studenten|Alleen collega's die|Deel het niet verder", _scale("few")),
        ("in één klas|Alleen het team|Deel het niet verder", _scale("class")),
        ("in één leerjaar|De docenten van dat leerjaar|vragen", _scale("year")),
        ("Veel mensen … ook buiten school|vragen", _scale("public")),
        ("Veel studenten weten ervan|vragen", _scale("school")),
        ("weten nog niet hoeveel|vragen", _scale("unknown")),
        ("met de studenten … praten|wie dat doet en wanneer", lambda x: x.first and x.students_told),
        ("hoort van ons|blijft gelden", _update),
        ("laatste bericht|nieuws|Dank|oog|lang zwaar", lambda x: x.closing),
        ("een collega|denk je te weten|Praat er niet over|Vraag … niet|vriendelijk", lambda x: x.incident.victim.role == "teacher"),
        *CARE,
        *_if(lambda x: x.students_told and x.parents_told, [
            ("Dit kun je zeggen", always),
            ("weet ervan … bezig", _later),
            ("aandacht", lambda x: x.closing),
            (_SENT_ON, always), (_NOT_WHO, always), (_WITH_YOU, always),
        ]),
        *_if(_parents_hear_nothing, [
            ("Dit kun je zeggen", always),
            ("Ouders weten dit niet van ons|praat niet over anderen|zeg ook niet of er iets is gebeurd", always),
            ("Tegen studenten", always),
            ("weet ervan … bezig", _later),
            ("aandacht", lambda x: x.closing),
            (_SENT_ON, always), (_NOT_WHO, always), (_WITH_YOU, always),
        ]),
        *_if(_nobody_else_hears, [
            ("Studenten weten dit niet van ons|Vertel het hun niet", lambda x: x.parents_told),
            ("alleen voor jou|niet aan studenten of ouders", lambda x: not x.parents_told),
            ("Dit kun je zeggen", always),
            ("praat niet over anderen|zeg ook niet of er iets is gebeurd", always),
            ("terwijl die dat niet wil|Kijk niet verder en stuur ze niet door", always),
            (_WITH_YOU, always),
        ]),
        ("Verwijs studenten en ouders … Bo Steun|journalist|Cas Woord", always),
        ("Dit vragen we", always),
        ("Bekijk de beelden niet|nooit … laten zien|Kopieer, bewaar en print niets|Schrijf wel op|Schrijf ook op|Bo Steun", always),
        ("Heeft een student|studenten om ze te wissen|Dat doet de student zelf|Kijk niet mee|gedeeld|Bo Steun",
         lambda x: x.students_told and x.police_allow_deletion),
        ("Heeft een student|Bo Steun|geen opdracht … bewijs", lambda x: not (x.students_told and x.police_allow_deletion)),
        ("rustig|niet raden|Reageer niet online|verwijten|Fout is wie … maakt of verspreidt", lambda x: x.fake),
        ("rustig|niet raden|Reageer niet online|verwijten|verspreiden is fout|heeft niets fout gedaan", lambda x: not x.fake),
        ("Let op elkaar|zorgen|dezelfde dag|Beloof niemand … geheimhoudt", always),
        ("Hulp", always),
        ("hier terecht", always),
        *HELP,
        ("24 november 2026 om 16:00 uur hoor je", _next),
        ("meer te vertellen", _open),
    ]),
    *SIGNATURE,
]  # fmt: skip

WEBSITE: list[Row] = [
    *_title("Beelden van een ander|niet door", "melding van beelden", "Vervolg: de melding", "Afsluiting: de melding"),
    *DATE,
    *_if(_minimal, [
        ("van een ander, terwijl die ander dat niet wil|Kijk niet verder, stuur niets door en plaats niets|Verspreiden … verboden",
         always),
        ("Bo Steun … 088 000 20 10|Hulp", always),
        *HELP,
    ]),
    *_if(_full, [
        *_what(),
        ("laatste bericht|lang zwaar|Dank … niets doorstuurt", lambda x: x.closing),
        *CARE,
        ("veiligheid van onze studenten en medewerkers", always),
        ("Wat wij iedereen vragen", always),
        ("Verspreid … niet: stuur niets door en plaats niets|Zoek niet uit … reageer niet online|herkenbaar", always),
        ("hulp", always),
        ("Bo Steun … 088 000 20 10|Hulp", always),
        *HELP,
        ("24 november 2026 om 16:00 uur volgt", _next),
        ("meer te vertellen", _open),
    ]),
    ("veilig internet … testcollege.example/tips", always),
    ("journalisten: Cas Woord", lambda x: x.full or x.incident.media in ("asking", "published")),
]  # fmt: skip


def _news(letter: Letter) -> bool:
    return letter.full and letter.first


_TIPS = "Tips voor veilig internet: …testcollege.example/tips"
_ASK_POST = "Stuur niets door, plaats niets en zoek niet uit|herkenbaar|Bo Steun: 088 000 20 10|Meldknop.nl|" + _TIPS
SOCIAL: list[Row] = [
    *_title("Bericht", "Bericht", "Vervolgbericht", "Afsluitend bericht"),
    *DATE,
    ("Kort bericht", always),
    ("van een ander|Stuur niets door en plaats niets|Verspreiden … verboden|Hulp: Meldknop.nl|" + _TIPS, _minimal),
    ("Eerder … melding van beelden|stuur niets door en noem geen namen|Meldknop.nl|" + _TIPS, lambda x: x.full and _update(x)),
    ("laatste bericht|niets doorstuurt|Meldknop.nl|" + _TIPS, lambda x: x.full and x.closing),
    ("zonder toestemming verspreid|Stuur niets door en noem geen namen|Meldknop.nl|" + _TIPS,
     lambda x: _news(x) and x.incident.origin == "forwarded"),
    ("vermoedelijk nep|Stuur niets door en noem geen namen|Meldknop.nl|" + _TIPS, lambda x: _news(x) and x.fake),
    ("melding over beelden|zoeken uit of die klopt|Stuur niets door en noem geen namen|Meldknop.nl|" + _TIPS,
     lambda x: _news(x) and x.incident.origin not in ("forwarded", "deepfake")),
    ("zelfmoord|113", lambda x: x.suicide),
    ("Langer bericht", always),
    ("van een ander … terwijl die ander dat niet wil|Kijk niet verder, stuur niets door en plaats niets|Verspreiden … verboden|"
     "Bo Steun: 088 000 20 10|Meldknop.nl|" + _TIPS, _minimal),
    ("Eerder … melding van beelden|blijft gelden|" + _ASK_POST, lambda x: x.full and _update(x)),
    ("laatste bericht|Dank … niets doorstuurt|lang zwaar|Bo Steun: 088 000 20 10|Meldknop.nl|" + _TIPS, lambda x: x.full and x.closing),
    ("zonder toestemming verspreid|in beeld is, heeft niets fout|" + _ASK_POST,
     lambda x: _news(x) and x.incident.origin == "forwarded"),
    ("vermoedelijk nep|lijkt te staan, heeft niets fout|" + _ASK_POST, lambda x: _news(x) and x.fake),
    ("melding over beelden|zoeken uit of die klopt|in beeld is, heeft niets fout|" + _ASK_POST,
     lambda x: _news(x) and x.incident.origin not in ("forwarded", "deepfake")),
    ("zelfmoord|113", lambda x: x.suicide),
]  # fmt: skip


def _students_only(letter: Letter) -> bool:
    return not letter.website_told and letter.students_told


PRESS: list[Row] = [
    *_title("Antwoord op vragen", "Verklaring van Testcollege over een melding", "Nieuwe verklaring van Testcollege",
            "Verklaring van Testcollege: afsluiting"),
    *DATE,
    *_if(_minimal, [
        ("Op onze website|Meer vertellen wij niet|niets over personen|beschermen", lambda x: x.website_told),
        ("studenten ingelicht|Meer vertellen wij niet|niets over personen|beschermen", _students_only),
        ("geen uitspraken over personen|niet of er iets is gebeurd|beschermen", lambda x: not x.website_told and not x.students_told),
        ("in het algemeen|veiligheid en het welzijn|luisteren … hulp|zonder toestemming … verboden",
         lambda x: x.incident.grave == "no"),
        ("in het algemeen|veiligheid en het welzijn|luisteren … hulp", lambda x: x.incident.grave != "no"),
        ("vragen de media om geen studenten, ouders of medewerkers te benaderen|hulp", always),
        *HELP,
    ]),
    *_if(_full, [
        ("De media hebben hierover bericht|wat wij erover kunnen zeggen", lambda x: x.incident.media == "published"),
        *_what(),
        ("laatste verklaring|lang zwaar", lambda x: x.closing),
        *CARE,
        ("aandacht … wie dit meemaakt … veiligheid|bij ons terecht", always),
        ("Wat wij de media vragen", always),
        ("Toon de beelden niet, beschrijf ze niet en verwijs er niet naar", always),
        ("Zoek niet uit|herkenbaar", always),
        ("Benader geen studenten, ouders of medewerkers", always),
        ("Vermeld … hulp", always),
        ("niet vertellen", always),
        ("niets over personen … ook niet over wie iets zou hebben gedaan|beschermen", always),
        ("Hulp", always),
        *HELP,
        ("24 november 2026 om 16:00 uur geven", _next),
        ("meer te vertellen", _open),
    ]),
    ("media: Cas Woord, woordvoerder…088 000 20 20", always),
]  # fmt: skip

_NOTHING = "Stuur niets door, plaats niets en laat niets zien"
STUDENTS_APP: list[Row] = [
    *_title("Beelden van een ander|niet door", "Stuur de beelden niet door", "Vervolg: stuur niets door", "Afsluiting: stuur niets door"),
    *DATE,
    (f"van een ander, terwijl die dat niet wil|Kijk niet verder|{_NOTHING}|Verspreiden … verboden", _minimal),
    *_if(_full, [
        ("laatste bericht", lambda x: x.closing),
        ("Eerder|blijft gelden", _update),
        ("zonder toestemming doorgestuurd", lambda x: x.first and x.incident.origin == "forwarded"),
        ("melding over beelden|vermoedelijk nep|net zo ernstig", lambda x: x.first and x.fake),
        ("melding over beelden|zoeken uit of die klopt", lambda x: x.first and x.incident.origin not in ("forwarded", "deepfake")),
        (f"{_NOTHING}|Verspreiden … verboden", always),
        ("Heb je de beelden|Verwijder ze … verdwijnt … niet alles", lambda x: x.police_allow_deletion),
        ("Heb je de beelden|Kijk niet, kopieer niets en kom naar ons", lambda x: not x.police_allow_deletion),
        ("lijkt te staan, heeft niets fout|Steun", lambda x: x.fake),
        ("in beeld is, heeft niets fout|Steun", lambda x: not x.fake),
    ]),
    ("hulp|Bo Steun: 088 000 20 10|Meldknop.nl", always),
    ("zelfmoord|113", lambda x: x.suicide),
]  # fmt: skip

LETTERS: dict[str, list[Row]] = {
    "students": STUDENTS,
    "parents": PARENTS,
    "teachers": TEACHERS,
    "website": WEBSITE,
    "social": SOCIAL,
    "press": PRESS,
    "students_app": STUDENTS_APP,
}
