"""Word: a message on a school's letterhead.

The letterhead is a .docx with tags in docxtpl's language. Reading, checking and compiling it takes as long as
docxtpl takes for a letter, and happens once; a letter then costs a Jinja rendering and a deflate of the parts
that differ, all others are passed on as they were compressed. Compiling goes through docxtpl's own patching, so
tags mean what its manual says; what docxtpl does to *values* afterwards is left out, because values are data here.

The blocks of a message never pass through Jinja: where they go, a processing instruction stands in the compiled
text, which no value can contain, since values are escaped.
"""

from __future__ import annotations

import copy
import posixpath
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import unquote
from xml.parsers import expat

from comms.archive import Entry, zipped
from comms.characters import visible
from comms.document import Banner, Block, Message, Part, Run
from comms.errors import Place, TemplateError
from comms.languages import _

if TYPE_CHECKING:
    from jinja2 import nodes
    from jinja2.sandbox import SandboxedEnvironment

_PARTS: Final[tuple[Part, ...]] = ("title", "date", "body", "signature")
_SIZE_LIMIT: Final = 50_000_000
_LANGUAGE_TAGS: Final = {"nl": "nl-NL", "en": "en-GB"}

_WORD: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_W: Final = f"{{{_WORD}}}"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELATIONSHIPS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_CORE_TYPE: Final = "application/vnd.openxmlformats-package.core-properties+xml"
_CORE_RELATION: Final = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties"
_HOLDS_TAGS: Final = tuple(f"{_WORD_TYPE}{kind}+xml" for kind in ("header", "footer", "footnotes", "endnotes"))
_HEADER_TYPE: Final = f"{_WORD_TYPE}header+xml"
_DOCUMENT_TYPE: Final = f"{_WORD_TYPE}document.main+xml"
_TEMPLATE_TYPE: Final = f"{_WORD_TYPE}template.main+xml"

_DECLARATION: Final = "<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n"


class Letterhead:
    """A school's letterhead, compiled once; renders any number of letters."""

    def __init__(self, path: Path) -> None:
        """Reads, checks and compiles the file; ``TemplateError`` says what is wrong with it, and where."""
        package = _Package(path)
        self._styles_name, self._styles, self._style_ids = _styles(package)
        self._core_name = _core_properties(package)
        self._templates = tuple(_templates(package))
        self.names = frozenset(name for template in self._templates for name in template.names)
        """The values that it names, as written in its tags: ``school.phone``."""
        self._entries = package.sealed()
        self._spoken: dict[tuple[str, bool], Entry] = {}

    def render(self, message: Message, values: Mapping[str, object]) -> bytes:
        """The message as a .docx: the same bytes for the same message, values and letterhead.

        ``values`` are what the letterhead may name next to the parts of the message: texts, in nested mappings.
        """
        context = {**values, "title": message.title, "date": _plain(message, "date"), "language": message.language}
        blocks = _Pen(self._style_ids, message.language, message.direction == "rtl").parts(message)
        fresh = {
            self._core_name: _core_entry(
                self._core_name, message.title, message.author, message.language, message.date
            ),
            self._styles_name: self._styles_in(message.language, message.direction == "rtl"),
        }
        for template in self._templates:
            if template.has_tags or message.banner:
                fresh[template.part] = template.render(context, blocks)
        return zipped([fresh.get(name, entry) for name, entry in self._entries.items()])

    def _styles_in(self, language: str, rtl: bool) -> Entry:
        key = (language, rtl)
        if key not in self._spoken:
            spoken = _serialised(_in_language(self._styles, language, rtl))
            self._spoken[key] = Entry.deflated(self._styles_name, spoken)
        return self._spoken[key]


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
            part: "".join(self._block(part, block) for block in message.blocks(part)) or "<w:p/>" for part in _PARTS
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
        return f'<w:r>{properties}<w:t xml:space="preserve">{escape(visible(run.text), quote=False)}</w:t></w:r>'

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
        f"{_DECLARATION}<cp:coreProperties"
        ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{title}</dc:title><dc:creator>{author}</dc:creator><cp:lastModifiedBy>{author}</cp:lastModifiedBy>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:created>'
        f'<dcterms:modified xsi:type="dcterms:W3CDTF">{date}T00:00:00Z</dcterms:modified>'
        f"<dc:language>{_tag(language)}</dc:language></cp:coreProperties>"
    )
    return Entry.deflated(part, xml)


