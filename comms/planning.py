"""The whole plan: what each audience gets, what the crisis team does first, and what to look at again."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from comms.characters import visible
from comms.decisions import GROUP, Facts, PlannedMessage, decide, told
from comms.incident import AUDIENCES, Incident
from comms.languages import N_, _


class Action(NamedTuple):
    """A step of the crisis team; ``done`` when the facts say so, False also when they can't tell."""

    id: str
    text: str
    done: bool
    provisions: tuple[str, ...]


class Plan(NamedTuple):
    """Who hears what, when and why; in the language of the interface in which it was made."""

    messages: tuple[PlannedMessage, ...]
    actions: tuple[Action, ...]
    warnings: tuple[str, ...]

    def message(self, audience: str) -> PlannedMessage:
        """What the plan says of one audience; KeyError when there is no such audience."""
        for message in self.messages:
            if message.audience == audience:
                return message
        raise KeyError(audience)

    def to_dict(self) -> dict[str, Any]:
        """The form of ``comms plan --json``."""
        return {
            "messages": [message.to_dict() for message in self.messages],
            "actions": [
                {"id": action.id, "text": action.text, "done": action.done, "provisions": list(action.provisions)}
                for action in self.actions
            ],
            "warnings": list(self.warnings),
        }


def plan(incident: Incident) -> Plan:
    """The plan that follows from the facts, by the decision table alone; nothing is guessed."""
    messages = decide(incident)
    return Plan(messages, actions(incident), warnings(incident, messages))


class Step(NamedTuple):
    """A row of the action list. ``text`` may name functions of the profile, such as ``{slb}``."""

    id: str
    provisions: tuple[str, ...]
    text: str
    when: Callable[[Facts], bool] = lambda facts: True
    done: Callable[[Incident], bool] = lambda incident: False


