"""Word: a message on a school's letterhead.

Reading, checking and compiling a letterhead takes as long as docxtpl takes for a letter, and happens once; a
letter then costs a Jinja rendering and a deflate of the parts that differ, all others are passed on as they were
compressed. Of letters to many, what they have in common is rendered and deflated once too.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import unquote

from markupsafe import Markup
from markupsafe import escape as escaped

from comms.characters import visible
from comms.document import Banner, Block, Message, Part, Run
from comms.errors import Place, TemplateError
from comms.languages import _
from comms.render.tags import DECLARATION, PARTS, PLACE, Tagged
from comms.render.zipping import Entry, LargePart, Shell, Varying, zipped

_LANGUAGE_TAGS: Final = {"nl": "nl-NL", "en": "en-GB"}
_HEADINGS: Final = 5


class Letterhead:
    """A school's letterhead, compiled once; renders any number of letters."""

    def __init__(self, path: Path) -> None:
        """Reads, checks and compiles the file; ``TemplateError`` says what is wrong with it, and where."""
        from comms.render.letterhead import compiled

        made = compiled(path)
        self._path = path
        self._entries = {entry.name.decode(): entry for entry in made.entries}
        self._by_docxtpl = made.by_docxtpl
        self._main = made.tagged[0].part
        self._tagged = tuple(Tagged(path, source) for source in made.tagged)
        self._styles_name, self._styles, self._style_ids = made.styles_name, made.styles, made.style_ids
        self._core_name = made.core_name
        self.names = frozenset(name for source in made.tagged for name in source.names)
        """The values that it names, as written in its tags: ``school.phone``."""
        self._spoken: dict[tuple[str, bool], Entry] = {}
        self._last: dict[str, tuple[str, Entry]] = {}

    def render(self, message: Message, values: Mapping[str, object]) -> bytes:
        """The message as a .docx: the same bytes for the same message, values and letterhead.

        ``values`` are what the letterhead may name next to the parts of the message: texts, in nested mappings.
        """
        context, blocks = _context(message, values), self._blocks(message)
        fresh = self._properties(message)
        if self._by_docxtpl:
            return self._rendered_by_docxtpl(message, context, blocks, fresh)
        for tagged in self._tagged:
            if tagged.source.has_tags or message.banner:
                fresh[tagged.part] = self._filled(tagged, context, blocks)
        return zipped(fresh.get(name, entry) for name, entry in self._entries.items())

    def series(
        self, message: Message, values: Mapping[str, object], fields: Iterable[str], *, bound: bool = False
    ) -> Series | OneByOne:
        """Letters that differ only in these fields of their recipients, which message and letterhead may name.

        ``bound``: they come into one document, where each has its own numbers of pages. Raises TemplateError.
        """
        fields = tuple(fields)
        if self._by_docxtpl:
            if bound:
                wrong = _(
                    "dit briefpapier heeft per brief een afbeelding of Word-bestand; dat kan niet als alle brieven in één bestand komen"
                )
                raise TemplateError(Place(str(self._path)), wrong)
            return OneByOne(self, message, values)
        marks = {"recipient": {name: Markup(f"<?comms-value {name} ?>") for name in fields}}
        context, blocks = _context(message, {**values, **marks}), self._blocks(message)
        fixed = self._properties(message)
        varying: dict[str, Tagged | list[str]] = {}
        for tagged in self._tagged:
            if not tagged.source.has_tags and not message.banner:
                continue
            if not tagged.source.only_prints_recipient:
                varying[tagged.part] = tagged
                continue
            written = tagged.render(context)
            tagged.check(_FIELD.sub("x", written))
            content = DECLARATION + PLACE.sub(lambda place: blocks[place[1]], written)
            pieces = _FIELD.split(_of_its_section(content) if bound else content)
            if len(pieces) == 1 and tagged.part != self._main:
                fixed[tagged.part] = Entry.deflated(tagged.part, pieces[0])
            else:
                varying[tagged.part] = pieces
        shared = {name: fixed.get(name, entry) for name, entry in self._entries.items() if name not in varying}
        if bound:
            if others := ", ".join(name for name in varying if name != self._main):
                wrong = _("{part} noemt de ontvanger; dat kan niet als alle brieven in één bestand komen")
                raise TemplateError(Place(str(self._path)), wrong.format(part=others))
            for name in _HEADERS.findall("\n".join(shared)):
                content = shared[name].content().decode()
                shared[name] = Entry.deflated(name, _of_its_section(content))
        return Series(Shell(shared.values()), varying, self._main, _context(message, values), blocks)

    def _rendered_by_docxtpl(
        self,
        message: Message,
        context: Mapping[str, object],
        blocks: Mapping[str, str],
        properties: Mapping[str, Entry],
    ) -> bytes:
        from comms.render.by_docxtpl import rendered
        from comms.render.letterhead import in_language

        neutral = _core_entry(self._core_name, "", "", message.language, message.date)
        prepared = zipped({**self._entries, self._core_name: neutral}.values())
        written = []
        with zipfile.ZipFile(BytesIO(rendered(self._path, prepared, context, blocks))) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                if name == self._styles_name:  # a document that was put in brings its own
                    content = in_language(content, _tag(message.language), message.direction == "rtl").encode()
                elif message.banner and name == self._main:
                    content = re.sub(rb"(<w:body\b[^>]*>)", rb"\1" + _literal(blocks["banner"]), content, count=1)
                elif message.banner and re.fullmatch(r"word/header\d*\.xml", name):
                    content = re.sub(rb"(<w:hdr\b[^>]*>)", rb"\1" + _literal(blocks["header-banner"]), content, count=1)
                written.append(properties[name] if name == self._core_name else Entry.deflated(name, content))
        return zipped(written)

    def _blocks(self, message: Message) -> dict[str, str]:
        return _Pen(self._style_ids, message.language, message.direction == "rtl").parts(message)

    def _properties(self, message: Message) -> dict[str, Entry]:
        """What follows from the message as a whole: properties of the document, and styles that say its language."""
        title = (message.title, message.author, message.language, message.date)
        return {
            self._core_name: _core_entry(self._core_name, *title),
            self._styles_name: self._styles_in(message.language, message.direction == "rtl"),
        }

    def _filled(self, tagged: Tagged, context: Mapping[str, object], blocks: Mapping[str, str]) -> Entry:
        written = tagged.render(context)
        content = DECLARATION + PLACE.sub(lambda place: blocks[place[1]], written)
        last, entry = self._last.get(tagged.part, ("", None))
        if content != last or entry is None:  # a header is mostly the same from letter to letter
            tagged.check(written)
            entry = Entry.deflated(tagged.part, content)
            self._last[tagged.part] = (content, entry)
        return entry

    def _styles_in(self, language: str, rtl: bool) -> Entry:
        from comms.render.letterhead import in_language

        key = (language, rtl)
        if key not in self._spoken:
            spoken = in_language(self._styles, _tag(language), rtl)
            self._spoken[key] = Entry.deflated(self._styles_name, spoken)
        return self._spoken[key]