# --- The file: reading, adding parts, writing -----------------------------------------------------------------------


class _Package:
    """A Word file in memory while it is checked and completed; parts that stay as they are stay compressed."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._contents, self._entries = self._read()
        self._trees: dict[str, Any] = {}
        self._changed: set[str] = set()
        self.main = self._main()

    def fail(self, wrong: str, allowed: str = "") -> NoReturn:
        """Reports a mistake of the file as a whole."""
        raise TemplateError(Place(str(self.path)), wrong, allowed) from None

    def names(self, *content_types: str) -> list[str]:
        """The parts with one of these content types, in the order of the file."""
        return [name for name in self._contents if self._content_type(name) in content_types]

    def tree(self, name: str) -> Any:
        """The root element of an XML part; always the same one, so changes to it add up."""
        if name not in self._trees:
            self._trees[name] = self._parsed(name)
        return self._trees[name]

    def change(self, name: str) -> Any:
        """As ``tree``, for a caller that will change it."""
        self._changed.add(name)
        return self.tree(name)

    def related(self, source: str, kind: str) -> str | None:
        """The part that ``source`` (empty: the package) has a relationship to whose type ends in ``/kind``."""
        name = _relationships_of(source)
        for relation in self.tree(name) if name in self._contents else ():
            target = posixpath.join("/", posixpath.dirname(source), relation.get("Target", ""))
            part = posixpath.normpath(target).lstrip("/")
            if relation.get("Type", "").endswith(f"/{kind}") and part in self._contents:
                return part
        return None

    def add(self, source: str, relation: str, content_type: str, name: str, xml: str) -> str:
        """Adds a part under a free name near ``name``, with its content type and relationship; gives the name."""
        stem, suffix = posixpath.splitext(name)
        name = _free(name, self._contents, lambda number: f"{stem}{number}{suffix}")
        self._put(name, xml)
        _child(self.change("[Content_Types].xml"), _TYPES, "Override", PartName=f"/{name}", ContentType=content_type)
        relationships = _relationships_of(source)
        if relationships not in self._contents:
            self._put(relationships, f'<Relationships xmlns="{_RELATIONSHIPS}"/>')
        root = self.change(relationships)
        key = _free("rIdComms", {item.get("Id") for item in root}, lambda number: f"rIdComms{number}")
        _child(root, _RELATIONSHIPS, "Relationship", Id=key, Type=relation, Target=f"/{name}")
        return name

    def sealed(self) -> dict[str, Entry]:
        """All parts as they go into a zip, the content types first as Word wants them."""
        for name in self._changed:
            self._entries[name] = Entry.deflated(name, _serialised(self._trees[name]))
        first = "[Content_Types].xml"
        return {first: self._entries[first], **self._entries}

    def _put(self, name: str, xml: str) -> None:
        self._contents[name] = xml.encode()
        self._entries[name] = Entry.deflated(name, xml)
        self._changed.add(name)
        self.tree(name)

    def _read(self) -> tuple[dict[str, bytes], dict[str, Entry]]:
        try:
            raw = self.path.read_bytes()
        except OSError as error:
            self.fail(_("het briefpapier is niet te lezen: {reason}").format(reason=error.strerror))
        if raw.startswith(b"\xd0\xcf\x11\xe0"):
            self.fail(_("het briefpapier heeft een wachtwoord of is een .doc; bewaar het zonder wachtwoord als .docx"))
        try:
            with zipfile.ZipFile(BytesIO(raw)) as archive:
                infos = [info for info in archive.infolist() if not info.is_dir()]
                if sum(info.file_size for info in infos) > _SIZE_LIMIT:
                    self.fail(_("het briefpapier is uitgepakt groter dan 50 MB"))
                # Reading also compares checksums, so what is copied later is known to be whole.
                contents = {info.filename: archive.read(info) for info in infos}
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError):
            self.fail(_("het briefpapier is geen Word-bestand (.docx) of is beschadigd"))
        copyable = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        entries = {
            info.filename: Entry.copied(raw, info)
            if info.compress_type in copyable
            else Entry.deflated(info.filename, contents[info.filename])
            for info in infos
        }
        return contents, entries

    def _main(self) -> str:
        """The name of the part that holds the text, after checks that this is a Word file that may be used."""
        if "[Content_Types].xml" not in self._contents:
            self.fail(_("het briefpapier is geen Word-bestand (.docx) of is beschadigd"))
        types = [item.get("ContentType", "") for item in self.tree("[Content_Types].xml")]
        if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
            self.fail(_("het briefpapier bevat macro's; bewaar het als .docx"))
        main = self.related("", "officeDocument")
        if main is None:
            self.fail(_("in het briefpapier ontbreekt de tekst (word/document.xml)"))
        kind = self._content_type(main)
        if kind not in (_DOCUMENT_TYPE, _TEMPLATE_TYPE) or self.tree(main).find(f"{_W}body") is None:
            self.fail(_("het briefpapier is geen Word-document; bewaar het in Word als .docx"))
        if kind == _TEMPLATE_TYPE:
            for item in self.change("[Content_Types].xml"):
                if item.get("ContentType") == _TEMPLATE_TYPE:
                    item.set("ContentType", _DOCUMENT_TYPE)
        return main

    def _content_type(self, name: str) -> str:
        extension = name.rpartition(".")[2].lower()
        found = ""
        for item in self.tree("[Content_Types].xml"):
            if item.get("PartName", "").lower() == f"/{name}".lower():
                return str(item.get("ContentType", ""))
            if item.get("Extension", "").lower() == extension:
                found = item.get("ContentType", "")
        return found

    def _parsed(self, name: str) -> Any:
        from lxml import etree

        # Blanks between elements go, because docxtpl's patching expects none. No DTD is followed or accepted.
        parser = etree.XMLParser(
            remove_blank_text=True, remove_comments=True, remove_pis=True, resolve_entities=False, no_network=True
        )
        try:
            root = etree.fromstring(self._contents[name], parser)
        except etree.XMLSyntaxError:
            self.fail(_("het onderdeel {part} van het briefpapier is beschadigd").format(part=name))
        if root.getroottree().docinfo.doctype:
            self.fail(_("het onderdeel {part} van het briefpapier is beschadigd").format(part=name))
        return root


def _relationships_of(source: str) -> str:
    folder, name = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _free(wanted: str, taken: Iterable[str], numbered: Callable[[int], str]) -> str:
    names, number = set(taken), 0
    while wanted in names:
        number += 1
        wanted = numbered(number)
    return wanted


def _child(parent: Any, namespace: str, name: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{namespace}}}{name}", attributes)


def _serialised(root: Any) -> str:
    from lxml import etree

    return _DECLARATION + str(etree.tostring(root, encoding="unicode"))


def _core_properties(package: _Package) -> str:
    return package.related("", "core-properties") or package.add(
        "", _CORE_RELATION, _CORE_TYPE, "docProps/core.xml", "<empty/>"
    )


# --- Styles and lists -----------------------------------------------------------------------------------------------

_HEADINGS: Final = 5


# What a letter needs and a letterhead may lack: name, kind and looks. Word knows these styles by their names, which are
# the same in every language; the ids are not.
_DEFINITIONS: Final = (
    (
        "Title",
        "paragraph",
        (
            '<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="0" w:after="240"/></w:pPr>'
            '<w:rPr><w:b/><w:bCs/><w:sz w:val="32"/><w:szCs w:val="32"/></w:rPr>'
        ),
    ),
    ("Date", "paragraph", '<w:pPr><w:spacing w:before="0" w:after="240"/></w:pPr>'),
    ("Signature", "paragraph", '<w:pPr><w:keepLines/><w:spacing w:before="240" w:after="0"/></w:pPr>'),
    ("List Bullet", "paragraph", '<w:pPr><w:spacing w:before="0" w:after="60"/></w:pPr>'),
    ("Strong", "character", "<w:rPr><w:b/><w:bCs/></w:rPr>"),
    ("Hyperlink", "character", '<w:rPr><w:color w:val="0563C1"/><w:u w:val="single"/></w:rPr>'),
    *(
        (
            f"heading {level}",
            "paragraph",
            (
                '<w:pPr><w:keepNext/><w:keepLines/><w:spacing w:before="240" w:after="60"/>'
                f'<w:outlineLvl w:val="{level - 1}"/></w:pPr>'
                f'<w:rPr><w:b/><w:bCs/><w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr>'
            ),
        )
        for level, size in enumerate((28, 24, 22, 22, 22), 1)
    ),
)

_BULLETS: Final = (
    '<w:abstractNum xmlns:w="{word}" w:abstractNumId="{number}"><w:multiLevelType w:val="singleLevel"/>'
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:lvlJc w:val="left"/>'
    '<w:pPr><w:ind w:left="357" w:hanging="357"/></w:pPr></w:lvl></w:abstractNum>'
)


def _styles(package: _Package) -> tuple[str, Any, dict[str, str]]:
    """The styles part, completed with what it lacks, and the id of each style that a letter uses, by name."""
    name = package.related(package.main, "styles") or package.add(
        package.main,
        f"{_OFFICE}/styles",
        f"{_WORD_TYPE}styles+xml",
        "word/styles.xml",
        f'<w:styles xmlns:w="{_WORD}"/>',
    )
    root = package.change(name)
    styles = list(root.iter(f"{_W}style"))
    ids = {_value(style, "name").lower(): style.get(f"{_W}styleId", "") for style in styles}
    normal = next((s.get(f"{_W}styleId", "") for s in styles if _is_default_paragraph(s)), "")
    for shown, kind, looks in _DEFINITIONS:
        if not ids.get(shown.lower()):
            ids[shown.lower()] = _add_style(root, shown, kind, looks, normal)
    ids["body text"] = ids.get("body text") or normal
    _number(package, root, ids["list bullet"])
    return name, root, {name: escape(key) for name, key in ids.items()}


def _add_style(root: Any, name: str, kind: str, looks: str, normal: str) -> str:
    wanted = name.title().replace(" ", "")
    taken = {style.get(f"{_W}styleId") for style in root.iter(f"{_W}style")}
    style_id = _free(wanted, taken, lambda number: f"{wanted}Comms{number}")
    style = _element(
        f'<w:style xmlns:w="{_WORD}" w:type="{kind}" w:styleId="{style_id}"><w:name w:val="{name}"/>'
        f'<w:uiPriority w:val="99"/><w:qFormat/>{looks}</w:style>'
    )
    if normal and kind == "paragraph":
        style.insert(1, _child(style, _WORD, "basedOn", **{f"{_W}val": normal}))
    root.append(style)
    return style_id


def _number(package: _Package, styles: Any, style_id: str) -> None:
    """Makes the style of bullets a real list where the letterhead has it without a list, or not at all."""
    by_id = {style.get(f"{_W}styleId"): style for style in styles.iter(f"{_W}style")}
    if _list_of(by_id, style_id) in _lists(package):
        return
    number = _add_list(package)
    properties = _ensured(by_id[style_id], "pPr", before=("rPr", "tblPr", "trPr", "tcPr", "tblStylePr"))
    for old in properties.findall(f"{_W}numPr"):
        properties.remove(old)
    order = ("pStyle", "keepNext", "keepLines", "pageBreakBefore", "framePr", "widowControl")
    position = sum(child.tag in {_W + name for name in order} for child in properties)
    properties.insert(
        position, _element(f'<w:numPr xmlns:w="{_WORD}"><w:ilvl w:val="0"/><w:numId w:val="{number}"/></w:numPr>')
    )


def _list_of(by_id: Mapping[str, Any], style_id: str) -> str:
    """The number of the list that a style has, itself or from the styles it is based on."""
    seen: set[str] = set()
    while style_id in by_id and style_id not in seen:
        seen.add(style_id)
        found = by_id[style_id].find(f"{_W}pPr/{_W}numPr/{_W}numId")
        if found is not None:
            return str(found.get(f"{_W}val", ""))
        style_id = _value(by_id[style_id], "basedOn")
    return ""


def _lists(package: _Package) -> set[str]:
    name = package.related(package.main, "numbering")
    return {item.get(f"{_W}numId", "") for item in package.tree(name).iter(f"{_W}num")} - {"0"} if name else set()


def _add_list(package: _Package) -> int:
    name = package.related(package.main, "numbering") or package.add(
        package.main,
        f"{_OFFICE}/numbering",
        f"{_WORD_TYPE}numbering+xml",
        "word/numbering.xml",
        f'<w:numbering xmlns:w="{_WORD}"/>',
    )
    root = package.change(name)
    abstract = _next_number(root, "abstractNum", "abstractNumId")
    number = max(_next_number(root, "num", "numId"), 1)
    # The schema wants pictures first, then the abstract lists, then the lists, then the rest.
    before = sum(child.tag in (f"{_W}numPicBullet", f"{_W}abstractNum") for child in root)
    root.insert(before, _element(_BULLETS.format(word=_WORD, number=abstract)))
    after = before + 1 + sum(child.tag == f"{_W}num" for child in root)
    root.insert(
        after, _element(f'<w:num xmlns:w="{_WORD}" w:numId="{number}"><w:abstractNumId w:val="{abstract}"/></w:num>')
    )
    return number


def _next_number(root: Any, name: str, attribute: str) -> int:
    numbers = (item.get(_W + attribute, "") for item in root.iter(_W + name))
    return max((int(number) for number in numbers if number.isdecimal()), default=-1) + 1


def _in_language(styles: Any, language: str, rtl: bool) -> Any:
    """A copy of the styles in which everything is in this language, for the spelling checker and for reading aloud."""
    root = copy.deepcopy(styles)
    defaults = _ensured(root, "docDefaults", before=("latentStyles", "style"))
    run_defaults = _ensured(defaults, "rPrDefault", before=("pPrDefault",))
    _ensured(_ensured(run_defaults, "rPr"), "lang", before=("eastAsianLayout", "specVanish", "oMath"))
    for element in root.iter(f"{_W}lang"):
        element.set(f"{_W}val", _tag(language))
        if rtl:
            element.set(f"{_W}bidi", _tag(language))
    return root


def _is_default_paragraph(style: Any) -> bool:
    return style.get(f"{_W}type") == "paragraph" and style.get(f"{_W}default") in ("1", "true", "on")


def _ensured(parent: Any, name: str, before: Iterable[str] = ()) -> Any:
    """The child of this name; where there is none it is made, in front of the first of ``before``."""
    found = parent.find(_W + name)
    if found is not None:
        return found
    later = {_W + other for other in before}
    position = next((index for index, child in enumerate(parent) if child.tag in later), len(parent))
    parent.insert(position, _element(f'<w:{name} xmlns:w="{_WORD}"/>'))
    return parent[position]


def _value(parent: Any, name: str) -> str:
    found = parent.find(_W + name)
    return "" if found is None else str(found.get(f"{_W}val", ""))


def _element(xml: str) -> Any:
    from lxml import etree

    return etree.fromstring(xml)


# --- Tags -----------------------------------------------------------------------------------------------------------

_TAG: Final = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}")
_BROKEN: Final = re.compile(r"\{\{|\{%|\{#|\}\}|%\}|#\}|\{\Z|\A\}")
# Tags that docxtpl puts in the place of the paragraph, row or cell around them, with all that stands in it.
_WIDE: Final = re.compile(r"(\{\{|\{%|\{#)(p|tr|tc) ")
_BLOCK: Final = re.compile(rf"\{{\{{p ({'|'.join(_PARTS)}) *\}}\}}")
_SPACED: Final = re.compile(rf"\{{\{{\s+p\s+({'|'.join(_PARTS)})\b")
_LITERAL: Final = {"{_{": "{{", "}_}": "}}", "{_%": "{%", "%_}": "%}"}
_PLACE: Final = re.compile(r"<\?comms-([a-z-]+) \?>")
_MARK: Final = re.compile(r"<\?comms (\d+)\?>")
_LINE: Final = re.compile(r"\{#\n(\d+)#\}")
_PLACED: Final = tuple(f"{{{{p {part} }}}}" for part in _PARTS)
_NAMES: Final = (*_PLACED, "{{ title }}", "{{ date }}", "{{ language }}")


def _templates(package: _Package) -> Iterator[_Template]:
    """The parts that differ from letter to letter."""
    environment = _environment()
    document = _Template(package, package.main, environment)
    missing = [placed for part, placed in zip(_PARTS, _PLACED, strict=True) if part not in document.places]
    if missing:
        wrong = _("in het briefpapier ontbreekt {tags}, elk alleen in een alinea").format(tags=", ".join(missing))
        package.fail(f"{package.main}: {wrong}")
    yield document
    for name in package.names(*_HOLDS_TAGS):
        template = _Template(package, name, environment)
        if template.has_tags or "header-banner" in template.places:
            yield template


class _Template:
    """A part of the letterhead, compiled; it knows in which paragraph a mistake stands."""

    def __init__(self, package: _Package, part: str, environment: SandboxedEnvironment) -> None:
        from jinja2 import TemplateError as JinjaError

        self.part = part
        self._path = package.path
        root = copy.deepcopy(package.tree(part))
        paragraphs = list(root.iter(f"{_W}p"))
        self._texts = [_text_of(paragraph) for paragraph in paragraphs]
        for number, paragraph in enumerate(paragraphs, 1):
            self._check(number, paragraph)
        _mark(root)
        _open_places(root, paragraphs, self._texts, is_header=part in package.names(_HEADER_TYPE))
        self._source = _patched(root)
        self.places = frozenset(_PLACE.findall(self._source))
        # Without tags, a part differs only when there is a banner to put in.
        self.has_tags = not self.places.isdisjoint(_PARTS) or bool(_TAG.search(_LINE.sub("", self._source)))
        self._last = ("", Entry.deflated(part, ""))
        try:
            self.names = frozenset(_named(environment.parse(self._source)))
            self._template = environment.from_string(self._source)
        except (JinjaError, SyntaxError, RecursionError) as error:  # the last two come from Python, for deep nesting
            line = getattr(error, "lineno", 0) or 0
            reason = getattr(error, "message", str(error))
            self._fail(self._paragraph(line), _("de tag klopt niet: {reason}").format(reason=reason), _NAMES)

    def render(self, context: Mapping[str, object], blocks: Mapping[str, str]) -> Entry:
        """The part with the values and blocks in it."""
        try:
            written = self._template.render(context)
        except Exception as error:  # whatever an expression in the letterhead raises, it is its mistake
            self._fail(self._paragraph(_line(error)), str(error), (*_PLACED, *_dotted(context)))
        content = _DECLARATION + _PLACE.sub(lambda place: blocks[place[1]], written)
        last, entry = self._last
        if content != last:  # a header is mostly the same from letter to letter: checked and compressed once
            self._check_written(written)
            entry = Entry.deflated(self.part, content)
            self._last = (content, entry)
        return entry

    def _check_written(self, written: str) -> None:
        """A condition may hide a part of the message, or open in one paragraph and close in another."""
        hidden = [placed for part, placed in zip(_PARTS, _PLACED, strict=True) if self._hides(part, written)]
        if hidden:
            self._fail(0, _("een voorwaarde laat {tags} weg").format(tags=", ".join(hidden)))
        try:
            expat.ParserCreate().Parse(written, True)
        except expat.ExpatError:
            wrong = _("de tags breken de opmaak: zet {begin} en {end} in dezelfde alinea")
            self._fail(0, wrong.format(begin="{% if %}", end="{% endif %}"))

    def _hides(self, part: Part, written: str) -> bool:
        return part in self.places and f"<?comms-{part} ?>" not in written

    def _check(self, number: int, paragraph: Any) -> None:
        """Refuses what docxtpl would take in silence, losing text."""
        text = self._texts[number - 1]
        if _BROKEN.search(_TAG.sub("", text)):
            wrong = _("een tag is niet af: {pairs} horen samen in één alinea")
            self._fail(number, wrong.format(pairs="{{ }}, {% %}, {# #}"), _NAMES)
        if re.search(r"\{[{%]", "".join(code.text or "" for code in paragraph.iter(f"{_W}instrText"))):
            self._fail(number, _("in een veldcode kan geen tag staan"))
        for tag in _TAG.findall(text):
            if spaced := _SPACED.match(tag):
                self._fail(number, _("{tag} heeft een spatie te veel").format(tag=tag), ["{{p " + spaced[1] + " }}"])
            wide = _WIDE.match(tag)
            if wide and wide[1] == "{{" and not _BLOCK.fullmatch(tag):
                self._fail(number, _("{tag} bestaat niet").format(tag=tag), _PLACED)
            if tag.startswith("{{r "):
                self._fail(number, _("{tag} bestaat niet").format(tag=tag), _NAMES)
            if wide and not _alone(paragraph, wide[2], tag):
                self._fail(number, _("naast {tag} mag niets staan, het zou verdwijnen").format(tag=tag))

    def _paragraph(self, line: int) -> int:
        """The number of the paragraph that a line of the source belongs to; 0 when there is none."""
        for text in reversed(self._source.split("\n")[:line]):
            if found := re.match(r"(\d+)#\}", text):
                return int(found[1])
        return 0

    def _fail(self, number: int, wrong: str, allowed: Iterable[str] = ()) -> NoReturn:
        where = self.part
        if number:
            text = self._texts[number - 1]
            shown = text if len(text) <= 80 else f"{text[:79]}…"
            where = _("{part}, alinea {number} (“{text}”)").format(part=self.part, number=number, text=shown)
        names = ", ".join(allowed)
        told = _("te gebruiken: {names}").format(names=names) if names else ""
        raise TemplateError(Place(str(self._path)), f"{where}: {wrong}", told) from None


def _named(tree: nodes.Template) -> Iterator[str]:
    """The dotted names in a template, such as ``school.phone``."""
    from jinja2 import nodes

    for found in tree.find_all(nodes.Getattr):
        path, owner = [found.attr], found.node
        while isinstance(owner, nodes.Getattr):
            path, owner = [owner.attr, *path], owner.node
        if isinstance(owner, nodes.Name):
            yield ".".join([owner.name, *path])


def _text_of(paragraph: Any) -> str:
    """A paragraph's own text, without that of text boxes in it."""
    return "".join(
        text.text or "" for text in paragraph.iter(f"{_W}t") if next(text.iterancestors(f"{_W}p"), None) is paragraph
    )


