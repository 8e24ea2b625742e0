"""Plan and texts in, a message out.

The texts are Jinja2 around passages of Markdown. A template decides nothing: its conditions stand around
passages and ask the incident and the plan. A passage's body is looked up in the school's own texts, then
in the language's catalogue, and compiled by itself, so that a mistake in it is reported at its line.

Values are data. In the Markdown they are only numbered marks; they enter the runs after it is parsed,
so nothing in a value can become markup, whatever it holds.
"""

from __future__ import annotations

import re
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn
from urllib.parse import quote

import jinja2
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.ext import Extension
from jinja2.loaders import FileSystemLoader
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from comms import languages, resources
from comms.characters import visible
from comms.decisions import PlannedMessage
from comms.document import Banner, Block, BlockKind, Message, Part, Passage, Run
from comms.errors import Place, TemplateError, UnknownNameError
from comms.fields import Field, Group, nearest
from comms.incident import Incident
from comms.languages import _, told_in
from comms.organisations import organisations
from comms.school import FIELDS, School

NAMES = ("incident", "message", "plan", "school", "organisations", "date", "next_update", "group")
"""What templates may use."""

PARTS: tuple[Part, ...] = ("title", "date", "body", "signature")

# Private-use characters around the number of a value; a text that holds one itself is refused.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}([0-9]+){_CLOSE}")
_PRIVATE = re.compile("[\ue000-\uf8ff]")
_PASSAGE = re.compile(
    r"""\{%\s*passage\s+"(?P<id>[^"]*)"(?:\s+carries\s+"(?P<carries>[^"]*)")?(?:\s+in\s+"(?P<part>[^"]*)")?\s*%\}"""
    r"""(?P<body>.*?)\{%\s*endpassage\s*%\}""",
    re.DOTALL,
)
# A value as nearly every body names it: a dotted name, no part of which is private.
_NAME = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*\}\}")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)
_SCHEMES = ("https://", "http://", "mailto:", "tel:")


class Gap(str):
    """A value that the profile lacks, as the visible gap that stands in its place."""

    __slots__ = ()

    @classmethod
    def named(cls, label: str) -> Gap:
        return cls(f"【{label}】")


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
    if found := _PRIVATE.search(source):
        raise TemplateError(
            _place(source, found.start(), file), _("hier staat een teken uit het vrije gebied van Unicode")
        )
    found_passages = []
    for match in _PASSAGE.finditer(source):
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


def _place(source: str, position: int, file: str) -> Place:
    return Place(file, source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position))


class _Missing(StrictUndefined):
    """A name that does not exist; says which do."""

    @property
    def _undefined_message(self) -> str:
        owner = self._undefined_obj
        if type(owner).__name__ == "MissingType":
            known = list(NAMES)
        elif hasattr(owner, "__slots__") or hasattr(owner, "_fields"):
            known = list(getattr(owner, "_fields", owner.__slots__))
        else:
            known = sorted(each for each in getattr(owner, "__dict__", ()) if not each.startswith("_"))
        told = _("de naam “{name}” bestaat niet; namen die bestaan: {names}")
        return told.format(name=self._undefined_name, names=", ".join(known))


class _Passages(Extension):
    """``{% passage "id" carries "3.students.9" in "body" %}``: what is said, where it comes in the order."""

    tags = {"passage"}  # noqa: RUF012  Jinja declares it so

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _PASSAGE.sub(self._without_body, source)

    @staticmethod
    def _without_body(match: re.Match[str]) -> str:
        return match[0].replace(match["body"], "\n" * match["body"].count("\n"), 1)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        passage_id = parser.parse_primary()
        while not parser.stream.current.test("block_end"):
            next(parser.stream)
        parser.parse_statements(("name:endpassage",), drop_needle=True)
        call = self.call_method("_say", [nodes.ContextReference(), passage_id], lineno=line)
        return nodes.ExprStmt(call, lineno=line)

    def _say(self, context: Context, passage_id: str) -> None:
        context["_spoken"].append(passage_id)


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox in which templates run, ours and a school's own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=_Missing, trim_blocks=True, lstrip_blocks=True, **options)
        self.globals.clear()