STEPS: tuple[Step, ...] = (
    Step(
        "inspector",
        ("1.6",),
        N_(
            "Laat het bestuur ({board}) meteen de vertrouwensinspecteur raadplegen: {inspector}. Is er een redelijk vermoeden, dan doet het "
            "bestuur aangifte, nadat de medewerker en de ouders van de student zijn ingelicht."
        ),
        lambda facts: facts.staff_and_minor,
        lambda incident: incident.inspector_consulted,
    ),
    Step(
        "report_and_home",
        ("1.6", "1.3"),
        N_(
            "Vóór een aangifte licht het bestuur de ouders in, maar zij mogen het niet weten of thuis is het niet veilig. "
            "Vraag eerst de vertrouwensinspecteur en Veilig Thuis hoe dat veilig kan."
        ),
        lambda facts: (
            facts.staff_and_minor
            and (facts.incident.victim.parents == "not_to_know" or facts.incident.victim.unsafe_at_home == "yes")
        ),
    ),
    Step(
        "no_secrecy",
        ("1.6",),
        N_("Beloof niemand geheimhouding. Wie bij de school werkt en iets weet, meldt het bij het bestuur."),
        lambda facts: facts.staff_and_minor,
    ),
    Step(
        "withdrawn",
        ("1.3", "3.students.1"),
        N_(
            "Het slachtoffer wil niet (meer) dat er iets uitgaat, en er is al iets verstuurd: {sent}. Haal weg wat op "
            "website en sociale media staat. Vraag wie de tekst verder verspreidt daarmee te stoppen. Vertel het "
            "slachtoffer wat er al is weggehaald en wat niet."
        ),
        lambda facts: bool(_sent_against_wish(facts)),
    ),
    Step(
        "unsafe_home",
        ("1.3", "1.4"),
        N_("Thuis is het niet veilig. Bel Veilig Thuis voor advies voordat er iets naar ouders gaat."),
        lambda facts: facts.incident.victim.unsafe_at_home == "yes",
    ),
    Step(
        "suicide_plan",
        ("2.7",),
        N_("Volg het actieplan van 113 en Trimbos voor mbo-scholen na een (poging tot) suïcide; het staat op 113.nl."),
        lambda facts: facts.incident.grave in ("attempt", "death"),
    ),
    Step(
        "expert",
        ("2.7",),
        N_("Haal een deskundige van buiten erbij, bijvoorbeeld via Stichting School & Veiligheid."),
        lambda facts: facts.incident.grave != "no",
        lambda incident: incident.outside_expert,
    ),
    Step(
        "find_out",
        ("1.1",),
        N_(
            "Zoek uit wat er is gebeurd en wat het aanricht. Niemand bekijkt, kopieert of bewaart de beelden. Schrijf "
            "op wat is verteld, waar het te vinden is, wanneer, en wie ervan weten."
        ),
    ),
    Step(
        "contact",
        ("1.2",),
        N_("Wijs één contactpersoon aan voor het slachtoffer. Bijvoorbeeld: {slb}."),
        lambda facts: facts.incident.victim.role == "student" and facts.incident.suspect != "staff",
        lambda incident: incident.contact_appointed,
    ),
    Step(
        "contact",
        ("1.2",),
        N_("Wijs één contactpersoon aan voor de docent. Bijvoorbeeld: {confidential_adviser}."),
        lambda facts: facts.incident.victim.role == "teacher" and facts.incident.suspect != "staff",
        lambda incident: incident.contact_appointed,
    ),
    Step(
        "contact",
        ("1.2",),
        N_(
            "Wijs één contactpersoon aan voor het slachtoffer. Er is een vermoeden tegen een medewerker: kies iemand "
            "die er zeker buiten staat."
        ),
        lambda facts: facts.incident.suspect == "staff",
        lambda incident: incident.contact_appointed,
    ),
    Step(
        "wishes",
        ("1.3",),
        N_("Vraag het slachtoffer, via de contactpersoon, wat er per ontvanger verteld mag worden."),
        lambda facts: facts.incident.grave != "death" and not facts.incident.several_victims,
        lambda incident: incident.victim.consent != "not_asked",
    ),
    Step(
        "wishes",
        ("1.3",),
        N_("Vraag elk slachtoffer apart, via een contactpersoon, wat er verteld mag worden. De strengste wens telt."),
        lambda facts: facts.incident.grave != "death" and facts.incident.several_victims,
        lambda incident: incident.victim.consent != "not_asked",
    ),
    Step(
        "wishes",
        ("1.3", "2.7"),
        N_("Vraag de nabestaanden wat er verteld mag worden, en aan wie. Bevestig nooit een naam in de media."),
        lambda facts: facts.incident.grave == "death",
        lambda incident: incident.victim.consent != "not_asked",
    ),
    Step(
        "home",
        ("1.3",),
        N_("Laat de contactpersoon vragen of de ouders het weten, en of het thuis veilig is als zij het horen."),
        lambda facts: facts.incident.victim.role == "student" and facts.incident.grave != "death",
        lambda incident: incident.victim.parents != "unknown" and incident.victim.unsafe_at_home != "unknown",
    ),
    Step(
        "safer",
        ("1.4",),
        N_(
            "Vraag wat het slachtoffer nodig heeft om zich veiliger te voelen. Luister, neem het serieus, oordeel niet."
        ),
        lambda facts: facts.incident.grave != "death",
    ),
    Step(
        "psychological_help",
        ("1.5",),
        N_("Bekijk wie psychologische hulp nodig heeft. Overleg met: {care_coordinator}."),
    ),
    Step(
        "checklist",
        ("1.9", "3.victim.1"),
        N_("Gebruik voor het gesprek de checklist van StappenplanSexting.nl, ook bij andere beelden. Vraag niet door."),
        lambda facts: facts.incident.grave != "death",
    ),
    Step(
        "no_reply",
        ("3.victim.2",),
        N_("Raad het slachtoffer aan niet online te reageren."),
        lambda facts: facts.incident.grave != "death",
    ),
    Step(
        "threat",
        ("1.4", "2.4"),
        N_(
            "Er wordt gedreigd. Help het slachtoffer om niet te betalen, de berichten te bewaren, de afzender te "
            "blokkeren en Helpwanted te bellen."
        ),
        lambda facts: facts.incident.origin == "threat",
    ),
    Step(
        "deepfake",
        ("1.4",),
        N_("Ook beelden die nep of bewerkt zijn, doen echte schade. Behandel dit net zo serieus."),
        lambda facts: facts.incident.origin == "deepfake",
    ),
    Step(
        "police",
        ("2.4",),
        N_("Overleg met de politie. Geen vast contact? Meldknop.nl wijst de weg."),
        done=lambda incident: incident.police != "not_consulted",
    ),
    Step(
        "evidence",
        ("2.3",),
        N_("Laat niets wissen zolang de politie vraagt om te bewaren."),
        lambda facts: facts.incident.police == "preserve",
    ),
    Step(
        "evidence",
        ("2.3",),
        N_("Vraag de politie wat als bewijs bewaard moet blijven, voordat iemand iets wist."),
        lambda facts: facts.incident.police != "preserve",
        lambda incident: incident.police in ("consulted", "reported"),
    ),
    Step(
        "offence",
        ("1.6",),
        N_("Bespreek met het slachtoffer en de politie of een melding of aangifte past. Bied het aan, dring niet aan."),
        done=lambda incident: incident.police == "reported",
    ),
    Step(
        "helpwanted",
        ("2.5",),
        N_("Bel Helpwanted en volg StappenplanSexting.nl."),
        lambda facts: facts.incident.material == "sexual",
    ),
    Step(
        "helpwanted",
        ("2.5",),
        N_("Ga na om wat voor beelden het gaat, zonder ze te bekijken. Zijn ze seksueel? Bel Helpwanted."),
        lambda facts: facts.incident.material == "unknown",
    ),
    Step(
        "removal",
        ("2.1", "2.2", "2.3"),
        N_(
            "Laat de beelden na overleg met de politie zo snel mogelijk weghalen waar dat kan. Beloof niemand dat ze "
            "allemaal verdwijnen."
        ),
        lambda facts: facts.incident.origin != "threat",
    ),
    Step(
        "flagger",
        ("2.8",),
        N_("Lukt weghalen niet? Vraag Helpwanted om als trusted flagger te helpen."),
        lambda facts: facts.incident.material == "sexual" and facts.incident.origin != "threat",
    ),
    Step(
        "flagger",
        ("2.8",),
        N_("Lukt weghalen niet? Vraag Stichting Stop Online Shaming om hulp. Helpwanted geeft ook advies."),
        lambda facts: facts.incident.material == "other" and facts.incident.origin != "threat",
    ),
    Step(
        "crisis_communication",
        ("1.7",),
        N_("Beslis of er crisismanagement of crisiscommunicatie nodig is, en of een bureau daarbij helpt."),
        lambda facts: facts.large or facts.incident.media != "none",
    ),
    Step(
        "escalation",
        ("1.8",),
        N_("Leg de route voor opschalen vast: {slb}, dan {care_coordinator}, dan {care_team}."),
    ),
    Step(
        "profile",
        ("0.1",),
        N_("Vul aan wat in het schoolprofiel ontbreekt, zodat elk bericht naam en telefoonnummer noemt."),
        done=lambda incident: incident.school.is_complete(),
    ),
    Step("keep_talking", ("2.6",), N_("Blijf in gesprek met iedereen die erbij betrokken is.")),
    Step(
        "colleague_first",
        ("1.3",),
        N_("Laat de docent om wie het gaat het bericht aan collega's als eerste lezen."),
        lambda facts: facts.incident.victim.role == "teacher" and facts.incident.grave != "death",
    ),
    Step(
        "talk",
        ("3.students.1",),
        N_(
            "Praat vroeg met de studenten bij wie het speelt en met het leerjaar, als het slachtoffer dat goed vindt. "
            "De brief ondersteunt dat gesprek."
        ),
        lambda facts: facts.small and facts.incident.origin != "threat" and facts.incident.grave != "death",
    ),
    Step(
        "talk",
        ("3.students.2",),
        N_("Praat met alle studenten, klas voor klas. De brief ondersteunt dat gesprek."),
        lambda facts: facts.large and facts.incident.origin != "threat" and facts.incident.grave != "death",
    ),
    Step(
        "parents_wishes",
        ("3.parents.1",),
        N_(
            "Praat met de ouders van het slachtoffer, als zij het mogen weten. Sommige willen openlijke excuses, "
            "andere juist stilte. Beide zijn terecht."
        ),
        lambda facts: facts.incident.victim.role == "student" and facts.incident.victim.parents == "know",
    ),
    Step(
        "social_media",
        ("3.general.1", "3.general.2", "3.general.3"),
        N_(
            "Bepaal hoe de school omgaat met drukte op sociale media. Leg de teksten klaar. Wie antwoordt: {responder}."
        ),
    ),
    Step(
        "media",
        ("3.media.1",),
        N_("Zet voor de media de hoofdpunten op een rij en bepaal wat de school vertelt en wat niet."),
        lambda facts: facts.large or facts.incident.media != "none",
    ),
)
"""The action list in the order in which the crisis team works: special duties first, then steps 1, 2 and 3."""