def _alone(paragraph: Any, kind: str, tag: str) -> bool:
    around = paragraph if kind == "p" else next(paragraph.iterancestors(_W + kind), None)
    if around is None:
        return False
    lost = (f"{_W}{name}" for name in ("sectPr", "drawing", "pict", "object", "br", "fldChar", "footnoteReference"))
    return (
        "".join(t.text or "" for t in around.iter(f"{_W}t")).strip() == tag and next(around.iter(*lost), None) is None
    )


def _mark(root: Any) -> None:
    """Notes before every paragraph, row and cell which paragraph starts there, so that a mistake has a place."""
    from lxml import etree

    number = 0
    for element in list(root.iter(f"{_W}p", f"{_W}tr", f"{_W}tc")):
        starts = element.tag == f"{_W}p"
        number += starts
        element.addprevious(etree.ProcessingInstruction("comms", str(number if starts else number + 1)))


def _open_places(root: Any, paragraphs: list[Any], texts: list[str], is_header: bool) -> None:
    """Puts a processing instruction where blocks of the message, or the banner, will come."""
    from lxml import etree

    for paragraph, text in zip(paragraphs, texts, strict=True):
        if found := _BLOCK.fullmatch(text.strip()):
            paragraph.getparent().replace(paragraph, etree.ProcessingInstruction(f"comms-{found[1]}"))
    body = root.find(f"{_W}body")
    if body is not None:
        body.insert(0, etree.ProcessingInstruction("comms-banner"))
    elif is_header:
        root.insert(0, etree.ProcessingInstruction("comms-header-banner"))


