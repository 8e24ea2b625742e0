"""Zip packages of XML parts, as Word and LibreOffice write them, read within bounds.

What is read is counted as it is unpacked, so that a small file can't become a huge one; a document type
declaration is refused, so that no entity is ever expanded; and how deep elements may be nested has an end.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from typing import IO, Final, NamedTuple
from xml.parsers import expat

from comms.languages import _
from comms.review.formats.extraction import UnreadableError

MAX_UNPACKED: Final = 40_000_000
"""Bytes of XML that are unpacked for one file, all parts together."""
MAX_DEPTH: Final = 500
_MAX_LISTING: Final = 4_000_000  # bytes: the list of a zip's contents is taken into memory at once
_AT_ONCE: Final = 2_000_000

Attributes = dict[str, str]


class Walker:
    """Walks the elements of an XML part. Names have their namespace before them, with a blank between."""

    def __init__(self) -> None:
        self.number = -1
        """Of the element that begins or began last; the root is 0."""
        self.depth = 0

    def begin(self, name: str, attributes: Attributes) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, text: str) -> None:
        """Some text stands here."""

    def parser(self) -> expat.XMLParserType:
        """A parser that calls this walker."""
        made = expat.ParserCreate(namespace_separator=" ")
        made.buffer_text = True
        made.StartElementHandler = self._begin
        made.EndElementHandler = self._end
        made.CharacterDataHandler = self.text
        made.StartDoctypeDeclHandler = _refuse_declaration
        return made

    def _begin(self, name: str, attributes: Attributes) -> None:
        self.number += 1
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError(_("is te diep genest"))
        self.begin(name, attributes)

    def _end(self, name: str) -> None:
        self.end(name)
        self.depth -= 1


def _refuse_declaration(*_declared: object) -> None:
    raise UnreadableError(_("bevat een DTD, en die wordt niet gelezen"), _("bewaar het opnieuw in Word of LibreOffice"))


class _Bounded(io.RawIOBase):
    """A file of which little is read at a time: what a zip says of its own size is not believed."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int = -1, /) -> bytes:
        content = self._file.read(size if 0 <= size <= _MAX_LISTING else _MAX_LISTING + 1)
        if len(content) > _MAX_LISTING:
            raise zipfile.BadZipFile("too much at once")
        return content

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


class Relation(NamedTuple):
    """How one part refers to another, or to an address elsewhere."""

    kind: str
    """The last word of its type: ``header``, ``hyperlink``."""
    target: str
    """The name of the part, or the address."""
    external: bool


class Package:
    """A zip whose parts are walked one by one."""

    def __init__(self, file: IO[bytes]) -> None:
        self._left = MAX_UNPACKED
        try:
            self._archive = zipfile.ZipFile(_Bounded(file))
        except _BROKEN as error:
            raise broken() from error
        self.names = {info.filename.lower(): info for info in self._archive.infolist()}

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.names

    def walk(self, name: str, walker: Walker) -> None:
        """Gives a part to a walker; a part that is not there has nothing in it."""
        info = self.names.get(name.lower())
        if info is None:
            return
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise broken()
        parser = walker.parser()
        try:
            with self._archive.open(info) as stream:
                while content := stream.read(_AT_ONCE):
                    self._left -= len(content)
                    if self._left < 0:
                        raise UnreadableError(
                            _("is uitgepakt te groot"),
                            _("hooguit {size} MB tekst en opmaak").format(size=MAX_UNPACKED // 1_000_000),
                        )
                    parser.Parse(content, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableError(
                _("het onderdeel {part} is beschadigd").format(part=name),
                _("bewaar het opnieuw in Word of LibreOffice"),
            ) from error
        except RuntimeError as error:  # zipfile's word for a part with a password
            raise locked() from error
        except _BROKEN as error:
            raise broken() from error

    def relations(self, source: str) -> dict[str, Relation]:
        """The relations of a part by their id; those of the package itself for an empty name."""
        folder, name = posixpath.split(source)
        walker = _Relations(folder)
        self.walk(posixpath.join(folder, "_rels", f"{name}.rels"), walker)
        return walker.found


_BROKEN: Final = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OverflowError, OSError)


class _Relations(Walker):
    def __init__(self, folder: str) -> None:
        super().__init__()
        self._folder = folder
        self.found: dict[str, Relation] = {}

    def begin(self, name: str, attributes: Attributes) -> None:
        target = attributes.get("Target", "")
        if not name.endswith(" Relationship") or not target:
            return
        external = attributes.get("TargetMode", "") == "External"
        if not external:
            target = posixpath.normpath(posixpath.join("/", self._folder, target)).lstrip("/")
        kind = attributes.get("Type", "").rpartition("/")[2]
        self.found[attributes.get("Id", "")] = Relation(kind, target, external)


def broken() -> UnreadableError:
    return UnreadableError(_("is beschadigd of geen Word-bestand"), _("bewaar het opnieuw als .docx of .odt"))


def locked() -> UnreadableError:
    return UnreadableError(_("heeft een wachtwoord"), _("bewaar het zonder wachtwoord"))
