"""Passages: where they stand, which of them are spoken, and what each says in a language.

The texts are Jinja2 around passages of Markdown. A template decides nothing: its conditions stand around
passages and ask the incident and the plan. A passage's body is looked up in the school's own texts, then
in the language's catalogue, and compiled by itself, so that a mistake in it is reported at its line.
"""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NoReturn

import jinja2
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.ext import Extension
from jinja2.loaders import FileSystemLoader
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from comms import kept, languages, resources
from comms.document import Part
from comms.errors import Place, TemplateError
from comms.fields import nearest
from comms.languages import _
from comms.markup import PRIVATE, MergeField, NoTextError, keep, mark

NAMES = (
    "incident",
    "message",
    "plan",
    "messages",
    "actions",
    "calls",
    "facts",
    "roles",
    "school",
    "organisations",
    "date",
    "next_update",
    "group",
    "recipient",
    "salutation",
)
"""What templates may use."""

PARTS: tuple[Part, ...] = ("title", "date", "body", "signature")

_PASSAGE = re.compile(
    r"""\{%\s*passage\s+"(?P<id>[^"]*)"(?:\s+carries\s+"(?P<carries>[^"]*)")?(?:\s+in\s+"(?P<part>[^"]*)")?"""
    r"""(?:\s+with\s+[a-z_ ]+?)?\s*%\}"""
    r"""(?P<body>.*?)\{%\s*endpassage\s*%\}""",
    re.DOTALL,
)
# A value as nearly every body names it: a dotted name, no part of which is private.
_NAME = re.compile(r"\{\{\s*([a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*)\s*\}\}")
_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


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
    if len(re.findall(r"\{%\s*passage\b", source)) != len(_PASSAGE.findall(source)):
        opened = next(
            match for match in re.finditer(r"\{%\s*passage\b", source) if not _whole_passage(source, match.start())
        )
        raise TemplateError(
            _place(source, opened.start(), file),
            _("deze passage is niet af"),
            '{% passage "id" %} … {% endpassage %}',
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


def _whole_passage(source: str, start: int) -> bool:
    match = _PASSAGE.match(source, start)
    return match is not None and "{% passage" not in match["body"]


def _place(source: str, position: int, file: str) -> Place:
    return Place(file, source.count("\n", 0, position) + 1, position - source.rfind("\n", 0, position))


class _Missing(StrictUndefined):
    """A name that does not exist; says which do."""

    @property
    def _undefined_message(self) -> str:
        owner = self._undefined_obj
        owner = owner._owner if isinstance(owner, _Group) else owner
        if owner is missing:
            known = list(NAMES)
        elif hasattr(owner, "__slots__") or hasattr(owner, "_fields"):
            known = list(getattr(owner, "_fields", None) or owner.__slots__)
        else:
            known = sorted(each for each in getattr(owner, "__dict__", ()) if not each.startswith("_"))
        told = _("de naam “{name}” bestaat niet; namen die bestaan: {names}")
        return told.format(name=self._undefined_name, names=", ".join(known))


class _Passages(Extension):
    """``{% passage "id" carries "3.students.9" in "body" with action %}``: what is said, where it comes in the order.

    ``with`` hands variables of a loop to the passage.
    """

    tags = {"passage"}  # noqa: RUF012  Jinja declares it so

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        return _PASSAGE.sub(self._without_body, source)

    @staticmethod
    def _without_body(match: re.Match[str]) -> str:
        return match[0].replace(match["body"], "\n" * match["body"].count("\n"), 1)

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        passage_id = parser.parse_primary()
        while not parser.stream.current.test_any("block_end", "name:with"):
            next(parser.stream)
        handed = []
        if parser.stream.skip_if("name:with"):
            while parser.stream.current.test("name"):
                name = next(parser.stream).value
                handed.append(nodes.Pair(nodes.Const(name), nodes.Name(name, "load")))
        parser.parse_statements(("name:endpassage",), drop_needle=True)
        values = nodes.Dict(handed)
        call = self.call_method("_say", [nodes.ContextReference(), passage_id, values], lineno=line)
        return nodes.ExprStmt(call, lineno=line)

    def _say(self, context: Context, passage_id: str, values: dict[str, object]) -> None:
        context["_spoken"].append((passage_id, values))


class _Environment(ImmutableSandboxedEnvironment):
    """The sandbox in which templates run, ours and a school's own."""

    def __init__(self, **options: Any) -> None:
        super().__init__(undefined=_Missing, trim_blocks=True, lstrip_blocks=True, **options)
        self.globals.clear()

    def is_safe_callable(self, obj: Any) -> bool:
        """A template calls nothing; only its own tags do."""
        return isinstance(getattr(obj, "__self__", None), _Passages)


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


class CompiledTemplates(BytecodeCache):
    """Templates as the build compiled them, since compiling them takes longer than the rest of a draft.

    A file counts only for the very text and for what it was made with; without one Jinja compiles as ever.
    """

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        return f"{name.replace('/', '.')}.{kept.made_with('comms.passages', 'jinja2.compiler', 'jinja2.bccache')}"

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), (kept.folder() / bucket.key).open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Only the build writes."""


def compiled_templates(environment: jinja2.Environment, names: Iterable[str]) -> dict[str, bytes]:
    """Templates of an environment, compiled, by the name of the file that the build keeps each in."""
    made = {}
    for name in names:
        source, _filename, _uptodate = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        cache = CompiledTemplates()
        bucket = Bucket(environment, cache.get_cache_key(name), cache.get_source_checksum(source))
        bucket.code = environment.compile(source, name, name)  # no path of the building machine
        made[bucket.key] = bucket.bytecode_to_string()
    return made


def to_keep() -> dict[str, bytes]:
    """What the build makes of the templates of messages, by file name: conditions compiled, passages parsed."""
    files = compiled_templates(_structure(), _structure().list_templates(["j2"]))
    for language in languages.available():
        bodies = (text(passage_id, language, {}) for passage_id in all_passages())
        name, content = keep((each.marked() for each in bodies if each.template is None), language)
        files[name] = content
    return files


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
    return _checked_mark(value, context["_values"])


def _checked_mark(value: object, values: list[object]) -> str:
    if isinstance(value, Undefined):
        str(value)  # raises, and names what does exist
    if not isinstance(value, (str, int, MergeField)):
        raise NoTextError(_no_text())
    return mark(value, values)


def _no_text() -> str:
    return _("hier staat geen tekst maar een groep; kies een naam eruit")


class _Group:
    """What an expression sees of something that is no text: the names in it, and never the whole as a text."""

    def __init__(self, owner: object) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> object:
        return _guarded(getattr(self._owner, name))

    def _refuse(self, *_arguments: object) -> NoReturn:
        raise NoTextError(_no_text())

    __str__ = __repr__ = __format__ = __iter__ = __html__ = __bytes__ = _refuse


def _guarded(value: object) -> object:
    return value if isinstance(value, (str, int, Undefined, MergeField)) or value is None else _Group(value)


@cache
def _structure() -> _Structure:
    folder = resources.folder("templates") / "messages"
    return _Structure(
        loader=FileSystemLoader(folder), extensions=[_Passages], auto_reload=False, bytecode_cache=CompiledTemplates()
    )


@cache
def _bodies() -> _Bodies:
    return _Bodies(finalize=_mark)


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
        _refuse_double(passage, found.setdefault(passage.id, passage))
    return found


def _refuse_double(passage: PassageSource, earlier: PassageSource) -> None:
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
            _refuse_double(passage, found.setdefault(passage.id, passage))
    return found


def spoken(template: str, view: Mapping[str, Any]) -> list[tuple[str, dict[str, object]]]:
    """The ids of the passages that a template's conditions let through, in order, with what loops hand to each."""
    found: list[tuple[str, dict[str, object]]] = []
    _structure().get_template(template).render(view, _spoken=found)
    return found


