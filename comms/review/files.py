"""Any file as something that can be checked: which kinds there are, folders, encodings, and what is refused.

What can't be read is told in one line with its name and what is allowed instead, and never stops the rest.
"""

from __future__ import annotations

import os
import stat
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import IO, Final, NamedTuple

from comms.errors import InputError, Place, Problem
from comms.languages import _, reason
from comms.review.findings import Finding
from comms.review.formats.extraction import MAX_TEXT, Extract, UnreadableError, too_long
from comms.review.written import from_plain

STANDARD_INPUT: Final = "-"
KINDS: Final = {
    ".docx": "word",
    ".dotx": "word",
    ".odt": "opendocument",
    ".ott": "opendocument",
    ".html": "web",
    ".htm": "web",
    ".xhtml": "web",
    ".eml": "mail",
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
}
"""How each kind of file is read, by its suffix."""
WORD: Final = tuple(suffix for suffix, reader in KINDS.items() if reader == "word")
_TEXTS: Final = (".doc", ".docm", ".dot", ".dotm", ".rtf", ".fodt", ".pages", ".msg")
"""Kinds that hold letters and can't be read: to pass over them in silence would be to say that they are fine."""
PACKAGES: Final = ("word", "opendocument")
"""Kinds of which people see paragraphs and no lines."""
_CHECKED: Final = ".checked"
MAX_BYTES: Final = 50_000_000
"""Of a file that is taken into memory as a whole."""


class Source(NamedTuple):
    """A file that was read."""

    name: str
    """As it was given, or as it was found in a folder."""
    reader: str
    extract: Extract
    path: Path | None = None
    """None for standard input."""
    inside: Path = Path()
    """Where it stands in the folder that was walked."""


class Reading:
    """Reads files one by one; afterwards it knows what was not read."""

    def __init__(self) -> None:
        self.unreadable: list[InputError] = []
        self.passed_over: Counter[str] = Counter()
        """How many files of folders were not looked at, by their suffix; hidden ones under the empty text."""
        self.read = 0

    def sources(self, names: Iterable[str]) -> Iterator[Source]:
        """Each file, standard input for ``-``, and all that stand in folders; each once."""
        seen: set[str] = set()
        for name in names:
            for path, inside in self._files(name):
                key = _place_of(path) if path is not None else name
                if key in seen:
                    continue
                seen.add(key)
                shown = name if path is None else str(path)
                try:
                    yield self._source(shown, path, inside)
                except UnreadableError as error:
                    self._refuse(shown, error.wrong, error.allowed)
                except OSError as error:
                    self._refuse(shown, _("kan niet worden gelezen: {reason}").format(reason=reason(error)))
                except ValueError:  # a NUL in the name
                    self._refuse(shown, _("is geen bestandsnaam"))

    def _source(self, name: str, path: Path | None, inside: Path) -> Source:
        if path is None:
            data = sys.stdin.buffer.read(MAX_BYTES + 1)
            reader = _recognised(data)
            extract = _read(reader, BytesIO(data))
        else:
            reader = _reader(path)
            with _opened(path) as file:
                extract = _read(reader, file)
        self.read += 1
        return Source(name, reader, extract, path, inside)

    def _refuse(self, name: str, wrong: str, allowed: str = "") -> None:
        self.unreadable.append(InputError([Problem(Place(name), "", wrong, allowed)]))

    def _files(self, name: str) -> Iterator[tuple[Path | None, Path]]:
        path = Path(name)
        if name == STANDARD_INPUT:
            yield None, Path()
        elif not name:
            self._refuse("“”", _("is geen bestandsnaam"))
        elif not _is_folder(path):
            yield path, Path()
        else:
            yield from ((each, each.parent.relative_to(path)) for each in self._in_folder(path))

    def _in_folder(self, folder: Path) -> Iterator[Path]:
        """The files of a folder and those in it, by name; folders are not entered through links, so none is walked twice."""
        waiting = [folder]
        while waiting:
            inner = waiting.pop()
            try:
                with os.scandir(inner) as entries:
                    found = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                self._refuse(str(inner), _("kan niet worden gelezen: {reason}").format(reason=reason(error)))
                continue
            folders = []
            for entry in found:
                path = inner / entry.name
                suffix = path.suffix.lower()
                if entry.name.startswith((".", "~$")):
                    self.passed_over[""] += 1
                elif entry.is_dir(follow_symlinks=False):
                    folders.append(path)
                elif suffix not in (*KINDS, *_TEXTS) or _is_folder(path) or is_copy(path):
                    self.passed_over[suffix] += 1
                else:
                    yield path
            waiting.extend(reversed(folders))


def is_copy(path: Path) -> bool:
    """Whether this is a copy with comments of a file that stands beside it."""
    stem = path.stem.removesuffix(_CHECKED)
    return stem != path.stem and path.with_name(stem + path.suffix).exists()


def copy_of(path: Path) -> Path:
    """Where the copy with comments of a file goes, when it goes beside it."""
    return path.with_name(path.stem + _CHECKED + path.suffix)


def _place_of(path: Path) -> str:
    """What two names of the same file have in common."""
    try:
        return os.path.realpath(path)
    except (OSError, ValueError):
        return str(path)  # opening it says what is wrong


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False  # opening it says what is wrong


