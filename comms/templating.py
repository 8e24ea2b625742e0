"""Jinja2 as our texts use it: a sandbox that asks and never calls, conditions around passages, values in bodies.

Loading Jinja2 takes longer than composing a letter, so this module is imported only where the build kept nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from typing import Any, NoReturn, cast

import jinja2
from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes, pass_context
from jinja2.bccache import Bucket, BytecodeCache
from jinja2.ext import Extension
from jinja2.loaders import FileSystemLoader
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import missing

from comms import conditions, kept, resources
from comms.errors import Place, TemplateError
from comms.languages import _
from comms.markup import MergeField, NoTextError, checked_mark, no_text
from comms.passages import PASSAGE

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

_TAG = re.compile(r"\{%.*?%\}|\{#.*?#\}", re.DOTALL)


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
        return PASSAGE.sub(self._without_body, source)

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
        return f"{name.replace('/', '.')}.{kept.made_with('comms.templating', 'comms.passages', 'jinja2.compiler', 'jinja2.bccache')}"

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
    """What the build keeps of the templates of messages, by file name: plain conditions as such, the others compiled."""
    environment = structure()
    plain: dict[str, tuple[bytes, tuple[conditions.Step, ...]]] = {}
    others = []
    for name in environment.list_templates(["j2"]):
        source, _filename, _uptodate = environment.loader.get_source(environment, name)  # type: ignore[union-attr]
        try:
            plain[name] = source.encode(), tuple(_steps(environment.parse(source, name).body))
        except NotImplementedError:
            others.append(name)
    # A school that changes a template, or a template that includes another, still has Jinja read these.
    return compiled_templates(environment, [*plain, *others]) | dict([conditions.keep(plain)])


def _steps(body: Iterable[nodes.Node]) -> Iterator[conditions.Step]:
    """What conditions around passages do. Raises NotImplementedError where they do more than compare."""
    for node in body:
        if isinstance(node, nodes.If):
            branches = [(node.test, node.body), *((each.test, each.body) for each in node.elif_)]
            asked: list[tuple[Any, Any]] = [(_condition(test), tuple(_steps(then))) for test, then in branches]
            yield conditions.IF, (*asked, (None, tuple(_steps(node.else_))))
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            yield conditions.SET, node.target.name, _condition(node.node)
        elif isinstance(node, nodes.Include) and isinstance(node.template, nodes.Const) and node.with_context:
            yield conditions.INCLUDE, node.template.value
        elif isinstance(node, nodes.ExprStmt) and isinstance(node.node, nodes.Call):
            _context, passage_id, handed = cast("list[Any]", node.node.args)
            yield conditions.SAY, passage_id.value, tuple(pair.key.value for pair in handed.items)
        elif not (isinstance(node, nodes.Output) and all(isinstance(each, nodes.TemplateData) for each in node.nodes)):
            raise NotImplementedError(node)


def _condition(node: nodes.Node) -> conditions.Condition:
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op in conditions.COMPARED:
        return conditions.COMPARE, _condition(node.expr), node.ops[0].op, _condition(node.ops[0].expr)
    if isinstance(node, nodes.Getattr):
        return conditions.ATTRIBUTE, _condition(node.node), node.attr
    if isinstance(node, nodes.Name):
        return conditions.NAME, node.name
    if isinstance(node, nodes.Const):
        return conditions.CONST, node.value
    if isinstance(node, nodes.Tuple):
        return conditions.TUPLE, tuple(map(_condition, node.items))
    if isinstance(node, nodes.Not):
        return conditions.NOT, _condition(node.node)
    if isinstance(node, (nodes.And, nodes.Or)):
        both = _condition(node.left), _condition(node.right)
        return (conditions.AND if isinstance(node, nodes.And) else conditions.OR), *both
    raise NotImplementedError(node)


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
    if isinstance(value, Undefined):
        str(value)  # raises, and names what does exist
    return checked_mark(value, context["_values"])


class _Group:
    """What an expression sees of something that is no text: the names in it, and never the whole as a text."""

    def __init__(self, owner: object) -> None:
        self._owner = owner

    def __getattr__(self, name: str) -> object:
        return _guarded(getattr(self._owner, name))

    def _refuse(self, *_arguments: object) -> NoReturn:
        raise NoTextError(no_text())

    __str__ = __repr__ = __format__ = __iter__ = __html__ = __bytes__ = _refuse


def _guarded(value: object) -> object:
    return value if isinstance(value, (str, int, Undefined, MergeField)) or value is None else _Group(value)


@cache
def structure() -> _Structure:
    folder = resources.folder("templates") / "messages"
    return _Structure(
        loader=FileSystemLoader(folder), extensions=[_Passages], auto_reload=False, bytecode_cache=CompiledTemplates()
    )


@cache
def _bodies() -> _Bodies:
    return _Bodies(finalize=_mark)


def spoken(template: str, view: Mapping[str, Any]) -> list[tuple[str, dict[str, object]]]:
    """The ids of the passages that a template's conditions let through, in order, with what loops hand to each."""
    found: list[tuple[str, dict[str, object]]] = []
    structure().get_template(template).render(view, _spoken=found)
    return found


@cache
def asked(template: str) -> Mapping[str, tuple[str, ...]]:
    """What the conditions around each passage of a template ask, those of earlier branches among them, each once.

    A dotted name, as ``incident.scale``; a provision that they look for stands after a space, as
    ``message.says 3.students.4``.
    """
    found: dict[str, dict[str, None]] = {}
    _walk(_tree_of(template).body, (), {}, found)
    return {passage_id: tuple(names) for passage_id, names in found.items()}


def _tree_of(template: str) -> nodes.Template:
    environment = structure()
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
            _walk(_tree_of(node.template.value).body, so_far, dict(sets), found)
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
    if name := dotted(node):
        return sets.get(name, (name,))
    return tuple(name for child in node.iter_child_nodes() for name in _names(child, sets))


def dotted(node: nodes.Node) -> str:
    """A name as it is written, ``school.phone``; empty when it is something else."""
    if isinstance(node, nodes.Name):
        return node.name
    owner = dotted(node.node) if isinstance(node, nodes.Getattr) else ""
    return f"{owner}.{node.attr}" if owner else ""  # type: ignore[attr-defined]  # it is a Getattr


def check_structure(source: str, file: str) -> None:
    """Raises TemplateError where a file of a school's own passages is no such file."""
    try:
        _Structure(extensions=[_Passages]).parse(source, filename=file)
    except TemplateSyntaxError as error:
        _report_syntax(error, file)


def compiled_body(body: str, place: Place) -> Template:
    """A passage's body with expressions in it. Raises TemplateError."""
    environment = _bodies()
    padded = "\n" * ((place.line or 1) - 1) + body  # so that Jinja's line numbers are those of the file
    try:
        code = environment.compile(padded, place.file, place.file)
    except TemplateSyntaxError as error:
        _report_syntax(error, place.file)
    return Template.from_code(environment, code, {})


def guarded(view: Mapping[str, object]) -> dict[str, object]:
    """What a body with expressions sees."""
    return {name: _guarded(value) for name, value in view.items()}


def unknown(name: str, owner: object = missing) -> NoReturn:
    """Raises Jinja's error for a name that does not exist, with those that do."""
    str(_Missing(name=name) if owner is missing else _Missing(obj=owner, name=name))
    raise AssertionError(name)


def _report_syntax(error: TemplateSyntaxError, file: str) -> NoReturn:
    raise TemplateError(Place(error.filename or file, error.lineno, 1), str(error.message)) from error
