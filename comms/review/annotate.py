"""A copy of a Word file with each finding as a comment at its place, and better wordings as tracked changes.

Also any other comments in a Word file, for training: what a passage of a draft is there for, the key of an exercise.

Nothing else of the file changes: parts that are not touched are passed on as they were compressed. No date is
written, so that the same file and the same findings give the same bytes.
"""

from __future__ import annotations

import copy
import posixpath
import zipfile
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from io import BytesIO
from itertools import pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, NamedTuple

from lxml import etree

from comms.archive import Entry, zipped
from comms.characters import visible
from comms.errors import InputError, Place, Problem
from comms.languages import _, reason
from comms.review.files import Found, Source, copy_of
from comms.review.findings import CATEGORIES, SEVERITIES
from comms.review.formats import word
from comms.review.formats.extraction import AUTHOR, Extract, Piece

_STRICT: Final = "http://purl.oclc.org/ooxml/"
_RELATIONS: Final = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES: Final = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_OFFICE: Final = f"{_STRICT}officeDocument/relationships"
_COMMENTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
_SPACE: Final = "{http://www.w3.org/XML/1998/namespace}space"
_PRESERVED: Final = {_SPACE: "preserve"}


_LARGEST: Final = 200_000_000
"""Bytes of a file that is taken into memory to be copied."""


class Annotated(NamedTuple):
    """The copy, and how much of it is new."""

    path: Path
    """Where it goes when it goes beside the original."""
    content: bytes
    comments: int
    changes: int


def copied(source: Source, found: Sequence[Found], *, comment: bool, fix: bool) -> Annotated | None:
    """The copy of a Word file with its findings; None when nothing would be new in it. Raises InputError.

    ``comment``: each finding as a comment. ``fix``: each better wording that can stand there as it is, as a tracked
    change; of findings that overlap only the first is changed.
    """
    assert source.path is not None
    try:
        large = source.path.stat().st_size > _LARGEST
        data = b"" if large else source.path.read_bytes()
    except OSError as error:
        raise _refused(source, _("kan niet worden gelezen: {reason}").format(reason=reason(error))) from error
    if large:
        raise _refused(source, _("is te groot om er een kopie van te maken"))
    if word.read(BytesIO(data)).written != source.extract.written:
        raise _refused(source, _("is veranderd terwijl het werd gelezen; probeer het nog eens"))
    content, comments, changes = annotated(data, source.extract, found, comment=comment, fix=fix)
    return Annotated(copy_of(source.path), content, comments, changes) if comments or changes else None


def _refused(source: Source, wrong: str) -> InputError:
    return InputError([Problem(Place(source.name), "", wrong)])


def annotated(
    data: bytes, extract: Extract, found: Sequence[Found], *, comment: bool, fix: bool
) -> tuple[bytes, int, int]:
    """The Word file ``data``, read as ``extract``, with its findings; how many comments and changes are new in it."""
    package = _Package(data)
    marks = [_marked(extract, each) for each in found]
    changing = list(_changing(package, extract, marks)) if fix else []
    package.cut(changing, [*marks] if comment else [])
    changed = {id(mark): replaced for mark in changing if (replaced := package.replace(mark))}
    if comment:
        notes = _Comments(package)
        for mark in marks:
            notes.add(mark, changed.get(id(mark)))
    return package.content(), len(marks) if comment else 0, len(changed)


class Comment(NamedTuple):
    """A comment to be written, a paragraph each line, and the stretch of the text that it is about.

    Offsets count in the text as :mod:`comms.review.formats.word` reads it; an empty stretch is the whole text.
    """

    start: int
    end: int
    lines: tuple[str, ...]


def commented(data: bytes, extract: Extract, comments: Sequence[Comment]) -> bytes:
    """The Word file ``data``, read as ``extract``, with these comments."""
    package = _Package(data)
    marks = [
        _Mark(each.start, each.end, _stretches(extract, each.start, each.end), None, _told(each)) for each in comments
    ]
    package.cut((), marks)
    written = _Comments(package)
    for mark in marks:
        written.add(mark, None)
    return package.content()


