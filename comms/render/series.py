"""Letters in Word to many recipients: what they have in common is rendered and deflated once.

The values of a recipient are data, as everywhere. Where one comes, a processing instruction stands in what was
rendered, which no value can contain, since values are escaped; they are put in its place and never looked through.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from html import escape
from typing import BinaryIO, Final

from markupsafe import Markup
from markupsafe import escape as escaped

from comms.archive import Entry, LargePart, Shell, Varying
from comms.characters import visible
from comms.document import Message
from comms.errors import Place, TemplateError
from comms.languages import _
from comms.markup import addressed
from comms.render.docx import Letterhead, context_of
from comms.render.tags import DECLARATION, PLACE, Tagged


def series(
    letterhead: Letterhead,
    message: Message,
    values: Mapping[str, object],
    fields: Iterable[str],
    *,
    bound: bool = False,
) -> Series | OneByOne:
    """Letters that differ only in these fields of their recipients, which message and letterhead may name.

    ``bound``: they come into one document, where each has its own numbers of pages. Raises TemplateError.
    """
    fields = tuple(fields)
    if letterhead.by_docxtpl:
        if bound:
            wrong = _(
                "dit briefpapier heeft per brief een afbeelding of Word-bestand; dat kan niet als alle brieven in één bestand komen"
            )
            raise TemplateError(Place(str(letterhead.path)), wrong)
        return OneByOne(letterhead, message, values)
    marks = {"recipient": {name: Markup(f"<?comms-value {name} ?>") for name in fields}}
    context, blocks = context_of(message, {**values, **marks}), letterhead.blocks(message)
    fixed = letterhead.properties(message)
    varying: dict[str, Tagged | list[str]] = {}
    for tagged in letterhead.tagged:
        if not tagged.source.has_tags:
            continue
        if not tagged.source.only_prints_recipient:
            varying[tagged.part] = tagged
            continue
        written = tagged.render(context)
        tagged.check(_FIELD.sub("x", written))
        content = DECLARATION + PLACE.sub(lambda place: blocks[place[1]], written)
        pieces = _FIELD.split(_of_its_section(content) if bound else content)
        if len(pieces) == 1 and tagged.part != letterhead.main:
            fixed[tagged.part] = Entry.deflated(tagged.part, pieces[0])
        else:
            varying[tagged.part] = pieces
    shared = {name: fixed.get(name, entry) for name, entry in letterhead.entries.items() if name not in varying}
    if bound:
        if others := ", ".join(name for name in varying if name != letterhead.main):
            wrong = _("{part} noemt de ontvanger; dat kan niet als alle brieven in één bestand komen")
            raise TemplateError(Place(str(letterhead.path)), wrong.format(part=others))
        for name in _HEADERS.findall("\n".join(shared)):
            content = shared[name].content().decode()
            shared[name] = Entry.deflated(name, _of_its_section(content))
    return Series(Shell(shared.values()), varying, letterhead.main, context_of(message, values), blocks)


_HEADERS: Final = re.compile(r"^word/(?:header|footer)\d*\.xml$", re.MULTILINE)


def _of_its_section(header: str) -> str:
    """A header or footer that counts the pages of its own letter when there are more in the document."""
    return re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", header)


# A field of the recipient: of a message, where text has its own way of being escaped, or of a tag.
_FIELD: Final = re.compile(r"<\?comms-((?:field|value) [a-z0-9_]+) \?>")


class Series:
    """Letters to many from one message; made by :func:`series`.

    What all have in common is rendered and compressed once. Where a condition in the letterhead asks for a value
    of the recipient, that part is rendered for each letter.
    """

    def __init__(
        self,
        shell: Shell,
        varying: Mapping[str, Tagged | list[str]],
        main: str,
        context: dict[str, object],
        blocks: dict[str, str],
    ) -> None:
        self.shell = shell
        """The parts that all letters share."""
        self.main = main
        """The name of the part that holds the text."""
        self._context = context
        self._blocks = blocks
        self._fields: list[tuple[str, str]] = []
        self._parts: list[Varying | Tagged] = []
        self._text: list[bytes | int] | Tagged
        for name, part in varying.items():
            text = part if isinstance(part, Tagged) else self._numbered(part)
            if name == main:
                self._text = text
            self._parts.append(text if isinstance(text, Tagged) else Varying(name, text))

    def letter(self, recipient: Mapping[str, str]) -> bytes:
        """The letter to a recipient, as a .docx. Raises TemplateError."""
        texts = self._texts(recipient)
        return self.shell.around(
            part.entry(texts)
            if isinstance(part, Varying)
            else Entry.deflated(part.part, self._rendered(part, recipient))
            for part in self._parts
        )

    def text(self, recipient: Mapping[str, str]) -> bytes:
        """The part that holds the text, as XML. Raises TemplateError."""
        if isinstance(self._text, Tagged):
            return self._rendered(self._text, recipient).encode()
        texts = self._texts(recipient)
        return b"".join([texts[each] if isinstance(each, int) else each for each in self._text])

    def _texts(self, recipient: Mapping[str, str]) -> list[bytes]:
        return [_written(kind, recipient[name]).encode() for kind, name in self._fields]

    def _numbered(self, pieces: list[str]) -> list[bytes | int]:
        """The pieces between fields as bytes, the fields as numbers of those that this series knows."""
        numbered: list[bytes | int] = []
        for position, piece in enumerate(pieces):
            if position % 2:
                kind, name = piece.split(" ")
                if (kind, name) not in self._fields:
                    self._fields.append((kind, name))
                numbered.append(self._fields.index((kind, name)))
            else:
                numbered.append(piece.encode())
        return numbered

    def _rendered(self, tagged: Tagged, recipient: Mapping[str, str]) -> str:
        written = tagged.render({**self._context, "recipient": recipient})
        tagged.check(written)
        content = PLACE.sub(lambda place: self._blocks[place[1]], written)
        return DECLARATION + _FIELD.sub(lambda field: _written(*_pair(field[1], recipient)), content)


class OneByOne:
    """Letters to many on a letterhead that takes docxtpl's way; each is rendered by itself."""

    def __init__(self, letterhead: Letterhead, message: Message, values: Mapping[str, object]) -> None:
        self._letterhead = letterhead
        self._message = message
        self._values = values

    def letter(self, recipient: Mapping[str, str]) -> bytes:
        """The letter to a recipient, as a .docx. Raises TemplateError."""
        return self._letterhead.render(addressed(self._message, recipient), {**self._values, "recipient": recipient})


