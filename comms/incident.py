"""The facts of an incident, with their cautious defaults: unknown never means yes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple

from comms.errors import InputError, Place, Problem
from comms.fields import (
    YES_NO_LABELS,
    ByName,
    Choice,
    Day,
    Field,
    Group,
    Moment,
    Several,
    Text,
    Untouched,
    YesNo,
    read_table,
    scalars,
)
from comms.languages import N_, _
from comms.protected import contains, folded
from comms.reading import List, Node, Scalar, Table, from_python, read_file, read_lines, read_standard_input, read_text
from comms.school import School, read_school

Consent = Literal["granted", "refused", "not_asked"]

AUDIENCES: dict[str, str] = {
    "victim": N_("slachtoffer"),
    "victim_parents": N_("ouders van het slachtoffer"),
    "crisis_team": N_("crisisteam"),
    "teachers": N_("docenten"),
    "students": N_("studenten"),
    "parents": N_("ouders"),
    "website": N_("website"),
    "social": N_("sociale media"),
    "press": N_("pers"),
}
"""Who can get a message, in the order of sending, with their name in Dutch."""

_CONSENT = {"granted": N_("akkoord"), "refused": N_("geweigerd"), "not_asked": N_("nog niet gevraagd")}
_KNOWN = {"no": N_("nee"), "yes": N_("ja"), "unknown": N_("onbekend")}

VICTIM_FIELDS = (
    Field("role", Choice({"student": N_("student"), "teacher": N_("docent")}), N_("student of docent"), "student"),
    Field(
        "age",
        Choice({"minor": N_("minderjarig"), "adult": N_("volwassen"), "unknown": N_("onbekend")}),
        N_("leeftijd: onbekend telt voor de wet als minderjarig, voor wat ouders horen als volwassen"),
        "unknown",
    ),
    Field(
        "consent",
        Choice(_CONSENT),
        N_("wat het slachtoffer wil; na een overlijden: de nabestaanden (1.3)"),
        "not_asked",
    ),
    Field(
        "consent_for",
        ByName(tuple(AUDIENCES), Choice(_CONSENT)),
        N_("wat voor één ontvanger anders is, bijvoorbeeld {press: refused}"),
        {},
    ),
    Field("unsafe_at_home", Choice(_KNOWN), N_("is het thuis onveilig?"), "unknown"),
    Field(
        "parents",
        Choice({"know": N_("weten het"), "not_to_know": N_("mogen het niet weten"), "unknown": N_("onbekend")}),
        N_("weten de ouders van het slachtoffer het?"),
        "unknown",
    ),
)

FIELDS = (
    Field("school", Untouched(), N_("het schoolprofiel: pad vanaf dit bestand, of het profiel zelf"), required=True),
    Field("group", Text(), N_("wie hier “iedereen” is, bijvoorbeeld locatie Zuid; anders de hele school")),
    Field("date", Day(), N_("datum van het bericht; anders vandaag")),
    Field(
        "phase",
        Choice({"first": N_("eerste bericht"), "update": N_("vervolgbericht"), "closing": N_("afsluitend bericht")}),
        N_("het hoeveelste bericht"),
        "first",
    ),
    Field("sent", Several(Choice(AUDIENCES)), N_("wie al een eerder bericht kreeg"), ()),
    Field(
        "material",
        Choice({"sexual": N_("seksueel"), "other": N_("niet seksueel"), "unknown": N_("onbekend")}),
        N_("wat voor beelden"),
        "unknown",
    ),
    Field(
        "origin",
        Choice(
            {
                "forwarded": N_("doorgestuurd"),
                "threat": N_("dreigement: er is nog niets verspreid"),
                "deepfake": N_("deepfake: nep of bewerkt"),
                "unknown": N_("onbekend"),
            }
        ),
        N_("hoe het is ontstaan"),
        "unknown",
    ),
    Field(
        "scale",
        Choice(
            {
                "few": N_("enkelen"),
                "class": N_("klas"),
                "year": N_("leerjaar"),
                "school": N_("hele school"),
                "public": N_("openbaar"),
                "unknown": N_("onbekend"),
            }
        ),
        N_("wie het heeft gezien; bij een dreigement: wie ervan weet"),
        required=True,
    ),
    Field(
        "media",
        Choice(
            {
                "none": N_("geen"),
                "expected": N_("verwacht"),
                "asking": N_("stellen vragen"),
                "published": N_("hebben gepubliceerd"),
            }
        ),
        N_("of de media ermee bezig zijn"),
        required=True,
    ),
    Field(
        "police",
        Choice(
            {
                "not_consulted": N_("nog niet gesproken"),
                "consulted": N_("geraadpleegd"),
                "preserve": N_("vraagt om te bewaren"),
                "reported": N_("melding of aangifte gedaan"),
            }
        ),
        N_("contact met de politie (2.3, 2.4)"),
        "not_consulted",
    ),
    Field(
        "suspect",
        Choice(
            {
                "unknown": N_("onbekend"),
                "student": N_("student"),
                "staff": N_("medewerker"),
                "outsider": N_("iemand van buiten"),
            }
        ),
        N_("tegen wie er een vermoeden is"),
        "unknown",
    ),
    Field(
        "inspector_consulted",
        YesNo(YES_NO_LABELS),
        N_("is de vertrouwensinspecteur geraadpleegd? (bij een vermoeden tegen een medewerker)"),
        False,
    ),
    Field("contact_appointed", YesNo(YES_NO_LABELS), N_("is er één contactpersoon voor het slachtoffer? (1.2)"), False),
    Field(
        "grave",
        Choice(
            {
                "no": N_("nee"),
                "attempt": N_("poging tot suïcide"),
                "death": N_("overlijden door suïcide"),
                "other": N_("iets anders zeer ernstigs"),
            }
        ),
        N_("is het zeer ernstig? (2.7)"),
        "no",
    ),
    Field("outside_expert", YesNo(YES_NO_LABELS), N_("is er al een deskundige van buiten bij? (2.7)"), False),
    Field("several_victims", YesNo(YES_NO_LABELS), N_("meer slachtoffers? Dan telt de strengste wens"), False),
    Field("victim", Group(VICTIM_FIELDS), N_("over het slachtoffer")),
    Field(
        "released",
        ByName(
            tuple(AUDIENCES),
            Group(
                (
                    Field("by", Text(), N_("wie het besloot"), required=True),
                    Field("at", Text(), N_("wanneer het werd besloten"), required=True),
                )
            ),
        ),
        N_("wat het crisisteam vrijgaf, bijvoorbeeld {students: {by: naam of functie, at: 2026-11-20 14:00}}"),
        {},
    ),
    Field("next_update", Moment(), N_("dag en tijd van het volgende bericht, bijvoorbeeld 2026-11-21 16:00")),
    Field("protected", Untouched(), N_("woorden die in geen tekst mogen staan: een bestand of een lijst")),
)
"""Every fact of the incident file. ``school`` and ``protected`` also take what :func:`read` makes of them."""


class Release(NamedTuple):
    """The crisis team let a held message go: who decided and when, as typed."""

    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Victim:
    """What is known of the one in the images. With several victims the strictest wish of all."""

    role: Literal["student", "teacher"] = "student"
    age: Literal["minor", "adult", "unknown"] = "unknown"
    consent: Consent = "not_asked"
    consent_for: Mapping[str, Consent] = field(default_factory=dict)
    unsafe_at_home: Literal["no", "yes", "unknown"] = "unknown"
    parents: Literal["know", "not_to_know", "unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Incident:
    """The facts that matter, each with its cautious default. Words and meaning: ``comms schema incident``."""

    school: School
    scale: Literal["few", "class", "year", "school", "public", "unknown"]
    media: Literal["none", "expected", "asking", "published"]
    date: date
    group: str | None = None
    phase: Literal["first", "update", "closing"] = "first"
    sent: tuple[str, ...] = ()
    material: Literal["sexual", "other", "unknown"] = "unknown"
    origin: Literal["forwarded", "threat", "deepfake", "unknown"] = "unknown"
    police: Literal["not_consulted", "consulted", "preserve", "reported"] = "not_consulted"
    suspect: Literal["unknown", "student", "staff", "outsider"] = "unknown"
    inspector_consulted: bool = False
    contact_appointed: bool = False
    grave: Literal["no", "attempt", "death", "other"] = "no"
    outside_expert: bool = False
    several_victims: bool = False
    victim: Victim = Victim()
    released: Mapping[str, Release] = field(default_factory=dict)
    next_update: datetime | None = None
    protected: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: Path | str) -> "Incident":
        """The facts of an incident file (YAML, or JSON by its suffix; ``-`` is YAML on standard input).

        Raises InputError with every mistake of the file and of the profile that it names.
        """
        path = Path(path)
        node = read_standard_input() if str(path) == "-" else read_file(path)
        return read(node, path.parent)

    @classmethod
    def load_text(cls, text: str, path: Path) -> "Incident":
        """The facts of an incident file's text, as if it stood at the path. Raises InputError."""
        return read(read_text(text, str(path)), path.parent)

    @classmethod
    def from_dict(cls, facts: Mapping[str, Any], base: Path | str = ".") -> "Incident":
        """The facts in a mapping with the keys and values of an incident file; paths start at ``base``.

        Raises InputError; a place is then the field itself.
        """
        return read(from_python(dict(facts), Place(_("gegevens"))), Path(base))

    def with_facts(self, **facts: Any) -> "Incident":
        """A copy in which some facts differ; for tools that ask “what if”."""
        return replace(self, **facts)