def _told(comment: Comment) -> Callable[[bool], Iterable[str]]:
    return lambda exact: comment.lines


class _Stretch(NamedTuple):
    """A part of one element's text, or the whole of an element that is no text."""

    part: str
    element: int
    start: int
    end: int


class _Mark(NamedTuple):
    """What is said of a stretch of the text, and the elements that this is, in the order of reading."""

    start: int
    end: int
    stretches: tuple[_Stretch, ...]
    replacement: str | None
    said: Callable[[bool], Iterable[str]]
    """The paragraphs of its comment, given whether the comment stands around just what it is about."""


def _marked(extract: Extract, found: Found) -> _Mark:
    stretches = _stretches(extract, found.start, found.end)
    return _Mark(found.start, found.end, stretches, found.finding.replacement, lambda exact: _said(found, exact))


def _stretches(extract: Extract, start: int, end: int) -> tuple[_Stretch, ...]:
    if end <= start:
        return ()
    first = max(bisect_right(extract.pieces, start, key=attrgetter("start")) - 1, 0)
    return tuple(_overlapping(extract.pieces, first, start, end))


def _overlapping(pieces: Sequence[Piece], first: int, start: int, end: int) -> Iterator[_Stretch]:
    for number in range(first, len(pieces)):
        piece = pieces[number]
        if piece.start >= end:
            break
        begin, stop = max(piece.start, start), min(piece.end, end)
        if begin < stop:
            yield _Stretch(piece.part, piece.origin, begin - piece.start, stop - piece.start)


def _changing(package: _Package, extract: Extract, marks: Iterable[_Mark]) -> Iterator[_Mark]:
    """The findings to change: those with a wording, in text that is shown, none over another."""
    free = 0
    for mark in marks:
        line = extract.line_at(mark.start)
        shown = line is not None and line.kind not in ("comment", "address")
        if mark.replacement is None or not shown or mark.start < free:
            continue
        if mark.stretches and all(package.changeable(stretch) for stretch in mark.stretches):
            free = mark.end
            yield mark


