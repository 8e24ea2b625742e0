"""Word files: all that they say, wherever it stands.

What readers of the letter see comes first: the text with its tables, text boxes and notes, headers and footers.
What stands beside it follows: comments, deleted text, the addresses behind links, descriptions of pictures and the
document's properties. Text that was inserted as a tracked change is text like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Final

from comms.languages import N_, _
from comms.review.formats.extraction import AUTHOR, BREAK, Chunk, Extract, Extraction, UnreadableError, on_one_line
from comms.review.formats.packages import Attributes, Package, Relation, Walker, broken
from comms.review.written import PartKind

_WORD: Final = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_DRAWING: Final = (
    "http://schemas.openxmlformats.org/drawingml/2006/main",
    "http://purl.oclc.org/ooxml/drawingml/main",
)
_OTHER: Final = {
    "http://schemas.openxmlformats.org/markup-compatibility/2006": ("AlternateContent", "Choice", "Fallback"),
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": ("docPr",),
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": ("docPr",),
    **dict.fromkeys(_DRAWING, ("hlinkClick", "blip")),
    "urn:schemas-microsoft-com:vml": ("shape",),
}
_OFFICE: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_READABLE: Final = (
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
)
_INSERTED: Final = ("aFChunk", "subDocument")
"""Other files that Word shows as if they were part of this one."""
_DRAWN: Final = ("diagramData", "chart")
_NOTES: Final = {"footnotes": N_("voetnoot"), "endnotes": N_("eindnoot")}
_MARGINS: Final = {"header": N_("koptekst"), "footer": N_("voettekst")}
_PROPERTIES: Final = {
    "title": N_("titel"),
    "subject": N_("onderwerp"),
    "creator": N_("auteur"),
    "keywords": N_("trefwoorden"),
    "description": N_("opmerkingen"),
    "category": N_("categorie"),
    "contentStatus": N_("status"),
    "lastModifiedBy": N_("laatst bewerkt door"),
    "Company": N_("bedrijf"),
    "Manager": N_("manager"),
}


def read(file: IO[bytes]) -> Extract:
    """What a .docx or .dotx says. Raises UnreadableError."""
    package = Package(file)
    main = _main(package)
    relations = package.relations(main)
    if any(each.kind in _INSERTED for each in relations.values()):
        raise UnreadableError(
            _("bestaat deels uit andere bestanden"), _("open het in Word en bewaar het opnieuw als .docx")
        )
    extraction = Extraction()
    styles = _Styles(package, next((each.target for each in relations.values() if each.kind == "styles"), ""))
    body = _Story(extraction, main, relations, styles)
    package.walk(main, body)
    for kind, place in (*_MARGINS.items(), *_NOTES.items()):
        for target in dict.fromkeys(each.target for each in relations.values() if each.kind == kind):
            package.walk(target, _Story(extraction, target, package.relations(target), styles, _(place)))
    for each in relations.values():
        if each.kind in _DRAWN:
            package.walk(each.target, _Drawing(extraction, each.target))
        elif each.kind == "comments":
            comments = _Comments(extraction, each.target, package.relations(each.target), styles, body.anchors)
            package.walk(each.target, comments)
    for each in package.relations("").values():
        if each.kind.endswith("-properties"):
            package.walk(each.target, _Properties(extraction))
    return extraction.extract()


def _main(package: Package) -> str:
    """The name of the part that holds the text, after checks that this is a Word file that may be read."""
    if "[Content_Types].xml" not in package:
        raise _other_zip(package)
    types = _Types()
    package.walk("[Content_Types].xml", types)
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types.kinds) or any(
        name.endswith("vbaproject.bin") for name in package.names
    ):
        raise UnreadableError(_("bevat macro's"), _("bewaar het als .docx"))
    relations = package.relations("").values()
    main = next((each.target for each in relations if each.kind == "officeDocument"), "")
    if main not in package:
        raise broken()
    if types.kind(main) not in _READABLE:
        raise UnreadableError(_("is een Office-bestand maar geen Word-document"), _("bewaar de tekst als .docx"))
    return main


def _other_zip(package: Package) -> UnreadableError:
    if "mimetype" in package and "content.xml" in package:
        return UnreadableError(_("is geen Word-bestand maar een OpenDocument-bestand"), _("noem het .odt"))
    return UnreadableError(_("is een zipbestand maar geen Word-bestand"), _("bewaar de tekst als .docx"))


class _Types(Walker):
    def __init__(self) -> None:
        super().__init__()
        self._parts: dict[str, str] = {}
        self._extensions: dict[str, str] = {}

    def begin(self, name: str, attributes: Attributes) -> None:
        kind = attributes.get("ContentType", "")
        if "PartName" in attributes:
            self._parts[attributes["PartName"].lower()] = kind
        elif "Extension" in attributes:
            self._extensions[attributes["Extension"].lower()] = kind

    @property
    def kinds(self) -> Iterable[str]:
        return (*self._parts.values(), *self._extensions.values())

    def kind(self, part: str) -> str:
        extension = part.rpartition(".")[2].lower()
        return self._parts.get(f"/{part.lower()}", self._extensions.get(extension, ""))


# --- Headings and lists ---------------------------------------------------------------------------------------------

_HEADINGS: Final = ("heading", "kop", "title", "titel", "subtitle", "ondertitel")
_PLAIN: Final = ("normal", "standaard", "bodytext", "plattetekst", "default")
_LISTED: Final = ("list bullet", "list number")


def _bare(style: str) -> str:
    """The name or id of a style without the number of its level."""
    return style.lower().rstrip("123456789").rstrip()


class _Styles(Walker):
    """What the paragraphs of a style are. The part is read only when a style's id alone does not say it."""

    def __init__(self, package: Package, part: str) -> None:
        super().__init__()
        self._package, self._part = package, part
        self._read = not part
        self._names: dict[str, str] = {}
        self._based: dict[str, str] = {}
        self._kinds: dict[str, PartKind] = {}
        self._style = ""

    def kind(self, style: str) -> PartKind:
        if _bare(style) in _PLAIN:
            return "paragraph"
        if _bare(style) in _HEADINGS:
            return "heading"
        if not self._read:
            self._read = True
            self._package.walk(self._part, self)
        seen: set[str] = set()
        while style and style not in seen:
            seen.add(style)
            if style in self._kinds:
                return self._kinds[style]
            name = _bare(self._names.get(style, ""))
            if name in _HEADINGS:
                return "heading"
            if name in _LISTED:
                return "bullet"
            style = self._based.get(style, "")
        return "paragraph"

    def begin(self, name: str, attributes: Attributes) -> None:
        namespace, _blank, local = name.rpartition(" ")
        if namespace not in _WORD:
            return
        value = attributes.get(f"{namespace} val", "")
        if local == "style":
            self._style = attributes.get(f"{namespace} styleId", "")
        elif local == "name":
            self._names.setdefault(self._style, value)
        elif local == "basedOn":
            self._based[self._style] = value
        elif local == "outlineLvl" and value in "012345678":
            self._kinds[self._style] = "heading"
        elif local == "numId" and value != "0":
            self._kinds.setdefault(self._style, "bullet")


