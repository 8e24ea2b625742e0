"""The tags of a letterhead when a letter is made: what they may name, and where a mistake in one stands.

Values are data. They are escaped and never looked through again, so what docxtpl does to them after a rendering
is left out here. The blocks of a message never pass through Jinja: where they go, a processing instruction stands
in the compiled text, which no value can contain, since values are escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple, NoReturn
from xml.parsers import expat

from markupsafe import Markup
from markupsafe import escape as escaped

from comms.archive import Entry
from comms.characters import visible
from comms.document import Part
from comms.errors import Place, TemplateError
from comms.languages import _

if TYPE_CHECKING:
    from types import CodeType

    from jinja2 import Template

PARTS: Final[tuple[Part, ...]] = ("title", "date", "body", "signature")
PLACE: Final = re.compile(r"<\?comms-([a-z-]+) \?>")
"""Where blocks of the message, or the banner, come."""
PLACED: Final = tuple(f"{{{{p {part} }}}}" for part in PARTS)
DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


# What a tag left empty; docxtpl parses and writes again what it rendered, and then it looks like this.
_EMPTY: Final = re.compile(r"<w:t((?: [^<>]*)?)></w:t>")


class TagSource(NamedTuple):
    """A part of a letterhead as a Jinja template; a line of it begins with the number of its paragraph."""

    part: str
    source: str
    code: CodeType
    pieces: tuple[str, ...]
    """The text and dotted names of values in turns, when its tags are nothing else: then it needs no Jinja2, which
    takes long to load. Empty when they are more."""
    texts: tuple[str, ...]
    """What each paragraph says, to show where a mistake stands."""
    names: tuple[str, ...]
    """The values that its tags name: ``school.phone``."""
    has_tags: bool
    """Without tags, a part differs only when there is a banner to put in."""
    only_prints_recipient: bool
    """Whether it uses a recipient's values only as they are, so that no condition depends on them."""


class Compiled(NamedTuple):
    """A letterhead as letters are made from it: only texts, numbers and compiled code, so that it can be kept."""

    entries: tuple[Entry, ...]
    """Every part as it goes into a zip, the content types first as Word wants them."""
    tagged: tuple[TagSource, ...]
    styles_name: str
    styles: str
    style_ids: dict[str, str]
    """By the lower-case name of each style that a letter uses."""
    core_name: str
    by_docxtpl: bool
    """Whether a tag needs values that only docxtpl can make."""


class Tagged:
    """A part of the letterhead, ready to be filled; it knows in which paragraph a mistake stands."""

    def __init__(self, path: Path, source: TagSource) -> None:
        self.part = source.part
        self.source = source
        self.places = frozenset(PLACE.findall(source.source))
        self._path = path

    @cached_property
    def _template(self) -> Template:
        from jinja2 import Template

        from comms.render.sandbox import environment

        return Template.from_code(environment(), self.source.code, environment().make_globals(None))

    def render(self, context: Mapping[str, object]) -> str:
        """The part with the values in it, the places of blocks still open. Raises TemplateError."""
        try:
            written = self._plain(context)
            if written is None:
                written = self._template.render(context)
        except Exception as error:  # whatever an expression in the letterhead raises, it is its mistake
            where = paragraph_of(self.source.source, _line(error))
            fail(self._path, self.part, self.source.texts, where, str(error), (*PLACED, *_dotted(context)))
        return _EMPTY.sub(r"<w:t\1/>", written) if "></w:t>" in written else written

    def _plain(self, context: Mapping[str, object]) -> str | None:
        """The part when every tag names a text; else None, and Jinja writes it or tells what is wrong."""
        written = list(self.source.pieces)
        for number in range(1, len(written), 2):
            value: object = context
            for name in written[number].split("."):
                if not isinstance(value, Mapping) or name not in value or hasattr(value, name):
                    return None
                value = value[name]
            if not isinstance(value, str):
                return None
            written[number] = Markup(visible(value)) if isinstance(value, Markup) else escaped(visible(value))
        return "".join(written) if written else None

    def check(self, written: str) -> None:
        """A condition may hide a part of the message, or open in one paragraph and close in another."""
        hidden = [placed for part, placed in zip(PARTS, PLACED, strict=True) if self._hides(part, written)]
        if hidden:
            self._fail(_("een voorwaarde laat {tags} weg").format(tags=", ".join(hidden)))
        try:
            expat.ParserCreate().Parse(written, True)
        except expat.ExpatError:
            wrong = _("de tags breken de opmaak: zet {begin} en {end} in dezelfde alinea")
            self._fail(wrong.format(begin="{% if %}", end="{% endif %}"))

    def _hides(self, part: Part, written: str) -> bool:
        return part in self.places and f"<?comms-{part} ?>" not in written

    def _fail(self, wrong: str) -> NoReturn:
        fail(self._path, self.part, self.source.texts, 0, wrong)


def fail(
    path: Path, part: str, texts: tuple[str, ...], paragraph: int, wrong: str, allowed: Iterable[str] = ()
) -> NoReturn:
    """Raises TemplateError for a mistake in a paragraph, counted from 1, or in the part as a whole (0)."""
    where = part
    if paragraph:
        text = texts[paragraph - 1]
        shown = text if len(text) <= 80 else f"{text[:79]}…"
        where = _("{part}, alinea {number} (“{text}”)").format(part=part, number=paragraph, text=shown)
    names = ", ".join(allowed)
    told = _("te gebruiken: {names}").format(names=names) if names else ""
    raise TemplateError(Place(str(path)), f"{where}: {wrong}", told) from None


def paragraph_of(source: str, line: int) -> int:
    """The number of the paragraph that a line of the source belongs to; 0 when there is none."""
    for text in reversed(source.split("\n")[:line]):
        if found := re.match(r"(\d+)#\}", text):
            return int(found[1])
    return 0


def _line(error: Exception) -> int:
    """The line of the template in which an error was raised; Jinja puts frames of the template in its traceback."""
    line, step = 0, error.__traceback__
    while step is not None:
        if "__jinja_exception__" in step.tb_frame.f_globals:
            line = step.tb_lineno
        step = step.tb_next
    return line


def _dotted(values: Mapping[str, object], prefix: str = "") -> Iterator[str]:
    """The names of the values, as they are written in a tag."""
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _dotted(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}"