class _Package:
    """The Word file, of which parts are parsed when they are changed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._infos = {info.filename: info for info in self._archive.infolist() if not info.is_dir()}
        self._names = {name.lower(): name for name in self._infos}
        self._roots: dict[str, Any] = {}
        self._elements: dict[str, list[Any]] = {}
        self._segments: dict[tuple[str, int], list[tuple[int, int, Any]]] = {}
        self._changed: set[str] = set()
        self._last_id = -1
        self.main = self.related("", "officeDocument")
        self.namespace = etree.QName(self.root(self.main)).namespace

    def w(self, name: str) -> str:
        """A name in Word's namespace, as this file writes it."""
        return f"{{{self.namespace}}}{name}"

    @property
    def office(self) -> str:
        """The namespace of relations, as this file writes it."""
        return _STRICT_OFFICE if self.namespace.startswith(_STRICT) else _OFFICE

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._names

    def root(self, name: str) -> Any:
        """The root element of a part; always the same one, so changes to it add up."""
        name = self._names.get(name.lower(), name)
        if name not in self._roots:
            parser = etree.XMLParser(
                resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
            )
            root = etree.fromstring(self._archive.read(name), parser)
            self._roots[name] = root
            self._elements[name] = list(root.iter(etree.Element))
        return self._roots[name]

    def change(self, name: str) -> Any:
        """As ``root``, for a caller that will change it."""
        self._changed.add(self._names.get(name.lower(), name))
        return self.root(name)

    def put(self, name: str, root: Any) -> None:
        """A new part."""
        self._names[name.lower()] = name
        self._roots[name] = root
        self._changed.add(name)

    def related(self, source: str, kind: str) -> str:
        """The part that ``source`` (empty: the package) has a relation of this kind to; empty when there is none."""
        folder, name = posixpath.split(source)
        relations = posixpath.join(folder, "_rels", f"{name}.rels")
        for relation in self.root(relations) if relations in self else ():
            if relation.get("Type", "").endswith(f"/{kind}"):
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                return self._names.get(target.lower(), "")
        return ""

    def element(self, stretch: _Stretch) -> Any:
        """The element that a stretch was read from."""
        self.root(stretch.part)
        return self._elements[self._names[stretch.part.lower()]][stretch.element]

    def changeable(self, stretch: _Stretch) -> bool:
        """Whether its text can be changed: it stands in a run of nothing but text, and not in a text box."""
        element = self.element(stretch)
        run = element.getparent()
        plain = {self.w(name) for name in ("rPr", "t", "lastRenderedPageBreak", *_CHARACTERS)}
        return (
            run.tag == self.w("r")
            and all(child.tag in plain for child in run)
            and next(run.iterancestors(self.w("txbxContent")), None) is None
        )

    # Cutting runs, so that what a finding is about is made of whole ones

    def cut(self, changing: Iterable[_Mark], commented: Iterable[_Mark]) -> None:
        """Cuts the runs at the ends of the findings: wherever text is changed, and in the body, which has comments."""
        cuts: dict[tuple[str, int], set[int]] = defaultdict(set)
        for mark in changing:
            for stretch in mark.stretches:
                cuts[stretch.part, stretch.element] |= {stretch.start, stretch.end}
        for mark in commented:
            for stretch in mark.stretches:
                if stretch.part == self.main:
                    cuts[stretch.part, stretch.element] |= {stretch.start, stretch.end}
        by_run: dict[Any, dict[Any, tuple[tuple[str, int], set[int]]]] = defaultdict(dict)
        for (part, number), offsets in cuts.items():
            element = self.element(_Stretch(part, number, 0, 0))
            if element.tag in (self.w("t"), self.w("delText"), *map(self.w, _CHARACTERS)):
                by_run[element.getparent()][element] = ((part, number), offsets)
                self.change(part)
        for run, places in by_run.items():
            if run.tag == self.w("r"):
                self._cut_run(run, places)

    def _cut_run(self, run: Any, places: dict[Any, tuple[tuple[str, int], set[int]]]) -> None:
        groups: list[list[Any]] = [[]]
        owners: list[tuple[tuple[str, int], int, int, int]] = []
        new_next = False
        for child in run:
            if child.tag == self.w("rPr"):
                continue
            key, offsets = places.get(child, (("", 0), set()))
            length = 1 if child.tag in map(self.w, _CHARACTERS) else len(child.text or "")
            if groups[-1] and (new_next or 0 in offsets):
                groups.append([])
            new_next = length in offsets
            bounds = [0, *sorted(each for each in offsets if 0 < each < length), length]
            text = child.text
            for number, (start, end) in enumerate(pairwise(bounds)):
                piece = child
                if number:
                    groups.append([])
                    piece = etree.Element(child.tag, nsmap=child.nsmap)
                if len(bounds) > 2:
                    piece.text = text[start:end]
                    piece.set(_SPACE, "preserve")
                groups[-1].append(piece)
                if offsets:
                    owners.append((key, start, end, len(groups) - 1))
        runs = [run]
        looks = run.find(self.w("rPr"))
        for group in groups[1:]:
            new = etree.Element(run.tag, run.attrib, nsmap=run.nsmap)
            if looks is not None:
                new.append(copy.deepcopy(looks))
            new.extend(group)
            runs[-1].addnext(new)
            runs.append(new)
        for key, start, end, number in owners:
            self._segments.setdefault(key, []).append((start, end, runs[number]))

    def runs(self, mark: _Mark) -> list[Any]:
        """The runs that a finding is made of, after cutting."""
        found: dict[Any, None] = {}
        for stretch in mark.stretches:
            for start, end, run in self._segments.get((stretch.part, stretch.element), ()):
                if stretch.start <= start and end <= stretch.end:
                    found[run] = None
        return list(found)

    # Tracked changes

    def replace(self, mark: _Mark) -> tuple[Any, Any] | None:
        """Writes the better wording as a change to be accepted or refused; gives the first and last element of it."""
        runs = self.runs(mark)
        if not runs:
            return None
        looks = copy.deepcopy(runs[0].find(self.w("rPr")))
        deleted = [self._deleted(run) for run in runs]
        wording = _cased(mark.replacement or "", "".join(self._text(run) for run in runs))
        if not wording:
            return deleted[0], deleted[-1]
        inserted = self._tracked("ins")
        run = etree.SubElement(inserted, self.w("r"))
        if looks is not None:
            for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange"):
                for old in looks.findall(self.w(name)):
                    looks.remove(old)
            run.append(looks)
        etree.SubElement(run, self.w("t"), _PRESERVED).text = wording
        # Where a finding begins in a link and ends after it, what is new goes where it begins.
        together = deleted[-1].getparent() is deleted[0].getparent()
        self._after(deleted[-1] if together else deleted[0], inserted)
        return deleted[0], inserted if together else deleted[-1]

    def _deleted(self, run: Any) -> Any:
        deleted = self._tracked("del")
        run.addprevious(deleted)
        deleted.append(run)
        for text in run.findall(self.w("t")):
            text.tag = self.w("delText")
        return deleted

    def _after(self, element: Any, new: Any) -> None:
        """Puts a new insertion after an element, and out of an insertion that it stands in."""
        around = element.getparent()
        if around.tag not in (self.w("ins"), self.w("moveTo")):
            element.addnext(new)
            return
        rest = list(element.itersiblings())
        if rest:
            second = etree.Element(around.tag, around.attrib, nsmap=around.nsmap)
            second.set(self.w("id"), str(self._free_id()))
            second.extend(rest)
            around.addnext(second)
        around.addnext(new)

    def _tracked(self, name: str) -> Any:
        return etree.Element(self.w(name), {self.w("id"): str(self._free_id()), self.w("author"): AUTHOR})

    def _free_id(self) -> int:
        if self._last_id < 0:
            roots = [self.root(self.main), *self._roots.values()]
            ids = [item.get(self.w("id"), "") for root in roots for item in root.iter(etree.Element)]
            self._last_id = max((int(each) for each in ids if each.isdecimal() and len(each) < 9), default=0)
        self._last_id += 1
        return self._last_id

    def _text(self, run: Any) -> str:
        return "".join(text.text or "" for text in run if text.tag in (self.w("t"), self.w("delText")))

    # The file

    def content(self) -> bytes:
        """The whole file, the content types first as Word wants them."""
        entries = {name: Entry.copied(self._data, info) for name, info in self._infos.items()}
        for name in self._changed:
            content = etree.tostring(self._roots[name], xml_declaration=True, encoding="UTF-8", standalone=True)
            entries[name] = Entry.deflated(name, content)
        first = self._names["[content_types].xml"]
        return zipped({first: entries[first], **entries}.values())