class _Structure(_Environment):
    """Conditions around passages."""

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        emptied = super().preprocess(source, name, filename)
        # Once tags and comments are gone nothing may be left: a text outside a passage would never be shown.
        left = _TAG.sub(lambda match: "\n" * match[0].count("\n"), emptied)
        if left.strip():
            line = left[: len(left) - len(left.lstrip())].count("\n") + 1
            raise TemplateSyntaxError(_("hier staat tekst buiten een passage"), line, name, filename)
        return emptied


class _Compiled(BytecodeCache):
    """Templates as the build compiled them, since compiling them takes longer than the rest of a draft.

    A file counts only for the very text, Python and Jinja it was made from; without one Jinja compiles as ever.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "compiled"

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name.replace('/', '.')}.{sys.implementation.cache_tag}.jinja-{jinja2.__version__}"

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), (self._folder / bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Only the build writes."""


def compile_templates() -> dict[str, bytes]:
    """The compiled templates by file name, for the build to put in the folder ``compiled`` beside them."""
    environment, cache = _structure(), _Compiled(Path())
    compiled = {}
    for name in environment.list_templates(["j2"]):
        source, _filename, _uptodate = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        bucket = Bucket(environment, cache.get_cache_key(name), cache.get_source_checksum(source))
        bucket.code = environment.compile(source, name, name)  # no path of the building machine
        compiled[bucket.key] = bucket.bytecode_to_string()
    return compiled


class _Bodies(_Environment):
    """A passage's text with values."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for each in tree.body:
            if not isinstance(each, nodes.Output):
                raise TemplateSyntaxError(_("voorwaarden staan om een passage heen, niet erin"), each.lineno)
        return tree


@pass_context
def _mark(context: Context, value: object) -> str:
    return _mark_of(value, context["_values"])


def _mark_of(value: object, values: list[object]) -> str:
    """A value's mark in the text that Markdown sees; the value itself waits in the list."""
    if isinstance(value, Undefined):
        str(value)  # raises, and names what does exist
    values.append(value)
    return f"{_OPEN}{len(values) - 1}{_CLOSE}"


@cache
def _structure() -> _Structure:
    folder = resources.folder("templates") / "messages"
    return _Structure(
        loader=FileSystemLoader(folder), extensions=[_Passages], auto_reload=False, bytecode_cache=_Compiled(folder)
    )


@cache
def _bodies() -> _Bodies:
    return _Bodies(finalize=_mark)


@cache
def all_passages() -> dict[str, PassageSource]:
    """Every passage of our own texts by id. Raises TemplateError when an id stands twice."""
    folder = resources.folder("templates") / "messages"
    found: dict[str, PassageSource] = {}
    for path in sorted(folder.rglob("*.md.j2")):
        for passage in passages_in(path.read_text("utf-8"), str(path)):
            if passage.id in found:
                wrong = _("de passage “{id}” staat ook in {file}").format(id=passage.id, file=found[passage.id].file)
                raise TemplateError(Place(passage.file, passage.line, 1), wrong)
            found[passage.id] = passage
    return found


def audiences_with_text() -> tuple[str, ...]:
    """The audiences for which there is a text, in alphabetical order."""
    folder = resources.folder("templates") / "messages"
    return tuple(sorted(path.name.removesuffix(".md.j2") for path in folder.glob("*.md.j2")))


def own_passages(folder: Path) -> dict[tuple[str, str], PassageSource]:
    """A school's own passages by id and language, from ``<folder>/<language>/*.md.j2``. Raises TemplateError."""
    stamp = tuple((str(path), path.stat().st_mtime_ns) for path in sorted(folder.rglob("*.md.j2")))
    return _own_passages(folder, stamp)


@lru_cache(maxsize=8)
def _own_passages(folder: Path, stamp: tuple[tuple[str, int], ...]) -> dict[tuple[str, str], PassageSource]:
    found: dict[tuple[str, str], PassageSource] = {}
    for name, _mtime in stamp:
        path = Path(name)
        language = path.relative_to(folder).parts[0]
        if language not in languages.available():
            wrong = _("eigen teksten staan in een map met de code van hun taal")
            known = _("toegestaan: {words}").format(words=", ".join(languages.available()))
            raise TemplateError(Place(name), wrong, known)
        for passage in _read_own(path):
            found[passage.id, language] = passage
    return found