# --- Text -----------------------------------------------------------------------------------------------------------


class _Paragraph:
    """A paragraph of which the end has not been read yet."""

    def __init__(self, box: bool) -> None:
        self.box = box
        """It stands in a text box."""
        self.style = ""
        self.kind: PartKind | None = None
        self.chunks: list[Chunk] = []
        self.earlier: list[Chunk] = []
        """The text before the tracked changes, with what is deleted since, claimed."""
        self.deleted = False
        self.linked: list[tuple[int, Chunk]] = []
        """Addresses of links, each after how many chunks."""
        self.later: list[Callable[[], None]] = []
        """What is added to the extraction after this paragraph: text boxes in it, descriptions of pictures."""


_CHARACTERS: Final = {
    "tab": "\t",
    "ptab": "\t",
    "br": BREAK,
    "cr": BREAK,
    "noBreakHyphen": "\N{NON-BREAKING HYPHEN}",
    "softHyphen": "\N{SOFT HYPHEN}",
}
_ADDRESS: Final = r"""(?i)\s*HYPERLINK\s+(?:\\[a-z]\s+)*(?:"([^"]*)"|([^\s\\"]+))"""


class _Story(Walker):
    """Reads one part with paragraphs: the body, a header, the notes."""

    def __init__(
        self,
        extraction: Extraction,
        part: str,
        relations: Mapping[str, Relation],
        styles: _Styles,
        place: str = "",
    ) -> None:
        super().__init__()
        self.anchors: dict[str, tuple[int, int]] = {}
        """For each comment where it is read and the number of its paragraph."""
        self._extraction, self._part, self._relations = extraction, part, relations
        self._styles, self._place = styles, place
        self._paragraphs: list[_Paragraph] = []
        self._count = 0
        self._skipping = 0
        self._properties = 0
        self._old_properties = 0
        self._deleting = 0
        self._inserting = 0
        self._boxes = 0
        self._choices: list[bool] = []
        self._links: list[tuple[str, int]] = []
        self._fields: list[tuple[list[str], int]] = []
        self._waiting: list[str] = []
        self._text: list[str] | None = None
        self._origin = -1

    def begin(self, name: str, attributes: Attributes) -> None:
        if self._skipping:
            return
        known = _KNOWN.get(name)
        if known is None:
            return
        if known in _CHARACTERS:
            if self._paragraphs and not self._properties:
                self._add(_CHARACTERS[known], self.number)
            return
        if handler := _BEGINS.get(known):
            handler(self, attributes)

    def end(self, name: str) -> None:
        if self._skipping:
            if self.depth == self._skipping:
                self._skipping = 0
            return
        if handler := _ENDS.get(_KNOWN.get(name, "")):
            handler(self)

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def skip(self) -> None:
        """Passes over all that stands in the element that begins."""
        self._skipping = self.depth

    # Paragraphs

    def _begin_paragraph(self, _attributes: Attributes) -> None:
        if not self._paragraphs:
            self._count += 1
        self._paragraphs.append(_Paragraph(bool(self._boxes)))
        for comment in self._waiting:
            self._anchor(comment)
        self._waiting = []

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if self._paragraphs:
            self._extraction.expect()
            self._paragraphs[-1].later.append(lambda: self._finish(paragraph))
        else:
            self._finish(paragraph)

    def _finish(self, paragraph: _Paragraph) -> None:
        kind = paragraph.kind or (self._styles.kind(paragraph.style) if paragraph.style else "paragraph")
        place = _joined(self._place, _("tekstvak") if paragraph.box else "")
        at = self._extraction.count
        self.shown(kind, paragraph.chunks, place, at)
        if paragraph.deleted:
            self.said_beside(paragraph.earlier, _joined(place, _("verwijderde tekst")), at)
        if paragraph.linked:
            self.linked(paragraph, _joined(place, _("adres achter een link")), at)
        for add in paragraph.later:
            add()

    def shown(self, kind: PartKind, chunks: list[Chunk], place: str, at: int) -> None:
        """Takes a finished paragraph."""
        self._extraction.show(kind, chunks, place, self._part, self._count)

    def said_beside(self, chunks: list[Chunk], place: str, at: int) -> None:
        """Takes what stands beside the paragraph ``at``."""
        self._extraction.beside(chunks, place, self._part, self._count, at)

    def linked(self, paragraph: _Paragraph, place: str, at: int) -> None:
        """Takes the addresses of a paragraph's links."""
        self._extraction.addresses(paragraph.chunks, paragraph.linked, place, self._part, self._count, at)

    def _style(self, attributes: Attributes) -> None:
        if self._paragraphs and not self._old_properties:
            self._paragraphs[-1].style = _value(attributes)

    def _outline(self, attributes: Attributes) -> None:
        if self._paragraphs and not self._old_properties and _value(attributes) in "012345678":
            self._paragraphs[-1].kind = "heading"

    def _listed(self, attributes: Attributes) -> None:
        if self._paragraphs and not self._old_properties and self._paragraphs[-1].kind is None:
            self._paragraphs[-1].kind = "paragraph" if _value(attributes) == "0" else "bullet"

    # Text and its changes

    def _begin_text(self, _attributes: Attributes) -> None:
        self._text, self._origin = [], self.number

    def _end_text(self) -> None:
        text = on_one_line("".join(self._text or ()))
        self._text = None
        if text and self._paragraphs:
            self._add(text, self._origin)

    def _end_deleted_text(self) -> None:
        # Some programs write it without the element around it that says so.
        self._deleting += 1
        self._end_text()
        self._deleting -= 1

    def _add(self, text: str, origin: int) -> None:
        paragraph = self._paragraphs[-1]
        if self._deleting:
            paragraph.deleted = True
            paragraph.earlier.append(Chunk(text, origin, claimed=True))
            return
        chunk = Chunk(text, origin)
        paragraph.chunks.append(chunk)
        if not self._inserting:
            paragraph.earlier.append(chunk)

    def _begin_deleted(self, _attributes: Attributes) -> None:
        self._deleting += not self._properties

    def _end_deleted(self) -> None:
        self._deleting -= not self._properties

    def _begin_inserted(self, _attributes: Attributes) -> None:
        self._inserting += not self._properties

    def _end_inserted(self) -> None:
        self._inserting -= not self._properties

    # Links: an element around the text, or a field before it

    def _begin_link(self, attributes: Attributes) -> None:
        relation = self._relations.get(_office(attributes, "id"))
        self._links.append((relation.target if relation and relation.external else "", self.number))

    def _end_link(self) -> None:
        address, origin = self._links.pop()
        self._link(address, origin)

    def _begin_simple_field(self, attributes: Attributes) -> None:
        self._links.append((_address_in(_attribute(attributes, "instr")), self.number))

    def _field_character(self, attributes: Attributes) -> None:
        kind = _attribute(attributes, "fldCharType")
        if kind == "begin":
            self._fields.append(([], self.number))
        elif kind == "end" and self._fields:
            code, origin = self._fields.pop()
            self._link(_address_in("".join(code)), origin)

    def _end_field_code(self) -> None:
        code = "".join(self._text or ())
        self._text = None
        if self._fields:
            self._fields[-1][0].append(code)

    def _link(self, address: str, origin: int) -> None:
        if address and self._paragraphs:
            paragraph = self._paragraphs[-1]
            paragraph.linked.append((len(paragraph.chunks), Chunk(on_one_line(address), origin, claimed=True)))

    # Text boxes, of which a file holds two copies, and pictures

    def _begin_alternatives(self, _attributes: Attributes) -> None:
        self._choices.append(False)

    def _end_alternatives(self) -> None:
        self._choices.pop()

    def _begin_alternative(self, _attributes: Attributes) -> None:
        if self._choices and self._choices[-1]:
            self.skip()
        elif self._choices:
            self._choices[-1] = True

    def _begin_box(self, _attributes: Attributes) -> None:
        self._boxes += 1

    def _end_box(self) -> None:
        self._boxes -= 1

    def _picture(self, attributes: Attributes) -> None:
        said = [on_one_line(attributes[name]) for name in ("title", "descr", "alt") if attributes.get(name)]
        place = _joined(self._place, _("beschrijving van een afbeelding"))
        origin = self.number
        if said and self._paragraphs:
            self._extraction.expect()
            chunk = Chunk(" ".join(said), origin)
            self._paragraphs[-1].later.append(lambda: self.said_beside([chunk], place, self._extraction.count - 1))

    def _picture_from_elsewhere(self, attributes: Attributes) -> None:
        for name in ("id", "link"):
            relation = self._relations.get(_office(attributes, name))
            if relation and relation.external:
                self._link(relation.target, self.number)

    # Properties of paragraphs and runs

    def _begin_properties(self, _attributes: Attributes) -> None:
        self._properties += 1

    def _end_properties(self) -> None:
        self._properties -= 1

    def _begin_old_properties(self, _attributes: Attributes) -> None:
        self._old_properties += 1

    def _end_old_properties(self) -> None:
        self._old_properties -= 1

    # Notes and comments

    def _note(self, attributes: Attributes) -> None:
        if _attribute(attributes, "type") not in ("", "normal"):
            self.skip()  # the line between text and notes

    def _comment_begins(self, attributes: Attributes) -> None:
        comment = _attribute(attributes, "id")
        if self._paragraphs:
            self._anchor(comment)
        else:
            self._waiting.append(comment)

    def _anchor(self, comment: str) -> None:
        self.anchors.setdefault(comment, (self._extraction.count, self._count))

    def _comment(self, attributes: Attributes) -> None:
        """A comment begins, in the part of the comments."""