_CHARACTERS: Final = ("tab", "ptab", "br", "cr", "noBreakHyphen", "softHyphen")


def _cased(wording: str, before: str) -> str:
    """The wording with a capital where what it replaces has one."""
    return wording[:1].upper() + wording[1:] if before[:1].isupper() else wording


class _Comments:
    """The comments of the file, those that it has already among them."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        name = package.related(package.main, "comments") or self._new_part()
        self._root = package.change(name)
        package.change(package.main)
        self._body = package.root(package.main).find(package.w("body"))
        taken = [each.get(package.w("id"), "") for each in self._root]
        self._next = max((int(each) for each in taken if each.isdecimal() and len(each) < 9), default=-1) + 1
        self._text_style, self._reference_style = self._styles()

    def add(self, mark: _Mark, changed: tuple[Any, Any] | None) -> None:
        """A comment with what the finding says, around what it is about."""
        package = self._package
        number = {package.w("id"): str(self._next)}
        self._next += 1
        first, last, exact = (*changed, True) if changed and self._in_body(changed[0]) else self._anchor(mark)
        first.addprevious(etree.Element(package.w("commentRangeStart"), number))
        end = etree.Element(package.w("commentRangeEnd"), number)
        last.addnext(end)
        reference = etree.Element(package.w("r"))
        if self._reference_style:
            looks = etree.SubElement(reference, package.w("rPr"))
            etree.SubElement(looks, package.w("rStyle"), {package.w("val"): self._reference_style})
        etree.SubElement(reference, package.w("commentReference"), number)
        self._refer(end, reference)
        self._write(number, list(mark.said(exact)))

    def _write(self, number: dict[str, str], lines: list[str]) -> None:
        w = self._package.w
        comment = etree.SubElement(self._root, w("comment"), {**number, w("author"): AUTHOR, w("initials"): AUTHOR[0]})
        for line in lines:
            paragraph = etree.SubElement(comment, w("p"))
            if self._text_style:
                properties = etree.SubElement(paragraph, w("pPr"))
                etree.SubElement(properties, w("pStyle"), {w("val"): self._text_style})
            if line is lines[0]:
                etree.SubElement(etree.SubElement(paragraph, w("r")), w("annotationRef"))
            run = etree.SubElement(paragraph, w("r"))
            etree.SubElement(run, w("t"), _PRESERVED).text = visible(line)

    # Where a comment can stand: in the body, around whole runs, and not in a text box

    def _anchor(self, mark: _Mark) -> tuple[Any, Any, bool]:
        """The first and last element to put a comment around, and whether they are just what it is about."""
        runs = [run for run in self._package.runs(mark) if self._in_body(run)]
        if runs and next(runs[0].iterancestors(self._package.w("txbxContent")), None) is None:
            return self._outside_own(runs[0]), self._outside_own(runs[-1]), True
        around = self._around(mark.stretches[0]) if mark.stretches else None
        return (*(around or self._top()), False)

    def _outside_own(self, run: Any) -> Any:
        """A run that this program deletes is commented with its deletion."""
        around = run.getparent()
        own = around.tag == self._package.w("del") and around.get(self._package.w("author")) == AUTHOR
        return around if own else run

    def _around(self, stretch: _Stretch) -> tuple[Any, Any] | None:
        package = self._package
        element = package.element(stretch)
        if not self._in_body(element):
            return self._reference_to(element)
        runs: list[Any]
        if element.tag in (package.w("hyperlink"), package.w("fldSimple")):
            runs = element.findall(package.w("r"))
        elif element.tag == package.w("fldChar"):
            runs = list(self._field(element))
        else:
            runs = []
        if not runs:
            runs = [each for each in (element, *element.iterancestors()) if each.tag == package.w("r")][-1:]
        return (runs[0], runs[-1]) if runs else None

    def _field(self, begin: Any) -> Iterator[Any]:
        """The runs of a field's shown text, from the mark that begins it."""
        run = begin.getparent()
        depth, shown = 0, False
        for each in (run, *run.itersiblings(self._package.w("r"))):
            for mark in each.findall(self._package.w("fldChar")):
                kind = mark.get(self._package.w("fldCharType"))
                depth += (kind == "begin") - (kind == "end")
                shown = shown or (kind == "separate" and depth == 1)
            if depth <= 0:
                return
            if shown and each.find(self._package.w("fldChar")) is None:
                yield each

    def _reference_to(self, element: Any) -> tuple[Any, Any] | None:
        """For a note or a comment the place in the body that refers to it."""
        w = self._package.w
        for kind in ("footnote", "endnote", "comment"):
            owner = next((each for each in element.iterancestors(w(kind))), None)
            if owner is not None:
                for reference in self._body.iter(w(f"{kind}Reference")):
                    if reference.get(w("id")) == owner.get(w("id")):
                        run = reference.getparent()
                        return run, run
        return None

    def _top(self) -> tuple[Any, Any]:
        """The first paragraph with text, for what has no place in the body."""
        w = self._package.w
        for paragraph in self._body.iter(w("p")):
            runs = paragraph.findall(w("r"))
            if runs and any((text.text or "").strip() for run in runs for text in run.findall(w("t"))):
                return runs[0], runs[-1]
        paragraph = next(self._body.iter(w("p")), None)
        if paragraph is None:
            paragraph = etree.Element(w("p"))
            self._body.insert(0, paragraph)
        run = etree.SubElement(paragraph, w("r"))
        return run, run

    def _refer(self, end: Any, reference: Any) -> None:
        """Puts the mark of a comment after its end, where it does not go with a deletion or a link."""
        w = self._package.w
        holder = end
        while holder.getparent() is not None and holder.getparent().tag != w("p"):
            holder = holder.getparent()
        paragraph = holder.getparent()
        block = paragraph
        while block is not None and block.getparent().tag == w("sdtContent") and block.getprevious() is None:
            block = block.getparent().getparent()
        if block is paragraph or block is None:
            holder.addnext(reference)
            return
        # In the first paragraph of a content control LibreOffice 7.4 loses the text before such a mark.
        following, before = block.getnext(), block.getprevious()
        if following is not None and following.tag == w("p"):
            properties = following.find(w("pPr"))
            following.insert(0 if properties is None else 1, reference)
        elif before is not None and before.tag == w("p"):
            before.append(reference)
        else:
            holder.addnext(reference)

    def _in_body(self, element: Any) -> bool:
        return element is self._body or any(each is self._body for each in element.iterancestors())

    # The part of the comments and its looks

    def _new_part(self) -> str:
        package = self._package
        folder, main = posixpath.split(package.main)
        name = posixpath.join(folder, "comments.xml")
        number = 0
        while name in package:
            number += 1
            name = posixpath.join(folder, f"comments{number}.xml")
        package.put(name, etree.Element(package.w("comments"), nsmap={"w": package.namespace}))
        types = package.change("[Content_Types].xml")
        etree.SubElement(types, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=_COMMENTS_TYPE)
        relations = posixpath.join(folder, "_rels", f"{main}.rels")
        if relations not in package:
            package.put(relations, etree.Element(f"{{{_RELATIONS}}}Relationships", nsmap={None: _RELATIONS}))
        root = package.change(relations)
        taken = {each.get("Id") for each in root}
        key, number = "rIdComms", 0
        while key in taken:
            number += 1
            key = f"rIdComms{number}"
        etree.SubElement(
            root, f"{{{_RELATIONS}}}Relationship", Id=key, Type=f"{package.office}/comments", Target=f"/{name}"
        )
        return name

    def _styles(self) -> tuple[str, str]:
        """The styles of a comment's text and mark, when the file has them; Word knows them by these names."""
        package = self._package
        name = package.related(package.main, "styles")
        found = {"annotation text": "", "annotation reference": ""}
        for style in package.root(name).iter(package.w("style")) if name else ():
            named = style.find(package.w("name"))
            known = "" if named is None else named.get(package.w("val"), "").lower()
            if known in found:
                found[known] = style.get(package.w("styleId"), "")
        return found["annotation text"], found["annotation reference"]


def _said(found: Found, exact: bool) -> Iterator[str]:
    """What a comment says, a paragraph each."""
    finding = found.finding
    severity, category = _(SEVERITIES[finding.severity]), _(CATEGORIES[finding.category])
    yield f"{severity[:1].upper()}{severity[1:]}: {category}"
    if not exact and finding.excerpt:
        place = finding.place or _("tekst")
        yield _("Dit gaat over {place}: “{excerpt}”").format(place=place, excerpt=finding.excerpt)
    yield finding.message
    if finding.suggestion:
        yield _("Beter: {suggestion}").format(suggestion=finding.suggestion)
    known = (finding.rule, *finding.provisions)
    yield _("Meer uitleg: comms explain {ids}").format(ids=known[0]) + (
        f" ({', '.join(finding.provisions)})" if finding.provisions else ""
    )
