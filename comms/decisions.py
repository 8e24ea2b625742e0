"""Who hears what, and why: the decision table, a rule a row, and the plan that follows from it.

All rules that match count: the strictest decision wins, minimal wins over full, and every reason is
kept in the order of the table. The last three rules work on the outcome of the others, one after another.
What one audience gets is worked out by itself, and reads no fact that can't change it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from comms.characters import visible
from comms.incident import AUDIENCES, Consent, Incident
from comms.languages import N_, _

Decision = Literal["send", "hold", "withhold"]
Variant = Literal["full", "minimal"]

GROUP = ("students", "parents", "website", "social")
DECISIONS = {"send": N_("VERSTUREN"), "hold": N_("VASTHOUDEN"), "withhold": N_("NIET STUREN")}
VARIANTS = {"full": N_("volledig"), "minimal": N_("kort")}
_STRICTNESS: dict[str, int] = {"send": 0, "hold": 1, "withhold": 2}


@dataclass(eq=False, repr=False)
class Facts:
    """An incident in the words of the table."""

    incident: Incident

    @property
    def small(self) -> bool:
        return self.incident.scale in ("few", "class", "year")

    @property
    def large(self) -> bool:
        return not self.small

    @property
    def loud(self) -> bool:
        return self.incident.media in ("asking", "published")

    def consent(self, audience: str) -> Consent:
        """The wish for this audience; with several victims the stricter of the particular and the general one."""
        victim = self.incident.victim
        if audience not in victim.consent_for:
            return victim.consent
        wish = victim.consent_for[audience]
        if not self.incident.several_victims or wish == "refused":
            return wish
        if wish == "granted":
            return victim.consent
        return "refused" if victim.consent == "refused" else wish

    def grants_explicitly(self, audience: str) -> bool:
        return audience in self.incident.victim.consent_for and self.consent(audience) == "granted"

    @property
    def staff_and_minor(self) -> bool:
        """A suspicion against someone working for the school and a student who may be a minor (1.6)."""
        victim = self.incident.victim
        return self.incident.suspect == "staff" and victim.role == "student" and victim.age in ("minor", "unknown")

    @property
    def waits_for_expert(self) -> bool:
        incident = self.incident
        return incident.grave != "no" and not incident.outside_expert


class Reason(NamedTuple):
    """A rule that matched, in words, with the provisions that it carries out."""

    rule: str
    text: str
    provisions: tuple[str, ...]


class Condition(NamedTuple):
    """What has to happen before or when a message goes out."""

    text: str
    provisions: tuple[str, ...]


@dataclass(eq=False, repr=False)
class _Outcome:
    """What the rules have made of one audience so far."""

    decision: Decision = "send"
    minimal: bool = False
    releasable: bool = True
    reasons: list[Reason] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)
    lasting: list[Condition] = field(default_factory=list)


class Case(NamedTuple):
    """For these audiences, when this holds: the effect. ``condition`` is what a hold waits for."""

    audiences: tuple[str, ...]
    when: Callable[[Facts, str], bool]
    decision: Decision = "send"
    minimal: bool = False
    condition: str = ""
    releasable: bool = True
    stays: bool = False
    """Whether the condition holds also after a release."""


class Rule(NamedTuple):
    """A row of the table: its id, the reason in words, the provisions, and the cases, of which the first counts."""

    id: str
    reason: str
    provisions: tuple[str, ...]
    cases: tuple[Case, ...]


def _always(_facts: Facts, _audience: str) -> bool:
    return True


ASK = N_("Vraag het slachtoffer, via de contactpersoon, of dit bericht uit mag.")
RULES: tuple[Rule, ...] = (
    Rule(
        "internal",
        N_("Blijft binnen: dit is voor het slachtoffer zelf en voor het crisisteam."),
        ("1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7", "1.8", "1.9", "3.victim.2"),
        (
            Case(("victim",), lambda facts, _: facts.incident.grave == "death", "withhold"),
            Case(("crisis_team", "victim"), _always),
        ),
    ),
    Rule(
        "home_parents",
        N_("De ouders mogen het niet weten, of het slachtoffer beslist zelf wat zij thuis horen."),
        ("1.3",),
        (
            Case(
                ("victim_parents",),
                lambda facts, audience: (
                    not facts.grants_explicitly(audience)
                    and (
                        facts.incident.victim.parents == "not_to_know"
                        or (facts.incident.victim.age != "minor" and facts.incident.victim.parents != "know")
                    )
                ),
                "withhold",
            ),
        ),
    ),
    Rule(
        "ask_first",
        N_("Eerst weten of de ouders op de hoogte zijn en of het thuis veilig is."),
        ("1.3",),
        (
            Case(
                ("victim_parents",),
                lambda facts, _: (
                    (facts.incident.victim.age == "minor" and facts.incident.victim.parents == "unknown")
                    or facts.incident.victim.unsafe_at_home != "no"
                ),
                "hold",
                condition=N_(
                    "Vraag het slachtoffer, via de contactpersoon, of de ouders het weten, of het thuis veilig is "
                    "en hoe zij het mogen horen."
                ),
            ),
        ),
    ),
    Rule(
        "staff",
        N_("Het slachtoffer heeft er geen ja op gezegd; docenten krijgen alleen wat zij nodig hebben voor vragen."),
        ("3.teachers.1",),
        (Case(("teachers",), lambda facts, audience: facts.consent(audience) != "granted", minimal=True),),
    ),
    Rule(
        "colleagues",
        N_("Het gaat om een collega en de kring is klein: wie dit leest, weet al snel om wie het gaat."),
        ("1.3",),
        (
            Case(
                ("teachers",),
                lambda facts, audience: (
                    facts.incident.victim.role == "teacher" and facts.consent(audience) != "granted" and facts.small
                ),
                "hold",
                minimal=True,
                condition=N_("Vraag de docent, via de contactpersoon, of collega's dit bericht mogen krijgen."),
            ),
        ),
    ),
    Rule(
        "too_small",
        N_("Maar een kleine groep weet ervan. Een bericht zou het groter maken; praat met wie erbij betrokken is."),
        ("0.2", "3.general.4"),
        (
            Case(("parents",), lambda facts, _: facts.incident.scale == "few", "withhold"),
            Case(("website", "social"), lambda facts, _: facts.small and not facts.loud, "withhold"),
        ),
    ),
    Rule(
        "own_news",
        N_("Buiten de school speelt het niet. De school maakt er zelf geen nieuws van."),
        ("3.general.4",),
        (
            Case(("website",), lambda facts, _: facts.incident.scale == "school" and not facts.loud, minimal=True),
            Case(
                ("social",),
                lambda facts, _: facts.incident.scale == "school" and not facts.loud,
                "hold",
                minimal=True,
                condition=N_("Plaats dit pas als er op sociale media over wordt gepraat."),
                stays=True,
            ),
        ),
    ),
    Rule(
        "identifying",
        N_("De kring is zo klein dat elk feit kan laten zien om wie het gaat."),
        ("1.3",),
        (
            Case(
                ("website", "social", "press"),
                lambda facts, _: facts.incident.scale in ("few", "class"),
                minimal=True,
            ),
        ),
    ),
    Rule(
        "refused_small",
        N_("Het slachtoffer wil het niet en de kring is klein. Er gaat niets uit."),
        ("1.3", "3.students.1"),
        (
            Case(
                GROUP,
                lambda facts, audience: facts.consent(audience) == "refused" and facts.small and not facts.loud,
                "withhold",
            ),
        ),
    ),
    Rule(
        "refused",
        N_(
            "Het slachtoffer wil het niet, maar velen weten ervan of de media zijn ermee bezig. "
            "Het programma beslist dit niet: dat doet het crisisteam."
        ),
        ("3.students.1", "3.students.2"),
        (
            Case(
                GROUP,
                lambda facts, audience: facts.consent(audience) == "refused" and (facts.large or facts.loud),
                "hold",
                minimal=True,
                condition=N_(
                    "Het crisisteam beslist en legt vast wie dat deed en wanneer. "
                    "De contactpersoon vertelt het eerst aan het slachtoffer."
                ),
            ),
        ),
    ),
    Rule(
        "not_asked",
        N_("Het slachtoffer is nog niet gevraagd wat er uit mag."),
        ("1.3",),
        (
            Case(
                GROUP,
                lambda facts, audience: facts.consent(audience) == "not_asked",
                "hold",
                minimal=True,
                condition=ASK,
            ),
            Case(
                ("press",),
                lambda facts, audience: facts.consent(audience) == "not_asked" and not facts.loud,
                "hold",
                minimal=True,
                condition=ASK,
            ),
        ),
    ),
    Rule(
        "no_contact",
        N_("Er is nog geen contactpersoon, dus niemand kan het slachtoffer van tevoren inlichten."),
        ("1.2",),
        (
            Case(
                (*GROUP, "press"),
                lambda facts, audience: (
                    not facts.incident.contact_appointed and not (audience == "press" and facts.loud)
                ),
                "hold",
                condition=N_("Wijs één contactpersoon aan, die het slachtoffer inlicht vóór dit bericht uitgaat."),
            ),
        ),
    ),
    Rule(
        "grave",
        N_("Het is zeer ernstig. Naar buiten gaat niets zonder deskundige van buiten."),
        ("2.7",),
        (
            Case(
                (*GROUP, "press"),
                lambda facts, audience: facts.incident.grave == "death" and not (audience == "press" and facts.loud),
                "hold",
                minimal=True,
                condition=N_(
                    "De nabestaanden bepalen wat er wordt verteld. Docenten horen het eerst, dan kleine groepen, "
                    "persoonlijk. Leg deze tekst voor aan de deskundige."
                ),
            ),
            Case(
                (*GROUP, "press"),
                lambda facts, audience: facts.waits_for_expert and not (audience == "press" and facts.loud),
                "hold",
                minimal=True,
                condition=N_("Haal een deskundige van buiten erbij en leg deze tekst aan hem of haar voor."),
            ),
        ),
    ),
    Rule(
        "grave_line",
        N_("Het is zeer ernstig. De tekst zegt niet meer dan nodig is."),
        ("2.7",),
        (Case(("teachers", "press"), lambda facts, _: facts.incident.grave != "no", minimal=True),),
    ),
    Rule(
        "home",
        N_(
            "Thuis is het voor het slachtoffer niet veilig, of dat is nog niet gevraagd. Een bericht kan thuis terechtkomen."
        ),
        ("1.3",),
        (
            Case(
                ("students", "website", "social", "parents"),
                lambda facts, _: facts.incident.victim.unsafe_at_home == "yes",
                "hold",
                minimal=True,
                condition=N_(
                    "Bespreek met het slachtoffer, via de contactpersoon, of dit bericht uit kan zonder dat het "
                    "thuis onveiliger wordt. Veilig Thuis geeft de school advies."
                ),
            ),
            Case(
                ("parents",),
                lambda facts, _: facts.incident.victim.unsafe_at_home == "unknown",
                "hold",
                condition=N_("Vraag het slachtoffer, via de contactpersoon, of het thuis veilig is."),
            ),
        ),
    ),
    Rule(
        "staff_suspect",
        N_("Er is een vermoeden tegen een medewerker en het slachtoffer is of kan minderjarig zijn."),
        ("1.6",),
        (
            Case(
                ("teachers", *GROUP),
                lambda facts, _: facts.staff_and_minor and not facts.incident.inspector_consulted,
                "hold",
                minimal=True,
                condition=N_(
                    "Het bestuur raadpleegt eerst de vertrouwensinspecteur. Tot dan kan niemand dit bericht vrijgeven."
                ),
                releasable=False,
            ),
            Case(
                ("press",),
                lambda facts, _: facts.staff_and_minor and not facts.incident.inspector_consulted,
                minimal=True,
            ),
        ),
    ),
    Rule(
        "threat",
        N_("Er is nog niets verspreid. Een bericht aan velen zou de dreiging groter maken."),
        ("0.2", "1.3"),
        (
            Case(GROUP, lambda facts, _: facts.incident.origin == "threat", "withhold"),
            Case(("teachers", "press"), lambda facts, _: facts.incident.origin == "threat", minimal=True),
        ),
    ),
    Rule(
        "shelf",
        N_("De kring is klein en geen journalist vraagt ernaar. Een persverklaring is niet nodig."),
        ("3.media.1",),
        (Case(("press",), lambda facts, _: facts.small and facts.incident.media == "none", "withhold"),),
    ),
    Rule(
        "reactive",
        N_("De media vragen nog niets. De verklaring ligt klaar op de plank."),
        ("3.media.1",),
        (
            Case(
                ("press",),
                lambda facts, _: not facts.loud,
                "hold",
                condition=N_("Wacht tot een journalist erom vraagt. Alleen de woordvoerder geeft deze verklaring."),
                stays=True,
            ),
        ),
    ),
    Rule(
        "press_line",
        N_(
            "Zonder ja van het slachtoffer bevestigt de school niets over wie dan ook; deze tekst is alleen voor wie belt."
        ),
        ("3.media.2",),
        (Case(("press",), lambda facts, audience: facts.consent(audience) != "granted", minimal=True),),
    ),
)

TELL_FIRST = N_("Een contactpersoon vertelt het slachtoffer eerst dat dit bericht uitgaat.")


def _told_in_full(facts: Facts, audience: str) -> bool:
    """Whether nothing in the table keeps the full text from this audience."""
    cases = (_matching(rule, facts, audience) for rule in RULES)
    return all(case is None or (case.decision == "send" and not case.minimal) for case in cases)


NOT_AHEAD = Rule(
    "not_ahead",
    N_("Website, sociale media en pers horen nooit meer dan de eigen studenten en ouders."),
    ("3.students.1",),
    (
        Case(
            ("website", "social", "press"),
            lambda facts, _: not (_told_in_full(facts, "students") and _told_in_full(facts, "parents")),
            minimal=True,
        ),
    ),
)
RELEASED = Rule(
    "released",
    N_("Vrijgegeven door {by} op {at}, in de kortste vorm."),
    (),
    (Case(tuple(AUDIENCES), _always, "send", minimal=True),),
)
NEVER_TOLD = Rule(
    "never_told",
    N_("Deze ontvangers kregen geen eerder bericht. Een vervolg zou voor hen het eerste nieuws zijn."),
    ("0.2",),
    (
        Case(
            ("teachers", *GROUP),
            lambda facts, audience: facts.incident.phase != "first" and audience not in facts.incident.sent,
            "withhold",
        ),
    ),
)


_AFTER_DEATH = {
    "Blijft binnen: dit is voor het slachtoffer zelf en voor het crisisteam.": N_(
        "Blijft binnen: dit is voor het crisisteam. Met de nabestaanden praat de contactpersoon."
    ),
    "De ouders mogen het niet weten, of het slachtoffer beslist zelf wat zij thuis horen.": N_(
        "Het is niet bekend of de ouders dit mogen horen. Bespreek het met de deskundige."
    ),
    "Vraag het slachtoffer, via de contactpersoon, of de ouders het weten, of het thuis veilig is en hoe zij het "
    "mogen horen.": N_("Bespreek met de deskundige hoe de nabestaanden dit horen en of het thuis veilig is."),
    "Het slachtoffer heeft er geen ja op gezegd; docenten krijgen alleen wat zij nodig hebben voor vragen.": N_(
        "De nabestaanden hebben er geen ja op gezegd; docenten krijgen alleen wat zij nodig hebben voor vragen."
    ),
    "Vraag de docent, via de contactpersoon, of collega's dit bericht mogen krijgen.": N_(
        "Vraag de nabestaanden, via de contactpersoon, of collega's dit bericht mogen krijgen."
    ),
    "Het slachtoffer wil het niet en de kring is klein. Er gaat niets uit.": N_(
        "De nabestaanden willen het niet en de kring is klein. Er gaat niets uit."
    ),
    "Het slachtoffer wil het niet, maar velen weten ervan of de media zijn ermee bezig. Het programma beslist dit "
    "niet: dat doet het crisisteam.": N_(
        "De nabestaanden willen het niet, maar velen weten ervan of de media zijn ermee bezig. Het programma beslist "
        "dit niet: dat doet het crisisteam."
    ),
    "Het crisisteam beslist en legt vast wie dat deed en wanneer. De contactpersoon vertelt het eerst aan "
    "het slachtoffer.": N_(
        "Het crisisteam beslist en legt vast wie dat deed en wanneer. De contactpersoon vertelt het eerst "
        "aan de nabestaanden."
    ),
    "Het slachtoffer is nog niet gevraagd wat er uit mag.": N_("De nabestaanden is nog niet gevraagd wat er uit mag."),
    "Vraag het slachtoffer, via de contactpersoon, of dit bericht uit mag.": N_(
        "Vraag de nabestaanden, via de contactpersoon, of dit bericht uit mag."
    ),
    "Er is nog geen contactpersoon, dus niemand kan het slachtoffer van tevoren inlichten.": N_(
        "Er is nog geen contactpersoon, dus niemand kan de nabestaanden van tevoren inlichten."
    ),
    "Wijs één contactpersoon aan, die het slachtoffer inlicht vóór dit bericht uitgaat.": N_(
        "Wijs één contactpersoon aan, die de nabestaanden inlicht vóór dit bericht uitgaat."
    ),
    "Thuis is het voor het slachtoffer niet veilig, of dat is nog niet gevraagd. Een bericht kan thuis terechtkomen.": N_(
        "Thuis is het niet veilig, of dat is niet bekend. Een bericht kan thuis terechtkomen."
    ),
    "Bespreek met het slachtoffer, via de contactpersoon, of dit bericht uit kan zonder dat het thuis onveiliger "
    "wordt. Veilig Thuis geeft de school advies.": N_(
        "Bespreek met de deskundige en met Veilig Thuis of dit bericht uit kan zonder dat het thuis onveiliger wordt."
    ),
    "Vraag het slachtoffer, via de contactpersoon, of het thuis veilig is.": N_(
        "Bespreek met de deskundige of het thuis veilig is."
    ),
    "Zonder ja van het slachtoffer bevestigt de school niets over wie dan ook; deze tekst is alleen voor wie belt.": N_(
        "Zonder ja van de nabestaanden bevestigt de school niets over wie dan ook; deze tekst is alleen voor wie belt."
    ),
    "Een contactpersoon vertelt het slachtoffer eerst dat dit bericht uitgaat.": N_(
        "Een contactpersoon vertelt de nabestaanden eerst dat dit bericht uitgaat."
    ),
    "Wijs één contactpersoon aan voor het slachtoffer. Bijvoorbeeld: {slb}.": N_(
        "Wijs één contactpersoon aan voor de nabestaanden. Bijvoorbeeld: {slb}."
    ),
    "Wijs één contactpersoon aan voor de docent. Bijvoorbeeld: {confidential_adviser}.": N_(
        "Wijs één contactpersoon aan voor de nabestaanden. Bijvoorbeeld: {confidential_adviser}."
    ),
    "Wijs één contactpersoon aan voor het slachtoffer. Er is een vermoeden tegen een medewerker: kies iemand die er "
    "zeker buiten staat.": N_(
        "Wijs één contactpersoon aan voor de nabestaanden. Er is een vermoeden tegen een medewerker: kies iemand die er "
        "zeker buiten staat."
    ),
    "Het slachtoffer wil niet (meer) dat er iets uitgaat, en er is al iets verstuurd: {sent}. Haal weg wat op website "
    "en sociale media staat. Vraag wie de tekst verder verspreidt daarmee te stoppen. Vertel het slachtoffer wat er al "
    "is weggehaald en wat niet.": N_(
        "De nabestaanden willen niet (meer) dat er iets uitgaat, en er is al iets verstuurd: {sent}. Haal weg wat op "
        "website en sociale media staat. Vraag wie de tekst verder verspreidt daarmee te stoppen. Vertel de nabestaanden "
        "wat er al is weggehaald en wat niet."
    ),
    "Bespreek met het slachtoffer en de politie of een melding of aangifte past. Bied het aan, dring niet aan.": N_(
        "Bespreek met de nabestaanden en de politie of een melding of aangifte past. Bied het aan, dring niet aan."
    ),
}
"""After a death the next of kin stand where the victim stood; each text of the tables that says so, by the other."""


def told(text: str, incident: Incident) -> str:
    """A text of the tables in the language of the interface; after a death it speaks of the next of kin."""
    after_death = _AFTER_DEATH.get(text)
    return _(after_death) if after_death and incident.grave == "death" else _(text)


def all_rules() -> dict[str, Rule]:
    """Every rule of the table by id, in its order."""
    return {rule.id: rule for rule in (*RULES, NOT_AHEAD, RELEASED, NEVER_TOLD)}


class Reach(NamedTuple):
    """Who exactly gets it: ``few``, ``class``, ``year``, ``everyone``, ``public`` or ``person``, and in words."""

    code: str
    text: str


class PlannedMessage(NamedTuple):
    """What the plan says of one audience. ``says``: the provisions of kind say that its text must carry."""

    audience: str
    decision: Decision
    variant: Variant
    reach: Reach
    reasons: tuple[Reason, ...]
    conditions: tuple[Condition, ...]
    order: int
    says: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The form of ``comms plan --json``."""
        return {
            "audience": self.audience,
            "decision": self.decision,
            "variant": self.variant,
            "reach": {"code": self.reach.code, "text": self.reach.text},
            "reasons": [
                {"rule": reason.rule, "text": reason.text, "provisions": list(reason.provisions)}
                for reason in self.reasons
            ],
            "conditions": [
                {"text": condition.text, "provisions": list(condition.provisions)} for condition in self.conditions
            ],
            "order": self.order,
        }