def read(node: Node, base: Path) -> Incident:
    """The incident in the nodes of a file, checked as a whole; paths in it start at ``base``. Raises InputError."""
    problems: list[Problem] = []
    if isinstance(node, Table) and node.get("name") and not node.get("scale"):
        wrong = _("dit is een schoolprofiel, geen incident; noem het in een incidentbestand onder school")
        raise InputError([Problem(node.place, "", wrong)])
    values = read_table(node, FIELDS, "", problems)
    words = _read_protected(values.pop("protected"), base, problems)
    school, profile = _read_profile(values.pop("school"), base, problems)
    for source in (_without(node, ("school", "protected")), profile):
        _refuse_protected(source, words, problems)
    if problems or school is None:
        raise InputError(dict.fromkeys(_unspoken(problem, words) for problem in problems))
    victim = Victim(**_given(values.pop("victim") or {}))
    released = {audience: Release(**given) for audience, given in values.pop("released").items()}
    values["date"] = values["date"] or date.today()
    return Incident(school=school, victim=victim, released=released, protected=words, **values)


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _without(node: Node, names: tuple[str, ...]) -> Node:
    if not isinstance(node, Table):
        return node
    return Table(node.place, tuple(entry for entry in node.entries if entry.key not in names))


def _read_profile(node: Node | None, base: Path, problems: list[Problem]) -> tuple[School | None, Node | None]:
    """The school, from the profile itself or from the file that the text names, and the profile's nodes."""
    if node is None:  # it was told that the field is missing
        return None, None
    if not isinstance(node, Scalar):
        return read_school(node, base, "school", problems), node
    path = base / str(node.text)
    try:
        profile = read_file(path)
    except InputError as error:
        problems.append(Problem(node.place, "school", _("het profiel {path} is niet te lezen").format(path=path)))
        problems.extend(error.problems)
        return None, None
    return read_school(profile, path.parent, "", problems), profile