class Call(NamedTuple):
    """Somebody to call at once, when it holds; it may also hang on whether teachers are told now."""

    id: str
    when: Callable[[Facts, bool], bool] = lambda facts, teachers_told: True


def _expert(facts: Facts) -> bool:
    return facts.incident.grave != "no"


CALLS: tuple[Call, ...] = (
    Call("board", lambda facts, _: facts.incident.suspect == "staff"),
    Call("expert", lambda facts, _: _expert(facts) and not facts.incident.outside_expert),
    Call("contact"),
    Call("take_down", lambda facts, _: any(each in ("website", "social") for each in _sent_against_wish(facts))),
    Call("helpwanted", lambda facts, _: facts.incident.origin == "threat"),
    Call("home", lambda facts, _: facts.incident.victim.unsafe_at_home == "yes"),
    Call("press", lambda facts, _: facts.loud and facts.incident.grave != "no"),
    Call("expert", lambda facts, _: _expert(facts) and facts.incident.outside_expert),
    Call("team_leader", lambda facts, teachers_told: facts.incident.grave == "death" and teachers_told),
    Call("police", lambda facts, _: facts.incident.police in ("not_consulted", "preserve")),
    Call("helpwanted", lambda facts, _: facts.incident.origin != "threat" and facts.incident.phase != "closing"),
    Call("press", lambda facts, _: facts.loud and facts.incident.grave == "no"),
    Call("press", lambda facts, _: facts.incident.media == "expected"),
    Call("help"),
    Call("reception"),
    Call("helpwanted", lambda facts, _: facts.incident.origin != "threat" and facts.incident.phase == "closing"),
    Call(
        "team_leader",
        lambda facts, teachers_told: (
            facts.incident.grave != "death" and teachers_told and facts.incident.suspect != "staff"
        ),
    ),
    Call("board", lambda facts, _: facts.incident.suspect != "staff"),
)
"""Whom the crisis team calls, the most urgent first: who decides, who knows about it, who is with the victim (1.1–1.8, 2.4–2.7)."""


