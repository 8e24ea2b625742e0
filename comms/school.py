"""The school: the profile that is made in peacetime (0.1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from comms.errors import InputError, Place, Problem
from comms.fields import (
    EMAIL,
    PHONE,
    URL,
    WEBSITE,
    ByAnyName,
    ByName,
    Choice,
    Count,
    Day,
    Field,
    Group,
    Several,
    Text,
    nearest,
    read_table,
)
from comms.languages import N_, UI_LANGUAGES, _, available
from comms.reading import Node, Table, read_file

ROLES = {
    "slb": N_("studieloopbaanbegeleider"),
    "care_coordinator": N_("zorgcoördinator"),
    "care_team": N_("zorgadviesteam"),
    "confidential_adviser": N_("vertrouwenspersoon"),
    "team_leader": N_("teamleider"),
    "board": N_("college van bestuur"),
}
"""Functions that plans name, with what they are called when the profile says nothing else."""

ORGANISATIONS = (
    "helpwanted", "meldknop", "kindertelefoon", "slachtofferhulp", "csg", "veilig_thuis", "zelfmoordpreventie",
    "politie", "alarmnummer", "school_veiligheid", "vertrouwensinspecteur", "stop_online_shaming",
)  # fmt: skip
"""The organisations of ``organisations.toml``, by name here so that a plan need not read that file."""

ORGANISATION_FIELDS = (
    Field("website", WEBSITE, N_("adres van de website")),
    Field("phone", PHONE, N_("telefoonnummer")),
    Field("hours", Text(), N_("wanneer er wordt geantwoord, als tekst")),
    Field("checked_on", Day(), N_("wanneer de gegevens zijn nagekeken")),
)
ADJUSTMENT_FIELDS = (
    Field(
        "severity",
        Choice(
            {
                "off": N_("uit"),
                "info": N_("ter informatie"),
                "warning": N_("waarschuwing"),
                "error": N_("fout: houdt een tekst tegen"),
            }
        ),
        N_("hoe zwaar de regel telt"),
        required=True,
    ),
    Field("reason", Text(), N_("waarom"), required=True),
)
FIELDS = (
    Field("name", Text(), N_("naam van de school"), required=True),
    Field("place", Text(), N_("plaats van de school")),
    Field("website", WEBSITE, N_("adres van de website")),
    Field("email", EMAIL, N_("e-mailadres van de school")),
    Field("phone", PHONE, N_("telefoonnummer van de school")),
    Field("students", Count(), N_("aantal studenten")),
    Field("tips_url", URL, N_("adres van de pagina met tips voor veilig internet")),
    Field(
        "signatory",
        Group((Field("name", Text(), N_("naam ondertekenaar")), Field("role", Text(), N_("functie ondertekenaar")))),
        N_("wie de brieven ondertekent"),
    ),
    Field(
        "help",
        Group(
            (
                Field("name", Text(), N_("naam van wie studenten helpt")),
                Field("role", Text(), N_("functie van wie studenten helpt")),
                Field("phone", PHONE, N_("telefoonnummer van wie studenten helpt")),
                Field("email", EMAIL, N_("e-mailadres van wie studenten helpt")),
            )
        ),
        N_("bij wie studenten en ouders terechtkunnen"),
    ),
    Field(
        "press",
        Group(
            (
                Field("name", Text(), N_("naam woordvoerder")),
                Field("phone", PHONE, N_("telefoonnummer woordvoerder")),
                Field("email", EMAIL, N_("e-mailadres woordvoerder")),
            )
        ),
        N_("de woordvoerder voor de media"),
    ),
    Field(
        "online_responder",
        Group((Field("name", Text(), N_("naam van wie online antwoordt")),)),
        N_("wie namens de school online antwoordt (3.general.3)"),
    ),
    Field("roles", ByName(tuple(ROLES), Text()), N_("hoe functies hier heten, bijvoorbeeld slb: mentor"), default={}),
    Field("letterhead", Text(), N_("eigen briefpapier: een Word-bestand, pad vanaf dit bestand")),
    Field("templates", Text(), N_("eigen teksten: een map, pad vanaf dit bestand")),
    Field("languages", Several(Text()), N_("talen van de concepten, bijvoorbeeld [nl, en]"), default=("nl",)),
    Field(
        "organisations",
        ByName(ORGANISATIONS, Group(ORGANISATION_FIELDS)),
        N_("verbeterde gegevens van hulporganisaties, bijvoorbeeld {politie: {phone: …}}"),
        default={},
    ),
    Field(
        "review",
        Group(
            (
                Field(
                    "rules",
                    ByAnyName(Group(ADJUSTMENT_FIELDS)),
                    N_(
                        "regels van de controle die hier anders tellen, bijvoorbeeld {tone.passive: {severity: off, reason: …}}"
                    ),
                    default={},
                ),
                Field("own", Text(), N_("eigen regels: een map met nl.toml of en.toml, pad vanaf dit bestand")),
            )
        ),
        N_("wat de school aan de controle verandert"),
    ),
)


class Adjustment(NamedTuple):
    """How heavy a rule of the review counts at this school, and why; ``off`` switches it off."""

    severity: str
    reason: str
    place: Place


class Review(NamedTuple):
    """What the school changes in the review: rules by id, and the folder of its own."""

    rules: Mapping[str, Adjustment] = MappingProxyType({})
    own: Path | None = None


class Contact(NamedTuple):
    """Someone who can be reached; None where the profile says nothing."""

    name: str | None = None
    role: str | None = None
    phone: str | None = None
    email: str | None = None


_NOBODY = Contact()
_UNCHANGED = Review()


@dataclass(frozen=True, slots=True)
class School:
    """A school's profile. Only ``name`` is required; what is missing is a visible gap in the drafts."""

    name: str
    place: str | None = None
    website: str | None = None
    email: str | None = None
    phone: str | None = None
    students: int | None = None
    tips_url: str | None = None
    signatory: Contact = _NOBODY
    help: Contact = _NOBODY
    press: Contact = _NOBODY
    online_responder: Contact = _NOBODY
    roles: Mapping[str, str] | None = None
    letterhead: Path | None = None
    templates: Path | None = None
    languages: tuple[str, ...] = ("nl",)
    organisations: Mapping[str, Mapping[str, Any]] | None = None
    review: Review = _UNCHANGED

    @classmethod
    def load(cls, path: Path | str) -> "School":
        """A profile file. Raises InputError, with all mistakes at once."""
        path, problems = Path(path), list[Problem]()
        made = read_school(read_file(path), path.parent, "", problems)
        if problems or made is None:
            raise InputError(problems)
        return made

    def names(self) -> tuple[str, ...]:
        """Names that any text may hold, since they tell nothing of whom it is about: of the school, and of whom to turn to."""
        people = (self.signatory, self.help, self.press, self.online_responder)
        return tuple(each for each in (self.name, self.place, *(person.name for person in people)) if each)

    def is_complete(self) -> bool:
        """Whether every value that a letter can name is there."""
        people = (self.signatory.name, self.signatory.role, self.help.name, self.help.role, self.help.phone)
        contacts = (self.help.email, self.press.name, self.press.phone, self.press.email)
        return None not in (self.website, self.phone, self.tips_url, *people, *contacts)

    def role(self, name: str) -> str:
        """What a function is called at this school, in the language of the interface where it is our own word."""
        return (self.roles or {}).get(name) or _(ROLES[name])