def _joined(*places: str) -> str:
    return ", ".join(place for place in places if place)


def _attribute(attributes: Attributes, name: str) -> str:
    return next((attributes[key] for key in (f"{word} {name}" for word in _WORD) if key in attributes), "")


def _value(attributes: Attributes) -> str:
    return _attribute(attributes, "val")


def _office(attributes: Attributes, name: str) -> str:
    return next((attributes[key] for key in (f"{office} {name}" for office in _OFFICE) if key in attributes), "")


def _address_in(code: str) -> str:
    found = re.match(_ADDRESS, code)
    return (found[1] or found[2] or "") if found else ""


_BEGINS: Final[dict[str, Callable[[_Story, Attributes], None]]] = {
    "p": _Story._begin_paragraph,
    "pPr": _Story._begin_properties,
    "rPr": _Story._begin_properties,
    "pPrChange": _Story._begin_old_properties,
    "pStyle": _Story._style,
    "outlineLvl": _Story._outline,
    "numId": _Story._listed,
    "t": _Story._begin_text,
    "delText": _Story._begin_text,
    "instrText": _Story._begin_text,
    "del": _Story._begin_deleted,
    "moveFrom": _Story._begin_deleted,
    "ins": _Story._begin_inserted,
    "moveTo": _Story._begin_inserted,
    "hyperlink": _Story._begin_link,
    "fldSimple": _Story._begin_simple_field,
    "fldChar": _Story._field_character,
    "AlternateContent": _Story._begin_alternatives,
    "Choice": _Story._begin_alternative,
    "Fallback": _Story._begin_alternative,
    "txbxContent": _Story._begin_box,
    "docPr": _Story._picture,
    "shape": _Story._picture,
    "hlinkClick": _Story._picture_from_elsewhere,
    "blip": _Story._picture_from_elsewhere,
    "footnote": _Story._note,
    "endnote": _Story._note,
    "comment": lambda story, attributes: story._comment(attributes),
    "commentRangeStart": _Story._comment_begins,
    "commentReference": _Story._comment_begins,
}
_ENDS: Final[dict[str, Callable[[_Story], None]]] = {
    "p": _Story._end_paragraph,
    "pPr": _Story._end_properties,
    "rPr": _Story._end_properties,
    "pPrChange": _Story._end_old_properties,
    "t": _Story._end_text,
    "delText": _Story._end_deleted_text,
    "instrText": _Story._end_field_code,
    "del": _Story._end_deleted,
    "moveFrom": _Story._end_deleted,
    "ins": _Story._end_inserted,
    "moveTo": _Story._end_inserted,
    "hyperlink": _Story._end_link,
    "fldSimple": _Story._end_link,
    "AlternateContent": _Story._end_alternatives,
    "txbxContent": _Story._end_box,
}
_KNOWN: Final = {
    **{f"{namespace} {local}": local for namespace in _WORD for local in (*_BEGINS, *_CHARACTERS)},
    **{f"{namespace} {local}": local for namespace, names in _OTHER.items() for local in names},
}


