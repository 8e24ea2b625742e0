"""Passages of our own texts: where they stand, and what each carries out.

The texts are Jinja2 around passages of Markdown. A template decides nothing: its conditions stand around
passages and ask the incident and the plan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from comms import resources
from comms.document import Part
from comms.errors import Place, TemplateError
from comms.languages import _
from comms.markup import PRIVATE

PARTS: tuple[Part, ...] = ("title", "date", "body", "signature")

PASSAGE = re.compile(
    r"""\{%\s*passage\s+"(?P<id>[^"]*)"(?:\s+carries\s+"(?P<carries>[^"]*)")?(?:\s+in\s+"(?P<part>[^"]*)")?"""
    r"""(?:\s+with\s+[a-z_ ]+?)?\s*%\}"""
    r"""(?P<body>.*?)\{%\s*endpassage\s*%\}""",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class PassageSource:
    """A passage as it stands in a template file: its body in Markdown with ``{{ values }}``, from which line."""

    id: str
    provisions: tuple[str, ...]
    part: Part
    body: str
    file: str
    line: int


def passages_in(source: str, file: str) -> list[PassageSource]:
    """The passages of a template file's text, in order. Raises TemplateError at what is wrong with one."""
    if found := PRIVATE.search(source):
        raise TemplateError(
            _place(source, found.start(), file), _("hier staat een teken uit het vrije gebied van Unicode")
        )
    if len(re.findall(r"\{%\s*passage\b", source)) != len(PASSAGE.findall(source)):
        opened = next(
            match for match in re.finditer(r"\{%\s*passage\b", source) if not _whole_passage(source, match.start())
        )
        raise TemplateError(
            _place(source, opened.start(), file),
            _("deze passage is niet af"),
            '{% passage "id" %} … {% endpassage %}',
        )
    found_passages = []
    for match in PASSAGE.finditer(source):
        raw = match["body"]
        line = source.count("\n", 0, match.start("body") + len(raw) - len(raw.lstrip())) + 1
        part = match["part"] or "body"
        if part not in PARTS:
            wrong = _("“{part}” is geen deel van een bericht").format(part=part)
            raise TemplateError(Place(file, line, 1), wrong, _("toegestaan: {words}").format(words=", ".join(PARTS)))
        provisions = tuple((match["carries"] or "").split())
        body = "\n".join(each.strip() if not each.endswith("  ") else each.lstrip() for each in raw.strip().split("\n"))
        found_passages.append(PassageSource(match["id"], provisions, part, body, file, line))
    return found_passages


def _whole_passage(source: str, start: int) -> bool:
    match = PASSAGE.match(source, start)
    return match is not None and "{% passage" not in match["body"]


def _place(source: str, position: int, file: str) -> Place:
    return Place(file, source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position))


@cache
def source_of(passage_id: str) -> PassageSource:
    """A passage of our own texts. An id begins with the name of its file, so that few files are read for a draft."""
    folder = resources.folder("templates") / "messages"
    name = passage_id.split(".")[0]
    for path in (folder / f"{name}.md.j2", folder / "documents" / f"{name}.md.j2", folder / "shared" / f"{name}.md.j2"):
        if found := _passages_of(path).get(passage_id):
            return found
    return all_passages()[passage_id]


@cache
def _passages_of(path: Path) -> dict[str, PassageSource]:
    """The passages of one file by id. Raises TemplateError when an id stands twice."""
    found: dict[str, PassageSource] = {}
    for passage in passages_in(path.read_text("utf-8"), str(path)) if path.is_file() else ():
        refuse_double(passage, found.setdefault(passage.id, passage))
    return found


def refuse_double(passage: PassageSource, earlier: PassageSource) -> None:
    if earlier is not passage:
        wrong = _("de passage “{id}” staat ook in {file}").format(id=passage.id, file=earlier.file)
        raise TemplateError(Place(passage.file, passage.line, 1), wrong)


@cache
def all_passages() -> dict[str, PassageSource]:
    """Every passage of our own texts by id. Raises TemplateError when an id stands twice."""
    folder = resources.folder("templates") / "messages"
    found: dict[str, PassageSource] = {}
    for path in sorted(folder.rglob("*.md.j2")):
        for passage in _passages_of(path).values():
            refuse_double(passage, found.setdefault(passage.id, passage))
    return found