@cache
def asked(template: str) -> Mapping[str, tuple[str, ...]]:
    """What the conditions around each passage of a template ask, those of earlier branches among them, each once.

    A dotted name, as ``incident.scale``; a provision that they look for stands after a space, as
    ``message.says 3.students.4``.
    """
    found: dict[str, dict[str, None]] = {}
    _walk(_parsed(template).body, (), {}, found)
    return {passage_id: tuple(names) for passage_id, names in found.items()}


def _parsed(template: str) -> nodes.Template:
    environment = _structure()
    source, filename, _uptodate = environment.loader.get_source(environment, template)  # type: ignore[union-attr]
    return environment.parse(source, template, filename)


def _walk(
    body: Iterable[nodes.Node],
    so_far: tuple[str, ...],
    sets: dict[str, tuple[str, ...]],
    found: dict[str, dict[str, None]],
) -> None:
    """``sets``: what the values ask that a template gave a name."""
    for node in body:
        if isinstance(node, nodes.If):
            inner = so_far + _names(node.test, sets)
            _walk(node.body, inner, sets, found)
            for branch in node.elif_:
                inner += _names(branch.test, sets)
                _walk(branch.body, inner, sets, found)
            _walk(node.else_, inner, sets, found)
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            sets[node.target.name] = _names(node.node, sets)
        elif isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const):
            _walk(_parsed(node.template.value).body, so_far, dict(sets), found)
        elif isinstance(node, nodes.For):
            _walk(node.body, so_far, sets, found)
        elif isinstance(node, nodes.ExprStmt) and isinstance(node.node, nodes.Call):
            passage_id = node.node.args[1]
            assert isinstance(passage_id, nodes.Const)
            found.setdefault(passage_id.value, {}).update(dict.fromkeys(so_far))