class _Comments(_Story):
    """Reads the comments: each is read after the paragraph that it stands at."""

    def __init__(
        self,
        extraction: Extraction,
        part: str,
        relations: Mapping[str, Relation],
        styles: _Styles,
        anchors: Mapping[str, tuple[int, int]],
    ) -> None:
        super().__init__(extraction, part, relations, styles, _("opmerking"))
        self._at = anchors
        self._where = (-1, 1)

    def _comment(self, attributes: Attributes) -> None:
        self._where = self._at.get(_attribute(attributes, "id"), (-1, 1))
        if _attribute(attributes, "author") == AUTHOR:
            self.skip()

    def shown(self, kind: PartKind, chunks: list[Chunk], place: str, at: int) -> None:
        self.said_beside(chunks, place, at)

    def said_beside(self, chunks: list[Chunk], place: str, at: int) -> None:
        self._extraction.beside(chunks, place, self._part, self._where[1], self._where[0])

    def linked(self, paragraph: _Paragraph, place: str, at: int) -> None:
        number, at = self._where[1], self._where[0]
        self._extraction.addresses(paragraph.chunks, paragraph.linked, place, self._part, number, at)


_DRAWN_TEXT: Final = tuple(f"{namespace} t" for namespace in _DRAWING)
_DRAWN_PARAGRAPH: Final = tuple(f"{namespace} p" for namespace in _DRAWING)


