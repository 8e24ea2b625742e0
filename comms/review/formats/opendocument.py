"""OpenDocument texts, as LibreOffice writes them: what readers see, and what stands beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import IO, Final

from comms.languages import N_, _
from comms.review.formats.extraction import AUTHOR, BREAK, Chunk, Extract, Extraction, UnreadableError, on_one_line
from comms.review.formats.packages import Attributes, Package, Walker, broken, locked
from comms.review.written import PartKind

_OASIS: Final = "urn:oasis:names:tc:opendocument:xmlns:"
_TEXT: Final = f"{_OASIS}text:1.0"
_DRAW: Final = f"{_OASIS}drawing:1.0"
_OFFICE: Final = f"{_OASIS}office:1.0"
_STYLE: Final = f"{_OASIS}style:1.0"
_SVG: Final = f"{_OASIS}svg-compatible:1.0"
_CORE: Final = "http://purl.org/dc/elements/1.1/"
_HREF: Final = "http://www.w3.org/1999/xlink href"
_READABLE: Final = (
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.text-template",
)
_MOST_BLANKS: Final = 1_000
_PROPERTIES: Final = {
    "title": N_("titel"),
    "subject": N_("onderwerp"),
    "description": N_("opmerkingen"),
    "keyword": N_("trefwoorden"),
    "initial-creator": N_("auteur"),
    "creator": N_("laatst bewerkt door"),
}


def read(file: IO[bytes]) -> Extract:
    """What an .odt says. Raises UnreadableError."""
    package = Package(file)
    kind = _Text()
    if "content.xml" not in package or "META-INF/manifest.xml" not in package:
        raise broken()
    package.walk("META-INF/manifest.xml", kind)
    if kind.locked:
        raise locked()
    if kind.media not in _READABLE:
        raise UnreadableError(_("is een OpenDocument-bestand maar geen tekst"), _("bewaar de tekst als .odt of .docx"))
    if any(_MACRO.match(name) for name in package.names):
        raise UnreadableError(_("bevat macro's"), _("bewaar het zonder macro's of als .docx"))
    extraction = Extraction()
    package.walk("content.xml", _Story(extraction, margins=False))
    package.walk("styles.xml", _Story(extraction, margins=True))
    package.walk("meta.xml", _Properties(extraction))
    return extraction.extract()


_MACRO: Final = re.compile(r"basic/[^/]+/(?!script-l[bc]\.xml|dialog-l[bc]\.xml).+|scripts/.*[^/]")


class _Text(Walker):
    """The manifest: what kind of document it is, and whether it has a password."""

    def __init__(self) -> None:
        super().__init__()
        self.media = ""
        self.locked = False

    def begin(self, name: str, attributes: Attributes) -> None:
        namespace, _blank, local = name.rpartition(" ")
        if local == "file-entry" and attributes.get(f"{namespace} full-path") == "/":
            self.media = attributes.get(f"{namespace} media-type", "")
        elif local in ("encryption-data", "encrypted-key"):
            self.locked = True


class _Paragraph:
    """A paragraph of which the end has not been read yet."""

    def __init__(self, kind: PartKind, place: str) -> None:
        self.kind, self.place = kind, place
        self.chunks: list[Chunk] = []
        self.earlier: list[Chunk] = []
        """The text before the tracked changes, with what is deleted since, claimed."""
        self.changed = False
        self.linked: list[tuple[int, Chunk]] = []
        self.later: list[Callable[[], None]] = []


class _Story(Walker):
    """Reads the body, or of the styles the headers and footers."""

    def __init__(self, extraction: Extraction, *, margins: bool) -> None:
        super().__init__()
        self._extraction = extraction
        self._margins = margins
        self._places: list[str] = []
        self._paragraphs: list[_Paragraph] = []
        self._count = 0
        self._skipping = 0
        self._lists = 0
        self._links: list[str] = []
        self._notes = 0
        self._change = ""
        self._deletions: dict[str, list[str]] = {}
        self._insertions: set[str] = set()
        self._inserting = 0
        self._deleting = 0
        self._creator: list[str] | None = None
        self._own = False
        self._deletion: list[str] | None = None
        self._described: list[str] | None = None

    def begin(self, name: str, attributes: Attributes) -> None:
        if self._skipping:
            return
        if name in _PARAGRAPHS:
            self._begin_paragraph(_PARAGRAPHS[name])
        elif name in _SKIPPED:
            self._skipping = self.depth
        elif name in _PLACES:
            self._places.append(_(_PLACES[name]))
            self._notes += name == _ANNOTATION
            self._own = False
        elif handler := _BEGINS.get(name):
            handler(self, attributes)

    def end(self, name: str) -> None:
        if self._skipping:
            if self.depth == self._skipping:
                self._skipping = 0
            return
        if name in _PARAGRAPHS:
            self._end_paragraph()
        elif name in _PLACES:
            self._places.pop()
            self._notes -= name == _ANNOTATION
            self._own = False
        elif handler := _ENDS.get(name):
            handler(self)

    def text(self, text: str) -> None:
        if self._skipping:
            return
        if self._creator is not None:
            self._creator.append(text)
        elif self._described is not None:
            self._described.append(text)
        elif self._paragraphs:
            self._add(re.sub(r"[ \t\r\n]+", " ", on_one_line(text)))

    def _begin_paragraph(self, kind: PartKind) -> None:
        if kind == "paragraph" and self._lists:
            kind = "bullet"
        if not self._paragraphs and self._deletion is None:
            self._count += 1
        self._paragraphs.append(_Paragraph(kind, ", ".join(self._places)))

    def _end_paragraph(self) -> None:
        paragraph = self._paragraphs.pop()
        if self._deletion is not None:
            self._deletion.append("".join(chunk.text for chunk in paragraph.chunks))
            return
        if self._own or (self._margins and not self._places):
            return
        beside = bool(self._notes)
        if self._paragraphs:
            self._extraction.expect()
            self._paragraphs[-1].later.append(lambda: self._finish(paragraph, beside))
        else:
            self._finish(paragraph, beside)

    def _finish(self, paragraph: _Paragraph, beside: bool) -> None:
        at, place, number = self._extraction.count, paragraph.place, self._count
        if beside:
            self._extraction.beside(paragraph.chunks, place, number=number, at=at)
        else:
            self._extraction.show(paragraph.kind, paragraph.chunks, place, number=number)
        if paragraph.changed:
            where = _joined(place, _("verwijderde tekst"))
            self._extraction.beside(paragraph.earlier, where, number=number, at=at)
        if paragraph.linked:
            where = _joined(place, _("adres achter een link"))
            self._extraction.addresses(paragraph.chunks, paragraph.linked, where, number=number, at=at)
        for add in paragraph.later:
            add()

    def _add(self, text: str) -> None:
        paragraph = self._paragraphs[-1]
        before = paragraph.chunks[-1].text if paragraph.chunks else " "
        if text.startswith(" ") and before.endswith(" "):  # blanks of the layout count once
            text = text[1:]
        self._put(text)

    def _put(self, text: str) -> None:
        if not text or not self._paragraphs:
            return
        paragraph = self._paragraphs[-1]
        if self._deleting:
            paragraph.changed = True
            paragraph.earlier.append(Chunk(text, claimed=True))
            return
        paragraph.chunks.append(Chunk(text))
        if not self._inserting:
            paragraph.earlier.append(Chunk(text))

    def _blanks(self, attributes: Attributes) -> None:
        count = attributes.get(f"{_TEXT} c", "1")
        self._put(" " * min(int(count) if count.isdecimal() and len(count) < 9 else 1, _MOST_BLANKS))

    def _tab(self, _attributes: Attributes) -> None:
        self._put("\t")

    def _break(self, _attributes: Attributes) -> None:
        self._put(BREAK)

    def _begin_list(self, _attributes: Attributes) -> None:
        self._lists += 1

    def _end_list(self) -> None:
        self._lists -= 1

    def _begin_link(self, attributes: Attributes) -> None:
        self._links.append(attributes.get(_HREF, ""))

    def _end_link(self) -> None:
        self._linked(self._links.pop())

    def _picture(self, attributes: Attributes) -> None:
        self._linked(attributes.get(_HREF, ""))

    def _linked(self, address: str) -> None:
        if ":" in address and self._paragraphs:
            paragraph = self._paragraphs[-1]
            paragraph.linked.append((len(paragraph.chunks), Chunk(on_one_line(address), claimed=True)))

    def _begin_description(self, _attributes: Attributes) -> None:
        self._described = []

    def _end_description(self) -> None:
        said = on_one_line("".join(self._described or ())).strip()
        self._described = None
        chunk, number = Chunk(said), self._count or 1
        place = _joined(", ".join(self._places), _("beschrijving van een afbeelding"))
        if self._paragraphs:
            self._extraction.expect()
            self._paragraphs[-1].later.append(lambda: self._extraction.beside([chunk], place, number=number))
        else:
            self._extraction.beside([chunk], place, number=number)

    # Tracked changes: a list of them stands before the text, and marks in it. What was deleted stands in the list,
    # with one mark where it stood, or still in the text between two marks.

    def _region(self, attributes: Attributes) -> None:
        self._change = attributes.get(f"{_TEXT} id") or attributes.get("http://www.w3.org/XML/1998/namespace id", "")

    def _begin_deletion(self, _attributes: Attributes) -> None:
        self._deletion = []

    def _end_deletion(self) -> None:
        self._deletions[self._change] = self._deletion or []
        self._deletion = None

    def _insertion(self, _attributes: Attributes) -> None:
        self._insertions.add(self._change)

    def _changed(self, attributes: Attributes) -> None:
        # A deletion is one place in the text; a second mark would say it again.
        deleted = on_one_line(" ".join(self._deletions.pop(attributes.get(f"{_TEXT} change-id", ""), ())))
        if deleted and self._paragraphs:
            self._paragraphs[-1].changed = True
            self._paragraphs[-1].earlier.append(Chunk(deleted, claimed=True))
        elif deleted:
            self._extraction.beside([Chunk(deleted)], _("verwijderde tekst"), number=self._count)

    def _change_begins(self, attributes: Attributes) -> None:
        self._within(attributes, 1)

    def _change_ends(self, attributes: Attributes) -> None:
        self._within(attributes, -1)

    def _within(self, attributes: Attributes, step: int) -> None:
        change = attributes.get(f"{_TEXT} change-id", "")
        if change in self._deletions:
            self._deleting = max(self._deleting + step, 0)
        elif change in self._insertions:
            self._inserting = max(self._inserting + step, 0)

    # Who wrote a comment

    def _begin_creator(self, _attributes: Attributes) -> None:
        self._creator = []

    def _end_creator(self) -> None:
        self._own = self._notes > 0 and "".join(self._creator or ()) == AUTHOR
        self._creator = None


def _joined(*places: str) -> str:
    return ", ".join(place for place in places if place)


_PARAGRAPHS: Final[dict[str, PartKind]] = {f"{_TEXT} p": "paragraph", f"{_TEXT} h": "heading"}
_ANNOTATION: Final = f"{_OFFICE} annotation"
_PLACES: Final = {
    f"{_TEXT} note-body": N_("voetnoot"),
    _ANNOTATION: N_("opmerking"),
    f"{_DRAW} text-box": N_("tekstvak"),
    **{f"{_STYLE} header{which}": N_("koptekst") for which in ("", "-left", "-first")},
    **{f"{_STYLE} footer{which}": N_("voettekst") for which in ("", "-left", "-first")},
}
_SKIPPED: Final = {
    f"{_TEXT} note-citation",
    f"{_TEXT} script",
    f"{_OFFICE} event-listeners",
    f"{_OFFICE} change-info",
    f"{_CORE} date",
    f"{_OASIS}meta:1.0 creator-initials",
}
_BEGINS: Final[dict[str, Callable[[_Story, Attributes], None]]] = {
    f"{_TEXT} s": _Story._blanks,
    f"{_TEXT} tab": _Story._tab,
    f"{_TEXT} line-break": _Story._break,
    f"{_TEXT} list-item": _Story._begin_list,
    f"{_TEXT} a": _Story._begin_link,
    f"{_DRAW} a": _Story._begin_link,
    f"{_DRAW} image": _Story._picture,
    f"{_SVG} title": _Story._begin_description,
    f"{_SVG} desc": _Story._begin_description,
    f"{_TEXT} changed-region": _Story._region,
    f"{_TEXT} deletion": _Story._begin_deletion,
    f"{_TEXT} insertion": _Story._insertion,
    f"{_TEXT} change": _Story._changed,
    f"{_TEXT} change-start": _Story._change_begins,
    f"{_TEXT} change-end": _Story._change_ends,
    f"{_CORE} creator": _Story._begin_creator,
}
_ENDS: Final[dict[str, Callable[[_Story], None]]] = {
    f"{_TEXT} list-item": _Story._end_list,
    f"{_TEXT} a": _Story._end_link,
    f"{_DRAW} a": _Story._end_link,
    f"{_SVG} title": _Story._end_description,
    f"{_SVG} desc": _Story._end_description,
    f"{_TEXT} deletion": _Story._end_deletion,
    f"{_CORE} creator": _Story._end_creator,
}


class _Properties(Walker):
    """The document's properties, those of its user among them."""

    def __init__(self, extraction: Extraction) -> None:
        super().__init__()
        self._extraction = extraction
        self._name = ""
        self._text: list[str] = []

    def begin(self, name: str, attributes: Attributes) -> None:
        namespace, _blank, local = name.rpartition(" ")
        self._name = _(_PROPERTIES[local]) if local in _PROPERTIES else ""
        if local == "user-defined":
            self._name = attributes.get(f"{namespace} name", "")
        self._text = []

    def text(self, text: str) -> None:
        self._text.append(text)

    def end(self, name: str) -> None:
        said = on_one_line("".join(self._text)).strip()
        if self._name and said:
            place = _("eigenschap {name}").format(name=on_one_line(self._name))
            self._extraction.beside([Chunk(said)], place, number=1)
        self._name, self._text = "", []