def _read_own(path: Path) -> list[PassageSource]:
    try:
        source = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(Place(str(path)), _("het bestand is geen UTF-8; sla het op als UTF-8")) from error
    environment = _Structure(extensions=[_Passages])
    try:
        environment.parse(source, filename=str(path))
    except TemplateSyntaxError as error:
        _report_syntax(error, str(path))
    passages = passages_in(source, str(path))
    for passage in passages:
        ours = all_passages().get(passage.id)
        if ours is None:
            wrong = _("er is geen passage “{id}”").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong, nearest(passage.id, all_passages()))
        if passage.provisions and passage.provisions != ours.provisions:
            wrong = _("de passage “{id}” voert andere bepalingen uit").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong, "carries " + " ".join(ours.provisions))
        if not passage.body:
            wrong = _("de passage “{id}” is leeg").format(id=passage.id)
            raise TemplateError(Place(str(path), passage.line, 1), wrong)
    return passages


def compose(
    incident: Incident,
    messages: tuple[PlannedMessage, ...],
    audience: str,
    language: str,
    banner: Banner | None = None,
) -> Message:
    """The message for one audience in one language. Raises TemplateError and UnknownNameError.

    ``messages`` is the whole plan, since what one audience reads must agree with what the others do.
    """
    _check_language(language)
    school = incident.school
    own = own_passages(school.templates) if school.templates else {}
    view = _view(incident, messages, audience, language)
    spoken = _spoken(audience, view)
    passages = tuple(_passage(passage_id, language, own, view) for passage_id in spoken)
    return Message(
        audience=audience,
        language=language,
        direction=languages.available()[language].direction,
        passages=passages,
        author=visible(school.name),
        date=incident.date.isoformat(),
        banner=banner,
    )


def _check_language(language: str) -> None:
    if language not in languages.available():
        wrong = _("de taal {code} is er niet").format(code=language)
        known = _("toegestaan: {words}").format(words=", ".join(languages.available()))
        raise UnknownNameError(f"{wrong}; {known}")


def _spoken(audience: str, view: dict[str, Any]) -> list[str]:
    """The ids of the passages that the conditions let through, in order."""
    spoken: list[str] = []
    template = _structure().get_template(f"{audience}.md.j2")
    template.render(view, _spoken=spoken)
    return spoken


def _passage(
    passage_id: str, language: str, own: Mapping[tuple[str, str], PassageSource], view: dict[str, Any]
) -> Passage:
    source = all_passages()[passage_id]
    text = _text(passage_id, language, own)
    values: list[object] = []
    rendered = text.render(view, values) if isinstance(text, _Text) else text
    try:
        skeleton = _parsed(rendered)
    except ValueError as error:
        place = Place(source.file, source.line, 1) if not isinstance(text, _Text) else text.place
        raise TemplateError(place, str(error)) from error
    blocks = tuple(Block(each.kind, _filled(each.pieces, values), each.level) for each in skeleton)
    return Passage(passage_id, source.provisions, blocks, source.part)


@dataclass(frozen=True, slots=True)
class _Text:
    """A body that names values, and where it stands. ``template`` is None when each value is only a dotted name."""

    body: str
    template: Template | None
    place: Place

    def render(self, view: dict[str, Any], values: list[object]) -> str:
        """The Markdown with a mark for each value; the values go into the list. Raises TemplateError."""
        try:
            if self.template is None:
                return _NAME.sub(lambda match: _mark_of(_look_up(match[1], view), values), self.body)
            return self.template.render(view, _values=values).strip()
        except Exception as error:  # an expression in a school's own text can fail in any way
            raise self._failed(error) from error

    def _failed(self, error: Exception) -> TemplateError:
        line = self.place.line
        if self.template is None:
            for match in _NAME.finditer(self.body):
                if f"“{match[1].split('.')[-1]}”" in str(error):
                    line += self.body.count("\n", 0, match.start())
                    break
        else:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno or 0 for frame in frames if frame.filename == self.place.file]
            line = lines[-1] if lines else line
        told = str(error) if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"
        return TemplateError(Place(self.place.file, line, 1), told)


def _look_up(name: str, view: dict[str, Any]) -> object:
    """What Jinja would find under a dotted name; compiling an expression costs more than all the rest of a message."""
    first, *rest = name.split(".")
    owner: Any = view[first] if first in view else _Missing(name=first)
    for attribute in rest:
        owner = getattr(owner, attribute) if hasattr(owner, attribute) else _Missing(obj=owner, name=attribute)
    return owner


