"""What is taken out of a file: its text with parts, and where in the file each stretch of it stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final, NamedTuple

from comms.errors import CommsError
from comms.languages import _
from comms.review.written import Part, PartKind, Written

MAX_TEXT: Final = 5_000_000
"""Characters of one file, a thousand pages and more."""
_LINE_COUNTS: Final = 25
"""Characters that a paragraph counts for, however short it is: each takes memory."""
AUTHOR: Final = "comms"
"""Who writes the comments of this program; they are not read again."""
BREAK: Final = "\v"
"""A line break within a paragraph, as Word's own programs write it."""


class UnreadableError(CommsError):
    """A file that can't be read: what is wrong with it and what is allowed. Who opened it knows its name."""

    def __init__(self, wrong: str, allowed: str = "") -> None:
        self.wrong, self.allowed = wrong, allowed
        super().__init__("; ".join(part for part in (wrong, allowed) if part))


class Chunk(NamedTuple):
    """Some text of one paragraph and where it comes from."""

    text: str
    origin: int = -1
    """In a package the number of the element that holds it, in a page its offset in the source; -1 for neither."""
    claimed: bool = False
    """In a paragraph with claims only this is to be reported; the rest says what stands around it."""


class Piece(NamedTuple):
    """A stretch of the extracted text that stands in one place of the file."""

    start: int
    end: int
    part: str
    """The part of the package, empty where the file is none."""
    origin: int


class Line:
    """A paragraph on its way into the text. The text is one line of the whole."""

    __slots__ = ("chunks", "claims", "kind", "number", "order", "place", "source", "start")

    def __init__(
        self,
        kind: PartKind,
        chunks: Sequence[Chunk],
        place: str = "",
        source: str = "",
        number: int = 0,
        order: tuple[int, int] = (0, 0),
    ) -> None:
        self.kind, self.chunks, self.place = kind, chunks, place
        self.source = source
        """The part of the package that its chunks stand in."""
        self.number = number
        """What a reader counts: the paragraph's number in its part of the file; 0 for that in the text."""
        self.order = order
        """Where it is read; a comment is read after the paragraph that it stands at."""
        self.start = 0
        self.claims: list[tuple[int, int]] = []
        """The stretches of the text, within this line, that a finding has to touch; any will do when there is none."""


class Extract:
    """What a file says, ready to be checked, and the way back into the file."""

    def __init__(
        self, written: Written, lines: Sequence[Line] = (), pieces: Sequence[Piece] = (), source: str = ""
    ) -> None:
        self.written = written
        self.lines = lines
        """By their offset in the text; none when the text was taken as it is."""
        self.pieces = pieces
        self.source = source
        """For a page the text of the file itself, where lines and columns are counted."""
        self._line_starts: list[int] = []

    def line_at(self, offset: int) -> Line | None:
        """The line that an offset stands in."""
        found = bisect_right(self.lines, offset, key=attrgetter("start"))
        return self.lines[found - 1] if found else None

    def claimed(self, start: int, end: int) -> bool:
        """Whether a finding is one of this file: some lines repeat text only to say what stands around a stretch."""
        line = self.line_at(start)
        claims = line.claims if line else []
        return not claims or any(begin < max(end, start + 1) and start < finish for begin, finish in claims)

    def place_of(self, offset: int) -> tuple[int, int, int]:
        """Offset, line and column to report for an offset in the text: what a person can find in the file."""
        if not self.source and (line := self.line_at(offset)):
            return offset, line.number, offset - line.start + 1
        if self.source and (found := bisect_right(self.pieces, offset, key=attrgetter("start"))):
            piece = self.pieces[found - 1]
            # A letter that is written as an entity is one place, whatever its length.
            offset = piece.origin + min(offset - piece.start, piece.end - piece.start)
        if not self._line_starts:
            ends = re.finditer("\n", self.source or self.written.text)
            self._line_starts = [0, *(end.end() for end in ends)]
        number = bisect_right(self._line_starts, offset)
        return offset, number, offset - self._line_starts[number - 1] + 1