def read_school(node: Node, base: Path, path: str, problems: list[Problem]) -> School | None:
    """The profile in the node; paths in it start at ``base``, fields are told under ``path``. None without a name."""
    values = read_table(node, FIELDS, path, problems)
    for key in ("signatory", "help", "press", "online_responder"):
        values[key] = Contact(**(values[key] or {}))
    within = f"{path}." if path else ""
    values["review"] = _review(values["review"], node, base, within, problems)
    for key, is_there, wrong in (
        ("letterhead", Path.is_file, N_("dit Word-bestand is er niet: {path}")),
        ("templates", Path.is_dir, N_("deze map is er niet: {path}")),
    ):
        if values[key] is None:
            continue
        values[key] = base / values[key]
        if not _exists(values[key], is_there):
            problems.append(Problem(_place(node, key), within + key, _(wrong).format(path=values[key])))
    values["languages"] = values["languages"] or ("nl",)
    for code in values["languages"]:
        if code not in UI_LANGUAGES and code not in available():  # the first are always there
            wrong = _("de taal {code} is er niet").format(code=code)
            allowed = _("toegestaan: {words}").format(words=", ".join(available()))
            hint = nearest(code, available())
            problems.append(Problem(_place(node, "languages"), f"{within}languages", wrong, allowed, hint))
    return School(**values) if values["name"] is not None else None


def _review(given: Mapping[str, Any] | None, node: Node, base: Path, within: str, problems: list[Problem]) -> Review:
    if given is None:
        return Review()
    table = _inner(node, "review")
    places = _inner(table, "rules")
    rules = {
        name: Adjustment(each["severity"], each["reason"], _place(places, name))
        for name, each in given["rules"].items()
        if each["severity"] and each["reason"]
    }
    own = base / given["own"] if given["own"] else None
    if own is not None and not _exists(own, Path.is_dir):
        wrong = _("deze map is er niet: {path}").format(path=own)
        problems.append(Problem(_place(table, "own"), f"{within}review.own", wrong))
    return Review(rules, own)


def _inner(node: Node, key: str) -> Node:
    entry = node.get(key) if isinstance(node, Table) else None
    return entry.value if entry else node


def _exists(path: Path, is_there: Any) -> bool:
    try:
        return bool(is_there(path))
    except (OSError, ValueError):  # a name that no file can have
        return False


def _place(node: Node, key: str) -> Place:
    entry = node.get(key) if isinstance(node, Table) else None
    return entry.value.place if entry else node.place