def _read_protected(node: Node | None, base: Path, problems: list[Problem]) -> tuple[str, ...]:
    """The protected words, from a list or from the lines of a file; each has a letter or digit to be known by."""
    if node is None:
        return ()
    if isinstance(node, List):
        words = tuple(Several(Text()).read(node, "protected", problems))
    elif isinstance(node, Scalar):
        path = base / str(node.text)
        try:
            lines = (line.strip() for line in read_lines(path).splitlines())
            words = tuple(line for line in lines if line and not line.startswith("#"))
        except InputError as error:
            problems.append(Problem(node.place, "protected", _("{path} is niet te lezen").format(path=path)))
            problems.extend(error.problems)
            return ()
    else:
        problems.append(Problem(node.place, "protected", _("hier hoort een bestand of een lijst")))
        return ()
    if any(not folded(word) for word in words):
        wrong = _("een woord zonder letter of cijfer kan niet worden beschermd")
        problems.append(Problem(node.place, "protected", wrong))
    return words


def _refuse_protected(node: Node | None, words: tuple[str, ...], problems: list[Problem]) -> None:
    for path, place, text in scalars(node) if node and words else ():
        if contains(text, words):
            problems.append(_protected_here(place, path))


def _unspoken(problem: Problem, words: tuple[str, ...]) -> Problem:
    """The problem without what would repeat a protected word, be it as a value, a key or a path."""
    place, name = problem.place, problem.field
    if contains(place.file, words):
        place = Place("…", place.line, place.column)
    if contains(name, words):
        name = "…"
    if contains(f"{problem.wrong} {problem.allowed} {problem.suggestion}", words):
        return _protected_here(place, name)
    return Problem(place, name, problem.wrong, problem.allowed, problem.suggestion)


def _protected_here(place: Place, name: str) -> Problem:
    wrong = _("hier staat een beschermd woord, en dat mag in geen tekst komen")
    return Problem(place, name, wrong, _("schrijf het anders of haal het weg"))