def deciding(message: PlannedMessage) -> tuple[Reason, ...]:
    """The reasons that by themselves give the decision; the others only say what else would hold."""
    rules = all_rules()
    return tuple(
        reason
        for reason in message.reasons
        if any(
            message.audience in case.audiences and case.decision == message.decision
            for case in rules[reason.rule].cases
        )
    )


def decide(incident: Incident) -> tuple[PlannedMessage, ...]:
    """What goes to each audience, in the order of sending."""
    return tuple(decide_for(incident, audience) for audience in AUDIENCES)


def decide_for(incident: Incident, audience: str) -> PlannedMessage:
    """What goes to one audience."""
    facts, outcome = Facts(incident), _Outcome()
    for rule in (*RULES, NOT_AHEAD):
        _apply(rule, facts, audience, outcome)
    _release(incident, audience, outcome)
    _apply(NEVER_TOLD, facts, audience, outcome)
    return _planned(incident, audience, outcome)


def _matching(rule: Rule, facts: Facts, audience: str) -> Case | None:
    return next((case for case in rule.cases if audience in case.audiences and case.when(facts, audience)), None)


def _apply(rule: Rule, facts: Facts, audience: str, outcome: _Outcome) -> None:
    case = _matching(rule, facts, audience)
    if case is None:
        return
    outcome.reasons.append(Reason(rule.id, told(rule.reason, facts.incident), rule.provisions))
    if case.condition:
        condition = Condition(told(case.condition, facts.incident), rule.provisions)
        outcome.conditions.append(condition)
        if case.stays:
            outcome.lasting.append(condition)
    if _STRICTNESS[case.decision] > _STRICTNESS[outcome.decision]:
        outcome.decision = case.decision
    outcome.minimal |= case.minimal
    outcome.releasable &= case.releasable