def calls(incident: Incident, teachers_told: bool) -> tuple[str, ...]:
    """The ids of the calls to make, in order; the first five are on the first page of the action list."""
    facts = Facts(incident)
    return tuple(call.id for call in CALLS if call.when(facts, teachers_told))


def _sent_against_wish(facts: Facts) -> list[str]:
    return [each for each in (*GROUP, "press") if each in facts.incident.sent and facts.consent(each) == "refused"]


def actions(incident: Incident) -> tuple[Action, ...]:
    """What the crisis team does, in the order of the list."""
    return tuple(_actions(incident))


def warnings(incident: Incident, messages: tuple[PlannedMessage, ...]) -> tuple[str, ...]:
    """What to look at again: in the facts, and in what the plan makes of them."""
    return tuple(_warnings(incident, messages))


def _actions(incident: Incident) -> Iterator[Action]:
    facts = Facts(incident)
    school = incident.school
    names = {
        name: school.role(name) for name in ("slb", "care_coordinator", "care_team", "confidential_adviser", "board")
    }
    if facts.staff_and_minor:
        from comms.organisations import organisations

        names["inspector"] = organisations(school)["vertrouwensinspecteur"].facts["phone"].value
    names["responder"] = school.online_responder.name or _("nog afspreken")
    names["sent"] = ", ".join(_(AUDIENCES[audience]) for audience in _sent_against_wish(facts))
    for step in STEPS:
        if step.when(facts):
            yield Action(
                step.id, visible(told(step.text, incident).format(**names)), step.done(incident), step.provisions
            )


FEW_STUDENTS = 250
"""A school this small is known by its people: “a student of …” then fits a circle, not a crowd. Our own caution."""


