"""A message as a mail draft: it opens as one, with text and HTML, a subject and no recipients, or one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from itertools import groupby
from typing import Final, TypeVar

from comms.characters import visible
from comms.document import Message
from comms.languages import _
from comms.markup import addressed, filled
from comms.render import html, text


def render(message: Message, to: str = "") -> bytes:
    """The bytes of an .eml file; the same for the same message, so the part boundary comes from its text.

    ``to`` is one address, checked before; without it the draft has no recipients.
    """
    plain, page = text.render(message), html.render(message)
    boundary, subject = _boundary(page.encode()), _subject(message)
    if not to and _PLAIN.fullmatch(subject):
        return _framed(subject, message.language, boundary, _quoted(plain), _quoted(page))
    return _mail(message, plain, page, boundary, to)


_PLAIN: Final = re.compile(r"(?!.*  )[A-Za-z0-9(][A-Za-z0-9 ,.:;!?()'-]{0,63}[A-Za-z0-9,.:;!?)]")
"""A subject that no mail needs to encode or to fold."""


def _subject(message: Message) -> str:
    held = _("NIET VERZENDEN")
    return f"{held} – {message.title}" if message.banner else message.title


def _framed(subject: str, language: str, boundary: str, plain: bytes, page: bytes) -> bytes:
    """What :func:`_mail` makes of such a subject, byte for byte; loading the email package takes longer than five mails."""
    head = (
        f"X-Unsent: 1\nSubject: {subject}\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/alternative;\n boundary="{boundary}"\nContent-Language: {language}\n\n'
    )
    part = 'Content-Type: text/{}; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n'
    first = f"--{boundary}\n{part.format('plain')}\n"
    second = f"\n--{boundary}\n{part.format('html')}MIME-Version: 1.0\n\n"
    lines = [each.replace("\n", "\r\n").encode() for each in (head + first, second, f"\n--{boundary}--\n")]
    return b"".join((lines[0], plain, lines[1], page, lines[2]))


def _boundary(page: bytes) -> str:
    return "comms-" + sha256(page).hexdigest()[:32]


def _mail(message: Message, plain: str, page: str, boundary: str, to: str) -> bytes:
    from email import policy
    from email.message import EmailMessage

    mail = EmailMessage(policy=policy.SMTP)
    mail["X-Unsent"] = "1"
    if to:
        mail["To"] = to
    mail["Subject"] = _subject(message)
    mail.set_content(plain, cte="quoted-printable")
    mail.add_alternative(page, subtype="html", cte="quoted-printable")
    mail["Content-Language"] = message.language  # set before, it would move into the first part
    mail.set_boundary(boundary)
    return mail.as_bytes()


class Series:
    """Mails to many from one message: byte for byte what ``render`` makes, but what they share is encoded once."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._plain = list(_encoded(text.pieces(message)))
        self._lines = html.render(message).splitlines(keepends=True)
        marked = (_Line(line) if _FIELD.search(line) else line for line in self._lines)
        self._page = list(_encoded(marked))
        # A mail with marks in the place of what differs, none of which can be in its subject.
        sign = sha256(message.title.encode()).hexdigest()
        # The boundary is as long as the real one, since a header is folded by its length.
        marks = [f"{sign[:16]}plain", f"{sign[:16]}page", f"{sign[:30]}boundary", f"{sign[:16]}to"]
        mail = _mail(message, f"{marks[0]}\n", f"{marks[1]}\n", marks[2], f"{marks[3]}@x.nl")
        self._frame = re.split(f"({marks[0]}\r\n|{marks[1]}\r\n|{marks[2]}|{marks[3]}@x.nl)".encode(), mail)
        self._marks = marks

    def letter(self, recipient: Mapping[str, str], to: str) -> bytes:
        """The mail to a recipient at an address, checked before."""
        if len(to) > _LONGEST_UNFOLDED:
            return render(addressed(self._message, recipient), to)
        page = "".join(
            _filled(line, recipient) if "<?" in line else line for line in self._lines
        ).encode()  # fmt: skip
        values = {
            f"{self._marks[0]}\r\n": b"".join(
                each if isinstance(each, bytes) else _quoted(text.block_lines(filled(each, recipient)))
                for each in self._plain
            ),
            f"{self._marks[1]}\r\n": b"".join(
                each if isinstance(each, bytes) else _quoted(_filled(each.html, recipient)) for each in self._page
            ),
            self._marks[2]: _boundary(page).encode(),
            f"{self._marks[3]}@x.nl": to.encode(),
        }
        return b"".join(values[piece.decode()] if number % 2 else piece for number, piece in enumerate(self._frame))


Waiting = TypeVar("Waiting")
_FIELD: Final = re.compile(r"<\?comms-field ([a-z0-9_]+) \?>")
_LONGEST_UNFOLDED: Final = 60
"""Of an address; a header that is longer than a line is folded, which the email package may do."""
_LINE_LENGTH: Final = 78


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of the page that holds fields."""

    html: str


def _encoded(pieces: Iterable[str | Waiting]) -> Iterator[bytes | Waiting]:
    """The pieces, those next to each other that stay encoded as one."""
    for fixed, group in groupby(pieces, key=lambda piece: isinstance(piece, str)):
        if fixed:
            yield _quoted("".join(piece for piece in group if isinstance(piece, str)))
        else:
            yield from (piece for piece in group if not isinstance(piece, str))


def _filled(line: str, recipient: Mapping[str, str]) -> str:
    return _FIELD.sub(lambda field: escape(visible(recipient[field[1]])), line)


def _quoted(lines: str) -> bytes:
    """Whole lines as the email package writes them in quoted-printable."""
    from email.quoprimime import body_encode

    encoded: str = body_encode(lines.encode().decode("latin-1"), _LINE_LENGTH)
    return encoded.replace("\n", "\r\n").encode("ascii")