def _reader(path: Path) -> str:
    suffix = path.suffix.lower()
    if suffix in KINDS:
        return KINDS[suffix]
    path.stat()  # a file that is not there is that first of all
    kinds = _("toegestaan: {words}").format(words=", ".join(KINDS))
    if suffix in (".docm", ".dotm"):
        raise UnreadableError(_("kan macro's bevatten"), _("bewaar het als .docx"))
    if suffix in (".doc", ".dot", ".rtf", ".fodt", ".pages"):
        raise UnreadableError(_("{suffix} wordt niet gelezen").format(suffix=suffix), _("bewaar het als .docx of .odt"))
    if suffix == ".msg":
        raise UnreadableError(_("{suffix} wordt niet gelezen").format(suffix=suffix), _("bewaar de mail als .eml"))
    raise UnreadableError(_("deze soort bestand wordt niet gelezen"), kinds)


def _opened(path: Path) -> IO[bytes]:
    # Opening a pipe would wait for a writer; of a device there is no end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableError(_("is geen gewoon bestand"))
    return path.open("rb")


def _recognised(data: bytes) -> str:
    """How to read what comes without a name."""
    head = data[:4_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if data.startswith(b"PK\x03\x04"):
        return "opendocument" if data[30:38] == b"mimetype" else "word"
    if head.startswith((b"<!doctype html", b"<html")):
        return "web"
    if b"\nmime-version:" in b"\n" + head and b"\n\n" not in head.replace(b"\r", b"").partition(b"mime-version:")[0]:
        return "mail"
    return "text"


def _read(reader: str, file: IO[bytes]) -> Extract:
    if reader == "word":
        from comms.review.formats import word

        _check_package(file, ".docx")
        return word.read(file)
    if reader == "opendocument":
        from comms.review.formats import opendocument

        _check_package(file, ".odt")
        return opendocument.read(file)
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise UnreadableError(_("is te groot"), _("hooguit {size} MB").format(size=MAX_BYTES // 1_000_000))
    if reader == "mail":
        from comms.review.formats import mail

        _check_text(data)
        return mail.read(data)
    text = _decoded(data)
    if reader == "web":
        from comms.review.formats import web

        if len(text) > 4 * MAX_TEXT:
            raise too_long()
        return web.read(text)
    if len(text) > MAX_TEXT:
        raise too_long()
    return Extract(from_plain(text))


# --- What a file is, whatever its name says -------------------------------------------------------------------------

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_SEARCHED: Final = 20_000_000


def _check_package(file: IO[bytes], suffix: str) -> None:
    """Says of a file that is no zip what it is instead."""
    head = file.read(1_000)
    if head.startswith(_OLE):
        if _LOCKED in head + file.read(_SEARCHED):
            raise UnreadableError(_("heeft een wachtwoord"), _("bewaar het zonder wachtwoord als .docx"))
        raise UnreadableError(_("is een oud Word-bestand (.doc)"), _("bewaar het als .docx"))
    if not head:
        raise UnreadableError(_("is leeg"))
    if not head.startswith(b"PK"):
        found = _looks_like(head) or _("iets anders")
        wrong = _("is geen {suffix}, maar lijkt {found}").format(suffix=suffix, found=found)
        raise UnreadableError(
            wrong, _("geef het de juiste naam, of bewaar het opnieuw als {suffix}").format(suffix=suffix)
        )
    file.seek(0)


def _looks_like(head: bytes) -> str:
    """What a file is by its first bytes, in words; empty when that can't be told."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return _("een webpagina (.html)")
    for mark, found in (
        (b"%pdf", _("een pdf")),
        (b"{\\rtf", _("een .rtf")),
        (b"<?xml", _("XML")),
        (b"pk\x03\x04", _("een zip- of Office-bestand")),
        (_OLE.lower(), _("een oud Office-bestand")),
        (b"\x89png", _("een afbeelding")),
        (b"\xff\xd8\xff", _("een afbeelding")),
        (b"gif8", _("een afbeelding")),
    ):
        if start.startswith(mark):
            return found
    return "" if b"\0" in head else _("gewone tekst")


_MARKS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_NO_TEXT: Final = (b"%PDF", b"{\\rtf", b"PK\x03\x04", _OLE, b"\x89PNG", b"\xff\xd8\xff", b"GIF8")


def _check_text(data: bytes) -> None:
    if data.startswith(_NO_TEXT):
        wrong = _("is geen tekst, maar lijkt {found}").format(found=_looks_like(data[:1_000]))
        raise UnreadableError(wrong, _("geef het de juiste naam"))
    if b"\0" in data:
        raise UnreadableError(_("is geen tekst"), _("bewaar het als tekst in UTF-8"))


def _decoded(data: bytes) -> str:
    """The text: UTF-8, UTF-16 when it says so itself, and else Windows-1252, in which any byte is some letter."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return _with_newlines(data.decode(encoding))
            except ValueError as error:
                raise UnreadableError(_("is geen tekst"), _("bewaar het als tekst in UTF-8")) from error
    _check_text(data)
    try:
        return _with_newlines(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _with_newlines(data.decode("cp1252", "replace"))


def _with_newlines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


# --- Findings with their place in the file --------------------------------------------------------------------------


class Found(NamedTuple):
    """A finding with its place in the file, and the stretch of the extracted text that it is about."""

    finding: Finding
    start: int
    end: int


def placed(source: Source, findings: Iterable[Finding]) -> list[Found]:
    """The findings of a file's text as findings of the file, in its order."""
    extract = source.extract
    found = []
    for each in sorted(findings, key=lambda finding: (finding.start, finding.end, finding.rule)):
        if not extract.claimed(each.start, each.end):
            continue
        start, line, column = extract.place_of(each.start)
        # Where a stretch was put together from several places of a file, its end is that of its last character.
        end = extract.place_of(each.end - 1)[0] + 1 if each.end > each.start else start
        of_file = replace(each, file=source.name, line=line, column=column, start=start, end=end)
        found.append(Found(of_file, each.start, each.end))
    return found