class Extraction:
    """Collects the paragraphs of a file: what readers see, and after each what stands beside it."""

    def __init__(self) -> None:
        self._shown: list[Line] = []
        self._beside: list[Line] = []
        self._length = 0

    @property
    def count(self) -> int:
        """How many paragraphs are shown so far: the place of the next one in the order of reading."""
        return len(self._shown)

    def show(self, kind: PartKind, chunks: Sequence[Chunk], place: str = "", source: str = "", number: int = 0) -> None:
        """Adds a paragraph of what readers see; an empty one counts as well."""
        self._shown.append(Line(kind, chunks, place, source, number, (len(self._shown), 1)))
        self._measure(chunks)

    def beside(
        self,
        chunks: Sequence[Chunk],
        place: str,
        source: str = "",
        number: int = 0,
        at: int | None = None,
        kind: PartKind = "comment",
    ) -> None:
        """Adds what stands beside the text, such as a comment, read after the shown paragraph ``at``, else the last."""
        if any(not chunk.text.isspace() for chunk in chunks if chunk.text):
            order = (self.count - 1 if at is None else at, 2)
            self._beside.append(Line(kind, chunks, place, source, number, order))
            self._measure(chunks)

    def expect(self) -> None:
        """Counts something that will be added when the paragraph around it has ended."""
        self._measure(())

    def addresses(
        self,
        chunks: Sequence[Chunk],
        linked: Iterable[tuple[int, Chunk]],
        place: str,
        source: str = "",
        number: int = 0,
        at: int | None = None,
    ) -> None:
        """Adds the addresses behind links that the reader of a paragraph does not see, with the text around them."""
        seen = {word.strip(".,;:!?()<>\"'“”‘’") for word in "".join(chunk.text for chunk in chunks).split()}
        hidden = [(after, chunk) for after, chunk in linked if _bare(chunk.text) not in seen and chunk.text not in seen]
        around: list[Chunk] = []
        done = 0
        for after, address in hidden:
            around += [*chunks[done:after], Chunk(" "), address, Chunk(" ")]
            done = after
        if hidden:
            self.beside([*around, *chunks[done:]], place, source, number, at)

    def extract(self, source: str = "") -> Extract:
        """The whole, with offsets."""
        text: list[str] = []
        pieces: list[Piece] = []
        position = 0
        lines = tuple(sorted((*self._shown, *self._beside), key=attrgetter("order")))
        for number, line in enumerate(lines, 1):
            line.start = position
            line.number = line.number or number
            for chunk in line.chunks:
                after = position + len(chunk.text)
                if chunk.claimed:
                    line.claims.append((position, after))
                if chunk.origin >= 0:
                    pieces.append(Piece(position, after, line.source, chunk.origin))
                text.append(chunk.text)
                position = after
            text.append("\n")
            position += 1
        whole = "".join(text)
        parts = [part for line in lines for part in _parts(line, whole)]
        return Extract(Written(whole.replace(BREAK, " "), tuple(parts)), lines, tuple(pieces), source)

    def _measure(self, chunks: Iterable[Chunk]) -> None:
        self._length += _LINE_COUNTS + sum(len(chunk.text) for chunk in chunks)
        if self._length > MAX_TEXT:
            raise too_long()


def _bare(address: str) -> str:
    """An address as people write it."""
    for scheme in ("mailto:", "tel:", "http://", "https://"):
        if address.lower().startswith(scheme):
            return address[len(scheme) :].rstrip("/")
    return address


def too_long() -> UnreadableError:
    wrong = _("is te lang om te controleren")
    return UnreadableError(wrong, _("hooguit {count} tekens tekst").format(count=MAX_TEXT))


_BULLET = re.compile(r"[ \t]*(?:[-–—*•◦▪‣·]|\(?[0-9]{1,2}[.)]|\(?[a-z]\))[ \t]+(?=\S)")
_NOT_ON_A_LINE = str.maketrans(dict.fromkeys("\n\r\f\x1c\x1d\x1e\x85\u2028\u2029", " "))


def on_one_line(text: str) -> str:
    """The text without characters that would end a line; as long as before."""
    return text.translate(_NOT_ON_A_LINE)


def _parts(line: Line, whole: str) -> list[Part]:
    """The parts of a line: one, unless its author made a list in it by hand."""
    start, end = line.start, line.start + sum(len(chunk.text) for chunk in line.chunks)
    if line.kind not in ("paragraph", "bullet"):
        return _trimmed(whole, line.kind, start, end, line.place)
    begins = [start]
    position = whole.find(BREAK, start, end)
    while position >= 0:
        if _BULLET.match(whole, position + 1, end):
            begins.append(position + 1)
        position = whole.find(BREAK, position + 1, end)
    parts = []
    for begin, finish in zip(begins, (*begins[1:], end), strict=True):
        if mark := _BULLET.match(whole, begin, finish):
            parts.extend(_trimmed(whole, "bullet", mark.end(), finish, line.place))
        else:
            parts.extend(_trimmed(whole, line.kind, begin, finish, line.place))
    return parts


def _trimmed(whole: str, kind: PartKind, start: int, end: int, place: str) -> list[Part]:
    text = whole[start:end]
    inner = text.strip()
    if not inner:
        return []
    start += len(text) - len(text.lstrip())
    return [Part(kind, start, start + len(inner), place)]