def _text(passage_id: str, language: str, own: Mapping[tuple[str, str], PassageSource]) -> str | _Text:
    """A body: the school's own, or ours in the language. A text without values is itself."""
    mine = own.get((passage_id, language))
    if mine:
        return _compiled(mine.body, mine.file, mine.line)
    if (passage_id, languages.SOURCE) in own:
        ours = own[passage_id, languages.SOURCE]
        wrong = _("de eigen passage “{id}” heeft geen vertaling in {language}").format(id=passage_id, language=language)
        allowed = _("zet haar ook in de map {language}").format(language=language)
        raise TemplateError(Place(ours.file, ours.line, 1), wrong, allowed)
    source = all_passages()[passage_id]
    if language == languages.SOURCE:
        return _compiled(source.body, source.file, source.line)
    translated = languages.translated_passage(passage_id, source.body, language)
    if translated is None:
        wrong = _("de passage “{id}” is niet vertaald in {language}").format(id=passage_id, language=language)
        raise TemplateError(Place(source.file, source.line, 1), wrong)
    return _compiled(translated, f"locales/{language}/LC_MESSAGES/messages.po ({passage_id})", 1)


@lru_cache(maxsize=4096)
def _compiled(body: str, file: str, line: int) -> str | _Text:
    if "{" not in body:
        return body
    place = Place(file, line, 1)
    if "{" not in _NAME.sub("", body):
        return _Text(body, None, place)
    environment = _bodies()
    padded = "\n" * (line - 1) + body  # so that Jinja's line numbers are those of the file
    try:
        code = environment.compile(padded, file, file)
    except TemplateSyntaxError as error:
        _report_syntax(error, file)
    return _Text(body, Template.from_code(environment, code, {}), place)


def _report_syntax(error: TemplateSyntaxError, file: str) -> NoReturn:
    raise TemplateError(Place(error.filename or file, error.lineno, 1), str(error.message)) from error


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of parsed Markdown, its values still marks."""

    text: str
    bold: bool
    href: str


@dataclass(frozen=True, slots=True)
class _Skeleton:
    kind: BlockKind
    level: int
    pieces: tuple[_Piece, ...]


@lru_cache(maxsize=4096)
def _parsed(text: str) -> tuple[_Skeleton, ...]:
    """The blocks of a Markdown text, once for each distinct text. Raises ValueError at what a message can't have."""
    parser = _markdown()
    parser.reset()
    root = parser.parser.parseDocument(text.split("\n")).getroot()
    for processor in parser.treeprocessors:
        changed = processor.run(root)
        root = root if changed is None else changed
    return tuple(_blocks(root))


@cache
def _markdown() -> Any:
    """Headings, paragraphs, bullets, bold and links; everything else of Markdown is plain text here."""
    from markdown import Markdown

    parser = Markdown()
    registries: tuple[tuple[Any, tuple[str, ...]], ...] = (
        (parser.preprocessors, ()),
        (parser.parser.blockprocessors, ("empty", "hashheader", "ulist", "paragraph")),
        (parser.inlinePatterns, ("escape", "link", "linebreak", "em_strong")),
        (parser.treeprocessors, ("inline", "unescape")),
    )
    for registry, wanted in registries:
        for name in [each.name for each in registry._priority]:
            if name not in wanted:
                registry.deregister(name)
    return parser


def _blocks(root: Any) -> Iterator[_Skeleton]:
    for element in root:
        if element.tag == "p":
            yield _skeleton("paragraph", 0, element)
        elif element.tag in ("h1", "h2", "h3"):
            yield _skeleton("heading", int(element.tag[1]), element)
        elif element.tag == "ul":
            for item in element:
                inner = item[0] if len(item) == 1 and item[0].tag == "p" and not (item.text or "").strip() else item
                yield _skeleton("bullet", 0, inner)
        else:
            raise ValueError(_("een bericht heeft geen “{tag}”").format(tag=element.tag))


def _skeleton(kind: BlockKind, level: int, element: Any) -> _Skeleton:
    return _Skeleton(kind, level, tuple(_pieces(element, False, "")))