class _Drawing(Walker):
    """Reads a part that holds the texts of a diagram or chart."""

    def __init__(self, extraction: Extraction, part: str) -> None:
        super().__init__()
        self._extraction, self._part = extraction, part
        self._chunks: list[Chunk] = []
        self._text: list[str] | None = None

    def begin(self, name: str, attributes: Attributes) -> None:
        if name in _DRAWN_TEXT:
            self._text = []

    def text(self, text: str) -> None:
        if self._text is not None:
            self._text.append(text)

    def end(self, name: str) -> None:
        if name in _DRAWN_TEXT:
            self._chunks.append(Chunk(on_one_line("".join(self._text or ())), self.number))
            self._text = None
        elif name in _DRAWN_PARAGRAPH and self._chunks:
            self._extraction.show("paragraph", self._chunks, _("diagram"), self._part)
            self._chunks = []


class _Properties(Walker):
    """Reads a part with properties of the document: an element each, or one with a name around its value."""

    def __init__(self, extraction: Extraction) -> None:
        super().__init__()
        self._extraction = extraction
        self._name = ""
        self._text: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        local = name.rpartition(" ")[2]
        if local == "property":
            self._name = attributes.get("name", "")
        elif self.depth == 2:
            self._name = _(_PROPERTIES[local]) if local in _PROPERTIES else ""
        self._text = []

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        said = on_one_line("".join(self._text)).strip()
        if self._name and said:
            place = _("eigenschap {name}").format(name=on_one_line(self._name))
            self._extraction.beside([Chunk(said)], place, number=1)
        self._text = []