def _release(incident: Incident, audience: str, outcome: _Outcome) -> None:
    if outcome.decision != "hold" or not outcome.releasable:
        return
    if release := incident.released.get(audience):
        outcome.decision, outcome.minimal = "send", True
        text = _(RELEASED.reason).format(by=release.by, at=release.at)
        outcome.reasons.append(Reason(RELEASED.id, visible(text), RELEASED.provisions))
        outcome.conditions = [Condition(told(TELL_FIRST, incident), ("1.2", "1.3")), *outcome.lasting]


def _planned(incident: Incident, audience: str, outcome: _Outcome) -> PlannedMessage:
    variant: Variant = "minimal" if outcome.minimal else "full"
    says = () if outcome.decision == "withhold" else required_provisions(incident, audience, variant)
    conditions = [] if outcome.decision == "withhold" else outcome.conditions
    if audience == "students" and variant == "full" and "3.students.6a" not in says and says:
        conditions = [*conditions, _deletion_waits(incident)]
    return PlannedMessage(
        audience=audience,
        decision=outcome.decision,
        variant=variant,
        reach=_reach(incident, audience),
        reasons=tuple(outcome.reasons),
        conditions=tuple(conditions),
        order=list(AUDIENCES).index(audience) + 1,
        says=says,
    )