class Bound:
    """Letters one after another in one document, to print: each begins a page and counts its own."""

    def __init__(self, file: BinaryIO, series: Series) -> None:
        self._part = LargePart(file, series.shell, series.main)
        self._tail = b""

    def add(self, series: Series, recipient: Mapping[str, str]) -> None:
        """Adds the letter to a recipient. Raises TemplateError."""
        text = series.text(recipient)
        body, end = text.index(b">", text.index(b"<w:body")) + 1, text.rindex(b"</w:body>")
        found = _LAST_SECTION.search(text, body)
        section = _counted_anew(found[0] if found else b"<w:sectPr/>")
        if self._tail:
            self._part.write(_SECTION_BREAK % section)
        else:
            self._part.write(text[:body])
        self._part.write(text[body : found.start() if found else end])
        self._tail = section + text[end:]

    def close(self) -> None:
        """Ends the document."""
        self._part.write(self._tail)
        self._part.close()


_LAST_SECTION: Final = re.compile(
    rb"<w:sectPr\b(?:[^>]*/>|(?:(?!<w:sectPr\b|</w:sectPr>).)*</w:sectPr>)(?=</w:body>)", re.DOTALL
)
_SECTION_BREAK: Final = (
    b'<w:p><w:pPr><w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>'
    b'<w:rPr><w:sz w:val="2"/></w:rPr>%s</w:pPr></w:p>'
)
_CHILD: Final = re.compile(rb"<w:\w+\b[^>]*/>|<w:(\w+)\b.*?</w:\1>", re.DOTALL)
_BEFORE_NUMBERS: Final = re.compile(
    rb"<w:(?:headerReference|footerReference|footnotePr|endnotePr|type|pgSz|pgMar|paperSrc|pgBorders|lnNumType)\b"
)


@lru_cache(maxsize=16)
def _counted_anew(section: bytes) -> bytes:
    """The properties of a section whose pages count from 1."""
    opening, rest = section[: section.index(b">") + 1], section[section.index(b">") + 1 :]
    if opening.endswith(b"/>"):
        opening = opening[:-2] + b">"
    children = [found[0] for found in _CHILD.finditer(re.sub(rb"<w:pgNumType\b[^>]*/>", b"", rest))]
    place = sum(bool(_BEFORE_NUMBERS.match(child)) for child in children)  # the schema has an order
    numbered = [*children[:place], b'<w:pgNumType w:start="1"/>', *children[place:]]
    return opening + b"".join(numbered) + b"</w:sectPr>"


def _pair(field: str, recipient: Mapping[str, str]) -> tuple[str, str]:
    kind, name = field.split(" ")
    return kind, recipient[name]


def _written(kind: str, value: str) -> str:
    """A recipient's value in the XML of a letter, as the pen writes a text or as a tag prints a value."""
    shown = visible(value)
    return escape(shown, quote=False) if kind == "field" else str(escaped(shown))
