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
from typing import Final
from urllib.parse import unquote

from comms.archive import Entry, zipped
from comms.characters import visible
from comms.document import Banner, Block, Message, Part, Run
from comms.render.kept import Kept, load
from comms.render.tags import DECLARATION, PARTS, PLACE, Tagged

_LANGUAGE_TAGS: Final = {"nl": "nl-NL", "en": "en-GB"}
_HEADINGS: Final = 5


class Letterhead:
    """A school's letterhead, compiled once; renders any number of letters."""

    def __init__(self, path: Path) -> None:
        """Reads, checks and compiles the file; ``TemplateError`` says what is wrong with it, and where."""
        kept = load(path)
        if kept is None:
            from comms.render.letterhead import compiled

            kept = Kept(compiled(path), {})
        made, styles = kept
        self.path = path
        """Where it stands."""
        self.entries = {entry.name.decode(): entry for entry in made.entries}
        """Every part, by name."""
        self.by_docxtpl = made.by_docxtpl
        """Whether it takes docxtpl's way."""
        self.main = made.tagged[0].part
        """The name of the part that holds the text."""
        self.tagged = tuple(Tagged(path, source) for source in made.tagged)
        """The parts that differ from letter to letter."""
        self._styles_name, self._styles, self._style_ids = made.styles_name, made.styles, made.style_ids
        self._core_name = made.core_name
        self.names = frozenset(name for source in made.tagged for name in source.names)
        """The values that it names, as written in its tags: ``school.phone``."""
        self._spoken = {key: Entry.deflated(self._styles_name, spoken) for key, spoken in styles.items()}
        self._last: dict[str, tuple[str, Entry]] = {}

    def render(self, message: Message, values: Mapping[str, object]) -> bytes:
        """The message as a .docx: the same bytes for the same message, values and letterhead.

        ``values`` are what the letterhead may name next to the parts of the message: texts, in nested mappings.
        """
        context, blocks = context_of(message, values), self.blocks(message)
        fresh = self.properties(message)
        if self.by_docxtpl:
            return self._rendered_by_docxtpl(message, context, blocks, fresh)
        for tagged in self.tagged:
            if tagged.source.has_tags or message.banner:
                fresh[tagged.part] = self._filled(tagged, context, blocks)
        return zipped(fresh.get(name, entry) for name, entry in self.entries.items())

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
        prepared = zipped({**self.entries, self._core_name: neutral}.values())
        written = []
        with zipfile.ZipFile(BytesIO(rendered(self.path, prepared, context, blocks))) as archive:
            for name in archive.namelist():
                content = archive.read(name)
                if name == self._styles_name:  # a document that was put in brings its own
                    content = in_language(content, language_tag(message.language), message.direction == "rtl").encode()
                elif message.banner and name == self.main:
                    content = re.sub(rb"(<w:body\b[^>]*>)", rb"\1" + _literal(blocks["banner"]), content, count=1)
                elif message.banner and re.fullmatch(r"word/header\d*\.xml", name):
                    content = re.sub(rb"(<w:hdr\b[^>]*>)", rb"\1" + _literal(blocks["header-banner"]), content, count=1)
                written.append(properties[name] if name == self._core_name else Entry.deflated(name, content))
        return zipped(written)

    def blocks(self, message: Message) -> dict[str, str]:
        """The XML of the message for each place that the letterhead keeps open."""
        return _Pen(self._style_ids, message.language, message.direction == "rtl").parts(message)

    def properties(self, message: Message) -> dict[str, Entry]:
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
        key = (language_tag(language), rtl)
        if key not in self._spoken:
            from comms.render.letterhead import in_language

            spoken = in_language(self._styles, *key)
            self._spoken[key] = Entry.deflated(self._styles_name, spoken)
        return self._spoken[key]


def _literal(xml: str) -> bytes:
    return xml.encode().replace(b"\\", rb"\\")


def context_of(message: Message, values: Mapping[str, object]) -> dict[str, object]:
    """What the tags of a letterhead may name."""
    return {**values, "title": message.title, "date": _plain(message, "date"), "language": message.language}


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
            looks += f'<w:rtl/><w:lang w:bidi="{escape(language_tag(self.language))}"/>'
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


def language_tag(language: str) -> str:
    """A language as Word writes it: ``nl-NL``."""
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
        f"<dc:language>{language_tag(language)}</dc:language></cp:coreProperties>"
    )
    return Entry.deflated(part, xml)