def _literal(xml: str) -> bytes:
    return xml.encode().replace(b"\\", rb"\\")


def _context(message: Message, values: Mapping[str, object]) -> dict[str, object]:
    return {**values, "title": message.title, "date": _plain(message, "date"), "language": message.language}


_HEADERS: Final = re.compile(r"^word/(?:header|footer)\d*\.xml$", re.MULTILINE)


def _of_its_section(header: str) -> str:
    """A header or footer that counts the pages of its own letter when there are more in the document."""
    return re.sub(r"\bNUMPAGES\b", "SECTIONPAGES", header)


# A field of the recipient: of a message, where text has its own way of being escaped, or of a tag.
_FIELD: Final = re.compile(r"<\?comms-((?:field|value) [a-z0-9_]+) \?>")


class Series:
    """Letters to many from one message; made by :meth:`Letterhead.series`.

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
        return self._letterhead.render(self._message.to(recipient), {**self._values, "recipient": recipient})


class Bound:
    """Letters one after another in one document, to print: each begins a page and counts its own."""

    def __init__(self, file: BinaryIO, series: Series) -> None:
        self._part = LargePart(file, series.shell, series.main)
        self._tail = b""

    def add(self, series: Series, recipient: Mapping[str, str]) -> int:
        """Adds the letter to a recipient; gives the number of bytes of its text. Raises TemplateError."""
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
        return len(text)

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


def letterhead(path: Path) -> Letterhead:
    """The letterhead at ``path``, compiled once as long as the file stays as it is."""
    try:
        stat = path.stat()
    except OSError:
        return Letterhead(path)  # it says what is wrong
    return _letterhead(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=16)
def _letterhead(path: Path, _mtime: int, _size: int) -> Letterhead:
    return Letterhead(path)


def shown_text(data: bytes) -> str:
    """All that a Word file says, a paragraph or property a line: also headers, footers, properties, what pictures
    and links are called, variables and the names of its parts."""
    ends = re.compile(r"</w:p>|<w:(?:br|cr|tab)\b[^>]*>|</(?:dc|cp|vt|dcterms):\w+>|</\w+>(?=<\w)")
    said = []
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for name in archive.namelist():
            said.append(name)
            if name.endswith((".xml", ".rels")) and not name.startswith(_ONLY_LOOKS):
                part = archive.read(name).decode("utf-8", "replace")
                said += re.findall(
                    r"\b(?:Target|descr|title|name|tooltip|[a-z]+:(?:name|val|instr))=\"([^\"]*)\"", part
                )
                said.append(re.sub("<[^>]*>", "", ends.sub("\n", part)))
    return unquote(unescape("\n".join(said)))


_ONLY_LOOKS: Final = ("[Content_Types]", "word/styles", "word/theme", "word/fontTable", "word/numbering")


# --- Blocks as Word XML ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pen:
    """Writes blocks as Word XML with the styles of one letterhead, in one language."""

    style_ids: Mapping[str, str]
    language: str
    rtl: bool = False

    def parts(self, message: Message) -> dict[str, str]:
        """The XML for each place that the compiled letterhead keeps open."""
        # A part without blocks leaves an empty paragraph: a table cell or a header may not be without one.
        written: dict[str, str] = {
            part: "".join(self._block(part, block) for block in message.blocks(part)) or "<w:p/>" for part in PARTS
        }
        banner = message.banner
        written["banner"] = _boxed(banner, banner.blocks) if banner else ""
        written["header-banner"] = _boxed(banner, banner.blocks[:1]) if banner else ""
        return written

    def runs(self, runs: Iterable[Run], bold: bool = False) -> str:
        """Runs one after another; those that follow each other with the same address are one link."""
        written = []
        address = ""
        for run in runs:
            if run.href != address:
                written.append((_LINK_END if address else "") + (_link(run.href) if run.href else ""))
                address = run.href
            written.append(self._run(run, bold))
        return "".join(written) + (_LINK_END if address else "")

    def _block(self, part: Part, block: Block) -> str:
        style = self.style_ids.get(_style_name(part, block), "")
        properties = (f'<w:pStyle w:val="{style}"/>' if style else "") + ("<w:bidi/>" if self.rtl else "")
        return f"<w:p><w:pPr>{properties}</w:pPr>{self.runs(block.runs)}</w:p>"

    def _run(self, run: Run, bold: bool) -> str:
        if run.text == "\n":
            return "<w:r><w:br/></w:r>"
        plain = not (bold or run.bold or run.href or run.gap or self.rtl)
        properties = "" if plain else f"<w:rPr>{self._looks(run, bold)}</w:rPr>"
        text = f"<?comms-field {run.field} ?>" if run.field else escape(visible(run.text), quote=False)
        return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'

    def _looks(self, run: Run, bold: bool) -> str:
        # The order of the properties is the schema's; Word calls a file in another order damaged.
        looks = ""
        if run.href:
            looks = f'<w:rStyle w:val="{self.style_ids["hyperlink"]}"/>'
        elif run.bold and not bold:
            looks = f'<w:rStyle w:val="{self.style_ids["strong"]}"/>'
        if bold or (run.bold and run.href):
            looks += "<w:b/><w:bCs/>"
        if run.gap:
            looks += '<w:highlight w:val="yellow"/>'
        if self.rtl:
            looks += f'<w:rtl/><w:lang w:bidi="{escape(_tag(self.language))}"/>'
        return looks


def _style_name(part: Part, block: Block) -> str:
    if block.kind == "bullet":
        return "list bullet"
    if part != "body":
        return part
    if block.kind == "heading":
        # Level 1 is the message's title, so the body's first level is Word's second but has the name of the first.
        return f"heading {min(max(block.level - 1, 1), _HEADINGS)}"
    return "body text"


_LINK_END: Final = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def _link(href: str) -> str:
    """The begin of a link, as a field: unlike w:hyperlink it needs no relationship, so all letters share theirs."""
    # A quote or a backslash would end the field's argument or begin a switch.
    address = visible(href).replace('"', "%22").replace("\\", "%5C")
    code = escape(f' HYPERLINK "{address}" ', quote=False)
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve">{code}</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    )


_SIDES: Final = ("top", "left", "bottom", "right")
_BOX: Final = (
    "<w:keepLines/><w:pBdr>"
    + "".join(f'<w:{side} w:val="single" w:sz="12" w:space="6" w:color="B00020"/>' for side in _SIDES)
    + '</w:pBdr><w:shd w:val="clear" w:color="auto" w:fill="FDE7E9"/>'
    '<w:spacing w:before="{before}" w:after="{after}"/><w:ind w:left="142" w:right="142"/><w:jc w:val="left"/>'
)


def _boxed(banner: Banner, blocks: tuple[Block, ...]) -> str:
    """The banner in direct formatting: it has to look the same whatever the letterhead's styles are.

    Paragraphs with equal borders and indents share one box in Word, so a bullet is a character here, no list.
    """
    pen = _Pen({"hyperlink": "", "strong": ""}, banner.language)
    written = []
    for number, block in enumerate(blocks, 1):
        runs = [run._replace(href="") for run in block.runs]
        if block.kind == "bullet":
            runs.insert(0, Run("• "))
        properties = _BOX.format(before=120 if number == 1 else 0, after=240 if number == len(blocks) else 0)
        written.append(f"<w:p><w:pPr>{properties}</w:pPr>{pen.runs(runs, bold=True)}</w:p>")
    return "".join(written)


def _plain(message: Message, part: Part) -> str:
    return " ".join(block.text for block in message.blocks(part))


def _tag(language: str) -> str:
    return _LANGUAGE_TAGS.get(language, language)


@lru_cache(maxsize=64)  # the letters of a merge share their properties
def _core_entry(part: str, *properties: str) -> Entry:
    """The document's properties, all of them ours: a letterhead saved in Word carries an employee's name."""
    title, author, language, date = (escape(visible(text), quote=False) for text in properties)
    xml = (
        f"{DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:modified>'
        f"<dc:language>{_tag(language)}</dc:language></cp:coreProperties>"
    )
    return Entry.deflated(part, xml)