def _patched(root: Any) -> str:
    """The part as a Jinja template, by docxtpl's own patching; a line starts with the number of its paragraph."""
    from docxtpl import DocxTemplate
    from lxml import etree

    source: str = DocxTemplate("").patch_xml(etree.tostring(root, encoding="unicode"))
    for written, meant in _LITERAL.items():
        source = source.replace(written, f"{{{{ '{meant}' }}}}")
    # A comment prints nothing and still counts as a line; Jinja reports lines.
    return _MARK.sub(r"{#\n\1#}", source)


@cache
def _environment() -> SandboxedEnvironment:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment
    from markupsafe import Markup
    from markupsafe import escape as escaped

    class Unknown(StrictUndefined):
        @property
        def _undefined_message(self) -> str:
            return _("“{name}” bestaat niet").format(name=self._undefined_name)

    def as_typed(value: object) -> Markup:
        """A value as text of the letter: exactly as typed, whatever it holds."""
        if isinstance(value, Markup):
            return Markup(visible(value))  # what Jinja itself has escaped before, in a macro or a {% set %} block
        if isinstance(value, (str, int, float, Unknown)):  # str() of the last raises, with the name
            return escaped(visible(str(value)))
        raise TypeError(_("hier staat geen tekst maar een groep; kies een naam eruit"))

    environment = ImmutableSandboxedEnvironment(autoescape=True, undefined=Unknown, finalize=as_typed)
    # What would let a text pass as markup, and what would make two renderings differ.
    for name in ("safe", "tojson", "xmlattr", "urlize", "random"):
        del environment.filters[name]
    del environment.globals["lipsum"]
    return environment


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