def _names(node: nodes.Node, sets: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The dotted names in an expression."""
    if isinstance(node, nodes.Compare) and isinstance(node.expr, nodes.Const):
        return tuple(f"{name} {node.expr.value}" for each in node.ops for name in _names(each.expr, sets))
    name = _dotted(node)
    if name is not None:
        return sets.get(name, (name,))
    return tuple(name for child in node.iter_child_nodes() for name in _names(child, sets))


def _dotted(node: nodes.Node) -> str | None:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr) and (owner := _dotted(node.node)) is not None:
        return f"{owner}.{node.attr}"
    return None


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
            _refuse_double(passage, found.setdefault((passage.id, language), passage))
    return found


def _read_own(path: Path) -> list[PassageSource]:
    try:
        source = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise TemplateError(Place(str(path)), _("het bestand is geen UTF-8; sla het op als UTF-8")) from error
    passages = passages_in(source, str(path))
    try:
        _Structure(extensions=[_Passages]).parse(source, filename=str(path))
    except TemplateSyntaxError as error:
        _report_syntax(error, str(path))
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


@dataclass(frozen=True, slots=True)
class Text:
    """A body that names values, and where it stands. ``template`` is None when each value is only a dotted name."""

    body: str
    template: Template | None
    place: Place

    def render(self, view: dict[str, Any], values: list[object]) -> str:
        """The Markdown with a mark for each value; the values go into the list. Raises TemplateError."""
        if self.template is None:
            return _NAME.sub(lambda match: self._named(match, view, values), self.body)
        try:
            return self.template.render({name: _guarded(value) for name, value in view.items()}, _values=values).strip()
        except Exception as error:  # an expression in a school's own text can fail in any way
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno or 0 for frame in frames if frame.filename == self.place.file]
            raise self._failed(error, lines[-1] if lines else self.place.line) from error

    def marked(self) -> str:
        """The Markdown with a mark for each value, when each is only a dotted name."""
        values: list[object] = []
        return _NAME.sub(lambda match: mark(match[1], values), self.body)

    def _named(self, match: re.Match[str], view: dict[str, Any], values: list[object]) -> str:
        try:
            return _checked_mark(_look_up(match[1], view), values)
        except Exception as error:
            raise self._failed(error, self.place.line + self.body.count("\n", 0, match.start())) from error

    def _failed(self, error: Exception, line: int) -> TemplateError:
        told = str(error) if isinstance(error, (JinjaError, NoTextError)) else f"{type(error).__name__}: {error}"
        return TemplateError(Place(self.place.file, line, 1), told)


def _look_up(name: str, view: dict[str, Any]) -> object:
    """What Jinja would find under a dotted name; compiling an expression costs more than all the rest of a message."""
    first, *rest = name.split(".")
    owner: Any = view[first] if first in view else _Missing(name=first)
    for attribute in rest:
        owner = getattr(owner, attribute) if hasattr(owner, attribute) else _Missing(obj=owner, name=attribute)
    return owner


def text(passage_id: str, language: str, own: Mapping[tuple[str, str], PassageSource]) -> Text:
    """A body: the school's own, or ours in the language."""
    mine = own.get((passage_id, language))
    if mine:
        return _compiled(mine.body, mine.file, mine.line)
    if (passage_id, languages.SOURCE) in own:
        ours = own[passage_id, languages.SOURCE]
        wrong = _("de eigen passage “{id}” heeft geen vertaling in {language}").format(id=passage_id, language=language)
        allowed = _("zet haar ook in de map {language}").format(language=language)
        raise TemplateError(Place(ours.file, ours.line, 1), wrong, allowed)
    source = source_of(passage_id)
    if language == languages.SOURCE:
        return _compiled(source.body, source.file, source.line)
    translated = languages.translated_passage(passage_id, source.body, language)
    if translated is None:
        wrong = _("de passage “{id}” is niet vertaald in {language}").format(id=passage_id, language=language)
        raise TemplateError(Place(source.file, source.line, 1), wrong)
    return _compiled(translated, f"locales/{language}/LC_MESSAGES/messages.po ({passage_id})", 1)


@lru_cache(maxsize=4096)
def _compiled(body: str, file: str, line: int) -> Text:
    place = Place(file, line, 1)
    if "{" not in _NAME.sub("", body):
        return Text(body, None, place)
    environment = _bodies()
    padded = "\n" * (line - 1) + body  # so that Jinja's line numbers are those of the file
    try:
        code = environment.compile(padded, file, file)
    except TemplateSyntaxError as error:
        _report_syntax(error, file)
    return Text(body, Template.from_code(environment, code, {}), place)


def _report_syntax(error: TemplateSyntaxError, file: str) -> NoReturn:
    raise TemplateError(Place(error.filename or file, error.lineno, 1), str(error.message)) from error
