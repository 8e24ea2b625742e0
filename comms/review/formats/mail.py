"""Mails: the subject, what is said in text or HTML, each thing once, and what the attachments are called."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from typing import Final

from comms.languages import _
from comms.review.formats import web
from comms.review.formats.extraction import Chunk, Extract, Extraction, Line, UnreadableError, on_one_line
from comms.review.written import Part, from_plain

_MOST_LINES: Final = 1_000_000
_MOST_PARTS: Final = 50
_LONGEST_HEADER: Final = 5_000


def read(data: bytes) -> Extract:
    """What an .eml says. Raises UnreadableError."""
    if data.count(b"\n") > _MOST_LINES or data.lower().count(b"boundary=") > _MOST_PARTS:
        raise UnreadableError(_("is te groot of heeft te veel onderdelen"), _("bewaar de mail zonder bijlagen"))
    try:
        mail = message_from_bytes(data)
        leaves = [part for part in mail.walk() if not part.is_multipart()]
        plain = "\n\n".join(_content(part) for part in leaves if _is_text(part, "text/plain"))
        pages = [_content(part) for part in leaves if _is_text(part, "text/html")]
        names = [_named(part) for part in leaves]
        subjects = [_decoded(str(part.get("Subject", ""))) for part in mail.walk()]
    except RecursionError as error:
        raise UnreadableError(_("is te diep genest")) from error
    if not mail.keys() or not (leaves and (plain or pages or any(subjects))):
        raise UnreadableError(_("is geen mail"), _("bewaar de mail als .eml"))
    extraction = Extraction()
    for subject in subjects:
        if subject.strip():
            extraction.show("heading", [Chunk(on_one_line(subject))], _("onderwerp"))
    _bodies(extraction, plain, pages)
    for name in names:
        extraction.beside([Chunk(on_one_line(name))], _("naam van een bijlage"))
    return extraction.extract()


def _bodies(extraction: Extraction, plain: str, pages: Sequence[str]) -> None:
    """The text as mail programs show it: of two forms the longer, and of the other what only that one says."""
    texts = [Line(part.kind, [Chunk(on_one_line(_read(plain, part)))]) for part in from_plain(plain).parts]
    lines = [line for page in pages for line in web.read(page).lines]
    shown, other = (texts, lines) if len(_words(texts)) >= len(_words(lines)) else (lines, texts)
    known = {each for line in shown for each in _phrases(_words([line]))}
    for line in shown:
        _put(extraction, line)
    for line in other:
        if any(each not in known for each in _phrases(_words([line]))):
            _put(extraction, line)


def _read(text: str, part: Part) -> str:
    """A part without what is not read of it."""
    ends = [part.start, *(end for _start, end in part.skips)]
    starts = [*(start for start, _end in part.skips), part.end]
    return "".join(text[begin:end] for begin, end in zip(ends, starts, strict=True))


def _put(extraction: Extraction, line: Line) -> None:
    chunks = [chunk._replace(origin=-1) for chunk in line.chunks]
    if line.kind in ("comment", "address"):
        extraction.beside(chunks, line.place or _("adres achter een link"), kind=line.kind)
    else:
        extraction.show(line.kind, chunks, line.place)


def _words(lines: Sequence[Line]) -> list[str]:
    text = " ".join("".join(chunk.text for chunk in line.chunks) for line in lines)
    return re.findall(r"[^\W_]+", text.lower())


def _phrases(words: list[str]) -> Iterator[tuple[str, ...]]:
    """What tells one line from another: four words at a time, or all of a shorter line."""
    for start in range(max(len(words) - 3, 1 if words else 0)):
        yield tuple(words[start : start + 4])


def _is_text(part: Message, kind: str) -> bool:
    return part.get_content_type() == kind and part.get_content_disposition() != "attachment"


def _content(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        try:
            return data.decode("utf-8")
        except ValueError:
            return data.decode("cp1252", "replace")


def _named(part: Message) -> str:
    return _decoded(part.get_filename() or "")


def _decoded(header: str) -> str:
    """A header as people read it; one that can't be decoded as it stands."""
    try:
        return str(make_header(decode_header(header[:_LONGEST_HEADER])))
    except (HeaderParseError, LookupError, ValueError):
        return header