def _deletion_waits(incident: Incident) -> Condition:
    """The open condition of 2.3: the text goes without the deletion order until the police have spoken."""
    text = (
        _("De opdracht om te verwijderen staat er niet in: de politie vraagt om te bewaren.")
        if incident.police == "preserve"
        else _("De opdracht om te verwijderen staat er nog niet in: overleg eerst met de politie over bewijs.")
    )
    return Condition(text, ("2.3", "2.4", "3.students.6a"))


def required_provisions(incident: Incident, audience: str, variant: Variant) -> tuple[str, ...]:
    """The provisions of kind say that apply to a text. A closing message may leave 3.students.4 and .5 out."""
    if audience != "students":
        return _ALWAYS.get(audience, ()) + (_IN_FULL.get(audience, ()) if variant == "full" else ())
    if variant == "minimal":
        return ("3.students.6b", "3.students.9")
    death, closing = incident.grave == "death", incident.phase == "closing"
    may_delete = not death and incident.police in ("consulted", "reported")
    applies = {
        "3.students.3": True,
        "3.students.4": not closing and incident.grave == "no",
        "3.students.5": not death and not closing,
        "3.students.6a": may_delete,
        "3.students.6b": True,
        "3.students.7": not death,
        "3.students.8": may_delete,
        "3.students.9": True,
    }
    return tuple(provision for provision, holds in applies.items() if holds)