def _identifying(incident: Incident, messages: tuple[PlannedMessage, ...]) -> Iterator[str]:
    """Where the facts that an audience gets together fit so few people that they may point to one."""
    telling = {message.audience for message in messages if message.decision == "send" and message.variant == "full"}
    told = ", ".join(_(AUDIENCES[audience]) for audience in AUDIENCES if audience in telling and audience in _READERS)
    if not told:
        return
    told = told[0].upper() + told[1:]
    if incident.victim.role == "teacher" and incident.scale in ("few", "class"):
        yield _(
            "{audiences} lezen dat het om een docent gaat en in welke kring: dat past op een handvol mensen. Bespreek "
            "eerst met de docent of dat mag, of kies de korte tekst (consent_for)."
        ).format(audiences=told)
    elif incident.scale == "few":
        yield _(
            "{audiences} lezen een bericht dat maar een paar mensen krijgen: zij weten al snel om wie het gaat. Praat "
            "liever met ieder apart."
        ).format(audiences=told)
    if incident.school.students is not None and incident.school.students <= FEW_STUDENTS:
        yield _(
            "De school heeft {students} studenten. Ook weinig feiten kunnen dan laten zien om wie het gaat. Lees elke "
            "tekst vooraf met het slachtoffer, via de contactpersoon."
        ).format(students=incident.school.students)


_READERS = ("teachers", "students", "parents", "website", "social", "press")


def _warnings(incident: Incident, messages: tuple[PlannedMessage, ...]) -> Iterator[str]:
    if incident.phase == "first" and incident.sent and not _sent_against_wish(Facts(incident)):
        yield _("Er is al iets verstuurd (sent), maar dit heet het eerste bericht (phase). Klopt dat?")
    if incident.phase != "first" and not incident.sent:
        yield _(
            "Dit is een vervolg (phase), maar nergens staat wie het eerste bericht kreeg (sent). Niemand krijgt dus iets."
        )
    if incident.grave == "no" and incident.outside_expert:
        yield _(
            "Er is een deskundige van buiten bij (outside_expert), maar het is niet zeer ernstig (grave). Klopt dat?"
        )
    if incident.media == "published" and incident.scale in ("few", "class", "year"):
        yield _("De media hebben gepubliceerd: weten er nu niet veel meer mensen van dan bij scale staat?")
    if incident.next_update and incident.next_update.date() < incident.date:
        yield _("Het volgende bericht (next_update) ligt vóór de datum van dit bericht (date).")
    if incident.next_update and incident.phase == "closing":
        yield _("Een afsluitend bericht kondigt geen volgend bericht aan; next_update blijft ongebruikt.")
    for message in messages:
        if message.audience in incident.released and not any(each.rule == "released" for each in message.reasons):
            yield _(
                "{audience}: vrijgegeven (released), maar dit bericht wacht niet of kan niet worden vrijgegeven."
            ).format(audience=_(AUDIENCES[message.audience]))
    decisions = {message.audience: message.decision for message in messages}
    if incident.victim.role == "student" and decisions["victim_parents"] != "send" and decisions["parents"] == "send":
        yield _(
            "De brief aan ouders kan ook bij de ouders van het slachtoffer komen, en die mogen het (nog) niet weten. "
            "Bespreek eerst met het slachtoffer, via de contactpersoon, wat zij krijgen."
        )
    ahead = [name for name in ("website", "press") if decisions[name] == "send" and incident.phase != "first"]
    if ahead and "withhold" in (decisions["students"], decisions["parents"]) and incident.scale != "few":
        yield _(
            "{audiences}: dit gaat uit, maar niet alle studenten en ouders horen het. Vertel het hun eerst."
        ).format(audiences=", ".join(_(AUDIENCES[name]) for name in ahead))
    yield from _identifying(incident, messages)
    if incident.suspect == "staff":
        yield _(
            "Er is een vermoeden tegen een medewerker. Staat ieder die het schoolprofiel noemt (help, signatory, press) "
            "daar zeker buiten?"
        )
    for message in messages:
        if message.audience == "press" and message.decision != "withhold" and incident.school.press.name is None:
            yield _("Het schoolprofiel noemt geen woordvoerder (press).")
