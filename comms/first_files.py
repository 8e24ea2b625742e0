"""The first files of a school: a commented profile and incident file, made from the fields themselves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comms import incident, resources, school
from comms.fields import Field, Group
from comms.languages import N_, _

_PROFILE_START = {"name", "place", "website", "email", "phone", "tips_url", "signatory", "help", "press"}
_INTRODUCTIONS = {
    "school.yaml": N_(
        "Het profiel van de school. Vul het in als er niets aan de hand is (0.1).\nWat leeg blijft, staat in de concepten als een zichtbaar gat."
    ),
    "incident.yaml": N_(
        "De feiten van het incident. Alleen school, scale en media zijn nodig.\nWat u weglaat, krijgt de voorzichtigste waarde: onbekend is nooit ja."
    ),
    "protected.txt": N_(
        "Namen, bijnamen, klassen en accounts die in geen enkele tekst mogen komen, één per regel.\nDit bestand gaat nooit mee naar anderen."
    ),
}


def first_files() -> dict[str, bytes]:
    """Name and content of what ``comms init`` writes, in the language of the interface."""
    return {
        "school.yaml": _document("school.yaml", _profile()),
        "incident.yaml": _document("incident.yaml", _facts()),
        "protected.txt": _document("protected.txt", iter(())),
        "letterhead.docx": (resources.folder("templates") / "letterhead.docx").read_bytes(),
        ".gitignore": b"protected.txt\nincident*.yaml\ndrafts/\nletters/\n.merge/\n*.csv\n*.xlsx\n",
    }


def _document(name: str, lines: Iterator[str]) -> bytes:
    introduction = [f"# {line}" for line in _(_INTRODUCTIONS[name]).split("\n")]
    return ("\n".join([*introduction, "", *lines]).rstrip("\n") + "\n").encode()


def _profile() -> Iterator[str]:
    for each in school.FIELDS:
        if each.name == "letterhead":
            yield from _commented(each, "letterhead.docx", active=True)
        elif isinstance(each.kind, Group):
            yield "# " + _(each.about)
            yield f"{each.name}:"
            for inner in each.kind.fields:
                yield f"  {inner.name}:    # " + _(inner.about)
            yield ""
        elif each.name == "name":
            # Between these brackets a value counts as a gap, so that a fresh profile gives drafts at once.
            yield from _commented(each, f"【{_(each.about)}】", active=True)
        else:
            yield from _commented(each, "", active=each.name in _PROFILE_START)


def _facts() -> Iterator[str]:
    given = {"school": "school.yaml", "scale": "unknown", "media": "expected", "protected": "protected.txt"}
    for each in incident.FIELDS:
        if isinstance(each.kind, Group):
            yield "# " + _(each.about)
            yield f"{each.name}:"
            for inner in each.kind.fields:
                yield from (f"  {line}".rstrip() for line in _commented(inner, _written(inner.default), active=False))
        else:
            yield from _commented(each, given.get(each.name, _written(each.default)), active=each.name in given)


def _commented(each: Field, value: str, *, active: bool) -> Iterator[str]:
    yield "# " + _(each.about)
    labels = getattr(each.kind, "labels", {})
    for word, label in labels.items():
        yield f"#   {word}: " + _(label)
    yield f"{'' if active else '# '}{each.name}: {value}".rstrip()
    yield ""


def _written(default: Any) -> str:
    if default is None:
        return ""
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple):
        return f"[{', '.join(default)}]"
    return "{}" if isinstance(default, dict) else str(default)