_ALWAYS: dict[str, tuple[str, ...]] = {
    "victim": ("3.victim.2",),
    "victim_parents": ("3.parents.2", "3.parents.3"),
    "teachers": ("3.teachers.1",),
    "website": ("3.general.5",),
    "social": ("3.general.5",),
}
_IN_FULL = {"parents": ("3.parents.2", "3.parents.3")}


_REACH_TEXTS: dict[tuple[str, str], str] = {
    ("teachers", "few"): N_("de docenten die erbij betrokken zijn, persoonlijk"),
    ("teachers", "class"): N_("het team van de klas"),
    ("teachers", "year"): N_("de docenten van het leerjaar"),
    ("teachers", "everyone"): N_("alle docenten en medewerkers van {group}"),
    ("students", "few"): N_("de studenten die erbij betrokken zijn, persoonlijk"),
    ("students", "class"): N_("de studenten van de klas"),
    ("students", "year"): N_("de studenten van het leerjaar"),
    ("students", "everyone"): N_("alle studenten van {group}"),
    ("parents", "few"): N_("de ouders van de minderjarige studenten die erbij betrokken zijn, persoonlijk"),
    ("parents", "class"): N_("de ouders van de minderjarige studenten van de klas"),
    ("parents", "year"): N_("de ouders van de minderjarige studenten van het leerjaar"),
    ("parents", "everyone"): N_("de ouders van alle minderjarige studenten van {group}"),
    ("victim", "person"): N_("het slachtoffer zelf, via de contactpersoon"),
    ("victim_parents", "person"): N_("de ouders van het slachtoffer, via de contactpersoon"),
    ("crisis_team", "person"): N_("alleen de leden van het crisisteam"),
    ("website", "public"): N_("wie de website van de school bezoekt"),
    ("social", "public"): N_("wie de school volgt op sociale media"),
    ("press", "public"): N_("journalisten, via de woordvoerder"),
}


def _reach(incident: Incident, audience: str) -> Reach:
    if audience in ("victim", "victim_parents", "crisis_team"):
        code = "person"
    elif audience in ("website", "social", "press"):
        code = "public"
    else:
        code = incident.scale if incident.scale in ("few", "class", "year") else "everyone"
    text = _(_REACH_TEXTS[audience, code]).format(group=incident.group or incident.school.name)
    return Reach(code, visible(text))