def _pieces(element: Any, bold: bool, href: str) -> Iterator[_Piece]:
    if element.text:
        yield _Piece(_unwrapped(element.text), bold, href)
    for child in element:
        after = child.tail or ""
        if child.tag == "strong":
            yield from _pieces(child, True, href)
        elif child.tag == "a":
            yield from _pieces(child, bold, child.get("href") or "")
        elif child.tag == "br":
            yield _Piece("\n", bold, href)
            after = after.lstrip("\n")
        else:
            raise ValueError(_("een bericht heeft geen “{tag}”").format(tag=child.tag))
        if after:
            yield _Piece(_unwrapped(after), bold, href)


def _unwrapped(text: str) -> str:
    """A line end inside a paragraph of a template is only a space."""
    return re.sub("[ \n]+", " ", text)


def _filled(pieces: tuple[_Piece, ...], values: list[object]) -> tuple[Run, ...]:
    """The runs of a block: values in the place of their marks, neighbours that look alike in one."""
    runs: list[Run] = []
    for piece in pieces:
        href = _address(piece.href, values)
        if piece.text == "\n":
            runs.append(Run("\n"))
            continue
        for number, text in enumerate(_MARK.split(piece.text)):
            value = values[int(text)] if number % 2 else text
            gap = isinstance(value, Gap)
            run = Run(visible(str(value)), piece.bold, "" if gap else href, gap)
            last = runs[-1] if runs else None
            if last and last.text != "\n" and (last.bold, last.href, last.gap) == (run.bold, run.href, run.gap):
                runs[-1] = Run(last.text + run.text, run.bold, run.href, run.gap)
            elif run.text:
                runs.append(run)
    return tuple(runs)


def _address(href: str, values: list[object]) -> str:
    """A link's address with its values; nothing when one is a gap or the scheme is not of the few allowed."""
    parts = [values[int(text)] if number % 2 else text for number, text in enumerate(_MARK.split(href))]
    if any(isinstance(part, Gap) for part in parts):
        return ""
    address = quote("".join(visible(str(part)) for part in parts), safe="%/:=&?~#+!$,;@", encoding="utf-8")
    return address if address.lower().startswith(_SCHEMES) else ""


def _view(incident: Incident, messages: tuple[PlannedMessage, ...], audience: str, language: str) -> dict[str, Any]:
    """What the templates see. A missing value of the profile is a gap, labelled in the language of the draft."""
    school = incident.school
    plan = {message.audience: message for message in messages}
    moment = incident.next_update
    return {
        "incident": incident,
        "message": plan[audience],
        "plan": SimpleNamespace(**plan),
        "school": school_view(school, language),
        "organisations": SimpleNamespace(**dict(_organisation_views(school, language))),
        "date": languages.long_date(incident.date, language),
        "next_update": moment
        and SimpleNamespace(day=languages.weekday_and_date(moment.date(), language), time=f"{moment:%H:%M}"),
        "group": incident.group or school.name,
    }


def school_view(school: School, language: str) -> SimpleNamespace:
    """The profile as templates and letterheads see it: every value a text, a missing one a visible gap."""
    view: SimpleNamespace = _with_gaps(school, FIELDS, language)
    if not isinstance(view.website, Gap):
        view.website = view.website.removeprefix("https://").removeprefix("http://").rstrip("/")
    return view


def _with_gaps(owner: Any, its_fields: tuple[Field, ...], language: str) -> SimpleNamespace:
    view = SimpleNamespace()
    for each in its_fields:
        value = getattr(owner, each.name)
        if isinstance(each.kind, Group):
            value = _with_gaps(value, each.kind.fields, language)
        elif value is None:
            value = Gap.named(told_in(language, each.about))
        elif isinstance(value, str) and value.startswith("【") and value.endswith("】"):
            value = Gap(value)  # a profile fresh from ``comms init`` says itself what is to be filled in
        setattr(view, each.name, value)
    return view


def _organisation_views(school: School, language: str) -> Iterator[tuple[str, SimpleNamespace]]:
    for key, organisation in organisations(school).items():
        view = SimpleNamespace(name=organisation.name)
        for name, fact in organisation.facts.items():
            ours = name == "hours" and fact.source != "school" and language != languages.SOURCE
            translated = (
                languages.translated_passage(f"organisation.{key}.hours", fact.value, language) if ours else None
            )
            setattr(view, name, translated or fact.value)
        yield key, view
